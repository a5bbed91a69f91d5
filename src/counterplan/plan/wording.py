"""Wording: numbers, names and periods in the sentences of explanations."""

import math
from collections.abc import Iterable, Sequence

from counterplan.plan.periods import TAIL

DIGITS_MAX = 15  # before the point: beyond that nobody counts them, and a double holds no more


def figure(value: float, *, digits: int = 4) -> str:
    """Return a number with so many significant digits, thousands parted by commas."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    places = digits - 1 - math.floor(math.log10(abs(value)))
    if places > 8 or places < digits - 1 - DIGITS_MAX:
        return f"{value:.{digits - 1}e}"
    text = f"{round(value, places):,.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{figure(100 * share)}%"


def not_above(value: float, *, digits: int = 4) -> float:
    """Return the largest number of so many significant digits that is not above the value.

    A ten-millionth is forgiven: that is what engines compute to.
    """
    if value == 0 or not math.isfinite(value):
        return value
    places = digits - 1 - math.floor(math.log10(abs(value)))
    scale = 10.0**places
    return math.floor((value + 1e-7 * abs(value)) * scale) / scale


def not_below(value: float, *, digits: int = 4) -> float:
    """Return the smallest number of so many significant digits that is not below the value."""
    return -not_above(-value, digits=digits)


def titled(name: str, code: str) -> str:
    """Return a name with its code, once where both are the same word."""
    return code if not name or name.lower() == code.lower() else f"{name} ({code})"


def listed(words: Sequence[str], *, most: int = 1000) -> str:
    """Return words as a list with "and"; beyond ``most`` the others are counted."""
    shown = list(words)
    if len(shown) > most + 1:
        shown = [*shown[:most], f"{len(shown) - most} others"]
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def spans(periods: Iterable[str], labels: Sequence[str]) -> str:
    """Return periods in words: "2016 to 2018, 2020 and the years after the plan"."""
    chosen = set(periods)
    words: list[str] = []
    run: list[str] = []
    for label in (*labels[:-1], ""):
        if label in chosen:
            run.append(label)
        else:
            words += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
            run = []
    if TAIL in chosen:
        words.append(after(labels))
    return listed(words)


def spoken(label: str, calendar: str) -> str:
    """Return a period as it is spoken of: "2017" for a calendar year, else "month 3"."""
    is_year = calendar == "year" and label.isdigit() and len(label) == 4
    return label if is_year else f"{calendar} {label}"


def after(labels: Sequence[str]) -> str:
    """Return words for the tail: all that comes after the last planned period."""
    return f"the time after {labels[-2]}"


def when(label: str, labels: Sequence[str]) -> str:
    """Return one period in words."""
    return after(labels) if label == TAIL else label
