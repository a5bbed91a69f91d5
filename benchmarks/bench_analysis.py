"""Input-output analysis of the world table of 2011 (1,435 branches) against pymrio and scipy.

Two sets of questions, each put to every method in the same run, the fastest of seven runs:

- *the usual ones*: multipliers of three extensions and their footprints by 41 regions;
- *everything pymrio's calc_all returns*: also the whole inverse, the footprints by product, and
  production, export and import accounts by region.

Differences are the largest of any number, relative to the largest number of its array.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pymrio
import scipy.linalg
from numpy.typing import NDArray

from counterplan.economy.analysis import (
    LeontiefModel,
    footprints,
    footprints_by_product,
    intensities,
    multipliers,
    regional_accounts,
)
from counterplan.solve.leontief import solve_leontief

Array = NDArray[np.float64]
Answers = dict[str, Array]

BRANCHES = 1435
REGIONS = 41
RUNS = 7


@dataclass(frozen=True, eq=False)
class World:
    """The table as arrays: flows, output, final demand by region, three extensions."""

    flows: Array
    output: Array
    final_demand: Array
    extensions: Array
    branches: pd.MultiIndex
    regions: list[str]


def folder() -> Path:
    """Return the folder of the larger tables: COUNTERPLAN_SHARED, or beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("COUNTERPLAN_SHARED", beside))


def world() -> World:
    """Read the table; the extensions are value added, output and a made-up third."""
    table = pd.read_parquet(folder() / "wiod2013_world" / "WIOT13_2011.parquet")
    flows = table.iloc[:, :BRANCHES].to_numpy(float)
    output = table["output"].to_numpy(float)
    pairs = [tuple(str(name).split("_")) for name in table.columns[:BRANCHES]]
    uses = table.iloc[:, BRANCHES:-1].to_numpy(float).reshape(BRANCHES, REGIONS, -1)
    made_up = output * np.random.default_rng(2011).uniform(0.0, 2.0, BRANCHES)
    return World(
        flows=flows,
        output=output,
        final_demand=uses.sum(axis=2),
        extensions=np.vstack([output - flows.sum(axis=0), output, made_up]),
        branches=pd.MultiIndex.from_tuples(pairs, names=["region", "sector"]),
        regions=list(dict.fromkeys(region for region, _ in pairs)),
    )


def usual_by_factors(data: World) -> Answers:
    """Return multipliers and footprints from one factorisation; the inverse is not formed."""
    model = LeontiefModel.from_flows(data.flows, data.output)
    direct = intensities(data.extensions, data.output)
    contents = multipliers(model, direct)
    return {"multipliers": contents, "footprints": footprints(model, direct, data.final_demand)}


def usual_by_inverse(data: World) -> Answers:
    """Return the same from scipy's inverse, as a script would."""
    share = np.divide(1.0, data.output, out=np.zeros(BRANCHES), where=data.output > 0.0)
    inverse = scipy.linalg.inv(np.eye(BRANCHES) - data.flows * share)
    contents = data.extensions * share @ inverse
    return {"multipliers": contents, "footprints": contents @ data.final_demand}


def all_by_factors(data: World) -> Answers:
    """Return everything that pymrio's calc_all returns."""
    model = LeontiefModel.from_flows(data.flows, data.output)
    direct = intensities(data.extensions, data.output)
    accounts = regional_accounts(
        model,
        direct,
        data.final_demand,
        branch_regions=data.branches.get_level_values("region").tolist(),
        demand_regions=data.regions,
    )
    detail = footprints_by_product(model, direct, data.final_demand)
    by_sector = detail.reshape(3, REGIONS, -1, REGIONS).sum(axis=1).transpose(0, 2, 1)
    return {
        "inverse": model.inverse(),
        "multipliers": multipliers(model, direct),
        "footprints": accounts.consumption,
        "by product": by_sector.reshape(3, -1),
        "production": accounts.production,
        "exports": accounts.exports,
        "imports": accounts.imports,
    }


