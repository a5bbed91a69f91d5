"""Thresholds, rates, and what a normal distribution says of them."""

import numpy as np
import pandas as pd
import pytest

from counterplan.dialogue.honesty.suspicion import (
    FALSE_ALARMS,
    mean,
    rates,
    spread_of,
    suspected_normally,
    threshold_for,
)


@pytest.mark.parametrize(
    ("allowed", "threshold"),
    # M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 1964, chapter 26.
    [(0.05, 1.644854), (0.01, 2.326348), (0.001, 3.090232), (0.5, 0.0), (0.1586553, 1.0)],
)
def test_a_threshold_suspects_what_the_tables_say(allowed: float, threshold: float) -> None:
    assert threshold_for(allowed) == pytest.approx(threshold, abs=1e-6)
    assert suspected_normally(threshold) == pytest.approx(allowed, abs=1e-6)


def test_a_shift_by_the_threshold_leaves_half_above_it() -> None:
    assert suspected_normally(2.0, shift=2.0) == pytest.approx(0.5)


def test_thresholds_rise_with_care() -> None:
    assert np.diff([threshold_for(one) for one in FALSE_ALARMS]).min() > 0


def test_rates_count_liars_and_honest_apart_and_who_is_not_judged_as_not_suspected() -> None:
    score = np.array([3.0, 1.0, np.nan, 3.0])
    liars = np.array([True, True, True, False])

    assert rates(score, liars, 2.0) == (pytest.approx(1 / 3), 1.0)
    assert np.isnan(rates(score, np.ones(4, dtype=bool), 2.0)[1])
    assert np.isnan(mean(np.zeros(0, dtype=bool)))


def test_the_spread_of_draws() -> None:
    table = pd.DataFrame({"degree": [0.1, 0.1, 0.2], "caught": [0.2, 0.6, 0.5]})
    found = spread_of(table, ["degree"], ["caught"])

    assert found.to_dict("list") == {
        "degree": [0.1, 0.2],
        "caught": [pytest.approx(0.4), 0.5],
        "caught_least": [0.2, 0.5],
        "caught_most": [0.6, 0.5],
    }
