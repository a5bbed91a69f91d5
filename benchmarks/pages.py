"""Copy the tables of benchmarks/results into the documentation: ``python -m benchmarks.pages``.

In ``docs/benchmarks.md``, what stands between ``<!-- results: NAME -->`` and ``<!-- end -->``
is replaced by what the runner wrote into ``benchmarks/results/NAME.md``, without its title.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
RESULTS = HERE / "results"
PLACE = re.compile(r"(<!-- results: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, *, results: Path) -> str:
    """Return a page with the newest results in their places; a place without results stays."""

    def newest(found: re.Match[str]) -> str:
        path = results / f"{found['name']}.md"
        if not path.is_file():
            return found[0]
        body = path.read_text(encoding="utf-8").partition("\n\n")[2].strip()
        # The page's own headings come first: those of the results go one level down.
        body = re.sub(r"^#", "##", body, flags=re.MULTILINE)
        return f"{found[1]}\n{body}\n\n{found[3]}"

    return PLACE.sub(newest, page)


def main() -> int:
    """Fill the page in place."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), results=RESULTS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
