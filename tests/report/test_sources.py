"""Sources are numbered once, cited by number, and what has none is said."""

from dataclasses import replace

from counterplan.economy.economy import Economy, Grade, Provenance
from counterplan.economy.package import read_package
from counterplan.examples import packaged_economy
from counterplan.report.sources import sources_of
from tests.plan.builders import two_branch_economy


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
