"""What moving a right-hand side does to the optimum: the independent truth about valuations.

A valuation is right when the best value, found again after a right-hand side moved a little,
changes by that much. The value of a linear programme is concave in its right-hand sides, so the
valuation lies between the slope of relief and the slope of tightening, and where the two agree
it is equal to both.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

import counterplan
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.plan.family import REGISTRY, Family
from counterplan.plan.linear import Rows
from counterplan.plan.make import plan_of
from counterplan.plan.mandate import Bands, LabourRules, Mandate, Rules
from counterplan.plan.outlook import Outlook
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem, assemble
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine, Outcome, Program
from tests.plan.builders import changed, scenario_of, two_branch_economy, value_of

NOTHING = Bands(widths=(0.1,), costs=(0.0,), beyond=0.0)
FREE = Rules(imports=NOTHING, exports=NOTHING, output=NOTHING, investment=NOTHING)
SETTLED = LabourRules(moving_share=1.0, moving_cost=0.0)
FRICTIONLESS = Mandate(rules=FREE, labour=SETTLED)  # a bare programme: its prices are classical
SECONDS_MAX = 60.0
PIECES = 29  # of each basket entry: 4 below 0.7, twice 10 of 0.03, 5 above 1.3


def best_value(program: Program, *, impossible: float | None = None) -> float:
    """Return the value of the best plan, by the simplex method; or what stands for none."""
    answer = solve(program, engine=Engine.SIMPLEX, seconds_max=SECONDS_MAX)
    if impossible is not None and answer.outcome is Outcome.IMPOSSIBLE:
        return impossible
    assert answer.outcome is Outcome.SOLVED
    return float(program.reward @ answer.primal)


def is_possible(program: Program) -> bool:
    """Return whether any plan keeps all rows."""
    answer = solve(program, engine=Engine.SIMPLEX, seconds_max=SECONDS_MAX)
    return answer.outcome is Outcome.SOLVED


def plan_for(outlook: Outlook, *, extra: tuple[Family, ...] = ()) -> Plan:
    """Return the certified plan of an outlook that no scenario file need describe."""
    problem = assemble(outlook, extra=extra)
    answer = solve(problem.program, seconds_max=SECONDS_MAX)
    plan = plan_of(
        scenario_of(periods=outlook.periods.count), problem, answer, seconds_max=SECONDS_MAX
    )
    assert plan.certificate.holds
    return plan


def rows_of(problem: Problem, family: str) -> Rows:
    """Return the rows that a family states in a problem."""
    return REGISTRY[family].rows(problem.outlook, problem.variables)


def left_over(problem: Problem, family: str, **values: Any) -> np.ndarray:
    """Return left side less right side of a family's rows [items x P] at given values."""
    rows = rows_of(problem, family)
    assert np.all(rows.lower == 0)
    return value_of(rows.expression, problem, **values)


def moved_row(problem: Problem, *, family: str, item: int, period: int, by: float) -> Program:
    """Return the programme with one row relieved by ``by``.

    "At least" is asked for that much less; the right-hand side of an equation is that much more.
    """
    program = problem.program
    row = problem.rows[family].rows[item, period]
    assert row >= 0
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    if lower[row] == upper[row]:
        lower[row] += by
        upper[row] += by
    else:
        lower[row] -= by
    return replace(program, row_lower=lower, row_upper=upper)


def slopes(
    problem: Problem, *, family: str, item: int, period: int, step: float = 0.01
) -> tuple[float, float]:
    """Return what relief by one unit gains and what tightening by one loses, in own periods."""
    here = best_value(problem.program)
    where: dict[str, Any] = {"family": family, "item": item, "period": period}
    up = best_value(moved_row(problem, **where, by=step)) - here
    down = here - best_value(moved_row(problem, **where, by=-step))
    weight = step * problem.outlook.periods.weights[period]
    return up / weight, down / weight


def assert_worth(plan: Plan, family: str, *, item: int, period: int, step: float = 0.01) -> float:
    """Check one valuation against the optimum moved both ways; return it.

    Fails where the optimum has a kink just there, because then nothing would be checked.
    """
    gain, loss = slopes(plan.problem, family=family, item=item, period=period, step=step)
    worth = float(plan.worth(family)[item, period])
    scale = max(1.0, abs(gain))
    assert abs(gain - loss) <= 1e-5 * scale, f"a kink: relief {gain:.6g}, tightening {loss:.6g}"
    assert abs(worth - gain) <= 1e-5 * scale, f"worth {worth:.6g}, but the optimum moves {gain:.6g}"
    return worth


def basket_filled(outlook: Outlook, level: float = 1.0) -> np.ndarray:
    """Return the variable ``consumption`` with every basket filled to a level.

    All of it stands in the first piece of each entry; what only adds pieces up does not mind.
    """
    full = np.zeros((len(outlook.baskets) * PIECES, len(outlook.periods)))
    full[::PIECES] = level * outlook.baskets
    return full


@cache
def three_workplaces() -> Economy:
    """Return the packaged example, whose page adds up its base year with pencil and paper."""
    return read_package(Path(counterplan.__file__).parent / "examples" / "three-workplaces")


def steady_economy(*, growth: float = 0.0, discount: float = 0.96) -> Economy:
    """Return the two-branch economy made steady: base prices are its valuations for ever.

    The machine branch gets the labour at which both branches pay the same wage:

    price 1 = 0.2 corn + rent of one machine + 1 wage, price 2 = 0.1 corn + 0.1 machine + rent of
    half a machine + l wages; the rent of a machine of price 2 is 2 (1 / beta - 1 + 0.1).

    With growth, investment is (0.1 + growth) of capacity and what machines that takes is not
    consumed.
    """
    rent = 2.0 * (1 / discount - 1 + 0.1)
    wage = 1.0 - 0.2 - rent
    workers = (2.0 - 0.1 - 0.2 - 0.5 * rent) / wage
    economy = two_branch_economy()
    economy = changed(
        economy,
        "labour",
        need=sp.csc_array([[1.0, workers]]),
        force=np.array([100.0 + 20.0 * workers]),
    )
    investment = (0.1 + growth) * np.array([100.0, 20.0])
    machines = 20.0 - 2.0 - (investment[0] + 0.5 * investment[1]) + 3.0
    economy = changed(economy, "capital", investment=investment)
    economy = changed(economy, "demand", consumption=np.array([[70.0], [machines]]))
    return changed(economy, "trend", growth=growth)
