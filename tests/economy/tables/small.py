"""Small tables for tests: one that a reader can add up by hand, and random balanced ones."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterplan.economy.tables import (
    Axis,
    Categories,
    FinalKind,
    OtherRows,
    RowKind,
    StatedTotal,
    Table,
    TotalKind,
)


def farm_and_mill() -> Table:
    """Two branches, three products (nobody here makes oil), every identity holds.

    Farm: makes 100 grain; uses 10 grain, 20 flour, 5 imported oil; adds 65.
    Mill: makes 60 flour and 10 grain (a by-product); uses 30 grain, 10 imported oil, 5 imported
    flour; pays 2 in taxes; adds 23.
    Final: households 50 grain, 25 flour; exports 20 grain, 15 flour.
    """
    products = Axis(("grain", "flour", "oil"), ("Grain", "Flour", "Oil"))
    branches = Axis(("farm", "mill"), ("Farm", "Mill"))
    return Table(
        name="vale",
        year=2000,
        unit="ducats",
        prices="basic prices",
        source="made up for tests",
        licence="none needed",
        products=products,
        branches=branches,
        final=Categories(
            ("families", "abroad"),
            ("Families", "Abroad"),
            (FinalKind.HOUSEHOLD, FinalKind.EXPORTS),
        ),
        make=np.array([[100.0, 10.0], [0.0, 60.0], [0.0, 0.0]]),
        domestic_use=np.array([[10.0, 30.0], [20.0, 0.0], [0.0, 0.0]]),
        imported_use=np.array([[0.0, 0.0], [0.0, 5.0], [5.0, 10.0]]),
        domestic_final=np.array([[50.0, 20.0], [25.0, 15.0], [0.0, 0.0]]),
        imported_final=np.array([[0.0, 0.0], [3.0, 0.0], [4.0, 0.0]]),
        other_rows=OtherRows(
            ("taxes", "wages"),
            ("Taxes", "Wages"),
            (RowKind.TAXES_ON_PRODUCTS, RowKind.VALUE_ADDED),
            np.array([[0.0, 2.0, 1.0, 0.0], [65.0, 23.0, 0.0, 0.0]]),
        ),
        output=np.array([100.0, 70.0]),
        stated=(
            StatedTotal(TotalKind.OUTPUT, "row output", ("farm", "mill"), np.array([100.0, 70.0])),
            StatedTotal(
                TotalKind.IMPORTS,
                "column imports",
                ("grain", "flour", "oil"),
                np.array([0.0, 8.0, 19.0]),
            ),
        ),
    )


def with_cell(table: Table, block: str, place: tuple[int, ...], value: float) -> Table:
    """Return the table with one cell changed."""
    cells = np.array(getattr(table, block))
    cells[place] = value
    return replace(table, **{block: cells})


FIGURES = st.floats(0.0, 1e6, allow_subnormal=False).map(lambda x: round(x, 3))


@st.composite
def input_output_tables(
    draw: st.DrawFn,
    *,
    used: st.SearchStrategy[float] = FIGURES,
    final: st.SearchStrategy[float] = FIGURES,
) -> Table:
    """Draw a balanced input-output table with imports, two final uses and value added."""
    n = draw(st.integers(1, 5))
    return balanced_table(
        draw(arrays(np.float64, (2, n, n), elements=used)),
        draw(arrays(np.float64, (2, n, 2), elements=final)),
    )


def thriving_tables() -> st.SearchStrategy[Table]:
    """Tables without a zero, in which every branch adds value: 5 x 1 used at most, 20 sold."""
    return input_output_tables(used=st.floats(0.1, 1.0), final=st.floats(10.0, 100.0))


def balanced_table(used: np.ndarray, final: np.ndarray) -> Table:
    """Return the table with this use [origin x n x n] and final demand [origin x n x 2]."""
    n = used.shape[1]
    output = used[0].sum(axis=1) + final[0].sum(axis=1)
    added = np.zeros((1, n + 2))
    added[0, :n] = output - used.sum(axis=(0, 1))
    codes = tuple(f"P{i}" for i in range(n))
    axis = Axis(codes, codes)
    kinds = (FinalKind.HOUSEHOLD, FinalKind.EXPORTS)
    return Table(
        name="drawn",
        year=2000,
        unit="ducats",
        prices="basic prices",
        source="",
        licence="",
        products=axis,
        branches=axis,
        final=Categories(("C", "E"), ("C", "E"), kinds),
        make=np.diag(output),
        domestic_use=used[0],
        imported_use=used[1],
        domestic_final=final[0],
        imported_final=final[1],
        other_rows=OtherRows(("VA",), ("VA",), (RowKind.VALUE_ADDED,), added),
        output=output,
        stated=(StatedTotal(TotalKind.OUTPUT, "row", codes, output),),
    )
