"""The interior point for mixtures, against the simplex of HiGHS and weak duality by hand."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from counterplan.solve import mixing
from counterplan.solve.mixing import Pull, Wish, mix
from counterplan.solve.points import Point
from counterplan.solve.program import Floats, Program
from tests.solve.mixtures import EXACT, Mixture, found, mixture, wished

SEEDS = range(12)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, 10**6))
def test_the_mixture_is_the_best_and_its_valuations_prove_it(seed: int) -> None:
    one = mixture(seed)
    answer, best = found(one), one.best()

    assert one.value(answer) == pytest.approx(best, abs=2 * EXACT * one.size)
    assert one.missed(answer) <= 1e-8
    # Weak duality: no mixture is worth more than this, whoever found the valuations.
    assert one.bound(answer.valuations) == pytest.approx(best, abs=2 * EXACT * one.size)


def test_the_problems_have_what_is_to_be_tried() -> None:
    drawn = [mixture(seed) for seed in SEEDS]

    assert all(1 in np.diff(one.first) for one in drawn)
    assert any(np.diff(one.first).max() >= 4 for one in drawn)
    for one in drawn:
        own = one.program
        assert (own.lower == own.upper).any()
        assert np.isinf(own.upper).any()
        assert (own.row_lower == own.row_upper).any()
        assert np.isinf(own.row_lower).any()
        assert np.isinf(own.row_upper).any()
    assert any(one.touched.size < one.program.row_lower.size for one in drawn)
    assert any(one.touched.size == one.program.row_lower.size for one in drawn)
    rows = [(one.program.row_lower, one.program.row_upper) for one in drawn]
    ranged = [np.isfinite(low) & np.isfinite(high) & (low < high) for low, high in rows]
    assert any(two.any() for two in ranged)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_two_proposals_and_one_rule_half_of_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cheap, dear, low, high = 1.0, 1.0 + rng.uniform(1, 5), rng.uniform(0, 1), rng.uniform(2, 3)
    program = Program(
        matrix=sp.csr_array(np.array([[1e-9]])),
        row_lower=np.array([0.5 * (low + high)]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(1),
        upper=np.full(1, 1e-9),
        reward=np.ones(1),
        integer=np.zeros(1, dtype=bool),
    )
    one = Mixture(
        program,
        inside=np.zeros(1),
        shares=np.array([[low, high]]),
        values=np.array([-cheap, -dear]),
        first=np.array([0, 2]),
        touched=np.array([0]),
    )
    answer = found(one)

    np.testing.assert_allclose(answer.weights, 0.5, atol=1e-6)
    assert answer.valuations[0] == pytest.approx(-(dear - cheap) / (high - low), rel=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("gap", [0.1, 1e-3])
def test_the_central_valuations_prove_a_bound_within_their_gap(seed: int, gap: float) -> None:
    one = mixture(seed)
    answer = mix(one.frame, one.proposals, wished(one, offer_gap=gap, keep_gap=5 * gap))
    assert answer is not None
    above = one.bound(answer.central, slack=1e-5) - one.best()

    assert above <= gap + 1e-5 * one.size
    assert above > EXACT * one.size  # an early point, not the end
    assert one.bound(answer.valuations) - one.best() <= 2 * EXACT * one.size
    assert EXACT * one.size < answer.kept.products / one.frame.unit <= 5 * gap


@pytest.mark.parametrize("seed", SEEDS)
def test_where_no_mixture_keeps_the_rules_nothing_is_returned(seed: int) -> None:
    one = mixture(seed)
    low, high = one.program.row_lower.copy(), one.program.row_upper.copy()
    finite = np.where(np.isfinite(one.program.upper), one.program.upper, 0.0)
    matrix = one.program.matrix.toarray()
    blind = replace(one.program, upper=np.where(np.isfinite(one.program.upper), finite, 5.0))
    most = np.maximum(matrix[0] * blind.lower, matrix[0] * blind.upper).sum()
    low[0] = high[0] = most + np.abs(one.shares[0]).sum() + np.abs(matrix[0]).max()
    broken = replace(one, program=replace(blind, row_lower=low, row_upper=high))

    assert mix(broken.frame, broken.proposals, wished(broken)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_warm_start_comes_to_the_same_value(seed: int) -> None:
    one = mixture(seed)
    cold = mix(one.frame, one.proposals, wished(one, keep_gap=0.05 * one.size))
    assert cold is not None
    changed = replace(one, values=one.values + 1e-3)
    warm = mix(changed.frame, changed.proposals, wished(changed), start=cold.kept)
    assert warm is not None

    assert changed.value(warm) == pytest.approx(changed.best(), abs=2 * EXACT * one.size)
    assert one.missed(warm) <= 1e-8
    assert changed.bound(warm.valuations) <= changed.best() + 2 * EXACT * one.size


def test_a_warm_start_makes_fewer_steps() -> None:
    cold = [found(mixture(seed)) for seed in SEEDS]
    warm = [
        mix(one.frame, one.proposals, wished(one), start=answer.kept)
        for one, answer in zip(map(mixture, SEEDS), cold, strict=True)
    ]

    assert sum(one.steps for one in warm if one) < 0.5 * sum(one.steps for one in cold)


def test_a_start_that_is_no_number_comes_to_nothing() -> None:
    one = mixture(0)
    kept = found(one).kept

    spoiled = replace(kept, z=kept.z * np.nan)
    assert mix(one.frame, one.proposals, wished(one), start=spoiled) is None
    flat = replace(kept, z=kept.z * 0.0, low=kept.low * 0.0)
    assert mix(one.frame, one.proposals, wished(one), start=flat) is None


def test_what_takes_too_many_steps_comes_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = mixture(0)
    steps = found(one).steps
    monkeypatch.setattr(mixing, "STEPS_MAX", steps)
    assert mix(one.frame, one.proposals, wished(one)) is None
    monkeypatch.setattr(mixing, "STEPS_MAX", steps + 1)
    assert mix(one.frame, one.proposals, wished(one)) is not None


def test_a_matrix_that_is_not_definite_comes_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixing, "factors_of", lambda *_: None)
    one = mixture(0)
    assert mix(one.frame, one.proposals, wished(one)) is None


def test_the_same_problem_twice_is_the_same_to_the_last_bit() -> None:
    for name in ("decided", "weights", "valuations", "central"):
        np.testing.assert_array_equal(
            getattr(found(mixture(3)), name), getattr(found(mixture(3)), name)
        )


def test_products_are_of_both_bounds() -> None:
    point = Point(*(np.array(part) for part in ([2.0], [3.0], [5.0], [7.0], [1.0], [1.0])))
    assert point.products == 41.0


# ---- pulled -----------------------------------------------------------------------------------


def pulled(one: Mixture, force: Floats) -> tuple[mixing.Mixed, Floats, Floats]:
    """Return an answer held near the inside valuations by a force [T], in value's units."""
    frame, at = one.frame, one.touched
    weight = force * frame.scale[at] ** 2 / frame.unit
    pull = Pull(weight, frame.rules(one.inside)[at])
    answer = mix(frame, one.proposals, wished(one), pull=pull)
    assert answer is not None
    return answer, answer.valuations[at] - one.inside[at], force


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_a_pull_is_weighed_against_the_bound(seed: int, size: float) -> None:
    r"""The primal of the pulled dual proves that its valuations are the best.

    min bound(y) + 1/2 sum w (y - yhat)^2  =  max value(x) + yhat s - 1/2 sum s^2 / w,
    where every touched rule may be missed by s.
    """
    one = mixture(seed)
    force = size * np.random.default_rng(seed).uniform(0.5, 2.0, one.touched.size)
    force *= np.abs(one.program.matrix).max(axis=1).toarray().ravel()[one.touched] ** 2
    answer, apart, force = pulled(one, force)
    missed = np.zeros(one.program.row_lower.size)
    missed[one.touched] = -force * apart
    into = one.program.matrix @ answer.decided + one.shares @ answer.weights + missed
    scale = np.abs(one.program.matrix).max(axis=1).toarray().ravel()
    lost = 0.5 * float(force @ apart**2)
    dual = one.bound(answer.valuations) + lost
    primal = one.value(answer) + float(one.inside @ missed) - lost

    assert (into >= one.program.row_lower - 1e-7 * scale * (1 + np.abs(into))).all()
    assert (into <= one.program.row_upper + 1e-7 * scale * (1 + np.abs(into))).all()
    assert dual == pytest.approx(primal, abs=1e-6 * (one.size + abs(dual)))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strong_pull_gives_the_valuations_that_it_pulls_towards(seed: int) -> None:
    one = mixture(seed)
    scale = np.abs(one.program.matrix).max(axis=1).toarray().ravel()[one.touched]
    _, apart, _ = pulled(one, 1e5 * scale**2)

    assert np.abs(apart * scale).max() <= 1e-3 * (1 + np.abs(one.inside[one.touched] * scale).max())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pull_of_nothing_gives_the_plain_bound(seed: int) -> None:
    one = mixture(seed)
    answer, apart, _ = pulled(one, np.full(one.touched.size, 1e-12))
    plain = found(one)

    assert one.bound(answer.valuations) == pytest.approx(one.best(), abs=1e-7 * one.size)
    assert one.value(answer) == pytest.approx(one.value(plain), abs=1e-7 * one.size)
    assert np.abs(apart).max() > 1e-3


def test_a_wish_is_exact_by_default() -> None:
    assert (Wish(1.0).offer_gap, Wish(1.0).keep_gap) == (0.0, 0.0)
    answer = found(mixture(1))
    np.testing.assert_array_equal(answer.central, answer.valuations)
