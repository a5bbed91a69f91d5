"""The producer's tutorial does what it says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "producer.md"


def test_the_producers_tutorial_can_be_followed() -> None:
    text = PAGE.read_text(encoding="utf-8").replace("```", "")
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, PAGE.name, 0)
    result = doctest.DocTestRunner().run(test)
    assert result.attempted > 30
    assert result.failed == 0
