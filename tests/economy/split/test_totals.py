"""Aggregation by branch gives back the economy that was split."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.economy.checks import check_economy
from counterplan.economy.derive.prices import base_balance
from counterplan.economy.economy import Economy
from counterplan.economy.finding import Severity
from counterplan.economy.split import split_producers
from tests.economy.split.joined import sources, totals
from tests.plan.builders import two_branch_economy

UNTOUCHED = ("products", "stocks", "demand", "trade", "accounts", "routes", "trend")


def assert_totals_kept(new: Economy, old: Economy) -> None:
    found, wanted = totals(new, old), totals(old, old)
    for name, amounts in wanted.items():
        np.testing.assert_allclose(found[name], amounts, rtol=1e-12, atol=0, err_msg=name)


@given(
    producers=st.integers(2, 60),
    seed=st.integers(0, 2**40),
    techniques=st.integers(1, 4),
    alternatives=st.integers(0, 2),
    spread=st.floats(0, 1),
)
@settings(max_examples=60)
def test_totals_are_kept(
    producers: int, seed: int, techniques: int, alternatives: int, spread: float
):
    old = two_branch_economy()
    new = split_producers(
        old,
        producers=producers,
        seed=seed,
        techniques=techniques,
        alternatives=alternatives,
        spread=spread,
    )
    assert len(new.producers) == producers
    assert len(new.techniques) == producers * (techniques + alternatives)
    assert_totals_kept(new, old)
    for matrix in (new.techniques.use, new.labour.need, new.capital.need):
        assert matrix.data.min() > 0


@given(producers=st.integers(3, 40), seed=st.integers(0, 2**40))
@settings(max_examples=25)
def test_totals_are_kept_with_several_techniques_regions_and_projects(
    workplaces: Economy, producers: int, seed: int
):
    new = split_producers(workplaces, producers=producers, seed=seed, alternatives=1)
    assert_totals_kept(new, workplaces)


def test_russia_has_its_totals(russia: Economy, thousand: Economy):
    assert len(thousand.producers) == 1_000
    assert len(thousand.techniques) == 2_000
    assert_totals_kept(thousand, russia)


def test_what_was_not_split_is_untouched(russia: Economy, thousand: Economy):
    for part in UNTOUCHED:
        assert getattr(thousand, part) is getattr(russia, part)
    for field in ("codes", "names", "units", "force"):
        assert getattr(thousand.labour, field) is getattr(russia.labour, field)


def test_the_base_period_of_russia_balances(thousand: Economy):
    assert np.abs(base_balance(thousand)).max() < 1e-8  # million USD
    used = thousand.labour.need @ thousand.techniques.activity
    assert used == pytest.approx(thousand.labour.force, rel=1e-12)


def test_the_checks_find_nothing_that_they_did_not_find_before(russia: Economy, thousand: Economy):
    assert len(check_economy(thousand)) <= len(check_economy(russia))
    assert [f for f in check_economy(thousand) if f.severity is Severity.ERROR] == []


def test_every_workplace_is_used_as_far_as_its_branch_was():
    old = two_branch_economy()  # all capacity is used
    new = split_producers(old, producers=20, seed=1)
    used = new.capital.need @ new.techniques.activity
    assert used == pytest.approx(new.capital.capacity, rel=1e-12)


def test_workplaces_keep_their_branch_s_capital(russia: Economy, thousand: Economy):
    source = [russia.capital.codes.index(c) for c in sources(thousand.capital.codes, numbers=1)]
    for field in ("depreciation", "lag"):
        now, then = getattr(thousand.capital, field), getattr(russia.capital, field)
        assert now.tolist() == then[source].tolist()
    composition = russia.capital.composition.toarray()[:, source]
    assert np.array_equal(thousand.capital.composition.toarray(), composition)


def test_without_spread_every_workplace_is_its_branch_in_small(russia: Economy):
    new = split_producers(russia, producers=100, seed=3, spread=0.0)
    source = [russia.techniques.codes.index(c) for c in sources(new.techniques.codes, numbers=2)]
    for part, field in (("techniques", "use"), ("techniques", "emissions"), ("labour", "need")):
        now = getattr(getattr(new, part), field).toarray()
        then = getattr(getattr(russia, part), field).toarray()[:, source]
        np.testing.assert_allclose(now, then, rtol=1e-12, atol=0)


def test_no_figure_of_the_economy_is_forgotten(thousand: Economy):
    """Shapes agree: the checks of shapes, codes and numbers would find a field left behind."""
    assert len(thousand.capital) == len(thousand.producers) == 1_000
    assert [f for f in check_economy(thousand) if f.check in ("shapes", "codes", "numbers")] == []


@pytest.mark.slow
def test_ten_thousand_workplaces_take_seconds(russia: Economy):
    start = time.monotonic()
    new = split_producers(russia, producers=10_000, seed=1)
    assert time.monotonic() - start < 20  # 2 s on the machine it was written on
    assert_totals_kept(new, russia)
