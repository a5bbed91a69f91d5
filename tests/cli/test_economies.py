"""The commands new, import, check and examples."""

import filecmp
import shutil
from pathlib import Path

import numpy as np
import pytest

from counterplan.economy.package import read_package, write_package
from counterplan.examples import packaged_economy, packaged_scenario
from tests.cli.running import complaint, run
from tests.plan.builders import changed, two_branch_economy

OWN = """
name: own
title: My own
economy: two
horizon: {first: 2021, periods: 2}
"""
SUPPLY = """product,A01,C28
A01,100,0
C28,0,50
"""
# A01: 20 + 10 used, 50 consumed, 10 invested, 10 exported; C28: 10 + 5, 20, 10, 5.
USE = """origin,code,kind,A01,C28,household:h,collective:g,investment:i,exports:e
domestic,A01,,20,10,50,0,10,10
domestic,C28,,10,5,20,0,10,5
imported,A01,,0,0,5,0,0,0
imported,C28,,0,0,5,0,5,0
other,va,value added,70,35,0,0,0,0
"""


# ---- new ------------------------------------------------------------------------------------


def test_a_new_economy_passes_its_own_check(tmp_path: Path) -> None:
    made = run("new", tmp_path / "mine")
    checked = run("check", tmp_path / "mine")

    assert made.code == checked.code == 0
    assert f"counterplan check {tmp_path / 'mine'}" in made.out
    assert checked.out.splitlines()[-1] == "0 errors, 0 warnings, 0 notes"


def test_new_does_not_overwrite_other_things(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    answer = run("new", tmp_path)

    assert answer.code == 2
    assert "not empty" in complaint(answer)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_new_does_not_overwrite_an_economy_that_was_filled_in(tmp_path: Path) -> None:
    run("new", tmp_path / "mine")
    (tmp_path / "mine" / "skills.csv").write_text("skill,unit,force\nworkers,person,7\n")
    answer = run("new", tmp_path / "mine")

    assert answer.code == 2
    assert "is not empty; name a new folder" in complaint(answer)
    assert "person,7" in (tmp_path / "mine" / "skills.csv").read_text()


# ---- check ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "what", ["russia-2014", "three-workplaces", "crisis-2014", "three-workplaces-canal"]
)
def test_everything_packaged_passes(what: str) -> None:
    answer = run("check", what)

    assert answer.code == 0
    assert "0 errors" in answer.out


def test_a_folder_its_descriptor_and_its_zip_are_checked_alike(tmp_path: Path) -> None:
    folder = packaged_economy("three-workplaces")
    packed = shutil.make_archive(str(tmp_path / "three"), "zip", folder)
    answers = {run("check", what).out for what in (folder, folder / "datapackage.json", packed)}

    assert len(answers) == 1
    assert answers.pop().startswith("Three workplaces")


def test_a_broken_account_fails_with_one(tmp_path: Path) -> None:
    broken = changed(two_branch_economy(), "trade", exports=np.array([9.0, 0.0]))
    write_package(broken, tmp_path / "two")
    (tmp_path / "own.yaml").write_text(OWN)

    for what in (tmp_path / "two", tmp_path / "own.yaml"):
        answer = run("check", what)
        assert answer.code == 1
        # 100 made; 100 used and one more exported.
        assert "product 'corn'" in answer.out
        assert "1 t are missing (0.99% of 101 t)" in answer.out
        assert "1 errors" in answer.out


