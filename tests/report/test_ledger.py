"""The ledgers add up, and the loss is what a calculation by hand says."""

import numpy as np
import pytest

from counterplan.plan.make import make_plan
from counterplan.plan.plan import Plan
from counterplan.plan.shocks import CreditShock, PriceShock
from counterplan.report.ledger import ACCOUNT, ANSWERED, TAKEN, Ledger, foreign_ledger, loss_ledger
from tests.plan.builders import changed, scenario_of, two_branch_economy


def test_the_loss_by_hand(small: dict[str, Plan]) -> None:
    # At half of 1 dollar the corn sold without the shock earns half a dollar less per tonne. One
    # dollar of debt falls due in 2021. Of 2 dollars of outflow 1 may end in every year.
    loss = loss_ledger(small["crisis"], small["reference"])
    sold = small["reference"].exports().loc["corn"].to_numpy()
    assert (loss.scale.unit, loss.scale.digits) == ("dollar", 2)
    np.testing.assert_allclose(loss.entry("Lower export prices"), -50 * sold, atol=1)
    np.testing.assert_array_equal(loss.entry("More debt service"), [-100, 0, 0])
    np.testing.assert_array_equal(loss.entry("Higher import prices"), 0)
    np.testing.assert_array_equal(loss.entry("Smaller transfers abroad"), [100, 100, 100])
    assert loss.entry("Drawn from reserves").sum() == 200  # the floor lies 2 dollars lower
    np.testing.assert_array_equal(loss.part(TAKEN) + loss.part(ANSWERED), 0)


def test_the_answers_are_volumes_at_the_plans_prices(small: dict[str, Plan]) -> None:
    plan, reference = small["crisis"], small["reference"]
    loss = loss_ledger(plan, reference)
    sold = (plan.exports() - reference.exports()).loc["corn"] * 0.5
    bought = (plan.imports() - reference.imports()).loc["machine"] * 2.0
    np.testing.assert_allclose(loss.entry("Volume of exports") / 100, sold, atol=0.011)
    np.testing.assert_allclose(loss.entry("Fewer imports") / 100, -bought, atol=0.011)


def test_dearer_imports_are_counted_at_the_references_volumes(small: dict[str, Plan]) -> None:
    dearer = PriceShock(kind="import_price", products=("machine",), factor=1.5)
    plan = make_plan(two_branch_economy(), scenario_of(shocks=(dearer,)))
    loss = loss_ledger(plan, small["reference"])
    bought = small["reference"].imports().loc["machine"].to_numpy()  # now at 1 dollar more
    np.testing.assert_allclose(loss.entry("Higher import prices"), -100 * bought, atol=1)
    assert not loss.entry("Lower export prices").any()


def test_a_credit_line_that_is_lost_is_taken(small: dict[str, Plan]) -> None:
    economy = changed(two_branch_economy(), "accounts", new_credit=1.0)
    reference = make_plan(economy, scenario_of())
    lost = CreditShock(kind="credit", factor=0.25, start=2022)
    loss = loss_ledger(make_plan(economy, scenario_of(shocks=(lost,))), reference)
    np.testing.assert_array_equal(loss.entry("Lost credit"), [0, -75, -75])
    assert foreign_ledger(reference).entry("Credit as observed").tolist() == [100, 100, 100]


def test_a_plan_loses_nothing_against_itself(small: dict[str, Plan]) -> None:
    loss = loss_ledger(small["crisis"], small["crisis"])
    assert loss.present((*TAKEN, *ANSWERED)) == ()


@pytest.mark.parametrize("name", ["reference", "crisis", "variant"])
def test_the_account_adds_up_and_is_the_plans(russia: dict[str, Plan], name: str) -> None:
    plan = russia[name]
    ledger = foreign_ledger(plan)
    assert ledger.scale.unit == "billion USD"
    assert not ledger.part(ledger.rows).any()
    exact = plan.foreign_account().to_numpy() * 1e-3
    np.testing.assert_allclose(ledger.counts / 10, exact, atol=0.1)
    np.testing.assert_allclose(ledger.counts.sum(axis=1) / 10, exact.sum(axis=1), atol=0.1)
    assert set(ledger.rows) == set(ACCOUNT.values())


def test_both_ledgers_draw_the_same_reserves(russia: dict[str, Plan]) -> None:
    account = foreign_ledger(russia["crisis"])
    loss = loss_ledger(russia["crisis"], russia["reference"])
    # All that the floor allows is drawn; the reference keeps its reserves.
    outlook = russia["crisis"].outlook
    allowed = round((outlook.reserves - outlook.reserves_floor[0]) / 100)
    assert account.entry("Drawn from reserves").sum() == allowed
    assert loss.entry("Drawn from reserves").sum() == allowed


def test_words_and_missing_rows(small: dict[str, Plan]) -> None:
    ledger: Ledger = foreign_ledger(small["reference"])
    assert ledger.words(-800) == "8.00 dollar"
    assert ledger.amount(-800) == -8.0
    np.testing.assert_array_equal(ledger.entry("no such row"), 0)
