"""Sense: more of anything never hurts, a tighter limit never helps, and units do not matter."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.economy.economy import Economy, no_projects
from counterplan.plan.mandate import (
    EmissionGoal,
    ForeignRules,
    InvestmentGoal,
    Mandate,
    Need,
    SelfRelianceGoal,
)
from counterplan.plan.shocks import (
    CapacityShock,
    DebtShock,
    LabourShock,
    PriceShock,
    QuantityShock,
)
from tests.plan.builders import changed, outlook_of, problem_of, two_branch_economy
from tests.plan.relief import best_value, plan_for, three_workplaces

OPEN = Mandate(foreign=ForeignRules(reserves_floor=0.0, debt_limit=50.0))


def stored(economy: Economy) -> Economy:
    """Let corn be stored: 10 t are there."""
    return changed(
        economy, "stocks", storable=np.array([True, False]), initial=np.array([10.0, 0.0])
    )


def value(economy: Economy, *, mandate: Mandate = OPEN, shocks: tuple = ()) -> float:
    """Return the value of the best plan of three years."""
    return best_value(problem_of(economy, mandate=mandate, shocks=shocks).program)


# ---- more of a resource -------------------------------------------------------------------------

Grow = Callable[[Economy, float], Economy]


def more_land(economy: Economy, share: float) -> Economy:
    return changed(economy, "capital", capacity=economy.capital.capacity * [1 + share, 1.0])


def more_shops(economy: Economy, share: float) -> Economy:
    return changed(economy, "capital", capacity=economy.capital.capacity * [1.0, 1 + share])


def more_people(economy: Economy, share: float) -> Economy:
    return changed(economy, "labour", force=economy.labour.force * (1 + share))


def more_reserves(economy: Economy, share: float) -> Economy:
    return changed(economy, "accounts", reserves=economy.accounts.reserves + 20 * share)


def more_credit(economy: Economy, share: float) -> Economy:
    return changed(economy, "accounts", new_credit=economy.accounts.new_credit + share)


def more_corn(economy: Economy, share: float) -> Economy:
    return changed(economy, "stocks", initial=economy.stocks.initial + np.array([30 * share, 0.0]))


def less_wear(economy: Economy, share: float) -> Economy:
    return changed(economy, "stocks", loss=np.array([0.2 * (1 - share), 0.0]))


def better_prices(economy: Economy, share: float) -> Economy:
    return changed(economy, "trade", export_price=economy.trade.export_price * (1 + share))


RESOURCES: dict[str, Grow] = {
    "land": more_land,
    "shops": more_shops,
    "people": more_people,
    "reserves": more_reserves,
    "credit": more_credit,
    "corn in store": more_corn,
    "less storage loss": less_wear,
    "export prices": better_prices,
}
TROUBLES = {
    "none": (),
    "harvest": (
        CapacityShock(kind="capacity", branches=("agriculture",), share=0.9, start=2022, end=2022),
    ),
    "prices": (PriceShock(kind="export_price", products=("corn",), factor=0.8),),
    "people": (LabourShock(kind="labour", skills=("worker",), factor=0.95, start=2022),),
}


@settings(deadline=None, max_examples=20)
@given(
    resource=st.sampled_from(sorted(RESOURCES)),
    trouble=st.sampled_from(sorted(TROUBLES)),
    little=st.floats(0.0, 0.3),
    more=st.floats(0.0, 0.3),
)
def test_more_of_a_resource_never_lowers_the_mandates_value(
    resource: str, trouble: str, little: float, more: float
) -> None:
    grow, economy = RESOURCES[resource], stored(two_branch_economy())

    less = value(grow(economy, little), shocks=TROUBLES[trouble])
    much = value(grow(economy, little + more), shocks=TROUBLES[trouble])

    assert much >= less - 1e-6 * abs(less)


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_each_resource_does_raise_the_value_where_it_is_short(resource: str) -> None:
    economy = stored(two_branch_economy())
    shocks = TROUBLES["harvest"] + TROUBLES["prices"]
    if resource in ("shops", "people"):
        shocks = ()
    grow = RESOURCES[resource]

    assert (
        value(grow(economy, 0.2), shocks=shocks) > value(grow(economy, 0.0), shocks=shocks) + 1e-3
    )


# ---- a tighter limit ----------------------------------------------------------------------------


def limited(kind: str, level: float) -> tuple[Mandate, tuple]:
    """Return mandate and shocks with one limit at a level from 0, loose, to 1, tight."""
    goals: dict[str, object] = {
        "emission": EmissionGoal(kind="emission", emission="smoke", factor=1.05 - 0.15 * level),
        "self-reliance": SelfRelianceGoal(
            kind="self_reliance", product="machine", share=0.15 - 0.05 * level
        ),
        "investment": InvestmentGoal(
            kind="investment", branches=("industry",), factor=0.9 + 0.6 * level
        ),
    }
    shocks: dict[str, object] = {
        "export ban": QuantityShock(
            kind="export_limit", products=("corn",), share=1.1 - 0.3 * level
        ),
        "machinery cap": QuantityShock(
            kind="import_limit",
            products=("machine",),
            share=1.0 - 0.5 * level,
            use="investment",
        ),
        "import cap": QuantityShock(
            kind="import_limit", products=("machine",), share=1.0 - 0.5 * level, use="other"
        ),
        "debts": DebtShock(kind="debt_service", amounts={2022: 1.5 * level}),
        "dear imports": PriceShock(
            kind="import_price", products=("machine",), factor=1.0 + level, start=2022
        ),
        "outage": CapacityShock(kind="capacity", branches=("industry",), share=1.0 - 0.2 * level),
    }
    if kind in shocks:
        return OPEN, (shocks[kind],)
    if kind == "need":
        need = Need(product="corn", share=0.95 + 0.06 * level)
        return OPEN.model_copy(update={"needs": (need,)}), ()
    return OPEN.model_copy(update={"goals": (goals[kind],)}), ()


LIMITS = (
    "emission",
    "self-reliance",
    "investment",
    "export ban",
    "machinery cap",
    "import cap",
    "debts",
    "dear imports",
    "outage",
    "need",
)


@settings(deadline=None, max_examples=20)
@given(kind=st.sampled_from(LIMITS), low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0))
def test_a_tightened_limit_never_raises_the_mandates_value(
    kind: str, low: float, high: float
) -> None:
    loose, tight = sorted((low, high))
    values = []
    for level in (loose, tight):
        mandate, shocks = limited(kind, level)
        program = problem_of(two_branch_economy(), mandate=mandate, shocks=shocks).program
        values.append(best_value(program, impossible=-np.inf))

    assert values[1] <= values[0] + 1e-6 * abs(values[0])


@pytest.mark.parametrize("kind", LIMITS)
def test_each_limit_does_cost_something_when_it_is_tight(kind: str) -> None:
    values = []
    for level in (0.0, 1.0):
        mandate, shocks = limited(kind, level)
        values.append(value(two_branch_economy(), mandate=mandate, shocks=shocks))

    assert values[1] < values[0] - 1e-3


# ---- units --------------------------------------------------------------------------------------

HARVEST = CapacityShock(
    kind="capacity", branches=("agriculture",), share=0.93, start=2022, end=2022
)


def times(economy: Economy, factor: float) -> Economy:
    """Return an economy in which everything is there ``factor`` times."""
    capital, trade, accounts = economy.capital, economy.trade, economy.accounts
    demand, stocks = economy.demand, economy.stocks
    economy = replace(
        economy,
        techniques=replace(economy.techniques, activity=economy.techniques.activity * factor),
        labour=replace(economy.labour, force=economy.labour.force * factor),
        capital=replace(
            capital, capacity=capital.capacity * factor, investment=capital.investment * factor
        ),
        stocks=replace(stocks, initial=stocks.initial * factor, minimum=stocks.minimum * factor),
        demand=replace(
            demand,
            consumption=demand.consumption * factor,
            collective=demand.collective * factor,
            other=demand.other * factor,
        ),
        trade=replace(
            trade,
            exports=trade.exports * factor,
            imports_other=trade.imports_other * factor,
            imports_investment=trade.imports_investment * factor,
            export_limit=trade.export_limit * factor,
        ),
        accounts=replace(
            accounts,
            reserves=accounts.reserves * factor,
            transfers=accounts.transfers * factor,
            debt_service=accounts.debt_service * factor,
            new_credit=accounts.new_credit * factor,
        ),
    )
    return changed(economy, "routes", limit=economy.routes.limit * factor)


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_an_economy_a_thousand_times_as_large_has_the_same_valuations(factor: float) -> None:
    small = plan_for(outlook_of(two_branch_economy(), shocks=(HARVEST,)))
    large = plan_for(outlook_of(times(two_branch_economy(), factor), shocks=(HARVEST,)))

    for name in ("product_balance", "foreign_balance"):
        assert large.worth(name)[:, 1:] == pytest.approx(small.worth(name)[:, 1:], rel=1e-4)
    assert large.certificate.value == pytest.approx(factor * small.certificate.value, rel=1e-7)
    assert large.quantity("activity") == pytest.approx(
        factor * small.quantity("activity"), rel=1e-3
    )


def test_a_thousand_farms_bake_a_thousand_times_the_bread() -> None:
    # The example without its canal, which cannot be dug a thousand times.
    economy = replace(three_workplaces(), projects=no_projects())
    small = plan_for(outlook_of(economy, first=2, periods=2))
    large = plan_for(outlook_of(times(economy, 1000.0), first=2, periods=2))

    assert large.certificate.value == pytest.approx(1000 * small.certificate.value, rel=1e-7)
    assert large.satisfaction().to_numpy() == pytest.approx(
        small.satisfaction().to_numpy(), abs=1e-4
    )


def in_kilogrammes(economy: Economy) -> Economy:
    """Return the two-branch economy with corn in kilogrammes."""
    thousand = np.array([1000.0, 1.0])
    column = thousand[:, None]
    techniques, trade, stocks = economy.techniques, economy.trade, economy.stocks
    economy = replace(
        economy,
        products=replace(economy.products, prices=economy.products.prices / thousand),
        techniques=replace(
            techniques,
            use=(techniques.use * column).tocsc(),
            output=(techniques.output * column).tocsc(),
        ),
        demand=replace(economy.demand, consumption=economy.demand.consumption * column),
        stocks=replace(stocks, initial=stocks.initial * thousand),
        trade=replace(
            trade,
            exports=trade.exports * thousand,
            imports_other=trade.imports_other * thousand,
            imports_investment=trade.imports_investment * thousand,
            export_price=trade.export_price / thousand,
            import_price=trade.import_price / thousand,
        ),
    )
    return changed(economy, "capital", composition=(economy.capital.composition * column).tocsc())


def test_corn_in_kilogrammes_is_worth_a_thousandth_and_changes_nothing_else() -> None:
    tonnes = plan_for(outlook_of(stored(two_branch_economy()), shocks=(HARVEST,)))
    kilos = plan_for(outlook_of(in_kilogrammes(stored(two_branch_economy())), shocks=(HARVEST,)))

    assert kilos.certificate.value == pytest.approx(tonnes.certificate.value, rel=1e-7)
    worth = kilos.worth("product_balance")[:, 1:]
    assert worth * np.array([[1000.0], [1.0]]) == pytest.approx(
        tonnes.worth("product_balance")[:, 1:], rel=1e-4
    )
    assert kilos.quantity("activity") == pytest.approx(tonnes.quantity("activity"), rel=1e-3)
