"""The iterative engine against direct solutions; its bound against exact errors."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from counterplan.errors import InputError, LimitError
from counterplan.solve import leontief
from counterplan.solve.leontief import solve_leontief

TWO = np.array([[0.15, 0.25], [0.20, 0.05]])


def random_economy(
    size: int, *, radius: float, density: float, seed: int
) -> sparse.csr_array[np.float64]:
    """Return random coefficients whose column sums, and so whose spectral radius, are `radius`."""
    generator = np.random.default_rng(seed)
    matrix = sparse.random_array((size, size), density=density, rng=generator, format="csc")
    sums = np.asarray(matrix.sum(axis=0)).ravel()
    return sparse.csr_array(matrix * (radius / np.where(sums > 0.0, sums, 1.0)))


@pytest.mark.parametrize("starts", [(), (0,), (0, 1)])
def test_the_textbook(starts: tuple[int, ...]) -> None:
    # Miller and Blair, Input-Output Analysis (2nd ed., 2009), section 2.3: 350 and 1,700 of final
    # demand take 1,000 and 2,000 of output, 600 and 1,500 take 1,247.5 and 1,841.6.
    found = solve_leontief(TWO, [350.0, 1700.0], block_starts=starts)

    assert found.output == pytest.approx([1000.0, 2000.0], rel=1e-9)
    assert (np.abs(found.output - [1000.0, 2000.0]) <= found.error_bound).all()
    other = solve_leontief(TWO, [600.0, 1500.0], block_starts=starts).output
    assert other.round(1).tolist() == [1247.5, 1841.6]


def test_one_block_is_a_direct_solution() -> None:
    assert solve_leontief(TWO, [1.0, 1.0]).sweeps == 1


def exact_solution(
    coefficients: NDArray[np.float64], demand: NDArray[np.float64]
) -> list[Fraction]:
    """Return x with (I - A) x = y by elimination in fractions, without any rounding."""
    size = len(demand)
    rows = [
        [Fraction(int(i == j)) - Fraction(float(coefficients[i, j])) for j in range(size)]
        + [Fraction(float(demand[i]))]
        for i in range(size)
    ]
    for pivot in range(size):
        rows[pivot] = [each / rows[pivot][pivot] for each in rows[pivot]]
        for other in range(size):
            if other != pivot:
                factor = rows[other][pivot]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)
                ]
    return [row[-1] for row in rows]


@settings(max_examples=25, deadline=None)
@given(
    size=st.integers(1, 7),
    block=st.integers(1, 3),
    gap=st.floats(1e-3, 0.9),
    digits=st.integers(2, 12),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_bound_holds_against_exact_arithmetic(
    size: int, block: int, gap: float, digits: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    coefficients = generator.random((size, size))
    coefficients *= (1.0 - gap) / np.abs(np.linalg.eigvals(coefficients)).max()
    demand = generator.uniform(-1.0, 3.0, size)

    found = solve_leontief(
        coefficients,
        demand,
        block_starts=list(range(0, size, block)),
        tolerance=10.0**-digits,
        sweeps_max=20_000,
    )

    for value, bound, exact in zip(
        found.output, found.error_bound, exact_solution(coefficients, demand), strict=True
    ):
        assert abs(Fraction(float(value)) - exact) <= Fraction(float(bound))


@pytest.mark.parametrize(
    ("outputs", "expected"), [(4.0, 1 / 4), (3.0, 1 / 3), (10.0, 1 / 10), (0.0, np.inf)]
)
def test_the_proof_by_hand(outputs: float, expected: float) -> None:
    # One branch that uses half of what it makes, y = 1 and s = 2. A guess of 1 for x = 2 leaves a
    # residual of 1/2, epsilon is 1/4; for w the surplus is w/2 and delta w/4. The bound w / w is
    # the true error of 1, whatever w is, so long as there is a surplus at all.
    half = sparse.csr_array([[0.5]])
    right, state = np.array([[1.0, 2.0]]), np.array([[1.0, outputs]])

    ratio = leontief._proved_ratio(half, right=right, state=state, terms=3)

    assert ratio == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("block", [64, 500, 1200])
def test_a_sparse_economy_of_regions(block: int) -> None:
    coefficients = random_economy(1200, radius=0.7, density=0.005, seed=1)
    demand = np.random.default_rng(2).lognormal(0.0, 3.0, 1200)

    found = solve_leontief(coefficients, demand, block_starts=list(range(0, 1200, block)))

    direct = np.linalg.solve(np.eye(1200) - coefficients.toarray(), demand)
    assert (np.abs(found.output - direct) <= found.error_bound * (1 + 1e-6)).all()
    assert found.error_bound.max() <= 1e-8 * direct.max()


def test_prices_are_the_transposed_question() -> None:
    # Miller and Blair, section 2.6: observed value added gives prices of one.
    assert solve_leontief(TWO.T, [0.65, 0.70]).output == pytest.approx([1.0, 1.0], rel=1e-9)


def test_no_demand_takes_no_output() -> None:
    found = solve_leontief(TWO, [0.0, 0.0])

    assert found.output.tolist() == [0.0, 0.0]
    assert (found.error_bound >= 0.0).all()


def test_default_blocks_are_runs_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leontief, "BLOCK_ROWS", 1)

    # With blocks of one row two sweeps cannot be enough: the second only repairs the first.
    assert solve_leontief(TWO, [350.0, 1700.0]).sweeps > 2


def test_an_unproductive_block_is_named() -> None:
    coefficients = np.diag([0.5, 0.5, 1.2, 0.5])

    with pytest.raises(InputError, match="the branches of rows 2 to 3 use up all that they make"):
        solve_leontief(coefficients, np.ones(4), block_starts=[0, 2])
    with pytest.raises(InputError, match="the branches of rows 0 to 0 use up"):
        solve_leontief([[1.0]], [1.0])


def test_an_economy_unproductive_across_blocks_is_never_proved() -> None:
    # Each block alone is productive; together they use 1.2 times what they make.
    coefficients = np.array([[0.2, 1.0], [1.0, 0.2]])

    with pytest.raises(LimitError, match="after 50 sweeps over 2 blocks") as caught:
        solve_leontief(coefficients, [1.0, 1.0], block_starts=[0, 1], sweeps_max=50)
    assert "check that the economy is productive" in caught.value.mend
    # The second block is swept after the first, and so is ahead of it.
    with pytest.raises(InputError, match="grows without end, fastest in row 1: the economy is not"):
        solve_leontief(coefficients, [1.0, 1.0], block_starts=[0, 1], sweeps_max=20_000)
    with pytest.raises(InputError, match="grows without end"):
        solve_leontief(
            1e160 * coefficients - 1e160 * np.diag([0.2, 0.2]), [1.0, 1.0], block_starts=[0, 1]
        )


@pytest.mark.parametrize(
    ("coefficients", "demand", "message"),
    [
        (np.zeros((2, 3)), [1.0, 1.0], r"coefficients of shape \(2, 3\)"),
        (TWO, [1.0], r"final demand of shape \(1,\)"),
        (np.array([[0.1, -0.2], [0.0, 0.0]]), [1.0, 1.0], "row 0, column 1 is -0.2"),
        (np.array([[0.1, 0.2], [np.nan, 0.0]]), [1.0, 1.0], "row 1, column 0 is nan"),
        (TWO, [1.0, np.inf], "final demand of row 1 is inf"),
    ],
)
def test_bad_numbers_are_named(
    coefficients: NDArray[np.float64], demand: list[float], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        solve_leontief(coefficients, demand)


def test_bad_settings_are_refused() -> None:
    for starts in ([1], [0, 2], [0, 1, 1]):
        with pytest.raises(InputError, match="give ascending rows from 0, all below 2"):
            solve_leontief(TWO, [1.0, 1.0], block_starts=starts)
    with pytest.raises(InputError, match="tolerance of 0 within 1000 sweeps"):
        solve_leontief(TWO, [1.0, 1.0], tolerance=0.0)
    with pytest.raises(InputError, match="there are no branches"):
        solve_leontief(np.zeros((0, 0)), [])
