"""The writers of the reference pages, on small pieces of code whose pages are known."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer
from pydantic import BaseModel, Field

from counterplan.economy.package.columns import (
    Column,
    Kind,
    amount,
    key_column,
    link,
    most_of,
    share,
    table_of,
)
from counterplan.plan.family import own_family
from tools.reference import __main__ as reference
from tools.reference import commands, economy_format, families, markdown, python_api, scenario


class Part(BaseModel):
    """A part with ``count`` pieces."""

    count: Annotated[int, Field(ge=1, lt=9)] = Field(2, description="how many")


class Whole(BaseModel):
    """All of it."""

    name: str
    kind: Literal["a", "b"] = "a"
    part: Part = Part()
    other: Part = Part(count=3)
    by_year: dict[int, float] = Field(default_factory=dict)
    limit: float | None = None


def test_a_cell_holds_no_line_break_and_no_bare_bar() -> None:
    assert markdown.cell(" a |\n  b ") == r"a \| b"


def test_roles_of_restructuredtext_become_code_and_mathematics() -> None:
    text = "See :func:`~counterplan.plan.make_plan` and ``x`` in :math:`I - A`.\n\nMore."

    assert markdown.first_paragraph(text) == "See `counterplan.plan.make_plan` and `x` in $I - A$."


def test_the_scenario_page_lists_keys_kinds_limits_and_defaults() -> None:
    lines = scenario.render(Whole).splitlines()

    assert "| `name` | text | required |  |" in lines
    assert '| `kind` | `a` or `b` | `"a"` |  |' in lines
    assert "| `part` | [Part](#part) | as listed there |  |" in lines
    assert '| `other` | [Part](#part) | `{"count": 3}` |  |' in lines
    assert "| `by_year` | for each key: number |  |  |" in lines
    assert "| `limit` | number |  |  |" in lines
    assert "| `count` | whole number (at least `1`, less than `9`) | `2` | how many |" in lines
    assert "A part with `count` pieces." in lines
    assert lines.index("## Whole") < lines.index("## Part")


def test_the_commands_page_lists_arguments_options_and_defaults() -> None:
    app = typer.Typer()

    @app.command()
    def check(
        folder: Annotated[Path, typer.Argument(help="What to check.")],
        most: Annotated[int, typer.Option("--most", "-m", help="How many | at most.")] = 8,
        out: Annotated[Path | None, typer.Option(help="Where.")] = None,
    ) -> None:
        """Check a folder."""

    @app.command(hidden=True)
    def secret() -> None:
        """Do not list."""

    @app.command()
    def again() -> None:
        """Do it again."""

    text = commands.render(app)

    assert "## `counterplan check`\n\nCheck a folder.\n" in text
    assert "counterplan check FOLDER [OPTIONS]" in text
    assert "| `FOLDER` | What to check. | required |" in text
    assert r"| `--most, -m` | How many \| at most. | `8` |" in text
    assert "| `--out` | Where. |  |" in text
    assert "secret" not in text
    assert text.index("counterplan again") < text.index("counterplan check")


def test_the_page_of_tables_lists_columns_ranges_and_empty_cells() -> None:
    silos = table_of(
        "silos",
        "Where grain is kept.",
        key_column("silo", "code of the silo"),
        link("product", "what it holds"),
        amount("volume", "how much | at most", unit="t", fills="silos.volume"),
        share("loss", "lost", fills="silos.loss", default=0.0),
        most_of("limit", "most", unit="t", fills="silos.limit"),
        Column("change", Kind.NUMBER, "of either sign"),
    )

    lines = economy_format.render([silos]).splitlines()

    assert "Where grain is kept. May be left out." in lines
    assert "| `silo` | code, key | code of the silo |  | refused |" in lines
    assert "| `product` | code from [products](#products) | what it holds |  | refused |" in lines
    assert r"| `volume` | number (at least 0) | how much \| at most | t | refused |" in lines
    assert "| `loss` | number (at least 0, at most 1) | lost | share per period | `0` |" in lines
    assert "| `limit` | number (at least 0) | most | t | no limit |" in lines
    assert "| `change` | number | of either sign |  | refused |" in lines


def test_equations_are_found_over_several_lines() -> None:
    docstring = """Sums.

    .. math:: a + b
              = c

    Rows: one.

    .. math::

        d = e

    After.
    """

    assert families.equations(docstring) == ["a + b\n= c", "d = e"]
    assert families.equations("No equation: math is not here.") == []


def test_a_family_is_listed_with_equation_unit_and_dual() -> None:
    def land_limit(given: object, plan: object) -> object:
        """Crops fit on the land.

        .. math:: \\sum_j x_j \\le L

        Rows: one.
        """
        return given, plan

    text = families.section(own_family(land_limit, dual="rent of ``land``", unit="hectares"))

    assert text.startswith("## land_limit\n\nCrops fit on the land.\n")
    assert "```math\n\\sum_j x_j \\le L\n```" in text
    assert "- Rows in: hectares\n- Dual: rent of `land`" in text
    assert "(../plan/land-limit.md)" in text


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a package with a folder that lists its offer and one that does not."""
    root = tmp_path / "pack"
    files = {
        "__init__.py": '"""The pack."""\n',
        "_hidden.py": "def no() -> None: ...\n",
        "open/__init__.py": '"""Open."""\n',
        "open/tables.py": (
            '"""Tables."""\n'
            "class Table:\n"
            '    """Rows."""\n'
            '    def total(self, weights: list[float], *, by: str="x") -> float:\n'
            '        """Add up."""\n'
            "    @property\n"
            '    def size(self) -> int:\n        """How many."""\n'
            "    @staticmethod\n"
            '    def empty(size: int) -> "Table":\n        """Nothing."""\n'
            "    def _inner(self) -> None: ...\n"
            "def _private() -> None: ...\n"
        ),
        "listed/__init__.py": (
            '"""Listed."""\nfrom pack.listed.inside import shown as seen\n__all__ = [\'seen\']\n'
        ),
        "listed/inside.py": (
            '"""Inside."""\n'
            'def shown(x: int) -> int:\n    """Shown."""\n'
            'def not_shown() -> None:\n    """Not shown."""\n'
        ),
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_the_library_page_shows_what_is_public(package: Path) -> None:
    text = python_api.render(package)

    assert "## `pack`\n\nThe pack.\n" in text
    assert "- `class Table`: Rows.\n" in text
    assert "  - `Table.total(weights: list[float], *, by: str='x') -> float`: Add up." in text
    assert "  - `Table.size: int`: How many." in text
    assert "  - `Table.empty(size: int) -> 'Table'`: Nothing." in text
    for private in ("_inner", "_private", "_hidden"):
        assert private not in text


def test_a_package_with_a_list_shows_only_that(package: Path) -> None:
    text = python_api.render(package)

    assert "## `pack.listed`\n\nListed.\n\n- `shown(x: int) -> int`: Shown." in text
    assert "not_shown" not in text
    assert "pack.listed.inside" not in text


def test_a_changed_or_missing_page_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = {
        "one.md": ("pathlib", lambda: "one\n"),
        "two.md": ("pathlib", lambda: "two\n"),
        "three.md": ("no_such_package.at_all", lambda: "three\n"),
    }
    monkeypatch.setattr(reference, "WRITERS", writers)
    monkeypatch.setattr(reference, "FOLDER", tmp_path)

    assert reference.main(["--check"]) == 1
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.md", "two.md"]
    (tmp_path / "two.md").write_text("two and a half\n", encoding="utf-8")
    assert reference.stale(tmp_path) == ["two.md"]
    assert reference.main(["--wrong"]) == 2
