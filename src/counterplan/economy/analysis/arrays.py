"""What every array given to the analysis must satisfy, and the names its errors use.

The analysis works on plain arrays: dense ``numpy`` or sparse ``scipy`` matrices with one row
and one column for each branch, in the same order everywhere, and a label for each.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from counterplan.errors import InputError, LimitError

Array: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]
Matrix: TypeAlias = "NDArray[np.float64] | sparse.csc_array[Any]"

# 20,000 branches as a dense table are 3.2 GB, and its factors as much again.
DENSE_BRANCHES_MAX = 20_000


def label_of(labels: Sequence[str], index: int) -> str:
    """Return the label of a branch in quotes, or its number where there are no labels."""
    return f"'{labels[index]}'" if labels else f"number {index}"


def frozen(values: Array) -> Array:
    """Return the array, no longer writeable."""
    values.setflags(write=False)
    return values


def refuse_large_inverse(size: int, *, place: str) -> None:
    """Raise a LimitError where an inverse of `size` branches would not fit."""
    if size > DENSE_BRANCHES_MAX:
        raise LimitError(
            f"an inverse of {size} branches is over the limit of {DENSE_BRANCHES_MAX}",
            place=place,
            mend="ask for the outputs, prices or contents that are needed",
        )


def checked_labels(labels: Sequence[str], *, size: int, place: str) -> tuple[str, ...]:
    """Return the labels as a tuple: none at all, or one different label for each branch.

    Raises
    ------
    InputError
        Where their number is not `size`, or one of them is there twice.
    """
    names = tuple(str(label) for label in labels)
    if names and len(names) != size:
        raise InputError(
            f"{len(names)} labels for {size} branches",
            place=place,
            mend="give one label for each branch, in the order of the columns",
        )
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"the label '{twice}' is there twice", place=place, mend="rename one")
    return names


def checked_matrix(values: Any, *, labels: Sequence[str], place: str) -> Matrix:  # noqa: ANN401
    """Return a square, finite, non-negative matrix as a read-only copy, dense or sparse as given.

    Parameters
    ----------
    values
        n x n, dense or any ``scipy`` sparse format.
    labels
        Branch labels for the messages; may be empty.
    place
        Where the matrix comes from, for the messages.

    Raises
    ------
    InputError
        Where it is empty or not square, or holds a negative number, NaN or infinity: the cell is
        named.
    LimitError
        Where it is dense and has more than `DENSE_BRANCHES_MAX` rows.
    """
    given_sparse = sparse.issparse(values)
    shape: tuple[int, ...] = values.shape if given_sparse else np.shape(values)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise InputError(
            f"a matrix of shape {tuple(shape)} is not square",
            place=place,
            mend="give one row and one column for each branch",
        )
    if shape[0] == 0:
        raise InputError("there are no branches", place=place, mend="give at least one")
    if given_sparse:
        matrix: sparse.csc_array[Any] = sparse.csc_array(values, dtype=np.float64, copy=True)
        matrix.sum_duplicates()
        _check_cells(matrix.data, matrix=matrix, labels=labels, place=place)
        matrix.data.setflags(write=False)
        return matrix
    if shape[0] > DENSE_BRANCHES_MAX:
        raise LimitError(
            f"a dense table of {shape[0]} branches is over the limit of {DENSE_BRANCHES_MAX}",
            place=place,
            mend="give it as a scipy sparse array, or aggregate",
        )
    dense = np.array(values, dtype=np.float64)
    _check_cells(dense, matrix=dense, labels=labels, place=place)
    return frozen(dense)


def _check_cells(values: Array, *, matrix: Matrix, labels: Sequence[str], place: str) -> None:
    # One pass without a temporary mask in the common case: NaN fails the comparison too.
    if values.size == 0 or (values.min() >= 0.0 and values.max() < np.inf):
        return
    if isinstance(matrix, np.ndarray):
        row, column = np.argwhere(~((matrix >= 0.0) & (matrix < np.inf)))[0]
        value = matrix[row, column]
    else:
        cells = matrix.tocoo()
        bad = int(np.argmax(~((cells.data >= 0.0) & (cells.data < np.inf))))
        row, column, value = cells.coords[0][bad], cells.coords[1][bad], cells.data[bad]
    raise InputError(
        f"row {label_of(labels, int(row))}, column {label_of(labels, int(column))} is {value:g}",
        place=place,
        mend="flows and coefficients must be finite and not negative; correct the cell",
    )


def checked_vector(values: ArrayLike, *, size: int, labels: Sequence[str], what: str) -> Array:
    """Return a finite vector of length `size` as float64.

    Raises
    ------
    InputError
        Where the length is another, or a value is NaN or infinite: the branch is named.
    """
    vector = np.asarray(values, dtype=np.float64)
    if vector.shape != (size,):
        raise InputError(
            f"{what} has shape {vector.shape}, and there are {size} branches",
            mend=f"give one number for each of the {size} branches",
        )
    _check_finite(vector[:, np.newaxis], labels=labels, what=what)
    return vector


def checked_columns(values: ArrayLike, *, size: int, labels: Sequence[str], what: str) -> Array:
    """Return a finite vector (size,) or matrix (size, k) as float64, with its own dimensions.

    Raises
    ------
    InputError
        Where the first dimension is not `size`, or a value is NaN or infinite.
    """
    columns = np.asarray(values, dtype=np.float64)
    if columns.ndim not in {1, 2} or columns.shape[0] != size:
        raise InputError(
            f"{what} has shape {columns.shape}, and there are {size} branches",
            mend=f"give {size} rows, one for each branch",
        )
    _check_finite(columns.reshape(size, -1), labels=labels, what=what)
    return columns


def checked_rows(values: ArrayLike, *, size: int, labels: Sequence[str], what: str) -> Array:
    """Return a finite vector (size,) or matrix (q, size) as float64, with its own dimensions.

    Raises
    ------
    InputError
        Where the last dimension is not `size`, or a value is NaN or infinite.
    """
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim not in {1, 2} or rows.shape[-1] != size:
        raise InputError(
            f"{what} has shape {rows.shape}, and there are {size} branches",
            mend=f"give {size} columns, one for each branch",
        )
    _check_finite(rows.reshape(-1, size).T, labels=labels, what=what)
    return rows


def _check_finite(values: Array, *, labels: Sequence[str], what: str) -> None:
    bad = ~np.isfinite(values)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise InputError(
            f"{what} of branch {label_of(labels, int(row))} is {values[row, column]:g}",
            mend="give a finite number",
        )
