"""What a split is asked for, with its limits."""

import math
from dataclasses import dataclass

from counterplan.economy.derive.assumptions import Assumptions
from counterplan.economy.economy import Economy
from counterplan.errors import InputError, LimitError

PRODUCERS_MAX = 100_000
TECHNIQUES_MAX = 20
ALTERNATIVES_MAX = 10
REGIONS_MAX = 1_000
SPREAD_MAX = 1.0
CELLS_MAX = 50_000_000  # coefficients of the split economy; about 3 GB while it is made
DISCOUNT = Assumptions().discount


@dataclass(frozen=True)
class Request:
    """How an economy is to be split.

    Attributes
    ----------
    producers
        How many workplaces, W.
    seed
        Of everything drawn; the same request gives the same economy to the last bit.
    techniques
        How many techniques that run each workplace has, for each that its branch has.
    alternatives
        How many more it has that do not run in the base period: they save labour or capital
        and cost a little more than they bring in at base prices.
    regions
        How many regions the workplaces are spread over.
    spread
        Standard deviation of the logarithm of a coefficient's difference, before balancing.
    discount
        rho, with which the economy was derived [per period].

    Raises
    ------
    InputError
        Where a number is not one that can be meant; LimitError where it is beyond a limit.
    """

    producers: int
    seed: int
    techniques: int = 2
    alternatives: int = 0
    regions: int = 8
    spread: float = 0.25
    discount: float = DISCOUNT

    def __post_init__(self) -> None:
        _whole("producers", self.producers, least=1, most=PRODUCERS_MAX)
        _whole("seed", self.seed, least=0, most=2**63 - 1)
        _whole("techniques", self.techniques, least=1, most=TECHNIQUES_MAX)
        _whole("alternatives", self.alternatives, least=0, most=ALTERNATIVES_MAX)
        _whole("regions", self.regions, least=1, most=REGIONS_MAX)
        if not 0 <= self.spread <= SPREAD_MAX:  # not a number fails this too
            raise InputError(
                f"a spread of {self.spread:g}",
                place="spread",
                mend=f"give one from 0 (all alike) to {SPREAD_MAX:g}",
            )
        if not (self.discount > 0 and math.isfinite(self.discount)):
            raise InputError(
                f"a discount of {self.discount:g}",
                place="discount",
                mend=f"give the rate the economy was derived with, {DISCOUNT:.6g} by default",
            )


def check_request(economy: Economy, request: Request) -> None:
    """Refuse what this economy cannot be split into.

    Raises
    ------
    InputError
        For fewer workplaces than producers, or capital that another producer's technique needs.
    LimitError
        Where the split economy would have too many coefficients.
    """
    least, wanted = len(economy.producers), request.producers
    if wanted < least:
        raise InputError(
            f"{wanted} workplaces for the {least} producers of '{economy.name}'",
            place="producers",
            mend=f"give at least {least}: every producer becomes one workplace or more",
        )
    need = economy.capital.need.tocoo()
    apart = economy.capital.producer[need.row] != economy.techniques.producer[need.col]
    for item, technique in zip(need.row[apart][:1], need.col[apart][:1], strict=True):
        raise InputError(
            f"technique '{economy.techniques.codes[technique]}' needs capital "
            f"'{economy.capital.codes[item]}', which another producer owns",
            place="capital",
            mend="split an economy in which each producer uses its own capital",
        )
    check_size(economy, request)


def check_size(economy: Economy, request: Request) -> None:
    """Refuse a split with more coefficients than fit, reckoned as if each branch were densest."""
    techniques = economy.techniques
    filled = techniques.use.nnz + economy.labour.need.nnz + economy.capital.need.nnz
    mean = filled / max(len(economy.producers), 1)
    cells = mean * request.producers * (request.techniques + request.alternatives)
    if cells > CELLS_MAX:
        raise LimitError(
            f"about {cells:.3g} coefficients, and the limit is {CELLS_MAX:.3g}",
            place="producers",
            mend="ask for fewer workplaces or techniques, or aggregate the economy first",
        )


def _whole(place: str, number: int, *, least: int, most: int) -> None:
    if isinstance(number, bool) or not isinstance(number, int):
        raise InputError(f"{number!r} is not a whole number", place=place, mend="give one")
    if number < least:
        raise InputError(f"it is {number}", place=place, mend=f"give at least {least}")
    if number > most:
        raise LimitError(
            f"it is {number}, and the limit is {most}", place=place, mend=f"give at most {most}"
        )
