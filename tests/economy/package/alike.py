"""Comparing two economies to the last bit, and making small ones at random."""

import dataclasses

import numpy as np
import scipy.sparse as sp
from hypothesis import strategies as st

from counterplan.economy.economy import (
    Accounts,
    Capital,
    Demand,
    Economy,
    Grade,
    Labour,
    Producers,
    Products,
    Projects,
    Provenance,
    Routes,
    Stocks,
    Techniques,
    Trade,
    Trend,
)
from counterplan.economy.package.schema import TABLES


def differences(one: object, other: object, path: str = "") -> list[str]:
    """Return the fields in which two economies differ; floats are compared bit by bit."""
    found = []
    for field in dataclasses.fields(one):
        name = f"{path}{field.name}"
        a, b = getattr(one, field.name), getattr(other, field.name)
        if dataclasses.is_dataclass(a):
            found += differences(a, b, f"{name}.")
        elif sp.issparse(a):
            same = a.shape == b.shape and np.array_equal(a.toarray(), b.toarray())
            found += [] if same else [name]
        elif isinstance(a, np.ndarray):
            same = a.dtype == b.dtype and np.array_equal(a, b)
            found += [] if same else [name]
        elif a != b:
            found.append(name)
    return found


#: Marks of writing direction, which no text may hold (counterplan.economy.characters).
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co"),
        exclude_characters=TURNING,
    ),
    min_size=1,
    max_size=8,
).filter(lambda text: text == text.strip())
AMOUNT = st.one_of(
    st.just(0.0), st.floats(0, 1e30, allow_subnormal=True), st.integers(0, 10**6).map(float)
)
SHARE = st.floats(0, 1)
SIGNED = st.floats(-1e30, 1e30)
LIMIT = st.one_of(st.just(float("inf")), AMOUNT)


@st.composite
def codes(draw: st.DrawFn, least: int = 0, most: int = 4) -> tuple[str, ...]:
    found = draw(st.lists(TEXT, min_size=least, max_size=most, unique=True))
    return tuple(code for code in found if code not in ("*", "collective"))


@st.composite
def vector(draw: st.DrawFn, n: int, values: st.SearchStrategy[float] = AMOUNT) -> np.ndarray:
    return np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=np.float64)


@st.composite
def matrix(draw: st.DrawFn, n: int, m: int) -> sp.csc_array:
    return sp.csc_array(draw(vector(n * m)).reshape(n, m))


@st.composite
def texts(draw: st.DrawFn, n: int) -> tuple[str, ...]:
    return tuple(draw(st.lists(TEXT, min_size=n, max_size=n)))


@st.composite
def indices(draw: st.DrawFn, n: int, below: int) -> np.ndarray:
    found = draw(st.lists(st.integers(0, below - 1), min_size=n, max_size=n))
    return np.array(found, dtype=np.int64)


@st.composite
def periods(draw: st.DrawFn, n: int) -> np.ndarray:
    return np.array(draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)), dtype=np.int64)


@st.composite
def provenances(draw: st.DrawFn) -> dict[str, Provenance]:
    """Statements for some fields, with exceptions for rows that may or may not be there."""
    fields = [column.fills for schema in TABLES for column in schema.figures]
    grade = st.sampled_from(list(Grade))
    source = st.one_of(st.just(""), TEXT)
    one = st.builds(
        Provenance,
        source=source,
        grade=grade,
        licence=source,
        exceptions=st.dictionaries(
            TEXT, st.tuples(st.one_of(st.just(""), TEXT), grade), max_size=2
        ),
    )
    keys = st.sampled_from([*fields, "trend.growth", "trend.labour"])
    return draw(st.dictionaries(keys, one, max_size=6))


