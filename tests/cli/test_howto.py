"""The how-to pages: every command on them is run as it stands."""

import re
import shlex
from pathlib import Path

import pytest

from counterplan.examples import packaged_scenarios
from counterplan.plan.open import open_scenario
from tests.cli.running import run

PAGES = Path(__file__).resolve().parents[2] / "docs" / "howto"
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
RUNNABLE = [page.name for page in sorted(PAGES.glob("*.md")) if SHELL.search(page.read_text())]


def test_there_are_pages_with_commands() -> None:
    assert len(RUNNABLE) >= 6


@pytest.mark.parametrize("name", RUNNABLE)
def test_the_commands_of_a_page_work(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in SHELL.findall((PAGES / name).read_text(encoding="utf-8")):
        for line in block.splitlines():
            program, *words = shlex.split(line)
            answer = run(*words)
            assert program == "counterplan"
            assert answer.code == 0, f"{line}: {answer.err}"


@pytest.mark.parametrize("name", ["shock.md", "mandate.md", "own-economy.md"])
def test_a_scenario_on_a_page_can_be_opened(name: str, tmp_path: Path) -> None:
    (block,) = YAML.findall((PAGES / name).read_text(encoding="utf-8"))
    run("new", tmp_path / "my-economy")
    if not block.startswith("name:"):
        head = "name: x\ntitle: x\neconomy: three-workplaces\nhorizon: {first: 2, periods: 5}\n"
        block = head + block
    (tmp_path / "own.yaml").write_text(block)

    assert open_scenario(tmp_path / "own.yaml")[0].horizon.periods == 5


def test_every_packaged_scenario_is_on_its_page() -> None:
    text = (PAGES / "scenarios.md").read_text(encoding="utf-8")

    assert [name for name in packaged_scenarios() if f"`{name}`" not in text] == []
