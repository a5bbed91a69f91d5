"""How workplaces differ: sizes, mixes and places follow the laws they are said to."""

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.derive.prices import base_prices
from counterplan.economy.economy import Economy
from counterplan.economy.split import split_producers
from counterplan.economy.split.mixes import balanced
from counterplan.economy.split.request import DISCOUNT
from counterplan.economy.split.workplaces import (
    drawn_regions,
    repeated,
    workplace_counts,
    workplace_shares,
)
from counterplan.errors import CounterplanError
from tests.economy.split.joined import costs, sources
from tests.plan.builders import changed, two_branch_economy


def test_counts_are_by_largest_remainders():
    # The usual example of Hamilton's method: 100,000 votes, ten seats.
    votes = np.array([47_000.0, 16_000.0, 15_900.0, 12_000.0, 6_000.0, 3_100.0])
    seats = np.array([5, 2, 1, 1, 1, 0])
    assert workplace_counts(votes, 16).tolist() == (seats + 1).tolist()


def test_producers_that_make_nothing_get_one_workplace():
    assert workplace_counts(np.array([0.0, 5.0]), 10).tolist() == [1, 9]
    assert workplace_counts(np.zeros(3), 7).sum() == 7


def test_sizes_follow_the_truncated_zipf_law():
    count = 200_000
    share = workplace_shares(np.zeros(count, dtype=np.int64), np.random.default_rng(1))
    assert share.sum() == pytest.approx(1, rel=1e-12)
    assert (np.diff(share) <= 0).all()
    size = share / share[-1]  # the smallest of so many is 1 to 1e-5
    for z in (1.5, 3.0, 10.0, 50.0):
        chance = (1 / z - 1 / 100) / (1 - 1 / 100)
        error = 4 * np.sqrt(chance * (1 - chance) / count)
        assert (size > z).mean() == pytest.approx(chance, abs=error + 1e-4)


def test_branches_are_localised_as_ellison_and_glaeser_measure_it():
    """Expected index: sum (s_r - x_r)^2 = (1 - sum x_r^2) (gamma + (1 - gamma) H), H = 1/N."""
    branches, each, regions = 4_000, 40, 6
    parent, _ = repeated(np.full(branches, each))
    drawn = drawn_regions(parent, regions=regions, random=np.random.default_rng(3))
    rank = 1 / np.arange(1, regions + 1)
    size = rank / rank.sum()
    counts = np.zeros((branches, regions))
    np.add.at(counts, (parent, drawn), 1 / each)
    raw = ((counts - size) ** 2).sum(axis=1)
    expected = (1 - (size**2).sum()) * (0.05 + 0.95 / each)
    error = raw.std() / np.sqrt(branches)
    assert raw.mean() == pytest.approx(expected, abs=4 * error)
    assert counts.mean(axis=0) == pytest.approx(size, abs=0.02)


def test_two_by_two_is_balanced_as_in_closed_form():
    """Scaling keeps the cross ratio: p / (2 - p) = sqrt(a d / (b c)) with means of 1."""
    a, b, c, d = 3.0, 0.5, 0.7, 2.0
    factor = balanced(
        np.array([a, b, c, d]),
        cell=np.array([0, 1, 0, 1]),
        weight=np.full(4, 0.5),
        budget=np.array([0, 0, 1, 1]),
        cost=np.full(4, 4.0),
    )
    ratio = np.sqrt(a * d / (b * c))
    p = 2 * ratio / (1 + ratio)
    assert factor == pytest.approx([p, 2 - p, 2 - p, p], rel=1e-12)


def test_what_cannot_balance_is_said():
    # The second piece alone has the second cell, and the first has nothing to give way with.
    with pytest.raises(CounterplanError, match="smaller spread"):
        balanced(
            np.ones(3),
            cell=np.array([0, 0, 1]),
            weight=np.array([0.5, 0.5, 0.5]),
            budget=np.array([0, 1, 1]),
            cost=np.ones(3),
        )


def test_coefficients_differ_by_the_spread_and_are_alike_within_a_workplace(
    russia: Economy, thousand: Economy
):
    """Over small inputs of large branches, where balancing takes little of the noise away."""
    now, old = thousand.techniques.use.toarray(), russia.techniques.use.toarray()
    source = np.array(sources(thousand.techniques.codes, numbers=2))
    deviations, products = [], []
    for j, code in enumerate(russia.techniques.codes):
        columns = np.flatnonzero(source == code)
        rows = np.flatnonzero((old[:, j] > 0) & (old[:, j] < 0.01))
        if len(columns) >= 100:
            log = np.log(now[np.ix_(rows, columns)])
            log -= log.mean(axis=1, keepdims=True)
            log -= log.mean(axis=0)
            deviations.append(log.std())
            products.append(np.corrcoef(log[:, ::2].ravel(), log[:, 1::2].ravel())[0, 1])
    assert len(deviations) >= 3
    assert deviations == pytest.approx([0.25] * len(deviations), rel=0.05)
    assert products == pytest.approx([0.5] * len(products), abs=0.05)


def test_alternatives_save_labour_or_capital_and_do_not_pay(russia: Economy):
    new = split_producers(russia, producers=50, seed=4, techniques=2, alternatives=2)
    techniques, need = new.techniques, new.labour.need.toarray()
    number = np.array([int(code.rsplit("-", 1)[1]) for code in techniques.codes])
    first, saver, labourer = (np.flatnonzero(number == v) for v in (1, 3, 4))
    assert number.tolist() == [1, 2, 3, 4] * 50
    assert (techniques.activity[number > 2] == 0).all()
    assert (techniques.activity[number <= 2] > 0).all()
    labour = need[:, saver] / need[:, first]
    assert 0.7 <= labour.min() <= labour.max() < 1
    capital = np.asarray(new.capital.need.sum(axis=0))
    assert (capital[saver] > capital[first]).all()
    kept = capital[labourer] / capital[first]
    assert 0.7 <= kept.min() <= kept.max() < 1
    assert (need[:, labourer] > need[:, first]).all()
    goods = techniques.use.toarray()
    pay = base_prices(russia, discount=DISCOUNT).pay
    for alternative in (saver, labourer):
        dearer = goods[:, alternative].sum(axis=0) / goods[:, first].sum(axis=0)
        assert 1.005 <= dearer.min() <= dearer.max() <= 1.03
        # What saves one and takes the other costs the same, apart from that.
        assert costs(new, pay=pay)[alternative] == pytest.approx(dearer, rel=1e-9)


def test_a_technique_without_capital_has_only_dearer_alternatives():
    old = two_branch_economy()
    old = changed(old, "capital", need=sp.csc_array([[0.0, 0.0], [0.0, 1.0]]))
    new = split_producers(old, producers=12, seed=6, techniques=1, alternatives=1)
    need, goods = new.labour.need.toarray()[0], new.techniques.use.toarray()[0]
    farms = [c for c, s in enumerate(sources(new.techniques.codes, numbers=2)) if s == "farming"]
    for j in farms[::2]:
        assert need[j + 1] / need[j] == pytest.approx(goods[j + 1] / goods[j], rel=1e-12)
        assert need[j + 1] > need[j]
