"""Write the reference pages: ``python -m tools.reference``; with ``--check``, only compare.

A page whose part of the package does not exist is not written.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"


def exists(module: str) -> bool:
    """Return whether a module can be found."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def commands() -> str:
    """Return the page of the commands."""
    from tools.reference import commands as writer

    return writer.render(import_module("counterplan.cli").app)


def families() -> str:
    """Return the page of the constraint families."""
    from tools.reference import families as writer

    return writer.render()


def scenario() -> str:
    """Return the page of the scenario file."""
    from tools.reference import scenario as writer

    return writer.render(import_module("counterplan.plan.scenario").Scenario)


def economy_format() -> str:
    """Return the page of the economy's tables."""
    from tools.reference import economy_format as writer

    return writer.render(import_module("counterplan.economy.package.schema").TABLES)


def python_api() -> str:
    """Return the page of the library."""
    from tools.reference import python_api as writer

    return writer.render(ROOT / "src" / "counterplan")


WRITERS: dict[str, tuple[str, Callable[[], str]]] = {
    "commands.md": ("counterplan.cli", commands),
    "families.md": ("counterplan.plan.family", families),
    "scenario.md": ("counterplan.plan.scenario", scenario),
    "economy-format.md": ("counterplan.economy.package.schema", economy_format),
    "python-api.md": ("counterplan", python_api),
}


def pages() -> dict[str, str]:
    """Return the text of every page by file name."""
    return {name: write() for name, (module, write) in WRITERS.items() if exists(module)}


def stale(folder: Path) -> list[str]:
    """Return the names of the pages in a folder that say something else than the code."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write or compare, and return the exit code."""
    if arguments == ["--check"]:
        old = stale(FOLDER)
        for name in old:
            print(f"docs/reference/{name} does not say what the code says; run `make docs`")
        return 1 if old else 0
    if arguments:
        print("usage: python -m tools.reference [--check]")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
