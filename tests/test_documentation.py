"""The documentation says what the code says, every family has a page, and links lead somewhere."""

import ast
import re
from doctest import DocTestParser
from importlib import import_module
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
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
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


def internal_links(page: Path) -> list[tuple[str, Path, str]]:
    """Return text, file and anchor of every link of a page that stays in the repository."""
    links = []
    for target in LINK.findall(prose(page)):
        if not ELSEWHERE.match(target):
            name, _, anchor = unquote(target).partition("#")
            links.append((target, (page.parent / name).resolve() if name else page, anchor))
    return links


def is_broken(path: Path, anchor: str) -> bool:
    """Return whether a link's file or heading is not there."""
    if not path.exists():
        return True
    return bool(anchor) and path.suffix == ".md" and anchor not in anchors(path)


def reachable(start: Path) -> set[Path]:
    """Return the pages that a reader can reach from one page by following links."""
    found, waiting = {start}, [start]
    while waiting:
        for _, path, _ in internal_links(waiting.pop()):
            if path.suffix == ".md" and path.is_file() and path not in found:
                found.add(path)
                waiting.append(path)
    return found


def missing_names(block: str) -> list[str]:
    """Return what a block of Python imports from the package though it is not there."""
    missing = []
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("counterplan"):
            module = import_module(str(node.module))
            missing += [one.name for one in node.names if not hasattr(module, one.name)]
    return missing


def test_every_module_that_declares_a_family_is_part_of_every_plan() -> None:
    folder = Path(counterplan.plan.families.__path__[0])
    modules = {
        path.stem for path in folder.glob("*.py") if "@family(" in path.read_text(encoding="utf-8")
    }

    assert modules
    assert {one.rows.__module__.rpartition(".")[2] for one in REGISTRY.values()} == modules
    assert all(one.rows.__name__ == name for name, one in REGISTRY.items())


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
    broken = [text for text, path, anchor in internal_links(page) if is_broken(path, anchor)]

    assert broken == []


def test_every_page_can_be_reached_from_the_index() -> None:
    lost = set(DOCS.rglob("*.md")) - reachable(DOCS / "index.md")

    assert sorted(str(path.relative_to(ROOT)) for path in lost) == []


@pytest.mark.parametrize("page", markdown_pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_python_on_a_page_is_python_and_imports_what_is_there(page: Path) -> None:
    blocks = [without_prompts(b) for b in PYTHON.findall(page.read_text(encoding="utf-8"))]

    assert [name for block in blocks for name in missing_names(block)] == []


def without_prompts(block: str) -> str:
    """Return the code of a block that shows a session; any other block as it is."""
    if ">>> " not in block:
        return block
    return "".join(example.source for example in DocTestParser().get_examples(block))
