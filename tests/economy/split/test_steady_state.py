"""Every technique breaks even at base prices, and the observed plan is still a best one."""

import time

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.economy.derive.prices import base_prices
from counterplan.economy.economy import Economy
from counterplan.economy.split import split_producers
from counterplan.economy.split.request import DISCOUNT
from counterplan.plan.certificate import certify
from counterplan.plan.make import make_plan
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from counterplan.plan.reproduction import as_observed
from tests.economy.derive.steady_state import observed_path
from tests.economy.split.joined import costs, sources
from tests.plan.builders import changed, two_branch_economy

REPRODUCED = 1e-6
SECONDS_MOST = 20.0


def test_every_technique_of_russia_breaks_even(russia: Economy, thousand: Economy):
    pay = base_prices(russia, discount=DISCOUNT).pay
    assert costs(thousand, pay=pay) == pytest.approx(np.ones(2_000), abs=1e-9)


def test_pay_is_found_again_from_the_split_economy(russia: Economy, thousand: Economy):
    before, after = (base_prices(e, discount=DISCOUNT) for e in (russia, thousand))
    assert after.pay == pytest.approx(before.pay, rel=1e-9)
    assert np.abs(after.gap).max() < 1e-9


@given(producers=st.integers(2, 40), seed=st.integers(0, 2**40), spread=st.floats(0, 1))
@settings(max_examples=40)
def test_a_piece_costs_what_its_source_did(producers: int, seed: int, spread: float):
    old = two_branch_economy()
    new = split_producers(old, producers=producers, seed=seed, spread=spread)
    pay = base_prices(old, discount=DISCOUNT).pay
    source = [old.techniques.codes.index(c) for c in sources(new.techniques.codes, numbers=2)]
    assert costs(new, pay=pay) == pytest.approx(costs(old, pay=pay)[source], rel=1e-11)


def test_every_technique_of_russia_can_produce(thousand: Economy):
    """It takes products worth less than the one it makes: Hawkins and Simon at base prices."""
    bought = thousand.products.prices @ thousand.techniques.use.toarray()
    assert bought.max() < 1


def test_where_a_branch_loses_its_pieces_buy_no_more_products_than_it():
    old = two_branch_economy()
    dear = sp.csc_array(old.techniques.use.toarray() * np.array([1.0, 6.0]))
    old = changed(old, "techniques", use=dear)
    gap = base_prices(old, discount=DISCOUNT).gap
    assert gap[1] < 0 < old.products.prices @ old.net_output.toarray()[:, 1]  # losing, yet it can
    new = split_producers(old, producers=30, seed=5, spread=0.8)
    bought = new.products.prices @ new.techniques.use.toarray()
    making = np.array(sources(new.techniques.codes, numbers=2)) == "making"
    before = old.products.prices @ old.techniques.use.toarray()
    assert making.sum() >= 10
    assert np.abs(bought[making] / before[1] - 1).max() < 1e-12


@pytest.mark.parametrize("alternatives", [0, 2])
def test_the_observed_path_is_proved_to_be_a_best_plan(russia: Economy, alternatives: int):
    """Without a solver: base prices for ever are a dual answer with the same value.

    That answer has no price for reserves, so there are none.
    """
    poor = changed(russia, "accounts", reserves=0.0)
    new = split_producers(poor, producers=300, seed=11, alternatives=alternatives)
    problem = assemble(lay_out(new, as_observed(new, periods=4)))
    found = observed_path(problem)
    assert certify(problem, primal=found.primal, dual=found.dual).holds


def test_the_plan_as_observed_is_what_was_observed(russia: Economy):
    new = split_producers(russia, producers=60, seed=2, alternatives=1)
    start = time.monotonic()
    plan = make_plan(new, as_observed(new, periods=3), seconds_max=SECONDS_MOST)
    assert time.monotonic() - start < SECONDS_MOST
    assert plan.certificate.holds
    first = plan.years[0]
    activity, observed = plan.activity()[first].to_numpy(), new.techniques.activity
    runs = observed > 0
    assert activity[runs] == pytest.approx(observed[runs], rel=REPRODUCED)
    assert np.abs(activity[~runs]).max() < REPRODUCED * observed[runs].min()
    trade = new.trade
    imports = plan.imports()[first].to_numpy()
    wanted = trade.imports_other + trade.imports_investment
    assert imports == pytest.approx(wanted, rel=REPRODUCED, abs=REPRODUCED * wanted.mean())
    exports = plan.exports()[first].to_numpy()
    wanted = trade.exports
    assert exports == pytest.approx(wanted, rel=REPRODUCED, abs=REPRODUCED * wanted.mean())
