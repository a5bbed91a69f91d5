"""Conflict: why a mandate cannot be kept, and the least change that makes it possible.

The equation of the elastic programme and the way a set of demands is narrowed are on
``docs/plan/conflict.md``.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterplan.economy.economy import Codes, Floats, Integers
from counterplan.errors import InputError, LimitError
from counterplan.plan.demand import Demand, product_name, stated
from counterplan.plan.demands import demands
from counterplan.plan.elastic import POSSIBLE, Elastic, Relief, elastic, least_relief
from counterplan.plan.families.import_share import investment_use, other_use
from counterplan.plan.limits import gross_credit
from counterplan.plan.linear import Expression
from counterplan.plan.names import capacity_measure
from counterplan.plan.problem import Problem
from counterplan.plan.relief import Change, bullets, change_lines, demand_lines, shortage_line
from counterplan.plan.wording import figure, not_above, not_below, titled
from counterplan.solve.program import Engine

SECONDS_MAX = 20.0
PIECES_MAX = 60

Marks = npt.NDArray[np.bool_]


class ImpossibleMandateError(InputError):
    """No plan keeps the mandate."""


@dataclass(frozen=True)
class Conflict:
    """Demands that cannot hold together, and the least that has to give.

    Attributes
    ----------
    together
        They cannot all hold; ``narrowed`` says in what pieces none of them can be spared: "line"
        (of the mandate), "period" (a line in a period) or "demand" (a line, item and period).
    changes
        The least change, largest first.
    shortages
        Where even a mandate without any demand has no plan: what is short, and how much.
    labels
        Of the plan's periods.
    """

    together: tuple[Demand, ...]
    narrowed: str
    changes: tuple[Change, ...]
    shortages: tuple[Change, ...]
    labels: Codes

    def text(self) -> str:
        """Say it in plain words, one demand on a line."""
        if self.shortages:
            head = "no plan is possible, even if every demand of the mandate is dropped. Short are:"
            return bullets(head, [shortage_line(one, self.labels) for one in self.shortages])
        alone = len(self.together) == 1
        what = "This demand cannot be met" if alone else "These demands cannot hold together"
        said = bullets(
            f"no plan keeps the mandate. {what}:", demand_lines(self.together, self.labels)
        )
        done = bullets(
            "The least change that makes a plan possible, all conflicts together:",
            change_lines(self.changes, self.labels),
        )
        return f"{said}\n{done}"


def explain_conflict(problem: Problem, *, seconds_max: float = SECONDS_MAX) -> str:
    """Say which demands conflict, and what would help; empty when a plan is possible.

    Raises
    ------
    LimitError
        When the time did not suffice to tell whether a plan is possible.
    """
    conflict = find_conflict(problem, seconds_max=seconds_max)
    return "" if conflict is None else conflict.text()


def find_conflict(problem: Problem, *, seconds_max: float = SECONDS_MAX) -> Conflict | None:
    """Return the conflict of a mandate, or None when a plan is possible.

    Raises
    ------
    LimitError
        When the time did not suffice to tell whether a plan is possible.
    """
    deadline = time.monotonic() + seconds_max
    problem = gross_credit(problem)
    wanted, labels = demands(problem), problem.outlook.periods.labels
    lines = numbered([(one.source, one.period) for one in wanted])
    by_line = elastic(problem, wanted, groups=lines, deadline=deadline)
    every = np.ones(by_line.most.size, dtype=bool)
    least = least_relief(by_line, every)
    if least.needed and np.isfinite(least.total):
        least = least_relief(by_line, every, engine=Engine.VERTEX)
    if np.isinf(least.total):
        return Conflict((), "demand", (), shortages(problem, wanted, deadline=deadline), labels)
    if not least.needed:
        return None
    found = changes(problem, wanted, least, groups=lines)
    try:
        marks, narrowed = narrow(problem, wanted, deadline=deadline)
    except LimitError:
        marks, narrowed = np.ones(len(wanted), dtype=bool), "everything"
    together = tuple(one for one, mark in zip(wanted, marks, strict=True) if mark)
    return Conflict(together, narrowed, found, (), labels)


def numbered(keys: Sequence[Hashable]) -> Integers:
    """Return a number from 0 for each key, equal keys alike [D]."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


