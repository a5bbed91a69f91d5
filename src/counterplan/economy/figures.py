"""Figures: what every array of an economy is, and the checks that need only that.

Readers refuse such faults in files; an economy that a program made is checked here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterplan.economy.economy import Economy, Floats, Integers
from counterplan.economy.finding import Finding, error

SHOWN_MOST = 3


@dataclass(frozen=True)
class Figure:
    """One array or tuple of the economy.

    Attributes
    ----------
    field
        Where it stands ("techniques.use").
    shape
        The letters of :mod:`counterplan.economy.economy`, and s for producers.
    least, most
        The range of its numbers, or of its indices.
    endless
        Whether an infinity is a figure too (a limit that is not there).
    """

    field: str
    shape: str
    least: float = 0.0
    most: float = float("inf")
    endless: bool = False


_CODES = (
    Figure("products.codes", "n"),
    Figure("producers.codes", "s"),
    Figure("techniques.codes", "m"),
    Figure("techniques.emission_codes", "q"),
    Figure("labour.codes", "k"),
    Figure("capital.codes", "e"),
    Figure("demand.groups", "G"),
    Figure("projects.codes", "P"),
    Figure("routes.codes", "L"),
)
_TEXTS = (
    Figure("products.names", "n"),
    Figure("products.units", "n"),
    Figure("products.regions", "n"),
    Figure("producers.names", "s"),
    Figure("producers.regions", "s"),
    Figure("producers.branches", "s"),
    Figure("techniques.names", "m"),
    Figure("techniques.emission_units", "q"),
    Figure("labour.names", "k"),
    Figure("labour.units", "k"),
    Figure("capital.names", "e"),
    Figure("capital.assets", "e"),
    Figure("demand.group_names", "G"),
    Figure("projects.names", "P"),
    Figure("projects.cost", "P"),
)
# The second letter says whose indices they are.
_INDICES = {
    "techniques.producer": "ms",
    "capital.producer": "es",
    "projects.capital": "Pe",
    "routes.origin": "Ln",
    "routes.destination": "Ln",
}
_NUMBERS = (
    Figure("products.prices", "n"),
    Figure("techniques.use", "nm"),
    Figure("techniques.output", "nm"),
    Figure("techniques.activity", "m"),
    Figure("techniques.emissions", "qm"),
    Figure("labour.need", "km"),
    Figure("labour.force", "k"),
    Figure("capital.need", "em"),
    Figure("capital.composition", "ne"),
    Figure("capital.capacity", "e"),
    Figure("capital.investment", "e"),
    Figure("capital.depreciation", "e", most=1.0),
    Figure("capital.lag", "e", least=1.0),
    Figure("stocks.storable", "n"),
    Figure("stocks.initial", "n"),
    Figure("stocks.minimum", "n"),
    Figure("stocks.loss", "n", most=1.0),
    Figure("demand.consumption", "nG"),
    Figure("demand.collective", "n"),
    Figure("demand.other", "n", least=-float("inf")),
    Figure("trade.exports", "n"),
    Figure("trade.imports_other", "n"),
    Figure("trade.imports_investment", "n"),
    Figure("trade.export_price", "n"),
    Figure("trade.import_price", "n"),
    Figure("trade.export_limit", "n", endless=True),
    Figure("projects.capacity", "P"),
    Figure("projects.lag", "P", least=1.0),
    Figure("routes.need", "nL"),
    Figure("routes.limit", "L", endless=True),
)
_SINGLES = {
    "accounts.reserves": 0.0,
    "accounts.transfers": -float("inf"),
    "accounts.debt_service": 0.0,
    "accounts.new_credit": 0.0,
    "trend.growth": -0.5,
    "trend.labour": -0.5,
}
FIELDS: tuple[str, ...] = (
    *(f.field for f in _NUMBERS if f.field != "stocks.storable"),
    "projects.cost",
    *_SINGLES,
)
"""Every field that holds figures, which should have a source and a grade."""


def value_of(economy: Economy, field: str) -> Any:  # noqa: ANN401
    """Return what stands in a field ("techniques.use")."""
    table, _, name = field.partition(".")
    return getattr(getattr(economy, table), name)


def is_field(field: str) -> bool:
    """Return whether an economy has such a field, or such a table."""
    known = {figure.field for figure in (*_CODES, *_TEXTS)} | set(FIELDS) | set(_INDICES)
    return field in known or any(one.startswith(f"{field}.") for one in known)


def entries(value: Any) -> Floats:  # noqa: ANN401
    """Return the numbers of an array, of a matrix, of projects' costs, or a single one."""
    if isinstance(value, tuple):
        return np.array([quantity for cost in value for _, _, quantity in cost])
    return _cells(value)[0]


