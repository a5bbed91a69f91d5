"""The record of a random economy: codes, sources and grades, and what a reader should know."""

from collections.abc import Mapping

from counterplan.economy.drawn.request import Draw
from counterplan.economy.economy import Codes, Grade, Provenance
from counterplan.economy.figures import FIELDS


def numbered(word: str, count: int) -> Codes:
    """Return codes with numbers of one width: product-01, product-02, ..."""
    width = len(str(count))
    return tuple(f"{word}-{number:0{width}d}" for number in range(1, count + 1))


def provenance_of(request: Draw) -> Mapping[str, Provenance]:
    """Return the source of every figure: nothing was observed."""
    source = f"drawn at random with seed {request.seed}; no real economy"
    return {field: Provenance(source, Grade.ESTIMATED) for field in FIELDS}


def notes_of(request: Draw) -> tuple[str, ...]:
    """Return the notes of a random economy."""
    return (
        f"Drawn at random: {request!r}. Nothing in it was observed; it serves to test methods.",
        "In the base period every product balances, every technique that ran covered its cost at "
        "base prices, and every capital stock kept its trend.",
    )
