"""Small economies for tests, that a reader can solve by hand."""

from dataclasses import replace
from typing import Any

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
from counterplan.plan.family import Variables
from counterplan.plan.linear import Expression
from counterplan.plan.mandate import Mandate
from counterplan.plan.outlook import Outlook
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from counterplan.plan.scenario import Horizon, Scenario


def two_branch_economy() -> Economy:
    """Corn and machines, by one technique each; closed, steady, with one skill.

    Corn: 0.2 corn per unit, 1 worker; machines: 0.1 machine and 0.1 corn per unit, 2 workers.
    Activity 100 and 20. Capacity lasts: a tenth wears out, one unit of capacity costs one machine
    in the corn branch and half a machine in the machine branch, so 10 + 1 machines are
    invested. Corn consumed: 100 - 20 - 2 - 8 exported = 70. Machines: 20 - 2 - 11 + 3 imported
    = 10 are consumed.
    """
    n = 2
    return Economy(
        name="two-branch",
        title="Corn and machines",
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
            ("farm", "works"), ("Farm", "Works"), ("", ""), ("agriculture", "industry")
        ),
        techniques=Techniques(
            codes=("farming", "making"),
            names=("Farming", "Making"),
            producer=np.array([0, 1]),
            use=sp.csc_array([[0.2, 0.1], [0.0, 0.1]]),
            output=sp.csc_array(np.eye(2)),
            activity=np.array([100.0, 20.0]),
            emission_codes=("smoke",),
            emission_units=("t",),
            emissions=sp.csc_array([[0.01, 0.5]]),
        ),
        labour=Labour(
            ("worker",), ("Workers",), ("person",), sp.csc_array([[1.0, 2.0]]), np.array([140.0])
        ),
        capital=Capital(
            codes=("land", "shop"),
            names=("Land", "Shop"),
            producer=np.array([0, 1]),
            assets=("", ""),
            need=sp.csc_array(np.eye(2)),
            composition=sp.csc_array([[0.0, 0.0], [1.0, 0.5]]),
            capacity=np.array([100.0, 20.0]),
            investment=np.array([10.0, 2.0]),
            depreciation=np.array([0.1, 0.1]),
            lag=np.array([1, 1]),
        ),
        stocks=Stocks(np.zeros(n, dtype=bool), np.zeros(n), np.zeros(n), np.zeros(n)),
        demand=Demand(
            ("people",), ("People",), np.array([[70.0], [10.0]]), np.zeros(n), np.zeros(n)
        ),
        trade=Trade(
            currency="dollar",
            exports=np.array([8.0, 0.0]),
            imports_other=np.array([0.0, 1.0]),
            imports_investment=np.array([0.0, 2.0]),
            export_price=np.array([1.0, 2.0]),
            import_price=np.array([1.0, 2.0]),
            export_limit=np.full(n, np.inf),
        ),
        accounts=Accounts(reserves=5.0, transfers=2.0, debt_service=0.0, new_credit=0.0),
        projects=no_projects(),
        routes=no_routes(n),
        trend=Trend(),
    )


def changed(economy: Economy, part: str, **fields: Any) -> Economy:
    """Return an economy with fields of one part replaced: changed(e, "trade", exports=...)."""
    return replace(economy, **{part: replace(getattr(economy, part), **fields)})


def scenario_of(
    *,
    periods: int = 3,
    first: int = 2021,
    mandate: Mandate | None = None,
    shocks: tuple[Any, ...] = (),
) -> Scenario:
    """Return a scenario for a test economy."""
    return Scenario(
        name="test",
        title="Test",
        economy="test",
        horizon=Horizon(first=first, periods=periods),
        mandate=mandate or Mandate(),
        shocks=shocks,
    )


def problem_of(economy: Economy, **scenario: Any) -> Problem:
    """Lay out and assemble."""
    return assemble(lay_out(economy, scenario_of(**scenario)))


def outlook_of(economy: Economy, **scenario: Any) -> Outlook:
    """Lay out."""
    return lay_out(economy, scenario_of(**scenario))


def value_of(expression: Expression, problem: Problem, **values: Any) -> np.ndarray:
    """Evaluate an expression [items x P] at given values of the variables, zero elsewhere.

    Each value is an array [items x P] or a number for all of them.
    """
    total = expression.constant.T.ravel().copy()
    variables: Variables = problem.variables
    for name, value in values.items():
        block = variables.blocks[name]
        full = np.broadcast_to(np.asarray(value, dtype=float), block.lower.shape)
        if name in expression.blocks:
            total = total + expression.blocks[name] @ full.T.ravel()
    return total.reshape(len(variables.periods), -1).T
