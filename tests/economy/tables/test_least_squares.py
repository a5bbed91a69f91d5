from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterplan.economy.tables import Table
from counterplan.economy.tables.identities import breaches
from counterplan.economy.tables.least_squares import balance_by_least_squares, least_squares
from counterplan.economy.tables.margins import Margins, Totals, free_totals, given_totals
from counterplan.economy.tables.wiod2013 import read_wiod2013
from counterplan.economy.tables.wiod2016 import read_wiod2016
from counterplan.errors import InputError
from tests.economy.tables.small import farm_and_mill, thriving_tables, with_cell


def test_one_row_has_a_closed_form() -> None:
    """x = a + v (u - sum a) / sum v."""
    a, sigma, u = np.array([10.0, 20.0, -30.0]), np.array([0.1, 0.2, 0.3]), 9.0
    v = (sigma * a) ** 2
    expected = a + v * (u - a.sum()) / v.sum()
    found = least_squares(
        a[np.newaxis], rows=given_totals([u]), columns=free_totals(3), deviation=sigma[np.newaxis]
    )
    np.testing.assert_allclose(found.matrix[0], expected, rtol=1e-12)


def dense(matrix: np.ndarray, rows: Totals, columns: Totals, deviation: np.ndarray) -> np.ndarray:
    """Solve the same by NumPy's dense least squares: the smallest scaled change."""
    k, size = len(rows.values), matrix.size
    sums = np.zeros((k + len(columns.values), size))
    for place, (i, j) in enumerate(np.ndindex(*matrix.shape)):
        sums[i, place] = sums[k + j, place] = 1.0
    given = np.concatenate([rows.given, columns.given])
    wanted = np.concatenate([rows.values, columns.values])
    spread = np.abs(deviation * matrix).ravel()
    change, *_ = np.linalg.lstsq(
        (sums * spread)[given], (wanted - sums @ matrix.ravel())[given], rcond=1e-12
    )
    return matrix + (spread * change).reshape(matrix.shape)


CELLS = st.sampled_from([0.0, 0.5, 1.0, 3.0, 8.0, 20.0, -1.0, -4.0])


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, Totals, Totals, np.ndarray]:
    """A matrix, totals that a change of its cells can reach (some free), and deviations."""
    shape = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    matrix = draw(arrays(np.float64, shape, elements=CELLS))
    deviation = draw(arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.1, 0.5, 1.0])))
    change = draw(arrays(np.float64, shape, elements=st.floats(-0.5, 0.5)))
    target = matrix * (1 + change * (deviation > 0))
    rows = replace(given_totals(target.sum(axis=1)), given=draw(arrays(np.bool_, shape[0])))
    columns = replace(given_totals(target.sum(axis=0)), given=draw(arrays(np.bool_, shape[1])))
    return matrix, rows, columns, deviation


@given(problems())
def test_the_answer_of_a_dense_solver(
    problem: tuple[np.ndarray, Totals, Totals, np.ndarray],
) -> None:
    matrix, rows, columns, deviation = problem
    found = least_squares(matrix, rows=rows, columns=columns, deviation=deviation).matrix
    np.testing.assert_allclose(found, dense(*problem), atol=1e-7)
    np.testing.assert_allclose(found.sum(axis=1)[rows.given], rows.values[rows.given], atol=1e-7)
    np.testing.assert_array_equal(found[deviation == 0], matrix[deviation == 0])
    assert not found[matrix == 0].any()


def test_large_and_small_figures_together() -> None:
    matrix = np.array([[1e12, 1.0], [2.0, 1e-3]])
    rows, columns = given_totals([1e12, 2.5]), given_totals([1e12 + 0.5, 2.0])
    found = least_squares(matrix, rows=rows, columns=columns).matrix
    np.testing.assert_allclose(found[1].sum(), 2.5, rtol=1e-9)
    np.testing.assert_allclose(found[:, 1].sum(), 2.0, rtol=1e-9)


