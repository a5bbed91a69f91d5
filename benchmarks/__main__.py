"""Run the benchmarks: ``python -m benchmarks [NAME [PART ...] ...]``, all with their parts
when none is named.

A benchmark is a module ``benchmarks/bench_NAME.py`` with a function ``run()`` that returns its
tables by title: ``dict[str, pandas.DataFrame]``. The first paragraph of its docstring says what
was measured, the others explain it. Each result is printed and written to
``benchmarks/results/NAME.md``, under the description of the machine. A module may have parts that
run alone, functions like ``run`` by name in ``PARTS``; they write ``NAME-PART.md``.
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import ModuleType

import pandas as pd

from benchmarks import machine

HERE = Path(__file__).resolve().parent
PREFIX = "bench_"
Tables = Mapping[str, pd.DataFrame]
Asked = tuple[str, str]  # a benchmark and its part, or nothing for the whole


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


def parts(name: str) -> Mapping[str, Callable[[], Tables]]:
    """Return the parts of a benchmark that run alone."""
    found: Mapping[str, Callable[[], Tables]] = getattr(module(name), "PARTS", {})
    return found


def module(name: str) -> ModuleType:
    """Return the module of a benchmark."""
    return import_module(f"benchmarks.{PREFIX}{name}")


def asked(words: Iterable[str]) -> tuple[list[Asked], list[str]]:
    """Return which benchmarks are asked for, and the words that name none."""
    wanted: list[Asked] = []
    unknown = []
    for word in words:
        if word in known():
            wanted.append((word, ""))
        elif wanted and word in parts(wanted[-1][0]):
            name, part = wanted[-1]
            if not part:
                wanted.pop()
            wanted.append((name, word))
        else:
            unknown.append(word)
    return wanted, unknown


def everything() -> list[Asked]:
    """Return every benchmark, each followed by its parts."""
    return [(name, part) for name in known() for part in ("", *parts(name))]


def measure(name: str, part: str, *, results: Path) -> Path:
    """Run one benchmark, or a part of it, write its page, and return where."""
    run = parts(name)[part] if part else module(name).run
    about = (run if part else module(name)).__doc__ or name
    path = results / f"{'-'.join(filter(None, (name, part)))}.md"
    results.mkdir(exist_ok=True)
    text = page(f"{name} {part}".strip(), about=about, tables=run())
    path.write_text(text, encoding="utf-8")
    return path


def main(names: Iterable[str]) -> int:
    """Run the named benchmarks, or all, and return the exit code."""
    words = list(names)
    wanted, unknown = asked(words) if words else (everything(), [])
    if unknown:
        has = [f"{name} ({', '.join(parts(name))})" for name, _ in wanted if parts(name)]
        print(f"no benchmark named {', '.join(unknown)}; known: {', '.join(known())}")
        print("".join(f"parts of {one}\n" for one in has), end="")
        return 2
    for name, part in wanted:
        start_s = perf_counter()
        path = measure(name, part, results=HERE / "results")
        print(path.read_text(encoding="utf-8"))
        print(f"{path.relative_to(HERE.parent)}: written after {perf_counter() - start_s:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
