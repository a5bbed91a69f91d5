"""The interior point of :mod:`counterplan.solve.interior` as loops for the machine.

Names as there: ``z`` between 0 and ``u``, ``room`` = u - z, their duals ``low`` and ``high``, ``y``
the rows' duals. Where u is infinite ``high`` is 0 and ``room`` is not read.
"""

import numpy as np
from numba import njit

from counterplan.solve.program import Floats, Integers

BACK_OFF = 0.995  # of the way to the boundary
PIVOT_LEAST = 1e-30
PIVOT_SKIPPED = 1e64  # a row that depends on others gets no step


@njit(cache=True, error_model="numpy")
def largest(
    values: Floats,
    least: float,
) -> float:
    """Return the largest size of any value, at least ``least``."""
    for value in values:
        least = max(least, abs(value))
    return least


@njit(cache=True, error_model="numpy")
def begin(
    u: Floats,
    size: float,
    z: Floats,
    room: Floats,
    low: Floats,
    high: Floats,
) -> None:
    """Set out from well inside the box."""
    for j in range(z.size):
        low[j] = size
        z[j] = 1.0
        room[j] = np.inf
        high[j] = 0.0
        if np.isfinite(u[j]):
            z[j] = min(1.0, 0.5 * u[j])
            room[j] = u[j] - z[j]
            high[j] = size


@njit(cache=True, error_model="numpy")
def residuals(
    rows: Integers,
    columns: Integers,
    a: Floats,
    b: Floats,
    c: Floats,
    z: Floats,
    low: Floats,
    high: Floats,
    y: Floats,
    short: Floats,
    skew: Floats,
) -> None:
    """Set what is missing in the rows and in the columns."""
    short[:] = b
    for j in range(z.size):
        skew[j] = c[j] - low[j] + high[j]
    for k in range(a.size):
        short[rows[k]] -= a[k] * z[columns[k]]
        skew[columns[k]] -= a[k] * y[rows[k]]


@njit(cache=True, error_model="numpy")
def complementarity(
    z: Floats,
    room: Floats,
    low: Floats,
    high: Floats,
    dz: Floats,
    dlow: Floats,
    dhigh: Floats,
    along: float,
    dual_along: float,
) -> float:
    """Return the sum of products after a step."""
    total = 0.0
    for j in range(z.size):
        total += (z[j] + along * dz[j]) * (low[j] + dual_along * dlow[j])
        if high[j] > 0:
            total += (room[j] - along * dz[j]) * (high[j] + dual_along * dhigh[j])
    return total


@njit(cache=True, error_model="numpy")
def factorise(
    columns: Integers,
    pair_row: Integers,
    pair_column: Integers,
    pair_first: Integers,
    pair_second: Integers,
    skyline: Integers,
    a: Floats,
    d: Floats,
    factor: Floats,
) -> None:
    """Set the factor of A D A^T, row by row within its skyline."""
    count = skyline.size
    for r in range(count):
        for q in range(skyline[r], r + 1):
            factor[r, q] = 0.0
    for k in range(pair_row.size):
        one = pair_first[k]
        factor[pair_row[k], pair_column[k]] += a[one] * a[pair_second[k]] * d[columns[one]]
    for r in range(count):
        for q in range(skyline[r], r):
            value = factor[r, q]
            for k in range(max(skyline[r], skyline[q]), q):
                value -= factor[r, k] * factor[q, k]
            factor[r, q] = value / factor[q, q]
        value = factor[r, r]
        for k in range(skyline[r], r):
            value -= factor[r, k] * factor[r, k]
        factor[r, r] = np.sqrt(value if value > PIVOT_LEAST else PIVOT_SKIPPED)


@njit(cache=True, error_model="numpy")
def back_substitute(
    factor: Floats,
    skyline: Integers,
    right: Floats,
) -> None:
    """Solve with the factor, in place."""
    for r in range(right.size):
        value = right[r]
        for k in range(skyline[r], r):
            value -= factor[r, k] * right[k]
        right[r] = value / factor[r, r]
    for r in range(right.size - 1, -1, -1):
        right[r] /= factor[r, r]
        for k in range(skyline[r], r):
            right[k] -= factor[r, k] * right[r]


@njit(cache=True, error_model="numpy")
def direction(
    rows: Integers,
    columns: Integers,
    a: Floats,
    d: Floats,
    factor: Floats,
    skyline: Integers,
    short: Floats,
    skew: Floats,
    z: Floats,
    room: Floats,
    low: Floats,
    high: Floats,
    want_low: Floats,
    want_high: Floats,
    dz: Floats,
    dlow: Floats,
    dhigh: Floats,
    dy: Floats,
) -> None:
    """Set the Newton step towards the wanted changes of the products."""
    dy[:] = short
    for j in range(z.size):
        dz[j] = skew[j] - want_low[j] / z[j]
        if high[j] > 0:
            dz[j] += want_high[j] / room[j]
    for k in range(a.size):
        dy[rows[k]] += a[k] * d[columns[k]] * dz[columns[k]]
    back_substitute(factor, skyline, dy)
    for j in range(z.size):
        dz[j] = -dz[j]
    for k in range(a.size):
        dz[columns[k]] += a[k] * dy[rows[k]]
    for j in range(z.size):
        dz[j] *= d[j]
        dlow[j] = (want_low[j] - low[j] * dz[j]) / z[j]
        dhigh[j] = 0.0
        if high[j] > 0:
            dhigh[j] = (want_high[j] + high[j] * dz[j]) / room[j]


