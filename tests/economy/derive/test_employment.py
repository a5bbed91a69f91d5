import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.economy.derive.assumptions import Wages
from counterplan.economy.derive.employment import employment_by_pay, entropy_mix, labour_in_cost
from counterplan.errors import InputError


def test_the_loaded_die():
    # E. T. Jaynes, Information Theory and Statistical Mechanics (Brandeis lectures, 1963):
    # a die whose average throw is 4.5.
    found = entropy_mix(np.arange(1.0, 7.0), average=4.5)
    published = [0.05435, 0.07877, 0.11416, 0.16545, 0.23977, 0.34749]
    assert found == pytest.approx(published, abs=5e-6)


def test_the_fair_die():
    assert entropy_mix(np.arange(1.0, 7.0), average=3.5) == pytest.approx(np.full(6, 1 / 6))


@given(st.floats(0.35, 2.9))
def test_the_mix_has_the_average_asked_for(average: float):
    values = np.array([1 / 3, 1.0, 3.0])
    found = entropy_mix(values, average=average)
    assert found.sum() == pytest.approx(1.0, rel=1e-14)
    assert found @ values == pytest.approx(average, rel=1e-9)
    # Greatest entropy: log-shares are linear in the values.
    slopes = np.diff(np.log(found)) / np.diff(values)
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-6, abs=1e-8)


def wages(**by_branch: float) -> Wages:
    return Wages(by_branch=by_branch, persons=100.0, source="made up")


def test_people_follow_income_over_pay_and_their_pay_is_the_income():
    income = np.array([30.0, 90.0])
    found = employment_by_pay(income, branches=("A01", "F"), wages=wages(A01=1.0, F=2.0))
    # 30 / 1 against 90 / 2: 40 and 60 of 100 thousand people.
    assert found.persons.sum(axis=0) == pytest.approx([40.0, 60.0])
    assert found.pay @ found.persons == pytest.approx(income, rel=1e-15)
    assert found.pay == pytest.approx(np.array([1 / 3, 1, 3]) * 120 / 100)
    assert found.persons[2, 1] / 60 > found.persons[2, 0] / 40
    assert found.units == ("thousand persons",) * 3


def test_a_branch_without_pay_is_named():
    with pytest.raises(InputError, match="branch 'F' has no pay"):
        employment_by_pay(np.ones(2), branches=("A01", "F"), wages=wages(A01=1.0))


def test_pay_beyond_the_skills_is_named():
    with pytest.raises(InputError, match=r"branch 'F'.*lies outside.*widen skill_pay"):
        employment_by_pay(
            np.array([90.0, 10.0]), branches=("A01", "F"), wages=wages(A01=1.0, F=20.0)
        )


def test_labour_in_its_own_cost():
    found = labour_in_cost(np.array([3.0, 4.0]))
    assert found.persons == pytest.approx(np.array([[3.0, 4.0]]))
    assert found.pay == pytest.approx([1.0])
    assert found.units == ("million USD",)
