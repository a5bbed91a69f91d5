"""Producers in groups: sums, weights, and a dialogue that mixes groups still finds the optimum."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.dialogue import groups as grouping
from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.faults import Faults, Faulty
from counterplan.dialogue.groups import Groups, alike, alone, groups_of
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.economy.split import split_producers
from counterplan.solve.highs import solve
from counterplan.solve.program import Engine, Outcome
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

COUNT = 12


def dialogue(*, groups: int) -> Dialogue:
    """Return a dialogue of a few producers in so many groups."""
    economy = split_producers(two_branch_economy(), producers=COUNT, seed=3, regions=1)
    made = dialogue_of(problem_of(economy), scenario_of())
    size = -(-COUNT // groups)
    branches = made.parts.problem.outlook.economy.producers.branches
    return replace(made, centre=replace(made.centre, groups=alike(branches, size=size)))


def talked(talking: Dialogue, *, rounds: int) -> State:
    """Return how it stands after some rounds."""
    first = Offer(0, np.zeros(talking.centre.rows.size))
    drafts = (as_before(talking.parts.problem),)
    return list(talking.rounds(first, drafts=drafts, rounds_max=rounds))[-1]


@given(
    st.lists(st.sampled_from(["farm", "mill", "mine"]), min_size=1, max_size=40),
    st.integers(1, 9),
)
def test_groups_are_of_one_branch_and_as_even_as_they_can_be(
    branches: list[str], size: int
) -> None:
    found = alike(tuple(branches), size=size)
    assert set(found.of) == set(range(found.count))
    assert found.sizes.max() <= size
    for branch in set(branches):
        members = [group for group, name in zip(found.of, branches, strict=True) if name == branch]
        counts = np.bincount(members)[sorted(set(members))]
        assert counts.max() - counts.min() <= 1
        assert len(counts) == -(-len(members) // size)
    of_two = {(group, name) for group, name in zip(found.of, branches, strict=True)}
    assert len(of_two) == found.count


def test_few_producers_stay_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = dialogue(groups=COUNT).parts
    np.testing.assert_array_equal(groups_of(parts).of, np.arange(COUNT))
    monkeypatch.setattr(grouping, "GROUPS", 5)
    assert 2 <= groups_of(parts).count <= 6


def test_what_a_group_proposed_is_the_sum_and_only_once_all_have_answered() -> None:
    answers = dialogue(groups=COUNT).workplaces.answer(
        Offer(0, np.zeros(dialogue(groups=1).centre.rows.size))
    )
    groups = Groups(np.array([0, 1, 2] * 4))
    whole = groups.proposed(answers)
    assert whole.answered.all()
    for g in range(3):
        np.testing.assert_allclose(whole.shares[:, g], answers.shares[:, g::3].sum(axis=1))
        assert whole.values[g] == pytest.approx(answers.values[g::3].sum())
    quiet: Answers = replace(answers, answered=np.arange(COUNT) != 4)
    np.testing.assert_array_equal(groups.proposed(quiet).answered, [True, False, True])
    assert groups.proposed(answers) is whole  # added up once


def test_weights_of_groups_are_those_of_their_members() -> None:
    groups = Groups(np.array([1, 0, 1, 0]))
    weights = np.array([[0.2, 1.0], [0.8, 0.0]])
    each = groups.members(weights)
    np.testing.assert_array_equal(each, [[1.0, 0.2, 1.0, 0.2], [0.0, 0.8, 0.0, 0.8]])
    np.testing.assert_allclose(groups.mean(each), weights)
    np.testing.assert_array_equal(alone(4).mean(each), each)


@pytest.mark.parametrize("groups", [4, 6])
def test_a_dialogue_in_groups_finds_the_optimum_within_its_gap(groups: int) -> None:
    talking = dialogue(groups=groups)
    assert talking.centre.groups.count < COUNT
    state = talked(talking, rounds=25)
    best = solve(talking.parts.program, engine=Engine.SIMPLEX, seconds_max=20.0)
    assert best.outcome is Outcome.SOLVED
    optimum = float(talking.parts.program.reward @ best.primal)
    last = state.rounds[-1]
    assert last.gap < 2e-3
    assert last.value <= optimum * (1 + 1e-9) <= last.bound * (1 + 2e-9)
    assert max(one.residual for one in state.rounds) < 1e-7
    assert state.mixture is not None
    of = talking.centre.groups.of
    first = np.array([int(np.flatnonzero(of == g)[0]) for g in of])
    np.testing.assert_array_equal(state.mixture.weights, state.mixture.weights[:, first])


def test_where_a_group_is_never_complete_its_members_are_mixed_apart() -> None:
    talking = dialogue(groups=2)
    quiet = replace(talking, transport=Faulty(talking.workplaces, Faults(1, silent=0.4, late=3)))
    first = Offer(0, np.zeros(talking.centre.rows.size))
    values = [state.rounds[-1].value for state in quiet.rounds(first, rounds_max=8)]
    known = np.array([value for value in values if not np.isnan(value)])
    assert known.size >= 3
    assert (np.diff(known) >= 0).all()
