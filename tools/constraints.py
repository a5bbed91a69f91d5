"""Write constraints.txt: one exact version for everything an installation may bring in.

Run it to move to newer versions (``python -m tools.constraints``); the installed ones do not
matter, pip resolves pyproject.toml anew and nothing is installed. Only names and versions are
written, so the file says nothing of where the packages came from.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `python -m tools.constraints` from pyproject.toml; do not edit by hand.\n"


def requirements(pyproject: dict[str, Any]) -> list[str]:
    """Return every requirement of the project with all its extras, in the file's order."""
    project = pyproject["project"]
    extras = project.get("optional-dependencies", {}).values()
    return [*project["dependencies"], *(one for extra in extras for one in extra)]


def resolve(wanted: Iterable[str]) -> dict[str, str]:
    """Ask pip which versions it would install, and return them by name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--quiet", "--dry-run", "--ignore-installed", "--report", str(report)]
        subprocess.run([sys.executable, "-m", "pip", "install", *options, *wanted], check=True)
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {one["metadata"]["name"]: one["metadata"]["version"] for one in installs}


def render(versions: dict[str, str]) -> str:
    """Return the text of constraints.txt for versions by name."""
    lines = sorted((f"{name}=={version}\n" for name, version in versions.items()), key=str.lower)
    return HEADER + "".join(lines)


def main() -> None:
    """Resolve the project's requirements and write constraints.txt."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    versions = resolve(requirements(pyproject))
    (ROOT / "constraints.txt").write_text(render(versions), encoding="utf-8")
    print(f"constraints.txt: {len(versions)} exact versions")


if __name__ == "__main__":
    main()
