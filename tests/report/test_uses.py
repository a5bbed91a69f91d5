"""Imports by use where a cap is on one use alone, by hand and on the page."""

from dataclasses import replace

import numpy as np
import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import QuantityShock
from counterplan.report.draft import Draft
from counterplan.report.findings import Findings, find
from counterplan.report.report import render_report
from counterplan.report.sections.relabelling import told
from counterplan.report.uses import Uses, uses_of
from tests.plan.builders import scenario_of, two_branch_economy
from tests.report.plans import Page, number

CAP = QuantityShock(kind="import_limit", products=("machine",), share=0.5, use="investment")
NAME = "Capital-goods imports capped at 70 per cent"


def test_flows_by_hand() -> None:
    plan = make_plan(two_branch_economy(), scenario_of(shocks=(CAP,)))
    whole, one = uses_of(plan, None, CAP)
    assert (whole.code, one.code, one.capped, one.free) == (
        "",
        "machine",
        "investment_imports",
        "imports",
    )
    # Observed: 2 machines for investment, 1 for other uses, 11 invested in all, at 2 crowns.
    assert {name: values[0] for name, values in one.then.items()} == {
        "investment_imports": 4.0,
        "imports": 2.0,
        "used": 22.0,
    }
    assert one.now["investment_imports"][:3] == pytest.approx([2.0] * 3, abs=1e-4)
    built = plan.quantity("investment")
    np.testing.assert_allclose(one.now["used"], 2 * (built[0] + 0.5 * built[1]))
    share = one.change("investment_imports", "imports")[0]
    bought = plan.imports().loc["machine", "2021"]
    assert share == pytest.approx(bought / 3 - 1)


def test_relabelling_is_named_in_words(findings: Findings) -> None:
    nothing, used = np.zeros(4), np.full(4, 9.0)
    then = {"investment_imports": used, "imports": used, "used": used}
    for other, said in ((used + 9.0, True), (used, False)):
        one = Uses("machine", "investment_imports", {**then, "imports": other}, then)
        one = replace(one, now={**one.now, "investment_imports": nothing})
        text = told(Draft(findings), (replace(one, code=""), one))
        assert ("Machines (for other uses +100.0%, in all 0.0%)" in text) is said
        assert ("Read it as relabelling where total imports hardly fall" in text) is said
        assert "for investment change by \u2212100.0% against" in text


@pytest.mark.parametrize(("rise", "said"), [(0.9, "no"), (1.0, "yes"), (2.0, "yes"), (-1.0, "no")])
def test_relabelling_is_half_of_the_fall(rise: float, said: str) -> None:
    def path(value: float) -> np.ndarray:
        return np.array([value, 99.0])  # the tail plays no part

    one = Uses(
        code="x",
        capped="investment_imports",
        now={"investment_imports": path(2.0), "imports": path(5.0 + rise)},
        then={"investment_imports": path(4.0), "imports": path(5.0)},
    )
    assert one.relabelled() == (said == "yes")
    assert one.summed("investment_imports", "imports") == pytest.approx((7 + rise) / 9 - 1)


def test_a_cap_on_every_use_or_on_exports_is_not_told_of(small: dict[str, Plan]) -> None:
    for cap in (
        CAP.model_copy(update={"use": "all"}),
        QuantityShock(kind="export_limit", products=("corn",), share=0.5),
    ):
        assert uses_of(small["crisis"], None, cap) == ()
    other = CAP.model_copy(update={"use": "other", "products": ("*",)})
    assert [one.capped for one in uses_of(small["crisis"], None, other)] == ["imports"] * 2


def test_the_page_sets_the_uses_beside_each_other(
    russian_page: Page, russia: dict[str, Plan]
) -> None:
    plan, then = russia["crisis"], russia["reference"]
    prices, codes = plan.economy.products.prices, plan.economy.products.codes
    head, *rows = russian_page.tables[
        f"By use, against the plan without the shock: {NAME}, by product"
    ]
    assert head == ["", "", "2015", "2016", "2017", "after 2017"]
    assert len(rows) == 4 * 7
    transport = [row[1:] for row in rows if row[0].startswith("C30")]
    spot = codes.index("C30")
    for row, names in zip(
        transport,
        (("investment_imports",), ("imports",), ("investment_imports", "imports")),
        strict=False,
    ):
        now, was = (sum(one.quantity(name)[spot] for name in names) for one in (plan, then))
        exact = 100 * (now / was - 1)
        assert [number(cell) for cell in row[1:]] == pytest.approx(list(exact), abs=0.051)
    assert prices[spot] > 0
    together = russian_page.tables[f"By use, against the plan without the shock: {NAME}"]
    assert [row[1] for row in together[1:]] == [
        "imports for investment (capped)",
        "imports for other uses",
        "imports in all",
        "taken by investment",
    ]


def test_one_product_needs_no_fold_and_no_reference() -> None:
    plan = make_plan(two_branch_economy(), scenario_of(shocks=(CAP,)))
    page = Page(render_report(find(plan)))
    tables = [name for name in page.tables if name.startswith("By use, against")]
    assert len(tables) == 1
    assert "what investment takes of them, from home and abroad, by" in page.text
