"""Columns and tables: the words in which the schema of a data package is written."""

from dataclasses import dataclass
from enum import StrEnum

INF = float("inf")
NUMBER_MOST = 1e30  # a figure beyond it is a slip of the hand, and its square would overflow
PERIODS_MOST = 1000


class Kind(StrEnum):
    """What a cell holds."""

    CODE = "code"
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name, kind, meaning, unit
        The header, what a cell holds, what it means, and in what it is counted.
    default
        What an empty cell, or a missing column, stands for; None: it must be filled.
    least, most
        The range of a number, both ends included.
    refers
        The table whose key this code must be found in; '' where it is free.
    measures
        For a unit column: the code column whose unit it must repeat.
    fills
        The field of :class:`~counterplan.economy.economy.Economy` that it fills, which is
        also the key of its provenance ("techniques.use").
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    default: str | float | None = None
    least: float = -NUMBER_MOST
    most: float = NUMBER_MOST
    refers: str = ""
    measures: str = ""
    fills: str = ""

    @property
    def required(self) -> bool:
        """Whether the column must be there and every cell of it filled."""
        return self.default is None

    @property
    def is_number(self) -> bool:
        """Whether the cells are numbers."""
        return self.kind in (Kind.NUMBER, Kind.INTEGER)


@dataclass(frozen=True)
class TableSchema:
    """One table: its name, what a row says, its columns, and the columns that name a row.

    ``required`` tables must be in every package; an absent optional table is an empty one.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False

    def column(self, name: str) -> Column:
        """Return a column by its name (KeyError where there is none)."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def figures(self) -> tuple[Column, ...]:
        """The columns whose numbers carry a source and a grade."""
        return tuple(c for c in self.columns if c.is_number and c.fills)


SOURCE = Column(
    "source", Kind.TEXT, "where the figures of the row come from; empty: as the table", default=""
)
GRADE = Column(
    "grade",
    Kind.TEXT,
    "how good they are: observed, derived or estimated; empty: as the table",
    default="",
)


def table_of(name: str, meaning: str, *columns: Column, key: tuple[str, ...] = ()) -> TableSchema:
    """Make an optional table; its first column is its key unless another is given.

    A table with figures gets the columns for their source and grade.
    """
    last = (SOURCE, GRADE) if any(column.is_number for column in columns) else ()
    return TableSchema(name, meaning, (*columns, *last), key or (columns[0].name,))


def key_column(name: str, meaning: str) -> Column:
    """Make the column of the code that names a row."""
    return Column(name, Kind.CODE, meaning)


def name_column(*, fills: str) -> Column:
    """Make the column of a name in words."""
    return label("name", "name in words; empty: the code", fills=fills)


def label(name: str, meaning: str, *, fills: str) -> Column:
    """Make a column of text that may be empty."""
    return Column(name, Kind.TEXT, meaning, default="", fills=fills)


def unit_column(meaning: str, *, fills: str) -> Column:
    """Make a column of units that must be filled."""
    return Column("unit", Kind.TEXT, meaning, fills=fills)


def link(name: str, meaning: str, *, refers: str = "") -> Column:
    """Make a column of codes that are keys of another table: by default the name and an s."""
    return Column(name, Kind.CODE, meaning, refers=refers or f"{name}s")


def unit_of(what: str) -> Column:
    """Make the optional column that repeats the unit of a code column's row."""
    meaning = f"optional; repeats the unit of the {what}, and is refused where it differs"
    return Column("unit", Kind.TEXT, meaning, default="", measures=what)


def amount(
    name: str, meaning: str, *, unit: str, fills: str, default: float | None = None
) -> Column:
    """Make a column of finite numbers that are not negative."""
    return Column(name, Kind.NUMBER, meaning, unit, default, least=0.0, fills=fills)


def quantity(unit: str, *, fills: str) -> Column:
    """Make the column "quantity" of a table that holds one figure in each row."""
    return amount("quantity", "how much", unit=unit, fills=fills)


def balance(
    name: str, meaning: str, *, unit: str, fills: str, default: float | None = None
) -> Column:
    """Make a column of finite numbers of either sign."""
    return Column(name, Kind.NUMBER, meaning, unit, default, fills=fills)


def most_of(name: str, meaning: str, *, unit: str, fills: str) -> Column:
    """Make a column of upper limits, where an empty cell means that there is none."""
    return Column(name, Kind.NUMBER, meaning, unit, INF, least=0.0, fills=fills)


def share(name: str, meaning: str, *, fills: str, default: float | None = None) -> Column:
    """Make a column of shares per period from 0 to 1."""
    unit = "share per period"
    return Column(name, Kind.NUMBER, meaning, unit, default, least=0.0, most=1.0, fills=fills)


def periods(name: str, meaning: str, *, fills: str, least: int, default: int) -> Column:
    """Make a column of whole numbers of periods."""
    return Column(
        name,
        Kind.INTEGER,
        meaning,
        "periods",
        default,
        least=least,
        most=PERIODS_MOST,
        fills=fills,
    )