@st.composite
def techniques(draw: st.DrawFn, n: int, producers: int) -> Techniques:
    found, emissions = draw(codes(least=1)) or ("t",), draw(codes())
    m, q = len(found), len(emissions)
    output = draw(matrix(n, m)).tolil()
    output[0, 0] = 1.0  # the table of outputs must not be empty
    return Techniques(
        found,
        draw(texts(m)),
        draw(indices(m, producers)),
        draw(matrix(n, m)),
        sp.csc_array(output),
        draw(vector(m)),
        emissions,
        draw(texts(q)),
        draw(matrix(q, m)),
    )


@st.composite
def capital(draw: st.DrawFn, n: int, m: int, producers: int) -> Capital:
    found = draw(codes())
    e = len(found)
    return Capital(
        found,
        draw(texts(e)),
        draw(indices(e, producers)),
        draw(texts(e)),
        draw(matrix(e, m)),
        draw(matrix(n, e)),
        draw(vector(e)),
        draw(vector(e)),
        draw(vector(e, SHARE)),
        draw(periods(e)),
    )


@st.composite
def stocks(draw: st.DrawFn, n: int) -> Stocks:
    storable = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    parts = [np.where(storable, draw(vector(n, kind)), 0.0) for kind in (AMOUNT, AMOUNT, SHARE)]
    return Stocks(storable, *parts)


@st.composite
def demand(draw: st.DrawFn, n: int) -> Demand:
    groups = draw(codes())
    count = len(groups)
    consumption = draw(vector(n * count)).reshape(n, count)
    return Demand(groups, draw(texts(count)), consumption, draw(vector(n)), draw(vector(n, SIGNED)))


@st.composite
def projects(draw: st.DrawFn, n: int, capital_items: int) -> Projects:
    found = draw(codes(most=2)) if capital_items else ()
    count = len(found)
    cost = st.tuples(st.integers(0, n - 1), st.integers(0, 3), AMOUNT)
    costs = st.lists(cost, max_size=3, unique_by=lambda one: one[:2]).map(tuple)
    return Projects(
        found,
        draw(texts(count)),
        tuple(draw(costs) for _ in found),
        draw(indices(count, max(capital_items, 1))),
        draw(vector(count)),
        draw(periods(count)),
    )


@st.composite
def routes(draw: st.DrawFn, n: int) -> Routes:
    found = draw(codes(most=2)) if n > 1 else ()
    count = len(found)
    ends = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    return Routes(found, *ends, draw(matrix(n, count)), draw(vector(count, LIMIT)))


@st.composite
def economies(draw: st.DrawFn) -> Economy:
    """Any economy that the format can hold; it need not make sense."""
    products, producers = draw(codes(least=1)) or ("a",), draw(codes(least=1)) or ("s",)
    skills = draw(codes())
    n, s, k = map(len, (products, producers, skills))
    made = draw(techniques(n, s))
    built = draw(capital(n, len(made), s))
    units = draw(texts(1)) * n
    labour = draw(matrix(k, len(made))), draw(vector(k))
    return Economy(
        name=draw(TEXT),
        title=draw(TEXT),
        base_period=draw(st.integers(-3000, 3000)),
        period=draw(TEXT),
        currency=draw(TEXT),
        products=Products(products, draw(texts(n)), units, draw(texts(n)), draw(vector(n))),
        producers=Producers(producers, draw(texts(s)), draw(texts(s)), draw(texts(s))),
        techniques=made,
        labour=Labour(skills, draw(texts(k)), draw(texts(k)), *labour),
        capital=built,
        stocks=draw(stocks(n)),
        demand=draw(demand(n)),
        trade=Trade(draw(TEXT), *(draw(vector(n)) for _ in range(5)), draw(vector(n, LIMIT))),
        accounts=Accounts(draw(AMOUNT), draw(SIGNED), draw(AMOUNT), draw(AMOUNT)),
        projects=draw(projects(n, len(built))),
        routes=draw(routes(n)),
        trend=Trend(draw(st.floats(-0.5, 1)), draw(st.floats(-0.5, 1))),
        provenance=draw(provenances()),
        notes=tuple(draw(st.lists(TEXT, max_size=2))),
    )