def all_by_pymrio(data: World) -> Answers:
    """Return everything from pymrio's calc_all."""
    uses = pd.MultiIndex.from_product([data.regions, ["use"]], names=["region", "category"])
    stressors = pd.Index(["value added", "output", "made up"], name="stressor")
    system = pymrio.IOSystem(
        Z=pd.DataFrame(data.flows, index=data.branches, columns=data.branches),
        Y=pd.DataFrame(data.final_demand, index=data.branches, columns=uses),
        x=pd.DataFrame({"indout": data.output}, index=data.branches),
        extension={
            "name": "extension",
            "F": pd.DataFrame(data.extensions, index=stressors, columns=data.branches),
        },
    )
    system.calc_all()
    found = system.extension
    return {
        "inverse": system.L.to_numpy(),
        "multipliers": found.M.to_numpy(),
        "footprints": found.D_cba_reg[data.regions].to_numpy(),
        "by product": found.D_cba.to_numpy(),
        "production": found.D_pba_reg[data.regions].to_numpy(),
        "exports": found.D_exp_reg[data.regions].to_numpy(),
        "imports": found.D_imp_reg[data.regions].to_numpy(),
    }


def one_answer_by_factors(data: World) -> Answers:
    """Return the output for the final demand of one region, from dense factors."""
    model = LeontiefModel.from_flows(data.flows, data.output)
    return {"output": model.output_required(data.final_demand[:, 0])}


def one_answer_by_sweeps(data: World) -> Answers:
    """Return the same from sweeps over the regions, proved to 1e-9."""
    model = LeontiefModel.from_flows(data.flows, data.output)
    starts = list(range(0, BRANCHES, BRANCHES // REGIONS))
    found = solve_leontief(model.coefficients, data.final_demand[:, 0], block_starts=starts)
    return {"output": found.output}


def compared(data: World, methods: dict[str, Callable[[World], Answers]]) -> pd.DataFrame:
    """Return time and difference of each method, the first being the measure of both."""
    seconds = dict.fromkeys(methods, np.inf)
    answers: dict[str, Answers] = {}
    # In turn, so that whatever else the machine does meets all of them alike.
    for _ in range(RUNS):
        for name, method in methods.items():
            start_s = perf_counter()
            answers[name] = method(data)
            seconds[name] = min(seconds[name], perf_counter() - start_s)
    ours = next(iter(methods))
    return pd.DataFrame(
        {
            "method": name,
            "seconds": seconds[name],
            "times ours": seconds[name] / seconds[ours],
            "largest difference": difference(answers[name], answers[ours]),
        }
        for name in methods
    )


def difference(answers: Answers, reference: Answers) -> float:
    """Return the largest difference of any number, relative to the largest of its array."""
    return max(
        float(np.abs(answers[key] - reference[key]).max() / np.abs(reference[key]).max())
        for key in reference
    )


def run() -> dict[str, pd.DataFrame]:
    """Return the three comparisons by title."""
    data = world()
    return {
        "Multipliers of three extensions and their footprints by 41 regions": compared(
            data,
            {
                "counterplan: factors, proof of productivity": usual_by_factors,
                "scipy: explicit inverse": usual_by_inverse,
                "pymrio: calc_all (returns more)": all_by_pymrio,
            },
        ),
        "Everything that pymrio's calc_all returns": compared(
            data, {"counterplan": all_by_factors, "pymrio: calc_all": all_by_pymrio}
        ),
        "The output for one final demand": compared(
            data,
            {
                "counterplan: dense factors": one_answer_by_factors,
                "counterplan: sweeps over 41 regions, bound 1e-9": one_answer_by_sweeps,
            },
        ),
    }


if __name__ == "__main__":
    for title, table in run().items():
        sys.stdout.write(f"{title}\n{table.to_string(index=False)}\n\n")
