"""The record of a split: names, sources and grades, and what a reader should know."""

from collections.abc import Mapping

from counterplan.economy.economy import Codes, Economy, Grade, Integers, Provenance
from counterplan.economy.split.pieces import Items, Pieces
from counterplan.economy.split.request import Request
from counterplan.economy.split.workplaces import LOCALISATION, SIZE_RANGE, Workplaces

SPLIT_FIELDS = (
    "techniques.activity",
    "techniques.use",
    "techniques.output",
    "techniques.emissions",
    "labour.need",
    "capital.capacity",
    "capital.investment",
    "capital.depreciation",
    "capital.lag",
    "capital.need",
    "capital.composition",
)
"""The fields whose figures are no longer those of the economy that was split."""


def workplace_names(economy: Economy, places: Workplaces) -> tuple[Codes, Codes]:
    """Return the codes and names of workplaces: the producer's, with a number."""
    old, width = economy.producers, _width(places.number)
    pairs = list(zip(places.parent, places.number, strict=True))
    codes = tuple(f"{old.codes[s]}-{number:0{width}d}" for s, number in pairs)
    return codes, tuple(f"{old.names[s]}, workplace {number}" for s, number in pairs)


def workplace_regions(economy: Economy, places: Workplaces, *, count: int) -> Codes:
    """Return the region of each workplace: its producer's where it has one, else the drawn one."""
    width = len(str(count))
    drawn = tuple(f"region-{number:0{width}d}" for number in range(1, count + 1))
    old = economy.producers.regions
    return tuple(old[s] or drawn[r] for s, r in zip(places.parent, places.region, strict=True))


def technique_names(
    economy: Economy, places: Workplaces, pieces: Pieces, *, running: int
) -> tuple[Codes, Codes]:
    """Return the codes and names of techniques: the one split, the workplace, a number."""
    old, width = economy.techniques, _width(places.number)
    codes, names = [], []
    for source, owner, number in zip(pieces.source, pieces.owner, pieces.number, strict=True):
        workplace = places.number[owner]
        kind = f"technique {number}" if number <= running else f"alternative {number - running}"
        codes.append(f"{old.codes[source]}-{workplace:0{width}d}-{number}")
        names.append(f"{old.names[source]}, workplace {workplace}, {kind}")
    return tuple(codes), tuple(names)


def item_names(economy: Economy, places: Workplaces, items: Items) -> tuple[Codes, Codes]:
    """Return the codes and names of capital items."""
    old, width = economy.capital, _width(places.number)
    pairs = list(zip(items.source, places.number[items.owner], strict=True))
    codes = tuple(f"{old.codes[e]}-{number:0{width}d}" for e, number in pairs)
    return codes, tuple(f"{old.names[e]}, workplace {number}" for e, number in pairs)


def provenance_of(economy: Economy, request: Request) -> Mapping[str, Provenance]:
    """Return the sources of a split economy: what was split is estimated.

    Exceptions by row fall away with the rows.
    """
    found = dict(economy.provenance)
    tables = {field.partition(".")[0] for field in SPLIT_FIELDS}
    for field in SPLIT_FIELDS:
        old = economy.provenance.get(field, economy.provenance.get(field.partition(".")[0]))
        rows = [source for source, _ in old.exceptions.values()] if old else []
        sources = list(dict.fromkeys([old.source, *rows])) if old else []
        totals = f"; totals of the branches: {'; '.join(sources)}" if any(sources) else ""
        found[field] = Provenance(
            source=f"generated: '{economy.name}' split into {request.producers} workplaces with "
            f"seed {request.seed}{totals}",
            grade=Grade.ESTIMATED,
            licence=old.licence if old else "",
        )
    for table in tables - {"labour"}:  # the labour force is still what it was
        found.pop(table, None)
    return found


def notes_of(economy: Economy, request: Request, *, projects: int) -> tuple[str, ...]:
    """Return the notes of a split economy."""
    extra = (
        f"The {request.alternatives} alternatives of each technique do not run in the base "
        "period: they save labour or capital and cost 0.5 to 3% more than they bring in.",
    )
    owned = ("Each project enlarges the capital of its producer's largest workplace.",)
    return (
        *economy.notes,
        f"Split from '{economy.name}' into {request.producers} workplaces with "
        f"{request.techniques} techniques that run for each one split, seed {request.seed}. The "
        "workplaces are not real: only the totals of the producers they were split from are.",
        f"Sizes follow Zipf's law within a factor of {SIZE_RANGE:g}; coefficients differ by a "
        f"log-normal factor of {request.spread:g} that is scaled to keep what each branch uses "
        f"and what a unit of activity costs at base prices (rho = {request.discount:.10g}).",
        f"Workplaces without a region were spread over {request.regions} of unequal size, with "
        f"a localisation of {LOCALISATION:g}; products are balanced where they were before.",
        *(extra if request.alternatives else ()),
        *(owned if projects else ()),
    )


def _width(number: Integers) -> int:
    return len(str(int(number.max(initial=1))))
