"""Tables that several tests of the analysis use, each with its source."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]

GERMANY_BRANCHES = (
    "agriculture_group",
    "industry_group",
    "construction",
    "trade_group",
    "business_services_group",
    "other_services_group",
)


@dataclass(frozen=True, eq=False)
class Accounts:
    """A small table in value: flows, output, final demand, value added."""

    flows: Array
    output: Array
    labels: tuple[str, ...] = ()

    @property
    def final_demand(self) -> Array:
        return self.output - self.flows.sum(axis=1)

    @property
    def value_added(self) -> Array:
        return self.output - self.flows.sum(axis=0)


@pytest.fixture
def two_sectors() -> Accounts:
    """Miller and Blair, Input-Output Analysis (2nd ed., 2009), section 2.3, table 2.3."""
    return Accounts(
        flows=np.array([[150.0, 500.0], [200.0, 100.0]]),
        output=np.array([1000.0, 2000.0]),
        labels=("agriculture", "manufacture"),
    )


@pytest.fixture
def wheat_and_cloth() -> Accounts:
    """Leontief, Input-Output Economics (2nd ed., 1986), ch. 2: bushels of wheat, yards of cloth.

    Labour: 80 man-years in agriculture, 180 in manufacture.
    """
    return Accounts(
        flows=np.array([[25.0, 20.0], [14.0, 6.0]]),
        output=np.array([100.0, 50.0]),
        labels=("wheat", "cloth"),
    )


@pytest.fixture(scope="session")
def germany(shared_data: Path) -> pd.DataFrame:
    """Germany 1995, six branches, million euro: Eurostat manual (2008), p. 481; row by column."""
    table = pd.read_parquet(shared_data / "external_tests" / "germany_1995.parquet")
    table["iotables_col"] = table["iotables_col"].astype(str)
    wide = table.pivot_table(
        index="iotables_row", columns="iotables_col", values="values", aggfunc="first"
    )
    return wide.apply(pd.to_numeric)


@pytest.fixture(scope="session")
def netherlands(shared_data: Path) -> pd.DataFrame:
    """Netherlands 2000, six branches, million euro, domestic flows.

    D'Hernoncourt, Cordier and Hadley, Input-Output Multipliers: Specification Sheet and
    Supporting Material (Spicosa project report, 2011), table 1.
    """
    table = pd.read_parquet(shared_data / "external_tests" / "netherlands_2000.parquet")
    return table.set_index("prod_na")
