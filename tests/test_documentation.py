"""The documentation says what the code says, every family has a page, and links lead somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

import counterplan.plan.families
from counterplan.plan.family import REGISTRY
from tools.reference.__main__ import FOLDER, WRITERS, exists, pages
from tools.reference.families import equations, page_name

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# Spacing in LaTeX changes nothing that an equation says.
SPACING = re.compile(r"\\[,;:! ]|\\q?quad\b|&|\s")
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"^[a-z]+:")


def bare(latex: str) -> str:
    """Return LaTeX without its spacing."""
    return SPACING.sub("", latex)


def prose(path: Path) -> str:
    """Return a page without its blocks of code, where brackets are not links."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as the forges make them."""
    found: set[str] = set()
    for heading in HEADING.findall(prose(path)):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        number = 0
        while (name := f"{slug}-{number}" if number else slug) in found:
            number += 1
        found.add(name)
    return found


def markdown_pages() -> list[Path]:
    """Return the pages of docs/ and those at the top of the repository."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def broken_links(page: Path) -> list[str]:
    """Return the targets of a page's internal links that are not there."""
    broken = []
    for target in LINK.findall(prose(page)):
        if ELSEWHERE.match(target):
            continue
        name, _, anchor = unquote(target).partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            broken.append(target)
    return broken


def test_every_declared_family_is_listed_under_the_name_of_its_module() -> None:
    folder = Path(counterplan.plan.families.__path__[0])
    modules = {
        path.stem for path in folder.glob("*.py") if "@family(" in path.read_text(encoding="utf-8")
    }

    assert modules
    assert {name: one.rows.__module__.rpartition(".")[2] for name, one in REGISTRY.items()} == {
        name: name for name in modules
    }


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_a_family_has_an_equation_and_its_page_holds_it(name: str) -> None:
    declared = equations(REGISTRY[name].rows.__doc__ or "")
    page = DOCS / "plan" / page_name(name)

    assert declared, f"the docstring of {name} has no '.. math::'"
    assert page.is_file(), f"{name} has no page {page.relative_to(ROOT)}"
    text = bare(page.read_text(encoding="utf-8"))
    assert [equation for equation in declared if bare(equation) not in text] == []


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_a_family_says_what_its_dual_is_worth(name: str) -> None:
    page = (DOCS / "plan" / page_name(name)).read_text(encoding="utf-8")

    assert REGISTRY[name].dual
    assert re.search(r"^#+ .*\bdual\b", page, re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_a_family_has_tests_of_its_own(name: str) -> None:
    module = ROOT / "tests" / "plan" / "families" / f"test_{name}.py"

    assert module.is_file(), f"{name} has no {module.relative_to(ROOT)}"
    assert re.search(r"^def test_", module.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_reference_pages_say_what_the_code_says() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    made = pages()

    assert sorted(written) == sorted(made), "run `make docs`"
    assert [name for name in made if written[name] != made[name]] == [], "run `make docs`"


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_no_reference_page_waits_for_a_module_that_was_renamed(name: str) -> None:
    assert exists(WRITERS[name][0])


@pytest.mark.parametrize("page", markdown_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_internal_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []
