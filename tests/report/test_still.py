"""Periods in which no trade leaves its first step, by hand and on the page."""

import numpy as np

from counterplan.plan.plan import Plan
from counterplan.report.corners import FLOWS
from counterplan.report.still import in_words, past_first, still_years
from tests.report.plans import Page
from tests.report.test_corners import with_values


def at_rest(plan: Plan) -> Plan:
    """Return a plan with nothing moved from its habit."""
    for flow in FLOWS:
        for way in ("up", "down"):
            name = f"{flow}_{way}"
            plan = with_values(plan, name, 0 * plan.quantity(name))
    return plan


def test_a_full_first_step_is_not_left_and_a_second_one_is(small: dict[str, Plan]) -> None:
    plan = at_rest(small["reference"])
    assert still_years(plan) == plan.years
    moved = plan.quantity("imports_down")
    bands = moved.reshape(2, -1, moved.shape[1])
    bands[1, 0, 1] = 0.02  # of one machine, in 2022
    assert still_years(with_values(plan, "imports_down", moved)) == plan.years
    bands[1, 1, 1] = 0.01  # at 2 crowns
    left = with_values(plan, "imports_down", moved)
    assert list(past_first(left, "imports")) == [0.0, 0.02, 0.0]
    assert still_years(left) == ("2021", "2023")
    bands[1, 1, 1] = 0.0
    bands[1, 2, 3] = 1.0  # the tail is not spoken of
    assert still_years(with_values(plan, "imports_down", moved)) == plan.years


def test_a_crisis_leaves_the_first_step_and_the_steady_path_does_not(
    russia: dict[str, Plan],
) -> None:
    assert still_years(russia["crisis"]) == ()
    calm = russia["reference"]
    assert still_years(calm) == calm.years
    np.testing.assert_allclose(past_first(calm, "exports"), 0.0, atol=10.0)  # of 500,000


def test_in_words() -> None:
    assert in_words(("1", "2"), ("1", "2"), "year {}".format) == "every one of year 1 to year 2"
    assert in_words(("1", "3"), ("1", "2", "3"), str) == "1, 3"
    assert in_words(("1",), ("1",), str) == "1"


def test_the_page_says_where_currency_is_not_certain(russian_page: Page) -> None:
    assert "The valuation of foreign currency in 2015 need not be the only one" in russian_page.text
    assert "(Without the shock: every one of 2015 to 2017)" in russian_page.text
    assert "A valuation moves with its measure" in russian_page.text
    assert "In the first year it need not be unique" in russian_page.text
