"""An economy on balanced growth at prices that cover every cost, and tools to question its plans.

Its observed course is the best plan by construction: each product is balanced, and at the base
prices no technique earns more or less than its inputs, its labour and the user cost of its
capital. So whatever a plan without a shock changes is a fault, and whatever a shock changes can be
put down to the shock.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from counterplan.economy.economy import (
    Accounts,
    Capital,
    Demand,
    Economy,
    Labour,
    Producers,
    Products,
    Stocks,
    Techniques,
    Trade,
    Trend,
    no_projects,
    no_routes,
)
from counterplan.plan.certificate import certify
from counterplan.plan.family import REGISTRY
from counterplan.plan.linear import Rows
from counterplan.plan.outlook import Outlook
from counterplan.plan.plan import Making, Plan
from counterplan.plan.problem import Problem, assemble
from counterplan.solve.highs import solve
from counterplan.solve.program import Answer, Engine, Outcome
from tests.plan.builders import scenario_of

RATE = 1 / 0.96 - 1  # what the default discount asks of capital
HAND = 1 - 0.2 - (RATE + 0.1) * 2.0  # what farming leaves for its one hand
BENCH = 2 - 0.1 - 0.2 - (RATE + 0.1) * 1.0  # what making leaves for half a hand and one fitter
PATCHERS = BENCH / HAND  # hands that patching can pay


def growing_economy(*, growth: float = 0.02, people: float = 0.01) -> Economy:
    """Corn and machines, three techniques, two branches, two skills, two groups; a debt abroad.

    ========================  ======  =======  ========================================
    what                        corn  machine  why
    ========================  ======  =======  ========================================
    made                         100  16 + 4   farming; making, patching
    used up                  20 + 2         2  0.2 corn each; 0.1 corn, 0.1 machine each
    imports, other                 0        2
    imports, investment            0      3.3  a quarter of investment goods
    investment                     0     13.2  (0.1 + g) x (100 x 1 + 20 x 0.5)
    town, country             34, 21     6, 3
    collective                     4      1.1
    other                         -1        0
    exports                       20        0
    ========================  ======  =======  ========================================

    One dollar buys for two crowns: exports of 10 dollars pay for 5.3 of imports, 0.7 of debt
    service and 4 of transfers.
    """
    rate = 0.1 + growth
    goods = rate * 110
    return Economy(
        name="growing",
        title="Corn and machines that grow",
        base_period=2020,
        period="year",
        currency="crown",
        products=Products(
            ("corn", "machine"),
            ("Corn", "Machines"),
            ("t", "piece"),
            ("", ""),
            np.array([1.0, 2.0]),
        ),
        producers=Producers(
            ("farm", "works", "shed"),
            ("Farm", "Works", "Shed"),
            ("", "", ""),
            ("agriculture", "industry", "industry"),
        ),
        techniques=growing_techniques(),
        labour=growing_labour(),
        capital=growing_capital(rate),
        stocks=Stocks(np.zeros(2, dtype=bool), np.zeros(2), np.zeros(2), np.zeros(2)),
        demand=Demand(
            ("town", "country"),
            ("Town", "Country"),
            np.array([[34.0, 21.0], [18 + 2 + 0.25 * goods - goods - 1.1 - 3.0, 3.0]]),
            np.array([4.0, 1.1]),
            np.array([-1.0, 0.0]),
        ),
        trade=growing_trade(goods),
        accounts=Accounts(
            reserves=5.0,
            transfers=20 * 0.5 - 2 - 0.25 * goods - 0.7,
            debt_service=0.7,
            new_credit=0.0,
        ),
        projects=no_projects(),
        routes=no_routes(2),
        trend=Trend(growth=growth, labour=people),
    )


def growing_techniques() -> Techniques:
    """Return farming, and two ways to make a machine."""
    return Techniques(
        codes=("farming", "making", "patching"),
        names=("Farming", "Making", "Patching"),
        producer=np.array([0, 1, 2]),
        use=sp.csc_array([[0.2, 0.1, 0.1], [0.0, 0.1, 0.1]]),
        output=sp.csc_array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]),
        activity=np.array([100.0, 16.0, 4.0]),
        emission_codes=("smoke", "water"),
        emission_units=("t", "m3"),
        emissions=sp.csc_array([[0.01, 0.5, 1.0], [2.0, 0.0, 0.0]]),
    )


def growing_capital(rate: float) -> Capital:
    """Return land and shops; a share ``rate`` of them is started anew in the base period."""
    return Capital(
        codes=("land", "shop"),
        names=("Land", "Shop"),
        producer=np.array([0, 1]),
        assets=("", ""),
        need=sp.csc_array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]),
        composition=sp.csc_array([[0.0, 0.0], [1.0, 0.5]]),
        capacity=np.array([100.0, 20.0]),
        investment=rate * np.array([100.0, 20.0]),
        depreciation=np.array([0.1, 0.1]),
        lag=np.array([1, 1]),
    )


def growing_labour() -> Labour:
    """Return exactly the hands and fitters that are at work."""
    return Labour(
        ("hand", "fitter"),
        ("Hands", "Fitters"),
        ("person", "person"),
        sp.csc_array([[1.0, 0.5, PATCHERS], [0.0, 1.0, 0.0]]),
        np.array([100 + 8 + 4 * PATCHERS, 16.0]),
    )


def growing_trade(goods: float) -> Trade:
    """Return trade in which a quarter of the investment goods is imported."""
    return Trade(
        currency="dollar",
        exports=np.array([20.0, 0.0]),
        imports_other=np.array([0.0, 2.0]),
        imports_investment=np.array([0.0, 0.25 * goods]),
        export_price=np.array([0.5, 1.0]),
        import_price=np.array([0.5, 1.0]),
        export_limit=np.full(2, np.inf),
    )


@dataclass(frozen=True)
class Best:
    """The best plan for an outlook, found by the simplex method: valuations at a corner."""

    problem: Problem
    answer: Answer

    @property
    def value(self) -> float:
        """The plan's value."""
        return float(self.problem.program.reward @ self.answer.primal)

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        answer = self.answer
        certificate = certify(self.problem, primal=answer.primal, dual=answer.dual)
        making = Making(answer.engine, answer.seconds, answer.iterations)
        return Plan(scenario_of(), self.problem, answer.primal, answer.dual, certificate, making)


