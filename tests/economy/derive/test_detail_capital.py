"""Splitting capital of holders among industries, on holdings small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.derive.assets import ASSET_DEPRECIATION
from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.derive.detail_capital import (
    INVESTMENT,
    PRIVATE,
    DetailCapital,
    Holding,
    detail_capital,
    holdings,
    investment_by_class,
)
from counterplan.economy.derive.detail_concordance import (
    ASSET_PRODUCTS,
    CLASSES,
    HOUSING,
    STATE_LOCAL,
    STOCK_INDUSTRY,
    class_of_asset,
    holder_of,
)
from counterplan.economy.tables.axes import Axis, Categories, FinalKind
from counterplan.economy.tables.table import Table, no_rows
from counterplan.errors import InputError

PRODUCTS = ("333111", "336411", "2332A0", "425000")
GIVEN = Assumptions(growth=0.0, discount=0.05, mixing=0.01)
MACHINES = np.array([60.0, 30.0, 0.0, 10.0])


def holding(name: str, *, stock: float, rate: float, assets: dict[str, float]) -> Holding:
    return Holding(name, "equipment", PRIVATE, stock, rate, assets)


FARMS = holding("110C", stock=400.0, rate=0.15, assets={"EO21": 400.0})
AIRLINES = holding("4810", stock=400.0, rate=0.10, assets={"ET30": 400.0})


def split(
    *, most: tuple[float, ...] = (1e9, 1e9, 1e9), given: Assumptions = GIVEN
) -> DetailCapital:
    return detail_capital(
        [FARMS, AIRLINES],
        {(PRIVATE, "equipment"): MACHINES},
        holders=("110C", "110C", "4810"),
        weights=np.array([3.0, 1.0, 5.0]),
        most=np.array(most),
        products=PRODUCTS,
        given=given,
    )


def test_capital_is_split_by_weight():
    capital = split()
    assert list(capital.industry) == [0, 1, 2]
    assert capital.asset == ("equipment",) * 3
    assert capital.stock == pytest.approx([300.0, 100.0, 400.0])
    assert capital.unheld == {}


def test_depreciation_is_scaled_so_that_investment_is_the_observed():
    capital = split()
    # At the mix of assets 400 x 0.15 + 400 x 0.10 = 100 is lost: the observed investment.
    assert capital.scale == {(PRIVATE, "equipment"): pytest.approx(1.0)}
    assert capital.depreciation == pytest.approx([0.15, 0.15, 0.10])
    growing = split(given=Assumptions(growth=0.01, discount=0.05, mixing=0.01))
    assert growing.scale[PRIVATE, "equipment"] == pytest.approx((100 - 8) / 100)
    assert (growing.depreciation + 0.01) @ growing.stock == pytest.approx(100.0)


def test_goods_sum_to_investment_and_follow_the_assets():
    goods = split().goods
    assert goods.sum(axis=1) == pytest.approx(MACHINES, rel=1e-12)
    assert goods.sum(axis=0) == pytest.approx([45.0, 15.0, 40.0])
    assert goods[:, 0] == pytest.approx(3 * goods[:, 1])  # one mix a holder
    assert goods[0, 0] / goods[:, 0].sum() > 0.9  # farms buy tractors
    assert goods[1, 2] / goods[:, 2].sum() > 0.6  # airlines buy aircraft


def test_no_industry_carries_more_than_its_value_added_allows():
    # The user cost of the farms is (0.05 + 0.15) x 400 = 80, of which the first would carry 60.
    capital = split(most=(40.0, 1e9, 1e9))
    cost = capital.user_cost(discount=0.05, industries=3)
    assert cost == pytest.approx([40.0, 40.0, 60.0])
    assert capital.unheld == {}


def test_stock_that_nobody_can_carry_is_left_out_and_named():
    # With a share h of the farms' stock, s (60 h + 40) = 100 and the farms' user cost is
    # h 400 (0.05 + 0.15 s) = 50: h 20 + 6000 h / (60 h + 40) = 50, so 1200 h^2 + 3800 h = 2000.
    capital = split(most=(30.0, 20.0, 1e9))
    kept = (-3800 + np.sqrt(3800**2 + 4 * 1200 * 2000)) / 2400
    assert capital.unheld == {"110C": pytest.approx(1 - kept)}
    assert capital.scale[PRIVATE, "equipment"] == pytest.approx(100 / (60 * kept + 40))
    assert capital.user_cost(discount=0.05, industries=3)[:2] == pytest.approx([30.0, 20.0])
    assert capital.goods.sum(axis=1) == pytest.approx(MACHINES, rel=1e-12)


def test_investment_that_does_not_cover_growth_is_refused():
    with pytest.raises(InputError, match="less than growth of 20") as error:
        split(given=Assumptions(growth=0.2, discount=0.3))
    assert "state a lower growth" in str(error.value)


def test_a_holder_without_industries_holds_nothing():
    capital = detail_capital(
        [FARMS, AIRLINES],
        {(PRIVATE, "equipment"): MACHINES},
        holders=("110C", ""),
        weights=np.ones(2),
        most=np.full(2, 1e9),
        products=PRODUCTS,
        given=GIVEN,
    )
    assert list(capital.industry) == [0]
    assert capital.unheld == {"4810": 1.0}


def bought_table(**columns: list[float]) -> Table:
    final = {code: [0.0] * len(PRODUCTS) for code in INVESTMENT} | columns
    values = np.array(list(final.values())).T
    n = len(PRODUCTS)
    return Table(
        name="USA",
        year=2017,
        unit="million USD",
        prices="producers' prices",
        source="made by hand",
        licence="none",
        products=Axis(PRODUCTS, PRODUCTS),
        branches=Axis(("1111A0",), ("1111A0",)),
        final=Categories(tuple(final), tuple(final), (FinalKind.INVESTMENT,) * len(final)),
        make=np.zeros((n, 1)),
        domestic_use=np.zeros((n, 1)),
        imported_use=np.zeros((n, 1)),
        domestic_final=values,
        imported_final=np.zeros_like(values),
        other_rows=no_rows(1 + len(final)),
        output=np.zeros(1),
    )


def test_investors_who_buy_nothing_and_sales_of_used_goods_are_left_out():
    table = bought_table(F02E00=[5.0, 0.0, 0.0, -3.0], F10S00=[0.0, 0.0, 7.0, 0.0])
    bought = investment_by_class(table)
    assert set(bought) == {(PRIVATE, "equipment"), (STATE_LOCAL, "structures")}
    assert list(bought[PRIVATE, "equipment"]) == [5.0, 0.0, 0.0, 0.0]


def test_a_table_without_a_column_of_investment_is_refused():
    table = bought_table()
    final = table.final
    short = Categories(final.codes[1:], final.names[1:], final.kinds[1:])
    values = table.domestic_final[:, 1:]
    with pytest.raises(InputError, match="there is no column 'F02E00'"):
        investment_by_class(
            Table(
                **{
                    **{name: getattr(table, name) for name in table.__dataclass_fields__},
                    "final": short,
                    "domestic_final": values,
                    "imported_final": np.zeros_like(values),
                    "other_rows": no_rows(1 + len(short)),
                }
            )
        )


def test_what_nobody_counts_is_what_its_investment_keeps_up():
    stock = pd.DataFrame(
        {"industry": ["5210", "5220"], "asset": ["EP20 ", "EP20"], "2017": [10.0, 30.0]}
    )
    bought = {
        (PRIVATE, "equipment"): np.array([8.0, 0, 0, 0]),
        (STATE_LOCAL, "equipment"): np.array([12.5, 0, 0, 0]),
        (STATE_LOCAL, "structures"): np.array([0, 0, 3.52, 0]),
        (HOUSING, "dwellings"): np.array([0, 0, 2.75, 0]),
    }
    found = {(h.holder, h.asset): h for h in holdings(stock, bought, year=2017, growth=0.015)}
    # Reserve banks are counted with the other banks; communication equipment loses 0.11.
    assert found["5220", "equipment"].stock == 40.0
    assert found["5220", "equipment"].depreciation == pytest.approx(0.11)
    assert found[STATE_LOCAL, "equipment"].stock == pytest.approx(12.5 / 0.125)
    assert found[STATE_LOCAL, "structures"].stock == pytest.approx(3.52 / 0.0352)
    assert found[HOUSING, "dwellings"].stock == pytest.approx(2.75 / 0.0275)
    assert len(found) == 4


def test_every_asset_has_a_class_and_something_it_is_bought_as():
    assert set(ASSET_PRODUCTS) == set(ASSET_DEPRECIATION)
    assert {class_of_asset(asset) for asset in ASSET_PRODUCTS} == set(CLASSES) - {"dwellings"}
    assert all(products for products in ASSET_PRODUCTS.values())


def test_industries_find_their_holder():
    assert holder_of("1111A0") == "110C"
    assert holder_of("336411") == "336O"
    assert holder_of("336390") == "336M"
    assert holder_of("531ORE") == "5310"
    assert holder_of("531HSO") == HOUSING
    assert holder_of("GSLGE") == STATE_LOCAL
    assert holder_of("814000") == ""
    assert len(set(STOCK_INDUSTRY.values())) == 62  # 63 less the reserve banks