def test_check_tells_how_good_the_figures_are_and_what_their_makers_say(tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.mkdir()
    (table / "supply.csv").write_text(SUPPLY)
    (table / "use.csv").write_text(USE)
    words = ("--kind", "supply-use", "--year", "2020", "--unit", "crown")
    assert run("import", table, *words, "--out", tmp_path / "two").code == 0
    answer = run("check", tmp_path / "two")

    assert answer.code == 0
    (counted,) = (line for line in answer.out.splitlines() if line.startswith("figures: "))
    assert counted.endswith(" estimated")
    notes = [line for line in answer.out.splitlines() if line.startswith("note: ")]
    assert len(notes) == len(read_package(tmp_path / "two").notes) > 0


def test_check_tells_of_dates_that_reach_beyond_the_plan(tmp_path: Path) -> None:
    write_package(two_branch_economy(), tmp_path / "two")
    (tmp_path / "own.yaml").write_text(
        OWN + "shocks: [{kind: debt_service, amounts: {2022: 1, 2030: 1}}]\n"
    )
    answer = run("check", tmp_path / "own.yaml")

    assert answer.code == 0
    assert "note: debt_service of 2030 is after the plan's last period 2022" in answer.out


def test_a_date_outside_the_plan_is_bad_input(tmp_path: Path) -> None:
    write_package(two_branch_economy(), tmp_path / "two")
    (tmp_path / "own.yaml").write_text(
        OWN + "shocks: [{kind: labour, skills: [worker], factor: 0.9, start: 2032}]\n"
    )
    answer = run("plan", tmp_path / "own.yaml", "--out", tmp_path / "plan")

    assert answer.code == 2
    assert complaint(answer) == (
        f"{tmp_path / 'own.yaml'}, key 'shocks.0': labour of worker starts in 2032, after the plan "
        "ends (it covers 2021 to 2022); correct the date, plan 12 periods or more, or take it out"
    )


def test_a_scenario_is_checked_against_its_economy(tmp_path: Path) -> None:
    write_package(two_branch_economy(), tmp_path / "two")
    file = tmp_path / "own.yaml"
    file.write_text(OWN + "shocks: [{kind: export_limit, products: [cron], share: 0.5}]\n")
    answer = run("check", file)

    assert answer.code == 2
    assert complaint(answer) == (
        f"{file}, key 'shocks.0': product 'cron' is not in the economy; did you mean 'corn'?"
    )


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("rusia-2015", "did you mean 'russia-2015'?"),
        ("nowhere.yaml", "there is no scenario file"),
        ("nowhere.zip", "nowhere.zip: the file is not there"),
    ],
)
def test_what_is_not_there_cannot_be_checked(what: str, words: str) -> None:
    answer = run("check", what)

    assert answer.code == 2
    assert words in complaint(answer)


# ---- import ---------------------------------------------------------------------------------


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "supply.csv").write_text(SUPPLY)
    (folder / "use.csv").write_text(USE)
    return folder


def own_import(tables: Path, out: Path, *more: str) -> list[str | Path]:
    return ["import", tables, "--kind", "supply-use", "--out", out, *more]


def test_own_tables_become_an_economy_that_can_be_planned(tables: Path, tmp_path: Path) -> None:
    out = tmp_path / "economy"
    answer = run(*own_import(tables, out, "--year", "2020", "--unit", "million crowns"))
    economy = read_package(out)

    assert answer.code == 0
    assert economy.techniques.activity.tolist() == [100.0, 50.0]
    assert economy.demand.consumption.sum(axis=1).tolist() == [55.0, 25.0]
    assert economy.trade.exports.tolist() == [10.0, 5.0]
    assert run("check", out).code == 0
    (tmp_path / "own.yaml").write_text(OWN.replace("two", "economy"))
    assert run("plan", tmp_path / "own.yaml", "--out", tmp_path / "plan").code == 0


def test_a_gap_that_is_kept_is_reported_and_not_mended(tables: Path, tmp_path: Path) -> None:
    (tables / "use.csv").write_text(USE.replace("70,35", "68,35"))
    out = tmp_path / "economy"
    words = ("--year", "2020", "--unit", "crowns")
    refused = run(*own_import(tables, out, *words))
    answer = run(*own_import(tables, out, *words, "--gaps", "keep"))

    assert refused.code == 2
    assert "branch 'A01': branch_balance misses by 2 crowns (2%)" in complaint(refused)
    assert answer.code == 0
    assert "branch 'A01': branch_balance" in answer.out
    assert "a gap of 2 crowns" in answer.out or "a gap of -2 crowns" in answer.out


