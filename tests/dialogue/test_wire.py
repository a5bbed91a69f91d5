"""The wire form: what is written is read back exactly, and what is not meant is refused."""

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.forms import PROPOSAL, schemas
from counterplan.dialogue.parts import parts_of
from counterplan.dialogue.plausible import plausible
from counterplan.dialogue.reading import Reading
from counterplan.dialogue.register import Register, register_of
from counterplan.dialogue.statement import Statement, Telling, telling_of
from counterplan.dialogue.wire import (
    BYTES_MAX,
    offer_for,
    offer_from,
    parse_proposal,
    proposal_for,
    proposal_from,
    told,
)
from counterplan.dialogue.workplaces import Workplaces, workplaces_of
from counterplan.errors import InputError, LimitError
from counterplan.plan.open import open_scenario
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import Problem, assemble
from tests.plan.builders import problem_of, two_branch_economy
from tests.plan.growing import growing_economy

PAGE = Path(__file__).parents[2] / "docs" / "dialogue" / "proposals.md"


def known_of(problem: Problem) -> tuple[Workplaces, Telling, Register]:
    parts = parts_of(problem)
    return workplaces_of(parts), telling_of(parts), register_of(parts)


@cache
def two_branches() -> tuple[Workplaces, Telling, Register]:
    return known_of(problem_of(two_branch_economy(), periods=2))


@cache
def workplaces() -> tuple[Workplaces, Telling, Register]:
    scenario, economy = open_scenario("three-workplaces-canal")
    return known_of(assemble(lay_out(economy, scenario)))


def some_offer(reading: Reading, seed: int = 1) -> Offer:
    random = np.random.default_rng(seed)
    return Offer(seed, -np.abs(random.normal(size=len(reading.rules))))


def form() -> dict[str, Any]:
    """Return the works' proposal to go on as before, as it goes over the wire."""
    those, telling, register = two_branches()
    none = Offer(3, np.zeros(len(register.reading.rules)))
    answers = those.follow(as_before(those.parts.problem), none)
    return proposal_for(telling.statement(answers.courses), producer="works", number=3, bound=12.5)


def read(given: dict[str, Any]) -> Any:
    return proposal_from(two_branches()[2].reading.words, given)


def over_the_wire(value: dict[str, Any]) -> bytes:
    return json.dumps(value, allow_nan=False).encode()


# ---- round trips ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "known", [two_branches, workplaces], ids=["two-branch", "three-workplaces"]
)
def test_a_proposal_is_read_back_to_the_last_bit(
    known: Callable[[], tuple[Workplaces, Telling, Register]],
) -> None:
    those, telling, register = known()
    words = register.reading.words
    answers = those.answer(some_offer(register.reading))
    statement = telling.statement(answers.courses)

    for s, code in enumerate(words.producers):
        sent = proposal_for(statement, producer=code, number=1, bound=float(answers.bounds[s]))
        back = parse_proposal(words, over_the_wire(sent))
        assert back.number == 1
        assert back.bound == answers.bounds[s]
        assert back.statement.who.tolist() == [s]
        assert (back.statement.said[:, 0] == statement.said[:, s]).all()
        assert (back.statement.cost[:, 0] == statement.cost[:, s]).all()
        assert plausible(register, back.statement) == ()


@pytest.mark.parametrize(
    "known", [two_branches, workplaces], ids=["two-branch", "three-workplaces"]
)
def test_an_offer_is_read_back_to_the_last_bit(
    known: Callable[[], tuple[Workplaces, Telling, Register]],
) -> None:
    _, _, register = known()
    words, offer = register.reading.words, some_offer(register.reading)

    for s, code in enumerate(words.producers):
        sent = offer_for(register, offer, producer=code)
        back = offer_from(words, json.loads(over_the_wire(sent)))
        meant = told(register, offer, producer=s)
        assert (back.number, back.producer, back.own_costs) == (1, s, 1.0)
        assert (back.worth == meant.worth).all()
        assert (back.foreign == meant.foreign).all()


