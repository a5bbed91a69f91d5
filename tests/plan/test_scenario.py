"""Scenario files: what is refused, with its place and mend, and that nothing else than an
InputError ever comes out."""

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from counterplan.errors import InputError, LimitError
from counterplan.plan.mandate import InvestmentGoal
from counterplan.plan.scenario import (
    BYTES_MAX,
    PERIODS_MAX,
    Scenario,
    parse_scenario,
    read_scenario,
)
from counterplan.plan.shocks import PriceShock

PLAIN = """
name: plain
title: A plain scenario
economy: russia-2014
horizon: {first: 2015, periods: 6}
"""

FULL = (
    PLAIN
    + """
mandate:
  discount: 0.95
  groups: {households: {weight: 1.5, growth: 0.01}}
  needs: [{product: A01, share: 0.9}]
  goals:
    - {kind: investment, branches: [C28, C29], factor: 3, start: 2016}
    - {kind: self_reliance, product: C28, share: 0.3}
    - {kind: emission, emission: co2, factor: 0.9}
  labour: {hours: {2016: 0.97}}
  foreign: {reserves_floor: 100, surplus: 0.5, credit: {2015: 10}}
shocks:
  - {kind: export_price, products: [B], factor: 0.6, start: 2015, note: oil}
  - {kind: import_limit, products: [C28], share: 0.7, use: investment}
  - {kind: debt_service, amounts: {2015: 100, 2016: 60}}
  - {kind: capacity, branches: [C28], share: 0.9, start: 2016, end: 2016}
  - {kind: labour, skills: [low], factor: 0.95}
  - {kind: reserves, lost: 10}
"""
)


def parse(text: str) -> Scenario:
    return parse_scenario(text.encode(), place="plan.yaml")


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse(text)
    return caught.value


def complaint(content: bytes) -> InputError | None:
    """Return what is wrong with a file; any other error than an InputError comes through."""
    try:
        parse_scenario(content, place="plan.yaml")
    except InputError as error:
        return error
    return None


# ---- what is read ---------------------------------------------------------------------------


def test_a_plain_scenario_asks_for_what_was_observed() -> None:
    scenario = parse(PLAIN)

    assert (scenario.horizon.first, scenario.horizon.periods) == (2015, 6)
    assert scenario.mandate.foreign.surplus == 1.0
    assert scenario.mandate.foreign.reserves_floor is None
    assert scenario.mandate.collective_floor == 1.0
    assert scenario.mandate.needs == scenario.mandate.goals == scenario.shocks == ()


def test_every_kind_of_goal_and_shock_is_read() -> None:
    scenario = parse(FULL)

    kinds = [shock.kind for shock in scenario.shocks]
    assert kinds == [
        "export_price",
        "import_limit",
        "debt_service",
        "capacity",
        "labour",
        "reserves",
    ]
    assert [goal.kind for goal in scenario.mandate.goals] == [
        "investment",
        "self_reliance",
        "emission",
    ]
    goal, shock = scenario.mandate.goals[0], scenario.shocks[0]
    assert isinstance(goal, InvestmentGoal)
    assert (goal.branches, goal.factor, goal.start, goal.end) == (("C28", "C29"), 3, 2016, None)
    assert isinstance(shock, PriceShock)
    assert (shock.products, shock.factor, shock.note) == (("B",), 0.6, "oil")
    assert scenario.mandate.labour.hours == {2016: 0.97}


def test_a_scenario_does_not_change_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parse(PLAIN).name = "other"  # type: ignore[misc]


def test_a_scenario_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(FULL, encoding="utf-8")

    assert read_scenario(file) == parse(FULL)


