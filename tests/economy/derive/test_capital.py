import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.economy.derive.capital import capital_by_branch, capital_total, shared_out
from counterplan.errors import InputError


def test_total_is_what_investment_keeps_up():
    # Harrod's relation: capital that grows at 2% and loses 3% needs investment of 5% of it.
    found = capital_total(investment=25.0, value_added=100.0, rate=0.05, bounds=(2.2, 5.5))
    assert found == pytest.approx(500.0)


@pytest.mark.parametrize(("investment", "held"), [(5.0, 220.0), (60.0, 500.0)])
def test_total_stays_between_its_bounds(investment: float, held: float):
    found = capital_total(investment=investment, value_added=100.0, rate=0.05, bounds=(2.2, 5.0))
    assert found == pytest.approx(held)


def test_without_caps_capital_follows_the_profile_and_depreciation_closes_investment():
    found = capital_by_branch(
        np.array([1.0, 3.0]),
        depreciation=np.array([0.10, 0.02]),
        most=np.array([1e9, 1e9]),
        total=400.0,
        investment=20.0,
        growth=0.01,
        discount=0.04,
    )
    assert found.stock == pytest.approx([100.0, 300.0])
    # 20 = s (0.10 * 100 + 0.02 * 300) + 0.01 * 400, so s = 1.
    assert found.depreciation == pytest.approx([0.10, 0.02])
    assert found.investment == pytest.approx([11.0, 9.0])
    assert found.user_cost == pytest.approx([14.0, 18.0])


def test_a_capped_branch_gives_its_surplus_to_the_others():
    found = capital_by_branch(
        np.array([1.0, 3.0]),
        depreciation=np.array([0.03, 0.03]),
        most=np.array([1e9, 14.0]),
        total=400.0,
        investment=16.0,
        growth=0.01,
        discount=0.04,
    )
    # Depreciation of 0.03 needs no scaling; 14 = (0.04 + 0.03) * 200.
    assert found.stock == pytest.approx([200.0, 200.0])
    assert found.stock.sum() == pytest.approx(400.0, rel=1e-14)


@given(
    st.lists(
        st.tuples(st.floats(0.1, 10), st.floats(0.01, 0.2), st.floats(1, 50)),
        min_size=2,
        max_size=8,
    )
)
def test_identities_hold_for_any_branches(branches: list[tuple[float, float, float]]):
    weights, depreciation, value_added = np.array(branches).T
    total = 2.0 * value_added.sum()
    investment = 0.08 * total  # user cost of (0.04 + 0.08 - 0.015) * 2 = 0.21 of value added
    found = capital_by_branch(
        weights,
        depreciation=depreciation,
        most=0.9 * value_added,
        total=total,
        investment=investment,
        growth=0.015,
        discount=0.04,
    )
    # Bisection settles the caps to rounding, and what is left of investment is closed exactly.
    assert found.investment.sum() == pytest.approx(investment, rel=1e-12)
    assert found.stock.sum() == pytest.approx(total, rel=1e-12)
    assert np.all(found.user_cost <= 0.9 * value_added * (1 + 1e-9))


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.5, 9)), min_size=1, max_size=9))
def test_sharing_out_is_one_level_below_every_cap(pairs: list[tuple[float, float]]):
    weights, most = np.array(pairs).T
    share = shared_out(weights, most=most, total=0.7 * most.sum())
    assert share.sum() == pytest.approx(0.7 * most.sum(), rel=1e-12)
    assert np.all(share <= most * (1 + 1e-12))
    free = share < most * (1 - 1e-12)
    level = share[free] / weights[free]
    assert np.ptp(level) <= 1e-9 * level.max()
    assert np.all(share[~free] / weights[~free] <= level.max() * (1 + 1e-9))


def test_capital_that_no_branch_can_carry_is_refused():
    with pytest.raises(InputError, match="more than the branches can carry"):
        shared_out(np.ones(2), most=np.ones(2), total=3.0)


def test_investment_whose_user_cost_no_branch_can_carry_is_refused():
    # (0.04 + 0.09) * 100 = 13 must fit below 2 * 6.
    with pytest.raises(InputError, match="more than the branches can carry"):
        capital_by_branch(
            np.ones(2),
            depreciation=np.full(2, 0.05),
            most=np.full(2, 6.0),
            total=100.0,
            investment=10.0,
            growth=0.01,
            discount=0.04,
        )


def test_investment_below_growth_is_refused():
    with pytest.raises(InputError, match=r"less than growth of 2\.000%"):
        capital_by_branch(
            np.ones(1),
            depreciation=np.full(1, 0.05),
            most=np.full(1, 1e9),
            total=100.0,
            investment=1.0,
            growth=0.02,
            discount=0.04,
        )