def test_what_an_offer_says_is_what_proposals_are_worth_at_it() -> None:
    those, telling, register = two_branches()
    offer = some_offer(register.reading, seed=5)
    answers = those.answer(offer)
    statement = telling.statement(answers.courses)
    words = register.reading.words

    for s in range(2):
        heard = told(register, offer, producer=s)
        worth = words.of("made", heard.worth[:, None])  # any line would do to find the shape
        assert worth.shape == (2, 3, 1)
        by_period = np.zeros(3)
        for name in words.kinds:
            lines = words.of(name, heard.worth[:, None] * statement.said[:, [s]])
            by_period += lines[:, :, 0].sum(axis=0)
        by_period -= heard.own_costs * statement.cost[:, s]
        assert words.weights @ by_period == pytest.approx(answers.worth()[s], rel=1e-12)


def test_an_offer_in_crowns_of_the_year_by_hand() -> None:
    _, _, register = two_branches()
    reading = register.reading
    weights = reading.words.weights
    valuations = np.zeros(len(reading.rules))
    # The dual of "output less use is at least ..." is below zero: a ton of corn is worth 1.5.
    valuations[reading.places["product_balance"][0]] = -1.5 * weights
    valuations[reading.places["import_share"][1]] = -0.6 * weights
    valuations[reading.places["labour"][0]] = -0.8 * weights
    valuations[reading.places["foreign_balance"][0]] = -1.1 * weights
    sent = offer_for(register, Offer(0, valuations), producer="works")
    corn, machine = sent["products"]

    assert corn["made"]["2022"] == pytest.approx(1.5)
    assert corn["used"]["2022"] == pytest.approx(-1.5)
    # Of twelve machines that are used one is expected from abroad, where 0.6 is paid for it.
    assert machine["used"]["after"] == pytest.approx(-0.6 / 12)
    assert sent["skills"][0]["work"]["2021"] == pytest.approx(-0.8)
    assert sent["foreign_valuation"] == pytest.approx(dict.fromkeys(sent["weights"], 1.1))
    assert (sent["foreign_currency"], sent["currency"], sent["branch"]) == (
        "dollar",
        "crown",
        "industry",
    )
    assert [one["unit"] for one in sent["products"]] == ["t", "piece"]


def test_what_is_nothing_is_not_written_and_what_is_not_written_is_nothing() -> None:
    sent = form()
    machine = sent["products"][1]

    assert [one["product"] for one in sent["products"]] == ["corn", "machine"]
    assert set(sent["products"][0]) == {"product", "name", "unit", "used"}
    assert machine["made"] == {"2021": 20.0, "2022": 20.0, "after": 20.0}
    empty = {key: sent[key] for key in ("form", "offer", "producer", "own_cost")}
    assert not read(empty).statement.said.any()
    assert read(empty).bound == np.inf


def test_shared_capital_is_spoken_of() -> None:
    those, telling, register = known_of(problem_of(growing_economy(), periods=1))
    answers = those.answer(some_offer(register.reading))
    statement = telling.statement(answers.courses)
    sent = proposal_for(statement, producer="shed", number=0, bound=np.inf)

    assert "bound" not in sent
    assert [one["capital"] for one in sent["capital"]] == ["shop"]
    back = proposal_from(register.reading.words, sent).statement
    assert (back.of("room")[0, :, 0] == statement.of("room")[0, :, 2]).all()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=35, max_size=35))
def test_any_numbers_are_read_back_exactly(numbers: list[float]) -> None:
    _, _, register = two_branches()
    words = register.reading.words
    lines = np.resize(np.array(numbers), words.size)
    statement = Statement(words, np.array([1]), lines[:, None], lines[:3, None])
    sent = proposal_for(statement, producer="works", number=0)
    back = parse_proposal(words, over_the_wire(sent)).statement

    assert (back.said == statement.said).all()
    assert (back.cost == statement.cost).all()


# ---- what is refused -----------------------------------------------------------------------------


def changed_form(*path: int | str, to: object) -> dict[str, Any]:
    altered = copy.deepcopy(form())
    block: Any = altered
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = to
    return altered


