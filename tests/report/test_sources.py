"""Sources are numbered once, cited by number, and what has none is said."""

import re
from dataclasses import replace
from pathlib import Path

from counterplan.economy.economy import Economy, Grade, Provenance
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy
from counterplan.plan.plan import Plan
from counterplan.report.blocks import Block, Fold, Table
from counterplan.report.draft import Draft
from counterplan.report.findings import Findings
from counterplan.report.report import sections_of
from counterplan.report.sources import sources_of
from tests.plan.builders import two_branch_economy

BARE = {"certificate", "sources", "names", "asked"}  # no figures of the plan


def stated() -> Economy:
    """Return an economy with three sources, one of them for a single row."""
    own = {"machine": ("a letter", Grade.ESTIMATED)}
    return replace(
        two_branch_economy(),
        provenance={
            "trade.exports": Provenance("customs", Grade.OBSERVED, "free", own),
            "demand.consumption": Provenance("a survey\x00", Grade.OBSERVED),
            "trade.imports_other": Provenance("customs", Grade.DERIVED, "free"),
            "accounts": Provenance("", Grade.ESTIMATED),
        },
    )


def test_each_source_is_listed_once_in_the_order_of_the_tables() -> None:
    sources = sources_of(stated())
    assert [(one.number, one.text, one.licence) for one in sources.listed] == [
        (1, "a survey\ufffd", ""),
        (2, "customs", "free"),
        (3, "a letter", ""),
        (4, "not named", ""),
    ]
    assert sources.listed[1].fields == (
        ("trade.exports", Grade.OBSERVED),
        ("trade.imports_other", Grade.DERIVED),
    )


def test_a_field_is_cited_by_its_own_sources_or_its_tables() -> None:
    sources = sources_of(stated())
    assert sources.numbers("trade.exports") == (2, 3)
    assert sources.numbers("accounts.reserves", "demand.consumption") == (1, 4)
    assert sources.numbers("products.prices") == ()


def test_figures_without_a_source_are_named_and_empty_tables_are_not() -> None:
    unstated = sources_of(stated()).unstated
    assert "techniques.use" in unstated
    assert "trade.export_price" in unstated
    assert "trend.growth" in unstated
    assert "accounts.reserves" not in unstated  # its table has a statement
    assert "projects.cost" not in unstated  # there are no projects
    assert "routes.need" not in unstated


def test_the_packaged_economies_state_everything() -> None:
    assert sources_of(read_package(packaged_economy("russia-2014"))).unstated == ()
    small = sources_of(read_package(packaged_economy("three-workplaces")))
    assert small.unstated == ("trend.growth", "trend.labour")  # both are zero


def test_every_table_of_figures_names_what_makes_it(russian_findings: Findings) -> None:
    root = Path(__file__).parents[2]
    seen: set[str] = set()
    for section in sections_of(Draft(russian_findings)):
        if section.anchor in BARE:
            continue
        for table in tables_in(section.blocks):
            found = re.search(r"Source: this plan \(([^)]+)\)", str(table.note))
            assert found, table.caption
            seen |= set(found[1].split(", "))
    for name in seen:
        place, _, verb = name.partition(".")
        if place == "Plan":
            assert callable(getattr(Plan, verb)), name
        else:
            assert (root / name).is_file(), name
    assert {"Plan.foreign_account", "docs/report.md", "docs/plan/bands.md"} <= seen


def tables_in(blocks: tuple[Block, ...]) -> list[Table]:
    """Return every table, those folded away, too."""
    found = []
    for block in blocks:
        if isinstance(block, Table):
            found.append(block)
        elif isinstance(block, Fold):
            found += tables_in(block.blocks)
    return found
