"""Productive or not: closed forms, mixed units, and the branch that is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from counterplan.economy.analysis import LeontiefModel, circles, productivity
from counterplan.economy.analysis import spectral_radius_bounds as bounds
from counterplan.economy.analysis.productivity import radius_bound
from counterplan.errors import InputError
from tests.economy.analysis.economies import Array, productive_coefficients


def refused(coefficients: Array, *, labels: tuple[str, ...] = ()) -> str:
    """Return the error that a first question to the economy raises."""
    with pytest.raises(InputError) as caught:
        LeontiefModel(coefficients, labels=labels, place="table").output_required(
            np.ones(len(coefficients))
        )
    return str(caught.value)


@pytest.mark.parametrize("form", [np.array, sparse.csc_array])
@pytest.mark.parametrize(("own", "productive"), [(0.5999, True), (0.6001, False)])
def test_hawkins_simon_for_two_branches(form: type, own: float, productive: bool) -> None:  # noqa: FBT001
    # Hawkins and Simon (1949): 1 - a11 > 0 and (1 - a11)(1 - a22) > a12 a21; here the edge is at
    # a11 = 1 - 0.4 * 0.5 / 0.5 = 0.6.
    model = LeontiefModel(form(np.array([[own, 0.4], [0.5, 0.5]])))

    if productive:
        assert (model.output_required([1.0, 1.0]) > 0.0).all()
    else:
        with pytest.raises(InputError, match="not productive"):
            model.output_required([1.0, 1.0])


def test_the_bounds_hold_the_closed_form() -> None:
    # The larger root of t^2 - (a + d) t + (a d - b c).
    coefficients = np.array([[0.15, 0.25], [0.20, 0.05]])
    root = 0.1 + np.sqrt(0.01 + 0.0425)

    lower, upper = bounds(coefficients)

    assert lower <= root * (1 + 1e-12)
    assert upper >= root * (1 - 1e-12)
    assert upper - lower < 1e-11
    assert root <= LeontiefModel(coefficients).radius_bound < 1.0


def test_only_positive_outputs_bound_the_radius() -> None:
    coefficients = np.array([[0.5, 1.0], [0.0, 0.5]])

    assert radius_bound(coefficients, np.array([4.0, 1.0])) == 0.75
    # The ratios of these are below one too, and prove nothing.
    assert radius_bound(coefficients, np.array([1.0, -1.0])) == np.inf
    assert radius_bound(coefficients, np.array([1.0, np.inf])) == np.inf


def test_a_branch_that_eats_itself_is_named() -> None:
    message = refused(
        np.array([[0.2, 0.1, 0.3], [0.0, 1.25, 0.0], [0.1, 0.0, 0.1]]),
        labels=("coal", "steel", "bread"),
    )

    assert message.startswith(
        "table: the economy is not productive: branch 'steel' uses 1.25 units of its own product "
        "for each it makes; check the inputs and the output of 'steel'"
    )


def test_the_heaviest_branch_of_the_first_circle_is_named() -> None:
    # Two circles apart: bread and flour live, coal and steel do not. Steel takes part in both
    # its own use and the exchange with coal, so it weighs more.
    coefficients = np.zeros((4, 4))
    coefficients[:2, :2] = [[0.1, 0.3], [0.2, 0.1]]
    coefficients[2:, 2:] = [[0.3, 0.9], [0.8, 0.7]]

    message = refused(coefficients, labels=("bread", "flour", "coal", "steel"))

    root = 0.5 + np.sqrt(0.04 + 0.72)
    assert "branch 'steel' is the heaviest of 2 branches that use up all they make" in message
    assert f"('coal', 'steel'; spectral radius {root:.6g}, it must be below 1)" in message
    assert f"must be divided by more than {root:.6g}" in message


def test_the_branch_named_does_not_depend_on_units() -> None:
    coefficients = np.array([[0.3, 0.9], [0.8, 0.7]])

    for grams in (1e-6, 1.0, 1e6):
        units = np.array([1.0, grams])
        message = refused(coefficients * units / units[:, np.newaxis], labels=("coal", "steel"))
        assert "branch 'steel' is the heaviest" in message


def test_a_long_circle_shows_its_first_names() -> None:
    ring = np.roll(np.eye(7), 1, axis=1)
    message = refused(ring, labels=tuple("abcdefg"))

    assert "('a', 'b', 'c', 'd', 'e' and 2 more; spectral radius 1," in message


def test_a_closed_economy_has_no_surplus() -> None:
    # Every column sums to one: I - A is singular and nothing is left for final use.
    closed = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]])

    assert "not productive" in refused(closed)
    with pytest.raises(InputError, match="not productive"):
        LeontiefModel(sparse.csr_array(closed)).content(np.ones(3))


def test_the_circles_of_an_economy() -> None:
    # Two branches that need each other, one that only sells to them, one that uses itself.
    coefficients = np.zeros((4, 4))
    coefficients[0, 2], coefficients[2, 0], coefficients[1, 0], coefficients[3, 3] = 2, 0.02, 9, 0.3

    found = list(circles(sparse.csr_array(coefficients)))

    assert [each.branches.tolist() for each in found] == [[0, 2], [1], [3]]
    assert [each.radius_upper for each in found] == pytest.approx([0.2, 0.0, 0.3])
    assert found[0].weight == pytest.approx([0.5, 0.5])
    assert bounds(coefficients) == pytest.approx((0.3, 0.3))


def test_a_large_circle_is_bounded_by_iteration(monkeypatch: pytest.MonkeyPatch) -> None:
    # A ring: without the shift in the iteration the powers would turn for ever.
    monkeypatch.setattr(productivity, "EIGENVALUE_BRANCHES_MAX", 2)
    ring = 0.5 * np.roll(np.eye(5), 1, axis=1)
    ring[0] *= 2.0

    lower, upper = bounds(ring)

    assert lower == pytest.approx(0.5 * 2.0 ** (1 / 5), rel=1e-9)
    assert upper == pytest.approx(lower, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    coefficients=productive_coefficients(),
    gap=st.floats(1e-6, 0.5),
    orders=st.floats(0.0, 8.0),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_verdict_is_that_of_the_eigenvalues_in_any_units(
    coefficients: Array, gap: float, orders: float, seed: int
) -> None:
    root = float(np.abs(np.linalg.eigvals(coefficients)).max())
    units = 10.0 ** np.random.default_rng(seed).uniform(-orders, orders, len(coefficients))
    if root < 1e-3:
        return
    scaled = coefficients / root * units / units[:, np.newaxis]
    demand = 1.0 / units

    below = LeontiefModel(scaled * (1.0 - gap))
    output = below.output_required(demand)

    assert (output > 0.0).all()
    exact = np.linalg.solve(
        np.eye(len(units)) - coefficients / root * (1.0 - gap), np.ones(len(units))
    )
    assert output * units == pytest.approx(exact, rel=1e-8)
    assert "not productive" in refused(scaled * (1.0 + gap))


@pytest.mark.parametrize("form", [np.array, sparse.csc_array])
def test_units_of_very_different_size_lose_no_digits(form: type) -> None:
    # Sixteen orders of magnitude between the units of thirty products; plain elimination with
    # row exchanges turns most of these economies down.
    generator = np.random.default_rng(1949)
    for _ in range(20):
        value = generator.random((30, 30)) * (generator.random((30, 30)) < 0.3)
        value *= 0.999 / np.abs(np.linalg.eigvals(value)).max()
        units = 10.0 ** generator.uniform(-8.0, 8.0, 30)
        model = LeontiefModel(form(value * units / units[:, np.newaxis]))

        inverse = np.linalg.inv(np.eye(30) - value)
        contained = model.content(np.vstack([units, 2.0 * units]))

        output = model.output_required(1.0 / units)
        assert output * units == pytest.approx(inverse.sum(axis=1), rel=1e-9)
        assert contained[1] / units == pytest.approx(2.0 * inverse.sum(axis=0), rel=1e-9)
        whole = model.inverse() * units[:, np.newaxis] / units
        assert whole == pytest.approx(inverse, rel=1e-9)
