r"""Footprints: what final use contains, wherever it was made.

Production accounts book an extension (emissions, hours, value added) where it arises;
consumption accounts book it to the final use that it serves. Over the whole table both add up to
the same total; for a region they differ by what it exports and imports inside products.

Sources: Peters, *Ecological Economics* 65 (2008) 13-23; Kanemoto, Lenzen, Peters, Moran and
Geschke, *Environmental Science & Technology* 46 (2012) 172-179.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from counterplan.economy.analysis.arrays import Array, checked_columns, checked_rows, frozen
from counterplan.economy.analysis.leontief import LeontiefModel
from counterplan.errors import InputError, LimitError

# Extensions x branches x final uses in one answer: 4 GB.
CELLS_MAX = 500_000_000


@dataclass(frozen=True, eq=False)
class RegionalAccounts:
    """An extension booked by region, for each of q extensions and R regions.

    Attributes
    ----------
    regions
        R names, in the order in which the rows and then the columns first use them.
    flows
        (q, R, R): arises in region r for the final use of region s [extension units].
    households
        (q, R): arises in final use itself (heating, driving), not in any branch.
    """

    regions: tuple[str, ...]
    flows: Array
    households: Array

    @property
    def production(self) -> Array:
        """What arises in the region, (q, R) [extension units]."""
        return np.asarray(self.flows.sum(axis=2) + self.households)

    @property
    def consumption(self) -> Array:
        """What the region's final use contains, (q, R) [extension units]."""
        return np.asarray(self.flows.sum(axis=1) + self.households)

    @property
    def exports(self) -> Array:
        """What arises in the region for other regions' final use, (q, R) [extension units]."""
        return np.asarray(self.flows.sum(axis=2) - self._at_home)

    @property
    def imports(self) -> Array:
        """What arises elsewhere for the region's final use, (q, R) [extension units]."""
        return np.asarray(self.flows.sum(axis=1) - self._at_home)

    @property
    def _at_home(self) -> Array:
        return np.diagonal(self.flows, axis1=1, axis2=2)


def footprints(model: LeontiefModel, direct: ArrayLike, final_demand: ArrayLike) -> Array:
    r"""Return what each column of final demand contains.

    .. math:: F = S (I - A)^{-1} Y

    Solved from the side with fewer right-hand sides: q extensions or k columns.

    Parameters
    ----------
    model
        A, n branches (of all regions).
    direct
        S, (n,) or (q, n) [extension units per unit of output].
    final_demand
        Y, (n,) or (n, k) [product units].

    Returns
    -------
    Array
        (q, k), without the dimensions that were not given [extension units].
    """
    rows, columns = _checked(model, direct, final_demand)
    row_count = 1 if rows.ndim == 1 else rows.shape[0]
    column_count = 1 if columns.ndim == 1 else columns.shape[1]
    if row_count <= column_count:
        return np.asarray(model.content(rows) @ columns)
    return np.asarray(rows @ model.output_required(columns))


def footprints_by_product(
    model: LeontiefModel, direct: ArrayLike, final_demand: ArrayLike
) -> Array:
    r"""Return the footprint of each product in each column of final demand.

    .. math:: F_{qik} = (S L)_{qi} \, Y_{ik}

    Parameters as in :func:`footprints`.

    Returns
    -------
    Array
        (q, n, k) [extension units]; its sum over products is :func:`footprints`.
    """
    rows, columns = _checked(model, direct, final_demand)
    _refuse_large_answer(rows, columns)
    contents = np.atleast_2d(model.content(rows))
    return np.asarray(contents[:, :, np.newaxis] * columns.reshape(1, model.size, -1))


def footprints_by_origin(model: LeontiefModel, direct: ArrayLike, final_demand: ArrayLike) -> Array:
    r"""Return where the footprint of each column of final demand arises.

    .. math:: F_{qik} = S_{qi} \, (L Y)_{ik}

    Parameters as in :func:`footprints`.

    Returns
    -------
    Array
        (q, n, k) [extension units]; its sum over branches is :func:`footprints`.
    """
    rows, columns = _checked(model, direct, final_demand)
    _refuse_large_answer(rows, columns)
    outputs = model.output_required(columns).reshape(1, model.size, -1)
    return np.asarray(np.atleast_2d(rows)[:, :, np.newaxis] * outputs)


