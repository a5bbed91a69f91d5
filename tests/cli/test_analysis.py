"""The command analyse against published multipliers and what can be added up by hand."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from counterplan.cli.analysis import ANSWERS, Question
from counterplan.economy.analysis.accounts import accounts_of_economy, accounts_of_table
from counterplan.economy.package import read_package, write_package
from counterplan.examples import packaged_economies, packaged_economy
from tests.cli.running import complaint, run
from tests.cli.test_economies import SUPPLY, USE
from tests.plan.builders import two_branch_economy


def table_of(text: str) -> dict[str, list[str]]:
    """Return the rows of a plain table by their first word."""
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.strip()}


def rows_of(file: Path) -> dict[str, dict[str, float]]:
    with file.open(newline="") as stream:
        head, *rows = csv.reader(stream)
    return {row[0]: dict(zip(head[1:], map(float, row[1:]), strict=True)) for row in rows}


# ---- known answers ------------------------------------------------------------------------------


def test_output_multipliers_of_a_textbook_table(tmp_path: Path) -> None:
    """Miller and Blair, Input-Output Analysis (2nd ed. 2009), table 2.3: 1.518 and 1.452."""
    (tmp_path / "supply.csv").write_text("product,one,two\none,1000,0\ntwo,0,2000\n")
    (tmp_path / "use.csv").write_text(
        "origin,code,kind,one,two,household:h\n"
        "domestic,one,,150,500,350\n"
        "domestic,two,,200,100,1700\n"
        "other,va,value added,650,1400,0\n"
    )
    options = ("--kind", "supply-use", "--year", "2000", "--unit", "dollars")
    answer = run("analyse", tmp_path, *options)
    rows = table_of(answer.out)

    assert answer.code == 0
    assert [round(float(rows[name][0]), 3) for name in ("one", "two")] == [1.518, 1.452]
    # Nothing is imported, so that all of a price is value added somewhere.
    assert [rows[name][1:] for name in ("one", "two")] == [["1.0000", "0.0000"]] * 2


def test_labour_values_of_the_two_branch_economy(tmp_path: Path) -> None:
    """Corn 0.2 corn and 1 worker, machines 0.1 corn, 0.1 machine and 2 workers.

    All inputs are home-made but one machine: of 2 + 10 = 12 machines used or consumed 1 is
    imported, so that of 0.1 machine 11/12 is home-made. Corn: l = 1 + 0.2 l = 1.25. Machine:
    m = 2 + 0.1 x 1.25 + 0.1 x 11/12 m.
    """
    write_package(two_branch_economy(), tmp_path / "two")
    answer = run("analyse", tmp_path / "two", "--what", "labour-values")
    rows = table_of(answer.out)

    assert rows["corn,"][2:] == ["1.0000", "1.2500"]
    machine = (2 + 0.125) / (1 - 0.1 * 11 / 12)
    assert rows["machine,"][2] == "2.0000"
    assert float(rows["machine,"][3]) == pytest.approx(machine, abs=5e-5)


def test_what_final_uses_contain_adds_up_to_what_there_was(tmp_path: Path) -> None:
    """The three workplaces, added up in their README: 300 hands, 60 mechanics, 1,350 t of CO2."""
    file = tmp_path / "footprints.csv"
    answer = run("analyse", "three-workplaces", "--what", "footprints", "--out", file)
    rows = rows_of(file)
    total = {name: sum(row[name] for row in rows.values()) for name in rows["village"]}

    assert answer.code == 0
    assert total["hands [person]"] == pytest.approx(300)
    assert total["mechanics [person]"] == pytest.approx(60)
    assert total["co2 [t]"] == pytest.approx(1350)
    assert total["value added"] == pytest.approx(1_414_000)
    # All imports of 175,000 crowns end in some final use, inside products or as they are.
    assert total["imports in production"] + total["imported directly"] == pytest.approx(175_000)


def test_bread_from_another_region_holds_the_labour_of_its_grain(tmp_path: Path) -> None:
    """A tonne of bread takes 1.1 t of southern grain on average; that is northern grain carried."""
    file = tmp_path / "values.csv"
    run("analyse", "three-workplaces", "--what", "labour-values", "--out", file)
    rows = rows_of(file)
    north = rows["grain-north, 1 t"]["hands [person], total"]

    # 0.2 hands a hectare, of which grain has 800 of 840 florins; it sows a tenth of itself, and
    # the straw of its bedding holds as much labour per florin as it does.
    assert north == pytest.approx(0.2 * 800 / 840 / 4 / (1 - 100 / 840), rel=1e-9)
    assert rows["grain-south, 1 t"]["hands [person], total"] == pytest.approx(north)
    assert rows["bread, 1 t"]["hands [person], total"] == pytest.approx(0.045 + 1.1 * north)


@pytest.mark.parametrize("name", packaged_economies())
def test_prices_of_one_are_what_costs_add_up_to(name: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    assert run("analyse", name, "--what", "prices", "--out", file).code == 0
    rows = rows_of(file)

    assert all(row["price"] == pytest.approx(1.0, abs=1e-9) for row in rows.values())
    assert all(row["imports"] >= 0 for row in rows.values())


@pytest.mark.shared
def test_german_backward_linkages_are_the_published_ones(shared_data: Path, tmp_path: Path) -> None:
    """Germany 1995, Eurostat manual (2008): 1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782."""
    cells = pd.read_parquet(shared_data / "external_tests" / "germany_1995.parquet")
    cells["iotables_col"] = cells["iotables_col"].astype(str)
    wide = cells.pivot_table(
        index="iotables_row", columns="iotables_col", values="values", aggfunc="first"
    ).apply(pd.to_numeric)
    branches = [
        "agriculture_group",
        "industry_group",
        "construction",
        "trade_group",
        "business_services_group",
        "other_services_group",
    ]
    output = wide.loc["output", branches]
    flows = wide.loc[branches, branches]
    supply = pd.DataFrame(np.diag(output), index=branches, columns=branches)
    supply.rename_axis("product").to_csv(tmp_path / "supply.csv")
    final = (output - flows.sum(axis=1)).to_numpy()
    use = flows.assign(**{"household:h": final}).rename_axis("code").reset_index()
    use.insert(0, "origin", "domestic")
    use.to_csv(tmp_path / "use.csv", index=False)
    file = tmp_path / "linkages.csv"
    options = ("--kind", "supply-use", "--year", "1995", "--unit", "million euro", "--out", file)
    run("analyse", tmp_path, "--what", "linkages", *options)
    found = rows_of(file)

    published = [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782]
    assert [found[name]["backward, total"] for name in branches] == pytest.approx(
        published, abs=5e-5
    )


@pytest.mark.shared
def test_a_published_table_and_the_economy_derived_from_it_agree(shared_data: Path) -> None:
    from counterplan.economy.tables.wiod2016 import read_wiod2016

    table = read_wiod2016(
        shared_data / "wiod2016_niot" / "RUS_NIOT_2000_2014.parquet", country="RUS", year=2014
    )
    published = accounts_of_table(table)
    derived = accounts_of_economy(read_package(packaged_economy("russia-2014")))

    assert published.codes == derived.codes
    assert derived.output == pytest.approx(published.output, rel=1e-4)
    # An economy knows one imported share for each product, the table one for each cell.
    both = (np.asarray(one.domestic + 0) for one in (published, derived))
    total = [(a.sum(axis=0)) for a in both]
    assert total[1] + derived.imported == pytest.approx(total[0] + published.imported, abs=1e-3)


# ---- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("what", list(Question))
def test_every_question_has_an_answer_for_an_economy(what: Question) -> None:
    answer = run("analyse", "russia-2014", "--what", what)

    assert answer.code == 0
    assert len(answer.out.splitlines()) >= 5
    assert set(ANSWERS) == set(Question)


@pytest.mark.shared
def test_a_world_table_shows_its_first_rows_and_says_how_to_get_all(
    shared_data: Path, tmp_path: Path
) -> None:
    source, file = shared_data / "wiod2013_world" / "WIOT13_2011.parquet", tmp_path / "all.csv"
    answer = run("analyse", source, "--kind", "wiod2013", "--what", "prices", "--out", file)

    assert answer.code == 0
    assert "the table does not add up in 1390 places" in answer.out.splitlines()[0]
    assert answer.out.splitlines()[-1].startswith("... and 1353 more rows")
    # 22 of the 1,435 branches make nothing.
    assert len(rows_of(file)) == 1413


def test_a_broken_table_is_answered_with_its_worst_place(tmp_path: Path) -> None:
    (tmp_path / "supply.csv").write_text(SUPPLY)
    (tmp_path / "use.csv").write_text(USE.replace("70,35", "60,35"))
    options = ("--kind", "supply-use", "--year", "2000", "--unit", "dollars")
    answer = run("analyse", tmp_path, *options)

    assert answer.code == 0
    assert answer.out.splitlines()[0].startswith("the table does not add up in 1 places")
    assert "branch 'A01'" in answer.out.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "complaint_words"),
    [
        (("nowhere",), "there is no such folder"),
        (("russia-2015",), "there is no such folder"),
        (("FILE",), "say what kind of table it is: --kind wiod2016|wiod2013"),
        (("DIR", "--kind", "supply-use", "--year", "1"), "add --unit"),
        (("DIR", "--kind", "mrio", "--layout", "pymrio", "--year", "1"), ""),
        (
            (
                "DIR",
                "--kind",
                "supply-use",
                "--year",
                "1",
                "--unit",
                "x",
                "--what",
                "labour-values",
            ),
            "a published table holds no labour",
        ),
    ],
)
def test_what_cannot_be_analysed_is_refused(
    tmp_path: Path, words: tuple[str, ...], complaint_words: str
) -> None:
    (tmp_path / "supply.csv").write_text(SUPPLY)
    (tmp_path / "use.csv").write_text(USE)
    places = {"DIR": str(tmp_path), "FILE": str(tmp_path / "use.csv")}
    answer = run("analyse", *(places.get(word, word) for word in words))

    assert answer.code == 2
    assert complaint_words in complaint(answer)


def test_an_economy_that_uses_itself_up_is_refused_with_the_branch(tmp_path: Path) -> None:
    (tmp_path / "supply.csv").write_text("product,steel,bread\nsteel,100,0\nbread,0,50\n")
    (tmp_path / "use.csv").write_text(
        "origin,code,kind,steel,bread,household:h\n"
        "domestic,steel,,150,0,0\ndomestic,bread,,0,10,40\n"
    )
    options = ("--kind", "supply-use", "--year", "2000", "--unit", "dollars")
    answer = run("analyse", tmp_path, *options)

    assert answer.code == 2
    assert "steel" in complaint(answer)


@pytest.mark.shared
def test_negative_inputs_of_a_published_table_are_named_and_put_aside(shared_data: Path) -> None:
    """The American import table is older than the use table, so that some domestic use is < 0."""
    answer = run("analyse", shared_data / "bea_us", "--kind", "bea")

    assert answer.code == 0
    assert "note: 8 negative inputs, -1,000 million USD, are no inputs" in answer.out
    assert "note: in 121 cells the table imports more than is used" in answer.out
