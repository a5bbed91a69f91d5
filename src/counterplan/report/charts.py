"""Charts: five kinds, each a Vega-Lite specification in the report's measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from counterplan.report.axes import (
    apart,
    chosen,
    over_periods,
    plain_zero,
    rows_axis,
    widened,
    zero_line,
)
from counterplan.report.drawing import (
    BLUE,
    INK,
    LINE,
    WIDTH,
    Specification,
    specification,
)

ROW = 21
LABELS = 190
HALVINGS = 40
DASHES: tuple[list[int], ...] = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [4, 4])
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")


@dataclass(frozen=True)
class Line:
    """One line: ``values`` by period, in the chart's unit."""

    label: str
    values: tuple[float, ...]
    colour: str


@dataclass(frozen=True)
class Bar:
    """One bar with the text at its end."""

    label: str
    value: float
    text: str
    colour: str = BLUE


@dataclass(frozen=True)
class Points:
    """One row of points, one for each series; nan where there is none."""

    label: str
    values: tuple[float, ...]


def lines(
    series: Sequence[Line], *, periods: Sequence[str], unit: str, rule: float
) -> Specification:
    """Lines over the periods, each with its label at its end.

    Parameters
    ----------
    unit
        Of the values; its format is Vega's, such as ".2f" or "+.0%".
    rule
        Where "no difference" stands: a line is drawn there.
    """
    height, right = 210, 150
    low, high = widened([*(value for line in series for value in line.values), rule])
    names = [line.label for line in series]
    rows = [
        {"period": period, "value": value, "series": line.label}
        for line in series
        for period, value in zip(periods, line.values, strict=True)
    ]
    encoding = {
        "x": over_periods(periods),
        "y": {
            "field": "value",
            "type": "quantitative",
            "scale": {"domain": [low, high], "nice": False, "zero": False},
            "axis": {"title": None, "tickCount": 5, **plain_zero(unit)},
        },
        "color": chosen(names, [line.colour for line in series]),
    }
    dash = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": names, "range": [DASHES[i % len(DASHES)] for i in range(len(names))]},
        "legend": None,
    }
    layers: list[Specification] = [
        zero_line("y", rule),
        {
            "data": {"values": rows},
            "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {**encoding, "strokeDash": dash},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 34, "opacity": 1},
            "encoding": encoding,
        },
        end_labels(
            series, periods=periods, gap=15 * (high - low) / height, limit=right - 12, **encoding
        ),
    ]
    return specification(layers, height=height, left=50, right=right)


def end_labels(
    series: Sequence[Line],
    *,
    periods: Sequence[str],
    gap: float,
    limit: int,
    x: Specification,
    y: Specification,
    color: Specification,
) -> Specification:
    """Return the labels at the ends of lines, moved apart where they would touch.

    Parameters
    ----------
    gap
        Least distance of two labels, in the values' unit.
    limit
        Most pixels of a label.
    """
    spots = apart([line.values[-1] for line in series], gap=gap)
    ends = [
        {"period": periods[-1], "at": spot, "series": line.label}
        for line, spot in zip(series, spots, strict=True)
    ]
    return {
        "data": {"values": ends},
        "mark": {"type": "text", "align": "left", "dx": 9, "fontWeight": 600, "limit": limit},
        "encoding": {
            "x": x,
            "y": {**y, "field": "at"},
            "text": {"field": "series"},
            "color": color,
        },
    }


def bars(rows: Sequence[Bar], *, title: str) -> Specification:
    """Horizontal bars from zero, the text of each at its end.

    Parameters
    ----------
    title
        Unit of the values, written at the axis.
    """
    left, right = LABELS, 8
    data = [
        {"label": row.label, "value": row.value, "text": row.text, "colour": row.colour}
        for row in rows
    ]
    y = rows_axis([row.label for row in rows], left)
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": bar_domain(rows, room=WIDTH - left - right), "nice": False},
        "axis": {"title": title or None, "labels": False, "grid": False},
    }
    paint = {"field": "colour", "type": "nominal", "scale": None}
    layers: list[Specification] = [
        {
            "data": {"values": data},
            "mark": {"type": "bar", "height": {"band": 0.66}},
            "encoding": {"x": x, "y": y, "color": paint},
        },
        *(end_texts(data, x=x, y=y)),
        zero_line("x", 0.0),
    ]
    bottom = 26 if title else 4
    return specification(layers, height=ROW * len(rows), left=left, right=right, bottom=bottom)


def bar_domain(rows: Sequence[Bar], *, room: float) -> list[float]:
    """Return the range of an axis of ``room`` pixels on which bars and their texts fit.

    The scale is the largest at which they do, found by halving; where the texts alone take all
    the room, the bars keep a tenth of it.
    """
    values = [row.value for row in rows]
    span = max([0.0, *values]) - min([0.0, *values])
    if span == 0:
        return [-1.0, 1.0]
    low, high = 0.1 * room / span, room / span  # pixels per unit
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        first, last = extent(rows, middle)
        low, high = (middle, high) if last - first <= room else (low, middle)
    first, last = extent(rows, low)
    return [first / low, last / low]


def extent(rows: Sequence[Bar], scale: float) -> tuple[float, float]:
    """Return where bars and texts begin and end, in pixels from zero, at pixels per unit."""
    before = [scale * row.value - text_width(row.text) for row in rows if row.value < 0]
    behind = [scale * row.value + text_width(row.text) for row in rows if row.value >= 0]
    return min([0.0, *before]), max([0.0, *behind])


