"""datapackage.json: what it must say, and one clear error for each way to get it wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterplan.economy.package import read_package
from counterplan.economy.package.descriptor import (
    Descriptor,
    Grade,
    Resource,
    Statement,
    parse_descriptor,
)
from counterplan.economy.package.manifest import json_text, manifest_of
from counterplan.economy.package.schema import TABLES
from counterplan.errors import InputError
from tests.economy.package.conftest import Complaint

FILE = "datapackage.json"

# A path of keys, the new value (None deletes it), and words of the error.
FAULTS: dict[str, tuple[list[Any], Any, list[str]]] = {
    "no own part": (["counterplan"], None, ["no key 'counterplan'", "counterplan new"]),
    "own part is a list": (["counterplan"], [1], ["key 'counterplan'", "not an object"]),
    "other format": (["counterplan", "format"], 2, ["key 'format'", "newer version"]),
    "no base period": (["counterplan", "base_period"], None, ["'base_period'", "whole number"]),
    "base period is a text": (["counterplan", "base_period"], "2025", ["without quotes"]),
    "base period is true": (["counterplan", "base_period"], True, ["whole number"]),
    "base period is endless": (["counterplan", "base_period"], 10**400, ["whole number"]),
    "no currency": (["counterplan", "currency"], None, ["no key 'currency'"]),
    "currency is a number": (["counterplan", "currency"], 5, ["key 'currency'", "not a text"]),
    "growth is a text": (["counterplan", "growth"], "2%", ["'growth'", "not a number"]),
    "growth in per cent": (["counterplan", "growth"], 2, ["'growth'", "-0.5 to 1"]),
    "growth is endless": (["counterplan", "growth"], 10**400, ["'growth'", "-0.5 to 1"]),
    "notes are a text": (["counterplan", "notes"], "a", ["'notes'", "list of texts"]),
    "odd note": (["counterplan", "notes"], ["\x07"], ["'notes'", "U+0007"]),
    "odd title": (["title"], "\ud800", ["'title'", "U+D800"]),
    "misspelt key": (["counterplan", "curency"], "x", ["'curency'", "did you mean 'currency'?"]),
    "unknown grade": (["counterplan", "grade"], "guess", ["no grade 'guess'", "observed, derived"]),
    "source without a grade": (["counterplan", "grade"], None, ["no key 'grade'"]),
    "no resources": (["resources"], None, ["no list 'resources'"]),
    "a resource is a text": (["resources", 3], "outputs", ["resource 4", "not an object"]),
    "unknown table": (["resources", 3, "name"], "output", ["'output'", "did you mean 'outputs'?"]),
    "table twice": (["resources", 4, "name"], "outputs", ["resource 5", "'outputs'", "twice"]),
    "no path": (["resources", 3, "path"], None, ["resource 4", "no key 'path'"]),
    "paths in parts": (["resources", 3, "path"], ["a.csv", "b.csv"], ["'path'", "not a text"]),
    "path upwards": (["resources", 3, "path"], "../outputs.csv", ["leads out of the package"]),
    "path inside upwards": (["resources", 3, "path"], "a/../../b.csv", ["leads out"]),
    "absolute path": (["resources", 3, "path"], "/etc/passwd.csv", ["leads out"]),
    "address": (["resources", 3, "path"], "http://example.org/a.csv", ["leads out"]),
    "path of another system": (["resources", 3, "path"], "..\\a.csv", ["leads out"]),
    "path with a zero": (["resources", 3, "path"], "a\0.csv", ["U+0000"]),
    "endless path": (["resources", 3, "path"], "a" * 300 + ".csv", ["too long"]),
    "spreadsheet": (["resources", 3, "path"], "outputs.xlsx", ["CSV UTF-8"]),
    "no such file": (["resources", 3, "path"], "made.csv", ["no file 'made.csv'"]),
    "other separator": (["resources", 3, "dialect"], {"delimiter": ";"}, ["by commas"]),
    "other encoding": (["resources", 3, "encoding"], "latin-1", ["UTF-8"]),
    "rows inside": (["resources", 3, "data"], [], ["'data'", "write them as .csv"]),
    "unknown column of sources": (
        ["resources", 3, "counterplan"],
        {"fields": {"quantitty": {"grade": "observed"}}},
        ["'quantitty'", "did you mean 'quantity'?"],
    ),
    "unknown key of a statement": (
        ["resources", 3, "counterplan"],
        {"fields": {"quantity": {"grade": "observed", "sources": "x"}}},
        ["'sources'", "did you mean 'source'?"],
    ),
    "unknown key of a table": (["resources", 3, "counterplan"], {"graed": "observed"}, ["'graed'"]),
}


def changed(content: Any, path: list[Any], value: Any) -> Any:
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return content


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_key_and_the_mend(fault: str, folder: Path, complaint: Complaint) -> None:
    path, value, words = FAULTS[fault]
    content = json.loads((folder / FILE).read_text())
    (folder / FILE).write_text(json.dumps(changed(content, path, value)))

    error = complaint(FILE)

    assert error.place.startswith(FILE)
    assert [word for word in words if word not in str(error)] == [], str(error)


@pytest.mark.parametrize(
    ("content", "place", "word"),
    [
        (b"", "datapackage.json", "empty"),
        (b'{\n"a": 1,\n}', "datapackage.json row 3", "missing comma"),
        (b"[1, 2]", "datapackage.json", "not an object"),
        (b'{"a": NaN}', "datapackage.json", "NaN is not a number"),
        (b'{"a": 1, "a": 2}', "datapackage.json", "'a' stands twice"),
        (b'{"a": "\xff"}', "datapackage.json row 1", "UTF-8"),
        (b"[" * 100_000, "datapackage.json", "not JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "datapackage.json", "not JSON"),
    ],
)
def test_what_is_not_json_is_refused(
    content: bytes, place: str, word: str, folder: Path, complaint: Complaint
) -> None:
    (folder / FILE).write_bytes(content)

    error = complaint(FILE)

    assert error.place == place
    assert word in str(error)


def test_a_required_table_must_be_listed(folder: Path, complaint: Complaint) -> None:
    content = json.loads((folder / FILE).read_text())
    content["resources"] = [one for one in content["resources"] if one["name"] != "outputs"]
    (folder / FILE).write_text(json.dumps(content))

    assert "'outputs' is not listed" in str(complaint(FILE))


def test_a_table_that_nobody_listed_is_not_passed_over(folder: Path, complaint: Complaint) -> None:
    content = json.loads((folder / FILE).read_text())
    content["resources"] = [one for one in content["resources"] if one["name"] != "stocks"]
    (folder / FILE).write_text(json.dumps(content))

    error = complaint(FILE)

    assert "stocks.csv is in the folder and not in datapackage.json" in error.thing


def test_optional_tables_may_be_absent(folder: Path) -> None:
    content = json.loads((folder / FILE).read_text())
    needed = [schema.name for schema in TABLES if schema.required]
    content["resources"] = [one for one in content["resources"] if one["name"] in needed]
    (folder / FILE).write_text(json.dumps(content))
    for schema in TABLES:
        if not schema.required:
            (folder / f"{schema.name}.csv").unlink()

    economy = read_package(folder)

    n, m = 6, 3
    assert economy.techniques.use.shape == (n, m)
    assert economy.techniques.use.nnz == 0
    assert economy.labour.need.shape == (0, m)
    assert economy.capital.composition.shape == (n, 0)
    assert economy.demand.consumption.shape == (n, 0)
    assert economy.routes.need.shape == (n, 0)
    assert not economy.stocks.storable.any()
    assert economy.trade.export_limit.tolist() == [0.0] * n
    assert economy.accounts.reserves == 0


def test_the_name_falls_back_to_the_standards_and_the_foreign_currency_to_the_own(
    folder: Path,
) -> None:
    content = json.loads((folder / FILE).read_text())
    del content["title"]
    for key in ("foreign_currency", "growth", "period"):
        del content["counterplan"][key]
    (folder / FILE).write_text(json.dumps(content))

    economy = read_package(folder)

    assert (economy.name, economy.title) == ("my-economy", "my-economy")
    assert (economy.currency, economy.trade.currency) == ("franc", "franc")
    assert (economy.period, economy.trend.growth) == ("year", 0.0)


def test_what_the_writer_says_is_what_the_reader_hears() -> None:
    said = Statement("a census", Grade.OBSERVED, "CC BY 4.0")
    guess = Statement("", Grade.ESTIMATED, "", {"x/y": ("a letter", Grade.DERIVED)})
    names = [schema.name for schema in TABLES]
    descriptor = Descriptor(
        name="Élan 2",
        title="Any",
        base_period=-3,
        period="month",
        currency="franc",
        foreign_currency="dollar",
        growth=0.01,
        labour_growth=-0.002,
        notes=("one", "two\nlines"),
        statement=said,
        fields={"trend.growth": guess},
        resources=(
            Resource("outputs", "outputs.parquet", said, {"quantity": guess}),
            *(Resource(name, f"{name}.csv") for name in names if name != "outputs"),
        ),
    )
    headers = {schema.name: [column.name for column in schema.columns] for schema in TABLES}

    content = json_text(manifest_of(descriptor, headers)).encode()

    assert parse_descriptor(content) == descriptor
    assert json.loads(content)["name"] == "lan-2"


@pytest.mark.parametrize("value", [{"a": [1, {"b": "x" * 300}], "c": {}}, [], "x", [["y" * 201]]])
def test_broken_lines_do_not_change_the_json(value: Any) -> None:
    assert json.loads(json_text(value)) == value


def test_every_line_of_a_column_can_be_edited_by_a_person(folder: Path) -> None:
    lines = (folder / FILE).read_text().splitlines()

    assert sum('"name": "quantity"' in line and '"type": "number"' in line for line in lines) == 9


def test_a_package_needs_its_descriptor(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no datapackage\.json"):
        read_package(tmp_path)
