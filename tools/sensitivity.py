"""Write docs/plan/sensitivity.md: what the uncertain numbers do to the plan.

Run: python -m tools.sensitivity [SHARED DATA FOLDER]
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from counterplan.economy.derive.evidence import capital_profile
from counterplan.economy.derive.russia import MARGINS, russia_2014
from counterplan.economy.economy import Economy
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import (
    Bands,
    ForeignRules,
    LabourRules,
    Mandate,
    Need,
    Rules,
    Satisfaction,
)
from counterplan.plan.plan import Plan
from counterplan.plan.scenario import Horizon, Scenario
from counterplan.plan.shocks import PriceShock

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "plan" / "sensitivity.md"
OIL = PriceShock(kind="export_price", products=("B", "C19"), factor=0.55)
FOREIGN = ForeignRules(reserves_floor=285_460.0)
NOISE, DRAWS = 0.3, 6
FOOD = tuple(Need(product=code, share=1.0) for code in ("A01", "C10-C12"))

HEAD = """# Sensitivity: how much the uncertain numbers matter

Russia 2014, world prices of mining and refinery products at 0.55 of 2014's for ever, the observed
net outflow goes on, 100 billion dollars of reserves may be drawn; 2015-2020 and the years after.
Every line changes one number. Consumption, investment and imports are against the trend (1 = as
without a shock); the currency's valuation is against the basket's. Written by
`python -m tools.sensitivity`.

Read it so: aggregates move little with the estimates of capital; single branches move a lot.
Where the spread of a column is larger than a difference you want to conclude from, do not
conclude it.

"""


def mandate(**changes: object) -> Mandate:
    """Return the mandate of this page with some parts changed."""
    return Mandate(foreign=FOREIGN).model_copy(update=changes)


def stretched(bands: Bands, factor: float) -> Bands:
    """Return bands whose costs are multiplied."""
    costs = tuple(cost * factor for cost in bands.costs)
    return Bands(widths=bands.widths, costs=costs, beyond=bands.beyond * factor)


def costs(**factors: float) -> Mandate:
    """Return the mandate with the costs of some movements multiplied."""
    rules = Rules()
    changed = {name: stretched(getattr(rules, name), factor) for name, factor in factors.items()}
    return mandate(rules=rules.model_copy(update=changed))


def noisy(shared: Path, seed: int) -> Economy:
    """Return Russia with noise on the capital-output ratio of every branch."""
    profile = capital_profile()
    noise = np.random.default_rng(seed).lognormal(0.0, NOISE, profile.capital_output.size)
    changed = replace(profile, capital_output=profile.capital_output * noise)
    return russia_2014(shared, profile=changed)


def bounded(economy: Economy, *codes: str) -> Economy:
    """Return the economy with the exports of these products, and no others, bounded on trend."""
    chosen = np.isin(economy.products.codes, codes)
    limit = np.where(chosen, economy.trade.exports, np.inf)
    return replace(economy, trade=replace(economy.trade, export_limit=limit))


def variants(shared: Path) -> list[tuple[str, Callable[[], tuple[Economy, Mandate]]]]:
    """Return every line of the page: its name, and how to make its economy and mandate."""
    economy = russia_2014(shared)

    def asks(changed: Mandate) -> Callable[[], tuple[Economy, Mandate]]:
        return lambda: (economy, changed)

    def drawn(seed: int) -> Callable[[], tuple[Economy, Mandate]]:
        return lambda: (noisy(shared, seed), mandate())

    mandates = {
        "as it stands": mandate(),
        "sigma 0.3": mandate(satisfaction=Satisfaction(sigma=0.3)),
        "sigma 0.8": mandate(satisfaction=Satisfaction(sigma=0.8)),
        "kink 0.05": mandate(satisfaction=Satisfaction(kink=0.05)),
        "kink 0.10": mandate(satisfaction=Satisfaction(kink=0.10)),
        "pieces of 1.5%": mandate(satisfaction=Satisfaction(segment=0.015)),
        "pieces of 6%": mandate(satisfaction=Satisfaction(segment=0.06)),
        "trade costs halved": costs(imports=0.5, exports=0.5),
        "trade costs doubled": costs(imports=2.0, exports=2.0),
        "investment costs halved": costs(investment=0.5),
        "investment costs doubled": costs(investment=2.0),
        "output costs halved": costs(output=0.5),
        "output costs doubled": costs(output=2.0),
        "trade bands do not widen": mandate(rules=Rules(width_growth=0.0)),
        "trade bands widen with the years": mandate(rules=Rules(width_growth=1.0)),
        "discount 0.95": mandate(discount=0.95),
        "discount 0.965": mandate(discount=0.965),
        "moving costs nothing": mandate(labour=LabourRules(moving_cost=0.0)),
        "moving costs five times": mandate(labour=LabourRules(moving_cost=0.5)),
        "all food asked for (needs of 100% of A01 and C10-C12)": mandate(needs=FOOD),
    }
    lines = [(name, asks(changed)) for name, changed in mandates.items()]
    lines += [
        ("exports of trade margins unbounded", lambda: (bounded(economy), mandate())),
        (
            "exports of transport bounded too",
            lambda: (bounded(economy, *MARGINS, "H49", "H50", "H51", "H52"), mandate()),
        ),
    ]
    draws = [(f"capital estimates, noise {NOISE}, draw {s + 1}", drawn(s)) for s in range(DRAWS)]
    return lines + draws


def row_of(name: str, plan: Plan, first: Plan) -> dict[str, object]:
    """Return one line: headlines, and how far branches' investment moved from the first line."""
    table = plan.summary()
    here, there = plan.investment(), first.investment()
    apart = ((here - there).abs().sum(axis=1) / there.sum(axis=1)).sort_values()
    label = "household consumption (trend = 1)"
    return {
        "what": name,
        "consumption 2015": f"{table.loc[label, '2015']:.3f}",
        "consumption 2020": f"{table.loc[label, '2020']:.3f}",
        "investment 2020": f"{table.loc['investment (trend = 1)', '2020']:.3f}",
        "imports 2020": f"{table.loc['imports (trend = 1)', '2020']:.3f}",
        "currency 2015": f"{table.loc['valuation of foreign currency', '2015']:.2f}",
        "investment of branches moved by (median, most)": (
            f"{apart.median():.0%}, {apart.iloc[-1]:.0%} ({apart.index[-1]})"
        ),
        "certified": "yes" if plan.certificate.holds else "no",
    }


def main() -> None:
    """Plan every line and write the page."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    rows: list[dict[str, object]] = []
    first: Plan | None = None
    for name, make in variants(shared):
        economy, asked = make()
        scenario = Scenario(
            name="sensitivity",
            title=name,
            economy=economy.name,
            horizon=Horizon(first=2015, periods=6),
            mandate=asked,
            shocks=(OIL,),
        )
        plan = make_plan(economy, scenario)
        first = first or plan
        rows.append(row_of(name, plan, first))
        print(rows[-1], flush=True)
    frame = pd.DataFrame(rows)
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "---|" * len(frame.columns)]
    lines += ["| " + " | ".join(str(v) for v in row) + " |" for row in frame.to_numpy()]
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
