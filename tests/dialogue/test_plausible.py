"""Plausibility: no truthful proposal is refused, and for each rule one lie that only it catches."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from counterplan.dialogue.breach import Refusal
from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.messages import readable, readable_shares, same_in_both, within_bound
from counterplan.dialogue.parts import Parts, parts_of
from counterplan.dialogue.plausible import (
    BUILDING_MOST,
    CAPACITY_GENEROSITY,
    GROWTH_MOST,
    LIKE_LEAST,
    RULES,
    plausible,
    refusals,
)
from counterplan.dialogue.register import Register, register_of
from counterplan.dialogue.rounds import dialogue_of
from counterplan.dialogue.statement import Statement, Telling, telling_of
from counterplan.dialogue.workplaces import Workplaces, workplaces_of
from counterplan.economy.drawn import Draw, draw_economy
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package
from counterplan.economy.split import split_producers
from counterplan.errors import InputError
from counterplan.examples import packaged_economy, packaged_scenarios
from counterplan.plan.open import open_scenario
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from tests.plan.builders import changed, problem_of, scenario_of, two_branch_economy
from tests.plan.growing import growing_economy


class Case:
    """Producers, what they know and what the centre knows of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.parts: Parts = parts_of(problem)
        self.workplaces: Workplaces = workplaces_of(self.parts)
        self.telling: Telling = telling_of(self.parts)
        self.register: Register = register_of(self.parts)

    def spoken(self, answers: Answers) -> Statement:
        """Return the statements of those who answered."""
        return self.telling.statement(answers.courses, who=np.flatnonzero(answers.answered))

    def refused(self, answers: Answers) -> list[Refusal]:
        """Return what is refused of truthful answers, by any way of hearing them."""
        said = self.spoken(answers)
        return [
            *plausible(self.register, said),
            *refusals(self.register, answers),
            *refusals(self.register, answers, statement=said),
        ]

    def offers(self, seed: int = 0) -> Iterator[Offer]:
        """Yield offers that make sense and offers that make none, each with signs that can be."""
        random = np.random.default_rng(seed)
        program, shared = self.parts.program, self.parts.shared
        upper, lower = program.row_upper[shared], program.row_lower[shared]
        sign = np.where(np.isposinf(upper), -1.0, np.where(np.isneginf(lower), 1.0, 0.0))
        size = upper.size
        yield Offer(0, np.zeros(size))
        for spread in (0.2, 1.0, 3.0):
            drawn = random.normal(size=size) * random.lognormal(0.0, spread, size=size)
            valuations = np.where(sign == 0, drawn, sign * np.abs(drawn))
            yield Offer(1, valuations)
            yield Offer(2, valuations, own_costs=0.0)

    def answers(self, seed: int = 0) -> Iterator[Answers]:
        """Yield truthful answers: to offers, and to the draft that all go on as before."""
        for offer in self.offers(seed):
            yield self.workplaces.answer(offer)
        yield self.workplaces.follow(as_before(self.problem), Offer(0, np.zeros(offer_size(self))))


def offer_size(case: Case) -> int:
    return len(case.register.reading.rules)


def russia(producers: int, *, seed: int, alternatives: int, spread: float = 0.25) -> Economy:
    return split_producers(
        read_package(packaged_economy("russia-2014")),
        producers=producers,
        seed=seed,
        alternatives=alternatives,
        spread=spread,
    )


def under_oil(economy: Economy, *, periods: int) -> Case:
    scenario, _ = open_scenario("oil-055")
    horizon = scenario.horizon.model_copy(update={"periods": periods})
    return Case(assemble(lay_out(economy, scenario.model_copy(update={"horizon": horizon}))))


# ---- nobody who tells the truth is refused -------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_no_truthful_workplace_of_russia_is_refused(seed: int) -> None:
    case = under_oil(russia(60, seed=seed, alternatives=1), periods=3)

    for answers in case.answers(seed):
        assert case.refused(answers) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_none_of_a_thousand_truthful_workplaces_is_refused(seed: int) -> None:
    case = under_oil(russia(1000, seed=seed, alternatives=2), periods=3)

    for answers in case.answers(seed):
        assert case.refused(answers) == []


@pytest.mark.parametrize("seed", range(12))
def test_no_truthful_producer_of_a_random_economy_is_refused(seed: int) -> None:
    # Joint products, several capital items, lags, producers who have nothing yet and join.
    economy = draw_economy(Draw(seed=seed, regions=1 + seed % 2))
    case = Case(problem_of(economy, periods=3))

    for answers in case.answers(seed):
        assert case.refused(answers) == []


