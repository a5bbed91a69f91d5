"""Replanning: what an event changes, what it leaves alone, and what is proved of it."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
import yaml

from counterplan.dialogue.exchange import owned
from counterplan.dialogue.replanning.change import careful, paid, reported_worth
from counterplan.dialogue.replanning.difference import CHANGED, Difference, difference_of
from counterplan.dialogue.replanning.event import read_event
from counterplan.dialogue.replanning.recut import IN_FORCE, recut
from counterplan.dialogue.replanning.replan import Replanning, Step, Terms, replanning_of
from counterplan.dialogue.replanning.words import told
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.economy.economy import Floats
from counterplan.errors import InputError, LimitError
from counterplan.plan.certificate import certify
from counterplan.plan.scenario import BYTES_MAX, Horizon, Scenario
from counterplan.plan.shocks import CapacityShock, LabourShock, PriceShock, Shock
from counterplan.solve.highs import solve
from tests.dialogue.test_rounds import held
from tests.plan.builders import scenario_of

OUTAGE = CapacityShock(kind="capacity", branches=("industry",), share=0.9)


def after(dialogue: Dialogue, *shocks: object) -> Scenario:
    """Return the scenario with more shocks."""
    asked = dialogue.scenario
    return asked.model_copy(update={"shocks": (*asked.shocks, *shocks)})


def opened(*shocks: object, terms: Terms | None = None) -> Replanning:
    """Reopen the dialogue of corn and machines after an event."""
    dialogue, states = held()
    return replanning_of(dialogue, states[-1], after(dialogue, *shocks), terms=terms)


@cache
def replanned() -> tuple[Replanning, tuple[Step, ...]]:
    """Make the plan anew after industry has lost a tenth of its capacity."""
    replanning = opened(OUTAGE)
    return replanning, tuple(replanning.steps())


def shown() -> Difference:
    """Return what the outage changes."""
    replanning, steps = replanned()
    plan = steps[-1].plan
    assert plan is not None
    return difference_of(replanning.before, plan, touched=replanning.touched)


@cache
def optimum() -> float:
    """Return the best value after the outage that HiGHS finds from all data."""
    problem = replanned()[0].dialogue.parts.problem
    answer = solve(problem.program)
    certificate = certify(problem, primal=answer.primal, dual=answer.dual)
    assert certificate.holds
    return certificate.value


# ---- what comes of it ---------------------------------------------------------------------------


def test_the_new_plan_is_within_its_certified_gap_of_the_central_optimum() -> None:
    replanning, steps = replanned()
    plan, unit = steps[-1].plan, replanning.dialogue.yardstick
    assert plan is not None

    assert plan.certificate.holds
    assert plan.certificate.residual <= 1e-7
    assert plan.certificate.gap <= replanning.terms.gap + 1e-9
    assert plan.certificate.value <= optimum() + 1e-6 * unit
    assert plan.certificate.value >= optimum() - (plan.certificate.gap + 1e-6) * unit
    assert plan.certificate.value < replanning.before.certificate.value
    assert len(steps[-1].state.rounds) <= 4


def test_the_old_plan_stays_until_the_new_one_is_proved() -> None:
    replanning, steps = replanned()

    assert [step.plan is None for step in steps] == [True] * (len(steps) - 1) + [False]
    problem = replanning.dialogue.parts.problem
    assert not certify(problem, primal=replanning.before.primal, dual=replanning.before.dual).holds


def test_nobody_ever_proposes_more_than_its_new_capacity_carries() -> None:
    replanning, steps = replanned()
    parts = replanning.dialogue.parts
    problem = parts.problem
    need = sp.csr_array(problem.outlook.economy.capital.need)

    assert problem.outlook.usable.min() == 0.9
    plan = steps[-1].plan
    assert plan is not None
    for course in [*(one.courses for one in steps[-1].state.pool), plan.primal]:
        used = need @ problem.value("activity", course)
        there = problem.value("capacity", course) * problem.outlook.usable
        assert (used - there).max() <= 1e-9 * there.max()


def test_everybody_is_assigned_a_mixture_of_its_own_proposals() -> None:
    replanning, steps = replanned()
    step, parts = steps[-1], replanning.dialogue.parts
    assert step.plan is not None
    assert step.mixture is not None
    weights = step.mixture.weights

    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=1e-12)
    for producer in range(len(parts.producers)):
        own = parts.columns == producer
        proposals = np.stack([one.courses[own] for one in step.state.pool])
        np.testing.assert_allclose(
            weights[:, producer] @ proposals, step.plan.primal[own], rtol=1e-9, atol=1e-12
        )


def test_the_event_touches_the_branch_and_nobody_else() -> None:
    replanning, _ = replanned()
    branches = np.array(replanning.before.economy.producers.branches)

    np.testing.assert_array_equal(replanning.touched, branches == "industry")


def test_what_was_proved_before_proves_a_bound_after_the_event() -> None:
    replanning, _ = replanned()

    assert replanning.start.totals
    assert all(total >= optimum() * (1 - 1e-9) for _, total in replanning.start.totals)


# ---- nothing changes where nothing must ---------------------------------------------------------


def test_without_an_event_nothing_changes_and_nobody_is_asked() -> None:
    replanning = opened()
    steps = list(replanning.steps())
    plan = steps[0].plan
    assert plan is not None

    assert len(steps) == 1
    assert steps[0].rounds == 0
    assert not replanning.touched.any()
    np.testing.assert_array_equal(plan.primal, replanning.before.primal)
    assert plan.certificate.holds
    found = difference_of(replanning.before, plan, touched=replanning.touched)
    assert found.most.max() == 0.0
    sentences = list(told(found, rounds=0, cost=0.0))
    assert sentences[0] == "Nothing has happened that was not planned for."
    assert "without a round" in sentences[1]
    assert "Consumption of people stays what it was." in sentences


def test_the_old_assignments_cost_nothing_and_all_others_their_share() -> None:
    replanning, steps = replanned()
    dialogue, state = replanning.dialogue, steps[-1].state
    assert state.mixture is not None
    stay = np.zeros_like(state.mixture.weights)
    stay[IN_FORCE] = 1.0
    leave = np.zeros_like(stay)
    leave[-1] = 1.0
    # Base output is 100 t of corn at 1 and 20 machines at 2; three years of weight beta^t.
    beta = dialogue.parts.problem.outlook.periods.beta
    made = 140.0 * (1 + beta + beta**2)

    assert paid(dialogue, replace(state.mixture, weights=stay), cost=0.1) == 0.0
    assert reported_worth(dialogue.parts.problem).sum() == pytest.approx(made, rel=1e-9)
    assert paid(dialogue, replace(state.mixture, weights=leave), cost=0.1) == pytest.approx(
        0.1 * made / dialogue.yardstick, rel=1e-9
    )


def test_a_larger_cost_never_changes_more() -> None:
    replanning, steps = replanned()
    dialogue, state = replanning.dialogue, steps[-1].state
    worth = reported_worth(dialogue.parts.problem)
    found = [careful(dialogue, state, cost=cost) for cost in (0.0, 0.002, 0.02, 0.2)]
    left = [float(worth @ (1 - one.weights[IN_FORCE])) for one in found if one is not None]
    values = [one.value for one in found if one is not None]

    assert len(left) == 4
    # What the search leaves of the value, against the cost, is what it may leave of the change.
    assert np.diff(left).max() <= 1e-4 * dialogue.yardstick / 0.002
    assert left[-1] < left[0]
    assert np.diff(values).max() <= 1e-4 * dialogue.yardstick


# ---- other events -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shock",
    [
        PriceShock(kind="export_price", products=("corn",), factor=0.8),
        LabourShock(kind="labour", skills=("worker",), factor=0.97),
        CapacityShock(kind="capacity", branches=("agriculture",), share=0.95, start=2022),
    ],
)
def test_other_events_are_planned_for_too(shock: Shock) -> None:
    replanning = opened(shock)
    *_, last = replanning.steps()
    assert last.plan is not None

    assert last.plan.certificate.holds
    answer = solve(replanning.dialogue.parts.program)
    best = float(replanning.dialogue.parts.program.reward @ answer.primal)
    unit = replanning.dialogue.yardstick
    assert best - (last.plan.certificate.gap + 1e-6) * unit <= last.plan.certificate.value
    assert last.plan.certificate.value <= best + 1e-6 * unit
    if not isinstance(shock, CapacityShock):
        found = difference_of(replanning.before, last.plan, touched=replanning.touched)
        sentences = list(told(found, rounds=last.rounds, cost=0.0))
        assert sentences[0] == f"There is a new shock: {shock.kind} of " + (
            "corn." if isinstance(shock, PriceShock) else "worker."
        )
        assert "reaches them through the valuations" in sentences[1]


def test_a_branch_that_stands_still_is_cut_to_nothing() -> None:
    replanning = opened(CapacityShock(kind="capacity", branches=("industry",), share=0.0))
    own = owned(replanning.dialogue.parts.columns, replanning.touched)
    kept = replanning.start.pool[IN_FORCE]
    activity = replanning.dialogue.parts.problem.value("activity", np.where(own, kept.courses, 0))

    assert activity.max() == 0.0


def test_what_no_longer_occurs_is_told() -> None:
    dialogue, states = held()
    calm = dialogue.scenario.model_copy(update={"shocks": ()})
    replanning = replanning_of(dialogue, states[-1], calm)
    *_, last = replanning.steps()
    assert last.plan is not None
    found = difference_of(replanning.before, last.plan, touched=replanning.touched)

    assert next(told(found, rounds=last.rounds, cost=0.0)) == (
        "What was planned for no longer holds: export_price of corn."
    )
    assert last.plan.certificate.value > replanning.before.certificate.value


def test_who_has_nothing_left_is_asked_before_anything_is_mixed() -> None:
    replanning = opened(OUTAGE)
    start = replanning.start
    lost = np.arange(len(replanning.touched)) == 0
    pool = tuple(replace(one, answered=one.answered & ~lost) for one in start.pool)
    bare = replace(replanning, start=replace(start, pool=pool))
    step = bare.begin()

    assert step.state.mixture is None
    assert bare.next(step).state.mixture is not None


def test_after_too_many_rounds_the_old_plan_stays() -> None:
    replanning = opened(OUTAGE, terms=Terms(gap=1e-6, rounds_max=1))
    *_, last = replanning.steps()

    assert last.plan is None
    assert last.rounds == 1


def test_a_proposal_that_cannot_be_kept_is_withdrawn() -> None:
    replanning, _ = replanned()
    dialogue, answers = replanning.dialogue, replanning.start.pool[1]
    courses = answers.courses.copy()
    first = dialogue.parts.problem.columns["investment"]
    courses[first] = 1e9
    wild = recut(dialogue, replace(answers, courses=courses), replanning.touched, part=1)
    owner = dialogue.parts.columns[first]

    assert answers.answered[owner]
    assert not wild.answered[owner]
    assert wild.answered.sum() == answers.answered.sum() - 1
    assert not wild.shares[:, owner].any()


# ---- the difference, and its words --------------------------------------------------------------


def moved_by_hand(difference: Difference) -> Floats:
    """Return m_s, workplace by workplace."""
    plan, economy = difference.plan, difference.plan.economy
    new, old = plan.quantity("activity"), difference.before.quantity("activity")
    price = {"agriculture": 1.0, "industry": 2.0}
    found = []
    for s, branch in enumerate(economy.producers.branches):
        own = [j for j, owner in enumerate(economy.techniques.producer) if owner == s]
        base = sum(price[branch] * economy.techniques.activity[j] for j in own)
        found.append(
            max(
                sum(price[branch] * abs(new[j, t] - old[j, t]) for j in own) / base
                for t in range(3)
            )
        )
    return np.array(found)


def test_the_difference_counts_who_changes() -> None:
    found = shown()
    by_hand = moved_by_hand(found)

    np.testing.assert_allclose(found.most, by_hand, rtol=1e-9, atol=1e-12)
    assert found.counts(~found.touched) == (
        int((by_hand[~found.touched] > CHANGED).sum()),
        int((~found.touched).sum()),
    )
    assert found.others_share == (by_hand[~found.touched] > CHANGED).mean()
    table = found.producers()
    assert table["moved"].is_monotonic_decreasing
    assert len(table) == len(by_hand)
    assert set(table.loc[table["touched"], "branch"]) == {"industry"}


def test_the_words_name_the_branch_and_figures_that_can_be_recomputed() -> None:
    found = shown()
    sentences = list(told(found, rounds=2, cost=0.001))
    text = "\n".join(sentences)
    few, others = found.counts(~found.touched)
    before, after_ = (
        float(one.consumption_value().loc["people"].to_numpy().sum())
        for one in (found.before, found.plan)
    )

    assert sentences[0] == "Only 90% of the capacity of branch industry can be used."
    assert f"It touches what {found.touched.sum()} of {found.touched.size} workplaces" in text
    assert f"{few} of {others} workplaces that the event does not touch change by more" in text
    assert "in 2 rounds" in text
    verb = "falls" if after_ < before else "rises"
    assert f"Consumption of people in the reported periods {verb} by" in text
    assert f"from {before:.6g} to {after_:.6g} crown" in text
    lost = found.before.certificate.value - found.plan.certificate.value
    said = float(sentences[-1].split("worth ")[1].split("%")[0])
    assert said == pytest.approx(100 * lost / found.plan.problem.base_consumption, rel=1e-3)
    assert "when they are weighed, 0.1% of the same, is in no value" in sentences[-1]


def test_reasons_are_the_valuations_that_pulled_most() -> None:
    found = shown()
    everyone = replace(found, touched=np.zeros_like(found.touched))
    text = "\n".join(told(everyone, rounds=1, cost=0.0))
    largest = found.plan.economy.producers.codes[int(found.most.argmax())]

    assert f"{largest} (branch" in text
    assert "than before" in text or "for the sake of others" in text
    assert "in 1 round:" in text


# ---- events as files ----------------------------------------------------------------------------


def write(path: Path, content: object) -> Path:
    """Write an event."""
    path.write_text(yaml.safe_dump(content))
    return path


def test_an_event_is_a_file_of_shocks_or_a_whole_scenario(tmp_path: Path) -> None:
    asked = scenario_of()
    shock = {"kind": "capacity", "branches": ["industry"], "share": 0.9}
    alone = write(tmp_path / "event.yaml", {"title": "An outage", "shocks": [shock]})
    whole = write(tmp_path / "whole.yaml", asked.model_dump(mode="json") | {"shocks": [shock]})

    assert read_event(alone, asked).shocks == (OUTAGE,)
    assert read_event(alone, asked).title == "An outage"
    assert read_event(whole, asked).shocks == (OUTAGE,)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"shocks: []", "shocks"),
        (b"shock: []", "shock"),
        (b"- 1", "holds no keys"),
        (b"shocks: [", "is not YAML"),
        (b"\xff", "not UTF-8"),
        (b"shocks: 010", "plain decimal"),
    ],
)
def test_a_bad_event_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "event.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint) as caught:
        read_event(path, scenario_of())
    assert "event.yaml" in str(caught.value)


def test_an_event_that_is_missing_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no event file"):
        read_event(tmp_path / "none.yaml", scenario_of())
    large = tmp_path / "large.yaml"
    large.write_bytes(b" " * (BYTES_MAX + 1))
    with pytest.raises(LimitError, match="larger than"):
        read_event(large, scenario_of())


def test_a_scenario_of_another_horizon_is_no_event(tmp_path: Path) -> None:
    asked = scenario_of()
    other = write(tmp_path / "other.yaml", scenario_of(periods=4).model_dump(mode="json"))
    with pytest.raises(InputError, match="the horizon is not that of the plan in force"):
        read_event(other, asked)


def test_what_is_planned_must_stay_the_same() -> None:
    dialogue, states = held()
    state: State = states[-1]
    longer = dialogue.scenario.model_copy(update={"horizon": Horizon(first=2021, periods=4)})
    with pytest.raises(InputError, match="other variables"):
        replanning_of(dialogue, state, longer)
