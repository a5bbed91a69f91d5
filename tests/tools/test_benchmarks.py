"""The benchmarks' runner: tables as Markdown under a description of the machine."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import __main__ as runner
from benchmarks import machine


def test_a_table_keeps_whole_numbers_and_rounds_the_others() -> None:
    table = pd.DataFrame({"way": ["a|b", "c"], "rows": [1_000_000, 3], "time_s": [1.23456, 2e-7]})

    assert runner.markdown(table).splitlines() == [
        "| way | rows | time_s |",
        "| --- | ---: | ---: |",
        r"| a\|b | 1000000 | 1.235 |",
        "| c | 3 | 2e-07 |",
    ]


def test_a_page_says_how_to_repeat_it_and_on_what_it_was_measured() -> None:
    about = "Adding in\n    two lines.\n\n    - one way\n    - another\n    "
    text = runner.page("sums", about=about, tables={"Sums": pd.DataFrame({"time_s": [0.5]})})

    assert text.startswith("# Adding in two lines\n\n- one way\n- another\n\n")
    assert "`python -m benchmarks sums`" in text
    assert text.endswith("## Sums\n\n| time_s |\n| ---: |\n| 0.5 |\n")
    for fact in ("processor", "cores", "memory", "highspy"):
        assert f"| {fact} |" in text


def test_the_machine_has_cores_and_memory() -> None:
    facts = machine.describe()

    assert int(facts["cores"]) >= 1
    assert machine.memory_gib() > 0
    assert all(facts.values())


def test_an_unknown_benchmark_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["no-such-thing"]) == 2
    assert "no benchmark named no-such-thing" in capsys.readouterr().out


def test_a_part_of_a_benchmark_is_named_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.asked(["dialogue", "hundred", "silent", "plan"]) == (
        [("dialogue", "hundred"), ("dialogue", "silent"), ("plan", "")],
        [],
    )
    assert runner.asked(["hundred"]) == ([], ["hundred"])
    assert runner.main(["dialogue", "no-such-part"]) == 2
    assert "parts of dialogue (thousand, hundred" in capsys.readouterr().out


def test_a_part_writes_a_page_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half() -> dict[str, pd.DataFrame]:
        """Half of it."""
        return {"Half": pd.DataFrame({"n": [1]})}

    monkeypatch.setattr(runner, "parts", lambda _: {"half": half})
    path = runner.measure("dialogue", "half", results=tmp_path)

    assert path == tmp_path / "dialogue-half.md"
    assert path.read_text(encoding="utf-8").startswith("# Half of it\n")
    assert "`python -m benchmarks dialogue half`" in path.read_text(encoding="utf-8")


def test_without_a_name_every_benchmark_and_every_part_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran = []

    def noted(name: str, part: str, *, results: Path) -> Path:
        ran.append((name, part))
        page = runner.HERE / "results" / "note.md"
        monkeypatch.setattr(Path, "read_text", lambda *_, **__: str(results))
        return page

    monkeypatch.setattr(runner, "measure", noted)
    assert runner.main([]) == 0
    assert {("dialogue", ""), ("dialogue", "thousand"), ("replanning", "noise")} <= set(ran)
    assert {name for name, _ in ran} == set(runner.known())