@pytest.mark.parametrize(
    "name", [name for name in packaged_scenarios() if name.startswith("three-workplaces")]
)
def test_no_truthful_workplace_of_the_example_is_refused(name: str) -> None:
    scenario, economy = open_scenario(name)
    case = Case(assemble(lay_out(economy, scenario)))

    for answers in case.answers():
        assert case.refused(answers) == []


def test_no_truthful_producer_is_refused_where_capital_is_shared() -> None:
    slow = changed(growing_economy(), "capital", lag=np.array([1, 3]))
    for economy in (growing_economy(), slow):
        case = Case(problem_of(economy, periods=4))
        for answers in case.answers():
            assert case.refused(answers) == []


def cheapest(economy: Economy) -> float:
    """Return the least cost of inputs and work of any technique, against its branch's mean."""
    wage = problem_of_wage(economy)
    net = economy.net_output.toarray()
    people = np.asarray(economy.labour.need.sum(axis=0))
    cost = economy.products.prices @ np.maximum(-net, 0) + wage * people
    output = economy.products.prices @ np.maximum(net, 0)
    code = economy.branch_of_technique()
    branch = np.array([economy.branches().index(one) for one in code])
    activity = economy.techniques.activity
    mean = np.bincount(branch, cost * activity) / np.bincount(branch, output * activity)
    return float((cost / output / mean[branch]).min())


def problem_of_wage(economy: Economy) -> float:
    scenario, _ = open_scenario("oil-055")
    return lay_out(economy, scenario).labour_value


@pytest.mark.slow
@pytest.mark.parametrize(("spread", "least"), [(0.25, 0.58), (0.5, 0.35)])
def test_the_least_share_of_like_costs_is_below_what_techniques_spread(
    spread: float, least: float
) -> None:
    found = [
        cheapest(russia(1000, seed=seed, alternatives=count, spread=spread))
        for seed in range(1, 6)
        for count in (0, 2)
    ]

    assert min(found) == pytest.approx(least, abs=0.005)  # the page and the module say so
    assert min(found) > LIKE_LEAST


# ---- for each rule, a lie that only it catches ---------------------------------------------------


@cache
def case() -> Case:
    economy = split_producers(two_branch_economy(), producers=12, seed=3, regions=1)
    return Case(problem_of(economy, periods=3))


@cache
def truth() -> Statement:
    answers = case().workplaces.follow(
        as_before(case().problem), Offer(0, np.zeros(offer_size(case())))
    )
    assert answers.answered.all()
    return case().spoken(answers)


def altered(**kinds: Callable[[np.ndarray], None]) -> Statement:
    """Return the true statements with lines changed in place: used=lambda used: ..."""
    said, cost = truth().said.copy(), truth().cost.copy()
    statement = replace(truth(), said=said, cost=cost)
    for name, change in kinds.items():
        part = cost if name == "cost" else statement.of(name)
        change(part)
    assert part.size
    return statement


def times(factor: float, who: int = 0) -> Callable[[np.ndarray], None]:
    def change(part: np.ndarray) -> None:
        part[..., who] *= factor

    return change


def to(value: float, *place: int) -> Callable[[np.ndarray], None]:
    def change(part: np.ndarray) -> None:
        part[place] = value

    return change