def without(*path: int | str) -> dict[str, Any]:
    altered = copy.deepcopy(form())
    block: Any = altered
    for key in path[:-1]:
        block = block[key]
    del block[path[-1]]
    return altered


MACHINE = "form of 'works', product 'machine', 'made', '2021'"
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown product": (
        changed_form("products", 1, "product", to="machnie"),
        "proposal of 'works', product 'machnie': there is no such product in the offer; "
        "did you mean 'machine'?",
    ),
    "nothing like it": (
        changed_form("products", 1, "product", to="zeppelin"),
        "product 'zeppelin': there is no such product in the offer; known here: corn, machine",
    ),
    "unknown skill": (
        changed_form("skills", 0, "skill", to="wroker"),
        "skill 'wroker': there is no such skill in the offer; did you mean 'worker'?",
    ),
    "capital of one": (
        changed_form("capital", to=[{"capital": "land", "room": {"2021": 1.0}}]),
        "capital 'land': there is no such capital in the offer; leave it out",
    ),
    "twice": (
        changed_form("products", 1, "product", to="corn"),
        "proposal of 'works', product 'corn': the product stands twice; list it once",
    ),
    "missing period": (
        without("products", 1, "made", "2022"),
        "proposal of 'works', product 'machine', 'made': the period '2022' is missing; give a "
        "number for every period, 0 where there is nothing",
    ),
    "missing cost": (
        without("own_cost", "after"),
        "proposal of 'works', own_cost: the period 'after' is missing",
    ),
    "unknown period": (
        changed_form("products", 1, "made", "2035", to=1.0),
        "there is no period '2035' in the offer; its periods are 2021, 2022, after",
    ),
    "not a number": (
        changed_form("products", 1, "made", "2021", to=float("nan")),
        f"{MACHINE}: a finite number is wanted here (given: nan); write a number that is finite",
    ),
    "without end": (
        changed_form("products", 1, "made", "2021", to=float("inf")),
        f"{MACHINE}: a finite number is wanted here (given: inf)",
    ),
    "beyond floats": (
        changed_form("products", 1, "made", "2021", to=10**400),
        f"{MACHINE}: ",
    ),
    "text": (
        changed_form("products", 1, "made", "2021", to="20"),
        f"{MACHINE}: a number is wanted here (given: '20'); write a number, without quotes",
    ),
    "yes": (changed_form("products", 1, "made", "2021", to=True), f"{MACHINE}: a number is wanted"),
    "null": (
        changed_form("products", 1, "made", "2021", to=None),
        f"{MACHINE}: null stands here; write a value, or delete the key",
    ),
    "a list for periods": (
        changed_form("products", 1, "made", to=[1.0, 2.0, 3.0]),
        "product 'machine', 'made': a block of keys is wanted here (given: (1.0, 2.0, 3.0)); "
        "write a number for each period",
    ),
    "another unit": (
        changed_form("products", 1, "unit", to="dozen"),
        "product 'machine': the unit is 'dozen'; give quantities in piece",
    ),
    "misspelt kind": (
        changed_form("products", 1, "mdae", to={}),
        "form of 'works', product 'machine', 'mdae': unknown key 'mdae'; did you mean 'made'?",
    ),
    "unknown key": (
        changed_form("zeal", to=1.0),
        "form of 'works', 'zeal': unknown key 'zeal'; keys here: bound, capital, emissions, ",
    ),
    "no cost": (
        without("own_cost"),
        "form of 'works', 'own_cost': the key is missing; add it",
    ),
    "no product": (without("products", 1, "product"), "products[1], 'product': the key is missing"),
    "another form": (
        changed_form("form", to="counterplan-proposal/2"),
        "form of 'works', 'form': 'counterplan-proposal/2' is not a form that is read here; "
        "write 'counterplan-proposal/1'",
    ),
    "unknown producer": (
        changed_form("producer", to="work"),
        "proposal of 'work': there is no producer 'work'; did you mean 'works'?",
    ),
    "an offer before the first": (changed_form("offer", to=-1), "form of 'works', 'offer': "),
    "half an offer": (
        changed_form("offer", to=1.5),
        "a whole number is wanted here (given: 1.5); write a whole number",
    ),
    "a bound that is none": (changed_form("bound", to=float("-inf")), "'bound': a finite number"),
    "a product that is none": (
        changed_form("products", 1, to="machine"),
        "products[1]: a block of keys is wanted here (given: 'machine'); write a block of keys",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_meant_is_refused_with_its_place_and_mend(what: str) -> None:
    given, message = WRONG[what]

    with pytest.raises(InputError) as caught:
        read(given)
    assert message in str(caught.value)


def test_what_is_no_form_at_all_is_refused() -> None:
    for one in ([], "proposal", 7, None, {}, {"producer": 3}):
        with pytest.raises(InputError):
            read(one)  # type: ignore[arg-type]


TEXTS = {
    b"{": "is not JSON",
    b"[" * 100_000: "is not JSON",
    b"\xff\xfe": "is not UTF-8 text",
    b"[1" + b"1" * 5000 + b"]": "is not JSON",
    b"x" * (BYTES_MAX + 1): "longer than 4,000,000 bytes",
    b'{"form": 1, "form": 2}': "the key 'form' stands twice in one block; give it once",
}


@pytest.mark.parametrize("text", TEXTS, ids=list(TEXTS.values()))
def test_a_text_that_is_no_json_is_refused(text: bytes) -> None:
    words = two_branches()[2].reading.words
    kind = LimitError if len(text) > BYTES_MAX else InputError

    with pytest.raises(kind, match=TEXTS[text]):
        parse_proposal(words, text)


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", "0x10", "1_000"])
def test_a_number_that_is_none_is_refused_in_a_text_too(number: str) -> None:
    words = two_branches()[2].reading.words
    text = over_the_wire(form()).replace(
        b'"made": {"2021": 20.0', f'"made": {{"2021": {number}'.encode()
    )
    assert number.encode() in text

    with pytest.raises(InputError, match=r"finite number is wanted here|is not JSON"):
        parse_proposal(words, text)


def test_a_line_that_says_nothing_of_an_item_is_refused() -> None:
    _, _, register = workplaces()
    words = register.reading.words
    path = dict.fromkeys(words.periods, 1.0)
    given = {
        "form": PROPOSAL,
        "offer": 0,
        "producer": "farm",
        "own_cost": path,
        "capital": [{"capital": "fields", "room": path}],
    }

    with pytest.raises(InputError, match="'room' says nothing of this capital; leave 'room' out"):
        proposal_from(words, given)


def test_nobody_speaks_for_another() -> None:
    _, telling, register = two_branches()
    course = np.zeros(telling.owner.size)
    alone = telling.statement(course, who=np.array([0]))

    with pytest.raises(InputError, match="producer 'works' is not"):
        proposal_for(alone, producer="works", number=0)
    with pytest.raises(InputError, match="did you mean 'works'"):
        offer_for(register, some_offer(register.reading), producer="workz")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [("products",), ("products", 0), ("products", 1, "made"), ("skills", 0, "work"), ("own_cost",)]
    + [(key,) for key in ("form", "offer", "producer", "bound", "capital", "emissions")]
)


@given(place=PLACES, value=JSON)
def test_whatever_stands_in_a_form_is_read_or_refused(
    place: tuple[int | str, ...], value: object
) -> None:
    try:
        proposal = read(changed_form(*place, to=value))
    except InputError:
        return
    assert np.isfinite(proposal.statement.said).all()


# ---- the page ------------------------------------------------------------------------------------


def fenced(title: str) -> dict[str, Any]:
    """Return the block of JSON under a heading of the page."""
    section = PAGE.read_text(encoding="utf-8").split(f"## {title}\n", 1)[1]
    block = section.split("```json\n", 1)[1].split("```", 1)[0]
    return json.loads(block)


def test_the_example_of_the_page_is_what_is_written_and_can_be_read() -> None:
    shown = fenced("An example")

    assert read(shown).statement.said.any()
    assert shown == {key: value for key, value in form().items() if key != "bound"}


def test_the_schema_of_the_page_is_that_of_the_code() -> None:
    assert fenced("The schema") == schemas()[PROPOSAL]
