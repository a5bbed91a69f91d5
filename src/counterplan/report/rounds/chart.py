"""The chart of a dialogue: the gap by round, on a logarithmic scale."""

from collections.abc import Sequence
from math import floor, isfinite, log10

from counterplan.report.axes import chosen, over_periods
from counterplan.report.charts import Line
from counterplan.report.drawing import Specification, specification

LEAST = 1e-7  # per cent: what is shown of a gap of nothing
AIR = 1.5  # times: above the largest, and below the smallest
FULL = (1, 2, 5)  # ticks of a decade where there are few decades
FEW = 2
TEXTS_MOST = 12  # rounds whose points carry their figures


def gaps(series: Sequence[Line], *, rounds: Sequence[str]) -> Specification:
    """Lines over the rounds on a logarithmic scale; points that are not finite are left out.

    Parameters
    ----------
    series
        Values in per cent, by round.
    """
    rows = [
        {"period": name, "value": max(value, LEAST), "series": line.label, "text": text_of(value)}
        for line in series
        for name, value in zip(rounds, line.values, strict=True)
        if isfinite(value)
    ]
    values = [float(str(row["value"])) for row in rows] or [1.0]
    low, high = min(values) / AIR, max(values) * AIR
    names = [line.label for line in series]
    encoding = {
        "x": over_periods(rounds),
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
        {**data, "mark": {"type": "line", "strokeWidth": 2.5}},
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
    return specification(layers, height=230, left=58, right=24)


def text_of(value: float) -> str:
    """Return a gap in per cent with two digits."""
    if value <= LEAST:
        return "0"
    digits = max(0, 1 - floor(log10(value)))
    return f"{value:,.{digits}f}"


def ticks(low: float, high: float) -> list[float]:
    """Return where the axis has labels: powers of ten, and steps between where there are few."""
    decades = range(floor(log10(low)), floor(log10(high)) + 1)
    steps = FULL if len(decades) <= FEW + 1 else (1,)
    every = [float(f"{step}e{power}") for power in decades for step in steps]
    return [tick for tick in every if low <= tick <= high]
