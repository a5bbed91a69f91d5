"""Shocks on trade that does not exist: what is refused, and what is told of."""

import numpy as np
import pytest

from counterplan.economy.economy import Economy
from counterplan.errors import InputError
from counterplan.plan.dates import date_notes
from counterplan.plan.overlay import lay_out
from counterplan.plan.shocks import PriceShock, QuantityShock, Shock
from tests.plan.builders import changed, scenario_of, two_branch_economy

# Corn is exported and not imported; machines are imported for both uses and not exported.


def refusal(shock: Shock, economy: Economy | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        lay_out(economy or two_branch_economy(), scenario_of(shocks=(shock,)))
    assert caught.value.place == "shocks.0"
    return caught.value


@pytest.mark.parametrize(
    ("shock", "thing", "mend"),
    [
        (
            PriceShock(kind="export_price", products=("machine",), factor=0.5),
            "export_price of machine touches nothing: it was not exported",
            "did you mean kind: import_price?",
        ),
        (
            PriceShock(kind="import_price", products=("corn",), factor=2),
            "import_price of corn touches nothing: it was not imported",
            "did you mean kind: export_price?",
        ),
        (
            QuantityShock(kind="import_limit", products=("corn",), share=0),
            "import_limit of corn touches nothing: it was not imported",
            "did you mean kind: export_limit?",
        ),
        (
            QuantityShock(kind="export_limit", products=("machine",), share=0),
            "export_limit of machine touches nothing: it was not exported",
            "did you mean kind: import_limit?",
        ),
        (
            QuantityShock(kind="export_limit", products=("corn",), share=0, use="investment"),
            "export_limit has no use 'investment': only imports are told apart by their use",
            "take the key 'use' out, or write kind: import_limit",
        ),
    ],
)
def test_a_shock_on_trade_that_does_not_exist_is_refused(
    shock: Shock, thing: str, mend: str
) -> None:
    error = refusal(shock)

    assert (error.thing, error.mend) == (thing, mend)


@pytest.mark.parametrize(
    ("use", "field", "words"),
    [
        ("investment", "imports_investment", "for investment"),
        ("other", "imports_other", "for other uses"),
    ],
)
def test_a_limit_on_imports_for_a_use_for_which_none_came_is_refused(
    use: str, field: str, words: str
) -> None:
    economy = changed(two_branch_economy(), "trade", **{field: np.zeros(2)})
    shock = QuantityShock(kind="import_limit", products=("machine",), share=0.5, use=use)

    error = refusal(shock, economy)

    assert error.thing == f"import_limit of machine touches nothing: it was not imported {words}"
    assert error.mend == "they were imported for the other use: change the key 'use'"


def test_where_nothing_is_traded_every_product_is_untouched() -> None:
    nothing = {"exports": np.zeros(2), "imports_other": np.zeros(2)}
    economy = changed(two_branch_economy(), "trade", imports_investment=np.zeros(2), **nothing)

    error = refusal(QuantityShock(kind="import_limit", products=("*",), share=0), economy)

    assert error.thing == "import_limit of corn, machine touches nothing: they were not imported"
    assert error.mend == "correct the products, or enter the trade in trade.csv"


def test_what_a_shock_names_and_does_not_touch_is_told_of() -> None:
    some = PriceShock(kind="export_price", products=("corn", "machine"), factor=0.5)
    every = QuantityShock(kind="import_limit", products=("*",), share=0.5)
    scenario = scenario_of(shocks=(some, every))

    assert lay_out(two_branch_economy(), scenario).export_price[0, 0] == 0.5
    assert date_notes(two_branch_economy(), scenario) == (
        "export_price does not touch machine: it was not exported",
    )
