from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.economy.tables import Axis, FinalKind, Table
from counterplan.economy.tables.concordance import (
    Concordance,
    aggregate,
    grouping,
    read_concordance,
)
from counterplan.economy.tables.identities import breaches
from counterplan.economy.tables.wiod2016 import read_wiod2016
from counterplan.errors import InputError
from tests.economy.tables.small import farm_and_mill, input_output_tables, with_cell

SPLIT = "from,to,weight,name\nP0,P0a,0.25,First part\nP0,P0b,0.75,\nP1,P1,1,\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "concordance.csv"
    path.write_text(text)
    return path


@st.composite
def concordances(draw: st.DrawFn, sources: tuple[str, ...]) -> Concordance:
    """Draw weights from the sources to one to four targets, each of which gets something."""
    count = draw(st.integers(1, min(4, len(sources))))
    shares = [draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)) for _ in sources]
    for i, row in enumerate(shares):
        row[i % count] += 1
    weights = np.array(shares, dtype=float)
    targets = tuple(f"T{j}" for j in range(count))
    return Concordance(sources, targets, weights / weights.sum(axis=1)[:, np.newaxis])


@given(input_output_tables(), st.data())
def test_aggregation_keeps_every_total(table: Table, data: st.DataObject) -> None:
    by = data.draw(concordances(table.products.codes))
    found = aggregate(table, products=by, branches=by)
    for name in ("make", "domestic_use", "imported_use", "domestic_final", "imported_final"):
        np.testing.assert_allclose(
            getattr(found, name).sum(), getattr(table, name).sum(), rtol=1e-12, atol=1e-9
        )
    np.testing.assert_allclose(
        found.other_rows.values.sum(axis=1), table.other_rows.values.sum(axis=1), atol=1e-6
    )
    np.testing.assert_allclose(found.output.sum(), table.output.sum())
    assert found.is_diagonal()
    assert breaches(found) == []


