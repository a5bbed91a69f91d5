"""What liars have from it: by hand for two bakeries."""

import numpy as np
import pytest

from counterplan.dialogue.honesty.gains import gains_of, inputs_of, places
from counterplan.dialogue.honesty.lies import Kind, Lie
from tests.dialogue.honesty.cases import DEAR, bakeries, bakery_loss, bakery_plan, workplaces

LIKE = np.array([0, 0, 0, 1, 1, 2])


OVEN = 15.0  # its user cost is 0.625, so 0.175 of a bread is pay


def gained(kind: Kind, degree: float, *, oven: float = DEAR) -> dict[str, float]:
    report, misled, loss = bakery_loss(kind, degree, oven=oven)
    _, best = bakery_plan(oven)
    return vars(gains_of(best, misled, report.lie, loss))


def test_a_padding_bakery_has_bread_and_people_to_spare() -> None:
    found = gained(Kind.PADDING, 0.04)

    # Of each bread 0.008 is left over, all bread being worth the same.
    assert found["goods"] == pytest.approx(0.008, rel=1e-6)
    assert found["work"] == pytest.approx(0.04 / 1.04, rel=1e-6)
    assert found["room"] == pytest.approx(1 - 1 / 1.04, rel=1e-4)
    assert found["activity"] == pytest.approx(1 / 1.04 - 1, rel=1e-4)
    assert found["others"] == pytest.approx(0.0, abs=1e-6)
    assert found["lost_per_head"] == pytest.approx((50 - 50 / 1.04) / 80, rel=1e-4)


def test_what_a_padders_people_have_is_valued_at_bread_and_pay() -> None:
    found = gained(Kind.PADDING, 0.04, oven=OVEN)
    made = 50 / 1.04
    # 50 people have 0.008 of each bread, and the pay of those without work; all eat 0.8 a head.
    expected = (0.008 * made + 0.175 * (50 - made)) / 50 / 0.8
    assert found["per_head"] == pytest.approx(expected, rel=1e-4)


def test_a_hoarding_bakery_has_its_reserve() -> None:
    found = gained(Kind.HOARDING, 0.4)

    # Two of the 50 that it makes each year.
    assert found["goods"] == pytest.approx(2 / 50, rel=1e-4)
    assert found["per_head"] == pytest.approx(2 / 50 / 0.8, rel=1e-4)
    assert found["work"] == 0.0
    assert found["place"] == 0.0


def test_a_sandbagging_bakery_has_room() -> None:
    found = gained(Kind.SANDBAGGING, 0.04)

    assert found["room"] == pytest.approx(0.04, rel=1e-4)
    assert found["goods"] == found["work"] == found["per_head"] == 0.0


def test_a_padder_stands_behind_its_equal() -> None:
    # Both bakeries state the same; then one states more: from the middle of two to the last.
    assert gained(Kind.PADDING, 0.04, oven=OVEN)["place"] == pytest.approx(0.5)


def test_places_run_from_the_least_to_the_most_of_a_branch() -> None:
    found = places(np.array([3.0, 1.0, 2.0, 5.0, 5.0, 1.0]), LIKE)

    np.testing.assert_array_equal(found[:5], [1.0, 0.0, 0.5, 0.5, 0.5])
    assert np.isnan(found[5])


def test_nobody_without_others_like_it_has_a_place() -> None:
    economy = bakeries()
    alone = Lie(Kind.PADDING, 0.1, np.array([False, False]))
    problem, best = bakery_plan()
    _, misled, loss = bakery_loss(Kind.PADDING, 0.04)

    assert gains_of(best, misled, alone, loss).place == 0.0
    assert len(inputs_of(economy)) == 2
    assert problem.outlook.economy.name == economy.name


def test_stated_inputs_are_goods_and_pay_of_all_techniques() -> None:
    # In a steady state what is left of the price pays for capital.
    found = inputs_of(workplaces())

    assert ((found > 0) & (found < 1)).all()
