"""Numbers, names and periods in sentences."""

import pytest

from counterplan.plan.wording import (
    figure,
    listed,
    not_above,
    not_below,
    percent,
    spans,
    spoken,
    titled,
    when,
)

YEARS = ("2021", "2022", "2023", "2024", "2025", "after")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (0.93456, "0.9346"),
        (1234567.0, "1,235,000"),
        (12.30, "12.3"),
        (-0.05, "-0.05"),
        (1.5e-9, "1.500e-09"),
        (float("inf"), "inf"),
        (1e308, "1.000e+308"),
        (-2.5e16, "-2.500e+16"),
    ],
)
def test_a_number_is_said_with_four_digits(value: float, text: str) -> None:
    assert figure(value) == text


def test_a_level_is_rounded_to_the_side_that_is_asked() -> None:
    assert not_above(0.92978) == 0.9297
    assert not_below(0.92972) == 0.9298
    assert not_above(-0.92972) == -0.9298
    assert not_above(0.3) == not_below(0.3) == 0.3
    assert not_above(0.0) == 0.0


def test_what_an_engine_computes_is_rounded_like_what_it_means() -> None:
    assert not_above(0.3 - 1e-9) == 0.3
    assert not_below(1.0 + 1e-9) == 1.0


def test_a_list_counts_what_it_leaves_out() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], most=2) == "a, b and c"
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 others"


def test_periods_run_together() -> None:
    assert spans(["2021", "2022", "2023", "2025"], YEARS) == "2021 to 2023 and 2025"
    assert spans(["2021", "2022", "after"], YEARS) == "2021, 2022 and the time after 2025"
    assert when("after", YEARS) == "the time after 2025"
    assert when("2021", YEARS) == "2021"


def test_a_name_that_is_the_code_is_said_once() -> None:
    assert titled("Corn", "corn") == "corn"
    assert titled("Machines", "machine") == "Machines (machine)"
    assert titled("", "C10") == "C10"


def test_a_period_is_spoken_of_as_what_it_is() -> None:
    assert spoken("2017", "year") == "2017"
    assert spoken("3", "year") == "year 3"
    assert spoken("2017", "month") == "month 2017"


def test_shares_are_said_in_percent() -> None:
    assert [percent(share) for share in (0.5, 0.0125, 0.0, 1.2)] == ["50%", "1.25%", "0%", "120%"]
