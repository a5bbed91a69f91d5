"""Measures: what a frontier weighs against each other, by name.

==============================  ============================================================
name                            what it measures, and what one wants of it
==============================  ============================================================
``consumption``                 household consumption at base prices; more
``investment:BRANCH+BRANCH``    investment started in branches at base prices; more
``import_dependence:PRODUCT``   imported share of a product's domestic use; less
``emission:CODE``               an emission, or the use of a natural resource; less
``hours``                       work done, share of the labour force at observed hours; less
``reserves:PERIOD``             reserves at the end of a period; more
==============================  ============================================================

A period may follow each (``consumption:2020``); without one, a measure is the mean of the planned
periods, weighted by the mandate's discount.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import Economy, Floats, position
from counterplan.errors import InputError, did_you_mean
from counterplan.plan.families.consumption import basket_consumption
from counterplan.plan.families.import_share import investment_use, other_use
from counterplan.plan.families.labour import employed
from counterplan.plan.family import Variables
from counterplan.plan.linear import Expression
from counterplan.plan.outlook import COLLECTIVE, Outlook, hours_path
from counterplan.plan.overlay import capital_of, rows_of
from counterplan.plan.periods import Periods
from counterplan.plan.wording import figure, titled

Maker = Callable[[Outlook, Variables], Expression]
NOTHING = 1e-9  # a share below this is what an engine leaves where there is nothing


@dataclass(frozen=True)
class Measure:
    """A number of a plan.

    Attributes
    ----------
    name, label, unit
        As it was asked for, in words, and its unit.
    thing, rate
        What it is, without the period, and what follows its unit ("a year").
    sense
        1 where more is wanted, -1 where less is.
    above, below
        Makers of the number for each period [1 x P], and of what it is a share of, if of anything.
    period
        A planned period, or None for the mean of all.
    """

    name: str
    label: str
    unit: str
    sense: int
    above: Maker
    below: Maker | None
    period: int | None
    thing: str
    rate: str

    @property
    def share(self) -> bool:
        """Whether it is a share, which is said in percent."""
        return self.unit.startswith("of ")

    def amount(self, value: float) -> str:
        """Return a value in words, with its unit."""
        if self.share:
            return f"{figure(100 * value) if abs(value) > NOTHING else 0}% {self.unit}"
        return " ".join(part for part in (figure(value), self.unit, self.rate) if part)

    def step(self, value: float) -> str:
        """Return a difference in words, with its unit."""
        if self.share:
            points = figure(100 * value) if abs(value) > NOTHING else "0"
            return f"{points} percentage point{'' if points == '1' else 's'}"
        return f"{figure(value)} {self.unit}"

    def yardstick(self, periods: Periods) -> float:
        r"""Return by what a price of the whole is divided for a price in one period's money.

        .. math:: \sum_{t \le T} \beta^t \quad\text{for a mean}, \qquad
                  \beta^t \quad\text{for the period t}
        """
        if self.period is not None:
            return float(periods.weights[periods.index(self.period)])
        return float(periods.weights[:-1].sum())

    def weights(self, periods: Periods) -> Floats:
        """Return the weight of each period [P]; they add up to one, the tail has none."""
        if self.period is not None:
            chosen = np.zeros(len(periods))
            chosen[periods.index(self.period)] = 1.0
            return chosen
        weights = np.append(periods.weights[:-1], 0.0)
        share: Floats = weights / weights.sum()
        return share

    def lasting(self, periods: Periods) -> Floats | None:
        r"""Return the weights [P] of a mean with the years after; None for one period's measure.

        .. math:: \frac{w_t}{\sum_{s \ge 0} \beta^s}

        w the weights of the periods and the tail. They do not add up to one, since the tail of
        what grows on trend is said in its first period; of what never changes the mean is itself.
        """
        if self.period is not None:
            return None
        share: Floats = periods.weights / float(periods.weights @ periods.constant())
        return share

    def gathered(
        self,
        make: Maker,
        given: Outlook,
        plan: Variables,
        *,
        weights: Floats | None = None,
    ) -> Expression:
        """Return a number for the whole plan: one item, in the first period; zero elsewhere.

        The periods count with the measure's own weights, or with others [P].
        """
        expression = make(given, plan)
        count = len(given.periods)
        weights = self.weights(given.periods) if weights is None else weights
        gather = sp.csr_array(
            (weights, (np.zeros(count, dtype=int), np.arange(count))), shape=(count, count)
        )
        blocks = {name: gather @ block for name, block in expression.blocks.items()}
        constant = np.zeros((1, count))
        constant[0, 0] = float(expression.constant[0] @ weights)
        return Expression(blocks, constant, given.periods)


def parse_measure(text: str, economy: Economy) -> Measure:
    """Return the measure of a name; see the module.

    Raises
    ------
    InputError
        For a kind, product, branch, emission or period that is not there.
    """
    kind, *rest = text.split(":")
    if kind not in KINDS:
        raise InputError(
            f"there is no measure '{kind}'",
            place=text,
            mend=did_you_mean(kind, KINDS) or f"the measures are {', '.join(KINDS)}",
        )
    needs_item = kind in ("investment", "import_dependence", "emission")
    if needs_item and not (rest and rest[0]):
        raise InputError(
            f"the measure '{kind}' needs a name", place=text, mend=f"write {kind}:NAME"
        )
    item = rest.pop(0) if needs_item else ""
    if len(rest) > 1 or (rest and not rest[0].lstrip("-").isdigit()):
        raise InputError(f"'{':'.join(rest)}' is not a period", place=text, mend="write its number")
    period = int(rest[0]) if rest else None
    if kind == "reserves" and period is None:
        raise InputError(
            "reserves are a stock: name the period", place=text, mend="write reserves:PERIOD"
        )
    try:
        return KINDS[kind](text, economy, item, period)
    except InputError as error:
        raise InputError(error.thing, place=text, mend=error.mend) from None


def label_of(what: str, period: int | None) -> str:
    """Return a measure in words with its period."""
    return f"{what}, {'mean of all periods' if period is None else period}"


def consumption(text: str, economy: Economy, _: str, period: int | None) -> Measure:
    """Household consumption at base prices."""

    def above(given: Outlook, plan: Variables) -> Expression:
        households = np.array([group != COLLECTIVE for group in given.groups])[given.basket_group]
        price = given.economy.products.prices[given.basket_product] * households
        return basket_consumption(given, plan).through(price[None, :])

    label = label_of("household consumption at base prices", period)
    rate = f"a {economy.period} at base-period prices"
    return Measure(
        text, label, economy.currency, 1, above, None, period, "household consumption", rate
    )


def investment(text: str, economy: Economy, item: str, period: int | None) -> Measure:
    """Investment started in branches, at base prices."""
    branches = item.split("+")
    rows_of(economy.branches(), branches, what="branch")

    def above(given: Outlook, plan: Variables) -> Expression:
        chosen = np.zeros(len(given.economy.capital))
        chosen[capital_of(given, branches)] = 1.0
        return plan.investment.through((chosen * given.capital_price)[None, :])

    label = label_of(f"investment in {item} at base prices", period)
    rate = f"a {economy.period} at base-period prices"
    return Measure(
        text, label, economy.currency, 1, above, None, period, f"investment in {item}", rate
    )


def import_dependence(text: str, economy: Economy, item: str, period: int | None) -> Measure:
    """Imported share of a product's domestic use."""
    pick = sp.csr_array(([1.0], ([0], [economy.product(item)])), shape=(1, len(economy.products)))

    def above(given: Outlook, plan: Variables) -> Expression:
        return (plan.imports + plan.investment_imports).through(pick)

    def below(given: Outlook, plan: Variables) -> Expression:
        return (other_use(given, plan) + investment_use(given, plan)).through(pick)

    label = label_of(f"imported share of the use of {item}", period)
    named = f"import dependence on {titled(economy.products.names[economy.product(item)], item)}"
    return Measure(text, label, "of its use", -1, above, below, period, named, "")