# ---- a set of which nothing can be spared ---------------------------------------------


def narrow(problem: Problem, wanted: Sequence[Demand], *, deadline: float) -> tuple[Marks, str]:
    """Return a set of demands [D] that cannot hold together and of which no piece can be spared.

    First whole lines of the mandate are dropped, then lines in single periods, then single
    demands; when the pieces are too many or the time is over, the last finished round counts.
    """
    levels: dict[str, Callable[[int], Hashable]] = {
        "line": lambda d: wanted[d].source,
        "period": lambda d: (wanted[d].source, wanted[d].period),
        "demand": lambda d: d,
    }
    programme = elastic(problem, wanted, groups=np.arange(len(wanted)), deadline=deadline)
    marks, narrowed = np.ones(len(wanted), dtype=bool), "everything"
    relief = least_relief(programme, marks)
    marks = supported(programme, marks, relief)
    for level, key in levels.items():
        if len({key(int(d)) for d in np.flatnonzero(marks)}) > PIECES_MAX:
            break
        marks, relief, done = spare(programme, marks, relief, key=key)
        if not done:
            break
        narrowed = level
    return marks, narrowed


def spare(
    programme: Elastic, marks: Marks, relief: Relief, *, key: Callable[[int], Hashable]
) -> tuple[Marks, Relief, bool]:
    """Drop one group of demands after the other, and keep those without which a plan is possible.

    The groups that press least are tried first. After every drop the demands without pressure go
    as well: weak duality shows that the others conflict without them. The last answer says
    whether the time sufficed for all groups; what was dropped until then stays dropped.
    """
    groups: dict[Hashable, list[int]] = {}
    for d in np.flatnonzero(marks):
        groups.setdefault(key(int(d)), []).append(int(d))
    pressure = np.nan_to_num(relief.pressure)
    order = sorted(groups, key=lambda name: float(pressure[groups[name]].sum()))
    for name in order:
        trial = marks.copy()
        trial[groups[name]] = False
        if not marks[groups[name]].any():
            continue
        try:
            found = least_relief(programme, trial)
        except LimitError:
            return marks, relief, False
        if found.needed:
            marks, relief = supported(programme, trial, found), found
    return marks, relief, True


def supported(programme: Elastic, marks: Marks, relief: Relief) -> Marks:
    r"""Return the demands that a proof of the conflict needs [D].

    Were the demands of a set D given up, the least relief would still be at least
    :math:`S - \sum_{d \in D} y_d \bar s_d`, by the same valuations: y pressure, s bar the most
    that a demand can give. D is filled from the least pressure on, up to half of S.
    """
    if np.isnan(relief.pressure).any():
        return marks
    chosen = np.flatnonzero(marks)
    loss = np.where(
        relief.pressure[chosen] > 0, np.maximum(relief.pressure, 0)[chosen], 0.0
    ) * np.where(relief.pressure[chosen] > 0, programme.most[chosen], 0.0)
    order = np.argsort(loss, kind="stable")
    enough = relief.total - np.cumsum(loss[order]) > max(relief.total / 2, POSSIBLE)
    left = marks.copy()
    left[chosen[order[enough]]] = False
    return left


# ---- the least change -----------------------------------------------------------------


def changes(
    problem: Problem, wanted: Sequence[Demand], relief: Relief, *, groups: Integers
) -> tuple[Change, ...]:
    """Return how far every line has to give in every period, the largest relative change first."""
    given = problem.outlook
    use = value_of(
        problem,
        other_use(given, problem.variables) + investment_use(given, problem.variables),
        relief.primal,
    )
    found = []
    for group in np.argsort(-relief.amounts, kind="stable"):
        relative = float(relief.amounts[group])
        if relative <= POSSIBLE:
            break
        members = tuple(wanted[int(d)] for d in np.flatnonzero(groups == group))
        one, step = members[0], members[0].step
        if step == 0:  # a share of a use that the plan itself decides
            product = int(np.argwhere(problem.rows["self_reliance"].rows == one.row)[0][0])
            step = 1 / float(use[product, one.period])
        level = possible_level(one.level, step * relative * one.size)
        found.append(Change(members, relative, level))
    return tuple(found)


