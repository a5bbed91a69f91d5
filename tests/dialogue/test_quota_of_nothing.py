"""Quotas of nothing: what rounding leaves of a producer is measured against the producer's size."""

from typing import Any

import numpy as np
import pytest

from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.log import Kind
from counterplan.dialogue.terms import Terms, carried, under
from counterplan.plan.certificate import quota_sizes, violations
from counterplan.plan.mandate import Quota
from tests.dialogue.strategies import FIRST, held
from tests.dialogue.test_quota import gone_on, quotas_of
from tests.plan.builders import problem_of, two_branch_economy

SEED = 2


@pytest.mark.parametrize("most", [0.0, 1e-320])
def test_who_may_make_nothing_is_heard_and_the_plan_is_certified(most: float) -> None:
    free = held(SEED)
    promised = quotas_of(free)[1].model_copy(update={"least": None, "most": most})
    dialogue = under(free.dialogue, Terms((promised,)))
    begin = beginning(free.dialogue)
    base = free.dialogue.begin(begin.first, drafts=begin.drafts)
    last = gone_on(dialogue, carried(free.dialogue, dialogue, base))[-1]

    assert not any("before everybody was heard" in one.sentence for one in last.log)
    plan = dialogue.plan(last)
    assert plan.certificate.holds
    techniques = plan.economy.techniques
    own = techniques.producer == plan.economy.producers.codes.index(promised.producer)
    item = plan.economy.products.codes.index(promised.item)
    made = techniques.output.toarray()[item, own] @ plan.quantity("activity")[own, 0]
    usual = techniques.output.toarray()[item, own] @ techniques.activity[own]
    assert made <= 1e-7 * usual


def test_a_quota_is_measured_against_what_its_producer_does_in_the_base_period() -> None:
    # The works make 20 machines, with a tenth of a ton of corn each: 2 tons.
    given: dict[str, Any] = {"producer": "works", "start": 2022, "end": 2022, "most": 0.0}
    quotas = (Quota(item="machine", **given), Quota(line="used", item="corn", **given))
    mandate = problem_of(two_branch_economy()).outlook.mandate.model_copy(update={"quotas": quotas})
    problem = problem_of(two_branch_economy(), mandate=mandate)
    rows, sizes = quota_sizes(problem)
    _, scale = violations(problem, np.zeros(problem.program.reward.size))

    assert sizes == pytest.approx([20.0, 2.0])
    assert scale[rows] == pytest.approx([20.0, 2.0])


def test_without_quotas_no_row_is_measured_otherwise() -> None:
    rows, sizes = quota_sizes(problem_of(two_branch_economy()))

    assert rows.size == sizes.size == 0


def test_the_log_says_that_it_is_the_quota_that_sets_everything_aside() -> None:
    free = held(SEED)
    promised = quotas_of(free)[1].model_copy(update={"least": None, "end": FIRST})
    dialogue = under(free.dialogue, Terms((promised,)))
    begin = beginning(free.dialogue)
    base = free.dialogue.begin(begin.first, drafts=begin.drafts)
    state = carried(free.dialogue, dialogue, base)
    others = np.array([one != promised.producer for one in dialogue.parts.producers])
    last = dialogue.close(state, list(dialogue.transport.ask(state.offer, others))).log[-1]

    assert last.kind is Kind.MISSING
    assert last.sentence == (
        f"nothing is mixed before everybody was heard once: {promised.producer}; everything that "
        f"these proposed breaks their quotas: {promised.producer}"
    )
