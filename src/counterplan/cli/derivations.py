"""Derivations: how each kind of published table becomes an economy that can be planned."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from counterplan.cli.sources import Kind, Source
from counterplan.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from counterplan.economy.derive import Assumptions
    from counterplan.economy.economy import Economy
    from counterplan.economy.tables.table import Table


BALANCE_FIRST = "balance the table first"
GAP_MOST = 0.01  # of an identity's larger side: what rounding and revisions explain


class Balance(StrEnum):
    """How a table that does not add up is balanced, if it is."""

    NONE = "none"
    GRAS = "gras"
    LEAST_SQUARES = "least-squares"


class Gaps(StrEnum):
    """What is done with a table that does not add up and is not balanced."""

    REFUSE = "refuse"
    KEEP = "keep"


class ValueAdded(StrEnum):
    """Where a table's value added comes from."""

    STATED = "stated"
    RESIDUAL = "residual"


def derived(
    table: "Table", source: Source, *, value_added: ValueAdded, balance: Balance
) -> tuple["Economy", str]:
    """Return the economy of a table, and the record of what balancing moved ('' if nothing).

    Raises
    ------
    InputError
        Where no economy is derived of such a table, with what can be done about it.
    """
    from counterplan.economy.derive import derive_economy

    if source.kind is Kind.BEA:
        refuse_choices(source, value_added=value_added, balance=balance)
        return united_states(table, source.path), ""
    refuse_regions(table, source)
    table = with_value_added(table, source, value_added=value_added)
    table, record = balanced(table, balance)
    notes = [f"Balanced when it was imported. {' '.join(record.split())}"] if record else []
    try:
        if source.kind is Kind.WIOD2013:
            economy = derive_economy(table, sector_assumptions(value_added))
        else:
            economy = derive_economy(table)
    except InputError as error:
        mend = f"{error.mend}: add --balance gras" if error.mend == BALANCE_FIRST else error.mend
        raise InputError(error.thing, place=error.place or str(source.path), mend=mend) from None
    return replace(economy, notes=(*economy.notes, *notes)), record


def refuse_gaps(table: "Table", path: Path) -> None:
    """Refuse a table in which an identity misses by more than rounding and revisions explain.

    Raises
    ------
    InputError
        Naming the worst place and its size, and what can be done.
    """
    from counterplan.economy.tables.identities import breaches

    found = [breach for breach in breaches(table) if breach.relative > GAP_MOST]
    if not found:
        return
    worst = max(found, key=lambda breach: breach.relative)
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    raise InputError(
        f"the table does not add up: {worst.place}: {worst.identity} misses by "
        f"{abs(worst.size):,.6g} {worst.unit} ({worst.relative:.0%}){more}",
        place=str(path),
        mend="add --balance gras, or --gaps keep to keep what is missing in value added and say so "
        "in the notes",
    )


def refuse_choices(source: Source, *, value_added: ValueAdded, balance: Balance) -> None:
    """Refuse choices that a kind of table has no use for."""
    if value_added is not ValueAdded.STATED or balance is not Balance.NONE:
        raise InputError(
            "tables of kind bea state their value added and are told apart as they stand",
            place=str(source.path),
            mend="leave out --value-added and --balance",
        )


def balanced(table: "Table", balance: Balance) -> tuple["Table", str]:
    """Return a balanced table, and what moved in words; the table itself if it is not asked for."""
    from counterplan.economy.tables.gras import balance_by_gras
    from counterplan.economy.tables.least_squares import balance_by_least_squares

    if balance is Balance.NONE:
        return table, ""
    method = balance_by_gras if balance is Balance.GRAS else balance_by_least_squares
    found, movement = method(table)
    return found, str(movement)


def refuse_regions(table: "Table", source: Source) -> None:
    """Refuse a table of several regions: an economy is derived of one."""
    regions = table.products.region_codes()
    if len(regions) > 1:
        raise InputError(
            f"this is a table of {len(regions)} regions, and an economy is derived of one",
            place=str(source.path),
            mend=f"add --country with one of {', '.join(regions[:5])}, ...",
        )


def with_value_added(table: "Table", source: Source, *, value_added: ValueAdded) -> "Table":
    """Return a table with value added, stated or worked out as it was asked for."""
    from counterplan.economy.tables.axes import RowKind
    from counterplan.economy.tables.residual import with_residual_value_added

    if RowKind.VALUE_ADDED in table.other_rows.kinds:
        if value_added is ValueAdded.RESIDUAL:
            raise InputError(
                "the table states its value added",
                place=str(source.path),
                mend="leave out --value-added residual",
            )
        return table
    if value_added is ValueAdded.RESIDUAL:
        return with_residual_value_added(table)
    raise InputError(
        "the table holds no value added, which capital and labour are estimated from",
        place=str(source.path),
        mend="add --value-added residual to take what is left of output when products are paid "
        "(taxes and margins count as value added then), or read the publisher's full workbook",
    )


def sector_assumptions(value_added: ValueAdded) -> "Assumptions":
    """Return the assumptions for a country of the world tables of 2013."""
    from counterplan.economy.derive import Assumptions
    from counterplan.economy.derive.world_sectors import national_profile

    notes = [
        "Capital by branch is known by ISIC Rev. 4 and was brought to the 35 branches of the table "
        "(NACE Rev. 1) by whole branches."
    ]
    if value_added is ValueAdded.RESIDUAL:
        notes.append(
            "The table states no value added: it is what is left of output when products of any "
            "origin are paid, so taxes on products and transport margins are in it."
        )
    return Assumptions(profile=national_profile(), notes=tuple(notes))


def united_states(table: "Table", folder: Path) -> "Economy":
    """Return the economy of the make-use tables and the stock of fixed assets beside them."""
    from counterplan.economy.derive.united_states import detail_economy

    return detail_economy(table, stock_table(folder, year=table.year))


def stock_table(folder: Path, *, year: int) -> "pd.DataFrame":
    """Read the stock of fixed assets by industry and asset of a year.

    Raises
    ------
    InputError
        Where there is not one such file, or it lacks a column or a figure.
    """
    import pandas as pd

    from counterplan.economy.tables.frames import read_frame

    found = [path for path in sorted(folder.iterdir()) if "stock" in path.name.lower()]
    if len(found) != 1:
        raise InputError(
            f"holds {len(found)} files with 'stock' in their names, and capital is estimated from "
            "the net stock of fixed assets by industry and asset",
            place=str(folder),
            mend="put one there: columns industry, asset and the years",
        )
    frame = read_frame(found[0])
    frame.require(["industry", "asset", str(year)])
    return pd.DataFrame(
        {
            "industry": frame.text("industry"),
            "asset": frame.text("asset"),
            str(year): frame.numbers([str(year)])[:, 0],
        }
    )
