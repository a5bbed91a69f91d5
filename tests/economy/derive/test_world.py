"""The world of 2011 against the table itself and against the derivation of one country."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.checks import Severity, check_economy
from counterplan.economy.derive.evidence import capital_profile
from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.derive.world import GIVEN, sector_of, world_2011
from counterplan.economy.derive.world_sectors import (
    INVESTMENT_CODE,
    PRODUCT_MERGED,
    SECTOR_BRANCHES,
    sector_profile,
)
from counterplan.economy.economy import Economy, Grade
from counterplan.plan.certificate import certify
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble
from counterplan.plan.reproduction import as_observed
from tests.economy.derive.steady_state import observed_path

BRANCHES = 1435


@pytest.fixture(scope="module")
def world(shared: Path) -> Economy:
    return world_2011(shared)


@pytest.fixture(scope="module")
def table(shared: Path) -> pd.DataFrame:
    frame = pd.read_parquet(shared / "data" / "wiod2013_world" / "WIOT13_2011.parquet")
    codes = list(frame.columns[:BRANCHES])
    return frame.astype({c: float for c in frame.columns if c != "row"}).set_axis(codes, axis=0)


def final(table: pd.DataFrame, category: str) -> pd.DataFrame:
    columns = [c for c in table.columns if c.endswith(f"_{category}")]
    assert len(columns) == 41
    return table[columns]


@pytest.mark.shared
def test_every_product_of_every_region_is_there(world: Economy, table: pd.DataFrame):
    assert world.products.codes == tuple(table.index)
    assert len(set(world.products.regions)) == len(world.labour.codes) == 41
    running = table.index[table["output"].to_numpy() > 0]
    assert world.techniques.codes == tuple(running)
    assert len(running) == 1413
    assert world.techniques.activity == pytest.approx(table.loc[running, "output"].to_numpy())


@pytest.mark.shared
def test_the_base_period_balances(world: Economy):
    assert np.abs(base_balance(world)).max() < 1e-9 * world.techniques.activity.max()
    findings = check_economy(world)
    assert not [f for f in findings if f.severity is Severity.ERROR]
    (isolated,) = (f for f in findings if f.check == "isolated_products")
    assert f"trades {BRANCHES - 1413} of {BRANCHES} products" in isolated.thing


@pytest.mark.shared
def test_prices_of_one_are_a_steady_state(world: Economy):
    costs = base_prices(world, discount=GIVEN.discount)
    assert costs.pay == pytest.approx(np.ones(41))
    assert np.abs(costs.gap).max() < 1e-12


@pytest.mark.shared
def test_final_use_is_that_of_the_table(world: Economy, table: pd.DataFrame):
    assert world.demand.consumption == pytest.approx(final(table, "f1").to_numpy())
    collective = final(table, "f2").sum(axis=1) + final(table, "f3").sum(axis=1)
    assert world.demand.collective == pytest.approx(collective.to_numpy())
    # What is left over: inventories, and up to 108 million of rounding in a row.
    inventories = final(table, "f5").sum(axis=1).to_numpy()
    negative = final(table, "f4").clip(upper=0).sum(axis=1).to_numpy()
    assert world.demand.other == pytest.approx(inventories + negative, abs=109)


@pytest.mark.shared
def test_each_region_builds_what_it_was_seen_to_build(world: Economy, table: pd.DataFrame):
    capital = world.capital
    goods = capital.composition.toarray() * capital.investment
    owners = np.array([world.producers.regions[s] for s in capital.producer])
    shown = final(table, "f4").clip(lower=0)
    for region in ("CHN", "LUX", "RoW"):
        built = goods[:, owners == region].sum(axis=1)
        assert built == pytest.approx(shown[f"{region}_f4"].to_numpy(), rel=1e-9, abs=1e-9)


@pytest.mark.shared
def test_capital_stands_where_the_conventions_say(world: Economy, table: pd.DataFrame):
    value = np.asarray(world.capital.composition.sum(axis=0)) * world.capital.capacity
    made = list(world.techniques.codes)
    added = (table["output"] - table[list(table.index)].sum(axis=0)).loc[made]
    region = [code.rpartition("_")[0] for code in made]
    stock = pd.Series(value, index=made).groupby(region).sum()
    added = added.groupby(region).sum()
    bought = final(table, "f4").clip(lower=0).sum(axis=0)
    # Investment over 0.055 within 2.2 and 5.0 times value added.
    for code in stock.index:
        wanted = np.clip(bought[f"{code}_f4"] / 0.055, 2.2 * added[code], 5.0 * added[code])
        assert stock[code] == pytest.approx(wanted)


@pytest.mark.shared
def test_labour_stays_in_its_region(world: Economy):
    need = world.labour.need.tocsc()
    assert np.all(np.diff(need.indptr) == 1)
    owners = [world.producers.regions[s] for s in world.techniques.producer]
    assert [world.labour.codes[k] for k in need.indices] == [f"labour {r}" for r in owners]
    assert need @ world.techniques.activity == pytest.approx(world.labour.force)


@pytest.mark.shared
def test_there_is_no_abroad(world: Economy):
    trade = world.trade
    assert not trade.exports.any()
    assert not (trade.imports_other + trade.imports_investment).any()
    assert world.accounts.transfers == 0.0


@pytest.mark.shared
def test_every_field_is_graded(world: Economy):
    assert not [f for f in check_economy(world) if f.check == "sources"]
    assert world.provenance["capital.composition"].grade is Grade.ESTIMATED
    assert world.provenance["demand.consumption"].grade is Grade.OBSERVED


@pytest.mark.shared
@pytest.mark.parametrize("periods", [1, 3])
def test_the_observed_path_is_proved_to_be_a_best_plan(world: Economy, periods: int):
    """No solver: base prices as valuations bound every plan's value by the observed path's."""
    problem = assemble(lay_out(world, as_observed(world, periods=periods)))
    found = observed_path(problem)
    certificate = certify(problem, primal=found.primal, dual=found.dual)
    assert certificate.residual < 1e-9
    assert abs(certificate.gap) < 1e-9


def test_every_branch_of_the_profile_counts_somewhere():
    known = capital_profile()
    counted = [branch for members in SECTOR_BRANCHES.values() for branch in members]
    assert set(known.branches) - set(counted) == {"U"}  # no economy abroad
    twice = {branch for branch in counted if counted.count(branch) > 1}
    assert twice == {"C13-C15"}  # textiles and leather were two branches


def test_the_profile_of_sectors_adds_up():
    known, sectors = capital_profile(), sector_profile()
    assert sectors.share.sum(axis=1) == pytest.approx(np.ones(35))
    capital = dict(zip(known.branches, known.weight * known.capital_output, strict=True))
    row = sectors.branches.index("c9")  # chemicals and medicines
    assert sectors.weight[row] * sectors.capital_output[row] == pytest.approx(
        capital["C20"] + capital["C21"]
    )
    transport = sectors.products.index("C29")
    assert "C30" not in sectors.products
    air = sectors.branches.index("c25")
    old = known.branches.index("H51")
    wanted = sum(known.share[old, known.products.index(code)] for code in ("C29", "C30"))
    assert sectors.share[air, transport] == pytest.approx(wanted)


def test_what_delivers_capital_is_known_to_the_profile():
    products = set(sector_profile().products)
    # N is where software is looked for; it delivers no asset of its own.
    assert set(INVESTMENT_CODE.values()) - products == {"N"}
    assert set(PRODUCT_MERGED.values()) <= set(INVESTMENT_CODE.values())
    assert sector_of("ROW_c12") == "c12"
