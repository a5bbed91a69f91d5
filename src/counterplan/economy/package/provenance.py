"""Sources and grades: from the package's statements to the economy's provenance, and back.

The nearest statement counts: the row's own columns ``source`` and ``grade``, then what
``datapackage.json`` says of the column, of the table, and of the package. Figures that nobody
speaks for have no provenance; a row that gives a source and no grade counts as estimated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from counterplan.economy.economy import Grade, Provenance
from counterplan.economy.package.descriptor import Descriptor, Resource, Statement, grade_of
from counterplan.economy.package.rows import Rows
from counterplan.economy.package.schema import TABLES, table
from counterplan.economy.package.tables import Tables

UNSTATED = Statement(source="", grade=Grade.ESTIMATED)
Exceptions = dict[str, tuple[str, Grade]]
Spoken = tuple[Statement | None, Mapping[str, Statement]]  # of the table, of its columns


def provenance_of(tables: Tables, descriptor: Descriptor) -> dict[str, Provenance]:
    """Return the economy's provenance by field ("techniques.use").

    Raises
    ------
    InputError
        Where a row names a grade that there is not.
    """
    found = {key: _provenance(value, {}) for key, value in descriptor.fields.items()}
    resources = {resource.table: resource for resource in descriptor.resources}
    for schema in TABLES:
        rows = tables[schema.name]
        resource = resources.get(schema.name)
        if resource is not None:
            found.update(_of_table(rows, resource, descriptor.statement))
    return found


def _of_table(
    rows: Rows, resource: Resource, package: Statement | None
) -> Iterator[tuple[str, Provenance]]:
    general = resource.statement or (package if len(rows) else None)
    for column in rows.schema.figures:
        stated = resource.fields.get(column.name, general)
        own = _own_statements(rows, stated or UNSTATED)
        if stated is not None or own:
            yield column.fills, _provenance(stated or UNSTATED, own)


def _own_statements(rows: Rows, stated: Statement) -> Exceptions:
    sources, grades = rows.text("source"), rows.text("grade")
    if not any(sources) and not any(grades):
        return {}
    found: Exceptions = {}
    for row, label in enumerate(rows.labels()):
        if not sources[row] and not grades[row]:
            continue
        grade = stated.grade
        if grades[row]:
            grade = grade_of(grades[row], place=rows.place(row, "grade"))
        own = (sources[row] or stated.source, grade)
        if own != (stated.source, stated.grade):
            found[label] = own
    return found


def _provenance(stated: Statement, own: Exceptions) -> Provenance:
    exceptions = {**stated.exceptions, **own}
    return Provenance(stated.source, stated.grade, stated.licence, exceptions)


@dataclass(frozen=True)
class Stated:
    """What the writer must say of sources: by table, in the tables' rows, and for the rest.

    Attributes
    ----------
    tables
        Table name to statement and statements of single columns.
    rows
        Table name to the cells (source, grade) of rows, by the row's label.
    fields
        Statements of fields that no written table holds.
    package
        One statement for all, where one is enough.
    """

    tables: Mapping[str, Spoken]
    rows: Mapping[str, Exceptions]
    fields: Mapping[str, Statement]
    package: Statement | None = None


def statements_of(provenance: Mapping[str, Provenance], labels: Mapping[str, list[str]]) -> Stated:
    """Turn an economy's provenance into statements, each said once where it can be.

    Parameters
    ----------
    provenance
        By field.
    labels
        The rows' labels of each table that is written.
    """
    left = dict(provenance)
    tables: dict[str, Spoken] = {}
    rows: dict[str, Exceptions] = {}
    complete = True
    for name, its_labels in labels.items():
        figures = table(name).figures
        found = {c.name: left.pop(c.fills) for c in figures if c.fills in left}
        whole = len(found) == len(figures)
        complete = complete and whole
        rows[name] = _in_rows(found, its_labels) if whole else {}
        bare = {
            column: Statement(p.source, p.grade, p.licence, {} if rows[name] else p.exceptions)
            for column, p in found.items()
        }
        tables[name] = _said_once(bare) if whole else (None, bare)
    rest = {key: Statement(p.source, p.grade, p.licence, p.exceptions) for key, p in left.items()}
    package = _commonest([one for one, _ in tables.values() if one]) if complete else None
    tables = {
        name: (None if one == package else one, fields) for name, (one, fields) in tables.items()
    }
    return Stated(tables, rows, rest, package)


def _commonest(statements: list[Statement]) -> Statement | None:
    """Return what most tables say, where at least two say it."""
    most = max(statements, key=statements.count, default=None)
    return most if most and statements.count(most) > 1 else None


def _in_rows(found: Mapping[str, Provenance], labels: list[str]) -> Exceptions:
    """Return the exceptions that the columns ``source`` and ``grade`` of the rows can say.

    That is all of them or none: they speak for every figure of a row, and an empty cell
    does not say that there is no source.
    """
    first, *others = [dict(p.exceptions) for p in found.values()] or [{}]
    sayable = set(first) <= set(labels) and all(source for source, _ in first.values())
    if not sayable or any(other != first for other in others):
        return {}
    return first


def _said_once(bare: Mapping[str, Statement]) -> Spoken:
    first, *others = bare.values() or (None,)
    if first is None or first.exceptions or any(other != first for other in others):
        return None, bare
    return first, {}
