"""Blocks: what a page is made of. The template turns each into HTML and escapes every text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from markupsafe import Markup

Text = str | Markup
Weight = Literal["plain", "sum", "part"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: Text
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list; ``lead`` stands above it."""

    items: tuple[Text, ...]
    lead: Text = ""
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True)
class Tile:
    """One number that matters."""

    number: str
    text: Text


@dataclass(frozen=True)
class Tiles:
    """The numbers that matter, side by side."""

    items: tuple[Tile, ...]
    kind: ClassVar[str] = "tiles"


@dataclass(frozen=True)
class Row:
    """A row of a table; the first cell names it. ``weight`` "sum" draws a line above it."""

    cells: tuple[Text, ...]
    weight: Weight = "plain"


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    texts
        How many leading columns hold words; the others hold numbers.
    estimated
        Whether its figures are estimates: the caption then carries the mark.
    """

    caption: Text
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: Text = ""
    texts: int = 1
    estimated: bool = False
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Key:
    """One entry of a legend."""

    label: str
    colour: str
    shape: str = "square"


@dataclass(frozen=True)
class Figure:
    """A chart with its finding as title, its unit, its source and its words.

    Attributes
    ----------
    svg
        The drawing, already safe.
    """

    title: Text
    unit: str
    svg: Markup
    source: str
    keys: tuple[Key, ...] = ()
    estimated: bool = False
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Figures:
    """Charts side by side where there is room."""

    items: tuple[Figure, ...]
    kind: ClassVar[str] = "figures"


@dataclass(frozen=True)
class Fold:
    """Detail that a reader unfolds; printed in full."""

    title: str
    blocks: "tuple[Block, ...]"
    kind: ClassVar[str] = "fold"


Block = Paragraph | Bullets | Tiles | Table | Figure | Figures | Fold


@dataclass(frozen=True)
class Section:
    """A section with its anchor in the page."""

    anchor: str
    title: str
    blocks: tuple[Block, ...] = field(default=())


def rows_of(lines: Sequence[Sequence[Text]]) -> tuple[Row, ...]:
    """Return plain rows."""
    return tuple(Row(tuple(cells)) for cells in lines)


def bold(text: str) -> Markup:
    """Return a text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def speaks_of(block: Block, mark: str) -> bool:
    """Return whether a mark stands in the words of a block itself, not in those folded inside."""
    texts: list[Text]
    match block:
        case Paragraph():
            texts = [block.text]
        case Bullets():
            texts = [block.lead, *block.items]
        case Table():
            texts = [block.caption, *(cell for line in block.rows for cell in line.cells)]
        case Figure():
            texts = [block.title, block.svg, *(key.label for key in block.keys)]
        case _:
            texts = []
    return any(mark in text for text in texts)