FARM, CORN, MACHINE = 0, 0, 1  # the first workplace is a farm
LIES: dict[str, tuple[Statement, str]] = {
    "used below zero": (altered(used=to(-0.01, MACHINE, 1, FARM)), "not_negative"),
    "built below zero": (altered(built=to(-0.01, CORN, 0, FARM)), "not_negative"),
    "work below zero": (
        altered(work=lambda work: work[0].__setitem__((slice(2, None), FARM), -1.0)),
        "not_negative",
    ),
    "emitted below zero": (altered(emitted=to(-0.01, 0, 0, FARM)), "not_negative"),
    "another's product": (altered(made=to(0.01, MACHINE, 1, FARM)), "registered_products"),
    "a fifth of the inputs": (altered(used=times(0.2), work=times(0.2)), "out_of_nothing"),
    "nothing at all": (altered(used=times(0.0), work=times(0.0)), "out_of_nothing"),
    "twice the capacity": (
        altered(made=times(2.0), used=times(2.0), work=times(2.0)),
        "within_capacity",
    ),
    "taking a world": (altered(used=times(1000.0)), "taking"),
    "smoking like a world": (altered(emitted=times(100.0)), "taking"),
    "building a world": (altered(built=times(1000.0)), "building"),
    "paid for changing": (altered(cost=to(-1.0, 1, FARM)), "own_cost"),
    "dear beyond reason": (altered(cost=to(1e9, 1, FARM)), "own_cost"),
    "not a number": (altered(made=to(np.nan, CORN, 1, FARM)), "readable"),
    "without end": (altered(made=to(np.inf, CORN, 1, FARM)), "readable"),
    "a cost that is no number": (altered(cost=to(np.nan, 1, FARM)), "readable"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_by_its_rule_alone_and_nobody_else_is(lie: str) -> None:
    statement, rule = LIES[lie]
    assert plausible(case().register, truth()) == ()
    found = plausible(case().register, statement)

    assert {one.rule for one in found} == ({rule} if lie != "work below zero" else {rule, *WORK})
    assert {one.producer for one in found} == {FARM}


WORK = {"out_of_nothing"}  # less than nobody at work makes something out of nothing too


def test_growth_beyond_the_register_is_refused_even_with_capacity_without_end() -> None:
    endless = np.full_like(case().register.standing, np.inf)
    register = replace(case().register, standing=endless, taken=endless)

    def grown(factor: float) -> Statement:
        return altered(made=times(factor), used=times(factor), work=times(factor))

    (found,) = plausible(register, grown(1.1 * GROWTH_MOST))
    assert found.rule == "growth"
    assert plausible(register, grown(2.0)) == ()


@pytest.mark.parametrize("kind", ["made", "used", "built", "work", "emitted", "cost"])
@pytest.mark.parametrize("size", [1e30, 1e307, 1.7e308])
def test_numbers_beyond_all_measure_are_refused_and_break_nothing(kind: str, size: float) -> None:
    statement = altered(**{kind: lambda part: part[..., FARM].fill(size)})

    assert {one.producer for one in plausible(case().register, statement)} == {FARM}


@pytest.mark.parametrize("size", [-1.7e308, -1e30, 1e30, 1.7e308])
@pytest.mark.parametrize(
    "family", ["product_balance", "import_share", "investment_import_share", "labour"]
)
def test_shares_beyond_all_measure_are_refused_and_break_nothing(family: str, size: float) -> None:
    answers = heard(truth())
    place = case().register.reading.places[family]
    answers.shares[place[place >= 0][0], FARM] = size
    found = refusals(
        case().register, replace(answers, offer=Offer(0, np.zeros(len(answers.shares))))
    )

    assert {one.producer for one in found} == {FARM}


def test_what_is_built_carries_more_output_from_the_next_period_on() -> None:
    register, statement = case().register, truth()
    who = statement.who
    built = np.zeros((4, who.size))
    before = register.capacity(built, who)
    built[1, FARM] = 3.0
    after = register.capacity(built, who)
    gained = (after - before)[:, FARM]
    carried, kept = register.carried[FARM], 1 - register.wear[FARM]
    beta, b = register.tail

    assert gained[:2].tolist() == [0.0, 0.0]
    assert gained[2] == pytest.approx(3.0 * carried)
    # The years after inherit what is left of it, and lose a share of it each year.
    assert gained[3] == pytest.approx((1 - b) * kept * 3.0 * carried / (1 - beta * kept))
    assert (after - before)[:, 1:].max() == 0.0


def test_the_capacity_of_a_farm_by_hand() -> None:
    register = Case(problem_of(two_branch_economy(), periods=2)).register

    # Land for 100 t carries 100; of it 90 are left, and the ten that were started before arrive.
    assert register.standing[:2, 0] == pytest.approx([100.0, 90.0])
    assert register.carried.tolist() == pytest.approx([0.5, 2.0])  # a machine costs 2 crowns
    assert register.wear.tolist() == [0.1, 0.1]
    assert register.reference[0].tolist() == pytest.approx([100.0, 40.0])
    assert register.makes.tolist() == [[True, False], [False, True]]
    # Farming takes a worker for 0.8 t net; making 0.1 t and two workers for 0.9 pieces net.
    wage = register.wage
    assert register.like.tolist() == pytest.approx([wage / 0.8, (0.1 + 2 * wage) / 1.8])


def test_capacity_that_others_use_too_is_for_the_shared_rule_to_limit() -> None:
    register = Case(problem_of(growing_economy(), periods=2)).register

    # The works and the shed share the shop: how much of it each takes is a shared rule.
    assert np.isinf(register.standing[:, 1:]).all()
    assert np.isfinite(register.standing[:, 0]).all()


def test_capacity_that_is_anothers_cannot_be_offered() -> None:
    shared = Case(problem_of(growing_economy(), periods=2))
    answers = next(shared.answers())
    said = shared.spoken(answers)
    assert plausible(shared.register, said) == ()
    said.of("room")[0, 0, 2] = 5.0  # the shop is the works'
    (found,) = plausible(shared.register, said)

    assert found.rule == "shared_capital"
    assert found.place == "capital 'shop', 2021"
    assert refusals(shared.register, with_shares(shared, answers, said))[0].rule == found.rule


def test_where_nothing_is_known_of_like_producers_some_input_or_work_is_needed() -> None:
    register = replace(case().register, like=np.full(12, np.nan))

    assert plausible(register, LIES["a fifth of the inputs"][0]) == ()
    (found,) = plausible(register, LIES["nothing at all"][0])
    assert found.rule == "out_of_nothing"
    assert "in its branch" not in found.thing


def test_every_rule_has_a_lie() -> None:
    tried = {rule for _, rule in LIES.values()} | {"growth", "shared_capital"}

    assert tried - {"readable"} == set(RULES)


# Corn is no investment good, and no limit on smoke is set: of these, shares say nothing.
UNHEARD = ("built below zero", "emitted below zero", "smoking like a world")

# ---- from shares alone ---------------------------------------------------------------------------


def with_shares(of: Case, answers: Answers, statement: Statement) -> Answers:
    """Return answers whose shares and values say what statements say."""
    reading = of.register.reading
    shares, values = answers.shares.copy(), answers.values.copy()
    shares[:, statement.who] = reading.shares(statement)
    values[statement.who] = reading.values(statement)
    return replace(answers, shares=shares, values=values, bounds=np.full(values.size, np.inf))


def heard(statement: Statement) -> Answers:
    truthful = case().workplaces.follow(
        as_before(case().problem), Offer(0, np.zeros(offer_size(case())))
    )
    return with_shares(case(), truthful, statement)


@pytest.mark.parametrize("lie", [name for name in LIES if name not in UNHEARD])
def test_shares_alone_give_a_lie_away(lie: str) -> None:
    statement, rule = LIES[lie]
    answers = heard(truth())
    with np.errstate(invalid="ignore"):
        lying = heard(statement)
    found = refusals(case().register, lying)

    assert refusals(case().register, answers) == ()
    assert rule in {one.rule for one in found}
    assert {one.producer for one in found} == {FARM}


def test_what_the_statement_says_and_the_shares_say_must_be_the_same() -> None:
    register, answers = case().register, heard(truth())
    place = register.reading.places["labour"][0, 1]
    less = answers.shares.copy()
    less[place, FARM] *= 1 - 1e-4
    cheaper = answers.values.copy()
    cheaper[FARM] += 1e-3

    for other, word in (
        (replace(answers, shares=less), "rule 'labour' of 'worker', 2022"),
        (replace(answers, values=cheaper), ""),
    ):
        (found,) = refusals(register, other, statement=truth())
        assert (found.rule, found.producer, found.place) == ("same_in_both", FARM, word)
    assert refusals(register, answers, statement=truth()) == ()


def with_capital(kind: str) -> Case:
    """Return producers with shared capital, or with capital that others finish for them."""
    if kind == "capacity":
        return Case(problem_of(growing_economy(), periods=3))
    scenario, economy = open_scenario("three-workplaces-plain")
    return Case(assemble(lay_out(economy, scenario)))


@pytest.mark.parametrize("kind", ["capacity", "project_capacity"])
def test_capacity_that_only_the_shares_speak_of_is_refused(kind: str) -> None:
    one = with_capital(kind)
    answers = next(one.answers())
    said, places = one.spoken(answers), one.register.reading.places[kind]
    most = (one.register.room[1] if kind == "capacity" else one.register.handed)[0]
    owner = int(most[0].argmax())
    item = np.flatnonzero((places >= 0).any(axis=1))[0]
    period = np.flatnonzero(places[item] >= 0)[0]
    shares = answers.shares.copy()
    shares[places[item, period], owner] -= 1e-4 * most[period, owner]
    found = refusals(one.register, replace(answers, shares=shares), statement=said)

    assert refusals(one.register, answers, statement=said) == ()
    assert {refusal.rule for refusal in found} - {"within_bound"} == {"same_in_both"}
    assert {refusal.producer for refusal in found} == {owner}


def test_a_proposal_worth_more_than_its_bound_contradicts_itself() -> None:
    answers = case().workplaces.answer(list(case().offers())[1])
    lowered = answers.bounds.copy()
    lowered[3] -= 1e-3 * np.abs(lowered[3])
    (found,) = refusals(case().register, replace(answers, bounds=lowered))

    assert (found.rule, found.producer) == ("within_bound", 3)
    assert refusals(case().register, answers) == ()


def test_numbers_that_are_none_are_refused_and_judged_no_further() -> None:
    answers = heard(truth())
    for field, value in (("shares", np.nan), ("values", np.inf), ("bounds", -np.inf)):
        numbers = getattr(answers, field).copy()
        numbers[..., 2] = value
        (found,) = refusals(case().register, replace(answers, **{field: numbers}))
        assert (found.rule, found.producer) == ("readable", 2)


def test_numbers_of_another_shape_are_refused_as_a_whole() -> None:
    answers = heard(truth())
    found = refusals(case().register, replace(answers, shares=answers.shares[:-1]))

    assert {one.producer for one in found} == set(range(12))
    assert {one.rule for one in found} == {"readable"}
    short = replace(truth(), said=truth().said[:-1])
    with pytest.raises(InputError, match="the statement has the shapes"):
        plausible(case().register, short)


def test_only_those_who_answered_are_judged() -> None:
    lying = heard(LIES["nothing at all"][0])
    quiet = lying.answered.copy()
    quiet[FARM] = False

    assert refusals(case().register, replace(lying, answered=quiet)) == ()
    nobody = replace(lying, answered=np.zeros_like(quiet))
    assert refusals(case().register, nobody) == ()


def test_those_with_a_statement_are_judged_by_it_and_the_others_by_their_shares() -> None:
    lying = LIES["another's product"][0]
    answers = heard(lying)
    others = replace(truth(), who=truth().who[1:], said=truth().said[:, 1:])
    others = replace(others, cost=truth().cost[:, 1:])
    (found,) = refusals(case().register, answers, statement=others)

    assert (found.rule, found.producer) == ("registered_products", FARM)


# ---- what a refusal says -------------------------------------------------------------------------


def test_a_refusal_says_what_is_wrong_where_and_what_to_do() -> None:
    (found,) = plausible(case().register, LIES["another's product"][0])

    assert found.code == case().parts.producers[FARM]
    assert found.sentence == (
        "product 'machine', 2022: 0.01 piece are made, and the producer is registered as making "
        "corn; leave this product out, or have it registered first"
    )


def test_a_rule_names_the_place_where_it_is_broken_most() -> None:
    statement = altered(used=to(-0.01, MACHINE, 0, FARM))
    statement.of("used")[MACHINE, 2, FARM] = -0.02
    (found,) = plausible(case().register, statement)

    assert found.place == "product 'machine', 2023"
    assert "'used' is -0.02 piece" in found.thing


def test_generosity_lets_a_register_be_somewhat_old() -> None:
    fits = CAPACITY_GENEROSITY * 0.99
    statement = altered(made=times(fits), used=times(fits), work=times(fits))

    assert "within_capacity" not in {
        one.rule for one in plausible(case().register, statement) if one.place == "2021"
    }


def test_a_dialogue_refuses_by_these_rules_and_goes_on() -> None:
    problem, register = case().problem, case().register
    dialogue = dialogue_of(
        problem, scenario_of(), refusing=lambda answers: refusals(register, answers)
    )
    state = next(
        dialogue.rounds(Offer(0, np.zeros(offer_size(case()))), drafts=(as_before(problem),))
    )

    assert state.mixture is not None
    assert not [event for event in state.log if event.kind == "refused"]


# ---- the page ------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "dialogue" / "proposals.md"
NUMBERS = {
    "out_of_nothing": LIKE_LEAST,
    "within_capacity": CAPACITY_GENEROSITY,
    "growth": GROWTH_MOST,
    "taking": GROWTH_MOST,
    "building": BUILDING_MOST,
}


@pytest.mark.parametrize("rule", [*RULES, "readable", "same_in_both", "within_bound"])
def test_the_page_names_every_rule_with_its_number(rule: str) -> None:
    rows = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if f"| `{rule}` |" in line
    ]

    assert len(rows) == 1
    if rule in NUMBERS:
        assert rows[0].split("|")[3].split()[0] == f"{NUMBERS[rule]:g}"


def test_every_rule_has_an_equation() -> None:
    for rule in (*RULES.values(), readable, readable_shares, same_in_both, within_bound):
        assert ".. math::" in (rule.__doc__ or "")
