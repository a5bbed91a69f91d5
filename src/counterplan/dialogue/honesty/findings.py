"""Findings of the checks: who is found by which, and who is suspected wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from counterplan.dialogue.honesty import deliveries, likeness, revealed, stocktaking
from counterplan.dialogue.honesty.deliveries import Falsehood
from counterplan.dialogue.honesty.experiment import Setting
from counterplan.dialogue.honesty.lies import Kind, drawn_liars
from counterplan.dialogue.honesty.suspicion import mean, rates, threshold_for
from counterplan.economy.economy import Economy
from counterplan.plan.plan import Plan

ALLOWED = 0.05  # share of the honest that may be suspected, where one figure is wanted
RECORDS = (1, 3, 5, 10)  # years on record


@dataclass(frozen=True)
class Findings:
    """Tables of what the checks find; shares of liars ("caught") and honest ("suspected").

    Attributes
    ----------
    deliveries
        By what is lied about, degree and draw.
    stocks
        By kind, degree, years and draw; ``chance`` in closed form.
    likeness
        By ratio, spread, degree, draw and threshold; see :func:`likeness.curves`.
    capacity
        By degree, years on record and draw; ``chance`` in closed form.
    worn
        Share of honest capital items that the rule on capacity accuses with wear, and without.
    """

    deliveries: pd.DataFrame
    stocks: pd.DataFrame
    likeness: pd.DataFrame
    capacity: pd.DataFrame
    worn: tuple[float, float]


def findings_of(crowd: Economy, best: Plan, setting: Setting) -> Findings:
    """Try every check.

    Parameters
    ----------
    crowd
        An economy of many workplaces: likeness needs them.
    best
        The full-information plan, for what honest capacity does.
    """
    return Findings(
        deliveries=by_deliveries(crowd, setting),
        stocks=by_stocks(crowd, setting, filling=len(best.years)),
        likeness=likeness.curves(
            crowd,
            share=setting.share,
            degrees=setting.degrees,
            draws=setting.draws,
            seed=setting.seed,
        ),
        capacity=by_capacity(crowd, setting),
        worn=(revealed.accused_with_wear(best), revealed.accused_without_wear(best)),
    )


def by_deliveries(crowd: Economy, setting: Setting) -> pd.DataFrame:
    """Compare sellers' and buyers' reports under lies about deliveries, and under other lies."""
    lines = []
    # Either side's score may pass: 1 - Phi(z)^2 = ALLOWED.
    limit = threshold_for(1 - np.sqrt(1 - ALLOWED))
    for draw in draws_of(setting):
        deals = deliveries.deals_of(crowd, seed=draw)
        liars = drawn_liars(crowd, share=setting.share, seed=draw)
        for falsehood in (*Falsehood, None):
            # About deals the others say the truth, whatever the degree of their lies.
            for degree in setting.degrees if falsehood else (0.0,):
                ratios = deliveries.stated_ratios(
                    deals, liars=liars, degree=degree, falsehood=falsehood, seed=draw
                )
                score = deliveries.scores(deals, ratios, count=liars.size)
                caught, wrong = rates(score, liars, limit)
                said = str(falsehood) if falsehood else "padding, hoarding, sandbagging"
                lines.append(
                    {
                        "lie": said,
                        "degree": degree,
                        "draw": draw,
                        "allowed": ALLOWED,
                        "caught": caught,
                        "suspected": wrong,
                    }
                )
    return pd.DataFrame(lines)


def by_stocks(crowd: Economy, setting: Setting, *, filling: int) -> pd.DataFrame:
    """Count the stores of workplaces that are drawn by lot; reserves fill in so many years."""
    lines = []
    for draw in draws_of(setting):
        liars = drawn_liars(crowd, share=setting.share, seed=draw)
        for kind in Kind:
            for degree in setting.degrees:
                for years in RECORDS:
                    found = stocktaking.found(
                        kind, degree, liars, years=years, filling=filling, seed=draw
                    )
                    store = stocktaking.stores(kind, degree, years=years, filling=filling)
                    lines.append(
                        {
                            "kind": str(kind),
                            "degree": degree,
                            "years": years,
                            "draw": draw,
                            "chance": stocktaking.chance(int(stocktaking.noticed(store).sum())),
                            "caught": mean(found[liars]),
                            "suspected": mean(found[~liars]),
                        }
                    )
    return pd.DataFrame(lines)


def by_capacity(crowd: Economy, setting: Setting) -> pd.DataFrame:
    """Compare stated capacity with records of past years."""
    lines = []
    for draw in draws_of(setting):
        liars = drawn_liars(crowd, share=setting.share, seed=draw)
        for degree in setting.degrees:
            for years in RECORDS:
                found = revealed.caught(degree, liars, years=years, seed=draw)
                lines.append(
                    {
                        "degree": degree,
                        "years": years,
                        "draw": draw,
                        "chance": revealed.chance(degree, years),
                        "caught": mean(found[liars]),
                        "suspected": mean(found[~liars]),
                    }
                )
    return pd.DataFrame(lines)


def draws_of(setting: Setting) -> Sequence[int]:
    """Return the seeds of the draws."""
    return range(setting.seed, setting.seed + setting.draws)
