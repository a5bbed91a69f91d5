from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.derive.assets import (
    ASSET_DEPRECIATION,
    ASSET_PRODUCT,
    BRANCH_INDUSTRIES,
    asset_stocks,
    capital_output_ratio,
)
from counterplan.economy.derive.evidence import HOST, capital_profile, host_of, merged
from counterplan.economy.derive.russia import energy_use
from tools.build_profiles import HEADER, capital_profile_table, text_of


def test_packaged_ratios_against_the_accounts_they_come_from():
    profile = dict(zip(capital_profile().branches, capital_profile().capital_output, strict=True))
    # K and VA of the USA and Australia 2014, WIOD socio-economic accounts, read by eye.
    farms = np.sqrt(567_745 / 177_190 * 125_137.06 / 33_775.74)
    power = np.sqrt(2_132_563 / 271_531.98 * 200_618.24 / 24_496.84)
    assert profile["A01"] == pytest.approx(farms, rel=1e-4)
    assert profile["D35"] == pytest.approx(power, rel=1e-4)


def test_structures_wear_out_slower_than_machines_and_those_than_software():
    profile = capital_profile()
    mean = {
        code: profile.depreciation[:, p][profile.share[:, p] > 0].mean()
        for p, code in enumerate(profile.products)
    }
    assert mean["F"] < 0.035
    assert 0.09 < mean["C28"] < 0.2 < mean["J62_J63"]


def test_every_branch_has_a_whole_profile():
    profile = capital_profile()
    assert set(profile.branches) == set(BRANCH_INDUSTRIES)
    assert len(profile.branches) == 56
    assert profile.share.sum(axis=1) == pytest.approx(np.ones(56))
    assert np.all(profile.capital_output > 0)


def test_every_asset_has_a_product_and_a_plausible_rate():
    assert set(ASSET_PRODUCT) == set(ASSET_DEPRECIATION)
    assert set(ASSET_PRODUCT.values()) <= set(BRANCH_INDUSTRIES)
    assert all(0.01 < rate < 0.6 for rate in ASSET_DEPRECIATION.values())


def test_guests_are_counted_in_their_host():
    assert host_of("C25", frozenset({"C24"})) == "C24"
    assert host_of("K66", frozenset({"K64", "C24"})) == "K64"
    assert host_of("B", frozenset({"C24"})) == ""
    assert not any(host_of(code, frozenset()) for code in HOST)


def test_merging_adds_capital_and_value_added():
    whole = capital_profile()
    some = merged(whole, active=("K64",))
    rows = [whole.branches.index(code) for code in ("K64", "K65", "K66")]
    capital = (whole.weight * whole.capital_output)[rows]
    assert some.capital_output[0] == pytest.approx(capital.sum() / whole.weight[rows].sum())
    assert some.share[0] == pytest.approx(capital / capital.sum() @ whole.share[rows])
    lost = capital @ (whole.share * whole.depreciation)[rows]
    assert some.share[0] * some.depreciation[0] * capital.sum() == pytest.approx(lost)


def test_stocks_by_asset_become_stocks_by_product():
    industries = sorted({code for codes in BRANCH_INDUSTRIES.values() for code in codes})
    rows = [(i, "SOO1", 60.0) for i in industries] + [(i, "EI50 ", 40.0) for i in industries]
    rows += [(i, "EQ00", 999.0) for i in industries]  # a total, which must not count
    table = asset_stocks(
        pd.DataFrame(rows, columns=["industry", "asset", "2014"]), year=2014, dwellings=900.0
    ).set_index(["branch", "product"])
    assert table.loc[("A01", "F"), "share"] == pytest.approx(0.6)
    assert table.loc[("A01", "C28"), "depreciation"] == pytest.approx(0.1072)
    assert table.loc[("L68", "F"), "share"] == pytest.approx(0.96)
    assert table.loc[("L68", "F"), "depreciation"] == pytest.approx(
        (60 * 0.0247 + 900 * 0.0125) / 960
    )


def test_ratios_are_averaged_geometrically_and_gaps_filled():
    def account(**ratios: float) -> pd.DataFrame:
        return pd.DataFrame(
            [(code, "2014", ratio, 1.0 if ratio else 0.0) for code, ratio in ratios.items()],
            columns=["code", "year", "K", "VA"],
        )

    found = capital_output_ratio(
        {"X": account(A01=1.0, B=8.0), "Y": account(A01=4.0, B=0.0)}, year=2014
    )
    assert found["A01"] == pytest.approx(2.0)
    assert found["B"] == pytest.approx(8.0)
    assert found["F"] == pytest.approx(np.sqrt(9 / 2 * 4 / 1))


def test_energy_adds_up_to_the_published_total():
    # vTOTII_new, all branches, gross energy use 2014: 46,895,662 TJ (doi 10.2760/024036).
    total = sum(sum(emission.by_branch.values()) for emission in energy_use())
    assert total == pytest.approx(46_895_662, rel=1e-5)


@pytest.mark.shared
def test_the_packaged_profile_is_what_the_sources_give(shared):
    packaged = files("counterplan.economy.derive").joinpath("capital_profile.csv")
    assert packaged.read_text("utf-8") == text_of(HEADER, capital_profile_table(shared))
