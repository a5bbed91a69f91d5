"""Write src/counterplan/economy/derive/capital_profile.csv from the tables beside the project.

Run from the repository: ``python tools/build_profiles.py ../shared``.
"""

import sys
from pathlib import Path

import pandas as pd

from counterplan.economy.derive.assets import asset_stocks, capital_output_ratio

YEAR = 2014
HEADER = """\
# Capital by branch as observed in the United States and Australia, 2014. Grade: derived.
# capital_output: capital over value added, geometric mean of the two countries
#   (WIOD socio-economic accounts, release 2016, CC BY 4.0).
# weight: value added in the United States, million USD (same source).
# share, depreciation: net capital stock by asset, US Bureau of Economic Analysis, public
#   domain; assets mapped to products and branches in counterplan.economy.derive.assets.
"""


def capital_profile_table(shared: Path) -> pd.DataFrame:
    """Return the long table: one row for each branch and product."""
    data = shared / "data"
    stock = pd.read_parquet(
        data / "bea_us" / "fixed_assets_net_stock_current_cost_2000_2017.parquet"
    )
    accounts = {
        country: pd.read_parquet(data / "wiod2016_sea_partial" / f"{country}_SEA_2000_2014.parquet")
        for country in ("USA", "AUS")
    }
    us = accounts["USA"][accounts["USA"]["year"] == str(YEAR)].set_index("code")
    nonresidential = stock[
        (stock["industry"] == "5310") & stock["asset"].str.strip().isin(["EQ00", "ST00", "IPP"])
    ][str(YEAR)].sum()
    table = asset_stocks(stock, year=YEAR, dwellings=us.loc["L68", "K"] - nonresidential)
    ratio = capital_output_ratio(accounts, year=YEAR)
    # Branch U has no value added in the accounts: a weight of one million keeps it defined.
    weight = us["VA"].clip(lower=1.0)
    table.insert(1, "weight", table["branch"].map(weight))
    table.insert(2, "capital_output", table["branch"].map(ratio))
    return table


def text_of(table: pd.DataFrame) -> str:
    """Return the packaged text: five significant digits."""
    return HEADER + table.to_csv(index=False, float_format="%.5g", lineterminator="\n")


if __name__ == "__main__":
    target = Path(__file__).parent.parent / "src/counterplan/economy/derive/capital_profile.csv"
    target.write_text(text_of(capital_profile_table(Path(sys.argv[1]))), encoding="utf-8")
    sys.stdout.write(f"wrote {target}\n")
