"""Small sound files in every layout, and the reader of each: what the fuzz tests damage."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from counterplan.economy.tables.bea import read_make_use
from counterplan.economy.tables.concordance import read_concordance
from counterplan.economy.tables.files import Limits
from counterplan.economy.tables.frames import open_csv, read_frame
from counterplan.economy.tables.supply_use import read_supply_use
from counterplan.economy.tables.wiod2013 import read_wiod2013
from counterplan.economy.tables.wiod2016 import read_wiod2016
from tests.economy.tables import test_bea, test_supply_use, test_wiod2013, test_wiod2016

# Small limits, so that a damaged size cannot make a test slow.
LIMITS = Limits(unpacked_bytes_max=4 << 20, rows_max=5000, columns_max=2000, cells_max=200_000)

Reader = Callable[[Path], object]


def _bea(changed: str) -> Reader:
    def read(path: Path) -> object:
        paths = {name: path.parent / f"{name}.parquet" for name in ("make", "use", "imports")}
        return read_make_use(**(paths | {changed: path}), limits=LIMITS)

    return read


def _supply_use(changed: str) -> Reader:
    def read(path: Path) -> object:
        files = {name: path.parent / f"{name}.csv" for name in ("supply", "use")} | {changed: path}
        return read_supply_use(**files, name="x", year=1, unit="x", limits=LIMITS)

    return read


READERS: dict[str, tuple[str, Reader]] = {
    "wiod2016 workbook": ("XYZ_NIOT.xlsx", lambda path: read_wiod2016(path, limits=LIMITS)),
    "wiod2016 parquet": ("XYZ_NIOT.parquet", lambda path: read_wiod2016(path, limits=LIMITS)),
    "wiod2016 csv": ("XYZ_NIOT.csv", lambda path: read_wiod2016(path, limits=LIMITS)),
    "wiod2013 workbook": ("wiot11.xlsx", lambda path: read_wiod2013(path, limits=LIMITS)),
    "wiod2013 parquet": ("wiot2011.parquet", lambda path: read_wiod2013(path, limits=LIMITS)),
    "make": ("make.parquet", _bea("make")),
    "use": ("use.parquet", _bea("use")),
    "imports": ("imports.parquet", _bea("imports")),
    "supply csv": ("supply.csv", _supply_use("supply")),
    "use csv": ("use.csv", _supply_use("use")),
    "concordance": ("concordance.csv", lambda path: read_concordance(path, limits=LIMITS)),
    "rows": ("supply.csv", lambda path: open_csv(path, limits=LIMITS)),
    "frame": ("XYZ_NIOT.xlsx", lambda path: read_frame(path, limits=LIMITS)),
}
"""Each reader with the sample file that it reads."""


def write_samples(folder: Path) -> None:
    """Write every sample file into a folder."""
    rows = test_wiod2016.release_rows()
    test_wiod2016.write_workbook(folder / "XYZ_NIOT.xlsx", rows)
    test_wiod2016.write_parquet(folder / "XYZ_NIOT.parquet", rows)
    pd.read_parquet(folder / "XYZ_NIOT.parquet").to_csv(folder / "XYZ_NIOT.csv", index=False)
    test_wiod2013.write_workbook(folder / "wiot11.xlsx", test_wiod2013.workbook_rows())
    test_wiod2013.write_parquet(folder / "wiot2011.parquet")
    test_bea.write(folder)
    (folder / "supply.csv").write_text(test_supply_use.SUPPLY)
    (folder / "use.csv").write_text(test_supply_use.APART)
    (folder / "concordance.csv").write_text("from,to,weight,name\nA,B,0.5,\nA,C,0.5,c\nD,C,1,\n")


@cache
def sample_bytes() -> dict[str, bytes]:
    """Return the sample files by name."""
    with TemporaryDirectory() as folder:
        write_samples(Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
