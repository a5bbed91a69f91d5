"""What pays for imports: figures by hand, and tables that add up to the foreign account."""

import re

import numpy as np
import pytest

from counterplan.plan.plan import Plan
from counterplan.report.findings import Findings
from counterplan.report.goods import columns_of, goods_of, observed, paid, picked
from counterplan.report.numbers import Scale
from tests.report.plans import Page, number

BESIDE = "Exports by product, billion USD: this plan, without the shock and With industry rebuilt"
CENTS = Scale("dollar", 1.0, 2)


def test_exports_and_imports_by_hand(small: dict[str, Plan]) -> None:
    # Observed: 8 tonnes of corn at 1 dollar, 1 + 2 machines at 2 dollars. In the crisis corn
    # earns half a dollar.
    plan = small["crisis"]
    np.testing.assert_allclose(observed(plan, "exports"), [8.0, 0.0])
    np.testing.assert_allclose(observed(plan, "imports"), [0.0, 6.0])
    np.testing.assert_allclose(paid(plan, "exports")[0], 0.5 * plan.exports().loc["corn"])
    np.testing.assert_allclose(paid(plan, "imports")[1], 2.0 * plan.imports().loc["machine"])


def test_first_third_and_last() -> None:
    assert picked(("2015",)) == (0,)
    assert picked(("2015", "2016")) == (0, 1)
    assert picked(("2015", "2016", "2017")) == (0, 2)
    assert picked(("2015", "2016", "2017", "2018", "2019", "2020")) == (0, 2, 5)


def test_groups_and_rest_add_up(small: dict[str, Plan]) -> None:
    columns = columns_of(small["crisis"], "imports", heads={0: "2021"}, scale=CENTS)
    goods = goods_of(columns, owners=["all", "all"], scale=CENTS)
    assert goods.rows == ("all",)
    assert goods.counts.tolist() == [[goods.totals[0]]]
    apart = goods_of(columns, owners=["corn", "machine"], scale=CENTS)
    assert apart.largest() == [1]
    assert apart.rest([]).tolist() == apart.totals.tolist()
    assert apart.rest([1]).tolist() == [0]


@pytest.mark.parametrize(
    ("caption", "row", "sign"),
    [
        ("What exports earn, billion USD", "Exports", 1),
        ("What imports cost, billion USD", "Imports", -1),
    ],
)
def test_columns_add_up_to_the_account_as_printed(
    russian_page: Page, caption: str, row: str, sign: int
) -> None:
    head, *rows, together = russian_page.tables[caption]
    assert head[1:4] == ["2014", "2015", "2017"]
    assert head[4:6] == ["after 2017", "2017, without the shock"]
    account = {one[0]: one[1:] for one in russian_page.tables["Foreign account, billion USD"]}
    for column in range(1, len(head)):
        total = sum(number(one[column]) for one in rows)
        assert total == pytest.approx(number(together[column]), abs=1e-9)
    for column, year in ((2, 0), (3, 2)):
        assert number(together[column]) == sign * number(account[row][year])


def test_every_plan_stands_beside_the_others_and_they_agree(
    russian_page: Page, russian_findings: Findings
) -> None:
    short = {one[0]: one[1:] for one in russian_page.tables["What exports earn, billion USD"]}
    head, *rows = russian_page.tables[BESIDE]
    assert head[1:7] == [
        "2014",
        "2015, this plan",
        "2017, this plan",
        "2015, without the shock",
        "2017, without the shock",
        "2015, With industry rebuilt",
    ]
    every = {one[0]: one[1:] for one in rows}
    assert every["B Mining, oil and gas"][4] == short["B Mining, oil and gas"][4]
    for column in range(1, len(head)):
        total = sum(number(one[column]) for one in rows[:-1])
        assert total == pytest.approx(number(rows[-1][column]), abs=1e-9)
    prices = russian_findings.plan.outlook.export_price[3, 0]  # B is the fourth product
    assert russian_findings.plan.economy.products.codes[3] == "B"
    sold = russian_findings.plan.exports().loc["B", "2015"]
    assert number(short["B Mining, oil and gas"][1]) == pytest.approx(prices * sold / 1000, abs=0.1)


def test_the_years_after_stand_beside_the_last_at_the_plans_prices(
    russian_page: Page, russian_findings: Findings
) -> None:
    plan = russian_findings.plan
    after = plan.quantity("exports")[:, -1] * plan.outlook.export_price[:, -1] / 1000
    *rows, together = russian_page.tables["What exports earn, billion USD"][1:]
    assert number(together[4]) == pytest.approx(after.sum(), abs=0.051)
    printed = {row[0]: number(row[4]) for row in rows}
    assert printed["B Mining, oil and gas"] == pytest.approx(after[3], abs=0.1)


def test_margins_of_trade_and_transport_are_told_of(russian_page: Page) -> None:
    table = russian_page.tables[BESIDE]
    rows = {one[0].split(" ")[0]: one[1:] for one in table[1:-1]}
    codes = ("G45", "G46", "G47", "H49", "H50", "H51", "H52")
    for column, verb in ((0, "earned"), (2, "earn")):
        total = sum(number(rows[code][column]) for code in codes)
        said = re.search(
            rf"[ ]{verb} ([\d.]+) billion USD (of that )?in 201[47]", russian_page.text
        )
        assert said, verb
        assert number(said[1]) == pytest.approx(total, abs=0.35)  # seven rounded figures
