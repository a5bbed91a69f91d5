"""Numbers are shown as a careful printer would set them."""

import pytest

from counterplan.report.numbers import (
    change,
    figure,
    listed,
    percent,
    points,
    power,
    scale_of,
    signed,
)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234567.891, 1, "1,234,567.9"),
        (-0.04, 1, "0.0"),
        (-0.06, 1, "\u22120.1"),
        (-1234.5, 0, "\u22121,234"),  # half to even, as Python and IEEE 754 do
        (float("nan"), 1, "\u2013"),
        (float("inf"), 1, "\u2013"),
    ],
)
def test_figures(value: float, digits: int, shown: str) -> None:
    assert figure(value, digits=digits) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.51, "+0.5"), (0.04, "0.0"), (-0.04, "0.0"), (-3, "\u22123.0"), (1500, "+1,500.0")],
)
def test_a_sign_is_shown_unless_the_number_shown_is_zero(value: float, shown: str) -> None:
    assert signed(value) == shown


def test_shares_become_percentages() -> None:
    assert percent(0.1234) == "12.3%"
    assert change(-0.1234) == "\u221212.3%"
    assert change(0.0004) == "0.0%"
    assert percent(float("nan")) == change(float("nan")) == "\u2013"


def test_a_difference_of_shares_is_that_of_the_percentages_shown() -> None:
    # 11.3% and 11.5% are printed: the reader subtracts 0.2, though the shares differ by 0.11.
    assert percent(0.11345) == "11.3%"
    assert percent(0.11455) == "11.5%"
    assert points(0.11345, 0.11455) == "\u22120.2"
    assert points(0.5, 0.5) == "0.0"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (5.4e-9, "5.4 \u00d7 10\u207b\u2079"),
        (-2.5e-13, "\u22122.5 \u00d7 10\u207b\u00b9\u00b3"),
        (3.1e12, "3.1 \u00d7 10\u00b9\u00b2"),
    ],
)
def test_small_numbers_stand_as_powers_of_ten(value: float, shown: str) -> None:
    assert power(value) == shown


def test_millions_become_billions_when_they_are_many() -> None:
    large, small = scale_of("million USD", 50_000.0), scale_of("million USD", 9_999.0)
    assert (large.unit, large.amount(193_850.0)) == ("billion USD", "193.8")
    assert large.words(-193_850.0) == "193.8 billion USD"
    assert (small.unit, small.amount(9_999.0)) == ("million USD", "9,999")
    assert scale_of("florin", 416_500.0).words(416_500.0) == "416,500 florin"
    assert scale_of("dollar", 4.0).change(-4.0) == "\u22124.00"


def test_steps_count_the_last_digit_shown() -> None:
    scale = scale_of("million USD", 50_000.0)
    assert scale.steps([93_850.0])[0] == pytest.approx(938.5)
    assert scale.step(-938) == "\u221293.8"
    assert scale.amount_of_step(938) == "93.8"


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_lists(words: list[str], text: str) -> None:
    assert listed(words) == text
