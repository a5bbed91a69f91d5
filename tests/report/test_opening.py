"""What the first section assumes, with its size."""

from dataclasses import replace

import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.mandate import ForeignRules, Mandate
from counterplan.plan.plan import Plan
from counterplan.report.draft import Draft
from counterplan.report.findings import Findings, find
from counterplan.report.sections.opening import currency_sentence, leeway, mandated, outflow
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


def test_what_another_mandate_allows_is_split_off(
    russian_page: Page, small: dict[str, Plan]
) -> None:
    caption = "Foreign currency against the plan without the shock, billion USD"
    rows = {row[0]: row[1:] for row in russian_page.tables[caption]}
    drawn = number(rows["Drawn from reserves"][-1])
    assert 0 < drawn <= 100
    said = (
        f"Of this, {drawn:.1f} billion USD are reserves drawn that the plan without the shock has "
        "to keep: that part of the answer is another mandate, not the plan's skill."
    )
    assert said in russian_page.text
    crisis, calm = small["crisis"], small["reference"]
    found = find(crisis, reference=calm)
    loss = found.loss
    assert loss is not None
    text = mandated(Draft(found), loss)
    # Two dollars of reserves and half of the observed outflow of two dollars a year.
    assert "are reserves drawn that the plan without the shock has to keep and" in text
    assert f"Of this, {2:.2f} dollar are reserves" in text
    assert f"{3:.2f} dollar are transfers that the plan without the shock has to let go" in text
    back = find(calm, reference=crisis)
    assert back.loss is not None
    assert mandated(Draft(back), back.loss).startswith("Part of the difference is another mandate")


def test_what_a_mandate_allows(small: dict[str, Plan]) -> None:
    assert leeway(small["reference"]) == {
        "Drawn from reserves": -5.0,
        "New credit": 0,
        "Smaller transfers abroad": -1.0,
    }
    assert leeway(small["crisis"])["Drawn from reserves"] == -3.0


def test_currency_dearest_at_first_is_said_to_be_unsure(findings: Findings) -> None:
    values = findings.now.currency * 0 + 1.0
    for spot, said in ((0, True), (1, False)):
        moved = values.copy()
        moved.iloc[spot] = 2.0
        text = currency_sentence(
            Draft(replace(findings, now=replace(findings.now, currency=moved)))
        )
        assert ("another figure may prove the plan as well" in text) is said
