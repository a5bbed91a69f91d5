"""Noise on estimated capital leaves everything observed as it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.errors import LimitError
from counterplan.plan.make import make_plan
from counterplan.plan.ranges import Draw, draw, fingerprint, ranges, with_noise
from tests.plan.builders import scenario_of, two_branch_economy


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), spread=st.floats(0.0, 1.0))
def test_investment_by_product_stays_what_was_observed(seed: int, spread: float) -> None:
    economy = two_branch_economy()
    noisy = with_noise(economy, spread=spread, seed=seed)
    np.testing.assert_allclose(
        noisy.capital.composition @ noisy.capital.investment,
        economy.capital.composition @ economy.capital.investment,
    )


def test_noise_moves_capital_between_branches() -> None:
    economy = two_branch_economy()
    noisy = with_noise(economy, spread=0.3, seed=1)
    ratio = noisy.capital.composition.toarray()[1] / economy.capital.composition.toarray()[1]
    assert ratio[0] != pytest.approx(ratio[1], rel=1e-3)


def test_no_noise_no_range() -> None:
    economy, scenario = two_branch_economy(), scenario_of(periods=2)
    found = ranges(economy, scenario, draws=2, spread=0.0)
    plain = make_plan(economy, scenario).summary()
    np.testing.assert_allclose(found.low, plain, rtol=1e-6)
    np.testing.assert_allclose(found.high, plain, rtol=1e-6)


def test_a_range_holds_its_middle_and_every_draw_is_told() -> None:
    told: list[Draw] = []
    found = ranges(two_branch_economy(), scenario_of(periods=2), draws=3, told=told.append)
    assert [one.seed for one in told] == [0, 1, 2]
    assert found.uncertified == ()
    assert (found.low <= found.middle).all().all()
    assert (found.middle <= found.high).all().all()
    assert (found.low < found.high).any().any()


def test_draws_that_are_there_are_not_made_again_and_seeds_begin_where_asked() -> None:
    economy, scenario = two_branch_economy(), scenario_of(periods=2)
    whole = ranges(economy, scenario, draws=3, seed=5)
    kept = {seed: draw(economy, scenario, seed=seed) for seed in (5, 7)}
    told: list[Draw] = []

    found = ranges(economy, scenario, draws=3, seed=5, done=kept, told=told.append)

    assert [one.seed for one in told] == [6]
    np.testing.assert_allclose(found.low, whole.low, rtol=1e-6)
    np.testing.assert_allclose(found.high, whole.high, rtol=1e-6)


def test_a_fingerprint_tells_scenarios_and_economies_apart() -> None:
    economy, scenario = two_branch_economy(), scenario_of(periods=2)
    own = fingerprint(economy, scenario)

    assert own == fingerprint(two_branch_economy(), scenario_of(periods=2))
    others = {
        fingerprint(economy, scenario_of(periods=3)),
        fingerprint(with_noise(economy, spread=0.1, seed=0), scenario),
        fingerprint(economy, scenario.model_copy(update={"name": "other"})),
        own,
    }
    assert len(others) == 4


def test_a_spread_beyond_all_measure_is_refused() -> None:
    with pytest.raises(LimitError, match="give 0 to 2"):
        ranges(two_branch_economy(), scenario_of(), draws=1, spread=3.0)


@pytest.mark.parametrize("draws", [0, 201])
def test_the_number_of_draws_has_a_limit(draws: int) -> None:
    with pytest.raises(LimitError, match="1 to 200"):
        ranges(two_branch_economy(), scenario_of(), draws=draws)
