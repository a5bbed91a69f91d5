"""``datapackage.json``: what the package says of itself, of its tables and of their sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from counterplan.economy.economy import Grade
from counterplan.economy.package.columns import TableSchema
from counterplan.economy.package.node import Node, json_of
from counterplan.economy.package.rows import complaint_of
from counterplan.economy.package.schema import TABLES, table
from counterplan.errors import InputError, did_you_mean

FILE = "datapackage.json"
OWN = "counterplan"
FORMAT = 1
SUFFIXES = (".csv", ".parquet")
PERIOD_MOST = 1_000_000
PATH_LENGTH_MAX = 200


@dataclass(frozen=True)
class Statement:
    """Where figures come from and how good they are; ``exceptions`` by the row's key."""

    source: str
    grade: Grade
    licence: str = ""
    exceptions: Mapping[str, tuple[str, Grade]] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """One table of the package: its file, and statements for all of it or for single columns."""

    table: str
    path: str
    statement: Statement | None = None
    fields: Mapping[str, Statement] = field(default_factory=dict)


@dataclass(frozen=True)
class Descriptor:
    """Everything that ``datapackage.json`` says and the reader uses."""

    name: str
    title: str
    base_period: int
    period: str
    currency: str
    foreign_currency: str
    growth: float = 0.0
    labour_growth: float = 0.0
    notes: tuple[str, ...] = ()
    statement: Statement | None = None
    fields: Mapping[str, Statement] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()


def parse_descriptor(content: bytes) -> Descriptor:
    """Read ``datapackage.json``.

    Keys of the standard that the package does not use are left alone; the keys under
    "counterplan" are all known, and any other is refused.

    Raises
    ------
    InputError
        Naming the file, the key and the mend.
    """
    root = Node(json_of(content, file=FILE), place=FILE)
    if OWN not in root.value:
        near = did_you_mean(OWN, root.value)
        mend = near or "start from a template: counterplan new DIR"
        raise InputError(f"there is no key '{OWN}'", place=FILE, mend=mend)
    own = Node(root.get(OWN), place=root.at(OWN))
    if own.get("format") != FORMAT:
        raise InputError(
            f"is not {FORMAT}, the only format that is known",
            place=own.at("format"),
            mend="read it with a newer version",
        )
    name = own.text("name", default="") or root.text("name")
    currency = own.text("currency")
    found = Descriptor(
        name=name,
        title=root.text("title", default=name),
        base_period=own.integer("base_period", most=PERIOD_MOST),
        period=own.text("period", default="year"),
        currency=currency,
        foreign_currency=own.text("foreign_currency", default=currency),
        growth=own.number("growth", least=-0.5, most=1.0, default=0.0),
        labour_growth=own.number("labour_growth", least=-0.5, most=1.0, default=0.0),
        notes=_notes(own),
        statement=_statement_or_none(own),
        fields={key: _statement(node) for key, node in own.children("fields").items()},
        resources=_resources(root),
    )
    own.finish()
    return found


def _notes(own: Node) -> tuple[str, ...]:
    found = own.get("notes")
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(note, str) for note in found):
        raise InputError("is not a list of texts", place=own.at("notes"), mend='write ["..."]')
    for note in found:
        for line in note.splitlines():
            if complaint_of(line):
                raise InputError(complaint_of(line), place=own.at("notes"))
    return tuple(found)


def _statement_or_none(node: Node) -> Statement | None:
    """Return the statement of a package or a table; it may be silent on sources."""
    return _stated(node) if {"source", "grade", "licence"} & set(node.value) else None


def _stated(node: Node) -> Statement:
    return Statement(
        source=node.text("source", default=""),
        grade=grade_of(node.text("grade"), place=node.at("grade")),
        licence=node.text("licence", default=""),
    )


def _statement(node: Node) -> Statement:
    """Return the statement of one column, which may except single rows."""
    exceptions = {
        key: (
            child.text("source", default=""),
            grade_of(child.text("grade"), place=child.at("grade")),
        )
        for key, child in node.children("exceptions").items()
    }
    found = replace(_stated(node), exceptions=exceptions)
    node.finish()
    return found


