"""The schema is whole: every field of an economy has one column, and the links lead somewhere."""

import dataclasses

import pytest

from counterplan.economy import economy as model
from counterplan.economy.package.columns import Column, Kind, TableSchema
from counterplan.economy.package.schema import TABLES, table

COLUMNS = [(schema, column) for schema in TABLES for column in schema.columns]
# What is a row's key, a link, a shape, or stands in datapackage.json.
ELSEWHERE = {
    "codes",
    "groups",
    "producer",
    "capital",
    "origin",
    "destination",
    "storable",
    "emission_codes",
    "currency",
    "cost",
}


def test_every_field_of_the_model_has_a_column() -> None:
    parts = {
        "products": model.Products,
        "producers": model.Producers,
        "techniques": model.Techniques,
        "labour": model.Labour,
        "capital": model.Capital,
        "stocks": model.Stocks,
        "demand": model.Demand,
        "trade": model.Trade,
        "projects": model.Projects,
        "routes": model.Routes,
    }
    fields = {
        f"{part}.{field.name}"
        for part, kind in parts.items()
        for field in dataclasses.fields(kind)
        if field.name not in ELSEWHERE
    }

    filled = [column.fills for _, column in COLUMNS if column.fills]

    assert len(filled) == len(set(filled)), "two columns fill one field"
    assert fields <= set(filled)
    assert set(filled) - fields == {"projects.cost", "accounts"}


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_a_table_has_a_key_of_its_own_columns_and_a_meaning(schema: TableSchema) -> None:
    names = [column.name for column in schema.columns]

    assert len(names) == len(set(names))
    assert schema.key
    assert set(schema.key) <= set(names)
    assert schema.meaning.endswith(".")
    assert table(schema.name) is schema


@pytest.mark.parametrize(
    ("schema", "column"), COLUMNS, ids=[f"{s.name}.{c.name}" for s, c in COLUMNS]
)
def test_a_column_says_what_it_is(schema: TableSchema, column: Column) -> None:
    assert column.meaning
    assert bool(column.unit) == column.is_number
    if column.refers:
        assert column.kind is Kind.CODE
        assert table(column.refers).key == (table(column.refers).columns[0].name,)
    if column.measures:
        assert table(schema.column(column.measures).refers).column("unit").required


def test_numbers_carry_a_source_and_a_grade() -> None:
    for schema in TABLES:
        names = {column.name for column in schema.columns}
        numbers = any(column.is_number for column in schema.columns)
        assert ({"source", "grade"} <= names) == numbers


def test_unknown_names_are_key_errors() -> None:
    with pytest.raises(KeyError):
        table("outputts")
    with pytest.raises(KeyError):
        table("outputs").column("x")