def possible_level(asked: float, move: float) -> float:
    """Return the level after a move, rounded to the side that is possible, never below zero."""
    level = asked + move
    return max(not_above(level), 0.0) if move < 0 else not_below(level)


def value_of(problem: Problem, expression: Expression, primal: Floats) -> Floats:
    """Return an expression's value at a vector over columns [items x P]."""
    total = expression.constant.T.ravel().copy()
    for name, block in expression.blocks.items():
        first = problem.columns[name]
        total += block @ primal[first : first + block.shape[1]]
    value: Floats = total.reshape(len(expression.periods), -1).T
    return value


# ---- when even no demand at all would help ---------------------------------------------


def shortages(problem: Problem, wanted: Sequence[Demand], *, deadline: float) -> tuple[Change, ...]:
    """Return what is short when no demand is kept: the least help from outside, row by row."""
    helped = (*wanted, *helps(problem))
    each = np.arange(len(helped))
    programme = elastic(problem, helped, groups=each, deadline=deadline)
    counts = each >= len(wanted)
    relief = least_relief(programme, counts)
    if np.isinf(relief.total):
        raise InputError(
            "no plan is possible, even with help from outside in every balance",
            mend="check the economy: `counterplan check` names the broken accounts",
        )
    found = changes(problem, helped, relief, groups=each)
    return tuple(one for one in found if one.first.source == "help")


def helps(problem: Problem) -> Iterable[Demand]:
    """Yield the help that every balance could get from outside."""
    given, economy = problem.outlook, problem.outlook.economy
    techniques, trade, trend = economy.techniques, economy.trade, given.trend
    made = np.asarray(techniques.output @ techniques.activity)
    supply = made + trade.imports_other + trade.imports_investment
    needed = np.asarray(economy.capital.need @ techniques.activity)
    products, skills, capital = economy.products, economy.labour, economy.capital
    earned = float(trade.exports @ trade.export_price)
    people = [titled(n, c) for n, c in zip(skills.names, skills.codes, strict=True)]
    items = [titled(n, c) for n, c in zip(capital.names, capital.codes, strict=True)]
    carried = [capacity_measure(economy, e) for e in range(len(capital))]
    kinds: list[tuple[str, Sequence[str], Sequence[str], Floats]] = [
        ("foreign_balance", ["foreign currency"], [trade.currency], np.array([earned])),
        (
            "product_balance",
            [product_name(problem, i) for i in range(len(products))],
            products.units,
            supply,
        ),
        ("labour", people, skills.units, skills.force),
        ("capacity", items, [unit for _, unit in carried], needed),
    ]
    for family, names, units, sizes in kinds:
        least = 1e-6 * float(sizes.max(initial=1.0))
        for i, t, row in stated(problem, family):
            size = max(float(sizes[i]), least) * float(trend[t])
            yield Demand(
                source="help",
                what=due(problem, t) if family == "foreign_balance" else "",
                change="{}",
                item=names[i],
                period=t,
                unit=units[i],
                size=size,
                most=float("inf"),
                level=0.0,
                step=1.0,
                measure=units[i],
                row=row,
                factor=carried[i][0] if family == "capacity" else 1.0,
            )


def due(problem: Problem, period: int) -> str:
    """Say what falls due abroad in a period."""
    given = problem.outlook
    unit = given.economy.trade.currency
    debt, transfers = float(given.debt_service[period]), float(given.transfers[period])
    return f"debt service of {figure(debt)} and transfers of {figure(transfers)} {unit} fall due"