def grade_of(text: str, *, place: str) -> Grade:
    """Return a grade by its name.

    Raises
    ------
    InputError
        Where there is no such grade.
    """
    try:
        return Grade(text)
    except ValueError:
        known = [grade.value for grade in Grade]
        raise InputError(
            f"there is no grade '{text[:40]}'",
            place=place,
            mend=did_you_mean(text, known) or f"the grades are {', '.join(known)}",
        ) from None


def _resources(root: Node) -> tuple[Resource, ...]:
    found = root.get("resources")
    if not isinstance(found, list):
        raise InputError("there is no list 'resources'", place=FILE, mend="list the tables in it")
    resources = []
    seen: set[str] = set()
    for position, value in enumerate(found, start=1):
        resource = _resource(Node(value, place=f"{FILE} resource {position}"))
        if resource.table in seen:
            raise InputError(
                f"the table '{resource.table}' is listed twice",
                place=f"{FILE} resource {position}",
                mend="delete one of the two",
            )
        seen.add(resource.table)
        resources.append(resource)
    for schema in TABLES:
        if schema.required and schema.name not in seen:
            raise InputError(
                f"the table '{schema.name}' is not listed in resources",
                place=FILE,
                mend=f"add {schema.name}.csv and list it",
            )
    return tuple(resources)


def _resource(node: Node) -> Resource:
    name = node.text("name")
    known = [schema.name for schema in TABLES]
    if name not in known:
        raise InputError(
            f"there is no table '{name[:40]}' in the format",
            place=node.place,
            mend=did_you_mean(name, known) or f"the tables are {', '.join(known)}",
        )
    path = node.text("path")
    _check_path(path, place=node.at("path"))
    _check_plain(node)
    own = Node(node.value.get(OWN, {}), place=node.at(OWN))
    fields = {key: _statement(child) for key, child in own.children("fields").items()}
    _check_fields(table(name), fields, place=own.at("fields"))
    resource = Resource(name, path, _statement_or_none(own), fields)
    own.finish()
    return resource


def _check_path(path: str, *, place: str) -> None:
    """Refuse paths that leave the folder, and files of another kind."""
    parts = PurePosixPath(path)
    if "\\" in path or ":" in path or parts.is_absolute() or ".." in parts.parts:
        raise InputError(
            f"the path '{path[:60]}' leads out of the package",
            place=place,
            mend="keep the file in the folder and give its name",
        )
    if len(path) > PATH_LENGTH_MAX:
        raise InputError("the path is too long", place=place, mend="give the name of the file")
    if parts.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"'{path[:60]}' is neither .csv nor .parquet",
            place=place,
            mend="save the sheet as 'CSV UTF-8 (comma delimited)'",
        )


def _check_plain(node: Node) -> None:
    """Refuse what the standard allows and this reader would have to guess at."""
    dialect = Node(node.value.get("dialect") or {}, place=node.at("dialect")).value
    if dialect.get("delimiter", ",") != ",":
        raise InputError(
            "the columns are not separated by commas",
            place=node.at("dialect"),
            mend="save the sheet as 'CSV UTF-8 (comma delimited)'",
        )
    encoding = node.value.get("encoding", "utf-8")
    if str(encoding).lower() not in ("utf-8", "utf8"):
        raise InputError("is not utf-8", place=node.at("encoding"), mend="save the file as UTF-8")
    if "data" in node.value:
        raise InputError(
            "holds the rows inside the file", place=node.at("data"), mend="write them as .csv"
        )


def _check_fields(schema: TableSchema, fields: Mapping[str, Statement], *, place: str) -> None:
    known = [column.name for column in schema.figures]
    for name in fields:
        if name not in known:
            raise InputError(
                f"'{name[:40]}' holds no figures of the table '{schema.name}'",
                place=place,
                mend=did_you_mean(name, known) or f"figures are in {', '.join(known)}",
            )
