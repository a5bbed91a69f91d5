"""The chart of a dialogue: the gap by round, on a logarithmic scale."""

from collections.abc import Sequence
from math import floor, isfinite, log10

from counterplan.report.axes import PADDING, chosen, over_periods
from counterplan.report.charts import Line
from counterplan.report.drawing import SOFT, WIDTH, Specification, specification

LEAST = 1e-7  # per cent: less is rounding, and a gap of nothing
FLOOR = 1e-5  # per cent: where the chart ends; what is less lies there
LEFT, RIGHT = 66, 24
AIR = 1.5  # times: above the largest, and below the smallest
ROOM = 4.0  # times: above the largest, for the words on a break
FULL = (1, 2, 5)  # ticks of a decade where there are few decades
FEW = 2
TEXTS_MOST = 12  # rounds whose points carry their figures


def gaps(
    series: Sequence[Line], *, rounds: Sequence[str], breaks: Sequence[int] = ()
) -> Specification:
    """Lines over the rounds on a logarithmic scale; what is not finite or below 0 is left out.

    Parameters
    ----------
    series
        Values in per cent, by round.
    breaks
        Rounds, from 0, before which the lines are broken, for the quotas changed.
    """
    rows = [
        {
            "period": name,
            "value": max(value, FLOOR),
            "series": line.label,
            "text": text_of(value),
            "stretch": sum(one <= place for one in breaks),
        }
        for line in series
        for place, (name, value) in enumerate(zip(rounds, line.values, strict=True))
        if isfinite(value) and value >= -LEAST
    ]
    values = [float(str(row["value"])) for row in rows] or [1.0]
    low, high = min(values) / AIR, max(values) * (ROOM if breaks else AIR)
    names = [line.label for line in series]
    encoding = {
        "x": by_round(rounds),
        "y": {
            "field": "value",
            "type": "quantitative",
            "scale": {"type": "log", "domain": [low, high], "nice": False},
            "axis": {
                "title": None,
                "values": ticks(low, high),
                "labelExpr": "format(datum.value, ',~r') + '%'",
            },
        },
        "color": chosen(names, [line.colour for line in series]),
    }
    data = {"data": {"values": rows}, "encoding": encoding}
    layers: list[Specification] = [
        {
            "data": data["data"],
            "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {**encoding, "detail": {"field": "stretch", "type": "nominal"}},
        },
        {**data, "mark": {"type": "point", "filled": True, "size": 40, "opacity": 1}},
    ]
    if len(rounds) <= TEXTS_MOST:
        first = [row for row in rows if row["series"] == names[0]]
        layers.append(
            {
                "data": {"values": first},
                "mark": {"type": "text", "dy": -11},
                "encoding": {**encoding, "text": {"field": "text"}},
            }
        )
    if breaks:
        layers += broken(rounds, breaks)
    return specification(layers, height=230, left=LEFT, right=RIGHT)


def by_round(rounds: Sequence[str]) -> Specification:
    """Return the axis of rounds, their labels so far apart that each can be read."""
    axis = over_periods(rounds)
    return {**axis, "axis": {**axis["axis"], "labelSeparation": 4}}


def broken(rounds: Sequence[str], breaks: Sequence[int]) -> list[Specification]:
    """Return a line between two rounds, and words on it, where the quotas changed."""
    # Points stand apart by the width over their number less one and the padding on both sides.
    aside = -(WIDTH - LEFT - RIGHT) / (len(rounds) - 1 + 2 * PADDING) / 2
    data = {"values": [{"period": rounds[one], "text": "other quotas"} for one in breaks]}
    x = by_round(rounds)
    words = {"type": "text", "xOffset": aside, "dx": 5, "align": "left", "baseline": "top"}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "xOffset": aside, "strokeDash": [4, 3], "color": SOFT},
            "encoding": {"x": x},
        },
        {
            "data": data,
            "mark": {**words, "color": SOFT},
            "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "text"}},
        },
    ]


def text_of(value: float) -> str:
    """Return a gap in per cent with two digits."""
    if abs(value) <= LEAST:
        return "0"
    digits = max(0, 1 - floor(log10(abs(value))))
    return f"{value:,.{digits}f}"


def ticks(low: float, high: float) -> list[float]:
    """Return where the axis has labels: powers of ten, and steps between where there are few."""
    decades = range(floor(log10(low)), floor(log10(high)) + 1)
    steps = FULL if len(decades) <= FEW + 1 else (1,)
    every = [float(f"{step}e{power}") for power in decades for step in steps]
    return [tick for tick in every if low <= tick <= high]
