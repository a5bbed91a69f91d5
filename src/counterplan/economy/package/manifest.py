"""The manifest: what the writer puts into ``datapackage.json``.

The keys of the Data Package standard (Frictionless, version 1) are for other programs: the
types, units, keys and links of all columns. What this package reads stands under "counterplan".
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from counterplan.economy.package.columns import Column, Kind, TableSchema
from counterplan.economy.package.descriptor import FORMAT, OWN, Descriptor, Resource, Statement
from counterplan.economy.package.schema import table

TYPES = {
    Kind.CODE: "string",
    Kind.TEXT: "string",
    Kind.NUMBER: "number",
    Kind.INTEGER: "integer",
}
LINE_LENGTH = 200  # long enough for one column of a table on each line
SLUG = re.compile(r"[^a-z0-9._-]+")


def manifest_of(descriptor: Descriptor, headers: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Return the content of ``datapackage.json``.

    Parameters
    ----------
    descriptor
        What the package says of itself.
    headers
        The columns that each table's file has.
    """
    slug = slug_of(descriptor.name)
    own = {
        "format": FORMAT,
        "name": "" if slug == descriptor.name else descriptor.name,
        "base_period": descriptor.base_period,
        "period": descriptor.period,
        "currency": descriptor.currency,
        "foreign_currency": descriptor.foreign_currency,
        "growth": descriptor.growth,
        "labour_growth": descriptor.labour_growth,
        "notes": list(descriptor.notes),
        **_statement(descriptor.statement),
        "fields": _statements(descriptor.fields),
    }
    needless = {"name": "", "notes": [], "fields": {}}
    licences = dict.fromkeys(s.licence for s in _spoken(descriptor) if s.licence)
    sources = dict.fromkeys(s.source for s in _spoken(descriptor) if s.source)
    found = {
        "profile": "tabular-data-package",
        "name": slug,
        "title": descriptor.title,
        "licenses": [{"name": slug_of(licence), "title": licence} for licence in licences],
        "sources": [{"title": source} for source in sources],
        OWN: {key: value for key, value in own.items() if needless.get(key) != value},
        "resources": [_resource(one, headers) for one in descriptor.resources],
    }
    return {key: value for key, value in found.items() if value or key == "resources"}


def slug_of(text: str) -> str:
    """Return a name that the standard allows."""
    return SLUG.sub("-", text.lower()).strip("-") or "economy"


def _spoken(descriptor: Descriptor) -> list[Statement]:
    found = [descriptor.statement, *descriptor.fields.values()]
    for resource in descriptor.resources:
        found += [resource.statement, *resource.fields.values()]
    return [one for one in found if one is not None]


def _statement(stated: Statement | None) -> dict[str, Any]:
    if stated is None:
        return {}
    found: dict[str, Any] = {"source": stated.source, "grade": stated.grade.value}
    if stated.licence:
        found["licence"] = stated.licence
    if stated.exceptions:
        found["exceptions"] = {
            key: {"source": source, "grade": grade.value}
            for key, (source, grade) in stated.exceptions.items()
        }
    return found


def _statements(fields: Mapping[str, Statement]) -> dict[str, Any]:
    return {name: _statement(stated) for name, stated in fields.items()}


def _resource(resource: Resource, headers: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    schema = table(resource.table)
    columns = [schema.column(name) for name in headers[resource.table]]
    own = {**_statement(resource.statement), "fields": _statements(resource.fields)}
    is_csv = resource.path.endswith(".csv")
    found = {
        "name": resource.table,
        "path": resource.path,
        "profile": "tabular-data-resource",
        "format": "csv" if is_csv else "parquet",
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        "description": schema.meaning,
        OWN: {key: value for key, value in own.items() if value or key == "source"},
        "schema": _schema(schema, columns),
    }
    return {key: value for key, value in found.items() if value}


def _schema(schema: TableSchema, columns: Iterable[Column]) -> dict[str, Any]:
    links = [_foreign_key(column) for column in columns if column.refers]
    found: dict[str, Any] = {
        "fields": [_field(column) for column in columns],
        "primaryKey": list(schema.key),
    }
    return {**found, "foreignKeys": links} if links else found


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.is_number and column.least == int(column.least) > -1:
        constraints["minimum"] = int(column.least)
    if column.is_number and column.most == 1:
        constraints["maximum"] = 1
    found = {
        "name": column.name,
        "type": TYPES[column.kind],
        "description": column.meaning,
        "unit": column.unit,
        "constraints": constraints,
    }
    return {key: value for key, value in found.items() if value}


def _foreign_key(column: Column) -> dict[str, Any]:
    target = table(column.refers)
    reference = {"resource": target.name, "fields": target.columns[0].name}
    return {"fields": column.name, "reference": reference}


def json_text(value: Any, *, indent: int = 0) -> str:  # noqa: ANN401
    """Return JSON in which whatever fits on a line stands on one, for a person to edit.

    Raises
    ------
    ValueError
        For a number that is not finite.
    """
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if indent + len(flat) <= LINE_LENGTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, list):
        parts = [json_text(item, indent=indent + 2) for item in value]
        opening, closing = "[", "]"
    else:
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {json_text(item, indent=indent + 2)}"
            for key, item in value.items()
        ]
        opening, closing = "{", "}"
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{' ' * indent}{closing}"
