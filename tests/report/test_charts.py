"""Charts are valid Vega-Lite, and their labels fit and do not touch."""

from itertools import pairwise
from typing import Any

import altair
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterplan.report.axes import (
    apart,
    plain_zero,
    point_format,
    share_format,
    widened,
)
from counterplan.report.charts import (
    LABELS,
    Bar,
    Line,
    Points,
    bar_domain,
    bars,
    dots,
    grid,
    lines,
    stacks,
    text_width,
)
from counterplan.report.drawing import BLUE, GREEN, GREY, ORANGE, SERIES, WIDTH, Specification

YEARS = ("2021", "2022", "2023")
ONE = Line("Bread", (0.1, -0.2, 0.3), BLUE)
TWO = Line("Milk", (0.0, 0.0, 0.0), ORANGE)
CHARTS: dict[str, Specification] = {
    "lines": lines([ONE, TWO], periods=YEARS, unit="+.0%", rule=0.0),
    "bars": bars([Bar("Bread", 3.0, "+3"), Bar("Milk", -1.0, "\u22121")], title="t"),
    "positive bars": bars([Bar("Bread", 3.0, "+3")], title=""),
    "dots": dots(
        [Points("Bread", (1.0, 2.0)), Points("Milk", (float("nan"), 1.0))],
        series=("a", "b"),
        colours=(GREY, BLUE),
        title="",
        unit=".0%",
    ),
    "stacks": stacks([ONE, TWO], periods=YEARS, title="t", unit=",.0f"),
    "grid": grid([Points("Bread", (1.0, 2.0, 1.5))], periods=YEARS, middle=1.0, unit=".2f"),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_keeps_the_schema_of_vega_lite(name: str) -> None:
    # altair carries the schema of Vega-Lite; strange keys are refused.
    chart = altair.LayerChart.from_dict(CHARTS[name], validate=True)

    assert len(chart.layer) == len(CHARTS[name]["layer"])
    with pytest.raises(jsonschema.ValidationError, match="'stranger' was unexpected"):
        altair.LayerChart.from_dict({**CHARTS[name], "stranger": 1}, validate=True)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_the_same_width(name: str) -> None:
    chart = CHARTS[name]
    padding = chart["padding"]
    assert padding["left"] + chart["width"] + padding["right"] == WIDTH


def test_what_is_unknown_has_no_point() -> None:
    points = CHARTS["dots"]["layer"][1]["data"]["values"]
    assert [(one["label"], one["series"]) for one in points] == [
        ("Bread", "a"),
        ("Bread", "b"),
        ("Milk", "b"),
    ]


def test_stacks_hold_only_what_is_there() -> None:
    values = CHARTS["stacks"]["layer"][0]["data"]["values"]
    assert {one["series"] for one in values} == {"Bread"}


@given(places=st.lists(st.floats(-100, 100), min_size=1, max_size=8), gap=st.floats(0.01, 20))
def test_labels_are_moved_apart_in_their_order(places: list[float], gap: float) -> None:
    moved = apart(places, gap=gap)
    order = sorted(range(len(places)), key=lambda i: places[i])
    assert all(moved[b] - moved[a] >= gap * (1 - 1e-9) for a, b in pairwise(order))
    if all(places[b] - places[a] > gap for a, b in pairwise(order)):
        assert moved == pytest.approx(places)
    # On the whole they stay where they were.
    assert sum(moved) == pytest.approx(sum(places), abs=1e-6)


BAR = st.builds(
    lambda value, text: Bar("x", value, text),
    st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: round(value, 3)),
    st.text("0123456789", min_size=1, max_size=14),
)


@given(rows=st.lists(BAR, min_size=1, max_size=12))
def test_bars_and_their_texts_fit(rows: list[Bar]) -> None:
    room = WIDTH - LABELS - 8.0
    low, high = bar_domain(rows, room=room)
    assert low <= 0 <= high
    if not any(row.value for row in rows):
        assert [low, high] == [-1.0, 1.0]
        return
    unit = room / (high - low)
    for row in rows:
        place = row.value - low if row.value < 0 else high - row.value
        assert place * unit >= 7 * len(row.text)


def test_bars_use_the_room_that_texts_leave() -> None:
    # 100 pixels, of which the text "12" takes 2 x 7 + 9.
    low, high = bar_domain([Bar("x", 5.0, "12"), Bar("y", 0.0, "0")], room=100)
    assert low == 0
    assert (high - 5.0) / high * 100 == pytest.approx(23)


def test_bars_keep_a_tenth_where_texts_take_all() -> None:
    low, high = bar_domain([Bar("x", 2.0, "1" * 40)], room=100)
    assert 2.0 / (high - low) == pytest.approx(10 / (10 + text_width("1" * 40)))


@pytest.mark.parametrize(
    ("values", "share", "point"),
    [
        ([0.01, -0.02], "+.1%", "+.1f"),
        ([0.3, float("nan")], "+.0%", "+.1f"),
        ([9.0], "+.0%", "+.0f"),
    ],
)
def test_small_differences_get_a_decimal(values: list[float], share: str, point: str) -> None:
    assert share_format(values) == share
    assert point_format(values) == point


def test_a_zero_on_an_axis_has_no_sign() -> None:
    assert plain_zero(".2f") == {"format": ".2f"}
    assert "=== 0 ? '.0%' : '+.0%'" in plain_zero("+.0%")["labelExpr"]


def test_a_range_has_air_even_where_all_is_alike() -> None:
    low, high = widened([1.0, 1.0])
    assert low < 1.0 < high
    low, high = widened([0.0, 10.0])
    assert low == pytest.approx(-1.2)
    assert high == pytest.approx(11.2)


def luminance(colour: str) -> float:
    """Relative luminance of a colour, after WCAG 2.2."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [*SERIES[:4], GREY, GREEN])
def test_lines_and_bars_stand_out_from_white(colour: str) -> None:
    # WCAG 2.2, 1.4.11: 3 to 1 for graphics.
    assert 1.05 / (luminance(colour) + 0.05) >= 3.0


def deep(value: Any) -> list[str]:
    """Return every key in a specification."""
    if isinstance(value, dict):
        return [*value, *(key for item in value.values() for key in deep(item))]
    return [key for item in value for key in deep(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", CHARTS)
def test_no_chart_loads_anything(name: str) -> None:
    assert not {"url", "href", "image"} & set(deep(CHARTS[name]))