def sizes(economy: Economy) -> dict[str, int]:
    """Return how many there are of each letter."""
    return {figure.shape: len(value_of(economy, figure.field)) for figure in _CODES}


def shapes(economy: Economy) -> Iterator[Finding]:
    """Arrays have the shapes that their letters say, and indices point at something."""
    count = sizes(economy)
    for figure in (*_TEXTS, *_NUMBERS, *(Figure(f, s[0]) for f, s in _INDICES.items())):
        value = value_of(economy, figure.field)
        found = value.shape if hasattr(value, "shape") else (len(value),)
        wanted = tuple(count[letter] for letter in figure.shape)
        if found != wanted:
            thing = f"the shape is {found} and not {wanted} ({' x '.join(figure.shape)})"
            mend = "build the arrays anew from one list of codes"
            yield error("shapes", figure.field, thing, mend=mend)
    for field, letters in _INDICES.items():
        index = value_of(economy, field)
        if len(index) and not 0 <= index.min() <= index.max() < count[letters[1]]:
            thing = f"an index is not one of 0 to {count[letters[1]] - 1}"
            yield error("shapes", field, thing, mend="correct the index")
    for project, cost in zip(economy.projects.codes, economy.projects.cost, strict=False):
        if not all(0 <= product < count["n"] and offset >= 0 for product, offset, _ in cost):
            thing = "a cost is of a product, or at a time, that is not there"
            yield error("shapes", f"project '{project}'", thing, mend="correct the index")


def codes(economy: Economy) -> Iterator[Finding]:
    """Codes are there, and no two are the same."""
    for figure in _CODES:
        found = value_of(economy, figure.field)
        twice = sorted({code for code in found if found.count(code) > 1}) if _repeats(found) else []
        if twice or "" in found:
            thing = f"'{twice[0]}' stands twice" if twice else "a code is empty"
            yield error("codes", figure.field, thing, mend="give each its own code")


def _repeats(found: tuple[str, ...]) -> bool:
    return len(set(found)) < len(found)


def numbers(economy: Economy) -> Iterator[Finding]:
    """Numbers are finite and in their range; only differences may be negative."""
    for figure in _NUMBERS:
        value = value_of(economy, figure.field)
        cells, places = _cells(value)
        odd = np.isnan(cells) | (cells < figure.least) | (cells > figure.most)
        if not figure.endless:
            odd |= np.isinf(cells)
        if odd.any():
            yield _odd(economy, figure, cells, odd, places)
    for field, least in _SINGLES.items():
        amount = float(value_of(economy, field))
        if not least <= amount < float("inf"):
            mend = "give a finite number" if np.isnan(amount) else f"give at least {least:g}"
            yield error("numbers", field, f"it is {amount:g}", mend=mend)
    for project, cost in zip(economy.projects.codes, economy.projects.cost, strict=True):
        if not all(0 <= quantity < float("inf") for _, _, quantity in cost):
            mend = "give a finite number that is not negative"
            yield error("numbers", f"project '{project}'", "a cost is not an amount", mend=mend)


def _cells(value: Any) -> tuple[Floats, tuple[Integers, ...]]:  # noqa: ANN401
    """Return the numbers of an array and the positions they stand at."""
    if hasattr(value, "tocoo"):
        found = value.tocoo()
        return np.asarray(found.data, dtype=np.float64), tuple(found.coords)
    array = np.asarray(value, dtype=np.float64)
    return array.ravel(), tuple(index.ravel() for index in np.indices(array.shape))


def _odd(
    economy: Economy,
    figure: Figure,
    cells: Floats,
    odd: npt.NDArray[np.bool_],
    places: tuple[Integers, ...],
) -> Finding:
    owners = {f.shape: value_of(economy, f.field) for f in _CODES}
    rows = np.flatnonzero(odd)
    where = [
        " / ".join(
            owners[letter][int(place[row])]
            for letter, place in zip(figure.shape, places, strict=True)
        )
        for row in rows[:SHOWN_MOST]
    ]
    rest = f" and {len(rows) - SHOWN_MOST} more" if len(rows) > SHOWN_MOST else ""
    thing = f"{', '.join(where)}{rest}: the number is {cells[rows[0]]:.6g}"
    mend = f"give a finite number from {figure.least:g}"
    mend += f" to {figure.most:g}" if np.isfinite(figure.most) else ""
    return error("numbers", figure.field, thing, mend=mend)
