"""Slips: what is mistyped by a factor of ten or more is told of, and nothing else is."""

import pytest

from counterplan.examples import packaged_scenarios
from counterplan.plan.dates import date_notes
from counterplan.plan.mandate import ForeignRules, LabourRules, Mandate
from counterplan.plan.open import read_both, scenario_file
from counterplan.plan.shocks import DebtShock, PriceShock, QuantityShock, ReserveShock, Shock
from counterplan.plan.slips import slip_notes
from tests.plan.builders import scenario_of, two_branch_economy


def notes(*shocks: Shock, mandate: Mandate | None = None) -> tuple[str, ...]:
    return slip_notes(
        two_branch_economy(), scenario_of(shocks=shocks, mandate=mandate or Mandate())
    )


def price(factor: float) -> PriceShock:
    return PriceShock(kind="export_price", products=("corn",), factor=factor)


def test_a_factor_in_percent_is_told_of() -> None:
    assert notes(price(60)) == (
        "export_price of corn has the factor 60: prices at 6,000% of the observed; is 0.6 meant?",
    )
    assert notes(price(0.006)) == (
        "export_price of corn has the factor 0.006: prices at 0.6% of the observed",
    )


@pytest.mark.parametrize("factor", [0.1, 0.4042, 1.0, 3.0])
def test_a_factor_that_prices_have_moved_by_is_not(factor: float) -> None:
    assert notes(price(factor)) == ()


@pytest.mark.parametrize(
    ("hours", "said"),
    [(95, "9,500% of the observed; is 0.95 meant?"), (0.4, "40% of the observed")],
)
def test_hours_that_nobody_works_are_told_of(hours: float, said: str) -> None:
    labour = LabourRules(hours={2021: 0.9, 2022: hours})

    (note,) = notes(mandate=Mandate(labour=labour))

    assert note == f"hours of {hours} from 2022 on: a person works {said}"


@pytest.mark.parametrize(("share", "count"), [(1.7, 1), (1.0, 0), (0.7, 0)])
def test_a_limit_above_what_was_observed_is_told_of(share: float, count: int) -> None:
    found = notes(QuantityShock(kind="import_limit", products=("machine",), share=share))

    assert len(found) == count
    if count:
        assert found == (
            "import_limit of machine has the share 1.7: it allows more than was observed, 170% "
            "of it on trend",
        )


def test_amounts_in_another_unit_are_told_of() -> None:
    # 8 t of corn at 1 dollar go out, 3 machines at 2 dollars come in: 14 dollars.
    foreign = ForeignRules(credit={2022: 0.005}, debt_limit=0.002, reserves_floor=0.001)

    found = notes(
        DebtShock(kind="debt_service", amounts={2021: 0.007, 2022: 1.0, 2023: 0.0}),
        ReserveShock(kind="reserves", lost=0.0007),
        mandate=Mandate(foreign=foreign),
    )

    assert [note.partition(":")[0] for note in found] == [
        "credit of 2022",
        "debt_limit",
        "reserves_floor",
        "debt_service of 2021",
        "reserves lost",
    ]
    assert found[3] == (
        "debt_service of 2021: 0.007 dollar is 0.05% of the exports and imports of the base "
        "period, 14 dollar; are these thousands or billions?"
    )


def test_billions_typed_as_millions_are_told_of_in_russia() -> None:
    scenario, economy = read_both(scenario_file("crisis-2014"))
    slipped = scenario.model_copy(
        update={
            "mandate": Mandate(foreign=ForeignRules(reserves_floor=285.46)),
            "shocks": (DebtShock(kind="debt_service", amounts={2015: 100, 2016: 60000}),),
        }
    )

    found = date_notes(economy, slipped)

    assert [note.partition(":")[0] for note in found] == ["reserves_floor", "debt_service of 2015"]
    assert "million USD is 0.0" in found[1]


@pytest.mark.parametrize("name", packaged_scenarios())
def test_no_packaged_scenario_reads_like_a_slip(name: str) -> None:
    scenario, economy = read_both(scenario_file(name))

    assert slip_notes(economy, scenario) == ()
