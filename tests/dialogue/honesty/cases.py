"""Economies for experiments on honesty: one that can be solved by hand, and small ones."""

from dataclasses import replace
from functools import cache

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.honesty.lies import Kind, Lie
from counterplan.dialogue.honesty.losses import Loss, certified_plan, loss_of
from counterplan.dialogue.honesty.reports import Report, report_of
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
    no_routes,
)
from counterplan.economy.split import split_producers
from counterplan.plan.mandate import Bands, ForeignRules, LabourRules, Mandate, Rules
from counterplan.plan.plan import Plan
from counterplan.plan.problem import Problem
from counterplan.plan.shocks import PriceShock
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
FREE = Bands(widths=(1.0,), costs=(0.0,), beyond=0.0)
BETA = 0.96
DEAR = 1e6
#: Moving anything costs nothing, so that the plan is what arithmetic says.
EASY = Mandate(
    discount=BETA,
    rules=Rules(imports=FREE, exports=FREE, output=FREE, investment=FREE),
    labour=LabourRules(moving_cost=0.0),
    foreign=ForeignRules(reserves_floor=0.0),
)


def bakeries(oven: float = DEAR) -> Economy:
    """Two bakeries of one branch; bread is made of work and of bread.

    Each makes 50 with 50 people and a plant that never wears out and cannot grow, and uses 0.2
    of bread for each bread, so 80 are eaten. Everybody works and every plant is full. An oven for
    one more costs so much bread that none is built.
    """
    whole = two_branch_economy()
    none = np.zeros(1)
    return replace(
        whole,
        products=Products(("bread",), ("Bread",), ("loaf",), ("",), np.ones(1)),
        producers=Producers(("a", "b"), ("A", "B"), ("", ""), ("baking", "baking")),
        techniques=Techniques(
            codes=("a", "b"),
            names=("A", "B"),
            producer=np.array([0, 1]),
            use=sp.csc_array([[0.2, 0.2]]),
            output=sp.csc_array([[1.0, 1.0]]),
            activity=np.array([50.0, 50.0]),
            emission_codes=(),
            emission_units=(),
            emissions=sp.csc_array((0, 2)),
        ),
        labour=Labour(
            ("baker",), ("Bakers",), ("person",), sp.csc_array([[1.0, 1.0]]), np.array([100.0])
        ),
        capital=Capital(
            codes=("oven-a", "oven-b"),
            names=("Oven A", "Oven B"),
            producer=np.array([0, 1]),
            assets=("", ""),
            need=sp.csc_array(np.eye(2)),
            composition=sp.csc_array([[oven, oven]]),
            capacity=np.array([50.0, 50.0]),
            investment=np.zeros(2),
            depreciation=np.zeros(2),
            lag=np.array([1, 1]),
        ),
        stocks=Stocks(np.zeros(1, dtype=bool), none, none, none),
        demand=Demand(("people",), ("People",), np.array([[80.0]]), none, none),
        trade=Trade("dollar", none, none, none, np.ones(1), np.ones(1), np.full(1, np.inf)),
        accounts=Accounts(reserves=0.0, transfers=0.0, debt_service=0.0, new_credit=0.0),
        routes=no_routes(1),
    )


@cache
def bakery_plan(oven: float = DEAR) -> tuple[Problem, Plan]:
    """Return the bakeries' problem over two years, and their best plan."""
    problem = problem_of(bakeries(oven), periods=2, mandate=EASY)
    return problem, certified_plan(problem, scenario_of(periods=2, mandate=EASY))


def bakery_loss(kind: Kind, degree: float, *, oven: float = DEAR) -> tuple[Report, Plan, Loss]:
    """Let the first bakery lie."""
    problem, best = bakery_plan(oven)
    report = report_of(problem, Lie(kind, degree, np.array([True, False])))
    misled = certified_plan(report.told, best.scenario)
    return report, misled, loss_of(best, misled, report)


@cache
def workplaces(producers: int = 12, seed: int = 3) -> Economy:
    """Return the two-branch economy in the hands of many workplaces."""
    return split_producers(two_branch_economy(), producers=producers, seed=seed, regions=1)


@cache
def truth(seed: int = 3) -> tuple[Problem, Plan]:
    """Return the workplaces' problem under a fall of the export price, and their best plan."""
    problem = problem_of(workplaces(seed=seed), periods=2, shocks=(DROP,))
    return problem, certified_plan(problem, scenario_of(periods=2, shocks=(DROP,)))