@njit(cache=True, error_model="numpy")
def reach(
    z: Floats,
    room: Floats,
    low: Floats,
    high: Floats,
    dz: Floats,
    dlow: Floats,
    dhigh: Floats,
) -> tuple[float, float]:
    """Return how far one can go, in z and in the duals, before something is zero."""
    along, dual_along = 1.0, 1.0
    for j in range(z.size):
        if dz[j] < 0:
            along = min(along, -z[j] / dz[j])
        if dlow[j] < 0:
            dual_along = min(dual_along, -low[j] / dlow[j])
        if high[j] > 0:
            if dz[j] > 0:
                along = min(along, room[j] / dz[j])
            if dhigh[j] < 0:
                dual_along = min(dual_along, -high[j] / dhigh[j])
    return along, dual_along


@njit(cache=True, error_model="numpy")
def wanted(
    z: Floats,
    room: Floats,
    low: Floats,
    high: Floats,
    dz: Floats,
    dlow: Floats,
    dhigh: Floats,
    target: float,
    want_low: Floats,
    want_high: Floats,
) -> None:
    """Set the changes of the products that lead to ``target``, the last step's error included."""
    for j in range(z.size):
        want_low[j] = target - z[j] * low[j] - dz[j] * dlow[j]
        want_high[j] = 0.0
        if high[j] > 0:
            want_high[j] = target - room[j] * high[j] + dz[j] * dhigh[j]


@njit(cache=True, error_model="numpy")
def solve_one(
    rows: Integers,
    columns: Integers,
    pair_row: Integers,
    pair_column: Integers,
    pair_first: Integers,
    pair_second: Integers,
    skyline: Integers,
    a: Floats,
    b: Floats,
    c: Floats,
    u: Floats,
    tolerance: float,
    iterations_max: int,
    z: Floats,
    y: Floats,
) -> int:
    """Solve one programme into z and y; return the iterations taken, -1 if they did not do."""
    n, count = c.size, b.size
    room, low, high, d, skew = np.empty((5, n))
    want_low, want_high = np.empty((2, n))
    dz, dlow, dhigh = np.zeros((3, n))
    short, dy = np.empty((2, count))
    factor = np.empty((count, count))
    most, dearest = largest(b, 1.0), largest(c, 1.0)
    begin(u, dearest, z, room, low, high)
    y[:] = 0.0
    products = n + np.isfinite(u).sum()
    for iteration in range(iterations_max):
        residuals(rows, columns, a, b, c, z, low, high, y, short, skew)
        dz[:] = 0.0
        gap = complementarity(z, room, low, high, dz, dlow, dhigh, 0.0, 0.0)
        done = gap <= tolerance * (1.0 + abs(np.dot(c, z)))
        done = done and largest(short, 0.0) <= tolerance * most
        if done and largest(skew, 0.0) <= tolerance * dearest:
            return iteration
        for j in range(n):
            d[j] = low[j] / z[j]
            if high[j] > 0:
                d[j] += high[j] / room[j]
            d[j] = 1.0 / d[j]
        factorise(columns, pair_row, pair_column, pair_first, pair_second, skyline, a, d, factor)
        target = 0.0
        for attempt in range(2):
            if attempt == 0:
                dlow[:] = 0.0
                dhigh[:] = 0.0
            wanted(z, room, low, high, dz, dlow, dhigh, target, want_low, want_high)
            direction(
                rows, columns, a, d, factor, skyline, short, skew, z, room, low, high,
                want_low, want_high, dz, dlow, dhigh, dy,
            )  # fmt: skip
            along, dual_along = reach(z, room, low, high, dz, dlow, dhigh)
            if attempt == 0:
                left = complementarity(z, room, low, high, dz, dlow, dhigh, along, dual_along)
                target = gap / products * (left / gap) ** 3
        along, dual_along = min(1.0, BACK_OFF * along), min(1.0, BACK_OFF * dual_along)
        for j in range(n):
            z[j] += along * dz[j]
            low[j] += dual_along * dlow[j]
            if high[j] > 0:
                room[j] -= along * dz[j]
                high[j] += dual_along * dhigh[j]
        for r in range(count):
            y[r] += dual_along * dy[r]
    return -1


@njit(cache=True, error_model="numpy")
def solve_many(
    rows: Integers,
    columns: Integers,
    pair_row: Integers,
    pair_column: Integers,
    pair_first: Integers,
    pair_second: Integers,
    skyline: Integers,
    a: Floats,
    b: Floats,
    c: Floats,
    u: Floats,
    tolerance: float,
    iterations_max: int,
) -> tuple[Floats, Floats, Integers]:
    """Solve programmes of one pattern, one after the other."""
    z, y = np.empty_like(c), np.empty_like(b)
    taken = np.empty(len(c), np.int64)
    for s in range(len(c)):
        taken[s] = solve_one(
            rows, columns, pair_row, pair_column, pair_first, pair_second, skyline,
            a[s], b[s], c[s], u[s], tolerance, iterations_max, z[s], y[s],
        )  # fmt: skip
    return z, y, taken