# ---- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        (FULL.replace("discount", "discuont"), "key 'mandate.discuont'", "'discount'"),
        (FULL.replace("surplus", "suplus"), "mandate.foreign.suplus", "'surplus'"),
        (FULL.replace("weight:", "wieght:"), "mandate.groups.households.wieght", "'weight'"),
        (FULL.replace("hours:", "hour:"), "key 'mandate.labour.hour'", "'hours'"),
        (FULL.replace("note: oil", "notes: oil"), "key 'shocks.0.export_price.notes'", "'note'"),
        (FULL.replace("start: 2015", "begin: 2015"), "key 'shocks.0.export_price.begin'", "keys"),
        (PLAIN + "zzz: 1", "key 'zzz'", "keys here: description, economy"),
    ],
)
def test_an_unknown_key_is_refused_with_the_one_that_was_meant(
    text: str, place: str, mend: str
) -> None:
    error = refusal(text)

    assert place in error.place
    assert mend in error.mend
    assert error.place.startswith("plan.yaml")


@pytest.mark.parametrize(
    ("text", "wrong", "meant"),
    [
        (PLAIN.replace("title", "titel"), "titel", "title"),
        (PLAIN.replace("horizon", "horizont"), "horizont", "horizon"),
        (PLAIN.replace("periods", "period"), "horizon.period", "periods"),
        (
            FULL.replace("branches: [C28, C29]", "branch: [C28]"),
            "mandate.goals.0.investment.branch",
            "branches",
        ),
        (FULL.replace("amounts", "amount"), "shocks.2.debt_service.amount", "amounts"),
        (FULL.replace("lost:", "loss:"), "shocks.5.reserves.loss", "lost"),
        (FULL.replace("{kind: labour", "{knid: labour"), "shocks.4", "kind"),
    ],
)
def test_a_misspelt_key_that_must_be_there_is_unknown_and_not_missing(
    text: str, wrong: str, meant: str
) -> None:
    error = refusal(text)

    assert error.place == f"plan.yaml, key '{wrong}'"
    assert error.thing.startswith("unknown key '")
    assert error.mend == f"did you mean '{meant}'?"


def test_of_two_wrong_keys_the_one_that_was_meant_is_named() -> None:
    error = refusal(PLAIN.replace("title", "titel") + "colour: red\n")

    assert "unknown key 'titel'; did you mean 'title'?" in str(error)


def test_a_key_that_is_nothing_like_the_missing_one_is_unknown_all_the_same() -> None:
    error = refusal(PLAIN.replace("title: A plain scenario", "xyz: 1"))

    assert error.thing == "unknown key 'xyz'"
    assert error.mend.startswith("keys here: description, economy")


def test_a_key_that_is_missing_is_said_to_be(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "plan.yaml"
    file.parent.mkdir()
    file.write_text(PLAIN.replace("title: A plain scenario", ""))

    with pytest.raises(InputError) as caught:
        read_scenario(file)
    assert str(caught.value) == f"{file}, key 'title': the key is missing; add it"


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ("1e6", "YAML takes it for a text: write 1000000"),
        ("1e-3", "YAML takes it for a text: write 0.001"),
        ("2E+30", "YAML takes it for a text: write 2.0e+30"),
        ("1.5e30", "YAML takes it for a text: write 1.5e+30"),
        ("1,5", "write numbers with a point and no commas: 1.5"),
        ("1,500", "write numbers with a point and no commas: 1.500 or 1500"),
        ("1,500,000", "write numbers with a point and no commas: 1500000"),
        ("5%", "write 0.05"),
        ("7,5 %", "write 0.075"),
        ("'0.6'", "write it without quotes: 0.6"),
        ("yes", "YAML takes yes, no, on, off, true and false for a choice: write a number"),
        ("'on'", "YAML takes yes, no, on, off, true and false for a choice: write a number"),
        ("", "write a value, or delete the key"),
        ("six", ""),
        ("[1]", ""),
    ],
)
def test_what_is_no_number_comes_with_how_to_write_it(given: str, mend: str) -> None:
    error = refusal(f"{PLAIN}shocks:\n- kind: capacity\n  branches: [C]\n  share: {given}\n")

    assert error.place == "plan.yaml, key 'shocks.0.capacity.share'"
    assert error.mend == mend


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ("010", "write 10, or put it in quotes where it is a text"),
        ("0_6", "write 6, or put it in quotes where it is a text"),
        ("0x6", "write it with the digits 0 to 9 and a point, without ':', '_' and letters"),
        ("0b110", "write it with the digits 0 to 9 and a point, without ':', '_' and letters"),
        ("1:30", "write it with the digits 0 to 9 and a point, without ':', '_' and letters"),
        ("!!int '010'", "write 10, or put it in quotes where it is a text"),
    ],
)
def test_a_whole_number_that_yaml_reads_as_another_is_refused(given: str, mend: str) -> None:
    error = refusal(PLAIN.replace("periods: 6", f"periods: {given}"))

    assert error.place == "plan.yaml row 5 column 33"
    assert error.thing.endswith("is not a plain decimal number, and YAML would read another one")
    assert error.mend.startswith(mend)


