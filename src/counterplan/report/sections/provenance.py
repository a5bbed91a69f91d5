"""Provenance: sources, grades, the notes of the economy's makers, and names in full."""

from counterplan.report.blocks import (
    Block,
    Bullets,
    Fold,
    Paragraph,
    Row,
    Section,
    Table,
    bold,
    rows_of,
)
from counterplan.report.draft import Draft
from counterplan.report.names import FOREIGN, clean
from counterplan.report.numbers import NOTHING, listed


def provenance(draft: Draft) -> Section:
    """Return sources, grades, and the notes of the economy's makers."""
    economy = draft.findings.plan.economy
    sources = draft.sources
    rows = [
        Row(
            (
                str(one.number),
                one.text,
                spelled(one.fields),
                listed(sorted({str(grade) for _, grade in one.fields})),
                one.licence or NOTHING,
            )
        )
        for one in sources.listed
    ]
    blocks: list[Block] = [
        Paragraph(
            "Every figure of the economy is observed (published as it stands), derived (computed "
            "from published figures) or estimated. Where a chart or table shows figures that rest "
            "on estimates it carries the mark \u201cest.\u201d. In a plan everything hangs "
            "together: what is not marked also moves when an estimate does, only less."
        )
    ]
    if rows:
        head = ("", "source", "of what", "grade", "licence")
        blocks.append(Table("Sources", head, tuple(rows), texts=5))
    if sources.unstated:
        fields = listed([field.replace(".", ": ").replace("_", " ") for field in sources.unstated])
        blocks.append(Paragraph(f"No source is stated for: {fields}."))
    if economy.notes:
        blocks.append(Bullets(tuple(clean(n) for n in economy.notes), bold("Notes of its makers")))
    return Section("sources", "Sources and grades", tuple(blocks))


def spelled(fields: tuple[tuple[str, object], ...]) -> str:
    """Return fields in words: "trade: exports, imports for investment"."""
    tables: dict[str, list[str]] = {}
    for field, _ in fields:
        table, _, name = field.partition(".")
        tables.setdefault(table, []).append(name.replace("_", " "))
    parts = [
        f"{table} ({', '.join(filter(None, dict.fromkeys(n)))})" for table, n in tables.items()
    ]
    return "; ".join(part.replace(" ()", "") for part in parts)


def names_section(draft: Draft) -> Section:
    """Return codes and names in full."""
    economy = draft.findings.plan.economy
    products, producers = economy.products, economy.producers
    foreign = {
        code: f" {FOREIGN}" if label.endswith(FOREIGN) else ""
        for code, label in draft.findings.names.products.items()
    }
    goods = rows_of(
        [
            (clean(c), f"{clean(n)}{foreign[c]}", clean(u))
            for c, n, u in zip(products.codes, products.names, products.units, strict=True)
        ]
    )
    owners = rows_of(
        [
            (clean(b), clean(n), clean(r) or NOTHING)
            for b, n, r in zip(producers.branches, producers.names, producers.regions, strict=True)
        ]
    )
    tables = (
        Table("Codes, names and units", ("code", "name", "unit"), goods, texts=3),
        Table("Branches and regions", ("branch", "name", "region"), owners, texts=3),
    )
    folds = tuple(
        Fold(title, (draft.clipped(table),))
        for title, table in zip(("Products", "Producers"), tables, strict=True)
    )
    return Section("names", "Names in full", folds)
