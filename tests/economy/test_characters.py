"""Characters that change what is seen: refused where names are read, spelt out where shown."""

import json
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.cli import console
from counterplan.economy.characters import LAYOUT, forbidden_in, printable
from counterplan.economy.package import read_package
from counterplan.errors import InputError
from counterplan.examples import packaged_economy
from tests.cli.running import complaint, run

DIRECTIONS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@given(st.characters())
def test_forbidden_are_exactly_the_characters_that_unicode_says(character: str) -> None:
    """Controls, halves of pairs, separators of lines, and what only gives a direction."""
    category = unicodedata.category(character)
    direction = unicodedata.bidirectional(character) in DIRECTIONS
    mark = character in "\u061c\u200e\u200f"
    expected = category in {"Cc", "Cs", "Zl", "Zp"} or direction or mark

    assert bool(forbidden_in(f"a{character}b")) == expected


@pytest.mark.parametrize("number", [*range(0x00, 0x20), 0x7F, 0x9B, 0x202E, 0x2066, 0xD800, 0x2029])
def test_a_forbidden_character_is_named_by_its_number(number: int) -> None:
    assert forbidden_in(f"steel{chr(number)}") == f"U+{number:04X}"


@pytest.mark.parametrize("text", ["сталь", "鋼", "acier à béton", "نقشهٔ‌ ملی", "👩\u200d🌾", ""])
def test_letters_of_any_script_stay(text: str) -> None:
    assert forbidden_in(text) == ""
    assert printable(text) == text


def test_texts_of_several_lines_may_hold_what_lays_them_out() -> None:
    assert forbidden_in("one\n\ttwo", besides=LAYOUT) == ""
    assert forbidden_in("one\n\x1b[2J", besides=LAYOUT) == "U+001B"
    assert printable("one\n\x1b[2Jtwo") == "one\n<U+001B>[2Jtwo"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(packaged_economy("three-workplaces"), tmp_path / "three"))


@pytest.mark.parametrize("character", ["\x1b", "\u202e", "\u2067", "\u200f", "\x7f"])
def test_a_name_in_a_table_is_refused_with_its_row_and_column(folder: Path, character: str) -> None:
    file = folder / "products.csv"
    head, first, *rest = file.read_text(encoding="utf-8").splitlines()
    code, name, *cells = first.split(",")
    changed = ",".join([code, f"{name}{character}", *cells])
    file.write_text("\n".join([head, changed, *rest]) + "\n", encoding="utf-8")

    with pytest.raises(InputError) as caught:
        read_package(folder)
    assert caught.value.place == f"{folder}: products.csv row 2 column 'name'"
    assert f"U+{ord(character):04X}; delete it" in caught.value.thing


@pytest.mark.parametrize("key", ["title", "name"])
def test_what_a_package_says_of_itself_is_refused_with_its_key(folder: Path, key: str) -> None:
    file = folder / "datapackage.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content[key] = "three\u202eworkplaces"
    file.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(InputError, match=r"U\+202E; delete it") as caught:
        read_package(folder)
    assert caught.value.place == f"{folder}: datapackage.json key '{key}'"


def test_a_complaint_does_not_send_what_it_complains_of_to_the_terminal(folder: Path) -> None:
    (folder / "inputs.csv").write_text(
        "technique,prod\x1b[2Juct\u202e,quantity\n", encoding="utf-8"
    )
    answer = run("check", folder)

    assert answer.code == 2
    assert complaint(answer)
    assert "\x1b" not in answer.err
    assert "\u202e" not in answer.err


def test_a_result_does_not_either(capsys: pytest.CaptureFixture[str]) -> None:
    console.say("steel\x1b[2J\u202e")

    assert capsys.readouterr().out == "steel<U+001B>[2J<U+202E>\n"
