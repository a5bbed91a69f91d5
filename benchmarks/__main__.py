"""Run the benchmarks: ``python -m benchmarks [NAME ...]``, all of them when none is named.

A benchmark is a module ``benchmarks/bench_NAME.py`` with a function ``run()`` that returns its
tables by title: ``dict[str, pandas.DataFrame]``. The first paragraph of its docstring says what
was measured, the others explain it. Each result is printed and written to
``benchmarks/results/NAME.md``, under the description of the machine.
"""

import inspect
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from time import perf_counter

import pandas as pd

from benchmarks import machine

HERE = Path(__file__).resolve().parent
PREFIX = "bench_"


def known() -> list[str]:
    """Return the names of all benchmarks, in the order of the alphabet."""
    return sorted(path.stem.removeprefix(PREFIX) for path in HERE.glob(f"{PREFIX}*.py"))


def cell(value: object) -> str:
    """Return a value as a cell of a table: figures to four significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value).replace("|", "\\|")


def markdown(table: pd.DataFrame) -> str:
    """Return a table in Markdown, figures to the right."""
    header = [cell(name) for name in table.columns]
    rules = ["---:" if pd.api.types.is_numeric_dtype(kind) else "---" for kind in table.dtypes]
    # One row at a time as objects: a whole number must not turn into a float beside one.
    body = [[cell(value) for value in row] for row in table.itertuples(index=False, name=None)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rules, *body])


def page(name: str, *, about: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the page of one benchmark: what, how to repeat it, on what machine, the tables."""
    title, _, explanation = inspect.cleandoc(about).partition("\n\n")
    facts = pd.DataFrame(machine.describe().items(), columns=["machine", ""])
    parts = [f"# {' '.join(title.split()).rstrip('.')}"]
    parts += [explanation] if explanation else []
    parts.append(f"`make bench`, or this alone: `python -m benchmarks {name}`.")
    parts.append(markdown(facts))
    for title, table in tables.items():
        parts += [f"## {title}", markdown(table)]
    return "\n\n".join(parts) + "\n"


def measure(name: str, *, results: Path) -> Path:
    """Run one benchmark, write its page, and return where."""
    module = import_module(f"benchmarks.{PREFIX}{name}")
    about = module.__doc__ or name
    path = results / f"{name}.md"
    results.mkdir(exist_ok=True)
    path.write_text(page(name, about=about, tables=module.run()), encoding="utf-8")
    return path


def main(names: Iterable[str]) -> int:
    """Run the named benchmarks, or all, and return the exit code."""
    wanted = list(names) or known()
    if unknown := sorted(set(wanted) - set(known())):
        print(f"no benchmark named {', '.join(unknown)}; known: {', '.join(known())}")
        return 2
    for name in wanted:
        start_s = perf_counter()
        path = measure(name, results=HERE / "results")
        print(path.read_text(encoding="utf-8"))
        print(f"{path.relative_to(HERE.parent)}: written after {perf_counter() - start_s:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