@given(input_output_tables(), st.data())
def test_aggregating_a_split_gives_back_the_table(table: Table, data: st.DataObject) -> None:
    codes = table.products.codes
    parts = {code: data.draw(st.integers(1, 3)) for code in codes}
    targets = tuple(f"{code}.{k}" for code, count in parts.items() for k in range(count))
    weights = np.zeros((len(codes), len(targets)))
    for i, code in enumerate(codes):
        mine = [j for j, target in enumerate(targets) if target.startswith(f"{code}.")]
        shares = np.array([data.draw(st.integers(1, 9)) for _ in mine], dtype=float)
        weights[i, mine] = shares / shares.sum()
    split = Concordance(codes, targets, weights)
    fine = aggregate(table, products=split, branches=split)
    assert breaches(fine) == []
    assert fine.is_diagonal()
    back = split.backwards()
    found = aggregate(fine, products=back, branches=back)
    assert found.products.codes == codes
    np.testing.assert_allclose(found.to_frame(), table.to_frame(), rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(found.make, table.make, rtol=1e-12)
    np.testing.assert_allclose(found.output, table.output, rtol=1e-12)


@given(st.data())
def test_aggregation_in_two_steps_is_aggregation_in_one(data: st.DataObject) -> None:
    table = farm_and_mill()
    first = data.draw(concordances(table.products.codes))
    second = data.draw(concordances(first.targets))
    both = Concordance(first.sources, second.targets, first.weights @ second.weights)
    stepwise = aggregate(aggregate(table, products=first), products=second)
    at_once = aggregate(table, products=both)
    np.testing.assert_allclose(stepwise.to_frame(), at_once.to_frame(), atol=1e-9)
    np.testing.assert_allclose(stepwise.make, at_once.make, atol=1e-9)


def test_aggregation_by_hand() -> None:
    table = aggregate(
        farm_and_mill(),
        products=grouping({"food": ["grain", "flour"], "oil": ["oil"]}),
        branches=grouping({"all": ["farm", "mill"]}),
    )
    assert table.products == Axis(("food", "oil"), ("food", "Oil"))
    np.testing.assert_array_equal(table.make, [[170], [0]])
    np.testing.assert_array_equal(table.domestic_use, [[60], [0]])
    np.testing.assert_array_equal(table.imported_use, [[5], [15]])
    np.testing.assert_array_equal(table.domestic_final, [[75, 35], [0, 0]])
    np.testing.assert_array_equal(table.other_rows.values, [[2, 1, 0], [88, 0, 0]])
    np.testing.assert_array_equal(table.output, [170])
    assert [total.values.tolist() for total in table.stated] == [[170], [8, 19]]
    assert breaches(table) == []


def test_splitting_by_hand_keeps_an_input_output_table_diagonal(tmp_path: Path) -> None:
    by = read_concordance(write(tmp_path, SPLIT))
    assert by.is_split()
    small = farm_and_mill()
    keep = grouping({"P0": ["grain"], "P1": ["flour", "oil"]})
    pair = aggregate(small, products=keep, branches=grouping({"P0": ["farm"], "P1": ["mill"]}))
    pair = replace(pair, make=np.diag(pair.output))
    found = aggregate(pair, products=by, branches=by)
    np.testing.assert_array_equal(found.output, [25, 75, 70])
    np.testing.assert_array_equal(found.make, np.diag([25, 75, 70]))
    np.testing.assert_allclose(found.domestic_use[0], [0.625, 1.875, 7.5])
    assert found.products.names == ("First part", "P0b", "P1")


def test_final_demand_is_aggregated_within_kinds() -> None:
    table = farm_and_mill()
    by = grouping({"all": ["families", "abroad"]})
    with pytest.raises(InputError, match="'all' would join codes of different kinds: exports, hou"):
        aggregate(table, final=by)
    one_kind = replace(table, final=replace(table.final, kinds=(FinalKind.EXPORTS,) * 2))
    found = aggregate(one_kind, final=by)
    assert found.final.kinds == (FinalKind.EXPORTS,)
    np.testing.assert_array_equal(found.exports(), [70, 43, 4])
    assert breaches(found) == []


def test_regions_are_not_joined() -> None:
    table = farm_and_mill()
    regional = replace(table, products=replace(table.products, regions=("N", "N", "S")))
    found = aggregate(regional, products=grouping({"food": ["grain", "flour"], "oil": ["oil"]}))
    assert found.products.regions == ("N", "S")
    with pytest.raises(InputError, match="join codes of different regions: N, S; make one group"):
        aggregate(regional, products=grouping({"all": ["grain", "flour", "oil"]}))


def test_stated_totals_follow_where_every_part_has_one() -> None:
    table = farm_and_mill()
    partly = replace(table.stated[1], codes=("grain", "oil"), values=np.array([0.0, 19.0]))
    table = replace(table, stated=(partly,))
    found = aggregate(table, products=grouping({"food": ["grain", "flour"], "oil": ["oil"]}))
    assert found.stated[0].codes == ("oil",)
    broken = with_cell(found, "imported_final", (1, 0), 5.0)
    assert len(breaches(broken, identities=["stated_totals"])) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("from,to\nA,B\n", "no column 'weight'"),
        ("from,to,weight\n", "the file has no rows"),
        ("from,to,weight,share\nA,B,1,1\n", "the column 'share' is not known"),
        ("from,to,weight\nA,B,1\nA,B,0\n", "row 3: the pair 'A', 'B' stands twice; .* row 2"),
        ("from,to,weight\nA,B,-1\n", "row 2 column 'weight': the weight is -1"),
        ("from,to,weight\nA,B,half\n", "row 2 column 'weight': 'half' is not a number"),
        ("from,to,weight\nA,B,nan\n", "row 2 column 'weight': the value is nan"),
        ("from,to,weight\nA,,1\n", "row 2 column 'to': the cell is blank"),
        ("from,to,weight\nA,B,0.5\nC,B,1\nA,D,0.4\n", "row 2, 4: the weights of 'A' add up to 0.9"),
        ("from,to,weight\nA,B,1\nA,C,0\n", "concordance.csv: nothing goes to 'C'"),
        ("from,to,weight,name\nA,B,1,x\nC,B,1,y\n", "row 3 column 'name': 'B' is also called 'x'"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        read_concordance(write(tmp_path, text))
    assert "concordance.csv" in str(error.value)


def test_concordances_that_do_not_fit() -> None:
    table = farm_and_mill()
    with pytest.raises(InputError, match=r"'flower' is not a product .*; did you mean 'flour'"):
        aggregate(table, products=grouping({"all": ["grain", "flower", "oil"]}))
    with pytest.raises(InputError, match="there is no row for the product flour, oil; say where"):
        aggregate(table, products=grouping({"all": ["grain"]}))
    with pytest.raises(InputError, match="the weights of 'farm' add up to 2"):
        grouping({"a": ["farm"], "b": ["farm"]})
    with pytest.raises(InputError, match="the weights do not fit the codes"):
        Concordance(("a",), ("b",), np.ones((2, 1)))
    with pytest.raises(InputError, match="only a split can be undone"):
        grouping({"a": ["x", "y"]}).backwards()


@pytest.mark.shared
def test_russia_by_sections(shared_data: Path) -> None:
    table = read_wiod2016(shared_data / "wiod2016_niot" / "RUS_NIOT_2000_2014.parquet")
    groups: dict[str, list[str]] = {}
    for code in table.products.codes:
        groups.setdefault(code[0], []).append(code)
    by = grouping(groups)
    found = aggregate(table, products=by, branches=by)
    assert breaches(found) == []
    assert dict(found.overview()) == pytest.approx(dict(table.overview()))
    assert found.stated[0].codes == by.targets
