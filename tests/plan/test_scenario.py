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
    ("text", "missing"),
    [
        (PLAIN.replace("title", "titel"), "key 'title'"),
        (FULL.replace("branches: [C28, C29]", "branch: [C28]"), "goals.0.investment.branches'"),
        (FULL.replace("amounts", "amount"), "shocks.2.debt_service.amounts'"),
    ],
)
def test_a_misspelt_key_that_must_be_there_is_named_as_missing(text: str, missing: str) -> None:
    assert missing in str(refusal(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN.replace("name: plain", ""), ("'name'", "required")),
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
    assert error is None or key in str(error) or "YAML" in str(error)
