"""The calendar and the tail, against sums over thousands of years written out."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from counterplan.errors import InputError
from counterplan.plan.mandate import Group, Mandate
from counterplan.plan.periods import STEADIEST, TAIL, Periods
from tests.plan.builders import outlook_of, two_branch_economy

YEARS = 6000  # 0.985 to this power is below 1e-39

calendars = st.builds(
    Periods,
    first=st.sampled_from([2020, 2021]),
    count=st.integers(1, 8),
    base=st.just(2020),
    beta=st.floats(0.8, 0.96),
    growth=st.floats(-0.03, 0.025),
)


def years_after(p: Periods) -> np.ndarray:
    """Return the years after the horizon, written out."""
    return p.first + p.count + np.arange(YEARS)


def summed_up(p: Periods, values: np.ndarray) -> float:
    """Return the tail of a series given for every year after the horizon."""
    return float((1 - p.b) * (p.beta ** np.arange(YEARS)) @ values)


def test_the_calendar_of_three_years() -> None:
    p = Periods(first=2021, count=3, base=2020, beta=0.9, growth=0.05)

    assert len(p) == 4
    assert p.labels == ("2021", "2022", "2023", TAIL)
    assert p.b == pytest.approx(0.945)
    assert p.weights == pytest.approx([1.0, 0.9, 0.81, 0.729 / 0.055])
    assert p.trend == pytest.approx([1.05, 1.1025, 1.157625, 1.21550625])
    assert [p.index(year) for year in (2021, 2022, 2023)] == [0, 1, 2]


def test_a_plan_that_starts_in_the_observed_year_starts_at_one() -> None:
    p = Periods(first=2020, count=2, base=2020, beta=0.9, growth=0.05)

    assert p.trend == pytest.approx([1.0, 1.05, 1.1025])


@pytest.mark.parametrize("year", [2020, 2024])
def test_a_year_outside_the_plan_is_refused(year: int) -> None:
    p = Periods(first=2021, count=3, base=2020, beta=0.9, growth=0.05)

    with pytest.raises(InputError, match=rf"{year} is outside.*2021 to 2023"):
        p.index(year)


def test_a_plan_cannot_start_years_after_what_was_observed() -> None:
    with pytest.raises(InputError, match="starts in 2022 and the economy was observed in 2020"):
        Periods(first=2022, count=3, base=2020, beta=0.9, growth=0.0)


def test_a_discount_that_the_years_after_outweigh_is_refused() -> None:
    Periods(first=2021, count=1, base=2020, beta=STEADIEST, growth=0.0)

    with pytest.raises(InputError, match=r"0\.9895.*at most 0\.985"):
        Periods(first=2021, count=1, base=2020, beta=0.96, growth=0.0307)


def test_the_limit_on_the_discount_is_one_of_years() -> None:
    Periods(first=1, count=12, base=0, beta=0.96 ** (1 / 12), growth=0.0, per_year=12)

    with pytest.raises(InputError, match=r"at most 0\.998741 per period"):
        Periods(first=1, count=12, base=0, beta=0.999, growth=0.0, per_year=12)


@settings(deadline=None, max_examples=60)
@given(calendars)
def test_the_weight_of_the_tail_is_that_of_all_years_after(p: Periods) -> None:
    # Whatever grows on trend: the sum over all years of beta^t (1 + g)^t.
    everything = (p.beta ** np.arange(YEARS)) @ ((1 + p.growth) ** (np.arange(YEARS) + 1.0))
    start = (1 + p.growth) ** (1.0 - (p.first - p.base))

    assert p.weights @ p.trend * start == pytest.approx(everything, rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(calendars, st.floats(-0.2, 0.03))
def test_growth_at_any_rate_is_summed_over_the_years_after(p: Periods, rate: float) -> None:
    path = p.growing(rate)

    assert path[:-1] == pytest.approx((1 + rate) ** (p.first - 2020 + np.arange(p.count)))
    after = (1 + rate) ** (years_after(p) - 2020.0)
    assert path[-1] == pytest.approx(summed_up(p, after), rel=1e-6)


@settings(deadline=None, max_examples=30)
@given(calendars)
def test_what_stays_the_same_and_what_follows_a_curve_are_summed_likewise(p: Periods) -> None:
    after = years_after(p)

    assert p.constant()[-1] == pytest.approx(summed_up(p, np.ones(YEARS)), rel=1e-9)
    on_trend = (1 + p.growth) ** np.arange(YEARS)  # since the first year after
    curve = p.path(lambda age: np.sqrt(age + 1))
    assert curve[:-1] == pytest.approx(np.sqrt(p.first - 2020 + np.arange(p.count) + 1.0))
    assert curve[-1] == pytest.approx(summed_up(p, on_trend * np.sqrt(after - 2019.0)), rel=1e-9)


@settings(deadline=None, max_examples=60)
@given(calendars, st.dictionaries(st.integers(2015, 2060), st.floats(0, 100), max_size=5))
def test_listed_amounts_stand_in_their_year_or_in_the_tail(
    p: Periods, amounts: dict[int, float]
) -> None:
    path = p.listed(amounts)

    planned = [amounts.get(p.first + t, 0.0) for t in range(p.count)]
    after = np.array([amounts.get(year, 0.0) for year in years_after(p).tolist()])
    assert path[:-1] == pytest.approx(planned)
    assert path[-1] == pytest.approx(summed_up(p, after), rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=100)
@given(
    calendars,
    st.one_of(st.none(), st.integers(2018, 2035)),
    st.one_of(st.none(), st.integers(2021, 2040)),
)
@example(Periods(first=2021, count=3, base=2020, beta=0.96, growth=0.01), 2026, 2027)
@example(Periods(first=2021, count=3, base=2020, beta=0.96, growth=0.01), 2026, None)
@example(Periods(first=2021, count=3, base=2020, beta=0.96, growth=0.01), None, 2027)
@example(Periods(first=2021, count=3, base=2020, beta=0.96, growth=0.01), 2022, 2023)
def test_a_spell_covers_its_years_and_its_share_of_those_after(
    p: Periods, start: int | None, end: int | None
) -> None:
    if start is not None and end is not None and end < start:
        start, end = end, start

    share = p.spell(start, end)

    def holds(year: np.ndarray) -> np.ndarray:
        return ((start is None) | (year >= (start or 0))) & ((end is None) | (year <= (end or 9e9)))

    assert share[:-1] == pytest.approx(holds(p.first + np.arange(p.count)).astype(float))
    # Of something on trend, the discounted share of the years in which it holds.
    on_trend = (1 + p.growth) ** np.arange(YEARS)
    counted = summed_up(p, on_trend * holds(years_after(p)))
    assert share[-1] == pytest.approx(counted, rel=1e-9, abs=1e-12)


def test_growth_that_outruns_the_discount_is_refused_wherever_it_is_asked_for() -> None:
    p = Periods(first=2021, count=3, base=2020, beta=0.96, growth=0.0)

    with pytest.raises(InputError, match=r"0\.05 per period.*discount 0\.96.*less than 0\.04167"):
        p.growing(0.05)
    with pytest.raises(InputError, match="outruns the discount"):
        outlook_of(two_branch_economy(), mandate=Mandate(groups={"people": Group(growth=0.05)}))
