"""Sources: which reader reads which kind of table, from what a person names on the command line."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from counterplan.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from counterplan.economy.tables.table import Table

Said = TypeVar("Said", int, str)

BEA_PARTS = ("make", "use", "import")
SUPPLY, USE = "supply.csv", "use.csv"


class Kind(StrEnum):
    """The kinds of tables that are read."""

    WIOD2016 = "wiod2016"
    WIOD2013 = "wiod2013"
    BEA = "bea"
    SUPPLY_USE = "supply-use"
    MRIO = "mrio"


@dataclass(frozen=True)
class Source:
    """A table as it is named on the command line.

    Attributes
    ----------
    country
        Code of the country; of a world table, which region's national table is wanted.
    year, unit, layout
        What some kinds of tables do not say themselves.
    """

    path: Path
    kind: Kind
    country: str = ""
    year: int | None = None
    unit: str = ""
    layout: str = ""


def read_source(source: Source) -> "Table":
    """Read a table, and of a world table the national table that is asked for.

    Raises
    ------
    InputError
        As the reader of the kind; and where something is not said that the kind needs.
    """
    table = READERS[source.kind](source)
    if source.kind in (Kind.WIOD2013, Kind.MRIO) and source.country:
        from counterplan.economy.tables.regions import national_table

        return national_table(table, source.country)
    return table


def read_national(source: Source) -> "Table":
    """Read a national table of the World Input-Output Database, release of 2016."""
    from counterplan.economy.tables.wiod2016 import read_wiod2016

    return read_wiod2016(
        source.path,
        country=source.country or None,
        year=2014 if source.year is None else source.year,
    )


def read_world(source: Source) -> "Table":
    """Read a world table of the World Input-Output Database, release of 2013."""
    from counterplan.economy.tables.wiod2013 import read_wiod2013

    return read_wiod2013(source.path, year=source.year)


def read_united_states(source: Source) -> "Table":
    """Read the three tables of the Bureau of Economic Analysis from their folder."""
    from counterplan.economy.tables.bea import read_make_use

    make, use, imports = (only_file(source.path, part) for part in BEA_PARTS)
    return read_make_use(make, use, imports, year=2017 if source.year is None else source.year)


def only_file(folder: Path, part: str) -> Path:
    """Return the one file of a folder whose name holds "_make_", say."""
    if not folder.is_dir():
        raise InputError(
            f"'{folder}' is not a folder",
            mend="give the folder that holds the make, the use and the import table",
        )
    found = [
        path
        for path in sorted(folder.iterdir())
        if part in path.name.lower().split(".")[0].split("_")
    ]
    if len(found) != 1:
        raise InputError(
            f"holds {len(found)} files with '_{part}_' in their names",
            place=str(folder),
            mend="keep one make, one use and one import table there, named as published",
        )
    return found[0]


def read_own(source: Source) -> "Table":
    """Read supply and use tables that a person wrote, ``supply.csv`` and ``use.csv``."""
    from counterplan.economy.tables.supply_use import read_supply_use

    if not source.path.is_dir():
        raise InputError(
            f"'{source.path}' is not a folder", mend=f"give a folder with {SUPPLY} and {USE}"
        )
    return read_supply_use(
        source.path / SUPPLY,
        source.path / USE,
        name=source.country or source.path.resolve().name,
        year=needed(source.year, "--year"),
        unit=needed(source.unit or None, "--unit"),
    )


def read_multiregional(source: Source) -> "Table":
    """Read a world table that pymrio parses."""
    from counterplan.economy.tables.mrio import KINDS, read_mrio

    if source.layout not in KINDS:
        known = ", ".join(KINDS)
        raise InputError(
            f"--layout '{source.layout}' is not one of pymrio's"
            if source.layout
            else "tables of kind mrio come in several layouts",
            mend=did_you_mean(source.layout, KINDS) or f"add --layout with one of {known}",
        )
    return read_mrio(source.path, source.layout, year=needed(source.year, "--year"))


def needed(value: Said | None, option: str) -> Said:
    """Return an option's value, or say that this kind of table needs it."""
    if value is None:
        raise InputError(f"the table does not say its {option[2:]}", mend=f"add {option}")
    return value


READERS = {
    Kind.WIOD2016: read_national,
    Kind.WIOD2013: read_world,
    Kind.BEA: read_united_states,
    Kind.SUPPLY_USE: read_own,
    Kind.MRIO: read_multiregional,
}
