"""The four checks: what they find, whom they suspect, against closed forms."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import stats

from counterplan.dialogue.honesty import deliveries, likeness, revealed, stocktaking
from counterplan.dialogue.honesty.deliveries import Deals, Falsehood
from counterplan.dialogue.honesty.lies import Kind, drawn_liars
from counterplan.dialogue.honesty.suspicion import rates, suspected_normally, threshold_for
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.examples import packaged_economy
from tests.dialogue.honesty.cases import bakeries, truth, workplaces

LIMITS = (1.0, 1.645, 2.0, 2.326)


@cache
def crowd() -> Economy:
    return split_producers(read_package(packaged_economy("russia-2014")), producers=400, seed=2)


@cache
def deals() -> Deals:
    return deliveries.deals_of(crowd(), seed=2)


def wide(count: int, share: float) -> float:
    """Return four standard deviations of a share of so many."""
    return 4 * float(np.sqrt(share * (1 - share) / count))


# ---- buyers' against sellers' reports ----------------------------------------------------------


def test_nobody_buys_from_itself_or_what_its_seller_does_not_make() -> None:
    made, used = deliveries.by_producer(crowd())
    found = deals()

    assert (found.seller != found.buyer).all()
    assert (made[found.product, found.seller] > 0).all()
    assert (used[found.product, found.buyer] > 0).all()
    pairs = np.stack([found.product, found.buyer, found.seller], axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    _, counts = np.unique(pairs[:, :2], axis=0, return_counts=True)
    assert counts.max() <= deliveries.SUPPLIERS


def test_a_bakery_buys_from_the_other() -> None:
    found = deliveries.deals_of(bakeries(), seed=0)

    assert sorted(zip(found.seller, found.buyer, strict=True)) == [(0, 1), (1, 0)]


def test_who_has_nobody_to_buy_from_has_no_deals() -> None:
    economy = bakeries()
    alone = replace(economy, techniques=replace(economy.techniques, producer=np.array([0, 0])))

    assert deliveries.deals_of(alone, seed=0).seller.size == 0


def test_medians_of_groups_are_medians() -> None:
    values = np.array([5.0, 1.0, 2.0, 9.0, 4.0, 7.0])
    group = np.array([0, 0, 0, 2, 2, 3])
    found = deliveries.medians(values, group, count=5)

    np.testing.assert_array_equal(found, [2.0, np.nan, 6.5, 7.0, np.nan])
    assert np.isnan(deliveries.medians(np.zeros(0), np.zeros(0, dtype=int), count=2)).all()


@pytest.mark.parametrize("limit", LIMITS)
def test_honest_deliveries_are_suspected_as_often_as_the_errors_say(limit: float) -> None:
    count, nobody = len(crowd().producers), np.zeros(len(crowd().producers), dtype=bool)
    often = []
    for seed in range(5):
        ratios = deliveries.stated_ratios(
            deals(), liars=nobody, degree=0.0, falsehood=None, seed=seed
        )
        score = deliveries.scores(deals(), ratios, count=count)
        often.append(rates(score, nobody, limit)[1])
    predicted = 1 - (1 - suspected_normally(limit)) ** 2

    assert np.mean(often) == pytest.approx(predicted, abs=wide(5 * count, predicted) + 0.01)


@pytest.mark.parametrize("falsehood", list(Falsehood))
def test_lies_about_deliveries_are_found_and_partners_spared(falsehood: Falsehood) -> None:
    liars = drawn_liars(crowd(), share=0.3, seed=1)
    ratios = deliveries.stated_ratios(deals(), liars=liars, degree=0.1, falsehood=falsehood, seed=1)
    caught, wrong = rates(deliveries.scores(deals(), ratios, count=liars.size), liars, 3.0)

    assert caught > 0.95
    assert wrong < 0.03


def test_a_lie_shifts_what_is_stated_by_its_logarithm() -> None:
    every = np.ones(len(crowd().producers), dtype=bool)

    def shift(falsehood: Falsehood | None) -> float:
        said = deliveries.stated_ratios(
            deals(), liars=every, degree=0.2, falsehood=falsehood, seed=1, error=0.0
        )
        assert np.ptp(said) == 0
        return float(said[0])

    assert shift(Falsehood.OVERSTATING) == pytest.approx(np.log(1.2))
    assert shift(Falsehood.DENYING) == pytest.approx(-np.log(0.8))
    assert shift(None) == 0.0


def test_who_has_few_deals_is_not_judged() -> None:
    found = deliveries.deals_of(bakeries(), seed=0)

    assert np.isnan(deliveries.scores(found, np.ones(2), count=2)).all()


# ---- stocktaking -------------------------------------------------------------------------------


def test_stores_grow_as_the_lie_says() -> None:
    np.testing.assert_allclose(
        stocktaking.stores(Kind.PADDING, 0.1, years=3, filling=2), [0.1, 0.2, 0.3]
    )
    np.testing.assert_allclose(
        stocktaking.stores(Kind.HOARDING, 0.1, years=3, filling=2), [0.05, 0.1, 0.1]
    )
    assert not stocktaking.stores(Kind.SANDBAGGING, 0.4, years=3, filling=2).any()


def test_a_surplus_as_large_as_an_error_of_the_count_is_not_noticed() -> None:
    store = stocktaking.stores(Kind.HOARDING, stocktaking.NOTICED, years=3, filling=3)

    assert not stocktaking.noticed(store).any()


@pytest.mark.parametrize(("years", "chance"), [(1, 0.1), (2, 0.19), (5, 0.40951)])
def test_a_lot_finds_stores_as_often_as_the_closed_form_says(years: int, chance: float) -> None:
    liars = np.arange(4000) % 2 == 0
    found = stocktaking.found(Kind.PADDING, 0.2, liars, years=years, filling=1, seed=4)

    assert stocktaking.chance(years) == pytest.approx(chance)
    assert found[liars].mean() == pytest.approx(chance, abs=wide(2000, chance))
    assert not found[~liars].any()


# ---- like against like -------------------------------------------------------------------------


@pytest.mark.parametrize("limit", LIMITS)
def test_honest_ratios_are_suspected_as_often_as_a_normal_distribution_says(limit: float) -> None:
    random = np.random.default_rng(3)
    branch = np.repeat(np.arange(20), 400)
    score = likeness.robust_scores(0.25 * random.standard_normal(branch.size), branch)
    predicted = suspected_normally(limit)

    assert (score > limit).mean() == pytest.approx(predicted, abs=wide(branch.size, predicted))


@pytest.mark.parametrize("limit", LIMITS)
def test_in_a_split_table_too(limit: float) -> None:
    branch = likeness.branch_of(crowd())
    logarithm = likeness.logarithm_of(likeness.stated(crowd(), "work"))
    score = likeness.robust_scores(logarithm, branch)
    known = score[np.isfinite(score)]
    predicted = suspected_normally(limit)

    # Branches of a dozen have rough medians: their scores have wider tails.
    assert (known > limit).mean() == pytest.approx(
        predicted, abs=wide(known.size, predicted) + 0.02
    )


def test_padders_are_found_as_often_as_a_normal_distribution_says() -> None:
    random = np.random.default_rng(4)
    branch = np.repeat(np.arange(20), 400)
    liars = random.random(branch.size) < 0.02  # so few that they do not move the median
    score = likeness.robust_scores(
        0.25 * random.standard_normal(branch.size) + np.log(1.4) * liars, branch
    )
    limit = threshold_for(0.05)
    predicted = suspected_normally(limit, shift=np.log(1.4) / 0.25)

    assert predicted == pytest.approx(0.3826, abs=1e-3)
    assert rates(score, liars, limit)[0] == pytest.approx(
        predicted, abs=wide(int(liars.sum()), predicted) + 0.02
    )


def test_scores_are_those_of_scipy() -> None:
    values = np.random.default_rng(1).normal(size=30)
    spread = stats.median_abs_deviation(values, scale="normal")

    np.testing.assert_allclose(
        likeness.robust_scores(values, np.zeros(30, dtype=int)),
        (values - np.median(values)) / spread,
        rtol=1e-4,
    )


def test_few_peers_and_peers_that_are_all_alike_are_not_judged() -> None:
    few = likeness.robust_scores(np.arange(7.0), np.zeros(7, dtype=int))
    alike = likeness.robust_scores(np.ones(9), np.zeros(9, dtype=int))

    assert np.isnan(few).all()
    assert np.isnan(alike).all()


def test_stated_ratios_are_weighted_by_what_runs() -> None:
    np.testing.assert_allclose(likeness.stated(bakeries(), "work"), [1.0, 1.0])
    np.testing.assert_allclose(likeness.stated(bakeries(), "goods"), [0.2, 0.2])
    np.testing.assert_array_equal(
        likeness.logarithm_of(np.array([1.0, 0.0, np.nan])), [0.0, np.nan, np.nan]
    )


def test_curves_find_more_of_larger_lies_and_suspect_more_where_more_is_allowed() -> None:
    table = likeness.curves(crowd(), share=0.1, degrees=(0.1, 0.4), draws=2, seed=0)
    means = table.groupby(["spread", "degree", "allowed"])[["caught", "suspected"]].mean()

    for spread in ("as split", "with productivity"):
        small, large = means.loc[(spread, 0.1)], means.loc[(spread, 0.4)]
        assert (large["caught"] >= small["caught"]).all()
        assert small["suspected"].is_monotonic_increasing
        assert small["caught"].is_monotonic_increasing
    assert set(table["draw"]) == {0, 1}


def test_a_crowd_of_few_has_no_curves() -> None:
    table = likeness.curves(bakeries(), share=0.5, degrees=(0.1,), draws=1, seed=0)

    assert table[["caught", "suspected", "predicted"]].isna().all().all()


# ---- capacity revealed over time ----------------------------------------------------------------


def test_the_books_prove_what_was_used_less_wear_and_what_was_built() -> None:
    used = np.array([[100.0, 50.0, 50.0, 120.0]])
    begun = np.array([[20.0, 0.0, 10.0, 0.0]])
    floor = revealed.shown_floor(used, begun, depreciation=np.array([0.1]), lag=np.array([1]))
    # 100; 90 + 20; 99 + 0; 89.1 + 10 < 120 used.
    np.testing.assert_allclose(floor, [[100.0, 110.0, 99.0, 120.0]])


def test_a_lag_delays_what_was_built() -> None:
    floor = revealed.shown_floor(
        np.array([[100.0, 0.0, 0.0]]),
        np.array([[20.0, 0.0, 0.0]]),
        depreciation=np.array([0.0]),
        lag=np.array([2]),
    )
    np.testing.assert_allclose(floor, [[100.0, 100.0, 120.0]])


def test_who_states_less_than_the_books_prove_contradicts_them() -> None:
    stated, floor = np.array([99.0, 100.0, 101.0]), np.full(3, 100.0)

    assert revealed.contradicts(stated, floor).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("degree", "years", "chance"), [(0.1, 1, 0.5), (0.1, 3, 0.875), (0.05, 2, 0.4375), (0.3, 1, 1)]
)
def test_records_find_sandbaggers_as_often_as_the_closed_form_says(
    degree: float, years: int, chance: float
) -> None:
    liars = np.arange(4000) % 2 == 0
    found = revealed.caught(degree, liars, years=years, seed=5)

    assert revealed.chance(degree, years) == pytest.approx(chance)
    assert found[liars].mean() == pytest.approx(chance, abs=wide(2000, chance) + 1e-12)
    assert not found[~liars].any()


def test_under_a_plan_no_honest_plant_contradicts_its_books_once_wear_is_allowed_for() -> None:
    _, best = truth()
    books = revealed.books_of(best)

    assert books.there.shape == (len(best.economy.capital), 1 + len(best.years))
    assert revealed.accused_with_wear(best) == 0.0
    assert revealed.accused_without_wear(best) > 0.0


def test_a_plan_from_the_observed_period_has_it_on_record_once() -> None:
    from counterplan.dialogue.honesty.losses import certified_plan
    from tests.plan.builders import problem_of, scenario_of

    problem = problem_of(workplaces(), periods=2, first=2020)
    best = certified_plan(problem, scenario_of(periods=2, first=2020))

    assert revealed.books_of(best).used.shape[1] == 2
    assert revealed.accused_with_wear(best) == 0.0
