"""All 43 national tables of 2014 with default assumptions: about ten seconds."""

import numpy as np
import pandas as pd
import pytest

from counterplan.economy.derive import derive_economy
from counterplan.economy.derive.prices import base_balance, base_prices
from counterplan.economy.tables.wiod2016 import read_wiod2016

RHO = 1 / 0.96 - 1
FILE = ("data", "wiod2016_niot", "ALL43_NIOT_2014.parquet")

#: Branches whose costs exceed their output in the published table itself.
AT_A_LOSS = {("LUX", "H50"), ("MLT", "B")}

#: Gaps between column sum and output that the publisher's tables are known for (data README).
KNOWN_GAPS = {("ROU", "R_S"): 3853, ("LUX", "H52"): 64, ("BGR", "R_S"): 27}


@pytest.mark.shared
@pytest.mark.slow
def test_every_country_is_a_steady_state_at_its_own_prices(shared):
    path = shared.joinpath(*FILE)
    countries = sorted(pd.read_parquet(path, columns=["country"])["country"].astype(str).unique())
    assert len(countries) == 43
    told = {}
    for country in countries:
        economy = derive_economy(read_wiod2016(path, country=country, year=2014))
        size = economy.techniques.activity.max()
        assert np.abs(base_balance(economy)).max() < 1e-9 * size, country
        costs = base_prices(economy, discount=RHO)
        # One skill counted in its own cost is paid 1.
        gap = 1 - costs.products - costs.capital - economy.labour.need.toarray()[0]
        for j, code in enumerate(economy.techniques.codes):
            assert abs(gap[j]) < 1e-9 or (country, code) in AT_A_LOSS, (country, code)
        assert np.all(economy.capital.investment > 0), country
        assert np.all(economy.capital.depreciation < 0.3), country
        told[country] = economy.notes
    for (country, branch), size in KNOWN_GAPS.items():
        line = next(n for n in told[country] if f"column of {branch} misses" in n)
        assert abs(float(line.split(" by ")[1].split()[0])) == pytest.approx(size, abs=0.6)
    for country, branch in AT_A_LOSS:
        assert any(f"Branch {branch} shows less" in note for note in told[country])
