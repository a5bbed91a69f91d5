"""Emissions and natural resources: caps as factors of the observed, and what a unit is worth."""

import numpy as np
import pytest

from counterplan.errors import InputError
from counterplan.plan.mandate import EmissionGoal, Mandate
from counterplan.plan.outlook import Outlook
from counterplan.plan.problem import assemble
from tests.plan.builders import outlook_of, problem_of, value_of
from tests.plan.growing import after, best_for, growing_economy, rows_of, shifted, slope

SMOKE = 100 * 0.01 + 16 * 0.5 + 4 * 1.0  # observed


def cap(factor: float, emission: str = "smoke", **dates: int) -> Mandate:
    """Return a mandate that caps an emission at a factor of the observed."""
    one = EmissionGoal(kind="emission", emission=emission, factor=factor, **dates)
    return Mandate(goals=(one,))


def capped(factor: float, emission: str = "smoke", **dates: int) -> Outlook:
    """Return the outlook of a plan with that cap."""
    return outlook_of(growing_economy(), mandate=cap(factor, emission, **dates))


def test_the_row_is_the_limit_less_what_the_techniques_emit() -> None:
    problem = problem_of(growing_economy(), periods=2, mandate=cap(0.9))
    x = np.array([[100.0, 90.0, 95.0], [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]])

    rows = rows_of(problem, "emissions")
    value = value_of(rows.expression, problem, activity=x)

    limit = 0.9 * SMOKE * np.array([1.0, 1.0, after(lambda t: 1.0, count=2)])
    emitted = 0.01 * x[0] + 0.5 * x[1] + 1.0 * x[2]
    np.testing.assert_allclose(value[0], limit - emitted, rtol=1e-12)
    assert np.array_equal(rows.keep, [[True] * 3, [False] * 3])
    assert (rows.lower == 0).all()
    assert np.isposinf(rows.upper).all()


def test_a_cap_is_a_factor_of_the_observed_and_does_not_grow_with_the_economy() -> None:
    water = capped(1.1, "water").emission_limit

    np.testing.assert_allclose(water[1, :3], 1.1 * 200)
    assert np.isposinf(water[0]).all()


def test_a_cap_holds_between_its_dates_and_the_tighter_of_two_wins() -> None:
    goals = (
        EmissionGoal(kind="emission", emission="smoke", factor=1.2),
        EmissionGoal(kind="emission", emission="smoke", factor=0.8, start=2022, end=2022),
        EmissionGoal(kind="emission", emission="smoke", factor=1.5, start=2022),
    )
    given = outlook_of(growing_economy(), mandate=Mandate(goals=goals))

    np.testing.assert_allclose(given.emission_limit[0, :3], SMOKE * np.array([1.2, 0.8, 1.2]))


def test_an_emission_that_is_not_there_is_refused_at_its_place() -> None:
    with pytest.raises(InputError, match=r"mandate\.goals\.0: emission 'smok'.*'smoke'"):
        capped(1.0, "smok")


def test_the_cap_is_kept_by_the_cleaner_technique_first() -> None:
    free, bound = best_for(outlook_of(growing_economy())), best_for(capped(1.0))
    techniques = free.plan.economy.techniques

    emitted = (techniques.emissions @ bound.plan.quantity("activity"))[0]
    limit = SMOKE * np.array([1.0, 1.0, 1.0, after(lambda t: 1.0, count=3)])
    assert (emitted <= limit * (1 + 1e-9)).all()
    lost = 1 - (bound.plan.activity() / free.plan.activity())["2023"]
    assert lost["patching"] > lost["making"]
    assert bound.value < free.value


@pytest.mark.parametrize(("emission", "row"), [("smoke", 0), ("water", 1)])
@pytest.mark.parametrize("period", [0, 1, 3])
def test_the_dual_is_what_one_more_unit_adds(emission: str, row: int, period: int) -> None:
    given = capped(0.97, emission)
    worth = best_for(given).plan.worth("emissions")[row, period]

    value = slope(lambda by: assemble(shifted(given, "emission_limit", place=(row, period), by=by)))

    assert worth > 0.05
    assert value / given.periods.weights[period] == pytest.approx(worth, rel=1e-5)


def test_a_cap_that_does_not_bind_is_worth_nothing() -> None:
    plan = best_for(capped(2.0, "water", end=2023)).plan

    np.testing.assert_allclose(plan.worth("emissions")[1, :3], 0.0, atol=1e-9)


def test_a_tighter_cap_never_helps() -> None:
    values = [best_for(capped(factor)).value for factor in (1.1, 1.0, 0.97, 0.9)]

    assert values == sorted(values, reverse=True)
    assert values[-1] < values[0]
