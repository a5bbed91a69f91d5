"""Sources and grades: the nearest statement counts, and none is lost on the way."""

import dataclasses
import json
from pathlib import Path

import pytest

from counterplan.economy.economy import Economy, Grade, Provenance
from counterplan.economy.package import read_package, write_package

OBSERVED, DERIVED, ESTIMATED = Grade.OBSERVED, Grade.DERIVED, Grade.ESTIMATED


def stated(folder: Path, **parts: object) -> Economy:
    """Replace what datapackage.json states: package, table outputs, column outputs.quantity."""
    file = folder / "datapackage.json"
    content = json.loads(file.read_text())
    own = content["counterplan"]
    for key in ("source", "grade"):
        del own[key]
    own.update(parts.get("package", {}))
    outputs = next(one for one in content["resources"] if one["name"] == "outputs")
    outputs["counterplan"] = {
        **parts.get("table", {}),
        "fields": {"quantity": parts["column"]} if "column" in parts else {},
    }
    file.write_text(json.dumps(content))
    return read_package(folder)


def test_the_nearest_statement_counts(folder: Path) -> None:
    package = {"source": "a guess", "grade": "estimated"}
    table = {"source": "a survey", "grade": "derived"}
    column = {"source": "a census", "grade": "observed", "licence": "CC BY 4.0"}
    text = (folder / "outputs.csv").read_text().splitlines()
    text = [f"{text[0]},source,grade", f"{text[1]},a letter,", f"{text[2]},,estimated"]
    rest = ["joining-by-hand,furniture,1,piece,,", "joining-by-machine,furniture,1,piece,,"]
    (folder / "outputs.csv").write_text("\n".join([*text, *rest]))

    found = stated(folder, package=package, table=table, column=column).provenance

    outputs = found["techniques.output"]
    assert outputs == Provenance(
        "a census",
        OBSERVED,
        "CC BY 4.0",
        {"sawing/timber-hill": ("a letter", OBSERVED), "sawing/chips": ("a census", ESTIMATED)},
    )
    assert outputs.of("joining-by-hand/furniture") == ("a census", OBSERVED)
    assert found["techniques.use"] == Provenance("a guess", ESTIMATED)


def test_a_table_speaks_for_its_columns(folder: Path) -> None:
    found = stated(folder, table={"source": "a survey", "grade": "derived"}).provenance

    assert found["techniques.output"] == Provenance("a survey", DERIVED)


def test_figures_that_nobody_speaks_for_have_no_provenance(folder: Path) -> None:
    found = stated(folder).provenance

    # The accounts' own row is the only one that states anything.
    assert found == {
        "accounts": Provenance(
            "", ESTIMATED, "", {"reserves": ("Bank statement of 31 December", OBSERVED)}
        )
    }


def test_a_source_without_a_grade_counts_as_estimated(folder: Path) -> None:
    text = (folder / "accounts.csv").read_text()
    (folder / "accounts.csv").write_text(text.replace(",observed", ","))

    found = stated(folder).provenance["accounts"]

    assert found.of("reserves") == ("Bank statement of 31 December", ESTIMATED)


def test_what_is_said_of_all_is_written_once(folder: Path, tmp_path: Path) -> None:
    write_package(read_package(folder), tmp_path / "again")

    content = json.loads((tmp_path / "again" / "datapackage.json").read_text())
    assert content["counterplan"]["source"] == "invented for the template"
    assert not any("counterplan" in resource for resource in content["resources"])
    header, first, *_ = (tmp_path / "again" / "accounts.csv").read_text().splitlines()
    assert header == "item,amount,source,grade"
    assert first == "reserves,5000,Bank statement of 31 December,observed"


@pytest.mark.parametrize(
    "provenance",
    [
        # Statements that differ between the columns of one table.
        {"capital.capacity": Provenance("a", OBSERVED), "capital.lag": Provenance("b", DERIVED)},
        # An exception for one of two columns: no row can say that.
        {
            "stocks.initial": Provenance("a", OBSERVED, "", {"fuel": ("b", DERIVED)}),
            "stocks.minimum": Provenance("a", OBSERVED),
            "stocks.loss": Provenance("a", OBSERVED),
        },
        # An exception without a source, one for a row that is not there, one with a comma.
        {"labour.need": Provenance("a", OBSERVED, "", {"sawing/workers": ("", DERIVED)})},
        {"labour.need": Provenance("a", OBSERVED, "", {"gone/workers": ("b", DERIVED)})},
        {"labour.need": Provenance("a", OBSERVED, "", {"sawing/workers": ('b, "c"', DERIVED)})},
        # Fields that stand in no table.
        {"trend.growth": Provenance("a", OBSERVED, "x", {"k": ("b", DERIVED)})},
    ],
)
def test_every_statement_comes_back(
    folder: Path, tmp_path: Path, provenance: dict[str, Provenance]
) -> None:
    economy = dataclasses.replace(read_package(folder), provenance=provenance)

    write_package(economy, tmp_path / "again")

    assert read_package(tmp_path / "again").provenance == provenance


def test_statements_of_a_table_without_rows_are_kept(folder: Path, tmp_path: Path) -> None:
    lines = (folder / "routes.csv").read_text().splitlines()
    (folder / "routes.csv").write_text(lines[0])
    (folder / "route_needs.csv").write_text("route,product,quantity")
    economy = read_package(folder)
    provenance = {"routes.limit": Provenance("a map", OBSERVED)}

    write_package(dataclasses.replace(economy, provenance=provenance), tmp_path / "again")

    assert not (tmp_path / "again" / "routes.csv").exists()
    assert read_package(tmp_path / "again").provenance == provenance
