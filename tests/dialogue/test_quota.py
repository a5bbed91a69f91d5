"""Quotas: the dialogue comes to the optimum of the whole problem with the quota as a bound."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.log import Kind
from counterplan.dialogue.quota import admitted, keeping, read_quotas, refuse_impossible
from counterplan.dialogue.quota_cost import cost_of_quotas
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.dialogue.terms import NOTHING, Terms, carried, quota_events, told, under
from counterplan.errors import CounterplanError, InputError
from counterplan.plan.families.quota import label
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import Quota
from counterplan.plan.plan import Plan
from tests.dialogue.strategies import ENOUGH, FIRST, SECONDS_MAX, Held, held

ROUNDING = 1e-9
ROUNDS_MAX = 60
SEEDS = (2, 3, 4, 6, 8)  # economies in which several producers go on making something
SOON = 2  # of them with the other tests, the rest among the slow ones
EACH = [*SEEDS[:SOON], *(pytest.param(one, marks=pytest.mark.slow) for one in SEEDS[SOON:])]


@dataclass(frozen=True)
class Asked:
    """A dialogue that went on under quotas, and the optimum that HiGHS finds from all data."""

    free: Held
    dialogue: Dialogue
    states: tuple[State, ...]
    optimum: Plan


def made(plan: Plan, producer: int, period: int) -> tuple[str, float]:
    """Return what a producer makes most of in a plan, and how much."""
    techniques = plan.economy.techniques
    own = np.equal(techniques.producer, producer)
    output = techniques.output.toarray()[:, own] @ plan.quantity("activity")[own, period]
    product = int(np.argmax(output))
    return plan.economy.products.codes[product], float(output[product])


def quotas_of(found: Held) -> tuple[Quota, ...]:
    """Return quotas that bind: two producers make a tenth less, or a hundredth more, than best."""
    producers = found.case.economy.producers.codes
    quotas: list[Quota] = []
    for s, code in enumerate(producers):
        item, level = made(found.optimum, s, 0)
        if level <= 1e-6:
            continue
        if len(quotas) == 1:
            quotas.append(Quota(producer=code, item=item, most=0.9 * level, end=FIRST))
        else:
            quotas.append(Quota(producer=code, item=item, least=0.97 * level, end=FIRST))
            quotas[-1] = quotas[-1].model_copy(update={"most": 0.98 * level})
        if len(quotas) == 2:
            break
    return tuple(quotas)


def gone_on(dialogue: Dialogue, state: State, *, enough: float = ENOUGH) -> tuple[State, ...]:
    """Go on until the gap is small."""
    states = [dialogue.next(state)]
    while not states[-1].rounds[-1].gap <= enough and len(states) < ROUNDS_MAX:
        states.append(dialogue.next(states[-1]))
    return tuple(states)


@cache
def asked(seed: int) -> Asked:
    """Hold a dialogue, and go on with it under quotas."""
    free = held(seed)
    dialogue = under(free.dialogue, Terms(quotas_of(free)))
    states = gone_on(dialogue, carried(free.dialogue, dialogue, free.states[-1]))
    optimum = make_plan(free.case.economy, dialogue.scenario, seconds_max=SECONDS_MAX)
    return Asked(free, dialogue, states, optimum)


def assert_optimal(dialogue: Dialogue, state: State, optimum: Plan) -> None:
    """Check that a plan keeps every rule, and is the optimum within its certified gap."""
    certificate, unit = dialogue.plan(state).certificate, dialogue.yardstick
    best = optimum.certificate
    assert best.holds
    assert certificate.residual <= 1e-7
    assert certificate.gap <= ENOUGH + ROUNDING
    assert certificate.value <= best.bound + ROUNDING * unit
    assert certificate.bound >= best.value - ROUNDING * unit
    assert best.value - certificate.value <= (ENOUGH + abs(best.gap)) * unit


# ---- independent truth --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", EACH)
def test_under_quotas_it_comes_to_the_optimum_with_them_as_bounds(seed: int) -> None:
    found = asked(seed)

    assert len(quotas_of(found.free)) == 2
    assert_optimal(found.dialogue, found.states[-1], found.optimum)
    # They bind: without them the best plan is better than both certified gaps.
    lost = found.free.optimum.certificate.value - found.optimum.certificate.value
    assert lost > 1e-3 * found.dialogue.yardstick


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_quotas_from_the_beginning_come_to_the_same_optimum(seed: int) -> None:
    found = asked(seed)
    base = found.free.dialogue
    begin = beginning(base)
    start = carried(base, found.dialogue, base.begin(begin.first, drafts=begin.drafts))

    assert_optimal(found.dialogue, gone_on(found.dialogue, start)[-1], found.optimum)


@pytest.mark.parametrize("seed", EACH)
def test_every_plan_on_the_way_keeps_the_quotas_and_mixes_nothing_that_breaks_them(
    seed: int,
) -> None:
    found = asked(seed)
    for state in found.states:
        if state.mixture is None:
            continue
        plan = found.dialogue.plan(state)
        residuals = {one.family: one.relative for one in plan.certificate.residuals}
        assert residuals["quota"] <= 1e-7
        for weights, one in zip(state.mixture.weights, state.pool, strict=False):
            assert not weights[~keeping(found.dialogue.parts, one)].any()


@pytest.mark.parametrize("seed", EACH)
def test_a_proved_bound_before_stays_one_under_new_quotas_and_after_they_are_gone(
    seed: int,
) -> None:
    found = asked(seed)
    best, free = found.optimum.certificate, found.free.optimum.certificate
    allowed = ROUNDING * found.dialogue.yardstick

    start = carried(found.free.dialogue, found.dialogue, found.free.states[-1])
    assert start.totals
    assert all(total >= best.value - allowed for _, total in start.totals)
    # A bound that quotas lowered is no bound without them: each is recomputed.
    back = carried(found.dialogue, found.free.dialogue, found.states[-1])
    assert min(total for _, total in found.states[-1].totals) < free.value - allowed
    assert len(back.totals) == len(found.states[-1].totals)
    assert all(total >= free.value - allowed for _, total in back.totals)


# ---- withdrawal, expiry, and quotas that do not bind --------------------------------------------


@pytest.mark.parametrize("seed", EACH)
def test_what_was_set_aside_comes_back_when_the_quotas_are_withdrawn(seed: int) -> None:
    found = asked(seed)
    before, last = found.free.states[-1], found.states[-1]
    aside = [~one.answered for one in admitted(found.dialogue.parts, before.pool)]
    back = carried(found.dialogue, found.free.dialogue, last)

    assert any((no & one.answered).any() for no, one in zip(aside, before.pool, strict=True))
    for old, now in zip(before.pool, back.pool, strict=False):
        np.testing.assert_array_equal(now.answered, old.answered)
        np.testing.assert_array_equal(now.shares, old.shares)
        np.testing.assert_array_equal(now.courses, old.courses)
        np.testing.assert_array_equal(now.duals, old.duals)
    kinds = [one.kind for one in back.log[len(last.log) :]]
    assert kinds == [Kind.QUOTA]
    assert "come back" in back.log[-1].sentence
    again = gone_on(found.free.dialogue, back)
    assert_optimal(found.free.dialogue, again[-1], found.free.optimum)
    assert len(again) < len(found.free.states)  # little has to be proposed anew


@pytest.mark.parametrize("seed", EACH[:3])
def test_a_quota_that_does_not_bind_changes_nothing(seed: int) -> None:
    free = held(seed)
    code = free.case.economy.producers.codes
    items = [made(free.optimum, s, 0) for s in range(len(code))]
    s, (item, level) = next((s, one) for s, one in enumerate(items) if one[1] > 1e-6)
    loose = Quota(producer=code[s], item=item, least=0.0, most=1e3 * level, end=FIRST)
    dialogue = under(free.dialogue, Terms((loose,)))
    before = free.states[-1]
    after = carried(free.dialogue, dialogue, before)

    assert after.mixture is before.mixture
    assert [key for key, _ in after.totals] == [key for key, _ in before.totals]
    np.testing.assert_allclose(
        [total for _, total in after.totals], [total for _, total in before.totals], rtol=1e-12
    )
    assert [one.answered.sum() for one in admitted(dialogue.parts, after.pool)] == [
        one.answered.sum() for one in before.pool
    ]
    assert after.log == before.log
    plan, old = dialogue.plan(after), free.dialogue.plan(before)
    np.testing.assert_array_equal(plan.primal, old.primal)
    assert plan.certificate.bound == pytest.approx(old.certificate.bound, rel=1e-12)


def test_a_quota_that_expires_binds_not_after() -> None:
    # Whoever must make little in 2021 may make in 2022 what it made without any quota.
    free = next(one for one in map(held, SEEDS) if one.case.scenario.horizon.periods > 1)
    quota = quotas_of(free)[1]
    producer = free.case.economy.producers.codes.index(quota.producer)
    longer = quota.model_copy(update={"end": FIRST + 1})
    short, long = (under(free.dialogue, Terms((one,))) for one in (quota, longer))
    ends = []
    for dialogue in (short, long):
        state = gone_on(dialogue, carried(free.dialogue, dialogue, free.states[-1]))[-1]
        ends.append(dialogue.plan(state))

    block = short.parts.problem.rows["quota"].rows
    assert (block >= 0).tolist() == [[True] + [False] * (block.shape[1] - 1)]
    assert made(ends[0], producer, 0)[1] <= float(quota.most or 0) * (1 + 1e-6)
    assert made(ends[0], producer, 1)[1] > float(quota.most or 0) * (1 + 1e-3)
    assert made(ends[1], producer, 1)[1] <= float(quota.most or 0) * (1 + 1e-6)
    assert ends[0].certificate.bound >= ends[1].certificate.value


def test_no_terms_leave_a_dialogue_as_it_is() -> None:
    free = held(SEEDS[0])

    assert under(free.dialogue, NOTHING) is free.dialogue
    assert carried(free.dialogue, free.dialogue, free.states[-1]) is free.states[-1]


def test_the_log_says_what_stands_what_is_set_aside_and_what_is_withdrawn() -> None:
    found = asked(SEEDS[0])
    quotas = quotas_of(found.free)
    state = carried(found.free.dialogue, found.dialogue, found.free.states[-1])
    new = state.log[len(found.free.states[-1].log) :]

    assert new[0].kind is Kind.QUOTA
    assert "set aside as long as it stands" in new[0].sentence
    assert set(new[0].producers) <= {one.producer for one in quotas}
    assert "the plan in force breaks a quota that is new" in new[-1].sentence
    stands, gone = (
        next(iter(quota_events(old, now, 3))) for old, now in (((), quotas), (quotas, quotas[1:]))
    )
    assert stands.sentence == f"{told(quotas[0])}: it stands from now on"
    assert gone.sentence == f"{told(quotas[0])}: it is withdrawn"
    assert gone.producers == (quotas[0].producer,)
    why = quotas[0].model_copy(update={"reason": "a contract", "start": FIRST})
    assert told(why).endswith(f"{FIRST} to {FIRST} (a contract)")


# ---- cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", EACH)
def test_what_quotas_cost_lies_between_the_two_figures(seed: int) -> None:
    found = asked(seed)
    unit = found.dialogue.yardstick
    lost = (found.free.optimum.certificate.value - found.optimum.certificate.value) / unit
    cost = cost_of_quotas(found.dialogue, found.states[-1])

    assert cost.least - 1e-6 <= lost <= cost.most + 1e-6
    assert cost.least > 0.5 * lost  # everything set aside was optimal without
    assert "%" in cost.words()
    assert "better by" in cost.words()
    assert "no plan would be better by more than" in replace(cost, least=0.0).words()


def test_without_a_plan_there_is_no_cost() -> None:
    found = asked(SEEDS[0])

    with pytest.raises(CounterplanError, match="no plan with a bound yet"):
        cost_of_quotas(found.dialogue, replace(found.states[-1], mixture=None))


# ---- what nobody could keep ---------------------------------------------------------------------


def refused(quotas: Sequence[Quota], seed: int = SEEDS[0]) -> str:
    """Return why quotas are refused."""
    parts = under(held(seed).dialogue, Terms(tuple(quotas))).parts
    with pytest.raises(InputError) as caught:
        refuse_impossible(parts, {label(one): f"row {k}" for k, one in enumerate(quotas)})
    return str(caught.value)


@pytest.mark.parametrize("seed", EACH[:3])
def test_what_is_out_of_reach_is_refused_and_the_mend_can_be_kept(seed: int) -> None:
    quota = quotas_of(held(seed))[0]
    much = quota.model_copy(update={"least": 1e6 * float(quota.least or 0), "most": None})
    words = refused([much], seed)

    assert words.startswith("row 0: ")
    assert f"'{quota.producer}' can make at most " in words
    mend = float(words.split("ask for at least ")[1].split(",")[0])
    fits = much.model_copy(update={"least": mend})
    refuse_impossible(under(held(seed).dialogue, Terms((fits,))).parts, {})
    beyond = much.model_copy(update={"least": 1.001 * mend})
    assert "can make at most" in refused([beyond], seed)


def test_quotas_that_cannot_be_kept_together_are_refused() -> None:
    quota = quotas_of(held(SEEDS[0]))[0]
    level = float(quota.least or 0)
    more = quota.model_copy(update={"least": 0.6 * level, "most": 0.7 * level})
    less = more.model_copy(update={"least": None, "most": 0.5 * level, "start": FIRST})

    assert "each of its 2 quotas alone, and not all together" in refused([more, less])


def test_quotas_that_can_be_kept_are_not_refused() -> None:
    found = asked(SEEDS[0])

    refuse_impossible(found.dialogue.parts, {})


# ---- the file -----------------------------------------------------------------------------------

HEAD = "producer,line,item,least,most,start,end,reason\n"


def file_of(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """Write a file of quotas."""
    path = folder / "quotas.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows))
    return path


def test_a_file_is_read_to_the_digit(tmp_path: Path) -> None:
    given = held(SEEDS[0]).dialogue.parts.problem.outlook
    quota = quotas_of(held(SEEDS[0]))[0]
    skill = given.economy.labour.codes[0]
    path = file_of(
        tmp_path,
        f"{quota.producer},made,{quota.item},1.25,,{FIRST},{FIRST},a contract",
        f"{quota.producer},work,{skill},,7,,{FIRST},",
    )
    listed = read_quotas(path, given.economy, given.periods)

    assert listed.places == ("quotas.csv row 2", "quotas.csv row 3")
    assert listed.quotas == (
        Quota(
            producer=quota.producer,
            item=quota.item,
            least=1.25,
            start=FIRST,
            end=FIRST,
            reason="a contract",
        ),
        Quota(producer=quota.producer, line="work", item=skill, most=7.0, end=FIRST),
    )


def test_a_file_without_rows_asks_for_none(tmp_path: Path) -> None:
    given = held(SEEDS[0]).dialogue.parts.problem.outlook

    assert read_quotas(file_of(tmp_path), given.economy, given.periods).quotas == ()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("nobody,made,{item},1,,,2021,", "row 2: there is no producer 'nobody'"),
        ("{who},makes,{item},1,,,2021,", "row 2 column 'line': 'makes' is no line.*made, used"),
        ("{who},made,nothing,1,,,2021,", "row 2: there is no product 'nothing'"),
        ("{who},made,{item},many,,,2021,", "row 2 column 'least': 'many' is not a number"),
        ("{who},made,{item},-1,,,2021,", "row 2 column 'least': -1 is below zero; write 0 or more"),
        ("{who},made,{item},1,,,,", "row 2 column 'end'.*blank; every quota ends"),
        ("{who},made,{item},1,,,2021.5,", "row 2 column 'end': 2021.5 is no period"),
        ("{who},made,{item},1,,,2099,", "row 2: the quota ends in 2099, after the plan's last"),
        ("{who},made,{item},,,,2021,", "row 2: the quota has no limit"),
        ("{who},made,{item},1,,,2021," + 201 * "x", "row 2 column 'reason'.*longer than 200"),
    ],
)
def test_bad_rows_are_named_with_the_mend(tmp_path: Path, row: str, words: str) -> None:
    given = held(SEEDS[0]).dialogue.parts.problem.outlook
    quota = quotas_of(held(SEEDS[0]))[0]
    path = file_of(tmp_path, row.format(who=quota.producer, item=quota.item))

    with pytest.raises(InputError, match=rf"quotas\.csv {words}"):
        read_quotas(path, given.economy, given.periods)


def test_a_quota_that_stands_twice_and_a_column_that_is_not_known_are_refused(
    tmp_path: Path,
) -> None:
    given = held(SEEDS[0]).dialogue.parts.problem.outlook
    quota = quotas_of(held(SEEDS[0]))[0]
    row = f"{quota.producer},made,{quota.item},1,,,2021,"

    with pytest.raises(InputError, match=r"row 3: .*has a quota of made .* already"):
        read_quotas(file_of(tmp_path, row, row), given.economy, given.periods)
    with pytest.raises(InputError, match="the column 'until' is not known"):
        read_quotas(
            file_of(tmp_path, head=HEAD.replace("reason", "until")), given.economy, given.periods
        )
