"""The template: every table is there, it loads, balances, and says what everything means."""

import csv
from pathlib import Path

import numpy as np
import pytest

from counterplan.economy.checks import check_economy
from counterplan.economy.package import read_package, write_template
from counterplan.economy.package.schema import TABLES, TableSchema


def test_it_has_every_table_with_rows(folder: Path) -> None:
    files = {path.name for path in folder.iterdir()}

    assert files == {f"{s.name}.csv" for s in TABLES} | {"datapackage.json", "README.md"}
    for schema in TABLES:
        with (folder / f"{schema.name}.csv").open(encoding="utf-8") as stream:
            assert len(list(csv.reader(stream))) >= 2


def test_its_base_period_has_no_fault(folder: Path) -> None:
    assert check_economy(read_package(folder)) == []


def test_it_balances_by_hand(folder: Path) -> None:
    economy = read_package(folder)

    made = dict(
        zip(
            economy.products.codes,
            (economy.techniques.output @ economy.techniques.activity).tolist(),
            strict=True,
        )
    )
    assert made == {
        "timber-hill": 400 + 10 + 90,  # to the valley, for new saws, exported
        "timber-valley": 0,
        "chips": 250,
        "furniture": 150 + 48 + 0.5 + 1.5,  # households, other final use, investment
        "fuel": 0,
    }
    fuel = economy.trade.imports_other[economy.product("fuel")]
    assert fuel == 500 * 0.02 + 150 * 0.02 + 400 * 0.01 + 6
    earned = 90 * 120
    assert earned == 23 * 300 + economy.accounts.debt_service + economy.accounts.transfers


def test_it_can_be_repeated_for_ever(folder: Path) -> None:
    capital = read_package(folder).capital

    np.testing.assert_allclose(capital.investment, capital.depreciation * capital.capacity)


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_its_readme_explains_every_column(folder: Path, schema: TableSchema) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    section = text.partition(f"### {schema.name}.csv")[2].partition("###")[0]

    assert schema.meaning in section
    for column in schema.columns:
        assert f"| {column.name} | {column.meaning} | {column.unit} |" in section


def test_it_may_be_written_over_itself(folder: Path) -> None:
    (folder / "skills.csv").write_text("spoilt")

    write_template(folder)

    assert read_package(folder).labour.codes == ("workers", "joiners")