def best(problem: Problem) -> Best:
    """Return the best plan, and insist on a certificate."""
    answer = solve(problem.program, engine=Engine.SIMPLEX, seconds_max=60.0)
    assert answer.outcome is Outcome.SOLVED
    found = Best(problem, answer)
    assert found.plan.certificate.residual <= 1e-7
    assert abs(found.plan.certificate.gap) <= 1e-9
    return found


def best_for(given: Outlook) -> Best:
    """Return the best plan for an outlook."""
    return best(assemble(given))


def slope(make: Callable[[float], Problem], *, step: float = 1e-3, bend: float = 1e-5) -> float:
    """Return how much the best value grows with what ``make`` is given, by differences.

    A plan's value has corners; both sides must agree, or the slope would prove nothing. ``bend``
    is how far they may differ, relative, where ``make`` changes coefficients: the value curves.
    """
    low, middle, high = (best(make(shift)).value for shift in (-step, 0.0, step))
    left, right = (middle - low) / step, (high - middle) / step
    assert np.isclose(left, right, rtol=bend, atol=1e-7), "the plan stands at a corner"
    return (high - low) / (2 * step)


def rows_of(problem: Problem, family: str) -> Rows:
    """Return a family's rows over a problem's variables."""
    return REGISTRY[family].rows(problem.outlook, problem.variables)


def shifted(
    given: Outlook, field: str, *, place: tuple[int, ...] | int | slice, by: float
) -> Outlook:
    """Return an outlook in which one array has ``by`` more at a place."""
    values = np.array(getattr(given, field), dtype=float)
    values[place] += by
    return given.altered(**{field: values})


def relieved(problem: Problem, family: str, *, item: int, period: int, by: float) -> Problem:
    """Return the problem with more on the right-hand side of one equation, or less of one floor."""
    program = problem.program
    row = int(problem.rows[family].rows[item, period])
    assert row >= 0, "the family says nothing there"
    lower, upper = program.row_lower.copy(), program.row_upper.copy()
    sign = 1.0 if lower[row] == upper[row] else -1.0
    lower[row] += sign * by
    upper[row] += sign * by
    return replace(problem, program=replace(program, row_lower=lower, row_upper=upper))


def after(
    path: Callable[[int], float], *, count: int, beta: float = 0.96, growth: float = 0.02
) -> float:
    """Return the tail of a path over the periods planned 0 .. count - 1, term by term.

    (1 - b) times the discounted sum of all years after, b = beta (1 + g).
    """
    years = range(4000)
    return (1 - beta * (1 + growth)) * sum(beta**k * path(count + k) for k in years)
