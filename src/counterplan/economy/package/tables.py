"""All tables of a package together: codes that must be found elsewhere, units that must fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from counterplan.economy.economy import Integers
from counterplan.economy.package.columns import Column
from counterplan.economy.package.rows import SUGGESTIONS_FROM_MAX, Rows
from counterplan.economy.package.schema import ACCOUNT_ITEMS, TABLES
from counterplan.economy.package.schema import table as schema_of
from counterplan.errors import InputError, did_you_mean

# Mandates name all groups by "*", and collective consumption by "collective".
RESERVED_GROUPS = ("*", "collective")


@dataclass(frozen=True)
class Tables:
    """Every table of the schema by name, empty where the package has none."""

    rows: Mapping[str, Rows]
    _positions: dict[str, dict[str, int]] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Rows:
        return self.rows[name]

    def index(self, name: str) -> dict[str, int]:
        """Return the position of each code of a table."""
        if name not in self._positions:
            codes = self[name].text(schema_of(name).columns[0].name)
            self._positions[name] = {code: i for i, code in enumerate(codes)}
        return self._positions[name]

    def positions(self, name: str, column: str) -> Integers:
        """Return, for each row, the position of the code in the table that it refers to.

        Raises
        ------
        InputError
            Where a code is not in that table: file, row, and the nearest code that is.
        """
        rows = self[name]
        target = schema_of(name).column(column).refers
        known = self.index(target)
        found = [known.get(code, -1) for code in rows.columns[column]]
        if -1 in found:
            raise self._unknown(rows, found.index(-1), column=column, target=target)
        return np.array(found, dtype=np.int64)

    def _unknown(self, rows: Rows, row: int, *, column: str, target: str) -> InputError:
        code = rows.columns[column][row]
        key = schema_of(target).columns[0].name
        known = self.index(target)
        place = rows.place(row, column)
        if not known:
            thing = f"{key} '{code}' cannot be found: there are no {target.replace('_', ' ')}"
            return InputError(thing, place=place, mend=f"write it into the table '{target}'")
        near = did_you_mean(code, known) if len(known) <= SUGGESTIONS_FROM_MAX else ""
        return InputError(
            f"{key} '{code}' is not in {self[target].title}",
            place=place,
            mend=near or f"write it into the table '{target}', or correct the code",
        )


def check_tables(tables: Tables) -> None:
    """Check everything that needs more than one table, or that holds for one table only.

    Raises
    ------
    InputError
        For the first unknown code, unit that does not fit, unknown account or reserved group.
    """
    for schema in TABLES:
        for column in schema.columns:
            if column.refers:
                tables.positions(schema.name, column.name)
    for schema in TABLES:
        for column in schema.columns:
            if column.measures:
                _check_units(tables, tables[schema.name], column)
    _check_routes(tables)
    _check_accounts(tables["accounts"])
    _check_groups(tables["groups"])


def _check_units(tables: Tables, rows: Rows, column: Column) -> None:
    stated = rows.text(column.name)
    if not any(stated):
        return
    measured = rows.schema.column(column.measures)
    units = tables[measured.refers].text("unit")
    positions = tables.positions(rows.schema.name, measured.name)
    for row, (unit, position) in enumerate(zip(stated, positions, strict=True)):
        if unit and unit != units[position]:
            code = rows.columns[measured.name][row]
            raise InputError(
                f"the unit is '{unit}', and {measured.name} '{code}' is counted in "
                f"'{units[position]}'",
                place=rows.place(row, column.name),
                mend=f"convert the figure to '{units[position]}', or correct the unit",
            )


def _check_routes(tables: Tables) -> None:
    rows = tables["routes"]
    units = tables["products"].text("unit")
    origin = tables.positions("routes", "origin")
    destination = tables.positions("routes", "destination")
    for row, (start, end) in enumerate(zip(origin, destination, strict=True)):
        if start == end:
            raise InputError(
                "the route ends where it starts",
                place=rows.place(row, "destination"),
                mend="give the product of the other region",
            )
        if units[start] != units[end]:
            raise InputError(
                f"the unit changes from '{units[start]}' to '{units[end]}' on the way",
                place=rows.place(row, "destination"),
                mend="count both products in one unit",
            )


def _check_accounts(rows: Rows) -> None:
    for row, item in enumerate(rows.text("item")):
        if item not in ACCOUNT_ITEMS:
            raise InputError(
                f"there is no account '{item}'",
                place=rows.place(row, "item"),
                mend=did_you_mean(item, ACCOUNT_ITEMS)
                or f"the accounts are {', '.join(ACCOUNT_ITEMS)}",
            )
        if item != "transfers" and rows.numbers("amount")[row] < 0:
            raise InputError(
                f"{item} is {rows.numbers('amount')[row]:.15g}",
                place=rows.place(row, "amount"),
                mend="only transfers may be negative",
            )


def _check_groups(rows: Rows) -> None:
    for row, group in enumerate(rows.text("group")):
        if group in RESERVED_GROUPS:
            raise InputError(
                f"a group cannot be called '{group}': the word has a meaning in mandates",
                place=rows.place(row, "group"),
                mend="choose another code",
            )