@pytest.mark.parametrize(
    ("change", "more", "words"),
    [
        (("", ""), ("--unit", "x"), "the table does not say its year; add --year"),
        (("", ""), ("--year", "2020"), "the table does not say its unit; add --unit"),
        (
            ("50,0,10,10", "51,0,10,10"),
            ("--year", "2020", "--unit", "x"),
            "product 'A01' is used 101",
        ),
        (("value added", "taxes on products"), ("--year", "1", "--unit", "x"), "no value added"),
        (("50,0,10", "fifty,0,10"), ("--year", "2020", "--unit", "x"), "use.csv row 2"),
        (("domestic,C28", "domestic,z"), ("--year", "2020", "--unit", "x"), "'z'"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_and_nothing_is_written(
    tables: Path, tmp_path: Path, change: tuple[str, str], more: tuple[str, ...], words: str
) -> None:
    (tables / "use.csv").write_text(USE.replace(*change))
    answer = run(*own_import(tables, tmp_path / "economy", *more))

    assert answer.code == 2
    assert words in complaint(answer)
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_branches_of_another_classification_are_refused(tables: Path, tmp_path: Path) -> None:
    for file in tables.iterdir():
        file.write_text(file.read_text().replace("C28", "machines"))
    answer = run(*own_import(tables, tmp_path / "economy", "--year", "2020", "--unit", "x"))

    assert answer.code == 2
    assert "branch 'machines' is not in the classification" in complaint(answer)
    assert not (tmp_path / "economy").exists()


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("supply-use", ("--year", "1"), "is not a folder"),
        ("bea", (), "is not a folder"),
        ("wiod2016", (), "broken.xlsx"),
        ("wiod2013", (), "broken.xlsx"),
        ("mrio", (), "add --layout with one of oecd"),
        ("mrio", ("--layout", "exiobase"), "did you mean 'exiobase3'?"),
        ("mrio", ("--layout", "oecd"), "add --year"),
    ],
)
def test_a_source_of_another_kind_is_refused(
    tmp_path: Path, kind: str, more: tuple[str, ...], words: str
) -> None:
    source = tmp_path / "broken.xlsx"
    source.write_bytes(b"PK\x03\x04 not a workbook")
    answer = run("import", source, "--kind", kind, "--out", tmp_path / "out", *more)

    assert answer.code == 2
    assert words in complaint(answer)
    assert not (tmp_path / "out").exists()


def test_the_three_american_tables_must_be_there(tmp_path: Path) -> None:
    for name in ("Detail_Make_2017.csv", "Detail_Use_2017.csv", "Other_Use_2012.csv"):
        (tmp_path / name).write_text("row\n")
    answer = run("import", tmp_path, "--kind", "bea", "--out", tmp_path / "out")

    assert "holds 2 files with '_use_'" in complaint(answer)


@pytest.mark.shared
def test_a_national_table_is_imported(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "wiod2016_niot" / "ALL43_NIOT_2014.parquet"
    answer = run(
        *("import", source, "--kind", "wiod2016", "--country", "ROU", "--out", tmp_path / "rou"),
        *("--gaps", "keep"),
    )

    assert answer.code == 0
    # The known gap of Romania's table: 3,853 million USD in branch R_S.
    assert "branch 'R_S'" in answer.out
    assert "3,852.78 million USD" in answer.out
    assert read_package(tmp_path / "rou").base_period == 2014


@pytest.mark.shared
def test_one_economy_is_not_derived_from_a_table_of_many(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "wiod2013_world" / "WIOT13_2011.parquet"
    words = ["import", source, "--kind", "wiod2013", "--out", tmp_path / "out"]

    assert run(*words).code == 2
    assert "value added" in complaint(run(*words, "--country", "DEU"))


def test_a_world_table_with_value_added_asks_for_a_region(tmp_path: Path) -> None:
    from counterplan.cli.derivations import refuse_regions
    from counterplan.cli.sources import Kind, Source
    from counterplan.economy.tables.axes import Axis
    from counterplan.errors import InputError

    class World:
        """As much of a table as the question needs."""

        products = Axis(("A_x", "B_x"), ("", ""), ("A", "B"))

    with pytest.raises(InputError, match=r"table of 2 regions.*--country with one of A, B"):
        refuse_regions(World(), Source(tmp_path, Kind.MRIO))  # type: ignore[arg-type]


# ---- examples ---------------------------------------------------------------------------------


def test_examples_are_listed() -> None:
    answer = run("examples")

    assert answer.code == 0
    assert "crisis-2014" in answer.out
    assert "Russia 2015-2020 in the crisis of 2014" in answer.out
    assert [line.split() for line in answer.out.splitlines()[1:3]] == [
        ["russia-2014", "10"],
        ["three-workplaces", "3"],
    ]


def test_a_scenario_is_copied_as_it_is(tmp_path: Path) -> None:
    answer = run("examples", "--copy", "crisis-2014", tmp_path / "mine")

    assert answer.code == 0
    copied = tmp_path / "mine" / "crisis-2014.yaml"
    assert filecmp.cmp(copied, packaged_scenario("crisis-2014"), shallow=False)
    assert run("check", copied).code == 0


def test_an_economy_is_copied_with_its_figures_and_its_readme(tmp_path: Path) -> None:
    answer = run("examples", "--copy", "three-workplaces", tmp_path / "mine")

    assert answer.code == 0
    assert run("check", tmp_path / "mine").out == run("check", "three-workplaces").out
    assert (tmp_path / "mine" / "README.md").is_file()


def test_nothing_is_copied_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "crisis-2014.yaml").write_text("mine")
    for name in ("crisis-2014", "russia-2014"):
        answer = run("examples", "--copy", name, tmp_path)
        assert answer.code == 2
        assert complaint(answer)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_what_is_not_packaged_cannot_be_copied(tmp_path: Path) -> None:
    answer = run("examples", "--copy", "three-workplace", tmp_path / "mine")

    assert answer.code == 2
    assert "did you mean 'three-workplaces'?" in complaint(answer)
    assert not (tmp_path / "mine").exists()
