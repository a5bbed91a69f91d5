"""What the page on inference shows is what can be inferred."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "dialogue" / "inference.md"


def test_the_examples_of_the_page_run() -> None:
    text = PAGE.read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, PAGE.name, 0)
    result = doctest.DocTestRunner().run(test)

    assert result.attempted > 20
    assert result.failed == 0
