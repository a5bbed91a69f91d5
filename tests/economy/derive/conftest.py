from pathlib import Path

import numpy as np
import pytest

from counterplan.economy.derive.russia import russia_2014
from counterplan.economy.economy import Economy
from counterplan.economy.tables.axes import Axis, Categories, FinalKind, OtherRows, RowKind
from counterplan.economy.tables.table import Table

KINDS = {
    "CONS_h": FinalKind.HOUSEHOLD,
    "CONS_np": FinalKind.NONPROFIT,
    "CONS_g": FinalKind.COLLECTIVE,
    "GFCF": FinalKind.INVESTMENT,
    "INVEN": FinalKind.INVENTORIES,
    "EXP": FinalKind.EXPORTS,
}


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(__file__).resolve().parents[4] / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the tables beside the project (../shared/data) are not here")
    return folder


@pytest.fixture(scope="session")
def russia(shared: Path) -> Economy:
    return russia_2014(shared)


@pytest.fixture
def small() -> Table:
    """Farms (A01) and builders (F); machines (C28) are only imported.

    Every row sums to its supply: A01 100 = 10+20 + 60-5+15, F 200 = 5+15 + 85+5+30+50+10,
    C28 12 = 1+2 + 8+1.
    """
    codes = ("A01", "F", "C28")
    use = np.array([[10.0, 20.0, 0.0], [5.0, 15.0, 0.0], [0.0, 0.0, 0.0]])
    final = np.array(
        [
            [60.0, 0.0, 0.0, 0.0, -5.0, 15.0],
            [85.0, 5.0, 30.0, 50.0, 0.0, 10.0],
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ]
    )
    imported_use = np.zeros((3, 3))
    imported_use[2] = [1.0, 2.0, 0.0]
    imported_final = np.zeros((3, 6))
    imported_final[2, 3] = 8.0
    imported_final[2, 4] = 1.0
    other = np.zeros((3, 9))
    other[0, :2] = [82.0, 160.0]  # value added
    other[1, :2] = [2.0, 3.0]  # taxes less subsidies on products
    other[1, 3] = 7.0
    other[2, 3] = 4.0  # households' purchases abroad
    return Table(
        name="Twofold",
        year=2020,
        unit="million USD",
        prices="basic prices",
        source="made by hand",
        licence="none",
        products=Axis(codes, ("Crops", "Buildings", "Machines")),
        branches=Axis(codes, ("Farms", "Builders", "Machine works")),
        final=Categories(tuple(KINDS), tuple(KINDS), tuple(KINDS.values())),
        make=np.diag([100.0, 200.0, 0.0]),
        domestic_use=use,
        imported_use=imported_use,
        domestic_final=final,
        imported_final=imported_final,
        other_rows=OtherRows(
            ("VA", "TXSP", "PURR"),
            ("Value added", "Taxes", "Purchases"),
            (RowKind.VALUE_ADDED, RowKind.TAXES_ON_PRODUCTS, RowKind.PURCHASES_ABROAD),
            other,
        ),
        output=np.array([100.0, 200.0, 0.0]),
    )
