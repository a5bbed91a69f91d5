"""What the first section assumes, with its size."""

from dataclasses import replace

import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.plan import Plan
from counterplan.report.draft import Draft
from counterplan.report.findings import find
from counterplan.report.sections.opening import outflow
from tests.plan.builders import changed, scenario_of, two_branch_economy
from tests.report.plans import Page, number


def test_the_outflow_that_goes_on_is_stated_with_its_size(
    russian_page: Page, russia: dict[str, Plan]
) -> None:
    rows = {row[0]: row[1:] for row in russian_page.tables["Foreign account, billion USD"]}
    whole = rows["Transfers that go on"][-1].lstrip("\u2212")
    part = round(100 * number(whole) / number(rows["Exports"][-1]))
    base = russia["crisis"].economy.accounts.transfers / 1000
    short = russian_page.text.split("What was asked")[1]  # after the list of contents
    assert f"all of the net outflow abroad that was observed in 2014 ({base:.1f} billion" in short
    assert (
        f": {whole} billion USD over the 3 years 2015 to 2017, {part}% of what exports earn"
        in short
    )


@pytest.mark.parametrize(
    ("share", "transfers", "said"),
    [
        (0.5, 2.0, "50% of the net outflow abroad that was observed in 2020 (2.00 dollar"),
        (0.0, 2.0, "nothing of the net outflow abroad"),
        (1.0, -2.0, "all of the net inflow abroad that was observed in 2020 (2.00 dollar"),
        (1.0, 0.0, ""),
    ],
)
def test_other_shares_and_an_inflow(share: float, transfers: float, said: str) -> None:
    economy = changed(two_branch_economy(), "accounts", transfers=transfers)
    mandate = Mandate(foreign=ForeignRules(surplus=share, reserves_floor=3.0))
    plan = make_plan(economy, scenario_of(mandate=mandate))
    text = outflow(Draft(find(plan)))
    assert said in text
    assert bool(text) == bool(said)
    assert ("over the 3 years" in text) == bool(share and transfers)
    assert ("of what exports earn" in text) == (share > 0 and transfers > 0)


def test_a_plan_that_sells_nothing_says_no_share(small: dict[str, Plan]) -> None:
    found = find(small["crisis"])
    counts = found.account.counts.copy()
    counts[found.account.rows.index("Exports")] = 0
    idle = replace(found, account=replace(found.account, counts=counts))
    assert "of what exports earn" not in outflow(Draft(idle))
