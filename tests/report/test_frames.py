"""Figures are read by their labels."""

import pandas as pd
import pytest

from counterplan.report.frames import (
    cell,
    deepest,
    entry,
    highest,
    largest_first,
    line,
    lowest,
    series,
    total,
)

TABLE = pd.DataFrame({"2021": [1.0, -2.0], "2022": [float("nan"), 4.0]}, index=["bread", "milk"])


def test_rows_cells_and_sums() -> None:
    assert line(TABLE, "milk") == [-2.0, 4.0]
    assert cell(TABLE, "milk", "2022") == 4.0
    assert entry(series(TABLE, "milk"), "2021") == -2.0
    assert total(TABLE[["2021"]]) == -1.0


def test_extremes_leave_out_what_is_unknown() -> None:
    assert deepest(TABLE) == ("milk", "2021", -2.0)
    assert lowest(series(TABLE, "bread")) == highest(series(TABLE, "bread")) == ("2021", 1.0)


def test_equal_figures_keep_their_order() -> None:
    assert largest_first(pd.Series([1.0, 3.0, 1.0], index=["a", "b", "c"])) == ["b", "a", "c"]


def test_a_label_that_stands_twice_is_refused() -> None:
    twice = pd.DataFrame({"x": [1.0, 2.0]}, index=["a", "a"])
    with pytest.raises(ValueError, match="stands more than once"):
        line(twice, "a")


def test_a_label_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        line(TABLE, "cheese")