def emission(text: str, economy: Economy, item: str, period: int | None) -> Measure:
    """An emission, or the use of a natural resource."""
    techniques = economy.techniques
    row = position(techniques.emission_codes, item, what="emission")

    def above(given: Outlook, plan: Variables) -> Expression:
        rates = sp.csr_array(given.economy.techniques.emissions)[[row]]
        return plan.activity.through(rates)

    label = label_of(item, period)
    unit, rate = techniques.emission_units[row], f"a {economy.period}"
    return Measure(text, label, unit, -1, above, None, period, item, rate)


def hours(text: str, _: Economy, __: str, period: int | None) -> Measure:
    """Work done, as a share of what the labour force does at observed hours."""

    def above(given: Outlook, plan: Variables) -> Expression:
        each: Floats = hours_path(given.mandate, given.periods) / given.force.sum(axis=0)
        work: Expression = employed(given, plan).total()
        return work * each

    label = label_of("work done", period)
    unit = "of the labour force at observed hours"
    return Measure(text, label, unit, -1, above, None, period, "work", "")


def reserves(text: str, economy: Economy, _: str, period: int | None) -> Measure:
    """Reserves at the end of a period."""

    def above(given: Outlook, plan: Variables) -> Expression:
        return plan.reserves * 1.0

    label = f"reserves at the end of {period}"
    return Measure(
        text,
        label,
        economy.trade.currency,
        1,
        above,
        None,
        period,
        "reserves",
        f"at the end of {period}",
    )


KINDS: dict[str, Callable[[str, Economy, str, int | None], Measure]] = {
    "consumption": consumption,
    "investment": investment,
    "import_dependence": import_dependence,
    "emission": emission,
    "hours": hours,
    "reserves": reserves,
}
