from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from counterplan.economy.tables import Table
from counterplan.economy.tables.gras import balance_by_gras, gras
from counterplan.economy.tables.identities import breaches
from counterplan.economy.tables.margins import (
    Margins,
    Totals,
    free_totals,
    given_totals,
    stated_margins,
)
from counterplan.economy.tables.wiod2016 import read_wiod2016
from counterplan.errors import InputError, LimitError
from tests.economy.tables.small import farm_and_mill, thriving_tables, with_cell

# The example of Junius and Oosterhaven (2003), Economic Systems Research 15, pp. 87-96: goods,
# services and net taxes by goods, services, consumption and net exports. Once with net exports
# of goods only, as the test of the R package riot has it with the result below (after the
# correction of Lenzen, Wood and Gallego 2007), once whole.
EXAMPLE = np.array([[7.0, 3, 5, -3], [2, 9, 8, 0], [-2, 0, 2, 0]])
WHOLE = np.array([[7.0, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]])
ROWS, COLUMNS = given_totals([15, 26, -1]), given_totals([9, 16, 17, -2])
PUBLISHED = [
    [8.424340881, 3.375237362, 5.200422021, -2.000000263],
    [3.000997078, 12.624763744, 10.374239178, 0],
    [-2.425339135, 0, 1.425339135, 0],
]


def test_the_published_example() -> None:
    found = gras(EXAMPLE, rows=ROWS, columns=COLUMNS)
    np.testing.assert_allclose(found.matrix, PUBLISHED, atol=1e-6)


def entropy(z: np.ndarray, matrix: np.ndarray) -> float:
    """The objective of GRAS, in the ratios of the cells that are not zero."""
    return float((np.abs(matrix[matrix != 0]) * (z * (np.log(z) - 1))).sum())


def minimised(matrix: np.ndarray, rows: Totals, columns: Totals) -> np.ndarray:
    """Minimise the objective with a general solver that knows nothing of multipliers."""
    cells = np.argwhere(matrix != 0)
    sums = np.zeros((sum(matrix.shape), len(cells)))
    for k, (i, j) in enumerate(cells):
        sums[i, k] = sums[matrix.shape[0] + j, k] = matrix[i, j]
    wanted = np.concatenate([rows.values, columns.values])
    given = np.concatenate([rows.given, columns.given])
    if given.all():
        given[-1] = False  # it follows from the others
    result = minimize(
        entropy,
        np.ones(len(cells)),
        args=(matrix,),
        jac=lambda z, m: np.abs(m[m != 0]) * np.log(z),
        method="SLSQP",
        bounds=[(1e-9, None)] * len(cells),
        constraints={"type": "eq", "fun": lambda z: (sums @ z - wanted)[given]},
        options={"ftol": 1e-15, "maxiter": 500},
    )
    balanced = np.zeros_like(matrix)
    balanced[matrix != 0] = matrix[matrix != 0] * result.x
    return balanced


@pytest.mark.parametrize("matrix", [EXAMPLE, WHOLE])
def test_the_optimum_of_a_general_solver(matrix: np.ndarray) -> None:
    found = gras(matrix, rows=ROWS, columns=COLUMNS).matrix
    np.testing.assert_allclose(found, minimised(matrix, ROWS, COLUMNS), atol=1e-5)


def test_the_optimum_with_free_totals() -> None:
    rows = Totals(("a", "b", "c"), np.array([15.0, 0.0, -1.0]), np.array([True, False, True]))
    columns = replace(COLUMNS, given=np.array([True, True, False, False]))
    found = gras(WHOLE, rows=rows, columns=columns).matrix
    np.testing.assert_allclose(found, minimised(WHOLE, rows, columns), atol=1e-5)


