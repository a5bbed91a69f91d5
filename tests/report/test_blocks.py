"""Where a mark stands in the words of a block, and its legend on the page."""

import re

import pytest
from markupsafe import Markup

from counterplan.report.blocks import (
    Block,
    Bullets,
    Figure,
    Fold,
    Paragraph,
    Row,
    Table,
    Tile,
    Tiles,
    speaks_of,
)
from counterplan.report.names import FOREIGN, FOREIGN_LEGEND

IN = f"Steel {FOREIGN}"


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (Paragraph(IN), True),
        (Paragraph("Steel"), False),
        (Bullets(("Bread", IN)), True),
        (Bullets(("Bread",), lead=IN), True),
        (Table("Imports", ("",), (Row((IN, "1")),)), True),
        (Table(IN, ("",), ()), True),
        (Table("Imports", ("",), (Row(("Bread",)),), note=IN), False),
        (Figure(IN, "", Markup("<svg/>"), ""), True),
        (Figure("", "", Markup("<svg>{}</svg>").format(IN), ""), True),
        (Fold("All", (Paragraph(IN),)), False),  # the paragraph inside speaks for itself
        (Tiles((Tile("1", IN),)), False),
    ],
)
def test_a_mark_is_found_in_a_block(block: Block, found: bool) -> None:  # noqa: FBT001
    assert speaks_of(block, FOREIGN) == found


def test_every_table_with_the_mark_has_its_legend(russian_html: str) -> None:
    tables = re.split(r"(?=<table)", russian_html)[1:]
    assert any(FOREIGN in one.split("</table>")[0] for one in tables)
    for one in tables:
        table, _, after = one.partition("</table>")
        note = re.match(r"\s*</div>\s*(<p class=\"source\">.*?</p>)?", after, re.DOTALL)
        assert note
        legend = FOREIGN_LEGEND.split(": ")[0] in (note[1] or "")
        assert legend == (FOREIGN in table)
