"""Each check finds its own fault, with its size, and nothing in a sound economy."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy import checks
from counterplan.economy.checks import CHECKS, Finding, Severity, check_economy, product_flows
from counterplan.economy.economy import Economy, Grade, Provenance, no_projects, no_routes
from counterplan.economy.figures import value_of
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy

ERROR, WARNING, NOTE = Severity


@pytest.fixture(scope="module")
def sound() -> Economy:
    """Three workplaces: its README.md balances it by hand."""
    return read_package(packaged_economy("three-workplaces"))


def with_part(economy: Economy, field: str, value: Any) -> Economy:
    """Return an economy with one field replaced ("trade.exports")."""
    part, _, name = field.partition(".")
    changed = dataclasses.replace(getattr(economy, part), **{name: value})
    return dataclasses.replace(economy, **{part: changed})


def with_number(economy: Economy, field: str, where: Any, value: float) -> Economy:
    """Return an economy with one number of one array replaced."""
    part, _, name = field.partition(".")
    array = getattr(getattr(economy, part), name)
    if sp.issparse(array):
        changed = array.tolil(copy=True)
        changed[where] = value
        return with_part(economy, field, sp.csc_array(changed))
    changed = array.copy()
    changed[where] = value
    return with_part(economy, field, changed)


def only(findings: Iterator[Finding]) -> Finding:
    found = list(findings)
    assert len(found) == 1, [str(one) for one in found]
    return found[0]


def test_a_sound_economy_has_no_findings(sound: Economy) -> None:
    assert check_economy(sound) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_check_has_a_test_of_its_own(check: checks.Check) -> None:
    assert check.__doc__
    assert any(name.startswith(f"test_{check.__name__}") for name in globals())


def test_every_check_stands_on_the_page() -> None:
    page = Path(__file__).parents[2] / "docs" / "economy" / "format.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = {name.strip() for row in rows for name in row.split("|")[1].split(",")}

    assert [check.__name__ for check in CHECKS if check.__name__ not in named] == []


def test_errors_come_first_and_say_everything(sound: Economy) -> None:
    broken = with_number(sound, "techniques.activity", 3, 101.0)
    broken = dataclasses.replace(broken, provenance={})

    found = check_economy(broken)

    order = [ERROR, WARNING, NOTE]
    assert [one.severity for one in found] == sorted(
        (one.severity for one in found), key=order.index
    )
    assert {one.check for one in found if one.severity is ERROR} == {"product_balance", "capacity"}
    assert str(found[0]).startswith("error: product 'tools': ")
    assert str(found[0]).endswith("[product_balance]")


def test_flows_are_those_of_the_readme(sound: Economy) -> None:
    supply, use = product_flows(sound)

    codes = sound.products.codes
    assert dict(zip(codes, supply.tolist(), strict=True)) == {
        "grain-north": 4000,
        "grain-south": 0,  # the river's 2,200 t are found by the balance
        "straw": 2000,
        "bread": 2000,
        "tools": 110,
        "fuel": 700,
        "steel": 200,
    }
    assert dict(zip(codes, use.tolist(), strict=True)) == {
        "grain-north": 1800,
        "grain-south": 2200,
        "straw": 2000,
        "bread": 2000,
        "tools": 110,
        "fuel": 590,  # and 110 on the river
        "steel": 200,
    }


# The figures themselves ------------------------------------------------------


def test_shapes_must_fit(sound: Economy) -> None:
    short = with_part(sound, "labour.force", np.array([330.0]))

    found = only(checks.shapes(short))

    assert (found.severity, found.place) == (ERROR, "labour.force")
    assert found.thing == "the shape is (1,) and not (2,) (k)"
    assert {one.check for one in check_economy(short)} == {"shapes"}


def test_shapes_include_indices_and_costs(sound: Economy) -> None:
    astray = with_part(sound, "routes.origin", np.array([7]))
    assert only(checks.shapes(astray)).thing == "an index is not one of 0 to 6"

    late = with_part(sound, "projects.cost", (((4, -1, 20.0),),))
    assert only(checks.shapes(late)).place == "project 'canal'"


def test_codes_must_differ(sound: Economy) -> None:
    twice = with_part(sound, "labour.codes", ("hands", "hands"))
    assert only(checks.codes(twice)).thing == "'hands' stands twice"

    empty = with_part(sound, "labour.codes", ("hands", ""))
    assert only(checks.codes(empty)).thing == "a code is empty"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
@pytest.mark.parametrize(
    ("field", "where", "words"),
    [
        ("techniques.use", (5, 0), "fuel / field"),
        ("demand.consumption", (3, 1), "bread / town"),
        ("labour.force", 1, "mechanics"),
    ],
)
def test_numbers_must_be_finite_and_in_range(
    sound: Economy, field: str, where: Any, words: str, value: float
) -> None:
    found = only(checks.numbers(with_number(sound, field, where, value)))

    assert (found.severity, found.place) == (ERROR, field)
    assert found.thing.startswith(f"{words}: the number is ")


def test_numbers_of_limits_may_be_endless_and_differences_negative(sound: Economy) -> None:
    free = with_number(sound, "trade.export_limit", 0, float("inf"))
    free = with_number(free, "demand.other", 0, -5.0)
    free = with_part(free, "accounts.transfers", -5.0)

    assert list(checks.numbers(free)) == []


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("accounts.reserves", -1.0, "give at least 0"),
        ("accounts.debt_service", float("nan"), "give a finite number"),
        ("trend.growth", -2.0, "give at least -0.5"),
    ],
)
def test_numbers_that_stand_alone(sound: Economy, field: str, value: float, mend: str) -> None:
    found = only(checks.numbers(with_part(sound, field, value)))

    assert (found.place, found.mend) == (field, mend)


def test_numbers_of_costs(sound: Economy) -> None:
    cheap = with_part(sound, "projects.cost", (((4, 0, -20.0),),))

    assert only(checks.numbers(cheap)).place == "project 'canal'"


def test_numbers_names_three_places_and_counts_the_rest(sound: Economy) -> None:
    broken = with_part(sound, "products.prices", np.full(7, -1.0))

    found = only(checks.numbers(broken))

    assert found.thing == "grain-north, grain-south, straw and 4 more: the number is -1"


# Accounts ---------------------------------------------------------------------


def test_technique_outputs(sound: Economy) -> None:
    idle = with_number(sound, "techniques.output", (4, 3), 0.0)

    assert only(checks.technique_outputs(idle)).place == "technique 'toolmaking'"


@pytest.mark.parametrize(
    ("moved", "severity"), [(0.01, NOTE), (0.5, WARNING), (3.0, ERROR), (-3.0, ERROR)]
)
def test_product_balance(sound: Economy, moved: float, severity: Severity) -> None:
    broken = with_number(sound, "demand.consumption", (3, 0), 600.0 - moved)

    found = only(checks.product_balance(broken))

    assert (found.severity, found.place) == (severity, "product 'bread'")
    assert found.size == pytest.approx(abs(moved) / max(2000, 2000 - moved), rel=1e-9)
    assert ("left over" in found.thing) == (moved > 0)
    assert f"{abs(moved):.6g} t are" in found.thing


def test_product_balance_finds_the_freight(sound: Economy) -> None:
    # Twenty tonnes more for the ovens: the river could bring them, but then they are missing
    # in the North, and a tonne of fuel on board. The gap is spread where it hurts least.
    more = with_number(sound, "techniques.use", (1, 1), 1.22)

    found = {one.place: one for one in checks.product_balance(more)}

    assert set(found) == {"product 'grain-north'", "product 'grain-south'", "product 'fuel'"}
    missing = sum(
        one.size * size
        for place, size in {"grain-north": 4000, "grain-south": 2220}.items()
        for one in [found[f"product '{place}'"]]
    )
    assert missing == pytest.approx(20, rel=1e-6)


def test_product_balance_respects_what_a_route_can_carry(sound: Economy) -> None:
    narrow = with_part(sound, "routes.limit", np.array([2000.0]))

    found = {one.place: one for one in checks.product_balance(narrow)}

    assert "200 t are missing" in found["product 'grain-south'"].thing
    assert "200 t are left over" in found["product 'grain-north'"].thing
    assert "10 t are left over" in found["product 'fuel'"].thing


def test_product_balance_counts_negative_other_use_as_coming_in(sound: Economy) -> None:
    drawn = with_number(sound, "demand.other", 3, -10.0)

    assert "10 t are left over" in only(checks.product_balance(drawn)).thing


def test_labour_force(sound: Economy) -> None:
    short = with_number(sound, "labour.force", 0, 270.0)

    found = only(checks.labour_force(short))

    assert (found.severity, found.place) == (ERROR, "skill 'hands'")
    assert found.thing == "300 were used and 270 were there"
    assert found.size == pytest.approx(0.1)


def test_labour_force_forgives_rounding(sound: Economy) -> None:
    close = with_number(sound, "labour.force", 0, 299.9)

    assert only(checks.labour_force(close)).severity is WARNING


def test_capacity(sound: Economy) -> None:
    found = only(checks.capacity(with_number(sound, "capital.capacity", 3, 80.0)))

    assert found.place == "capital 'workshop'"
    assert found.thing == "100 were used and 80 were there"
    assert found.size == pytest.approx(0.2)


def test_capital_accumulation(sound: Economy) -> None:
    found = only(checks.capital_accumulation(with_number(sound, "capital.investment", 0, 40.0)))

    assert (found.severity, found.place) == (WARNING, "capital 'fields'")
    assert "shrink by 6.0%" in found.thing
    assert "100 would keep it" in found.mend
    growing = with_part(sound, "trend.growth", 0.06)
    assert [one.place for one in checks.capital_accumulation(growing)] == [
        f"capital '{code}'" for code in sound.capital.codes
    ]


def test_capital_accumulation_from_nothing(sound: Economy) -> None:
    new = with_number(sound, "capital.capacity", 0, 0.0)

    assert "grow by 100.0%" in only(checks.capital_accumulation(new)).thing


def test_unmade_products(sound: Economy) -> None:
    none = with_number(sound, "trade.imports_other", 6, 0.0)

    found = only(checks.unmade_products(none))

    assert (found.severity, found.place) == (ERROR, "product 'steel'")


def test_unmade_products_may_come_by_a_route(sound: Economy) -> None:
    assert list(checks.unmade_products(sound)) == []
    cut = dataclasses.replace(
        sound,
        routes=dataclasses.replace(sound.routes, destination=np.array([2])),
    )

    assert only(checks.unmade_products(cut)).place == "product 'grain-south'"


def test_viability(sound: Economy) -> None:
    # Seed of 4.4 t for a harvest of 4 t.
    found = only(checks.viability(with_number(sound, "techniques.use", (0, 0), 4.4)))

    assert (found.severity, found.place) == (ERROR, "branch 'agriculture'")
    assert found.size == pytest.approx(1.1, rel=1e-9)
    assert "of grain-north" in found.thing
    assert "technique 'field'" in found.mend


def test_viability_on_imports_is_a_warning(sound: Economy) -> None:
    lean = with_number(sound, "techniques.use", (0, 0), 4.4)
    fed = with_number(lean, "trade.imports_other", 0, 1500.0)

    found = only(checks.viability(fed))

    assert found.severity is WARNING
    assert found.thing.endswith("it lives on imports")


def test_isolated_products(sound: Economy) -> None:
    lonely = with_number(sound, "techniques.output", (2, 0), 0.0)
    lonely = with_number(lonely, "techniques.use", (2, 0), 0.0)
    lonely = with_number(lonely, "demand.consumption", (2, 0), 0.0)

    found = only(checks.isolated_products(lonely))

    assert (found.severity, found.place) == (WARNING, "product 'straw'")


def test_many_isolated_products_are_one_finding_with_their_number(sound: Economy) -> None:
    count = len(sound.products)
    none = sp.csc_array(sound.techniques.output.shape)
    lonely = with_part(with_part(sound, "techniques.output", none), "techniques.use", none)
    for field in ("demand.consumption", "demand.collective", "demand.other", "trade.exports"):
        lonely = with_part(lonely, field, 0 * value_of(lonely, field))
    for field in ("trade.imports_other", "trade.imports_investment", "capital.composition"):
        lonely = with_part(lonely, field, 0 * value_of(lonely, field))
    lonely = dataclasses.replace(lonely, routes=no_routes(count), projects=no_projects())

    found = only(checks.isolated_products(lonely))

    assert found.thing == f"nobody makes, uses or trades {count} of {count} products"
    assert found.place == f"products {', '.join(sound.products.codes[:5])} and {count - 5} more"
    assert found.size == 1.0


def test_units(sound: Economy) -> None:
    units = ("t", "kg", "t", "", "set", "t", "t")

    found = {one.place: one for one in checks.units(with_part(sound, "products.units", units))}

    assert found["product 'bread'"].severity is WARNING
    assert found["route 'river'"].severity is ERROR
    assert found["route 'river'"].thing == "it turns 't' into 'kg'"
    assert len(found) == 2


def test_technique_values(sound: Economy) -> None:
    dear = with_number(sound, "products.prices", 6, 1300.0)

    found = only(checks.technique_values(dear))

    assert (found.severity, found.place) == (WARNING, "technique 'toolmaking'")
    # Two tonnes of steel and half a tonne of fuel for a set that is worth 2,500.
    assert "makes 2500 from products worth 2650" in found.thing
    assert found.size == pytest.approx(150 / 2650)


def test_trade_prices(sound: Economy) -> None:
    free = with_number(sound, "trade.import_price", 5, 0.0)
    free = with_number(free, "trade.export_price", 0, 0.0)

    found = [(one.severity, one.place) for one in checks.trade_prices(free)]

    assert found == [(ERROR, "product 'fuel'"), (ERROR, "product 'grain-north'")]


def test_export_limits(sound: Economy) -> None:
    found = only(checks.export_limits(with_number(sound, "trade.export_limit", 0, 800.0)))

    assert found.place == "product 'grain-north'"
    assert found.size == pytest.approx(0.2)


def test_foreign_balance(sound: Economy) -> None:
    found = only(checks.foreign_balance(with_part(sound, "accounts.transfers", 30_000.0)))

    assert found.severity is WARNING
    assert found.thing == "200000 crown came in and 220000 went out"
    assert found.size == pytest.approx(20 / 220)


def test_foreign_balance_without_trade(sound: Economy) -> None:
    nothing = dataclasses.replace(
        sound,
        trade=dataclasses.replace(
            sound.trade,
            exports=np.zeros(7),
            imports_other=np.zeros(7),
            imports_investment=np.zeros(7),
        ),
        accounts=dataclasses.replace(sound.accounts, transfers=0.0, debt_service=0.0),
    )

    assert list(checks.foreign_balance(nothing)) == []


def test_stock_levels(sound: Economy) -> None:
    low = with_number(sound, "stocks.initial", 0, 400.0)
    assert only(checks.stock_levels(low)).severity is WARNING

    odd = with_number(sound, "stocks.minimum", 1, 5.0)
    assert only(checks.stock_levels(odd)).place == "product 'grain-south'"


def test_regions(sound: Economy) -> None:
    regions = ("North", "Suoth", "North", "", "", "", "")

    found = only(checks.regions(with_part(sound, "products.regions", regions)))

    assert (found.severity, found.place) == (NOTE, "region 'Suoth'")
    assert found.mend == "did you mean 'South'?"


def test_sources(sound: Economy) -> None:
    kept = dict(sound.provenance)
    del kept["labour.need"], kept["accounts"]
    kept["labour.ned"] = Provenance("x", Grade.OBSERVED)

    found = list(checks.sources(dataclasses.replace(sound, provenance=kept)))

    silent, odd = found
    assert silent.severity is NOTE
    assert "labour.need" in silent.thing
    assert "accounts.reserves" in silent.thing
    assert "stocks.loss" not in silent.thing  # nothing but zeros: no figure to speak for
    assert odd.place == "provenance 'labour.ned'"
    assert odd.mend == "did you mean 'labour.need'?"


def test_russia_2014_has_no_errors() -> None:
    assert [str(one) for one in check_economy(read_package(packaged_economy("russia-2014")))] == []
