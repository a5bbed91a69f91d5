"""Random economies: in balance by construction, and everything in them that was asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterplan.dialogue.drafts import as_before, followed
from counterplan.dialogue.parts import parts_of
from counterplan.economy.checks import check_economy
from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.prices import base_prices
from counterplan.economy.drawn import Draw, draw_economy
from counterplan.economy.economy import Economy
from counterplan.economy.figures import FIELDS, entries, value_of
from counterplan.economy.package import read_package, write_package
from counterplan.errors import InputError, LimitError
from counterplan.plan.mandate import Mandate, Need
from counterplan.solve.highs import solve_divisible
from counterplan.solve.program import Engine, Outcome
from tests.plan.builders import problem_of

SIZES = (
    Draw(seed=1, products=2, producers=2, techniques=1, imported=0.5, lag=1, skills=1),
    Draw(seed=2, products=3, producers=3, emissions=0, exported=0.0, new=0.0),
    Draw(seed=3),
    Draw(seed=4, branches=9, lag=3, joint=1.0, groups=3),
    Draw(seed=5, products=12, producers=60, techniques=3, new=0.4, skills=4),
    Draw(seed=6, regions=2, products=8, producers=30),
    Draw(seed=7, regions=4, products=15, producers=90, branches=25),
    Draw(seed=8, products=30, producers=200, techniques=4, growth=0.02),
    Draw(seed=9, growth=0.0, labour_growth=0.0, standby=1.0, imported=0.4),
)
MANY = tuple(Draw(seed=seed, regions=1 + seed % 3) for seed in range(100, 160))


def amounts(economy: Economy) -> np.ndarray:
    """Return what each product has left in the base period before carrying [n], written out."""
    x = economy.techniques.activity
    left = (economy.techniques.output.toarray() - economy.techniques.use.toarray()) @ x
    left = left - economy.capital.composition.toarray() @ economy.capital.investment
    left += economy.trade.imports_other + economy.trade.imports_investment - economy.trade.exports
    return (
        left
        - economy.demand.consumption.sum(axis=1)
        - economy.demand.collective
        - (economy.demand.other)
    )


@pytest.mark.parametrize("request_", SIZES, ids=lambda one: str(one.seed))
def test_no_check_complains(request_: Draw) -> None:
    assert check_economy(draw_economy(request_)) == []


def test_no_check_complains_of_any_of_sixty() -> None:
    assert [found for one in MANY for found in check_economy(draw_economy(one))] == []


@pytest.mark.parametrize("request_", [one for one in SIZES if one.regions == 1], ids=str)
def test_every_product_balances_to_the_last_digits(request_: Draw) -> None:
    economy = draw_economy(request_)
    supply = economy.techniques.output @ economy.techniques.activity
    supply = supply + economy.trade.imports_other + economy.trade.imports_investment

    np.testing.assert_allclose(amounts(economy) / supply, 0.0, atol=1e-13)


def test_what_a_region_lacks_another_has() -> None:
    economy = draw_economy(SIZES[6])
    product = [code.split("-region")[0] for code in economy.products.codes]
    carried = sorted(set(product) - {product[0]})
    left = amounts(economy)
    sums = [left[[p == code for p in product]].sum() for code in carried]

    assert len(economy.routes) > 0
    assert np.abs(left).max() > 0.1
    np.testing.assert_allclose(sums, 0.0, atol=1e-10)
    # What is left of the first product is what carrying takes.
    assert left[0] > 0


@pytest.mark.parametrize("seed", [59, 78])
def test_carrying_takes_at_most_half_of_what_people_had_of_the_carrier(seed: int) -> None:
    request = Draw(seed=seed, regions=6, products=30, producers=40, groups=1)
    economy = draw_economy(request)
    eaten, taken = economy.demand.consumption[0].sum(), amounts(economy)[0]

    assert taken == pytest.approx(eaten, rel=1e-9)  # so much would be taken that half is the end
    assert check_economy(economy) == []


@pytest.mark.parametrize("request_", SIZES, ids=lambda one: str(one.seed))
def test_what_ran_covered_its_cost_and_what_stood_by_would_have_lost(request_: Draw) -> None:
    economy = draw_economy(request_)
    techniques = economy.techniques
    found = base_prices(economy, discount=Assumptions().discount)
    value = np.asarray(techniques.output.T @ economy.products.prices)
    ran = techniques.activity > 0
    at_work = np.unique(techniques.producer[ran])
    standby = ~ran & np.isin(techniques.producer, at_work)

    np.testing.assert_allclose(found.gap[ran] / value[ran], 0.0, atol=1e-12)
    assert (found.gap[standby] / value[standby] < -0.004).all()
    assert (np.abs(found.gap / value) < 0.031).all()


@pytest.mark.parametrize("request_", [*SIZES[:7], SIZES[8]], ids=lambda one: str(one.seed))
def test_going_on_as_before_is_a_plan_that_keeps_every_basket(request_: Draw) -> None:
    needs = (Need(group="*", product="*", share=1.0),)
    problem = problem_of(draw_economy(request_), periods=3, mandate=Mandate(needs=needs))
    parts = parts_of(problem)
    course, able = followed(parts, as_before(problem))
    own = parts.own
    program = replace(
        problem.program,
        lower=np.where(own, course, problem.program.lower),
        upper=np.where(own, course, problem.program.upper),
    )

    assert able.all()
    answer = solve_divisible(program, engine=Engine.SIMPLEX, seconds_max=60.0)
    assert answer.outcome is Outcome.SOLVED


def test_the_same_request_gives_the_same_economy_to_the_last_bit() -> None:
    one, other = draw_economy(SIZES[6]), draw_economy(SIZES[6])

    for field in FIELDS:
        np.testing.assert_array_equal(
            entries(value_of(one, field)), entries(value_of(other, field))
        )
    assert one.products.codes == other.products.codes
    assert one.routes.codes == other.routes.codes


def test_another_seed_gives_another_economy() -> None:
    one, other = draw_economy(Draw(seed=1)), draw_economy(Draw(seed=2))

    assert not np.isin(one.techniques.activity[:5], other.techniques.activity).any()


def test_regions_leave_techniques_and_sizes_as_they_are() -> None:
    one, other = draw_economy(Draw(seed=6)), draw_economy(Draw(seed=6, regions=3))

    np.testing.assert_array_equal(one.techniques.activity, other.techniques.activity)
    np.testing.assert_allclose(
        one.techniques.use.sum(axis=0), other.techniques.use.sum(axis=0), rtol=1e-12
    )


FACTS: dict[str, tuple[Draw, Callable[[Economy], Any], Any]] = {
    "products": (SIZES[7], lambda e: len(e.products), 30),
    "producers": (SIZES[7], lambda e: len(e.producers), 200),
    "branches": (SIZES[6], lambda e: len(e.branches()), 25),
    "skills": (SIZES[4], lambda e: len(e.labour.codes), 4),
    "groups": (SIZES[3], lambda e: e.demand.consumption.shape[1], 3),
    "emissions": (SIZES[1], lambda e: e.techniques.emissions.shape[0], 0),
    "lag": (SIZES[3], lambda e: set(e.capital.lag.tolist()), {1, 2, 3}),
    "no joint products": (
        Draw(seed=4, joint=0.0),
        lambda e: np.diff(e.techniques.output.indptr).max(),
        1,
    ),
    "up to two by-products": (
        Draw(seed=5, joint=1.0, products=12, producers=60),
        lambda e: set(np.diff(e.techniques.output.indptr).tolist()),
        {1, 2, 3},
    ),
    "new producers": (SIZES[4], lambda e: 60 - len(working(e)), 24),
    "new producers own nothing": (
        SIZES[4],
        lambda e: e.capital.capacity[~np.isin(e.capital.producer, working(e))].max(),
        0.0,
    ),
    "standby": (SIZES[8], lambda e: len(standing_by(e)), 11),
    "imported only": (SIZES[8], lambda e: (e.techniques.output.sum(axis=1) == 0).sum(), 2),
    "not exported": (SIZES[1], lambda e: e.trade.exports.max(), 0.0),
    "exported, one at least": (
        Draw(seed=2, exported=1e-9),
        lambda e: (e.trade.exports > 0).sum(),
        1,
    ),
    "growth": (SIZES[7], lambda e: e.trend.growth, 0.02),
    "regions": (SIZES[6], lambda e: len(set(e.producers.regions)), 4),
}


def working(economy: Economy) -> np.ndarray:
    """Return the producers that ran something."""
    return np.unique(economy.techniques.producer[economy.techniques.activity > 0])


def standing_by(economy: Economy) -> np.ndarray:
    """Return the producers that ran something, and have something that did not run."""
    idle = np.unique(economy.techniques.producer[economy.techniques.activity == 0])
    return np.intersect1d(idle, working(economy))


@pytest.mark.parametrize("fact", FACTS)
def test_what_was_asked_for_is_there(fact: str) -> None:
    request, read, wanted = FACTS[fact]

    assert read(draw_economy(request)) == wanted


def test_numbers_stay_in_the_ranges_that_the_page_states() -> None:
    economy = draw_economy(SIZES[7])
    prices, techniques = economy.products.prices, economy.techniques
    ran = techniques.activity > 0
    value = np.asarray(techniques.output.T @ prices)
    spent = np.asarray(techniques.use.T @ prices) / value
    supply = techniques.output @ techniques.activity
    supply = supply + economy.trade.imports_other + economy.trade.imports_investment
    used_up = (techniques.use @ techniques.activity) / supply
    worth = np.asarray(economy.capital.composition.T @ prices)

    assert spent.min() > 0.25 - 1e-9
    assert spent.max() < 0.45 + 1e-9
    assert used_up.max() < 0.675
    assert 0 < worth.min() < worth.max() < 2.0
    assert (economy.capital.depreciation >= 0.03).all()
    assert (economy.capital.depreciation <= 0.15).all()
    used = np.asarray(economy.capital.need @ techniques.activity)
    there = economy.capital.capacity > 0
    assert (used[there] / economy.capital.capacity[there]).min() >= 0.8 - 1e-12
    people = np.asarray(economy.labour.need @ techniques.activity)
    assert (economy.labour.force / people).max() <= 1.04 + 1e-12
    assert ran.sum() > 200


def test_a_random_economy_is_a_data_package(tmp_path: Path) -> None:
    economy = draw_economy(SIZES[5])
    write_package(economy, tmp_path / "drawn")
    back = read_package(tmp_path / "drawn")

    assert check_economy(back) == []
    np.testing.assert_array_equal(back.techniques.use.toarray(), economy.techniques.use.toarray())
    np.testing.assert_array_equal(back.routes.limit, economy.routes.limit)


@pytest.mark.parametrize(
    ("changes", "words", "kind"),
    [
        ({"seed": -1}, "seed: it is -1; give at least 0", InputError),
        ({"seed": 1.5}, "seed: 1.5 is not a whole number; give one", InputError),
        ({"products": True}, "products: True is not a whole number; give one", InputError),
        ({"products": 201}, "products: it is 201, and the limit is 200", LimitError),
        ({"joint": 1.5}, "joint: it is 1.5; give one from 0 to 1", InputError),
        ({"growth": float("nan")}, "growth: it is nan; give one from 0 to 0.02", InputError),
        ({"producers": 4}, "4 producers for 6 branches; give at least 6", InputError),
        ({"branches": 3}, "3 branches for 6 products that are made at home", InputError),
        (
            {"products": 200, "producers": 10_000, "techniques": 10},
            "coefficients, and the limit is 2e.07; ask for fewer",
            LimitError,
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_cannot_be_drawn_is_refused(
    changes: dict[str, Any], words: str, kind: type[InputError]
) -> None:
    with pytest.raises(kind, match=words):
        Draw(**({"seed": 1, "imported": 0.0} | changes))
