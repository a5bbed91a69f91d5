"""The page and the command of an experiment on honesty."""

import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from counterplan.cli.honesty import PAGE, TABLES, refuse_target
from counterplan.dialogue.honesty.experiment import Setting, experiment
from counterplan.dialogue.honesty.findings import findings_of
from counterplan.plan.mandate import Mandate, Need
from counterplan.report.honesty import ranged, render_honesty
from counterplan.report.honesty_checks import nought
from tests.cli.running import Answer, complaint, run
from tests.dialogue.honesty.cases import workplaces
from tests.plan.builders import scenario_of

SCENARIO = """
name: drop
title: A drop of the oil price
economy: russia-2014
horizon: {first: 2015, periods: 2}
shocks:
  - {kind: export_price, products: [B, C19], factor: 0.55}
"""


class Page(HTMLParser):
    """The words of a page, its anchors and links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.anchors, self.links, self.tables = "", set[str](), set[str](), 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.anchors.add(found.get("id") or "")
        self.links.add(found.get("href") or "")
        self.tables += tag == "table"

    def handle_data(self, data: str) -> None:
        self.words += data


def tried(scenario: Path, out: Path) -> Answer:
    """Run the command at its smallest, the checks on a crowd of 200."""
    words = ("--producers", "34", "--share", "0.2", "--draws", "1", "--periods", "1", "--out")
    with pytest.MonkeyPatch.context() as patch:
        # The package has a function of the module's name, which hides it.
        patch.setattr(import_module("counterplan.cli.honesty"), "CROWD", 200)
        return run("honesty", scenario, *words, out)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("honesty")
    scenario = folder / "drop.yaml"
    scenario.write_text(SCENARIO)
    out = folder / "deep" / "out"
    out.mkdir(parents=True)
    (out / PAGE).write_text("of an earlier experiment")  # and so to be replaced
    answer = tried(scenario, out)
    assert answer.code == 0, answer.err
    assert "planning drop: 13 of 13" in answer.err
    assert re.search(r"^padding +40% +\d+\.\d\d", answer.out, re.MULTILINE)
    return out


def test_the_folder_holds_the_page_and_every_table(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == {PAGE, *TABLES}
    assert len(pd.read_csv(written / "trials.csv")) == 12


def test_every_column_of_every_table_is_explained(written: Path) -> None:
    columns = pd.read_csv(written / "columns.csv")
    for name in TABLES[:-1]:
        said = set(columns[columns["table"] == name]["column"])
        assert said == set(pd.read_csv(written / name).columns)


def test_the_page_shows_the_figures_of_the_tables(written: Path) -> None:
    page = Page((written / PAGE).read_text(encoding="utf-8"))
    summary = pd.read_csv(written / "summary.csv").set_index(["kind", "degree"])

    for kind in ("padding", "hoarding", "sandbagging"):
        assert f"{100 * summary.loc[(kind, 0.1), 'loss']:.2f}%" in page.words
    assert page.tables >= 8
    assert "workplaces that are not real" in page.words
    assert "WIOD" in page.words


def test_the_page_needs_no_network_and_its_links_lead_somewhere(written: Path) -> None:
    html = (written / PAGE).read_text(encoding="utf-8")
    page = Page(html)

    assert "<script" not in html
    assert {link for link in page.links if link.startswith("#")} <= {f"#{a}" for a in page.anchors}
    assert not {link for link in page.links if link and link[0] not in "#d"}


def test_a_folder_that_the_command_wrote_may_be_written_again(written: Path) -> None:
    refuse_target(written)

    assert "earlier" not in (written / PAGE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--share", "2"], "a share of 2 of the producers; give one above 0 and below 1"),
        (["--share", "nan"], "a share of nan"),
        (["--draws", "0"], "0 draws; ask for 1 to 100"),
        (["--seed", "-1"], "a seed of -1"),
        (["--producers", "5"], "5 workplaces for the 33 producers of"),
        (["--producers", "40", "--share", "0.01"], "is less than one liar"),
    ],
)
def test_bad_input_is_refused_in_one_line(words: list[str], message: str, tmp_path: Path) -> None:
    answer = run("honesty", "oil-055", "--out", tmp_path / "out", *words)

    assert answer.code == 2
    assert message in complaint(answer)
    assert not (tmp_path / "out").exists()


def test_other_files_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")

    for place, words in ((tmp_path, "holds 'file'"), (tmp_path / "file", "is a file")):
        answer = run("honesty", "oil-055", "--out", place)
        assert answer.code == 2
        assert words in complaint(answer)


def test_reports_without_a_plan_are_said_on_the_page() -> None:
    hungry = scenario_of(periods=2, mandate=Mandate(needs=(Need(share=1.0),)))
    setting = Setting(share=0.9, draws=1, degrees=(0.0, 0.4))
    outcome = experiment(workplaces(), hungry, setting)
    found = findings_of(workplaces(), outcome.best, setting)
    words = Page(render_honesty(outcome, found, crowd=12)).words

    failed = int((~outcome.trials["planned"]).sum())
    assert failed > 0
    assert f"{failed} of 6 sets of reports leave no plan that keeps the mandate" in words


def test_cells_say_a_range_only_where_there_is_one() -> None:
    assert ranged(0.012, 0.01, 0.02) == "1.20% (1.00 to 2.00)"
    assert ranged(0.012, 0.012, 0.012) == "1.20%"
    assert nought(pd.Series([float("nan")])) == 0.0
    assert nought(pd.Series([0.5, float("nan")])) == 0.5
