"""Axes: what the charts share: formats, axes, colours, and labels that do not touch."""

from collections.abc import Iterable, Sequence

from counterplan.report.drawing import BLACK, GREY, Specification

PADDING = 0.2  # of the room between two periods: what stands free beside the first and the last


def share_format(values: Iterable[float]) -> str:
    """Return the number format of signed shares: with a decimal where they differ by little."""
    known = [0.0, *(value for value in values if value == value)]  # noqa: PLR0124
    return "+.1%" if max(known) - min(known) < 0.045 else "+.0%"


def point_format(values: Iterable[float]) -> str:
    """Return the number format of signed points: with a decimal where they differ by little."""
    known = [0.0, *(value for value in values if value == value)]  # noqa: PLR0124
    return "+.1f" if max(known) - min(known) < 4.5 else "+.0f"


def rows_axis(labels: Sequence[str], left: int) -> Specification:
    """Return an axis of labelled rows, in the order given."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": list(labels),
        "axis": {"title": None, "labelLimit": left - 8, "grid": False},
    }


def chosen(names: Sequence[str], colours: Sequence[str]) -> Specification:
    """Return an encoding that gives each series its colour."""
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(colours)},
        "legend": None,
    }


def plain_zero(unit: str) -> Specification:
    """Return an axis' number format in which zero has no sign."""
    if not unit.startswith("+"):
        return {"format": unit}
    bare = unit.removeprefix("+")
    return {"labelExpr": f"format(datum.value, datum.value === 0 ? '{bare}' : '{unit}')"}


def zero_line(direction: str, value: float) -> Specification:
    """Return the line where there is no difference."""
    return {
        "data": {"values": [{"rule": value}]},
        "mark": {"type": "rule", "color": BLACK if value == 0 else GREY, "strokeWidth": 1},
        "encoding": {direction: {"field": "rule", "type": "quantitative"}},
    }


def over_periods(periods: Sequence[str]) -> Specification:
    """Return an axis of periods from left to right, their labels thinned out where they touch."""
    return {
        "field": "period",
        "type": "ordinal",
        "sort": list(periods),
        "scale": {"type": "point", "padding": PADDING},
        "axis": {"title": None, "labelAngle": 0, "grid": False, "labelOverlap": True},
    }


def widened(values: Sequence[float]) -> tuple[float, float]:
    """Return the range of values with air above and below, even where all are alike."""
    low, high = min(values), max(values)
    least = 0.02 * max(abs(low), abs(high), 1.0)
    air = 0.12 * max(high - low, least)
    return low - air, high + air


def apart(places: Sequence[float], *, gap: float) -> list[float]:
    """Move places on a line so far apart that labels there do not touch.

    Neighbours that are closer than ``gap`` share the room around their middle; the order stays.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    clusters: list[list[int]] = []
    for i in order:
        clusters.append([i])
        while len(clusters) > 1 and crowded(clusters[-2], clusters[-1], places, gap):
            last = clusters.pop()
            clusters[-1] += last
    moved = [0.0] * len(places)
    for cluster in clusters:
        low = start_of(cluster, places, gap)
        for k, i in enumerate(cluster):
            moved[i] = low + k * gap
    return moved


def start_of(cluster: list[int], places: Sequence[float], gap: float) -> float:
    """Return where the first label of a cluster stands."""
    middle = sum(places[i] for i in cluster) / len(cluster)
    return middle - gap * (len(cluster) - 1) / 2


def crowded(below: list[int], above: list[int], places: Sequence[float], gap: float) -> bool:
    """Return whether two clusters of labels would touch."""
    top = start_of(below, places, gap) + gap * (len(below) - 1)
    return start_of(above, places, gap) - top < gap