@pytest.mark.parametrize(
    ("given", "mend"), [("0:0.9", "write it with the digits"), ("0.9_5", "write 0.95, or put it")]
)
def test_a_fraction_that_yaml_reads_as_another_is_refused(given: str, mend: str) -> None:
    error = refusal(PLAIN + f"mandate: {{discount: {given}}}\n")

    assert error.place == "plan.yaml row 6 column 21"
    assert error.mend.startswith(mend)


def test_such_a_number_for_a_key_is_refused() -> None:
    error = refusal(PLAIN + "mandate: {labour: {hours: {2_016: 0.97}}}\n")

    assert error.mend.startswith("write 2016, or")


def test_in_quotes_it_is_a_text() -> None:
    assert parse(PLAIN.replace("A plain scenario", "'010'")).title == "010"


@pytest.mark.parametrize("digits", [41, 5000])
def test_a_number_of_many_digits_is_refused_and_not_shown(digits: int) -> None:
    error = refusal(PLAIN.replace("2015", "9" * digits))

    assert error.thing == f"a number of {digits:,} characters stands here"
    assert error.mend.startswith("write it with at most 40")


@pytest.mark.parametrize("first", ["100000001", "-100000001", "9" * 40])
def test_a_first_period_that_no_calendar_holds_is_refused(first: str) -> None:
    error = refusal(PLAIN.replace("2015", first))

    assert error.place == "plan.yaml, key 'horizon.first'"
    assert f"(given: {first})" in error.thing


def test_long_values_and_keys_are_cut_in_a_message() -> None:
    wrong = (
        PLAIN.replace("A plain scenario", "1" * 20 + ".0" + "1" * 18),
        PLAIN.replace("first: 2015", "first: 1.0e+300"),
        PLAIN.replace("first: 2015", f"first: {'x' * 9000}"),
        FULL.replace("[C28, C29]", "C" * 9000),
        PLAIN + "k" * 900 + ": 1\n",
    )

    assert max(len(str(refusal(text))) for text in wrong) < 400


def test_a_comma_that_ends_a_number_is_found() -> None:
    error = refusal(FULL.replace("factor: 0.6", "factor: 0,6"))

    assert error.thing == "unknown key '6'"
    assert error.mend == "in { ... } a comma ends a number: write it with a point (1.5)"


@pytest.mark.parametrize("text", ["2.0e+30", "1.5e+30", "1000000", "0.001"])
def test_what_is_proposed_is_read_as_a_number(text: str) -> None:
    assert isinstance(yaml.safe_load(text), int | float)


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        ("2014-12", "write the number of the period alone, such as 2014"),
        ("2014-12-31", "write the number of the period alone, such as 2014"),
        ("'2015'", "write it without quotes: 2015"),
        ("2015.0", "write 2015"),
        ("2015.5", ""),
        ("1e3", "YAML takes it for a text: write 1000"),
        ("no", "YAML takes yes, no, on, off, true and false for a choice: write a number"),
    ],
)
def test_what_is_no_period_comes_with_how_to_write_it(given: str, mend: str) -> None:
    error = refusal(PLAIN.replace("first: 2015", f"first: {given}"))

    assert error.place == "plan.yaml, key 'horizon.first'"
    assert error.thing.startswith("a whole number is wanted here (given: ")
    assert error.mend == mend


