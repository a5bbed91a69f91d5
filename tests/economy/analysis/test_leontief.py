"""The quantity model against textbooks, the algebra and its own refusals."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from counterplan.economy.analysis import LeontiefModel, arrays, leontief
from counterplan.errors import InputError, LimitError
from tests.economy.analysis.conftest import GERMANY_BRANCHES, Accounts
from tests.economy.analysis.economies import productive_coefficients


def test_the_textbook_inverse(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), section 2.3: A, (I - A)^-1 and its determinant 0.7575.
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    assert model.coefficients == pytest.approx(np.array([[0.15, 0.25], [0.20, 0.05]]))
    assert model.inverse().round(3).tolist() == [[1.254, 0.330], [0.264, 1.122]]
    exact = [Fraction(9500, 7575), Fraction(2500, 7575), Fraction(2000, 7575), Fraction(8500, 7575)]
    assert model.inverse().ravel() == pytest.approx([float(each) for each in exact], rel=1e-14)


def test_the_textbook_impact(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), section 2.3.2: final demand of 600 and 1,500 takes 1,247.5 and
    # 1,841.6 of output.
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    assert model.output_required([600.0, 1500.0]).round(1).tolist() == [1247.5, 1841.6]
    assert model.output_required(two_sectors.final_demand) == pytest.approx(two_sectors.output)


def test_wheat_and_cloth(wheat_and_cloth: Accounts) -> None:
    # Leontief (1986), ch. 2: x1 = 1.457 y1 + 0.662 y2 and x2 = 0.232 y1 + 1.242 y2, and the
    # observed final use of 55 bushels and 30 yards takes 100 bushels and 50 yards.
    model = LeontiefModel.from_flows(wheat_and_cloth.flows, wheat_and_cloth.output)

    assert model.coefficients.round(2).tolist() == [[0.25, 0.40], [0.14, 0.12]]
    assert model.inverse().round(3).tolist() == [[1.457, 0.662], [0.232, 1.242]]
    assert model.output_required([55.0, 30.0]) == pytest.approx([100.0, 50.0])


@pytest.mark.shared
def test_germany_1995_inverse(germany: pd.DataFrame) -> None:
    # Eurostat manual (2008), table 15.10, p. 488: the diagonal; table 15.6, p. 485: coefficients.
    branches = list(GERMANY_BRANCHES)
    model = LeontiefModel.from_flows(
        germany.loc[branches, branches], germany.loc["output", branches], labels=branches
    )

    assert model.coefficients[0, 0].round(4) == 0.0258
    assert model.coefficients[1, 1].round(4) == 0.2822
    assert model.coefficients[2, 2].round(4) == 0.0158
    assert model.inverse().diagonal()[:3].round(4).tolist() == [1.0339, 1.4292, 1.0289]


@pytest.mark.shared
def test_netherlands_2000_inverse(netherlands: pd.DataFrame) -> None:
    # Spicosa specification sheet (2011): the first rows of I - A and of its inverse.
    branches = list(netherlands.columns[:6])
    model = LeontiefModel.from_flows(
        netherlands.loc[branches, branches].to_numpy(float),
        netherlands.loc["output_bp", branches].to_numpy(float),
    )

    leontief_row = (np.eye(6) - model.coefficients)[0]
    assert leontief_row == pytest.approx([0.875, 0.000, -0.039, -0.002, -0.001, -0.001], abs=5e-4)
    assert model.inverse()[0].round(3).tolist() == [1.154, 0.002, 0.057, 0.006, 0.012, 0.006]


@settings(max_examples=50, deadline=None)
@given(coefficients=productive_coefficients(), seed=st.integers(0, 2**32 - 1))
def test_supply_equals_use(coefficients: arrays.Array, seed: int) -> None:
    model = LeontiefModel(coefficients)
    demand = np.random.default_rng(seed).uniform(-1.0, 5.0, model.size)

    output = model.output_required(demand)

    assert output == pytest.approx(coefficients @ output + demand, rel=1e-9, abs=1e-9)
    assert model.net_output(output) == pytest.approx(demand, rel=1e-9, abs=1e-9)
    assert model.radius_bound < 1.0


@settings(max_examples=25, deadline=None)
@given(coefficients=productive_coefficients())
def test_dense_and_sparse_agree_with_the_inverse_of_numpy(coefficients: arrays.Array) -> None:
    size = coefficients.shape[0]
    expected = np.linalg.inv(np.eye(size) - coefficients)
    rows = np.vstack([np.arange(size), np.ones(size)])

    for form in (coefficients, sparse.coo_matrix(coefficients), sparse.csr_array(coefficients)):
        model = LeontiefModel(form)
        assert model.inverse() == pytest.approx(expected, rel=1e-9, abs=1e-9)
        assert model.columns([size - 1, 0][:size])[:, 0] == pytest.approx(expected[:, -1], rel=1e-9)
        assert model.content(rows) == pytest.approx(rows @ expected, rel=1e-9, abs=1e-9)


def test_several_final_uses_at_once(two_sectors: Accounts) -> None:
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)
    demands = np.array([[350.0, 1.0, 0.0], [1700.0, 0.0, 1.0]])

    together = model.output_required(demands)

    for each in range(3):
        assert together[:, each] == pytest.approx(model.output_required(demands[:, each]))
    for form in (model.coefficients, sparse.csr_array(model.coefficients)):
        assert LeontiefModel(form).output_required(np.empty((2, 0))).shape == (2, 0)


def test_the_columns_come_in_blocks(two_sectors: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leontief, "COLUMNS_AT_ONCE", 1)
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)

    blocks = list(model.column_blocks())

    assert [indices.tolist() for indices, _ in blocks] == [[0], [1]]
    assert np.hstack([columns for _, columns in blocks]) == pytest.approx(model.inverse())


def test_rounds_of_deliveries_add_up_to_the_output(two_sectors: Accounts) -> None:
    # Miller and Blair (2009), section 2.4: the power series; after seven rounds for a final
    # demand of 600 and 1,500 it is above 99% of the total.
    model = LeontiefModel.from_flows(two_sectors.flows, two_sectors.output)
    demand = np.array([600.0, 1500.0])

    rounds = model.rounds(demand, count=60)

    assert rounds[0].tolist() == [600.0, 1500.0]
    assert rounds[1].tolist() == pytest.approx([465.0, 195.0])
    assert (rounds[:8].sum(axis=0) / model.output_required(demand) > 0.99).all()
    assert rounds.sum(axis=0) == pytest.approx(model.output_required(demand), rel=1e-12)


def test_a_model_does_not_follow_changes_of_its_input(two_sectors: Accounts) -> None:
    given_to_it = np.array([[0.15, 0.25], [0.20, 0.05]])
    model = LeontiefModel(given_to_it)
    given_to_it[0, 0] = 9.0

    assert model.coefficients[0, 0] == 0.15
    for frozen in (model.coefficients, model.inverse(), model.output_required([1.0, 1.0])):
        with pytest.raises(ValueError, match="read-only"):
            frozen[0] = 0.0


def test_isolated_products_and_empty_columns() -> None:
    # The second product is made from nothing and used by nobody, the third only by itself.
    model = LeontiefModel(np.diag([0.0, 0.0, 0.5]))

    assert model.output_required([1.0, 2.0, 3.0]).tolist() == [1.0, 2.0, 6.0]


@pytest.mark.parametrize(("value", "shown"), [(-0.1, "-0.1"), (np.nan, "nan"), (np.inf, "inf")])
@pytest.mark.parametrize("form", [np.array, sparse.csr_array, sparse.coo_matrix])
def test_a_bad_coefficient_is_named(form: type, value: float, shown: str) -> None:
    coefficients = np.array([[0.1, 0.2], [value, 0.1]])

    with pytest.raises(InputError) as caught:
        LeontiefModel(form(coefficients), labels=("coal", "steel"), place="table.csv")

    assert str(caught.value).startswith(f"table.csv: row 'steel', column 'coal' is {shown};")
    assert "correct the cell" in caught.value.mend


def test_shapes_and_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match=r"shape \(2, 3\) is not square"):
        LeontiefModel(np.zeros((2, 3)))
    with pytest.raises(InputError, match=r"shape \(2,\) is not square"):
        LeontiefModel(np.zeros(2))
    for form in (np.array, sparse.csr_array):
        with pytest.raises(InputError, match="there are no branches"):
            LeontiefModel(form(np.zeros((0, 0))))
    with pytest.raises(InputError, match="1 labels for 2 branches"):
        LeontiefModel(np.zeros((2, 2)), labels=("coal",))
    with pytest.raises(InputError, match="label 'coal' is there twice"):
        LeontiefModel(np.zeros((2, 2)), labels=("coal", "coal"))


def test_questions_that_do_not_fit_are_refused(two_sectors: Accounts) -> None:
    model = LeontiefModel.from_flows(
        two_sectors.flows, two_sectors.output, labels=two_sectors.labels
    )

    with pytest.raises(InputError, match=r"final demand has shape \(3,\), and there are 2"):
        model.output_required([1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="final demand of branch 'manufacture' is nan"):
        model.output_required([1.0, np.nan])
    with pytest.raises(InputError, match=r"intensity has shape \(1, 3\)"):
        model.content([[1.0, 2.0, 3.0]])
    with pytest.raises(InputError, match="there is no branch number 2"):
        model.columns([0, 2])
    with pytest.raises(InputError, match="a branch is chosen twice"):
        model.columns([1, 1])
    with pytest.raises(InputError, match="0 rounds"):
        model.rounds([1.0, 1.0], count=0)


def test_limits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "DENSE_BRANCHES_MAX", 2)

    with pytest.raises(LimitError, match="dense table of 3 branches is over the limit of 2"):
        LeontiefModel(np.zeros((3, 3)))
    large = LeontiefModel(sparse.csr_array((3, 3)))
    with pytest.raises(LimitError, match="inverse of 3 branches is over the limit of 2"):
        large.inverse()
    assert large.output_required([1.0, 2.0, 3.0]).tolist() == [1.0, 2.0, 3.0]
