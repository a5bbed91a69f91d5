"""Importing and analysing published tables as they are: the United States, the world of 2013."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from counterplan.cli.derivations import stock_table
from counterplan.economy.analysis import accounts as module
from counterplan.economy.analysis.accounts import ASIDE, accounts_of_table
from counterplan.economy.checks import check_economy
from counterplan.economy.derive import derive_economy
from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.package import read_package
from counterplan.economy.tables.axes import Axis, Categories, FinalKind, OtherRows, RowKind
from counterplan.economy.tables.residual import with_residual_value_added
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError
from tests.cli.running import complaint, run

RHO = 1 / 0.96 - 1
KINDS = (FinalKind.HOUSEHOLD, FinalKind.COLLECTIVE, FinalKind.INVESTMENT, FinalKind.EXPORTS)


def small_table(*, used: float = 10.0, imported: float = 2.0, stated: bool = True) -> Table:
    """Return two branches; of C28 the first uses ``used`` home-made, and ``imported`` abroad.

    A01 makes 100, C28 makes 50; what is used less is consumed more.
    """
    axis = Axis(("A01", "C28"), ("Farming", "Machines"))
    home = np.array([[20.0, 10.0], [used, 5.0]])
    abroad = np.array([[0.0, 0.0], [imported, 0.0]])
    final = np.array([[50.0, 0.0, 10.0, 10.0], [30.0 - used, 0.0, 10.0, 5.0]])
    added = np.array([[100 - 20 - used - imported, 50 - 15, 0.0, 0.0, 0.0, 0.0]])
    rows = OtherRows(("VA",), ("Value added",), (RowKind.VALUE_ADDED,), added)
    if not stated:
        rows = OtherRows((), (), (), np.zeros((0, 6)))
    return Table(
        name="small",
        year=2020,
        unit="crown",
        prices="basic prices",
        source="by hand",
        licence="",
        products=axis,
        branches=axis,
        final=Categories(("h", "g", "i", "e"), ("h", "g", "i", "e"), KINDS),
        make=np.diag([100.0, 50.0]),
        domestic_use=home,
        imported_use=abroad,
        domestic_final=final,
        imported_final=np.zeros((2, 4)),
        other_rows=rows,
        output=np.array([100.0, 50.0]),
    )


# ---- value added that is left -------------------------------------------------------------------


def test_value_added_is_what_is_left_of_output() -> None:
    stated = small_table()
    worked_out = with_residual_value_added(small_table(stated=False))

    assert worked_out.value_added().tolist() == [68.0, 35.0]
    assert worked_out.value_added().tolist() == stated.value_added().tolist()
    assert worked_out.other_rows.values[:, 2:].tolist() == [[0.0] * 4]


def test_stated_value_added_is_not_replaced() -> None:
    with pytest.raises(InputError, match="states its value added"):
        with_residual_value_added(small_table())


# ---- branches that nobody knows -----------------------------------------------------------------


def test_a_branch_without_a_profile_is_refused_and_gives_no_nan() -> None:
    table = small_table()
    axis = Axis(("A01", "C281"), ("Farming", "Machines"))
    strange = Table(**{**vars(table), "products": axis, "branches": axis})

    with pytest.raises(InputError, match="branch 'C281' is not in the classification") as caught:
        derive_economy(strange)
    assert caught.value.mend == "did you mean 'C28'?"


# ---- negative inputs ----------------------------------------------------------------------------


def test_a_negative_input_is_put_aside_and_the_accounts_still_close() -> None:
    found = accounts_of_table(small_table(used=-6.0))

    # 0.2 of timber ... nothing of C28: -6 + 2 imported = -4 in all.
    assert found.domestic[1, 0] == 0.0
    assert found.imported[0] == 0.0
    assert found.final_names == ("h", "g", "i", "e", ASIDE)
    assert found.final[:, -1].tolist() == [0.0, -6.0]
    assert found.final_imports[-1] == pytest.approx(2.0)
    made = found.domestic @ found.output + found.final.sum(axis=1)
    assert made == pytest.approx(found.output)
    (remark,) = found.remarks
    assert remark.startswith("1 negative inputs, -4 crown, are no inputs")


def test_more_imports_than_use_are_kept_at_all_of_it() -> None:
    found = accounts_of_table(small_table(used=-6.0, imported=10.0))

    assert found.imported[0] == pytest.approx(0.04)
    assert found.domestic[1, 0] == 0.0
    assert found.domestic @ found.output + found.final.sum(axis=1) == pytest.approx(found.output)
    (remark,) = found.remarks
    assert remark.startswith("in 1 cells the table imports more than is used")


def test_a_table_without_them_is_taken_as_it_stands() -> None:
    found = accounts_of_table(small_table())

    assert found.remarks == ()
    assert module.ASIDE not in found.final_names


# ---- the United States --------------------------------------------------------------------------


@pytest.mark.shared
def test_the_united_states_are_imported_with_joint_products(
    shared_data: Path, tmp_path: Path
) -> None:
    answer = run("import", shared_data / "bea_us", "--kind", "bea", "--out", tmp_path / "us")
    economy = read_package(tmp_path / "us")

    assert answer.code == 0
    assert (len(economy.products), len(economy.techniques)) == (402, 402)
    # Gross domestic product of 2017, Bureau of Economic Analysis: 19,477 billion dollars. Value
    # added at basic prices and what industries use on subsidies lie within 4% of it.
    net = economy.products.prices @ (economy.net_output @ economy.techniques.activity)
    assert net == pytest.approx(19.477e6, rel=0.04)
    assert (np.diff(economy.techniques.output.indptr) > 1).sum() > 100
    assert [one for one in check_economy(economy) if str(one.severity) == "error"] == []


@pytest.mark.shared
@pytest.mark.parametrize("what", ["multipliers", "linkages", "footprints", "prices"])
def test_the_united_states_are_analysed(shared_data: Path, what: str) -> None:
    answer = run("analyse", shared_data / "bea_us", "--kind", "bea", "--what", what)

    assert answer.code == 0
    assert "note: 8 negative inputs, -1,000 million USD" in answer.out


@pytest.mark.shared
def test_without_a_stock_of_capital_it_is_said_what_is_missing(
    shared_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bea"
    folder.mkdir()
    for file in (shared_data / "bea_us").glob("Detail_*"):
        shutil.copyfile(file, folder / file.name)
    answer = run("import", folder, "--kind", "bea", "--out", tmp_path / "us")

    assert answer.code == 2
    assert "holds 0 files with 'stock' in their names" in complaint(answer)
    assert not (tmp_path / "us").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("industry,asset,2016\na,b,1\n", "there is no column '2017'"),
        ("industry,asset,2017\na,b,many\n", "'many' is not a number"),
    ],
)
def test_a_stock_table_that_does_not_fit_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "net_stock.csv").write_text(text)

    with pytest.raises(InputError, match=words):
        stock_table(tmp_path, year=2017)


@pytest.mark.shared
@pytest.mark.parametrize("more", [("--value-added", "residual"), ("--balance", "gras")])
def test_choices_without_a_use_are_refused(
    shared_data: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    words = ("--kind", "bea", "--out", tmp_path / "us")
    answer = run("import", shared_data / "bea_us", *words, *more)

    assert answer.code == 2
    assert "leave out --value-added and --balance" in complaint(answer)


# ---- a country of the world tables of 2013 ------------------------------------------------------


@pytest.mark.shared
def test_a_branch_that_misses_its_output_by_a_third_is_refused_and_nothing_is_written(
    shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "wiod2016_niot" / "ALL43_NIOT_2014.parquet"
    words = ("--kind", "wiod2016", "--country", "ROU", "--year", "2014")
    refused = run("import", source, *words, "--out", tmp_path / "romania")
    kept = run("import", source, *words, "--out", tmp_path / "kept", "--gaps", "keep")

    assert refused.code == 2
    assert "branch 'R_S': branch_balance misses by 3,852.78 million USD (31%)" in complaint(refused)
    assert "--gaps keep" in complaint(refused)
    assert not (tmp_path / "romania").exists()
    assert kept.code == 0
    notes = read_package(tmp_path / "kept").notes
    assert any("column of R_S misses its output by" in note for note in notes)


def world_import(data: Path, out: Path, *more: str) -> tuple[str | Path, ...]:
    file = data / "wiod2013_world" / "WIOT13_2011.parquet"
    return ("import", file, "--kind", "wiod2013", "--country", "RUS", "--out", out, *more)


@pytest.mark.shared
def test_each_refusal_says_what_to_add(shared_data: Path, tmp_path: Path) -> None:
    first = run(*world_import(shared_data, tmp_path / "russia"))
    second = run(*world_import(shared_data, tmp_path / "russia", "--value-added", "residual"))

    assert (first.code, second.code) == (2, 2)
    assert "add --value-added residual" in complaint(first)
    assert "balance the table first: add --balance gras" in complaint(second)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.shared
@pytest.mark.parametrize("method", ["gras", "least-squares"])
def test_a_country_of_the_world_tables_becomes_a_steady_economy(
    shared_data: Path, tmp_path: Path, method: str
) -> None:
    words = ("--value-added", "residual", "--balance", method)
    answer = run(*world_import(shared_data, tmp_path / "russia", *words))
    economy = read_package(tmp_path / "russia")

    assert answer.code == 0
    assert "balanced: " in answer.out
    assert (len(economy.products), len(economy.techniques)) == (34, 34)
    assert np.abs(base_balance(economy)).max() < 1e-6 * economy.techniques.activity.max()
    assert np.abs(base_prices(economy, discount=RHO).gap).max() < 1e-9
    assert check_economy(economy) == []
    notes = " ".join(economy.notes)
    assert "Balanced when it was imported." in notes
    assert "it is what is left of output" in notes


@pytest.mark.shared
def test_stated_value_added_cannot_be_asked_to_be_worked_out(
    shared_data: Path, tmp_path: Path
) -> None:
    files = sorted((shared_data / "wiod2016_niot").glob("*NIOT_2014.parquet"))
    words = ("--kind", "wiod2016", "--country", "RUS", "--value-added", "residual")
    answer = run("import", files[0], *words, "--out", tmp_path / "russia")

    assert answer.code == 2
    assert "leave out --value-added residual" in complaint(answer)
