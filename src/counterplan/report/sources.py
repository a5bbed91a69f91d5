"""Sources: the numbered list that every chart and table points to, with grades."""

from dataclasses import dataclass

from counterplan.economy.economy import Economy, Grade, Provenance
from counterplan.economy.figures import FIELDS, value_of
from counterplan.report.names import clean

TABLES = (
    "products",
    "techniques",
    "labour",
    "capital",
    "stocks",
    "demand",
    "trade",
    "accounts",
    "projects",
    "routes",
    "trend",
)


@dataclass(frozen=True)
class Source:
    """One source with what it is the source of.

    Attributes
    ----------
    fields
        Fields of the economy ("trade.exports") with the grade of their figures.
    """

    number: int
    text: str
    licence: str
    fields: tuple[tuple[str, Grade], ...]


@dataclass(frozen=True)
class Sources:
    """Every source of an economy, in the order of its tables."""

    listed: tuple[Source, ...]
    unstated: tuple[str, ...]

    def numbers(self, *fields: str) -> tuple[int, ...]:
        """Return the numbers of the sources that speak of any of some fields."""
        wanted = {*fields, *(field.partition(".")[0] for field in fields)}
        found = [one.number for one in self.listed if wanted & {name for name, _ in one.fields}]
        return tuple(found)


def sources_of(economy: Economy) -> Sources:
    """Return the sources that an economy states, numbered, and the fields with none."""
    order = {table: place for place, table in enumerate(TABLES)}
    stated = sorted(
        economy.provenance.items(), key=lambda item: order.get(item[0].partition(".")[0], 99)
    )
    entries: dict[tuple[str, str], list[tuple[str, Grade]]] = {}
    for field, provenance in stated:
        for text, licence, grade in spoken(provenance):
            entries.setdefault((text, licence), []).append((field, grade))
    listed = tuple(
        Source(number, text, licence, tuple(dict.fromkeys(fields)))
        for number, ((text, licence), fields) in enumerate(entries.items(), start=1)
    )
    return Sources(listed, tuple(field for field in FIELDS if is_unstated(economy, field)))


def spoken(provenance: Provenance) -> list[tuple[str, str, Grade]]:
    """Return source, licence and grade of a field, and of the rows with their own."""
    own = sorted({(clean(text), grade) for text, grade in provenance.exceptions.values()})
    general = (clean(provenance.source) or "not named", clean(provenance.licence), provenance.grade)
    return [general, *((text or "not named", "", grade) for text, grade in own)]


def is_unstated(economy: Economy, field: str) -> bool:
    """Return whether a field holds figures that no source is stated for."""
    table = field.partition(".")[0]
    if field in economy.provenance or table in economy.provenance:
        return False
    value = value_of(economy, field)
    size = getattr(value, "nnz", getattr(value, "size", None))
    return bool(len(value) if isinstance(value, tuple) else size is None or size > 0)
