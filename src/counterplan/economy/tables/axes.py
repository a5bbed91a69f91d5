"""Axes: what the rows and columns of a table stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from counterplan.errors import InputError, did_you_mean

Floats = npt.NDArray[np.float64]
Codes = tuple[str, ...]


class FinalKind(StrEnum):
    """What a category of final demand is, whatever its source calls it."""

    HOUSEHOLD = "household"
    NONPROFIT = "nonprofit"
    COLLECTIVE = "collective"
    INVESTMENT = "investment"
    INVENTORIES = "inventories"
    EXPORTS = "exports"
    IMPORTS = "imports"
    """Imports as a column of negative figures, where a table does not say who uses them."""
    ADJUSTMENT = "adjustment"
    """What the source adds so that its totals agree; of either sign."""


SIGNED_KINDS = frozenset({FinalKind.INVENTORIES, FinalKind.IMPORTS, FinalKind.ADJUSTMENT})
"""Kinds of final demand whose figures may be negative."""


class RowKind(StrEnum):
    """What a row below the products is."""

    VALUE_ADDED = "value added"
    TAXES_ON_PRODUCTS = "taxes on products"
    TRANSPORT_MARGINS = "transport margins"
    CIF_FOB = "cif/fob adjustment"
    PURCHASES_ABROAD = "purchases abroad"
    PURCHASES_BY_VISITORS = "purchases by visitors"
    IMPORTS = "imports"
    """Imports by user, where a table does not say of which product."""


class TotalKind(StrEnum):
    """What a total that the source states beside its cells is the total of."""

    OUTPUT = "output by branch"
    PRODUCT_OUTPUT = "output by product"
    IMPORTS = "imports by product"
    PRODUCT_USE = "intermediate use by product"
    COLUMN_USE = "products used by column"


def position(codes: Sequence[str], code: str, *, what: str, place: str = "") -> int:
    """Return the index of a code, or an InputError that suggests the nearest."""
    try:
        return codes.index(code)
    except ValueError:
        raise InputError(
            f"{what} '{code}' is not in the table", place=place, mend=did_you_mean(code, codes)
        ) from None


def refuse_duplicates(codes: Sequence[str], *, what: str, place: str) -> None:
    """Raise an InputError for the first code that stands twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InputError(f"{what} '{code}' stands twice", place=place, mend="delete one")
        seen.add(code)


@dataclass(frozen=True)
class Axis:
    """Products or branches: ``codes`` and ``names``, and ``regions`` (or () for one region)."""

    codes: Codes
    names: Codes
    regions: Codes = ()

    def __post_init__(self) -> None:
        _same_length(self.codes, self.names, self.regions or self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def region_codes(self) -> Codes:
        """Return the regions in order of first appearance; () for a table of one region."""
        return tuple(dict.fromkeys(self.regions))


@dataclass(frozen=True)
class Categories:
    """Categories of final demand; ``kinds`` says what each is."""

    codes: Codes
    names: Codes
    kinds: tuple[FinalKind, ...]
    regions: Codes = ()

    def __post_init__(self) -> None:
        _same_length(self.codes, self.names, self.kinds, self.regions or self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def of_kind(self, *kinds: FinalKind) -> npt.NDArray[np.bool_]:
        """Return which categories are of one of the kinds [F]."""
        return np.array([kind in kinds for kind in self.kinds], dtype=np.bool_)


@dataclass(frozen=True)
class OtherRows:
    """Rows below the products.

    Attributes
    ----------
    values
        [R x (m + F)] table units, over the branches and then the final-demand categories.
    """

    codes: Codes
    names: Codes
    kinds: tuple[RowKind, ...]
    values: Floats

    def __post_init__(self) -> None:
        _same_length(self.codes, self.names, self.kinds)

    def __len__(self) -> int:
        return len(self.codes)

    def of_kind(self, kind: RowKind) -> Floats:
        """Return the sum of the rows of a kind [m + F]."""
        chosen = [found == kind for found in self.kinds]
        return np.asarray(self.values[chosen].sum(axis=0), dtype=np.float64)


@dataclass(frozen=True)
class StatedTotal:
    """Totals that the source prints beside its cells, kept so that they can be checked.

    Attributes
    ----------
    source
        What the source calls it ("T008 of the use table").
    codes, values
        [k] products, branches or columns, and the stated figures in table units.
    """

    kind: TotalKind
    source: str
    codes: Codes
    values: Floats

    def __post_init__(self) -> None:
        _same_length(self.codes, self.values)


def _same_length(codes: Codes, *others: Sequence[object] | Floats) -> None:
    for other in others:
        if len(other) != len(codes):
            raise InputError(f"{len(codes)} codes do not fit {len(other)} entries beside them")
