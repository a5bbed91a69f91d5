"""Steps of consumption: their edges, and the stars at cells that stand on one."""

import numpy as np
import pytest

from counterplan.plan.mandate import Satisfaction
from counterplan.plan.plan import Plan
from counterplan.report.steps import levels_of, on_edge
from tests.report.plans import Page, number


def test_edges_lie_every_three_hundredths_near_the_basket() -> None:
    levels = np.array([[1.0, 0.97, 0.94, 1.03], [0.985, 0.9695, 0.0, 1.45]])
    assert on_edge(levels, Satisfaction()).tolist() == [[True] * 4, [False, False, False, True]]
    assert on_edge(np.array([0.95, 0.97]), Satisfaction(segment=0.05)).tolist() == [True, False]


def test_levels_are_shares_of_the_basket(small: dict[str, Plan]) -> None:
    # The observed basket is 70 corn and 10 machines.
    plan = small["crisis"]
    levels = levels_of(plan)
    assert list(levels.index) == [("people", "corn"), ("people", "machine")]
    np.testing.assert_allclose(levels.to_numpy(), plan.basket() / [[70], [10]])
    assert levels.columns[-1] == "after"


def test_stars_stand_where_the_numbers_do(russian_page: Page, russia: dict[str, Plan]) -> None:
    caption = "Household consumption of each product against the basket"
    _, *rows = russian_page.tables[caption]
    cells = [cell for row in rows for cell in row[1:-1]]
    stars = [cell for cell in cells if cell.startswith("*")]
    assert 0.3 < len(stars) / len(cells) < 1
    # The edges near the basket are 100, 97, 94 ... to the printed digit.
    near = [number(cell) for cell in stars if 72 < number(cell) < 129]
    assert all((100 - value) / 3 == pytest.approx(round((100 - value) / 3)) for value in near)
    levels = levels_of(russia["crisis"]).drop(columns="after")
    households = levels[levels.index.get_level_values("group") == "households"]
    assert len(rows) == len(households)
    shown = sorted(number(cell) for cell in cells)
    assert shown == pytest.approx(sorted(100 * households.to_numpy().ravel()), abs=0.051)


def test_the_note_says_steps_of_three_per_cent(russian_page: Page) -> None:
    assert "The benefit of consumption falls in steps of 3% of the basket" in russian_page.text
    _, *rows = russian_page.tables["Satisfaction by group"]
    collective = next(row for row in rows if row[0] == "Collective consumption")
    assert collective[1] == "* 100.0%"  # at its floor, which is an edge
