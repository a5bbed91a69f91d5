"""Products and branches whose years after the horizon stand far off, by hand and on the page."""

from dataclasses import replace

import numpy as np
import pytest

from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings
from counterplan.report.later import Later, later_of
from counterplan.report.report import render_report
from counterplan.report.standing import standing_of, trend_of
from tests.report.plans import Page, number
from tests.report.test_corners import with_values


def test_what_the_tail_holds_by_hand(small: dict[str, Plan]) -> None:
    plan = small["crisis"]
    later = standing_of(plan, title="").later
    made, sold = plan.quantity("activity")[:, -1], plan.quantity("exports")[:, -1]
    bought = (plan.quantity("imports") + plan.quantity("investment_imports"))[:, -1]
    # Corn at 1 crown, machines at 2; land costs one machine, a shop half of one.
    assert list(later["output"]) == pytest.approx([made[0], 2 * made[1]])
    assert list(later["exports"]) == pytest.approx([sold[0], 2 * sold[1]])
    assert list(later["imports"]) == pytest.approx([bought[0], 2 * bought[1]])
    built = plan.quantity("investment")[:, -1]
    assert list(later["investment"]) == pytest.approx([2 * built[0], built[1]])
    assert list(later["output"].index) == ["agriculture", "industry"]
    observed = trend_of(plan).later  # nothing grows
    assert {kind: list(values) for kind, values in observed.items()} == {
        "output": [100, 40],
        "investment": [20, 2],
        "exports": [8, 0],
        "imports": [0, 6],
    }


def test_far_is_more_than_a_quarter_either_way(small: dict[str, Plan]) -> None:
    plan = small["reference"]
    then = standing_of(plan, title="")
    sold = plan.quantity("exports")
    last = sold[0, -2]

    def found(share: float) -> list[Later]:
        values = sold.copy()
        values[0, -1] = share * last
        now = standing_of(with_values(plan, "exports", values), title="")
        return [one for one in later_of(plan, now, then) if one.kind == "exports"]

    assert found(1.24) == found(0.76) == []
    (up,), (down,) = found(1.26), found(0.5)
    assert (up.code, up.drift) == ("corn", pytest.approx(0.26))
    assert down.moved == pytest.approx(-0.5 * last)
    assert down.last == pytest.approx(0.0)
    assert down.after == pytest.approx(0.5 * last / sold[0, -1] - 1)


def test_nothing_is_far_on_the_steady_path(russia: dict[str, Plan]) -> None:
    plan = russia["reference"]
    now = standing_of(plan, title="")
    assert plan.outlook.trend[-1] > plan.outlook.trend[-2]
    assert later_of(plan, now, trend_of(plan)) == ()


def test_the_page_names_the_three_largest_and_folds_all(findings: Findings) -> None:
    every = tuple(
        Later(kind, code, drift, 10 * drift, 0.1, float(np.nan))
        for kind, code, drift in (
            ("exports", "corn", -0.66),
            ("output", "agriculture", -0.45),
            ("imports", "machine", 0.4),
            ("investment", "industry", 0.3),
        )
    )
    page = Page(render_report(replace(findings, later=every)))
    said = (
        "exports of Corn (\u221266%), output of Farm (\u221245%) and imports of Machines (+40%) "
        "move furthest from 2023, 4 products and branches by more than 25%, against the trend; "
        "habits of trade bind less the longer one has"
    )
    assert page.text.count(said) == 2  # in short, and under the totals
    _, *rows = page.tables["Volumes that stand far off after 2023"]
    assert [row[0] for row in rows][-1] == "Investment in Works"
    assert rows[0][1:] == ["+10.0%", "\u2013", "\u221266.0%"]
    assert "widen with the years" in page.text
    none = Page(render_report(replace(findings, later=())))
    assert "move furthest" not in none.text


def test_branch_tables_have_the_years_after(russian_page: Page, russia: dict[str, Plan]) -> None:
    plans = russia["crisis"], russia["reference"]
    now, then = (standing_of(plan, title="").later for plan in plans)
    for kind in ("output", "investment"):
        head, *rows = russian_page.tables[f"{kind.capitalize()} against the plan without the shock"]
        assert head[-1] == "after 2017"
        mining = next(row for row in rows if row[0].startswith("B "))
        exact = now[kind]["B"] / then[kind]["B"] - 1
        assert number(mining[-1]) == pytest.approx(100 * exact, abs=0.051)
