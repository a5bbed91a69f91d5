"""The page of the economy's data package: every table and column as the reader knows them."""

from collections.abc import Sequence

from counterplan.economy.package.columns import NUMBER_MOST, Column, Kind, TableSchema
from tools.reference.markdown import code, page, plain, table

WORDS = {Kind.NUMBER: "number", Kind.INTEGER: "whole number", Kind.TEXT: "text"}


def span(column: Column) -> str:
    """Return the range of a column of numbers in words; nothing where it is open."""
    least = "" if column.least <= -NUMBER_MOST else f"at least {column.least:g}"
    most = "" if column.most >= NUMBER_MOST else f"at most {column.most:g}"
    words = ", ".join(part for part in (least, most) if part)
    return f" ({words})" if words else ""


def holds(column: Column, *, key: Sequence[str]) -> str:
    """Return what a cell holds."""
    if column.refers:
        text = f"code from [{column.refers}](#{column.refers})"
    elif column.kind is Kind.CODE:
        text = "code"
    else:
        text = WORDS[column.kind] + (span(column) if column.is_number else "")
    return f"{text}, key" if column.name in key else text


def when_empty(column: Column) -> str:
    """Return what an empty cell stands for."""
    if column.default is None:
        return "refused"
    if column.default == float("inf"):
        return "no limit"
    return code(f"{column.default:g}") if column.is_number else ""


def section(schema: TableSchema) -> str:
    """Return the section of one table."""
    rows = [
        (
            code(column.name),
            holds(column, key=schema.key),
            plain(column.meaning),
            plain(column.unit),
            when_empty(column),
        )
        for column in schema.columns
    ]
    needed = "In every package." if schema.required else "May be left out."
    header = ["column", "holds", "meaning", "unit", "empty cell"]
    return "\n\n".join([f"## {schema.name}", f"{schema.meaning} {needed}", table(header, rows)])


def render(tables: Sequence[TableSchema]) -> str:
    """Return the page of the tables of the format."""
    about = (
        "An economy is a folder with `datapackage.json` and a CSV or Parquet file for each table, "
        "named like it. A column whose empty cells are not refused may be left out as a whole. "
        "Two rows with the same key are refused."
    )
    source = "`counterplan.economy.package.schema`"
    sections = [section(schema) for schema in tables]
    return page("The economy's tables", source=source, parts=[about, *sections])
