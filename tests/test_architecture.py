"""The shape of the repository: arrows that point down, modules and functions that can be read.

Also what must never be committed: paths of one machine, addresses of package registries,
libraries that the licence or the design rules out.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70

# Written in two parts, so that this file passes its own test.
MACHINE_PATHS = tuple(f"/{folder}/" for folder in ("work", "tmp/w", "root", "home/user"))
ADDRESS = re.compile(r"(https?|file|git\+\w+)://")
FILES_WITHOUT_ADDRESSES = (
    "*.txt",
    "*.toml",
    "*.cfg",
    "*.ini",
    "*.lock",
    "package*.json",
    "*requirements*",
    "Makefile",
)
# GPL libraries would bind the project's licence; ortools cannot share a process with highspy.
RULED_OUT = ("pabutools", "pymerkle", "country_converter", "boario", "mario", "ortools")


def tracked_files() -> list[Path]:
    """Return every file that is in version control, without deleted ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = (ROOT / name for name in answer.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def python_files(*folders: str) -> list[Path]:
    """Return the Python files under some folders of the repository."""
    roots = tuple(ROOT / folder for folder in folders)
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and any(path.is_relative_to(root) for root in roots)
    ]


def text_of(path: Path) -> str:
    """Return a file's text, or nothing for a file that is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def nodes(path: Path) -> Iterator[ast.AST]:
    """Walk the syntax tree of a Python file."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))


def place(path: Path, line: int) -> str:
    """Return a place that an editor can jump to."""
    return f"{path.relative_to(ROOT)}:{line}"


def imported(path: Path) -> Iterator[tuple[int, str, int]]:
    """Yield line, module and level (0 when absolute) of every import in a file."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "", node.level


def test_the_arrows_only_point_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout + result.stderr


def test_modules_can_be_read_in_one_sitting() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files("src", "tools", "benchmarks")
    }

    assert lengths
    assert [place(path, n) for path, n in lengths.items() if n > MODULE_LINES_MAX] == []


def test_functions_fit_on_a_screen() -> None:
    functions = [
        (path, node)
        for path in python_files("src", "tools", "benchmarks", "tests")
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    too_long = [
        f"{place(path, node.lineno)} {node.name}"
        for path, node in functions
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES_MAX
    ]

    assert functions
    assert too_long == []


def test_public_functions_say_what_they_return() -> None:
    silent = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files("src")
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is None
    ]

    assert silent == []


def test_every_file_of_the_package_is_packed() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    package = ROOT / "src" / "counterplan"
    files = [path for path in tracked_files() if path.is_relative_to(package)]
    patterns = pyproject["tool"]["setuptools"]["package-data"]["counterplan"]
    data = {path for pattern in patterns for path in package.glob(pattern)}
    left_out = [
        str(path.relative_to(ROOT))
        for path in files
        # setuptools sees a folder of modules only where there is an __init__.py.
        if not (path in data if path.suffix != ".py" else (path.parent / "__init__.py").is_file())
    ]

    assert left_out == []


def test_imports_are_absolute() -> None:
    relative = [
        place(path, line)
        for path in python_files("src", "tools", "benchmarks", "tests")
        for line, _, level in imported(path)
        if level
    ]

    assert relative == []


def test_the_package_imports_nothing_that_is_ruled_out() -> None:
    found = [
        f"{place(path, line)} {module}"
        for path in python_files("src")
        for line, module, _ in imported(path)
        if module.partition(".")[0].lower() in RULED_OUT
    ]

    assert found == []


def test_no_other_module_than_viability_solves_a_programme_outside_solve() -> None:
    programmes = {"linprog", "milp", "highspy", "clarabel"}
    found = {
        str(path.relative_to(ROOT / "src" / "counterplan"))
        for path in python_files("src")
        for node in nodes(path)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Attribute)
        and programmes & names_in(node)
    }

    assert {one for one in found if not one.startswith("solve/")} == {"economy/viability.py"}


def names_in(node: ast.Import | ast.ImportFrom | ast.Attribute) -> set[str]:
    """Return the names that an import or an attribute brings."""
    if isinstance(node, ast.Attribute):
        return {node.attr}
    names = {part for alias in node.names for part in alias.name.split(".")}
    return names | set((getattr(node, "module", "") or "").split("."))


def test_nothing_that_is_ruled_out_is_installed_with_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # The benchmark's extra is the one place for ortools: it runs in a process of its own.
    extras = project["optional-dependencies"].items()
    wanted = project["dependencies"] + [
        one for name, some in extras if name != "bench" for one in some
    ]
    names = {re.split(r"[\[<>=!~; ]", one)[0].lower().replace("-", "_") for one in wanted}

    assert names.isdisjoint(RULED_OUT)


@pytest.mark.parametrize("path", MACHINE_PATHS)
def test_no_file_holds_a_path_of_one_machine(path: str) -> None:
    holders = [str(file.relative_to(ROOT)) for file in tracked_files() if path in text_of(file)]

    assert holders == []


def test_no_file_of_requirements_holds_an_address() -> None:
    files = [
        file
        for file in tracked_files()
        if any(fnmatch(file.name, pattern) for pattern in FILES_WITHOUT_ADDRESSES)
    ]
    holders = [
        place(file, number)
        for file in files
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if ADDRESS.search(line)
    ]

    assert ROOT / "constraints.txt" in files
    assert holders == []