def text_width(text: str) -> float:
    """Return about how many pixels a text takes, with air."""
    return 7.0 * len(text) + 9.0


def end_texts(
    data: list[Specification], *, x: Specification, y: Specification
) -> list[Specification]:
    """Return the texts at the ends of bars: to the right of positive ones, else to the left."""
    sides = (
        ([row for row in data if row["value"] >= 0], "left", 5),
        ([row for row in data if row["value"] < 0], "right", -5),
    )
    return [
        {
            "data": {"values": side},
            "mark": {"type": "text", "align": align, "dx": shift, "baseline": "middle"},
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        }
        for side, align, shift in sides
        if side
    ]


def dots(
    rows: Sequence[Points],
    *,
    series: Sequence[str],
    colours: Sequence[str],
    title: str,
    unit: str,
) -> Specification:
    """Rows of points on one axis, joined, so that a reader sees what moves where."""
    left, right = LABELS, 18
    data = [
        {"label": row.label, "value": value, "series": name}
        for row in rows
        for name, value in zip(series, row.values, strict=True)
        if value == value  # noqa: PLR0124
    ]
    spans = [
        {"label": row.label, "low": min(known), "high": max(known)}
        for row in rows
        if (known := [value for value in row.values if value == value])  # noqa: PLR0124
    ]
    y = rows_axis([row.label for row in rows], left)
    axis = {"title": title or None, "tickCount": 5, **plain_zero(unit)}
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": True, "nice": True, "padding": 6},
        "axis": axis,
    }
    shape = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(series), "range": list(SHAPES[: len(series)])},
        "legend": None,
    }
    colour = chosen(series, colours)
    layers: list[Specification] = [
        {
            "data": {"values": spans},
            "mark": {"type": "rule", "strokeWidth": 3, "color": LINE},
            "encoding": {
                "y": y,
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
            },
        },
        {
            "data": {"values": data},
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 0.95},
            "encoding": {"x": x, "y": y, "color": colour, "shape": shape},
        },
    ]
    return specification(
        layers, height=ROW * len(rows), left=left, right=right, bottom=44 if title else 26
    )


def stacks(
    parts: Sequence[Line], *, periods: Sequence[str], title: str, unit: str
) -> Specification:
    """Bars by period, piled up from zero: what is above it, and what is below."""
    left, right = 56, 12
    data = [
        {"period": period, "value": value, "series": part.label, "order": order}
        for order, part in enumerate(parts)
        for period, value in zip(periods, part.values, strict=True)
        if value
    ]
    names = [part.label for part in parts]
    colour = chosen(names, [part.colour for part in parts])
    layers: list[Specification] = [
        {
            "data": {"values": data},
            "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1},
            "encoding": {
                "x": {
                    "field": "period",
                    "type": "ordinal",
                    "sort": list(periods),
                    "scale": {"paddingInner": 0.35, "paddingOuter": 0.2},
                    "axis": {"title": None, "labelAngle": 0, "orient": "bottom"},
                },
                "y": {
                    "field": "value",
                    "type": "quantitative",
                    "stack": "zero",
                    "axis": {"title": title, "format": unit, "tickCount": 6},
                },
                "order": {"field": "order", "type": "quantitative"},
                "color": colour,
            },
        },
        zero_line("y", 0.0),
    ]
    return specification(layers, height=230, left=left, right=right)


def grid(
    rows: Sequence[Points], *, periods: Sequence[str], middle: float, unit: str
) -> Specification:
    """Cells by row and period, the darker the further above ``middle``, each with its figure."""
    left, right = LABELS, 8
    data = [
        {"label": row.label, "period": period, "value": value}
        for row in rows
        for period, value in zip(periods, row.values, strict=True)
        if isfinite(value)
    ]
    top = max([middle + 0.5, *(value for row in rows for value in row.values if isfinite(value))])
    y = rows_axis([row.label for row in rows], left)
    x = {
        "field": "period",
        "type": "ordinal",
        "sort": list(periods),
        "scale": {"paddingInner": 0.06},
        "axis": {"title": None, "orient": "top", "labelAngle": 0, "grid": False},
    }
    # One hue from white to dark: darkness alone carries the figure.
    scale = {"domain": [middle, top], "range": ["#ffffff", "#08519c"], "clamp": True}
    scale["interpolate"] = "rgb"
    dark = f"datum.value > {middle + 0.5 * (top - middle)}"
    layers: list[Specification] = [
        {
            "data": {"values": data},
            "mark": {"type": "rect", "stroke": LINE, "strokeWidth": 0.6},
            "encoding": {
                "x": x,
                "y": y,
                "color": {
                    "field": "value",
                    "type": "quantitative",
                    "scale": scale,
                    "legend": None,
                },
            },
        },
        {
            "data": {"values": data},
            "mark": {"type": "text", "baseline": "middle"},
            "encoding": {
                "x": x,
                "y": y,
                "text": {"field": "value", "type": "quantitative", "format": unit},
                "color": {"condition": {"test": dark, "value": "#ffffff"}, "value": INK},
            },
        },
    ]
    spec = specification(layers, height=ROW * len(rows), left=left, right=right, bottom=4)
    spec["padding"]["top"] = 28
    return spec
