"""The exact versions cover what the project asks for, and agree with it."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import constraints

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINES = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PINNED = {
    canonicalize_name(name): version for name, _, version in (x.partition("==") for x in LINES)
}


@pytest.mark.parametrize("text", constraints.requirements(PYPROJECT))
def test_a_requirement_has_an_exact_version_that_it_allows(text: str) -> None:
    requirement = Requirement(text)

    assert requirement.specifier.contains(PINNED[canonicalize_name(requirement.name)])


def test_every_line_is_one_exact_version_in_the_order_of_the_alphabet() -> None:
    assert all(Requirement(line).specifier for line in LINES)
    assert len(PINNED) == len(LINES)
    assert constraints.render(dict(line.split("==") for line in LINES)).splitlines()[1:] == LINES


def test_requirements_come_from_the_dependencies_and_all_extras() -> None:
    project = {"dependencies": ["a>=1"], "optional-dependencies": {"x": ["b"], "y": ["c<2"]}}

    assert constraints.requirements({"project": project}) == ["a>=1", "b", "c<2"]


def test_resolving_returns_names_and_versions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(command: list[str], *, check: bool) -> None:
        report = Path(command[command.index("--report") + 1])
        assert check
        assert command[-1] == "a>=1"
        report.write_text('{"install": [{"metadata": {"name": "A", "version": "1.2"}}]}')

    monkeypatch.setattr(constraints.subprocess, "run", answer)

    assert constraints.resolve(["a>=1"]) == {"A": "1.2"}