def summed_by(values: ArrayLike, groups: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    """Return the sums over the last dimension of each group, in the order of first appearance.

    Parameters
    ----------
    values
        (..., k).
    groups
        k names: the region or the category of each column.

    Returns
    -------
    tuple
        The G names, and an array (..., G).

    Raises
    ------
    InputError
        Where there is not one name for each column.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] != len(groups):
        raise InputError(
            f"{len(groups)} groups for an array of shape {array.shape}",
            mend="give one group for each entry of the last dimension",
        )
    names = tuple(dict.fromkeys(groups))
    return names, _sums(array, groups=groups, names=names)


def regional_accounts(
    model: LeontiefModel,
    direct: ArrayLike,
    final_demand: ArrayLike,
    *,
    branch_regions: Sequence[str],
    demand_regions: Sequence[str],
    household_direct: ArrayLike | None = None,
) -> RegionalAccounts:
    r"""Return production and consumption accounts of all regions, and the flows between them.

    .. math:: F_{q r s} = \sum_{i \in r} S_{qi} \, \Big(L \sum_{k \in s} Y_{\cdot k}\Big)_i

    Parameters
    ----------
    model
        A, n branches of all regions.
    direct
        S, (n,) or (q, n) [extension units per unit of output].
    final_demand
        Y, (n, k) [product units].
    branch_regions
        The region of each branch, n names.
    demand_regions
        The region of each column of final demand, k names.
    household_direct
        (k,) or (q, k): what arises in final use itself [extension units]; nothing if left out.

    Raises
    ------
    InputError
        Where names or shapes do not fit.
    """
    rows, columns = _checked(model, direct, final_demand)
    rows, columns = np.atleast_2d(rows), columns.reshape(model.size, -1)
    if len(branch_regions) != model.size:
        raise InputError(
            f"{len(branch_regions)} regions for {model.size} branches",
            mend="give one region for each branch",
        )
    regions = tuple(dict.fromkeys([*branch_regions, *demand_regions]))
    _, by_region = summed_by(columns, demand_regions)
    outputs = np.zeros((model.size, len(regions)))
    places = [regions.index(name) for name in dict.fromkeys(demand_regions)]
    outputs[:, places] = model.output_required(by_region)
    flows = np.empty((rows.shape[0], len(regions), len(regions)))
    for each, row in enumerate(rows):
        arising = (row[:, np.newaxis] * outputs).T
        flows[each] = _sums(arising, groups=branch_regions, names=regions).T
    households = np.zeros((rows.shape[0], columns.shape[1]))
    if household_direct is not None:
        households = households + np.asarray(household_direct, dtype=np.float64)
    return RegionalAccounts(
        regions=regions,
        flows=frozen(flows),
        households=frozen(_sums(households, groups=demand_regions, names=regions)),
    )


def _refuse_large_answer(rows: Array, columns: Array) -> None:
    cells = np.atleast_2d(rows).shape[0] * columns.size
    if cells > CELLS_MAX:
        raise LimitError(
            f"an answer of {cells} cells is over the limit of {CELLS_MAX}",
            mend="ask for fewer extensions or final uses at once, or for the sums only",
        )


def _sums(values: Array, *, groups: Sequence[str], names: Sequence[str]) -> Array:
    number = {name: place for place, name in enumerate(names)}
    indicator = np.zeros((len(groups), len(names)))
    indicator[np.arange(len(groups)), [number[name] for name in groups]] = 1.0
    return np.asarray(values @ indicator)


def _checked(
    model: LeontiefModel, direct: ArrayLike, final_demand: ArrayLike
) -> tuple[Array, Array]:
    rows = checked_rows(direct, size=model.size, labels=model.labels, what="the intensity")
    columns = checked_columns(
        final_demand, size=model.size, labels=model.labels, what="the final demand"
    )
    return rows, columns
