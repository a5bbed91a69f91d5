"""Shocks and goals laid over an outlook: each kind against numbers worked out by hand.

Two-branch economy: prices 1 and 2; 8 t of corn exported; 1 + 2 machines imported for other uses
and for investment; reserves of 5; 140 workers; nothing grows unless a test says so.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from counterplan.economy.economy import Economy, Trend
from counterplan.errors import InputError
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import (
    EmissionGoal,
    ForeignRules,
    Group,
    InvestmentGoal,
    LabourRules,
    Mandate,
    Need,
    SelfRelianceGoal,
)
from counterplan.plan.outlook import WIDE, Outlook
from counterplan.plan.overlay import OVERLAYS, lay_out
from counterplan.plan.shocks import (
    CapacityShock,
    CreditShock,
    DebtShock,
    LabourShock,
    OutageShock,
    PriceShock,
    QuantityShock,
    ReserveShock,
)
from tests.plan.builders import changed, outlook_of, scenario_of, two_branch_economy

CORN, MACHINE = 0, 1
BETA, GROWTH = 0.96, 0.01  # beta of the mandate's default


def growing() -> Economy:
    return replace(two_branch_economy(), trend=Trend(growth=GROWTH))


def under(*shocks: Any, economy: Economy | None = None, **foreign: Any) -> Outlook:
    mandate = Mandate(foreign=ForeignRules(**foreign))
    return outlook_of(economy or two_branch_economy(), mandate=mandate, shocks=shocks)


def asking(*goals: Any, economy: Economy | None = None) -> Outlook:
    return outlook_of(economy or two_branch_economy(), mandate=Mandate(goals=goals))


def refusal(*shocks: Any, mandate: Mandate | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        outlook_of(two_branch_economy(), shocks=shocks, mandate=mandate)
    return caught.value


# ---- shocks -------------------------------------------------------------------------------


def test_a_price_shock_multiplies_the_price_while_it_lasts() -> None:
    outlook = under(
        PriceShock(kind="export_price", products=("corn",), factor=0.5, start=2022, end=2022)
    )

    # 2021, 2022, 2023, and the years after: none of them in the shock.
    assert outlook.export_price[CORN].tolist() == [1.0, 0.5, 1.0, 1.0]
    assert outlook.export_price[MACHINE].tolist() == [2.0] * 4
    assert outlook.import_price[CORN].tolist() == [1.0] * 4


def test_a_price_shock_without_an_end_holds_in_all_years_after() -> None:
    outlook = under(PriceShock(kind="import_price", products=("*",), factor=3, start=2023))

    assert outlook.import_price[CORN].tolist() == [1.0, 1.0, 3.0, 3.0]
    assert outlook.import_price[MACHINE].tolist() == [2.0, 2.0, 6.0, 6.0]


def test_a_price_shock_that_ends_after_the_plan_counts_its_share_of_the_years_after() -> None:
    # Of the years after, 2024 is in the shock and 2025 and later are not. With steady prices a
    # year k after the horizon weighs (1 - b) b^k, and b = beta where nothing grows.
    outlook = under(PriceShock(kind="export_price", products=("corn",), factor=0.5, end=2024))

    assert outlook.export_price[CORN, -1] == pytest.approx(1 - 0.5 * (1 - BETA), rel=1e-12)


def test_two_price_shocks_multiply() -> None:
    half = PriceShock(kind="export_price", products=("corn",), factor=0.5)

    assert under(half, half).export_price[CORN].tolist() == [0.25] * 4


def test_an_import_limit_is_a_share_of_the_observed_quantity_on_trend() -> None:
    outlook = under(
        QuantityShock(kind="import_limit", products=("machine",), share=0.7, start=2022),
        economy=growing(),
    )

    trend = [(1 + GROWTH) ** t for t in (1, 2, 3, 4)]
    for limit, observed in ((outlook.import_limit, 1.0), (outlook.investment_import_limit, 2.0)):
        assert limit[MACHINE, 0] == np.inf
        assert limit[MACHINE, 1:] == pytest.approx([0.7 * observed * g for g in trend[1:]])
        assert limit[CORN].tolist() == [np.inf] * 4


@pytest.mark.parametrize(
    ("use", "limited"), [("investment", (False, True)), ("other", (True, False))]
)
def test_an_import_limit_for_one_use_leaves_the_other_free(
    use: Any, limited: tuple[bool, bool]
) -> None:
    outlook = under(QuantityShock(kind="import_limit", products=("machine",), share=0.0, use=use))

    found = (outlook.import_limit[MACHINE, 0], outlook.investment_import_limit[MACHINE, 0])
    assert tuple(np.isfinite(found)) == limited
    assert outlook.export_limit[MACHINE, 0] == np.inf


def test_of_two_limits_the_tighter_one_holds() -> None:
    wide, tight = (
        QuantityShock(kind="export_limit", products=("corn",), share=share) for share in (0.9, 0.4)
    )

    for order in ((wide, tight), (tight, wide)):
        assert under(*order).export_limit[CORN].tolist() == pytest.approx([3.2] * 4)


def test_a_limit_that_ends_leaves_what_no_plan_reaches_for_the_rest_of_the_years_after() -> None:
    outlook = under(QuantityShock(kind="export_limit", products=("corn",), share=0.0, end=2024))

    share = 1 - BETA  # of the years after, by discounted weight, in the ban
    assert outlook.export_limit[CORN, :3].tolist() == [0.0] * 3
    assert outlook.export_limit[CORN, 3] == pytest.approx(8 * (1 - share) * WIDE)


def test_debts_fall_due_in_their_years_and_add_to_those_that_were_there() -> None:
    outlook = under(
        DebtShock(kind="debt_service", amounts={2021: 10.0, 2023: 4.0, 2024: 7.0}),
        DebtShock(kind="debt_service", amounts={2021: 1.0}),
    )

    # 2024 is the first of the years after.
    assert outlook.debt_service[:3].tolist() == [11.0, 0.0, 4.0]
    assert outlook.debt_service[3] == pytest.approx((1 - BETA) * 7.0)


def test_lost_capacity_is_lost_in_the_branch_and_the_years_named() -> None:
    outlook = under(
        CapacityShock(kind="capacity", branches=("industry",), share=0.8, start=2022, end=2022),
        CapacityShock(kind="capacity", branches=("*",), share=0.5, start=2022, end=2022),
    )

    assert outlook.usable.tolist() == [[1.0, 0.5, 1.0, 1.0], [1.0, 0.4, 1.0, 1.0]]


def test_an_outage_is_lost_at_the_producer_named_and_nowhere_else() -> None:
    outlook = under(
        OutageShock(kind="outage", producers=("works",), share=0.25, start=2022, end=2022),
        OutageShock(kind="outage", producers=("*",), share=0.5, start=2023, end=2023),
    )

    assert outlook.usable.tolist() == [[1.0, 1.0, 0.5, 1.0], [1.0, 0.25, 0.5, 1.0]]


def test_the_labour_force_changes_by_a_factor() -> None:
    outlook = under(LabourShock(kind="labour", skills=("worker",), factor=0.9, end=2021))

    assert outlook.force[0].tolist() == [126.0, 140.0, 140.0, 140.0]


def test_lost_reserves_take_the_observed_floor_with_them_and_leave_a_stated_one() -> None:
    lost = ReserveShock(kind="reserves", lost=2.0)

    assert under(lost).reserves == 3.0
    assert under(lost).reserves_floor.tolist() == pytest.approx([3.0] * 4)
    assert under(lost, reserves_floor=1.0).reserves == 3.0
    assert under(lost, reserves_floor=1.0).reserves_floor.tolist() == pytest.approx([1.0] * 4)


# ---- goals --------------------------------------------------------------------------------


def test_an_investment_goal_is_a_multiple_of_the_observed_on_trend() -> None:
    outlook = asking(
        InvestmentGoal(kind="investment", branches=("industry",), factor=3, start=2022, end=2023),
        InvestmentGoal(kind="investment", branches=("industry",), factor=1, start=2021),
        economy=growing(),
    )

    # Two shops were started in 2020. In the years after only the second goal is left.
    wanted = [2 * 1 * 1.01, 2 * 3 * 1.01**2, 2 * 3 * 1.01**3, 2 * 1 * 1.01**4]
    assert outlook.investment_floor[1] == pytest.approx(wanted)
    assert outlook.investment_floor[0].tolist() == [0.0] * 4


def test_a_self_reliance_goal_caps_the_imported_share_and_the_tighter_one_holds() -> None:
    outlook = asking(
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.2),
        SelfRelianceGoal(kind="self_reliance", product="machine", share=0.1, start=2023),
    )

    assert outlook.import_share_limit[MACHINE].tolist() == pytest.approx([0.2, 0.2, 0.1, 0.1])
    assert outlook.import_share_limit[CORN].tolist() == [np.inf] * 4


def test_an_emission_goal_caps_at_a_multiple_of_what_was_given_off() -> None:
    # 100 x 0.01 + 20 x 0.5 = 11 t of smoke.
    outlook = asking(EmissionGoal(kind="emission", emission="smoke", factor=0.5, end=2022))

    assert outlook.emission_limit[0, :2].tolist() == pytest.approx([5.5, 5.5])
    assert outlook.emission_limit[0, 2] == np.inf


def test_every_kind_of_shock_and_goal_has_its_overlay() -> None:
    from typing import get_args

    from counterplan.plan.mandate import Goal
    from counterplan.plan.shocks import Shock

    kinds = {kind for union in (Shock, Goal) for kind in get_args(get_args(union)[0])}

    assert kinds == set(OVERLAYS)


def test_the_economy_stays_as_it_was() -> None:
    economy = two_branch_economy()
    outlook_of(economy, shocks=(PriceShock(kind="export_price", products=("*",), factor=0.1),))

    assert economy.trade.export_price.tolist() == [1.0, 2.0]


# ---- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shock", "thing", "mend"),
    [
        (
            PriceShock(kind="export_price", products=("cron",), factor=1),
            "product 'cron' is not in the economy",
            "did you mean 'corn'?",
        ),
        (
            QuantityShock(kind="import_limit", products=("machines",), share=1),
            "product 'machines'",
            "'machine'",
        ),
        (
            CapacityShock(kind="capacity", branches=("industri",), share=1),
            "branch 'industri'",
            "'industry'",
        ),
        (
            OutageShock(kind="outage", producers=("work",), share=1),
            "producer 'work'",
            "'works'",
        ),
        (LabourShock(kind="labour", skills=("workers",), factor=1), "skill 'workers'", "'worker'"),
        (ReserveShock(kind="reserves", lost=6), "6 of reserves", "at most what there is"),
        (
            PriceShock(kind="export_price", products=("corn",), factor=1, start=2023, end=2022),
            "ends in 2022, before it starts in 2023",
            "",
        ),
        (
            PriceShock(kind="export_price", products=("corn",), factor=1, end=2020),
            "ends in 2020, before the plan starts in 2021",
            "into the plan",
        ),
    ],
)
def test_a_shock_that_does_not_fit_is_refused_with_its_place(
    shock: Any, thing: str, mend: str
) -> None:
    fine = PriceShock(kind="export_price", products=("corn",), factor=1)
    error = refusal(fine, shock)

    assert thing in error.thing
    assert error.place == "shocks.1"
    assert mend in error.mend


@pytest.mark.parametrize(
    ("goal", "thing"),
    [
        (InvestmentGoal(kind="investment", branches=("mines",), factor=1), "branch 'mines'"),
        (SelfRelianceGoal(kind="self_reliance", product="bread", share=1), "product 'bread'"),
        (EmissionGoal(kind="emission", emission="smok", factor=1), "emission 'smok'"),
    ],
)
def test_a_goal_that_does_not_fit_is_refused_with_its_place(goal: Any, thing: str) -> None:
    error = refusal(mandate=Mandate(goals=(goal,)))

    assert thing in error.thing
    assert error.place == "mandate.goals.0"


@pytest.mark.parametrize(
    ("mandate", "place", "thing"),
    [
        (Mandate(groups={"poeple": Group()}), "mandate.groups.poeple", "'poeple'"),
        (Mandate(needs=(Need(share=1), Need(group="x", share=1))), "mandate.needs.1", "'x'"),
        (Mandate(needs=(Need(product="y", share=1),)), "mandate.needs.0", "product 'y'"),
    ],
)
def test_a_mandate_that_names_nobody_is_refused(mandate: Mandate, place: str, thing: str) -> None:
    error = refusal(mandate=mandate)

    assert error.place == place
    assert thing in error.thing


@pytest.mark.parametrize("first", [2020, 2021])
def test_a_plan_starts_in_the_observed_period_or_in_the_next(first: int) -> None:
    assert lay_out(two_branch_economy(), scenario_of(first=first)).periods.first == first


@pytest.mark.parametrize("first", [2019, 2022])
def test_a_plan_does_not_start_elsewhere(first: int) -> None:
    with pytest.raises(InputError, match=f"starts in {first} and the economy was observed in 2020"):
        lay_out(two_branch_economy(), scenario_of(first=first))


def refused(*, mandate: Mandate | None = None, shocks: tuple[Any, ...] = ()) -> InputError:
    with pytest.raises(InputError) as caught:
        outlook_of(two_branch_economy(), mandate=mandate, shocks=shocks)
    return caught.value


def test_a_need_for_what_nobody_was_seen_to_consume_is_refused() -> None:
    economy = changed(two_branch_economy(), "demand", consumption=np.array([[70.0], [0.0]]))
    need = Need(group="people", product="machine", share=0.5)
    with pytest.raises(InputError, match="not in the observed basket of people"):
        outlook_of(economy, mandate=Mandate(needs=(need,)))


def test_amounts_before_the_plan_are_refused() -> None:
    error = refused(shocks=(DebtShock(kind="debt_service", amounts={2019: 1.0}),))
    assert error.place == "shocks.0.amounts"
    assert error.mend == "the plan covers 2021 to 2023"


def test_amounts_after_the_plan_enter_the_years_after() -> None:
    late = DebtShock(kind="debt_service", amounts={2023: 0.0, 2030: 1.0})
    outlook = outlook_of(two_branch_economy(), shocks=(late,))
    assert outlook.debt_service[:-1].tolist() == [0.0, 0.0, 0.0]
    assert outlook.debt_service[-1] > 0


@pytest.mark.parametrize("period", [2019, 2024])
def test_hours_outside_the_plan_are_refused(period: int) -> None:
    error = refused(mandate=Mandate(labour=LabourRules(hours={period: 0.9})))
    assert error.place == "mandate.labour.hours"


def test_an_investment_goal_where_nothing_was_invested_is_refused() -> None:
    economy = changed(two_branch_economy(), "capital", investment=np.array([10.0, 0.0]))
    goal = InvestmentGoal(kind="investment", branches=("industry",), factor=2.0)
    with pytest.raises(InputError, match="no investment was observed in industry"):
        outlook_of(economy, mandate=Mandate(goals=(goal,)))


def test_a_lost_credit_line_is_lost_from_its_year_on() -> None:
    economy = changed(two_branch_economy(), "accounts", new_credit=3.0, transfers=5.0)
    lost = CreditShock(kind="credit", factor=0.0, start=2022)
    outlook = outlook_of(economy, shocks=(lost,))
    assert outlook.observed_credit.tolist() == [3.0, 0.0, 0.0, 0.0]


def test_observed_credit_leaves_the_foreign_account_as_it_was() -> None:
    """Credit and as much more outflow change nothing but the two entries."""
    plain = two_branch_economy()
    lent = changed(plain, "accounts", new_credit=3.0, transfers=5.0)
    first = make_plan(plain, scenario_of(periods=2))
    second = make_plan(lent, scenario_of(periods=2))
    assert second.certificate.value == pytest.approx(first.certificate.value, rel=1e-7)
    account = second.foreign_account()
    assert account.loc["credit as observed"].tolist() == [3.0, 3.0]
    assert account.sum().abs().max() < 1e-6
