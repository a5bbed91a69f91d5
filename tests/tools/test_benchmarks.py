"""The benchmarks' runner: tables as Markdown under a description of the machine."""

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
