"""Slips: numbers that are allowed and most often mistyped, told of before a plan is made.

A factor of 60 for 60 per cent, hours of 95, billions where the economy counts millions: nothing is
wrong with any of them in itself, so none is refused. Each note says how the number reads and what
may have been meant.
"""

from collections.abc import Iterator, Mapping

from counterplan.economy.economy import Economy
from counterplan.plan import shocks as given
from counterplan.plan.scenario import Scenario
from counterplan.plan.wording import figure, percent

FACTOR_LOW, FACTOR_HIGH = 0.1, 3.0  # world prices of raw materials moved by less in any one year
HOURS_LOW, HOURS_HIGH = 0.5, 1.5
AMOUNT_LEAST = 1e-3  # of the foreign turnover: thousands typed for units are below, debts above
NAMES_MOST = 3


def slip_notes(economy: Economy, scenario: Scenario) -> tuple[str, ...]:
    """Return what reads like a slip: factors, hours, limits and amounts in another unit."""
    return (
        *factor_notes(scenario),
        *hour_notes(scenario.mandate.labour.hours),
        *share_notes(scenario),
        *amount_notes(economy, scenario),
    )


def factor_notes(scenario: Scenario) -> Iterator[str]:
    """Yield the price factors that are far from 1."""
    for item in scenario.shocks:
        if not isinstance(item, given.PriceShock) or FACTOR_LOW <= item.factor <= FACTOR_HIGH:
            continue
        meant = f"; is {figure(item.factor / 100)} meant?" if item.factor > FACTOR_HIGH else ""
        yield (
            f"{item.kind} of {some(item.products)} has the factor {figure(item.factor)}: prices "
            f"at {percent(item.factor)} of the observed{meant}"
        )


def hour_notes(hours: Mapping[int, float]) -> Iterator[str]:
    """Yield the hours that nobody works."""
    for period, each in sorted(hours.items()):
        if HOURS_LOW <= each <= HOURS_HIGH:
            continue
        meant = f"; is {figure(each / 100)} meant?" if each > HOURS_HIGH else ""
        yield (
            f"hours of {figure(each)} from {period} on: a person works {percent(each)} of the "
            f"observed{meant}"
        )


def share_notes(scenario: Scenario) -> Iterator[str]:
    """Yield the limits on trade that limit nothing that was seen."""
    for item in scenario.shocks:
        if isinstance(item, given.QuantityShock) and item.share > 1:
            yield (
                f"{item.kind} of {some(item.products)} has the share {figure(item.share)}: it "
                f"allows more than was observed, {percent(item.share)} of it on trend"
            )


def amount_notes(economy: Economy, scenario: Scenario) -> Iterator[str]:
    """Yield the amounts that are next to nothing beside the economy's foreign trade."""
    trade, unit = economy.trade, economy.trade.currency
    imports = trade.imports_other + trade.imports_investment
    turnover = float(imports @ trade.import_price + trade.exports @ trade.export_price)
    for what, amount in amounts(scenario):
        if 0 < amount < AMOUNT_LEAST * turnover:
            yield (
                f"{what}: {figure(amount)} {unit} is {figure(100 * amount / turnover, digits=2)}% "
                f"of the exports and imports of the base period, {figure(turnover)} {unit}; are "
                "these thousands or billions?"
            )


def amounts(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Yield every amount of foreign currency in a scenario, and what it is."""
    foreign = scenario.mandate.foreign
    for period, amount in sorted(foreign.credit.items()):
        yield f"credit of {period}", amount
    yield "debt_limit", foreign.debt_limit
    yield "reserves_floor", foreign.reserves_floor or 0.0
    for item in scenario.shocks:
        if isinstance(item, given.DebtShock):
            for period, amount in sorted(item.amounts.items()):
                yield f"debt_service of {period}", amount
        elif isinstance(item, given.ReserveShock):
            yield "reserves lost", item.lost


def some(names: tuple[str, ...]) -> str:
    """Return the first of the names that a shock is about."""
    return ", ".join(names[:NAMES_MOST]) + (" ..." if len(names) > NAMES_MOST else "")
