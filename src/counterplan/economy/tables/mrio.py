"""World tables that pymrio parses: OECD ICIO, EXIOBASE 3, GLORIA, Eora26.

pymrio is an optional dependency (``pip install counterplan[mrio]``); its parsers are not
rewritten here. Its system of one matrix of flows becomes a :class:`Table` whose products are
what the sectors of each region make.
"""

import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from counterplan.economy.tables.axes import (
    Axis,
    Categories,
    Codes,
    FinalKind,
    Floats,
    OtherRows,
    RowKind,
)
from counterplan.economy.tables.files import parsed
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError, did_you_mean

System = Any  # pymrio ships no types

FACTOR_EXTENSIONS = ("factor_inputs", "value_added", "VA")
"""Names under which pymrio's parsers keep value added and taxes."""

FINAL_WORDS: tuple[tuple[str, FinalKind], ...] = (
    (r"non-?profit|npish|\bnps\b|^c38$", FinalKind.NONPROFIT),
    (r"household|hfce|dpabr|dirp|^p33$|^c37$", FinalKind.HOUSEHOLD),
    (r"government|ggfc|^c39$", FinalKind.COLLECTIVE),
    (r"fixed capital|gfcf|^c41$", FinalKind.INVESTMENT),
    (r"inventor|valuable|^inv|^c42$", FinalKind.INVENTORIES),
    (r"export", FinalKind.EXPORTS),
    (r"^disc$|discrepanc", FinalKind.ADJUSTMENT),
)
ROW_WORDS: tuple[tuple[str, RowKind], ...] = (
    (r"cif", RowKind.CIF_FOB),
    (r"purchases abroad", RowKind.PURCHASES_ABROAD),
    (r"non-residents", RowKind.PURCHASES_BY_VISITORS),
    (r"transport margin", RowKind.TRANSPORT_MARGINS),
    (r"subsidies on products|^tls$|taxsub|^tax", RowKind.TAXES_ON_PRODUCTS),
)
KINDS = {
    "oecd": "parse_oecd",
    "exiobase3": "parse_exiobase3",
    "gloria": "parse_gloria",
    "eora26": "parse_eora26",
    "pymrio": "load_all",
}
"""What :func:`read_mrio` reads, and the function of pymrio that parses it."""


def pymrio_module() -> ModuleType:
    """Return pymrio, or an InputError that says how to install it."""
    try:
        import pymrio
    except ImportError as error:
        raise InputError(
            "this table needs pymrio, which is not installed",
            mend="install it with: pip install 'counterplan[mrio]'",
        ) from error
    module: ModuleType = pymrio
    return module


def read_mrio(
    path: Path | str,
    kind: str,
    *,
    year: int,
    final_kinds: Mapping[str, FinalKind] | None = None,
    **options: object,
) -> Table:
    """Read a world table with pymrio.

    Parameters
    ----------
    path
        The file or folder as its publisher distributes it; for kind "pymrio", a folder that
        pymrio saved.
    kind
        One of :data:`KINDS`.
    year
        Of the table.
    final_kinds
        As for :func:`from_pymrio`.
    options
        Handed to pymrio's parser ("version" of GLORIA, say).

    Raises
    ------
    InputError
        pymrio is not installed, the kind is not known, the path is not there, pymrio cannot
        parse it, or as :func:`from_pymrio`.
    """
    path = Path(path)
    if kind not in KINDS:
        raise InputError(
            f"tables of kind '{kind}' are not read",
            mend=did_you_mean(kind, KINDS) or f"the kinds are {', '.join(KINDS)}",
        )
    module = pymrio_module()
    if not path.exists():
        raise InputError("the file or folder is not there", place=str(path))
    parse: Callable[..., Any] = getattr(module, KINDS[kind])
    # GLORIA, Eora and OECD need the year to choose among files; the others hold one year.
    arguments = dict(options) if kind in {"exiobase3", "pymrio"} else {"year": year, **options}

    def load() -> System:
        with warnings.catch_warnings():
            # pymrio warns of its own defaults and deprecations, which a reader cannot mend.
            warnings.simplefilter("ignore")
            return parse(path, **arguments)

    system = parsed(path, kind, load)
    return from_pymrio(system, year=year, final_kinds=final_kinds, place=path.name)