def test_without_negative_cells_it_is_ras() -> None:
    """RAS in its textbook form (Stone 1961), row and column scaling in turns."""
    rng = np.random.default_rng(5)
    matrix = rng.uniform(0, 10, (4, 6)) * (rng.uniform(size=(4, 6)) > 0.2)
    target = matrix * rng.uniform(0.5, 2.0, (4, 6))
    u, v = target.sum(axis=1), target.sum(axis=0)
    expected = matrix.copy()
    for _ in range(2000):
        expected *= (u / expected.sum(axis=1))[:, np.newaxis]
        expected *= v / expected.sum(axis=0)
    found = gras(matrix, rows=given_totals(u), columns=given_totals(v)).matrix
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@st.composite
def solvable(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """A matrix with cells of both signs, and one with the same signs to take totals from."""
    shape = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    matrix = draw(
        arrays(np.float64, shape, elements=st.sampled_from([0, 0.5, 1, 3, 8, 20, -1, -4]))
    )
    ratios = draw(arrays(np.float64, shape, elements=st.floats(0.2, 5)))
    return matrix, matrix * ratios


@given(solvable())
def test_totals_are_met_signs_kept_and_zeros_stay(case: tuple[np.ndarray, np.ndarray]) -> None:
    matrix, target = case
    rows, columns = given_totals(target.sum(axis=1)), given_totals(target.sum(axis=0))
    assume(abs(rows.values).max() > 1e-6)
    found = gras(matrix, rows=rows, columns=columns, tolerance=1e-9).matrix
    np.testing.assert_allclose(found.sum(axis=1), rows.values, atol=1e-5)
    np.testing.assert_allclose(found.sum(axis=0), columns.values, atol=1e-5)
    assert not np.any(found * matrix < 0)
    assert not found[matrix == 0].any()


@given(solvable())
def test_a_matrix_that_has_its_totals_does_not_move(case: tuple[np.ndarray, np.ndarray]) -> None:
    matrix, _ = case
    sums = given_totals(matrix.sum(axis=1)), given_totals(matrix.sum(axis=0))
    found = gras(matrix, rows=sums[0], columns=sums[1]).matrix
    np.testing.assert_allclose(found, matrix, rtol=1e-9)


def test_a_row_without_positive_cells() -> None:
    """The case that Temurshoev, Miller and Bouwmeester (2013) added."""
    matrix = np.array([[5.0, 5.0], [-1.0, -3.0]])
    found = gras(matrix, rows=given_totals([12, -2]), columns=given_totals([6, 4])).matrix
    np.testing.assert_allclose(found.sum(axis=1), [12, -2])
    np.testing.assert_allclose(found.sum(axis=0), [6, 4])


def test_a_total_of_zero_empties_cells_of_one_sign() -> None:
    matrix = np.array([[5.0, 5.0], [-1.0, -3.0], [2.0, 0.0]])
    found = gras(matrix, rows=given_totals([12, 0, 0]), columns=given_totals([6, 6])).matrix
    np.testing.assert_allclose(found, [[6, 6], [0, 0], [0, 0]])


@pytest.mark.parametrize(
    ("matrix", "rows", "message"),
    [
        ([[1.0, 1.0], [0.0, 0.0]], [1, 1], "'2': the total 1 cannot be reached: .* has no cells"),
        ([[1.0, 1.0], [-1.0, -1.0]], [1, 1], "'2': .* has no positive cells"),
        ([[1.0, 1.0], [1.0, 1.0]], [3, -1], "'2': .* has no negative cells"),
        ([[1.0, 1.0], [1.0, 1.0]], [1, 2], "add up to 3 and those of the columns to 2"),
        ([[1.0, 1.0], [1.0, np.nan]], [1, 1], "'2', '2': the cell is nan"),
        ([[1.0, 1.0]], [1, 1], r"the matrix has the shape \(1, 2\) and the totals \(2, 2\)"),
    ],
)
def test_totals_that_cannot_be(matrix: list[list[float]], rows: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        gras(np.array(matrix), rows=given_totals(rows), columns=given_totals([1, 1]))


def test_totals_must_be_finite_and_fit() -> None:
    with pytest.raises(InputError, match="'2': the total asked for is inf"):
        given_totals([1, np.inf])
    with pytest.raises(InputError, match="2 totals do not fit 1 codes"):
        given_totals([1, 2], ("a",))
    assert not free_totals(2).given.any()


def test_zeros_that_do_not_allow_the_totals() -> None:
    """Each row and column has a cell, and still no matrix of this pattern has the totals."""
    matrix = np.array([[1.0, 0.0], [1.0, 1.0]])
    with pytest.raises(LimitError, match=r"did not reach the totals in 500 rounds; the zero cells"):
        gras(matrix, rows=given_totals([3, 1]), columns=given_totals([2, 2]), rounds_max=500)


def test_multipliers_that_run_away() -> None:
    with pytest.raises(LimitError, match="GRAS did not reach the totals"):
        gras(np.eye(2), rows=given_totals([2, 1]), columns=given_totals([1, 2]))


def test_a_sound_table_does_not_move() -> None:
    table, movement = balance_by_gras(farm_and_mill())
    np.testing.assert_allclose(table.to_frame(), farm_and_mill().to_frame(), rtol=1e-9)
    assert movement.total < 1e-6


@given(thriving_tables(), st.floats(0.5, 2.0))
def test_a_new_output_is_met_by_every_identity(table: Table, growth: float) -> None:
    margins = Margins(output=table.output * growth)
    balanced, movement = balance_by_gras(table, margins)
    np.testing.assert_allclose(balanced.output, table.output * growth, rtol=1e-8)
    identities = ["product_balance", "make_totals", "branch_balance"]
    assert breaches(balanced, identities=identities) == []
    np.testing.assert_allclose(
        movement.total,
        np.abs(balanced.to_frame() - table.to_frame()).to_numpy().sum()
        + np.abs(balanced.make - table.make).sum(),
    )


def test_the_record_says_what_moved() -> None:
    broken = with_cell(farm_and_mill(), "imported_use", (2, 0), 9.0)
    table, movement = balance_by_gras(broken, Margins(output=broken.output))
    assert breaches(broken)
    assert breaches(table, identities=["branch_balance", "product_balance"]) == []
    first, second = movement.largest(2)
    assert abs(first.change) >= abs(second.change) > 0
    assert (first.row, first.column) == ("other wages", "farm")
    assert first.after == table.other_rows.values[1, 0]
    frame = movement.to_frame()
    assert list(frame.columns) == ["row", "column", "before", "after", "change"]
    np.testing.assert_allclose(frame["change"].abs().sum(), movement.total)
    assert str(movement).startswith("GRAS: ")
    assert "other wages, farm: 65 to " in str(movement)
    assert movement.sign_changes() == []


def test_imports_that_the_source_states_are_held() -> None:
    broken = with_cell(farm_and_mill(), "imported_use", (2, 0), 9.0)
    table, _ = balance_by_gras(broken)
    np.testing.assert_allclose(table.imports(), [0, 8, 19], rtol=1e-9)
    assert breaches(table) == []


def test_a_rectangular_make_is_balanced_too() -> None:
    margins = Margins(output=np.array([110.0, 80.0]), product_output=np.array([125.0, 65.0, 0.0]))
    table, movement = balance_by_gras(farm_and_mill(), margins)
    np.testing.assert_allclose(table.make.sum(axis=0), [110, 80])
    np.testing.assert_allclose(table.product_output(), [125, 65, 0])
    assert any(moved.row.startswith("make ") for moved in movement.largest())
    assert breaches(table, identities=["product_balance", "make_totals", "branch_balance"]) == []


@pytest.mark.shared
@pytest.mark.parametrize(("country", "branch"), [("ROU", "R_S"), ("LUX", "H52"), ("BGR", "R_S")])
def test_the_known_gaps_are_closed(shared_data: Path, country: str, branch: str) -> None:
    path = shared_data / "wiod2016_niot" / "ALL43_NIOT_2014.parquet"
    broken = read_wiod2016(path, country=country)
    table, movement = balance_by_gras(broken, stated_margins(broken))
    identities = ["product_balance", "make_totals", "branch_balance"]
    assert breaches(broken, identities=identities)
    assert breaches(table, identities=identities) == []
    assert movement.largest(1)[0].row == "other VA"
    assert movement.largest(1)[0].column == branch
    np.testing.assert_array_equal(table.output, broken.output)
