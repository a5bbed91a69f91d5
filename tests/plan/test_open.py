"""Opening scenarios by name and by path, and the packaged ones: every one of them is certified."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from counterplan.economy.package import read_package, write_package
from counterplan.errors import InputError
from counterplan.examples import (
    packaged_economies,
    packaged_economy,
    packaged_scenario,
    packaged_scenarios,
)
from counterplan.plan.make import make_plan
from counterplan.plan.open import open_scenario
from counterplan.plan.scenario import read_scenario
from counterplan.plan.shocks import DebtShock, PriceShock, QuantityShock
from tests.plan.builders import changed, two_branch_economy

RUSSIAN = (
    "crisis-2014",
    "crisis-2014-oil-40",
    "crisis-2014-reindustrialisation",
    "food-embargo",
    "machinery-cap",
    "no-credit",
    "oil-055",
    "oil-40",
    "oil-60",
    "russia-2015",
)
SCENARIO = """
name: own
title: My own
economy: {economy}
horizon: {{first: 2021, periods: 2}}
"""


def own_scenario(folder: Path, *, economy: str, more: str = "") -> Path:
    file = folder / "own.yaml"
    file.write_text(SCENARIO.format(economy=economy) + more, encoding="utf-8")
    return file


# ---- the packaged scenarios ---------------------------------------------------------------------


def test_the_packaged_scenarios_are_those_that_the_documentation_names() -> None:
    assert packaged_economies() == ("russia-2014", "three-workplaces")
    assert set(packaged_scenarios()) >= set(RUSSIAN)
    assert all(read_scenario(packaged_scenario(name)).name == name for name in packaged_scenarios())


@pytest.mark.parametrize("name", packaged_scenarios())
def test_every_packaged_scenario_is_solved_and_certified(name: str) -> None:
    scenario, economy = open_scenario(name)
    plan = make_plan(economy, scenario, seconds_max=120)

    assert plan.certificate.residual <= 1e-7
    assert abs(plan.certificate.gap) <= 1e-6
    assert plan.certificate.holds


@pytest.mark.parametrize("name", RUSSIAN)
def test_the_russian_scenarios_plan_the_same_years(name: str) -> None:
    scenario = read_scenario(packaged_scenario(name))

    assert (scenario.horizon.first, scenario.horizon.periods) == (2015, 6)
    assert scenario.economy == "russia-2014"


@pytest.mark.shared
@pytest.mark.parametrize(("name", "price"), [("oil-60", 60.0), ("oil-40", 40.0)])
def test_the_oil_price_is_against_the_published_mean_of_2014(
    name: str, price: float, shared_data: Path
) -> None:
    rows = (shared_data / "russia_macro" / "brent_daily_1997_2015.csv").read_text().splitlines()
    days = [float(row.split(",")[1]) for row in rows if row.startswith("2014")]
    shock = read_scenario(packaged_scenario(name)).shocks[0]

    assert isinstance(shock, PriceShock)
    assert shock.factor == pytest.approx(price / np.mean(days), abs=5e-5)


def test_the_crisis_is_all_its_parts_together() -> None:
    crisis = read_scenario(packaged_scenario("crisis-2014"))
    parts = ("oil-60", "no-credit", "machinery-cap", "food-embargo")
    together = [one for name in parts for one in read_scenario(packaged_scenario(name)).shocks]

    assert list(crisis.shocks) == together
    assert (
        read_scenario(packaged_scenario("crisis-2014-reindustrialisation")).shocks == crisis.shocks
    )
    assert read_scenario(packaged_scenario("crisis-2014-oil-40")).shocks[1:] == crisis.shocks[1:]


def test_the_crisis_is_the_one_that_was_asked_for() -> None:
    _, debts, machines, food = read_scenario(packaged_scenario("crisis-2014")).shocks

    assert isinstance(debts, DebtShock)
    assert debts.amounts == {2015: 100_000, 2016: 60_000, 2017: 40_000}
    assert isinstance(machines, QuantityShock)
    assert (machines.share, machines.use) == (0.7, "investment")
    assert isinstance(food, QuantityShock)
    # A year's fall of 8.6 of 40.4 billion dollars, of which 147 days are in 2014 already.
    year = 8.6 / 40.4
    assert food.share == pytest.approx((1 - year) / (1 - year * 147 / 365), abs=0.005)


# ---- by name and by path ---------------------------------------------------------------------


def test_a_scenario_is_opened_by_its_packaged_name() -> None:
    scenario, economy = open_scenario("three-workplaces-canal")

    assert scenario.name == "three-workplaces-canal"
    assert economy.name == "three-workplaces"


def test_a_file_goes_before_a_packaged_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_scenario(tmp_path, economy="three-workplaces").rename(tmp_path / "oil-60")
    text = (tmp_path / "oil-60").read_text().replace("2021", "2")
    (tmp_path / "oil-60").write_text(text)
    monkeypatch.chdir(tmp_path)

    assert open_scenario("oil-60")[0].name == "own"


def test_an_economy_beside_the_file_goes_before_a_packaged_one(tmp_path: Path) -> None:
    write_package(two_branch_economy(), tmp_path / "russia-2014")
    _, economy = open_scenario(own_scenario(tmp_path, economy="russia-2014"))

    assert economy.name == "two-branch"


def test_a_folder_beside_the_file_that_is_no_package_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "three-workplaces").mkdir()
    file = own_scenario(tmp_path, economy="three-workplaces")
    file.write_text(file.read_text().replace("2021", "2"))

    assert open_scenario(file)[1].name == "three-workplaces"


@pytest.mark.parametrize("form", ["folder", "up", "absolute", "file", "zip"])
def test_an_economy_is_found_wherever_it_stands(tmp_path: Path, form: str) -> None:
    package = tmp_path / "data" / "two"
    write_package(two_branch_economy(), package)
    below = tmp_path / "scenarios"
    below.mkdir()
    names = {
        "folder": ("../data/two", below),
        "up": ("two", tmp_path / "data"),
        "absolute": (str(package), below),
        "file": ("../data/two/datapackage.json", below),
        "zip": ("two.zip", tmp_path),
    }
    if form == "zip":
        shutil.make_archive(str(tmp_path / "two"), "zip", package)
    named, folder = names[form]

    assert open_scenario(own_scenario(folder, economy=named))[1].name == "two-branch"


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("crisis-2041", ("no packaged scenario 'crisis-2041'", "did you mean 'crisis-2014'")),
        ("zzz", ("no packaged scenario 'zzz'", "there are crisis-2014, ")),
        ("crisis-2014.yml", ("no scenario file 'crisis-2014.yml'", "did you mean 'crisis-2014'")),
        ("nowhere/own.yaml", ("no scenario file 'nowhere/own.yaml'", "check the path")),
        (".", ("is a folder", "YAML file")),
        ("a\0b", ("no packaged scenario",)),
        ("x" * 5000, ("no packaged scenario",)),
    ],
)
def test_a_scenario_that_is_not_there_is_refused(name: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        open_scenario(name)

    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("economy", "words"),
    [
        ("rusia-2014", ("own.yaml, key 'economy'", "did you mean 'russia-2014'?")),
        ("../nowhere", ("no economy '../nowhere'", "or one of russia-2014, three-workplaces")),
        ("''", ("no economy ''",)),
        ('"a\\0b"', ("row 4 column 10", "U+0000")),
        ("own.yaml", ("is not a data package",)),
    ],
)
def test_an_economy_that_is_not_there_is_refused(
    tmp_path: Path, economy: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as caught:
        open_scenario(own_scenario(tmp_path, economy=economy))

    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("shocks: [{kind: import_limit, products: [cron], share: 1}]\n", "key 'shocks.0'"),
        ("mandate: {needs: [{group: nobody, share: 1}]}\n", "key 'mandate.needs.0'"),
        ("mandate: {goals: [{kind: investment, branches: [x], factor: 1}]}\n", "mandate.goals.0"),
    ],
)
def test_a_name_that_the_economy_does_not_have_is_refused_with_file_and_key(
    tmp_path: Path, more: str, place: str
) -> None:
    write_package(two_branch_economy(), tmp_path / "two")
    with pytest.raises(InputError, match="is not in the economy") as caught:
        open_scenario(own_scenario(tmp_path, economy="two", more=more))

    assert caught.value.place.startswith(f"{tmp_path / 'own.yaml'}, key ")
    assert place in caught.value.place


def test_a_horizon_that_does_not_fit_is_refused_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="the plan starts in 2021 and the economy was observed"
    ) as e:
        open_scenario(own_scenario(tmp_path, economy="russia-2014"))

    assert e.value.place == str(tmp_path / "own.yaml")


def test_an_economy_whose_accounts_do_not_hold_is_refused(tmp_path: Path) -> None:
    economy = two_branch_economy()
    broken = changed(economy, "trade", exports=np.array([9.0, 1.0]))
    write_package(broken, tmp_path / "two")
    with pytest.raises(InputError) as caught:
        open_scenario(own_scenario(tmp_path, economy="two"))

    message = str(caught.value)
    assert message.startswith("economy 'two-branch', product 'corn'")
    # Both products are short of one unit now; the first is named and the other counted.
    assert "1 t are missing" in message
    assert "and 1 more" in message


def test_packaged_names_are_refused_when_there_are_none_like_them() -> None:
    with pytest.raises(InputError, match="did you mean 'russia-2014'"):
        packaged_economy("russia2014")


def test_the_packaged_economies_are_read(tmp_path: Path) -> None:
    assert [read_package(packaged_economy(name)).name for name in packaged_economies()] == list(
        packaged_economies()
    )