@pytest.mark.parametrize(
    ("matrix", "rows", "columns", "message"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], [2, 1], [1, 2], "'1': the totals cannot be reached: they miss"),
        ([[1.0, 1.0], [0.0, 0.0]], [1, 1], [1, 1], "'1': the totals cannot be reached: .* by 1;"),
        ([[1.0, 1.0], [1.0, 1.0]], [3, 1], [1, 1], "add up to 4 and those of the columns to 2"),
        ([[1.0, np.inf], [1.0, 1.0]], [3, 1], [2, 2], "'1', '2': the cell is inf"),
    ],
)
def test_totals_that_cannot_be(
    matrix: list[list[float]], rows: list[float], columns: list[float], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        least_squares(np.array(matrix), rows=given_totals(rows), columns=given_totals(columns))


@pytest.mark.parametrize(
    ("link", "message"),
    [(1e-6, "'2': the total was missed by .* leave one free"), (1e-10, "cannot be told apart")],
)
def test_totals_that_nearly_contradict_each_other(link: float, message: str) -> None:
    """Only two tiny cells can carry what the first row has too much and the second too little."""
    matrix = np.array([[1.0, link], [link, 1.0]])
    with pytest.raises(InputError, match=message):
        least_squares(matrix, rows=given_totals([2, 1]), columns=given_totals([1, 2]))


def test_a_matrix_of_zeros_stays() -> None:
    found = least_squares(np.zeros((2, 2)), rows=given_totals([0, 0]), columns=given_totals([0, 0]))
    assert not found.matrix.any()


def test_held_blocks_do_not_move() -> None:
    broken = with_cell(farm_and_mill(), "imported_use", (2, 0), 9.0)
    held = {"domestic": 0.0, "other": 0.0, "make": 0.0}
    table, movement = balance_by_least_squares(
        broken, Margins(output=broken.output), deviations=held
    )
    np.testing.assert_array_equal(table.domestic_use, broken.domestic_use)
    np.testing.assert_allclose(table.imported_use[2, 0], 5.0)
    assert {moved.row for moved in movement.largest()} == {"imported oil"}
    assert breaches(table) == []
    with pytest.raises(InputError, match="there is no block 'import'; did you mean 'imported'"):
        balance_by_least_squares(broken, deviations={"import": 1.0})
    with pytest.raises(InputError, match="the deviation of 'other' is -1"):
        balance_by_least_squares(broken, deviations={"other": -1.0})


def test_sign_changes_are_on_record() -> None:
    table = farm_and_mill()
    margins = Margins(output=np.array([100.0, 70.0]), other_rows=np.array([3.0, 188.0]))
    _, movement = balance_by_least_squares(table, margins)
    changed = movement.sign_changes()
    assert changed
    assert all(moved.before * moved.after < 0 for moved in changed)
    assert "weighted least squares" in str(movement)


@given(thriving_tables(), st.floats(0.8, 1.2))
def test_a_new_output_is_met_by_every_identity(table: Table, growth: float) -> None:
    balanced, _ = balance_by_least_squares(table, Margins(output=table.output * growth))
    np.testing.assert_allclose(balanced.output, table.output * growth, rtol=1e-8)
    identities = ["product_balance", "make_totals", "branch_balance"]
    assert breaches(balanced, identities=identities) == []


@pytest.mark.shared
def test_romania_is_closed_mostly_by_value_added(shared_data: Path) -> None:
    path = shared_data / "wiod2016_niot" / "ALL43_NIOT_2014.parquet"
    table, movement = balance_by_least_squares(read_wiod2016(path, country="ROU"))
    assert breaches(table, identities=["product_balance", "branch_balance"]) == []
    first = movement.largest(1)[0]
    assert (first.row, first.column) == ("other VA", "R_S")
    assert 3800 < -first.change < 3853


@pytest.mark.shared
def test_rounding_of_the_world_table_is_closed(shared_data: Path) -> None:
    world = read_wiod2013(shared_data / "wiod2013_world" / "WIOT13_2011.parquet")
    table, movement = balance_by_least_squares(world)
    assert breaches(table, identities=["product_balance"]) == []
    assert movement.total < 1e-3 * world.output.sum()
