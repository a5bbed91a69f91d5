"""The figures of a page agree with each other and with the plan, as they are printed."""

import re

import pytest

from counterplan.plan.plan import Plan
from tests.report.plans import Page, number


def test_the_loss_adds_up_as_printed(russian_page: Page) -> None:
    caption = "Foreign currency against the plan without the shock, billion USD"
    head, *rows = russian_page.tables[caption]
    assert head == ["", "2015", "2016", "2017", "all"]
    cells = {row[0]: [number(cell) for cell in row[1:]] for row in rows}
    names = [row[0] for row in rows]
    cut, end = names.index("Taken by the shock"), names.index("The plan's answer")
    for column in range(4):
        taken = sum(cells[name][column] for name in names[:cut])
        answered = sum(cells[name][column] for name in names[cut + 1 : end])
        assert taken == pytest.approx(cells["Taken by the shock"][column], abs=1e-9)
        assert answered == pytest.approx(cells["The plan's answer"][column], abs=1e-9)
        assert cells["Together"][column] == 0
        assert taken == pytest.approx(-answered, abs=1e-9)
    for values in cells.values():
        assert sum(values[:-1]) == pytest.approx(values[-1], abs=1e-9)


def test_the_foreign_account_adds_up_as_printed(
    russian_page: Page, russia: dict[str, Plan]
) -> None:
    _, *rows = russian_page.tables["Foreign account, billion USD"]
    *entries, total, held, _, _ = rows
    assert total[0] == "Sum"
    for column in range(1, 5):
        assert sum(number(row[column]) for row in entries) == pytest.approx(0, abs=1e-9)
        assert number(total[column]) == 0
    reserves = russia["crisis"].reserves() / 1000
    assert [number(cell) for cell in held[1:4]] == pytest.approx(list(reserves), abs=0.05)


def test_the_headline_says_what_the_tables_say(russian_page: Page) -> None:
    caption = "Foreign currency against the plan without the shock, billion USD"
    rows = {row[0]: row[1:] for row in russian_page.tables[caption]}
    first, whole = rows["Taken by the shock"][0], rows["Taken by the shock"][-1]
    sentence = (
        f"the shock takes {bare(first)} billion USD in 2015 and {bare(whole)} billion USD of "
        "foreign currency over the 3 years 2015 to 2017."
    )
    assert sentence in russian_page.text
    assert f"fewer imports ({bare(rows['Fewer imports'][-1])})" in russian_page.text
    level = russian_page.tables["Totals at base prices against the plan without the shock"]
    consumption = next(row for row in level if row[0] == "Household consumption")[1:4]
    lowest = min(consumption, key=number)
    text = f"Household consumption is lowest in {level[0][1 + consumption.index(lowest)]}, "
    assert f"{text}{bare(lowest)} below the plan without the shock" in russian_page.text


def bare(cell: str) -> str:
    """Return a cell without its sign."""
    return cell.lstrip("\u2212+")


def test_what_a_variant_changes_is_the_same_in_words_and_table(russian_page: Page) -> None:
    table = {row[0]: row[1:] for row in russian_page.tables["The plan and its variants"]}
    mine, its = table["Imported share of all use in 2017"]
    points = round(number(its) - number(mine), 1)
    shown = f"{points:+.1f}".replace("-", "\u2212") if points else "0.0"
    sentence = f"imports make up {its} of all use at home instead of {mine} ({shown} points)"
    assert russian_page.text.count(sentence) == 2  # in short, and where the variant is told of


def test_the_reason_adds_up_as_printed(russian_page: Page) -> None:
    caption = next(one for one in russian_page.tables if one.startswith("What one more unit of"))
    _, *parts, together = russian_page.tables[caption]
    assert sum(number(row[1]) for row in parts) == pytest.approx(number(together[1]), abs=1e-9)
    assert sum(number(row[2]) for row in parts) == 100


def test_the_first_period_has_no_worth_of_capacity(russian_page: Page) -> None:
    caption = "One more unit of capacity: worth over cost, and rent over user cost"
    head, *rows = russian_page.tables[caption]
    assert head[1:3] == ["2016", "2017"]
    assert len(rows) == 33


def test_satisfaction_is_the_plans(russian_page: Page, russia: dict[str, Plan]) -> None:
    _, households, _ = russian_page.tables["Satisfaction by group"]
    exact = 100 * russia["crisis"].satisfaction().loc["households"]
    assert [number(cell) for cell in households[1:4]] == pytest.approx(list(exact), abs=0.05)


def test_estimates_carry_their_mark(russian_html: str) -> None:
    def marked(caption: str) -> bool:
        found = re.search(rf"<caption><span>{caption}(.*?)</span></caption>", russian_html)
        assert found, caption
        return "est." in found[1]

    assert marked("Labour, thousand persons")
    assert marked("Investment against the plan without the shock")
    assert marked("One more unit of capacity: worth over cost, and rent over user cost")
    assert not marked("Output against the plan without the shock")
    assert not marked("Satisfaction by group")
