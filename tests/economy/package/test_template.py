"""The template: it explains itself, balances, is a steady state, and its scenario shows it."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from counterplan.economy.checks import check_economy
from counterplan.economy.derive.prices import base_prices
from counterplan.economy.economy import Economy
from counterplan.economy.package import read_package, write_template
from counterplan.economy.package.schema import TABLES, TableSchema
from counterplan.plan.make import make_plan
from counterplan.plan.mandate import Mandate
from counterplan.plan.open import open_scenario
from counterplan.plan.plan import Plan
from tests.cli.running import run


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    mine = tmp_path_factory.mktemp("template") / "mine"
    write_template(mine)
    return mine


@pytest.fixture(scope="module")
def economy(place: Path) -> Economy:
    return read_package(place)


@pytest.fixture(scope="module")
def plan(place: Path) -> Plan:
    scenario, economy = open_scenario(place / "scenario.yaml")
    return make_plan(economy, scenario, seconds_max=60)


# ---- the files --------------------------------------------------------------------------------


def test_it_has_every_table_with_rows(folder: Path) -> None:
    files = {path.name for path in folder.iterdir()}

    assert files == {f"{s.name}.csv" for s in TABLES} | {
        "datapackage.json",
        "README.md",
        "scenario.yaml",
    }
    for schema in TABLES:
        with (folder / f"{schema.name}.csv").open(encoding="utf-8") as stream:
            assert len(list(csv.reader(stream))) >= 2


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
        "furniture": 120 + 48 + 30 + 2,  # households, other final use, exported, new benches
        "fuel": 0,
        "machines": 0,
    }
    fuel = economy.trade.imports_other[economy.product("fuel")]
    assert fuel == 500 * 0.02 + 150 * 0.03 + 400 * 0.01 + 6
    machines = economy.trade.imports_investment[economy.product("machines")]
    assert machines == 15 * 0.1
    bought = 24.5 * 300 + 1.5 * 7000
    assert (
        90 * 100 + 30 * 400 == bought + economy.accounts.debt_service + economy.accounts.transfers
    )


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


# ---- the base period ---------------------------------------------------------------------------


def test_nothing_is_to_be_said_against_it(economy: Economy) -> None:
    assert check_economy(economy) == []


def test_every_technique_costs_what_it_makes(economy: Economy) -> None:
    """To a thousandth of its output, at the discount that the mandate has."""
    found = base_prices(economy, discount=1 / Mandate().discount - 1)
    made = economy.products.prices @ economy.techniques.output

    assert np.abs(found.gap / made).max() < 1e-3
    assert (found.pay > 0).all()


def test_the_prices_of_timber_differ_by_the_fuel_of_the_road(economy: Economy) -> None:
    price = dict(zip(economy.products.codes, economy.products.prices, strict=True))

    assert price["timber-valley"] == price["timber-hill"] + 0.01 * price["fuel"]


def test_everybody_works_and_what_wears_out_is_replaced(economy: Economy) -> None:
    capital, activity = economy.capital, economy.techniques.activity

    assert economy.labour.need @ activity == pytest.approx(economy.labour.force)
    assert capital.need @ activity == pytest.approx(capital.capacity)
    assert capital.investment == pytest.approx(
        (capital.depreciation + economy.trend.growth) * capital.capacity
    )


def test_a_project_costs_more_than_what_it_opens(economy: Economy) -> None:
    """Else the first plan would build it, and not stay where the economy is."""
    price, projects = economy.products.prices, economy.projects
    bought = np.asarray(economy.capital.composition.T @ price)
    worth = projects.capacity * bought[projects.capital]
    costs = [sum(price[product] * q for product, _, q in cost) for cost in projects.cost]

    assert np.all(np.array(costs) > worth)


# ---- the first plan ----------------------------------------------------------------------------


def test_the_first_plan_stays_where_the_economy_is(plan: Plan, economy: Economy) -> None:
    assert plan.certificate.holds
    totals = plan.summary().drop(index="valuation of foreign currency")
    assert totals.to_numpy() == pytest.approx(np.ones(totals.shape), abs=1e-6)
    activity = plan.activity()
    steady = np.repeat(economy.techniques.activity[:, None], activity.shape[1], axis=1)
    assert activity.to_numpy() == pytest.approx(steady, rel=1e-6)
    assert not plan.quantity("project").any()


def test_its_valuations_are_near_the_base_prices(plan: Plan, economy: Economy) -> None:
    """Within the first bands of the costs of moving, which leave a valuation a few percent."""
    ratio = plan.valuations().to_numpy() / economy.products.prices[:, None]

    assert np.abs(ratio - 1).max() < 0.06


def test_new_and_plan_work_at_once(tmp_path: Path) -> None:
    made = run("new", tmp_path / "mine")
    planned = run("plan", tmp_path / "mine" / "scenario.yaml", "--out", tmp_path / "mine" / "plan")

    assert (made.code, planned.code) == (0, 0)
    assert f"counterplan plan {tmp_path / 'mine' / 'scenario.yaml'}" in made.out
    assert run("verify", tmp_path / "mine" / "plan").code == 0
    assert run("check", tmp_path / "mine").code == 0


def test_what_its_remarks_propose_can_be_planned(place: Path, tmp_path: Path) -> None:
    text = (place / "scenario.yaml").read_text(encoding="utf-8")
    bare = re.sub(r"^# (?=(mandate|shocks|  ))", "", text, flags=re.MULTILINE)
    bare = re.sub(r"^  counterplan plan.*$", "", bare, flags=re.MULTILINE)
    copy = tmp_path / "bold.yaml"
    copy.write_text(bare.replace("economy: . ", f"economy: {place} "), encoding="utf-8")

    scenario, economy = open_scenario(copy)

    assert set(yaml.safe_load(bare)) == {
        "name", "title", "economy", "horizon", "mandate", "shocks"
    }  # fmt: skip
    assert len(scenario.shocks) == 2
    assert len(scenario.mandate.goals) == len(scenario.mandate.needs) == 1
    assert make_plan(economy, scenario, seconds_max=60).certificate.holds
