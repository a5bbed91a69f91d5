"""What false reports cost, what they bring, and what finds them.

Russia 2014 in the hands of 100 workplaces, oil at 0.55, two years and the years after; 10 or 30% of
the workplaces lie, drawn three times. Every figure is in per cent: losses of the observed baskets
of all years counted, households' consumption of the full-information plan's in the planned years,
what liars have of their own output, working time, capacity and activity
(docs/dialogue/honesty.md). Checks are tried on a split into 1,000 workplaces; thresholds are those
that suspect 5% of honest workplaces if what they state is normal.
"""

import pandas as pd

from counterplan.dialogue.honesty.experiment import Outcome, Setting, experiment
from counterplan.dialogue.honesty.findings import ALLOWED, Findings, findings_of
from counterplan.dialogue.honesty.suspicion import spread_of
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.examples import packaged_economy, packaged_scenario
from counterplan.plan.scenario import Scenario, read_scenario

PRODUCERS, CROWD, SEED, YEARS, DRAWS = 100, 1000, 1, 2, 3
SHARES = (0.1, 0.3)
ONE = 0.1  # the degree shown where closed forms say the rest


def scenario() -> Scenario:
    """Return oil at 0.55 over few years."""
    given = read_scenario(packaged_scenario("oil-055"))
    return given.model_copy(update={"horizon": given.horizon.model_copy(update={"periods": YEARS})})


def percents(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return shares as per cent, to two decimals."""
    return table.assign(**{name: (100 * table[name]).round(2) for name in columns})


def costs(share: float, outcome: Outcome) -> pd.DataFrame:
    """Return what lies cost, with the least and the most of the draws."""
    names = ["loss", "loss_least", "loss_most", "floor", "ceiling", "consumption"]
    names += ["consumption_least", "consumption_most"]
    table = percents(outcome.summary()[["kind", "degree", *names]], ["degree", *names])
    table.insert(0, "liars", 100 * share)
    return table


def gains(share: float, outcome: Outcome) -> pd.DataFrame:
    """Return what liars have and others lose."""
    names = ["goods", "work", "room", "place", "activity", "others", "per_head", "lost_per_head"]
    table = percents(outcome.summary()[["kind", "degree", *names]], ["degree", *names])
    table.insert(0, "liars", 100 * share)
    return table


def checks(share: float, found: Findings) -> dict[str, pd.DataFrame]:
    """Return what the checks find."""
    both = ["caught", "suspected"]
    alike = found.likeness[found.likeness["allowed"] == ALLOWED]
    tables = {
        "Buyers' against sellers' reports": spread_of(found.deliveries, ["lie", "degree"], both),
        "Stocktaking": spread_of(
            found.stocks[(found.stocks["kind"] != "sandbagging") & (found.stocks["degree"] == ONE)],
            ["kind", "degree", "years"],
            ["chance", "caught"],
        ),
        "Like against like": spread_of(
            alike, ["ratio", "spread", "degree"], [*both, "predicted"]
        ).drop(columns=["predicted_least", "predicted_most"]),
        "Capacity revealed over time": spread_of(
            found.capacity[found.capacity["degree"] == ONE],
            ["degree", "years"],
            ["chance", "caught"],
        ),
    }
    for name, table in tables.items():
        chosen = [c for c in table.columns if c not in ("lie", "kind", "ratio", "spread", "years")]
        shown = percents(table, chosen)
        tables[name] = shown.drop(
            columns=[c for c in ("chance_least", "chance_most") if c in shown]
        )
        tables[name].insert(0, "liars", 100 * share)
    return tables


def run() -> dict[str, pd.DataFrame]:
    """Return the tables by title."""
    russia = read_package(packaged_economy("russia-2014"))
    truth = split_producers(russia, producers=PRODUCERS, seed=SEED)
    crowd = split_producers(russia, producers=CROWD, seed=SEED)
    parts: dict[str, list[pd.DataFrame]] = {}
    for share in SHARES:
        setting = Setting(share=share, draws=DRAWS, seed=SEED)
        outcome = experiment(truth, scenario(), setting)
        found = findings_of(crowd, outcome.best, setting)
        tables = {
            "What lies cost": costs(share, outcome),
            "What liars have, and others lose": gains(share, outcome),
            **checks(share, found),
        }
        for name, table in tables.items():
            parts.setdefault(name, []).append(table)
    return {name: pd.concat(some) for name, some in parts.items()}
