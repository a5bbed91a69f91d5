"""The packaged example: balanced to 1e-9, and what the sources give when built afresh."""

from dataclasses import fields, is_dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.derive.rounding import significant
from counterplan.economy.derive.russia import branch_table
from counterplan.economy.economy import Economy, Grade
from counterplan.economy.package import read_package
from tools.build_russia import packaged_economy

RHO = 1 / 0.96 - 1


@pytest.fixture(scope="module")
def example() -> Economy:
    with as_file(files("counterplan.examples") / "russia-2014") as folder:
        return read_package(folder)


def test_the_base_period_is_exact(example: Economy):
    assert np.abs(base_balance(example)).max() < 1e-9
    assert np.abs(base_prices(example, discount=RHO).gap).max() < 1e-9
    used = example.labour.need @ example.techniques.activity
    assert used == pytest.approx(example.labour.force, rel=1e-12)
    trade = example.trade
    surplus = trade.exports.sum() - trade.imports_other.sum() - trade.imports_investment.sum()
    assert surplus == pytest.approx(example.accounts.transfers, abs=1e-9)


def test_totals_are_the_published_ones(example: Economy):
    # WIOD 2016, Russia 2014, billion USD, as the data's README gives them.
    trade = example.trade
    assert example.techniques.activity.sum() / 1e3 == pytest.approx(3381, abs=0.5)
    assert trade.exports.sum() / 1e3 == pytest.approx(494, abs=0.5)
    imports = trade.imports_other + trade.imports_investment
    assert imports.sum() / 1e3 == pytest.approx(379, abs=0.5)
    assert (example.capital.composition @ example.capital.investment).sum() / 1e3 == pytest.approx(
        327, abs=0.5
    )
    assert example.labour.force.sum() == pytest.approx(68_015, abs=1)


def test_figures_have_five_digits(example: Economy):
    rounded = {
        "use": example.techniques.use.data,
        "activity": example.techniques.activity,
        "composition": example.capital.composition.data,
        "depreciation": example.capital.depreciation,
        "exports": example.trade.exports,
        "consumption": example.demand.consumption,
    }
    for name, values in rounded.items():
        assert np.array_equal(values, significant(values)), name


def test_estimates_and_sources_are_told(example: Economy):
    grades = {key: given.grade for key, given in example.provenance.items()}
    assert grades["techniques.activity"] == Grade.OBSERVED
    assert grades["capital.composition"] == grades["labour.need"] == Grade.ESTIMATED
    assert "doi 10.34894/PJ2M1C" in example.provenance["techniques.use"].source
    assert example.provenance["techniques.use"].licence == "CC BY 4.0"
    for key in ("techniques", "capital", "labour", "demand", "trade", "accounts", "stocks"):
        assert any(name.startswith(key) for name in grades), key
    notes = " ".join(example.notes)
    for disclosed in ("extrapolated Russian outputs", "2.06 trillion", "rounded to 5 significant"):
        assert disclosed in notes


@pytest.mark.shared
def test_the_sources_give_the_same_package(example: Economy, shared):
    compare(example, packaged_economy(shared), at="economy")


def compare(read: object, made: object, *, at: str) -> None:
    """Compare two economies field by field, numbers to 1e-9."""
    assert type(read) is type(made) or isinstance(made, int | float), at
    if is_dataclass(read):
        for item in fields(read):
            if item.name != "provenance":
                compare(getattr(read, item.name), getattr(made, item.name), at=f"{at}.{item.name}")
    elif sp.issparse(read):
        assert read.toarray() == pytest.approx(made.toarray(), rel=1e-9), at
    elif isinstance(read, np.ndarray):
        assert read == pytest.approx(made, rel=1e-9, abs=1e-9), at
    elif isinstance(read, float):
        assert read == pytest.approx(made, rel=1e-9), at
    else:
        assert read == made, at


def test_the_page_shows_the_branches_as_they_are():
    page = Path(__file__).resolve().parents[3] / "docs" / "economy" / "russia-2014.md"
    assert branch_table() in page.read_text(encoding="utf-8")