@pytest.mark.parametrize(
    ("text", "thing", "mend"),
    [
        (PLAIN.replace("A plain scenario", "no"), "a text", "write it in quotes"),
        (PLAIN.replace("A plain scenario", "2015"), "a text", "write it in quotes: '2015'"),
        (PLAIN.replace("A plain scenario", "[a]"), "a text", "write a text"),
        (FULL.replace("[C28, C29]", "C28"), "a list", "write [C28]"),
        (FULL.replace("[C28, C29]", "{}"), "a list", "write [ ... ]"),
        (FULL.replace("[C28, C29]", "[C28, 29]"), "a text", "write it in quotes: '29'"),
        (PLAIN + "mandate: much\n", "a block of keys", "write its keys below it"),
        (PLAIN + "shocks: [oil]\n", "a block of keys", "write kind: ... and its keys"),
        (PLAIN + "shocks: [{x: 1}]\n", "'kind' is missing", "add it"),
        (PLAIN + "shocks: [{kind: opil}]\n", "no kind 'opil'", "the kinds are export_price"),
        (PLAIN + "shocks: [{kind: labuor}]\n", "no kind 'labuor'", "did you mean 'labour'?"),
        (PLAIN + "mandate:\n", "nothing stands here", "delete the key"),
    ],
)
def test_what_is_of_another_kind_comes_with_how_to_write_it(
    text: str, thing: str, mend: str
) -> None:
    error = refusal(text)

    assert thing in error.thing
    assert mend in error.mend


# ---- characters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "character",
    ["\\e", "\\0", "\\x07", "\\x9b", "\\u202E", "\\u2066", "\\u200F", "\\u061C", "\\u2028"],
)
@pytest.mark.parametrize("key", ["title", "economy"])
def test_a_character_that_changes_what_is_seen_is_refused(character: str, key: str) -> None:
    error = refusal(PLAIN.replace(f"{key}: ", f'{key}: "{character}" #'))

    assert error.thing.startswith("the text holds the character U+")
    assert error.place == f"plan.yaml row {3 if key == 'title' else 4} column {len(key) + 3}"
    assert error.mend == "delete it"


def test_such_a_character_in_a_key_is_refused() -> None:
    assert "U+202E" in str(refusal(PLAIN + '"shock\\u202Es": 1\n'))


def test_a_raw_mark_of_direction_is_refused() -> None:
    assert "U+202E" in str(refusal(PLAIN.replace("A plain", "A \u202eplain")))


def test_a_title_stands_on_one_line_and_a_description_may_stand_on_several() -> None:
    assert "U+000A" in str(refusal(PLAIN.replace("A plain scenario", '"A\\nscenario"')))
    assert parse(PLAIN + "description: |\n  one\n  two\n").description == "one\ntwo\n"


