"""Value added where a table does not state it: what is left of output when products are paid."""

from dataclasses import replace

import numpy as np

from counterplan.economy.tables.axes import OtherRows, RowKind
from counterplan.economy.tables.table import Table
from counterplan.errors import InputError

CODE, NAME = "VA", "Value added, as what is left of output"


def with_residual_value_added(table: Table) -> Table:
    r"""Return a table with a row of value added, worked out from its other cells.

    .. math:: v_j = g_j - \sum_i U_{ij} - \sum_r o_{rj}

    g output by branch, U use of products of any origin, o the rows that the table has. Taxes,
    margins and whatever else the table leaves out are counted as value added.

    Raises
    ------
    InputError
        Where the table states value added: then the stated one is to be used.
    """
    rows = table.other_rows
    if RowKind.VALUE_ADDED in rows.kinds:
        raise InputError(
            "the table states its value added",
            place=table.name,
            mend="use the stated one",
        )
    m, final = len(table.branches), len(table.final)
    left = table.output - table.use().sum(axis=0) - rows.values[:, :m].sum(axis=0)
    added = np.concatenate([left, np.zeros(final)])
    return replace(
        table,
        other_rows=OtherRows(
            (*rows.codes, CODE),
            (*rows.names, NAME),
            (*rows.kinds, RowKind.VALUE_ADDED),
            np.vstack([rows.values, added]),
        ),
    )
