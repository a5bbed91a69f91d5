"""Pieces of Markdown."""

import re
from collections.abc import Sequence


def cell(text: str) -> str:
    """Return a text that can stand in one cell of a table."""
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell(text) for text in line)} |" for line in lines)


def code(text: str) -> str:
    """Return a text as code, or nothing for an empty one."""
    return f"`{text}`" if text else ""


def plain(docstring: str) -> str:
    """Return a docstring's text without the roles and double quotes of reStructuredText."""
    text = re.sub(r":(?:func|class|mod|meth|attr|data):`~?([^`]+)`", r"`\1`", docstring)
    text = re.sub(r":math:`([^`]+)`", r"$\1$", text)
    return text.replace("``", "`")


def first_paragraph(docstring: str | None) -> str:
    """Return a docstring's first paragraph on one line."""
    paragraph = (docstring or "").strip().partition("\n\n")[0]
    return plain(" ".join(paragraph.split()))


def page(title: str, *, source: str, parts: Sequence[str]) -> str:
    """Return a whole page that says where it comes from and how to write it again."""
    note = f"<!-- Written from {source} by `make docs`; do not edit by hand. -->"
    return "\n\n".join([f"# {title}", note, *parts]) + "\n"
