"""A rounded table still adds up, and no rounding that does is nearer."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.report.rounding import neighbours, rounded_table, shared_out


def tables(rows: int, periods: int) -> st.SearchStrategy[np.ndarray]:
    """Tables whose columns sum to zero, some of their entries whole."""
    entry = st.one_of(
        st.integers(-2000, 2000).map(float),
        st.floats(-2000, 2000).map(lambda value: round(value, 3)),
    )
    size = (rows - 1) * periods
    return st.lists(entry, min_size=size, max_size=size).map(
        lambda values: closed(np.array(values).reshape(rows - 1, periods))
    )


def closed(upper: np.ndarray) -> np.ndarray:
    """Add the row that makes every column sum to zero."""
    return np.vstack([upper, -upper.sum(axis=0)])


@settings(max_examples=60)
@given(values=st.integers(2, 9).flatmap(lambda rows: tables(rows, 4)))
def test_rows_and_columns_add_up_and_entries_stay_next_to_themselves(values: np.ndarray) -> None:
    counts = rounded_table(values)
    low, high = neighbours(values)
    row_low, row_high = neighbours(values.sum(axis=1))
    assert not counts.sum(axis=0).any()
    assert np.all((low <= counts) & (counts <= high))
    assert np.all((row_low <= counts.sum(axis=1)) & (counts.sum(axis=1) <= row_high))


@settings(max_examples=30)
@given(values=tables(3, 2))
def test_no_rounding_that_adds_up_is_nearer(values: np.ndarray) -> None:
    low, high = neighbours(values)
    row_low, row_high = neighbours(values.sum(axis=1))
    choices = [sorted({int(a), int(b)}) for a, b in zip(low.ravel(), high.ravel(), strict=True)]
    tried = [np.reshape(choice, values.shape) for choice in product(*choices)]
    best = min(
        distance(table, values)
        for table in tried
        if not table.sum(axis=0).any()
        and np.all(table.sum(axis=1) >= row_low)
        and np.all(table.sum(axis=1) <= row_high)
    )
    assert distance(rounded_table(values), values) == pytest.approx(best, abs=1e-5)


def distance(table: np.ndarray, values: np.ndarray) -> float:
    """How far a rounding is off, row totals ten times."""
    off = table - values
    return float(np.abs(off).sum() + 10 * np.abs(off.sum(axis=1)).sum())


def test_a_row_total_goes_to_its_nearest() -> None:
    # 0.4 + 0.4 + 0.4 is 1.2: one of them goes up, so that the total is 1 and not 0.
    values = np.array([[0.4, 0.4, 0.4], [-0.4, -0.4, -0.4]])
    np.testing.assert_array_equal(rounded_table(values).sum(axis=1), [1, -1])


def test_what_is_whole_stays() -> None:
    values = np.array([[1000.0, -3.0], [-400.0, 3.0], [-600.0, 0.0]])
    np.testing.assert_array_equal(rounded_table(values), values)


def test_what_an_engine_leaves_of_a_whole_number_is_whole() -> None:
    values = np.array([[999.9999999], [-1000.0000001], [2e-7]])
    np.testing.assert_array_equal(rounded_table(values).ravel(), [1000, -1000, 0])


def test_a_table_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="does not sum to zero"):
        rounded_table(np.array([[1.0], [-0.4]]))


@settings(max_examples=80)
@given(
    values=st.lists(st.floats(0, 500).map(lambda one: round(one, 3)), min_size=1, max_size=12),
    way=st.sampled_from((0, 1)),
)
def test_amounts_are_shared_out_to_either_rounding_of_their_sum(
    values: list[float], way: int
) -> None:
    given_values = np.array(values)
    total = int(neighbours(np.array([given_values.sum()]))[way][0])
    counts = shared_out(given_values, total)
    assert counts.sum() == total
    below, above = neighbours(given_values)
    assert np.all((below <= counts) & (counts <= above))


def test_the_largest_remainders_go_up() -> None:
    # Hamilton's method by hand: 1.6 + 2.5 + 3.7 + 4.0 are 11.8; to 12 goes 3.7, then 1.6.
    assert shared_out(np.array([1.6, 2.5, 3.7, 4.0]), 12).tolist() == [2, 2, 4, 4]
    with pytest.raises(ValueError, match="do not add up"):
        shared_out(np.array([1.6, 2.5]), 7)
