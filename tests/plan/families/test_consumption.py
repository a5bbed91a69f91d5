"""The benefit of consumption: its pieces against the isoelastic curve they stand for."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from counterplan.plan.families.consumption import (
    breakpoints,
    consumption,
    marginal_benefit,
)
from counterplan.plan.mandate import Group, Mandate, Satisfaction
from tests.plan.builders import changed, outlook_of, two_branch_economy
from tests.plan.relief import PIECES, plan_for, steady_economy

SETTINGS = [
    Satisfaction(),
    Satisfaction(sigma=0.3, kink=0.1, segment=0.01),
    Satisfaction(sigma=1.0, kink=0.0),
    Satisfaction(sigma=2.0, segment=0.1),
]


def test_the_usual_pieces_are_fine_near_the_observed_basket() -> None:
    ends = breakpoints(Satisfaction())

    near = 0.7 + 0.03 * np.arange(21)
    assert ends == pytest.approx([0.0, 0.3, 0.5, 0.6, *near, 1.45, 1.65, 2.0, 2.5, 3.5])
    assert len(ends) - 1 == PIECES


@pytest.mark.parametrize("asked", SETTINGS)
def test_pieces_rise_meet_at_the_observed_basket_and_are_as_narrow_as_asked(
    asked: Satisfaction,
) -> None:
    ends = breakpoints(asked)
    widths = np.diff(ends)

    assert np.all(widths > 1e-9)
    assert np.any(np.abs(ends - 1.0) < 1e-12)
    near = (ends[:-1] >= 0.7 + asked.segment) & (ends[1:] <= 1.3)
    assert widths[near] == pytest.approx(asked.segment)
    assert (ends[0], ends[-1]) == (0.0, 3.5)


@pytest.mark.parametrize("asked", SETTINGS)
def test_every_piece_has_the_mean_marginal_benefit_of_the_curve(asked: Satisfaction) -> None:
    ends, found = breakpoints(asked), marginal_benefit(asked)

    for piece, (low, high) in enumerate(pairwise(ends[1:]), start=1):
        area, _ = quad(lambda s: s ** (-1 / asked.sigma), low, high)
        kink = asked.kink if low > 1 - 1e-9 else 0.0
        assert found[piece] == pytest.approx(area / (high - low) * (1 - kink), rel=1e-9)
    # The curve has no mean down to nothing: there the value at the piece's end stands.
    assert found[0] == pytest.approx(ends[1] ** (-1 / asked.sigma))


@pytest.mark.parametrize("asked", SETTINGS)
def test_a_fuller_basket_is_worth_less_at_the_margin(asked: Satisfaction) -> None:
    found = marginal_benefit(asked)

    assert np.all(np.diff(found) < 0)
    assert found[-1] > 0


def test_at_the_observed_basket_one_unit_is_worth_about_its_price() -> None:
    found, ends = marginal_benefit(Satisfaction()), breakpoints(Satisfaction())
    below = found[ends[1:] < 1 + 1e-9][-1]
    above = found[ends[:-1] > 1 - 1e-9][0]

    # The means of s^-2 over 0.97 to 1 and 1 to 1.03, the second with the kink.
    assert below == pytest.approx((1 / 0.97 - 1) / 0.03)
    assert above == pytest.approx((1 - 1 / 1.03) / 0.03 * 0.925)
    assert above < 1 < below


def test_a_piece_earns_its_benefit_times_price_and_the_groups_weight() -> None:
    economy = changed(
        two_branch_economy(),
        "demand",
        groups=("village", "town"),
        group_names=("Village", "Town"),
        consumption=np.array([[40.0, 30.0], [10.0, 0.0]]),
    )
    outlook = outlook_of(
        changed(economy, "trend", growth=0.02),
        mandate=Mandate(groups={"town": Group(weight=3.0)}),
    )

    block = consumption(outlook)

    assert outlook.basket_items == ("corn for village", "corn for town", "machine for village")
    benefit, widths = marginal_benefit(Satisfaction()), np.diff(breakpoints(Satisfaction()))
    for entry, (quantity, price, weight) in enumerate([(40, 1, 1), (30, 1, 3), (10, 2, 1)]):
        rows = slice(entry * PIECES, (entry + 1) * PIECES)
        assert block.upper[rows, 1] == pytest.approx(quantity * widths * 1.02**2)
        assert block.reward[rows, 1] == pytest.approx(benefit * price * weight)
        assert block.reward[rows, 3] == pytest.approx(benefit * price * weight)
    assert block.items[PIECES] == "corn for town piece 1"
    assert np.all(block.lower == 0)


def test_the_value_of_a_steady_year_is_the_closed_form() -> None:
    # A filled basket at sigma 0.5: 0.3 / 0.3^2 up to 0.3, then 1 / 0.3 - 1, times 90 of prices;
    # 25 years' worth of it at a discount of 0.96.
    plan = plan_for(outlook_of(steady_economy(), periods=2))

    filled = 0.3 / 0.3**2 + (1 / 0.3 - 1)
    assert plan.certificate.value == pytest.approx(90.0 * filled / 0.04, rel=1e-8)


@pytest.mark.parametrize("sigma", [0.3, 0.5, 2.0])
def test_pieces_follow_the_isoelastic_benefit(sigma: float) -> None:
    # The gain from 0.8 to 1.2 of a basket, against s^(1 - 1/sigma) / (1 - 1/sigma).
    asked = Satisfaction(sigma=sigma, kink=0.0, segment=0.05)
    ends, benefit = breakpoints(asked), marginal_benefit(asked)
    inside = (ends[:-1] > 0.8 - 1e-9) & (ends[1:] < 1.2 + 1e-9)

    power = 1 - 1 / sigma
    curve = (1.2**power - 0.8**power) / power
    assert float((benefit * np.diff(ends))[inside].sum()) == pytest.approx(curve, rel=1e-9)
