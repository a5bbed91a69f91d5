"""Limits that are demands: overtime, moving between branches, new foreign debt, and trade."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from counterplan.economy.economy import Floats
from counterplan.plan.demand import Demand, product_name, stated
from counterplan.plan.labels import column_numbers
from counterplan.plan.outlook import WIDE
from counterplan.plan.problem import Problem
from counterplan.plan.wording import figure, percent, titled


def overtime_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the limits on overtime: the most that the mandate allows could be more."""
    given = problem.outlook
    skills, share = given.economy.labour, given.mandate.labour.overtime_share
    most = f"overtime of at most {percent(share)} of the hours of {{}}"
    columns = column_numbers(problem, "overtime")
    for k, t in np.argwhere(given.force > 0):
        force = float(given.force[k, t])
        yield Demand(
            source="overtime",
            what=most if share > 0 else "no overtime of {}",
            change="allow more overtime of {}",
            item=titled(skills.names[k], skills.codes[k]),
            period=int(t),
            unit=skills.units[k],
            size=force,
            most=(1 - share) * force,
            level=share,
            step=1 / force,
            measure="of the hours",
            column=int(columns[k, t]),
        )


def moving_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the limit on people who change branch."""
    given = problem.outlook
    share, units = given.mandate.labour.moving_share, set(given.economy.labour.units)
    most = f"at most {percent(share)} of the people change branch"
    for _, t, row in stated(problem, "retraining"):
        force = float(given.force[:, t].sum())
        if force <= 0:
            continue
        yield Demand(
            source="moving between branches",
            what=most if share > 0 else "nobody changes branch",
            change="let more people change branch",
            item="",
            period=t,
            unit=min(units) if len(units) == 1 else "people",
            size=force,
            most=(1 - share) * force,
            level=share,
            step=1 / force,
            measure="of the people",
            row=row,
        )


def debt_demands(problem: Problem) -> Iterator[Demand]:
    """Yield the limit on new foreign debt, where credit is offered; see :func:`gross_credit`."""
    given = problem.outlook
    offered, rules = given.credit_limit, given.mandate.foreign
    if not (offered > 0).any():
        return
    unit, lasting = given.economy.trade.currency, given.periods.constant()
    most = debt_most(problem)
    columns = column_numbers(problem, "foreign_debt")
    for t in range(len(given.periods)):
        yield Demand(
            source="debt limit",
            what=f"new foreign debt of at most {figure(rules.debt_limit)} {unit}",
            change="raise the limit on new foreign debt",
            item="",
            period=t,
            unit=unit,
            size=max(rules.debt_limit, float(offered.max())) * float(lasting[t]),
            most=most * float(lasting[t]),
            level=rules.debt_limit,
            step=1 / float(lasting[t]),
            measure=unit,
            column=int(columns[0, t]),
        )


def debt_most(problem: Problem) -> float:
    """Return the most debt that all the credit offered and its interest come to."""
    given = problem.outlook
    grown = (1 + given.mandate.foreign.interest) ** len(given.periods)
    return float(given.credit_limit.sum() * grown)


def gross_credit(problem: Problem) -> Problem:
    r"""Return the problem with credit and repayment bounded by what is offered and owed alone.

    A plan bounds them by the limit on debt as well, so that nothing can be turned over. That
    changes nothing of what is possible, since only the difference
    :math:`b_t - a_t = Q_t - (1 + r) Q_{t-1}` is paid with, and leaves the limit on debt to stand in
    one place, where it can give way.
    """
    given, program = problem.outlook, problem.program
    upper = program.upper.copy()
    columns = column_numbers(problem, "credit")[0]
    upper[columns] = np.maximum(upper[columns], given.credit_limit)
    owed = (given.mandate.foreign.debt_limit + debt_most(problem)) * given.periods.constant()
    columns = column_numbers(problem, "repayment")[0]
    upper[columns] = np.maximum(upper[columns], (1 + given.mandate.foreign.interest) * owed)
    return replace(problem, program=replace(program, upper=upper))


def trade_limits(problem: Problem) -> Iterator[Demand]:
    """Yield the limits that shocks set on trade: bans, quotas, sanctions."""
    given = problem.outlook
    trade = given.economy.trade
    world = trade.export_limit[:, None] * given.trend
    most = np.ones_like(world) * np.inf
    yield from limits_on(
        problem, "imports", base=trade.imports_other, limit=given.import_limit, natural=most
    )
    yield from limits_on(
        problem,
        "investment_imports",
        base=trade.imports_investment,
        limit=given.investment_import_limit,
        natural=most,
    )
    yield from limits_on(
        problem, "exports", base=trade.exports, limit=given.export_limit, natural=world
    )


def limits_on(
    problem: Problem, variable: str, *, base: Floats, limit: Floats, natural: Floats
) -> Iterator[Demand]:
    """Yield the limits on one variable that are tighter than its natural limit [n x P]."""
    trend = problem.outlook.trend
    volume = base[:, None] * trend
    room = np.minimum(WIDE * volume, natural)
    columns = column_numbers(problem, variable)
    word = variable.replace("_", " ")
    for i, t in np.argwhere((limit < room) & (volume > 0)):
        share = float(limit[i, t] / volume[i, t])
        quota = f"{word} of {{}} of at most {percent(share)} of the observed"
        yield Demand(
            source=f"limit on {variable} of {i}",
            what=quota if share > 0 else f"no {word} of {{}}",
            change=f"allow more {word} of {{}}",
            item=product_name(problem, int(i)),
            period=int(t),
            unit=problem.outlook.economy.products.units[i],
            size=float(volume[i, t]),
            most=float(room[i, t] - limit[i, t]),
            level=share,
            step=1 / float(volume[i, t]),
            measure="of the observed on trend",
            column=int(columns[i, t]),
        )