@pytest.mark.parametrize("title", ["План на пятилетку", "計画", "Ausgleich für Öl", "نقشهٔ‌ ملی"])
def test_letters_of_any_script_are_read(title: str) -> None:
    assert parse(PLAIN.replace("A plain scenario", title)).title == title


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN.replace("name: plain", ""), ("'name'", "the key is missing")),
        (PLAIN.replace("plain", "Plain Plan"), ("'name'", "pattern")),
        (PLAIN.replace("A plain scenario", "x" * 201), ("'title'", "200")),
        (PLAIN.replace("periods: 6", "periods: 0"), ("'horizon.periods'", "(given: 0)")),
        (PLAIN.replace("periods: 6", f"periods: {PERIODS_MAX + 1}"), ("60", "(given: 61)")),
        (PLAIN.replace("periods: 6", "periods: true"), ("horizon.periods", "True")),
        (PLAIN.replace("periods: 6", "periods: six"), ("horizon.periods", "'six'")),
        (PLAIN.replace("periods: 6", "periods: 6.5"), ("horizon.periods", "6.5")),
        (FULL.replace("factor: 0.6", "factor: .nan"), ("shocks.0.export_price.factor", "nan")),
        (FULL.replace("factor: 0.6", "factor: .inf"), ("shocks.0.export_price.factor", "inf")),
        (FULL.replace("factor: 0.6", "factor: -0.6"), ("shocks.0", "-0.6")),
        (FULL.replace("factor: 0.6", "factor: '0.6'"), ("shocks.0", "'0.6'")),
        (FULL.replace("factor: 0.6", "factor: yes"), ("shocks.0", "True")),
        (FULL.replace("kind: reserves", "kind: reserve"), ("shocks.5", "reserves")),
        (FULL.replace("{2015: 100, 2016: 60}", "{soon: 100}"), ("shocks.2", "'soon'")),
        (FULL.replace("[C28, C29]", "C28"), ("mandate.goals.0", "'C28'")),
        (FULL.replace("discount: 0.95", "discount: 1"), ("mandate.discount", "1")),
        ("- 1\n- 2\n", ("holds no keys",)),
        ("", ("holds no keys",)),
        ("a: [1, 2\n", ("is not YAML",)),
        ("a: !!python/object/apply:os.system ['true']\n", ("is not YAML",)),
        ("name: a\nname: b\n", ("'name' stands twice",)),
        ("a: &x [1]\nb: *x\n", ("aliases",)),
        ("when: 2015-99-99\n", ("is not YAML",)),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(text: str, words: tuple[str, ...]) -> None:
    message = str(refusal(text))

    assert message.startswith("plan.yaml")
    assert [word for word in words if word not in message] == []
    assert "\n" not in message


def test_an_unfolding_file_is_refused_at_once() -> None:
    # Nine lists of nine of the list before: 9^9 entries where aliases are followed.
    lines = ["a0: &a0 [x]"] + [
        f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 10)
    ]

    assert "aliases" in str(refusal("\n".join(lines)))


def test_a_deeply_nested_file_is_refused() -> None:
    assert "is not YAML" in str(refusal("a: " + "[" * 5000 + "]" * 5000))


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InputError, match="UTF-8"):
        parse_scenario(b"name: \xff\xfe", place="plan.yaml")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no scenario file"):
        read_scenario(tmp_path / "none.yaml")


def test_a_file_too_large_is_refused_without_reading_it(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(BYTES_MAX + 1)

    with pytest.raises(LimitError, match="1,000,000"):
        read_scenario(file)


# ---- anything at all ------------------------------------------------------------------------


@given(st.binary(max_size=300))
def test_no_bytes_at_all_bring_anything_but_an_input_error(content: bytes) -> None:
    assert complaint(content) is None or "plan.yaml" in str(complaint(content))


@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_damaged_scenario_is_read_or_refused(chance: random.Random, times: int) -> None:
    text = list(FULL)
    for _ in range(times):
        place = chance.randrange(len(text))
        text[place] = chance.choice(
            ["", "x", ":", "-", "[", "}", "9", "\n", "\t", "'", "&", "*", "%"]
        )
    error = complaint("".join(text).encode())
    assert error is None or "plan.yaml" in str(error)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["kind", "factor", "first", "x"]), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    st.sampled_from(["name", "economy", "horizon", "mandate", "shocks"]),
)
def test_any_value_for_any_key_is_read_or_refused(value: object, key: str) -> None:
    content = yaml.safe_load(FULL) | {key: value}
    error = complaint(yaml.safe_dump(content).encode())
    said = str(error)
    assert error is None or key in said or "YAML" in said or "the character U+" in said
