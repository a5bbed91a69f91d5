"""Write the small tables in src/counterplan/economy/derive from the tables beside the project.

Run from the repository: ``python tools/build_profiles.py ../shared``. Reading the energy
accounts, an old workbook, needs the package xlrd.
"""

import sys
import warnings
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


ENERGY_HEADER = """\
# Gross energy use of Russian branches in 2014, TJ. Grade: derived (fuels added up).
# energy_fossil: coal, coke, crude, diesel, fuel oil, gasoline, jet fuel, gas, other petroleum.
# energy_other: electricity and heat bought, biofuels, renewables, nuclear, waste, other.
# Gross: fuel turned into other energy (power stations, refineries) counts there and where the
# product is used. Source: European Commission, Joint Research Centre, July 2019 release,
# doi 10.2760/024036; reuse allowed with acknowledgement (Decision 2011/833/EU).
"""

FOSSIL = (
    "COAL_COKE_CRUDE",
    "DIESEL",
    "FUEL_OIL",
    "GASOLINE",
    "JETFUEL",
    "NATGAS",
    "OTHGAS",
    "OTHPETRO",
)


def energy_table(shared: Path) -> pd.DataFrame:
    """Return energy use by branch, fossil and other, for branches that use any."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader of old workbooks is on its way out
        book = pd.read_excel(
            shared / "data" / "energy" / "NAMEA_GEU5610_RUS.xls", str(YEAR), index_col=0
        )
    use = book.apply(pd.to_numeric)
    use = use[~use.index.isin(["vTOTII_new", "vCONS_h_new"]) & (use["TOTAL"] > 0)]
    renamed = {"vC10_12": "C10-C12", "vC13_15": "C13-C15", "vC31_32": "C31_C32", "vD": "D35"}
    renamed |= {"vE37_39": "E37-E39", "vO": "O84", "vP": "P85"}
    fossil = use[list(FOSSIL)].sum(axis=1)
    return pd.DataFrame(
        {
            "branch": [renamed.get(code, code.removeprefix("v")) for code in use.index],
            "energy_fossil": fossil.to_numpy(),
            "energy_other": use.drop(columns=[*FOSSIL, "TOTAL"]).sum(axis=1).to_numpy(),
        }
    )


def text_of(header: str, table: pd.DataFrame) -> str:
    """Return the packaged text: five significant digits."""
    return header + table.to_csv(index=False, float_format="%.5g", lineterminator="\n")


if __name__ == "__main__":
    folder = Path(__file__).parent.parent / "src/counterplan/economy/derive"
    source = Path(sys.argv[1])
    for name, text in {
        "capital_profile.csv": text_of(HEADER, capital_profile_table(source)),
        "energy_russia_2014.csv": text_of(ENERGY_HEADER, energy_table(source)),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {folder / name}\n")
