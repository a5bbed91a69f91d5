"""The writer: an economy becomes a data package, whole or not at all."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from counterplan.economy.economy import Economy
from counterplan.economy.package.columns import INF, Column, Kind, TableSchema
from counterplan.economy.package.descriptor import FILE, Descriptor, Resource
from counterplan.economy.package.folder import whole_folder
from counterplan.economy.package.manifest import json_text, manifest_of
from counterplan.economy.package.provenance import Exceptions, Stated, statements_of
from counterplan.economy.package.reader import PACKAGE_LIMITS, read_package
from counterplan.economy.package.rows import KEY_JOINT, complaint_of
from counterplan.economy.package.schema import table
from counterplan.economy.package.sheets import Sheet, sheets_of
from counterplan.economy.tables.files import Limits
from counterplan.errors import InputError

Form = Literal["csv", "parquet"]


def write_package(
    economy: Economy,
    path: Path | str,
    *,
    digits: int | None = None,
    form: Form = "csv",
    limits: Limits = PACKAGE_LIMITS,
) -> None:
    """Write an economy as a data package.

    Parameters
    ----------
    path
        The folder. Of a package that stands there the tables are replaced; other folders that
        are not empty are left alone.
    digits
        Significant digits to round every number to; None writes them exactly.
    form
        Of the tables' files.
    limits
        Of the reader: what it would refuse is not written.

    Raises
    ------
    InputError
        Where the economy cannot be written so that it can be read again, or the folder
        holds something else. Nothing is written then.
    """
    sheets = {
        name: sheet
        for name, sheet in sheets_of(economy).items()
        if table(name).required or _height(sheet)
    }
    labels = {name: _labels(table(name), sheet) for name, sheet in sheets.items()}
    stated = statements_of(economy.provenance, labels)
    for name, exceptions in stated.rows.items():
        sheets[name] = _with_sources(sheets[name], labels[name], exceptions)
    descriptor = _descriptor(economy, stated, [f"{name}.{form}" for name in sheets])
    with whole_folder(Path(path)) as folder:
        write_sheets(folder, descriptor, sheets, digits=digits)
        read_package(folder, limits=limits)


def write_sheets(
    folder: Path,
    descriptor: Descriptor,
    sheets: Mapping[str, Sheet],
    *,
    digits: int | None = None,
) -> None:
    """Write ``datapackage.json`` and the tables it lists into an empty folder."""
    headers = {name: [c.name for c in _columns(table(name), sheets[name])] for name in sheets}
    write_manifest(folder, descriptor, headers)
    for resource in descriptor.resources:
        file = folder / resource.path
        cells = {
            column.name: _cells(column, sheets[resource.table][column.name], resource.path, digits)
            for column in _columns(table(resource.table), sheets[resource.table])
        }
        if file.suffix == ".csv":
            _write_csv(file, table(resource.table), cells)
        else:
            _write_parquet(file, table(resource.table), cells)


def write_manifest(
    folder: Path, descriptor: Descriptor, headers: Mapping[str, Sequence[str]]
) -> None:
    """Write ``datapackage.json`` for tables with the given columns."""
    manifest = manifest_of(descriptor, headers)
    try:
        content = f"{json_text(manifest)}\n".encode()
    except ValueError as error:
        raise InputError(f"cannot be written: {error}", place=FILE) from error
    (folder / FILE).write_bytes(content)


def _descriptor(economy: Economy, stated: Stated, files: Sequence[str]) -> Descriptor:
    tables = [file.rpartition(".")[0] for file in files]
    return Descriptor(
        name=economy.name,
        title=economy.title,
        base_period=economy.base_period,
        period=economy.period,
        currency=economy.currency,
        foreign_currency=economy.trade.currency,
        growth=economy.trend.growth,
        labour_growth=economy.trend.labour,
        notes=economy.notes,
        statement=stated.package,
        fields=stated.fields,
        resources=tuple(
            Resource(name, file, *stated.tables[name])
            for name, file in zip(tables, files, strict=True)
        ),
    )


def _height(sheet: Sheet) -> int:
    return len(next(iter(sheet.values())))


def _columns(schema: TableSchema, sheet: Sheet) -> list[Column]:
    return [column for column in schema.columns if column.name in sheet]


def _labels(schema: TableSchema, sheet: Sheet) -> list[str]:
    return [KEY_JOINT.join(map(str, key)) for key in zip(*map(sheet.get, schema.key), strict=True)]


def _with_sources(sheet: Sheet, labels: Sequence[str], exceptions: Exceptions) -> Sheet:
    if not exceptions:
        return sheet
    cells = [exceptions.get(label) for label in labels]
    return {
        **sheet,
        "source": [cell[0] if cell else "" for cell in cells],
        "grade": [cell[1].value if cell else "" for cell in cells],
    }


def _cells(
    column: Column, values: Sequence[Any], file: str, digits: int | None
) -> list[str] | list[float]:
    if not column.is_number:
        return [_checked(value, f"{file} column '{column.name}'") for value in values]
    if digits is None:
        return [float(value) for value in values]
    return [float(f"{value:.{digits}g}") for value in values]


def _checked(text: str, place: str) -> str:
    """Refuse a text that could not be read again, or would come back changed."""
    if complaint_of(text):
        raise InputError(complaint_of(text), place=place)
    if text != text.strip():
        raise InputError(
            f"'{text[:40]}' starts or ends with a space", place=place, mend="take the space away"
        )
    return text


def number_text(value: float) -> str:
    """Return the shortest text that reads back as exactly this number."""
    return repr(value).removesuffix(".0")


def _write_csv(file: Path, schema: TableSchema, cells: Mapping[str, Sequence[Any]]) -> None:
    texts = []
    for name, values in cells.items():
        column = schema.column(name)
        if not column.is_number:
            texts.append(values)
        elif column.default == INF:
            texts.append(["" if value == INF else number_text(value) for value in values])
        else:
            texts.append([number_text(value) for value in values])
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(cells)
        writer.writerows(zip(*texts, strict=True))


def _write_parquet(file: Path, schema: TableSchema, cells: Mapping[str, Sequence[Any]]) -> None:
    arrays = {}
    for name, values in cells.items():
        kind = schema.column(name).kind
        if kind is Kind.INTEGER:
            arrays[name] = pa.array([int(value) for value in values], pa.int64())
        else:
            arrays[name] = pa.array(values, pa.float64() if kind is Kind.NUMBER else pa.string())
    pq.write_table(pa.table(arrays), file, compression="zstd")
