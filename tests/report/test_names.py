"""Names fit their labels, tell things apart, and carry no trick."""

from dataclasses import replace

import pytest

from counterplan.economy.classifications import classification
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy
from counterplan.report.names import (
    FOREIGN,
    LABEL_MOST,
    clean,
    distinct,
    group_of,
    label,
    names_of,
    product_groups,
    short,
    usual_names,
)
from tests.plan.builders import two_branch_economy


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Manufacture of basic metals", "Basic metals"),
        ("Wholesale trade, except of motor vehicles and motorcycles", "Wholesale trade"),
        ("Manufacture of furniture; other manufacturing", "Furniture"),
        ("Crop and animal production, hunting and fishing", "Crop and animal production\u2026"),
        ("x" * 50, "X" + "x" * (LABEL_MOST - 2) + "\u2026"),
        ("(all)", "(all)"),
    ],
)
def test_short_names(name: str, shown: str) -> None:
    assert short(name) == shown
    assert len(short(name)) <= LABEL_MOST


def test_control_characters_and_turned_text_are_replaced() -> None:
    assert clean("a\x00b\x1bc\u202ed\ud800 ") == "a\ufffdb\ufffdc\ufffdd\ufffd"


def test_every_branch_of_the_classification_has_a_plain_name_that_fits() -> None:
    known = classification("wiod2016")
    assert set(usual_names()) == set(known)
    labels = [label(code, known[code].name) for code in known]
    assert max(map(len, labels)) <= LABEL_MOST
    assert len(set(labels)) == len(labels)


def test_a_code_stands_before_a_name_of_ones_own() -> None:
    assert label("C28", "Our own machines") == "C28 Our own machines"
    assert label("tools", "Sets of tools") == "Sets of tools"
    assert label("steel", "") == "Steel"


def test_labels_that_would_be_alike_carry_their_codes() -> None:
    labels = distinct(("g1", "g2", "h"), ("Grain", "Grain", "Hay"))
    assert labels == {"g1": "Grain [g1]", "g2": "Grain [g2]", "h": "Hay"}


def test_every_division_of_isic_has_a_group_of_goods() -> None:
    for branch in classification("wiod2016").values():
        assert group_of(int(branch.covers[0]))
    assert group_of(10) == "Food, drink and tobacco"
    assert group_of(64) == "Finance and insurance"
    with pytest.raises(ValueError, match="no division 04"):
        group_of(4)


def test_products_outside_the_classification_are_groups_of_their_own() -> None:
    economy = two_branch_economy()
    assert product_groups(economy, names_of(economy)) == {"corn": "Corn", "machine": "Machines"}
    russia = read_package(packaged_economy("russia-2014"))
    groups = product_groups(russia, names_of(russia))
    assert groups["C10-C12"] == groups["A01"] == "Food, drink and tobacco"
    assert len(set(groups.values())) == 18


def test_names_of_an_economy() -> None:
    economy = two_branch_economy()
    names = names_of(economy)
    assert names.branches == {"agriculture": "Farm", "industry": "Works"}
    assert names.capital == {"land": "Farm", "shop": "Works"}  # one item each: the branch says it
    assert names.groups["collective"] == "Collective consumption"
    assert (names.when("2021"), names.when("3")) == ("2021", "year 3")


def test_a_branch_of_several_producers_goes_by_its_code_or_its_product() -> None:
    economy = two_branch_economy()
    both = replace(economy.producers, branches=("machine", "machine"))
    assert names_of(replace(economy, producers=both)).branches == {"machine": "Machines"}
    other = replace(economy.producers, branches=("all of it", "all of it"))
    names = names_of(replace(economy, producers=other))
    assert names.branches == {"all of it": "All of it"}
    assert names.capital == {"land": "Land", "shop": "Shop"}


def test_products_that_nobody_at_home_makes_carry_a_mark() -> None:
    # Metal goods are counted with basic metals in the table of Russia; both are imported.
    russia = read_package(packaged_economy("russia-2014"))
    labels = names_of(russia).products
    assert labels["C25"] == f"C25 Metal goods {FOREIGN}"
    assert labels["C24"] == "C24 Basic metals"
    made = russia.techniques.output.sum(axis=1)
    bought = russia.trade.imports_other + russia.trade.imports_investment
    marked = [code for code in labels if labels[code].endswith(FOREIGN)]
    flows = zip(russia.products.codes, made, bought, strict=True)
    assert marked == [code for code, here, abroad in flows if here == 0 and abroad > 0]
    workplaces = names_of(read_package(packaged_economy("three-workplaces"))).products
    assert workplaces["steel"] == f"Steel {FOREIGN}"
    assert workplaces["bread"] == "Bread"
    assert workplaces["grain-south"] == "Grain in the South"  # it comes down the river
