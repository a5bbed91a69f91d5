"""Every method of the analysis has a page, and what the pages show is what the code does."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from counterplan.economy import analysis

DOCS = Path(__file__).resolve().parents[3] / "docs" / "economy"
PAGES = [DOCS / "analysis.md", *sorted((DOCS / "analysis").glob("*.md"))]
# Plumbing that the pages of the methods speak of.
WITHOUT_PAGE = {"arrays", "coefficients", "factors"}


def modules() -> list[str]:
    """Return the names of the modules of the analysis."""
    folder = Path(str(analysis.__file__)).parent
    return sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


def failures(text: str, *, name: str) -> tuple[int, int]:
    """Run the examples in a text and return how many failed and how many there are."""
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    result = doctest.DocTestRunner().run(test)
    return result.failed, result.attempted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run(page: Path) -> None:
    failed, attempted = failures(page.read_text(encoding="utf-8"), name=page.name)

    assert attempted > 0
    assert failed == 0


def test_the_example_of_the_package_runs() -> None:
    assert failures(analysis.__doc__ or "", name="analysis") == (0, 4)


@pytest.mark.parametrize("name", sorted(set(modules()) - WITHOUT_PAGE))
def test_a_module_has_a_page_with_its_sources(name: str) -> None:
    page = DOCS / "analysis" / f"{name.replace('_', '-')}.md"

    assert page.is_file()
    assert "**Sources.**" in page.read_text(encoding="utf-8")
    assert "Source" in (import_module(f"counterplan.economy.analysis.{name}").__doc__ or "")


@pytest.mark.parametrize("name", analysis.__all__)
def test_a_public_name_is_on_a_page(name: str) -> None:
    assert any(name in page.read_text(encoding="utf-8") for page in PAGES)
