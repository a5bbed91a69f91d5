"""Viability against the textbooks: Hawkins and Simon, joint products, choice of technique."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package, write_template
from counterplan.economy.viability import circle_without_surplus


@pytest.fixture(scope="module")
def any_economy(tmp_path_factory: pytest.TempPathFactory) -> Economy:
    folder: Path = tmp_path_factory.mktemp("viability") / "package"
    write_template(folder)
    return read_package(folder)


def made_of(
    economy: Economy,
    use: np.ndarray,
    output: np.ndarray,
    activity: np.ndarray | None = None,
) -> Economy:
    """Return an economy of which only what viability looks at is set."""
    n, m = use.shape
    return dataclasses.replace(
        economy,
        products=dataclasses.replace(economy.products, prices=np.ones(n)),
        techniques=dataclasses.replace(
            economy.techniques,
            use=sp.csc_array(use),
            output=sp.csc_array(output),
            activity=np.ones(m) if activity is None else activity,
        ),
    )


@settings(max_examples=150, deadline=None)
@given(matrix=arrays(np.float64, (4, 4), elements=st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.1])))
def test_one_product_each_is_hawkins_and_simon(any_economy: Economy, matrix: np.ndarray) -> None:
    radius = max(abs(np.linalg.eigvals(matrix)))
    if abs(radius - 1) < 1e-6:
        return

    circle = circle_without_surplus(made_of(any_economy, matrix, np.eye(4)))

    assert (circle is None) == (radius < 1)
    if circle is not None:
        assert circle.radius == pytest.approx(radius, rel=1e-6)


def test_the_circle_and_its_technique_are_named(any_economy: Economy) -> None:
    # Products 1 and 2 need each other; 0 and 3 only supply them or buy from them.
    use = np.array([[0.1, 0.2, 0, 0], [0, 0, 2.0, 0.3], [0, 0.9, 0, 0.1], [0, 0, 0, 0.2]])

    circle = circle_without_surplus(made_of(any_economy, use, np.eye(4)))

    assert circle is not None
    assert circle.products.tolist() == [1, 2]
    assert circle.radius == pytest.approx(np.sqrt(1.8))
    assert circle.technique in (1, 2)


def test_a_better_technique_makes_it_viable_whatever_was_used_before(any_economy: Economy) -> None:
    use = np.array([[1.5, 0.5]])
    output = np.array([[1.0, 1.0]])

    assert circle_without_surplus(made_of(any_economy, use, output, np.array([1.0, 0.0]))) is None
    assert circle_without_surplus(made_of(any_economy, use + 0.5, output)) is not None


def test_joint_products_count_together(any_economy: Economy) -> None:
    # Sheep give wool and meat at once; keeping them takes 0.6 of both. Counted apart, the same
    # inputs would be needed twice.
    use = np.array([[0.6], [0.6]])
    output = np.array([[1.0], [1.0]])
    assert circle_without_surplus(made_of(any_economy, use, output)) is None

    use = np.array([[0.6], [1.2]])
    circle = circle_without_surplus(made_of(any_economy, use, output))
    assert circle is not None
    assert 1 in circle.products


def test_what_nobody_makes_comes_from_outside(any_economy: Economy) -> None:
    use = np.array([[0.2], [5.0]])
    output = np.array([[1.0], [0.0]])

    assert circle_without_surplus(made_of(any_economy, use, output)) is None


def test_an_economy_that_has_not_run_yet_is_judged_too(any_economy: Economy) -> None:
    use = np.array([[0.5, 0.0], [0.4, 0.2]])

    assert circle_without_surplus(made_of(any_economy, use, np.eye(2), np.zeros(2))) is None
    assert circle_without_surplus(made_of(any_economy, 3 * use, np.eye(2), np.zeros(2))) is not None


def test_nothing_made_is_nothing_to_judge(any_economy: Economy) -> None:
    assert circle_without_surplus(made_of(any_economy, np.ones((2, 2)), np.zeros((2, 2)))) is None


@settings(max_examples=150, deadline=None)
@given(
    use=arrays(np.float64, (3, 5), elements=st.sampled_from([0.0, 0.0, 0.2, 0.5, 1.5])),
    output=arrays(np.float64, (3, 5), elements=st.sampled_from([0.0, 0.0, 1.0, 2.0])),
    activity=arrays(np.float64, 5, elements=st.sampled_from([0.0, 1.0, 3.0])),
)
def test_several_techniques_and_products_are_gales_condition(
    any_economy: Economy, use: np.ndarray, output: np.ndarray, activity: np.ndarray
) -> None:
    # Gale: a surplus of one unit of every made product is feasible, or none is.
    made = output.sum(axis=1) > 0
    surplus = (output - use)[made]
    known = linprog(np.zeros(5), A_ub=-surplus, b_ub=-np.ones(int(made.sum())))

    circle = circle_without_surplus(made_of(any_economy, use, output, activity))

    assert (circle is None) == (known.status == 0)
    if circle is not None:
        assert made[circle.products].all()
        assert output[circle.products, circle.technique].any()
