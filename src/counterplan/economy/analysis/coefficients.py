r"""From flows to coefficients: what one unit of output takes, where it goes, what it carries.

Sources: Leontief, *Input-Output Economics* (2nd ed., 1986), ch. 2; Miller and Blair,
*Input-Output Analysis* (2nd ed., 2009), sections 2.2 and 12.1.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from counterplan.economy.analysis.arrays import (
    Array,
    Matrix,
    checked_labels,
    checked_matrix,
    checked_rows,
    checked_vector,
    frozen,
    label_of,
)
from counterplan.errors import InputError

FLOWS = "intermediate flows"


def input_coefficients(
    flows: Any,  # noqa: ANN401
    output: ArrayLike,
    *,
    labels: Sequence[str] = (),
    place: str = FLOWS,
) -> Matrix:
    r"""Return what each branch uses of each product for one unit of its output.

    .. math:: a_{ij} = z_{ij} / x_j

    A branch with no output and no inputs gets a column of zeros.

    Parameters
    ----------
    flows
        Z, n x n, dense or sparse [value or physical units].
    output
        x, (n,) [units of the branch's product].
    labels
        Branch labels for the messages.
    place
        Where the flows come from, for the messages.

    Returns
    -------
    Matrix
        A, n x n, of the kind of `flows` [units of i per unit of j].

    Raises
    ------
    InputError
        On a negative or not finite number, and on a branch that has inputs but no output.
    """
    matrix = checked_matrix(flows, labels=labels, place=place)
    names = checked_labels(labels, size=matrix.shape[0], place=place)
    x = _checked_output(output, size=matrix.shape[0], labels=names, place=place)
    inputs = np.asarray(matrix.sum(axis=0)).ravel()
    _refuse_flow_without_output(inputs, output=x, labels=names, place=place, does="has inputs of")
    if isinstance(matrix, np.ndarray):
        return frozen(_divided(matrix, x))
    return _with_data(matrix, _divided(matrix.data, np.repeat(x, np.diff(matrix.indptr))))


def allocation_coefficients(
    flows: Any,  # noqa: ANN401
    output: ArrayLike,
    *,
    labels: Sequence[str] = (),
    place: str = FLOWS,
) -> Matrix:
    r"""Return the share of each branch's output that goes to each branch (Ghosh 1958).

    .. math:: b_{ij} = z_{ij} / x_i

    Parameters, units and errors as in :func:`input_coefficients`, with rows for columns: a
    branch with sales but no output is refused, and one with neither gets a row of zeros.

    Returns
    -------
    Matrix
        B, n x n, of the kind of `flows` [dimensionless].
    """
    matrix = checked_matrix(flows, labels=labels, place=place)
    names = checked_labels(labels, size=matrix.shape[0], place=place)
    x = _checked_output(output, size=matrix.shape[0], labels=names, place=place)
    sales = np.asarray(matrix.sum(axis=1)).ravel()
    _refuse_flow_without_output(sales, output=x, labels=names, place=place, does="has sales of")
    if isinstance(matrix, np.ndarray):
        return frozen(_divided(matrix, x[:, np.newaxis]))
    return _with_data(matrix, _divided(matrix.data, x[matrix.indices]))


def intensities(
    extension: ArrayLike,
    output: ArrayLike,
    *,
    labels: Sequence[str] = (),
    place: str = "extension",
) -> Array:
    r"""Return an extension (value added, hours, emissions) for one unit of each branch's output.

    .. math:: s_{qj} = f_{qj} / x_j

    Parameters
    ----------
    extension
        F, (n,) or (q, n) [extension units]; may be negative (taxes less subsidies).
    output
        x, (n,) [product units].

    Returns
    -------
    Array
        S with the shape of `extension` [extension units per product unit]; zero where both are.

    Raises
    ------
    InputError
        Where a branch without output has an extension that is not zero.
    """
    size = np.asarray(output).size
    rows = checked_rows(extension, size=size, labels=labels, what=place)
    x = _checked_output(output, size=size, labels=labels, place=place)
    carried = np.abs(rows.reshape(-1, size)).sum(axis=0)
    _refuse_flow_without_output(carried, output=x, labels=labels, place=place, does="has")
    return frozen(_divided(rows, x))


def _checked_output(output: ArrayLike, *, size: int, labels: Sequence[str], place: str) -> Array:
    x = checked_vector(output, size=size, labels=labels, what="the output")
    if (x < 0.0).any():
        worst = int(np.argmin(x))
        raise InputError(
            f"the output of branch {label_of(labels, worst)} is {x[worst]:g}",
            place=place,
            mend="an output cannot be negative; move the negative cell to final demand",
        )
    return x


def _refuse_flow_without_output(
    total: Array, *, output: Array, labels: Sequence[str], place: str, does: str
) -> None:
    at_fault = np.flatnonzero((output == 0.0) & (total > 0.0))
    if at_fault.size:
        first = int(at_fault[0])
        more = f" (and {at_fault.size - 1} more)" if at_fault.size > 1 else ""
        raise InputError(
            f"branch {label_of(labels, first)} {does} {total[first]:g} but no output{more}",
            place=place,
            mend="give its output, or move its flows to another branch or to final demand",
        )


def _divided(values: Array, output: Array) -> Array:
    # Where the output is zero, what was to be divided has been shown to be zero too.
    return np.divide(values, output, out=np.zeros_like(values), where=output > 0.0)


def _with_data(matrix: sparse.csc_array[Any], data: Array) -> Matrix:
    return sparse.csc_array((frozen(data), matrix.indices, matrix.indptr), shape=matrix.shape)
