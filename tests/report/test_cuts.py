"""What is given up, from tables small enough to read."""

from dataclasses import replace

import pandas as pd
import pytest

from counterplan.plan.plan import Plan
from counterplan.report.cuts import cuts_in, cuts_of
from counterplan.report.standing import trend_of

YEARS = ["2021", "2022"]


def table(**rows: list[float]) -> pd.DataFrame:
    """Return rows over two years."""
    return pd.DataFrame.from_dict(rows, orient="index", columns=YEARS)


def test_a_cut_by_hand() -> None:
    then = table(bread=[100.0, 100.0], milk=[50.0, 50.0], salt=[1.0, 1.0])
    now = table(bread=[99.5, 80.0], milk=[55.0, 50.0], salt=[1.0, 0.99])
    (cut,) = cuts_in("consumption", now, then)
    assert (cut.kind, cut.code) == ("consumption", "bread")
    assert cut.begins == "2022"  # half a percent in 2021 is not noticed
    assert cut.first == pytest.approx(-0.5)
    assert cut.total == pytest.approx(-20.5)
    assert cut.share == pytest.approx(-20.5 / 200)
    assert (cut.worst, cut.depth) == ("2022", pytest.approx(-0.2))


def test_a_slow_loss_never_begins() -> None:
    (cut,) = cuts_in("imports", table(tea=[99.5, 99.5]), table(tea=[100.0, 100.0]))
    assert cut.begins == ""


def test_what_there_is_more_of_is_no_cut() -> None:
    assert cuts_in("imports", table(tea=[99.0, 102.0]), table(tea=[100.0, 100.0])) == []


def test_the_largest_cut_comes_first_whatever_its_kind(small: dict[str, Plan]) -> None:
    then = trend_of(small["crisis"])
    now = replace(
        then,
        consumption=then.consumption * 0.9,  # 90 crowns a year
        investment=then.investment * 0.5,  # 20 and 2 machines of 2 crowns: 20 and 2 a year
        imports=then.imports * 1.1,
    )
    cuts = cuts_of(now, then)
    assert [(cut.kind, cut.code) for cut in cuts] == [
        ("investment", "agriculture"),
        ("consumption", "corn"),
        ("consumption", "machine"),
        ("investment", "industry"),
    ]
    assert [cut.total for cut in cuts] == pytest.approx([-30.0, -21.0, -6.0, -3.0])
