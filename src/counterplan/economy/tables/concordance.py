r"""Concordance tables: aggregation and splitting of products, branches and final demand.

A concordance says how much of each code of one classification belongs to each code of another:
a CSV file with the columns ``from``, ``to`` and ``weight`` (and, if wished, ``name`` of the
code in ``to``). The weights of one ``from`` add up to 1, so that every total of the table is
kept. With :math:`C` the weights [from x to],

.. math:: V' = C_p' V C_b, \qquad U' = C_p' U C_b, \qquad Y' = C_p' Y C_f, \qquad x' = C_b' x

Splitting one code into several by weights assumes that its parts make and use alike: the
result is an estimate, and aggregating it again gives back the table it came from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from counterplan.economy.tables.axes import (
    Axis,
    Categories,
    Codes,
    FinalKind,
    Floats,
    StatedTotal,
    TotalKind,
)
from counterplan.economy.tables.files import DEFAULT_LIMITS, Limits, shown
from counterplan.economy.tables.frames import Row, open_csv
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean

WEIGHT_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Concordance:
    """Weights from one list of codes to another.

    Attributes
    ----------
    sources, targets
        Codes.
    weights
        [sources x targets] shares; each row adds up to 1.
    names
        Names of targets, where they are known.
    place
        What errors call it: the file's name.
    """

    sources: Codes
    targets: Codes
    weights: Floats
    names: Mapping[str, str] = field(default_factory=dict)
    place: str = "concordance"

    def __post_init__(self) -> None:
        if self.weights.shape != (len(self.sources), len(self.targets)):
            raise InputError("the weights do not fit the codes", place=self.place)
        sums = self.weights.sum(axis=1)
        for i in np.flatnonzero(~(np.abs(sums - 1.0) <= WEIGHT_TOLERANCE)).tolist():
            raise InputError(
                f"the weights of '{self.sources[i]}' add up to {sums[i]:.10g}",
                place=self.place,
                mend="make them add up to 1",
            )
        for j in np.flatnonzero(~self.weights.any(axis=0)).tolist():
            raise InputError(
                f"nothing goes to '{self.targets[j]}'",
                place=self.place,
                mend="give it a code of positive weight, or leave it out",
            )

    def over(self, codes: Sequence[str], *, what: str) -> Floats:
        """Return the weights in the order of ``codes`` [codes x targets].

        Raises
        ------
        InputError
            A code is in one of the two and not in the other.
        """
        for code in self.sources:
            if code not in codes:
                raise InputError(
                    f"'{code}' is not a {what} of the table",
                    place=self.place,
                    mend=did_you_mean(code, codes) or "delete its row",
                )
        missing = [code for code in codes if code not in self.sources]
        if missing:
            raise InputError(
                f"there is no row for the {what} {shown(missing)}",
                place=self.place,
                mend="say where it belongs",
            )
        return self.weights[[self.sources.index(code) for code in codes]]

    def is_split(self) -> bool:
        """Return whether each target comes from one source only."""
        return bool(((self.weights != 0).sum(axis=0) == 1).all())

    def backwards(self) -> "Concordance":
        """Return the aggregation that undoes a split.

        Raises
        ------
        InputError
            When a target comes from several sources.
        """
        if not self.is_split():
            raise InputError(
                "only a split can be undone: a code comes from several sources", place=self.place
            )
        weights = (self.weights.T != 0).astype(np.float64)
        return Concordance(self.targets, self.sources, weights, place=self.place)


def read_concordance(path: Path | str, *, limits: Limits = DEFAULT_LIMITS) -> Concordance:
    """Read a concordance from a CSV file with the columns from, to, weight and perhaps name.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, holds a pair twice, a weight that is negative
        or not a number, weights of one code that do not add up to 1 (with its rows), or two
        names of one code.
    """
    path = Path(path)
    rows = open_csv(path, required=("from", "to", "weight"), optional=("name",), limits=limits)
    if not rows:
        raise InputError("the file has no rows", place=path.name, mend="add one for each code")
    pairs: dict[tuple[str, str], Row] = {}
    names: dict[str, str] = {}
    for row in rows:
        pair = (row.text("from"), row.text("to"))
        if pair in pairs:
            raise InputError(
                f"the pair '{pair[0]}', '{pair[1]}' stands twice",
                place=row.place(),
                mend=f"it also stands in row {pairs[pair].line}: delete one",
            )
        if row.number("weight") < 0:
            raise InputError(
                f"the weight is {row.cells['weight']}",
                place=row.place("weight"),
                mend="give a share between 0 and 1",
            )
        name = row.cells.get("name", "")
        if name and names.setdefault(pair[1], name) != name:
            raise InputError(
                f"'{pair[1]}' is also called '{names[pair[1]]}'",
                place=row.place("name"),
                mend="keep one of the names",
            )
        pairs[pair] = row
    sources = tuple(dict.fromkeys(source for source, _ in pairs))
    targets = tuple(dict.fromkeys(target for _, target in pairs))
    weights = np.zeros((len(sources), len(targets)))
    for (source, target), row in pairs.items():
        weights[sources.index(source), targets.index(target)] = row.number("weight")
    _check_sums(path, pairs, sources, weights)
    return Concordance(sources, targets, weights, names, path.name)


def _check_sums(
    path: Path, pairs: Mapping[tuple[str, str], Row], sources: Codes, weights: Floats
) -> None:
    for source, total in zip(sources, weights.sum(axis=1), strict=True):
        if abs(total - 1.0) > WEIGHT_TOLERANCE:
            lines = [str(row.line) for (found, _), row in pairs.items() if found == source]
            raise InputError(
                f"the weights of '{source}' add up to {total:.10g}",
                place=f"{path.name} row {', '.join(lines)}",
                mend="make them add up to 1",
            )


def grouping(groups: Mapping[str, Iterable[str]]) -> Concordance:
    """Return the concordance that puts whole codes into groups: ``{"goods": ["A01", "B"]}``."""
    pairs = [(code, target) for target, codes in groups.items() for code in codes]
    sources = tuple(dict.fromkeys(code for code, _ in pairs))
    targets = tuple(groups)
    weights = np.zeros((len(sources), len(targets)))
    for code, target in pairs:
        weights[sources.index(code), targets.index(target)] += 1.0
    return Concordance(sources, targets, weights, place="grouping")


def aggregate(
    table: Table,
    *,
    products: Concordance | None = None,
    branches: Concordance | None = None,
    final: Concordance | None = None,
) -> Table:
    """Return the table in other classifications; what is left out stays as it is.

    In an input-output table give the same concordance for products and branches: the result
    is an input-output table again, also where a code is split.

    Raises
    ------
    InputError
        A concordance does not fit the table, or puts categories of final demand of different
        kinds, or codes of different regions, together.
    """
    p = _weights(products, table.products.codes, what="product")
    b = _weights(branches, table.branches.codes, what="branch")
    f = _weights(final, table.final.codes, what="category of final demand")
    columns = np.block([[b, np.zeros((len(b), f.shape[1]))], [np.zeros((len(f), b.shape[1])), f]])
    output = b.T @ table.output
    make = p.T @ table.make @ b
    if table.is_diagonal() and products is branches and products is not None:
        # Proportions would let each part of a split branch make a little of every part.
        make = np.diag(output)
    new_products = _axis(table.products, products, p)
    new_branches = _axis(table.branches, branches, b)
    new_final = _categories(table.final, final, f)
    return replace(
        table,
        products=new_products,
        branches=new_branches,
        final=new_final,
        make=make,
        domestic_use=p.T @ table.domestic_use @ b,
        imported_use=p.T @ table.imported_use @ b,
        domestic_final=p.T @ table.domestic_final @ f,
        imported_final=p.T @ table.imported_final @ f,
        other_rows=replace(table.other_rows, values=table.other_rows.values @ columns),
        output=output,
        stated=_stated(table, p, columns, (new_products, new_branches, new_final)),
    )


def _weights(concordance: Concordance | None, codes: Codes, *, what: str) -> Floats:
    return np.eye(len(codes)) if concordance is None else concordance.over(codes, what=what)


def _axis(axis: Axis, concordance: Concordance | None, weights: Floats) -> Axis:
    if concordance is None:
        return axis
    names = dict(zip(axis.codes, axis.names, strict=True)) | dict(concordance.names)
    return Axis(
        concordance.targets,
        tuple(names.get(code, code) for code in concordance.targets),
        _common(axis.regions, concordance, weights, what="region") if axis.regions else (),
    )


def _categories(final: Categories, concordance: Concordance | None, weights: Floats) -> Categories:
    if concordance is None:
        return final
    names = dict(zip(final.codes, final.names, strict=True)) | dict(concordance.names)
    kinds = _common(tuple(kind.value for kind in final.kinds), concordance, weights, what="kind")
    return Categories(
        concordance.targets,
        tuple(names.get(code, code) for code in concordance.targets),
        tuple(FinalKind(kind) for kind in kinds),
        _common(final.regions, concordance, weights, what="region") if final.regions else (),
    )


def _common(values: Codes, concordance: Concordance, weights: Floats, *, what: str) -> Codes:
    """Return the region or kind that all sources of each target share."""
    found = []
    for j, target in enumerate(concordance.targets):
        shared = {values[i] for i in np.flatnonzero(weights[:, j]).tolist()}
        if len(shared) != 1:
            raise InputError(
                f"'{target}' would join codes of different {what}s: {shown(sorted(shared))}",
                place=concordance.place,
                mend=f"make one group for each {what}",
            )
        found.append(shared.pop())
    return tuple(found)


def _stated(
    table: Table, p: Floats, columns: Floats, axes: tuple[Axis, Axis, Categories]
) -> tuple[StatedTotal, ...]:
    """Carry over the stated totals, where every code that a group needs has one."""
    products, branches, final = axes
    found = []
    for total in table.stated:
        by_product = total.kind not in {TotalKind.OUTPUT, TotalKind.COLUMN_USE}
        old = table.products.codes if by_product else table.columns
        new = products.codes if by_product else (*branches.codes, *final.codes)
        weights = p if by_product else columns
        place = {code: i for i, code in enumerate(old)}
        rows = [place[code] for code in total.codes]
        unstated = np.ones(len(old), dtype=np.bool_)
        unstated[rows] = False
        whole = ~np.any(weights[unstated] != 0, axis=0)
        values = (weights[rows].T @ total.values)[whole]
        codes = tuple(code for code, keep in zip(new, whole, strict=True) if keep)
        found.append(replace(total, codes=codes, values=values))
    return tuple(found)
