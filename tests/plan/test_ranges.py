"""Noise on estimated capital leaves everything observed as it was."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.errors import LimitError
from counterplan.plan.make import make_plan
from counterplan.plan.ranges import ranges, with_noise
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
    told: list[int] = []
    found = ranges(two_branch_economy(), scenario_of(periods=2), draws=3, told=told.append)
    assert told == [1, 2, 3]
    assert found.uncertified == ()
    assert (found.low <= found.middle).all().all()
    assert (found.middle <= found.high).all().all()
    assert (found.low < found.high).any().any()


@pytest.mark.parametrize("draws", [0, 201])
def test_the_number_of_draws_has_a_limit(draws: int) -> None:
    with pytest.raises(LimitError, match="1 to 200"):
        ranges(two_branch_economy(), scenario_of(), draws=draws)