def from_pymrio(
    system: System,
    *,
    year: int,
    name: str = "world",
    final_kinds: Mapping[str, FinalKind] | None = None,
    place: str = "pymrio system",
) -> Table:
    """Return a table from a pymrio system.

    Parameters
    ----------
    system
        A ``pymrio.IOSystem`` with final demand and with flows or coefficients.
    final_kinds
        The kind of each category of final demand that its name does not tell.
    place
        What errors call the system.

    Returns
    -------
    Table
        Products, branches and final demand with codes "region_sector" and their regions. Rows
        of the extensions :data:`FACTOR_EXTENSIONS` in the unit of the flows become other rows.

    Raises
    ------
    InputError
        Parts are missing, a category's kind is not known, or a figure is not finite.
    """
    flows, output = _flows(system, place)
    demand = system.Y
    _refuse_gaps(flows, what="flows", place=place)
    _refuse_gaps(demand, what="final demand", place=place)
    axis = _axis(flows.index, place)
    m = len(axis)
    final = _final(demand.columns, dict(final_kinds or {}), place)
    unit = _unit(system)
    return Table(
        name=name,
        year=year,
        unit=unit,
        prices="as published",
        source=str(getattr(system.meta, "name", "") or "pymrio system"),
        licence="as published",
        products=axis,
        branches=axis,
        final=final,
        make=np.diag(output),
        domestic_use=flows.to_numpy(dtype=np.float64),
        imported_use=np.zeros((m, m)),
        domestic_final=demand.to_numpy(dtype=np.float64),
        imported_final=np.zeros((m, len(final))),
        other_rows=_factor_rows(system, unit=unit, branches=m, final=len(final), place=place),
        output=output,
    )


def _flows(system: System, place: str) -> tuple[pd.DataFrame, Floats]:
    """Return the matrix of flows and output, computing what the system leaves out."""
    if system.Y is None or (system.Z is None and system.A is None):
        raise InputError(
            "the system has no final demand, or neither flows nor coefficients", place=place
        )
    final = system.Y.to_numpy(dtype=np.float64).sum(axis=1)
    if system.x is not None:
        output = system.x.to_numpy(dtype=np.float64).ravel()
    elif system.Z is not None:
        output = system.Z.to_numpy(dtype=np.float64).sum(axis=1) + final
    else:
        coefficients = system.A.to_numpy(dtype=np.float64)
        output = np.linalg.solve(np.eye(len(final)) - coefficients, final)
    if system.Z is not None:
        return system.Z, output
    return system.A * output, output


def _refuse_gaps(frame: pd.DataFrame, *, what: str, place: str) -> None:
    for row, column in np.argwhere(~np.isfinite(frame.to_numpy(dtype=np.float64))).tolist():
        raise InputError(
            f"the figure of the {what} is not a finite number",
            place=f"{place} row '{_code(frame.index[row])}' "
            f"column '{_code(frame.columns[column])}'",
            mend="mend the source: blank figures are not taken as zero",
        )


def _code(label: object) -> str:
    return "_".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _axis(index: pd.Index, place: str) -> Axis:
    if index.nlevels != 2:
        raise InputError("rows are not labelled by region and sector", place=place)
    regions = tuple(str(label[0]) for label in index)
    sectors = tuple(str(label[1]) for label in index)
    return Axis(tuple(_code(label) for label in index), sectors, regions)


def _final(columns: pd.Index, given: dict[str, FinalKind], place: str) -> Categories:
    if columns.nlevels != 2:
        raise InputError("final demand is not labelled by region and category", place=place)
    names = tuple(str(label[1]) for label in columns)
    return Categories(
        tuple(_code(label) for label in columns),
        names,
        tuple(given.get(name) or _final_kind(name, place) for name in names),
        tuple(str(label[0]) for label in columns),
    )


def _final_kind(name: str, place: str) -> FinalKind:
    for pattern, kind in FINAL_WORDS:
        if re.search(pattern, name.lower()):
            return kind
    raise InputError(
        f"the kind of the final demand '{name}' is not known",
        place=place,
        mend=f"pass final_kinds={{'{name}': FinalKind....}}",
    )


def _unit(system: System) -> str:
    if system.unit is None:
        return "as published"
    return str(system.unit.iloc[0, 0])


def _factor_rows(system: System, *, unit: str, branches: int, final: int, place: str) -> OtherRows:
    """Return value added and taxes, from the extensions that hold them in the flows' unit."""
    codes: list[str] = []
    values: list[Floats] = []
    for name in system.get_extensions():
        extension = getattr(system, name)
        if name not in FACTOR_EXTENSIONS or getattr(extension, "F", None) is None:
            continue
        _refuse_gaps(extension.F, what=f"extension {name}", place=place)
        across = extension.F.to_numpy(dtype=np.float64)
        below = np.zeros((len(across), final))
        if getattr(extension, "F_Y", None) is not None:
            below = extension.F_Y.to_numpy(dtype=np.float64)
        units = ["" if extension.unit is None else str(u) for u in _column(extension, across)]
        for i, label in enumerate(extension.F.index):
            if units[i] in {"", unit}:
                codes.append(_code(label))
                values.append(np.concatenate([across[i], below[i]]))
    stacked = np.array(values) if values else np.zeros((0, branches + final))
    known: Codes = tuple(codes)
    return OtherRows(known, known, tuple(_row_kind(code) for code in known), stacked)


def _column(extension: System, across: Floats) -> list[object]:
    if extension.unit is None:
        return [""] * len(across)
    return list(extension.unit.iloc[:, 0])


def _row_kind(code: str) -> RowKind:
    for pattern, kind in ROW_WORDS:
        if re.search(pattern, code.lower()):
            return kind
    return RowKind.VALUE_ADDED
