"""The centre's problem in the interior point's form, and back."""

from dataclasses import replace

import numpy as np
import pytest

from counterplan.errors import CounterplanError
from counterplan.solve.frame import Frame, frame_of
from counterplan.solve.program import Floats
from tests.solve.mixtures import mixture

SEEDS = range(8)


def inner(frame: Frame, decided: Floats) -> Floats:
    """Return the variables z of a decision: the movable ones, then what inequalities leave."""
    z = np.zeros(frame.cost.size)
    count = frame.moving.size
    z[:count] = (decided - frame.lower)[frame.moving] / frame.size
    slack = frame.matrix.tocsc()[:, count:].toarray()
    missing = frame.sides - frame.matrix[:, :count] @ z[:count]
    z[count:] = (slack.T @ missing) * np.ones(frame.loose.size)  # one entry of +-1 in each column
    return z


@pytest.mark.parametrize("seed", SEEDS)
def test_a_decision_keeps_the_rules_exactly_where_its_form_keeps_the_bounds(seed: int) -> None:
    one = mixture(seed)
    own, frame, rng = one.program, one.frame, np.random.default_rng(seed)
    for _ in range(200):
        width = np.where(np.isfinite(own.upper), own.upper - own.lower, 3.0)
        decided = own.lower + rng.random(width.size) * width
        into = own.matrix @ decided
        equal = own.row_lower == own.row_upper
        kept = ((into >= own.row_lower) & (into <= own.row_upper))[~equal].all()
        z = inner(frame, decided)
        assert kept == ((z >= 0) & (z <= frame.upper)).all()
        # In every rule the form misses what the decision misses, in the rule's own scale.
        away = np.where(equal, (own.row_lower - into) * frame.scale, 0.0)
        np.testing.assert_allclose(frame.sides - frame.matrix @ z, away, atol=1e-12)
        np.testing.assert_allclose(frame.decided(z), decided, rtol=1e-12, atol=1e-12)
        gain = own.reward @ (decided - own.lower)
        assert -frame.cost @ z / frame.unit == pytest.approx(gain, rel=1e-9, abs=1e-12)


def test_some_decisions_keep_the_rules_and_some_do_not() -> None:
    one = mixture(1)
    own, rng, verdicts = one.program, np.random.default_rng(0), set()
    for _ in range(400):
        width = np.where(np.isfinite(own.upper), own.upper - own.lower, 3.0)
        z = inner(one.frame, own.lower + rng.random(width.size) * width)
        verdicts.add(bool(((z >= 0) & (z <= one.frame.upper)).all()))

    assert verdicts == {True, False}


@pytest.mark.parametrize("seed", SEEDS)
def test_valuations_and_duals_are_each_others_inverse(seed: int) -> None:
    frame = mixture(seed).frame
    valuations = np.random.default_rng(seed).normal(size=frame.sides.size)

    np.testing.assert_allclose(frame.valuations(frame.rules(valuations)), valuations, rtol=1e-14)
    np.testing.assert_allclose(frame.rules(frame.valuations(valuations)), valuations, rtol=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_reduced_costs_are_reduced_rewards_in_other_units(seed: int) -> None:
    one = mixture(seed)
    frame, own = one.frame, one.program
    valuations = np.random.default_rng(seed).normal(size=frame.sides.size)
    reduced = (frame.cost - frame.transposed @ frame.rules(valuations))[: frame.moving.size]
    expected = (own.reward - own.matrix.T @ valuations)[frame.moving]

    np.testing.assert_allclose(-reduced / frame.size / frame.unit, expected, rtol=1e-9, atol=1e-12)


def test_the_form_is_scaled() -> None:
    frame = mixture(2).frame
    own = frame.matrix[:, : frame.moving.size]

    np.testing.assert_allclose(abs(own).max(axis=1).toarray().ravel(), 1.0)
    assert np.abs(frame.cost).max() == pytest.approx(1.0)
    np.testing.assert_array_equal(frame.matrix.toarray(), frame.by_column.toarray())
    np.testing.assert_array_equal(frame.matrix.toarray().T, frame.transposed.toarray())
    np.testing.assert_array_equal(
        np.sort([*frame.touched, *frame.apart]), np.arange(len(frame.sides))
    )


def test_shares_are_scaled_like_the_rules_that_they_are_in() -> None:
    one = mixture(2)
    scaled = one.frame.scaled(one.shares[one.touched])

    np.testing.assert_allclose(
        scaled / one.shares[one.touched], one.frame.scale[one.touched, None] * np.ones(scaled.shape)
    )
    assert scaled.flags.f_contiguous


def test_a_variable_without_a_lower_bound_is_refused() -> None:
    one = mixture(0)
    lower = one.program.lower.copy()
    lower[2] = -np.inf

    with pytest.raises(CounterplanError, match="a variable of the centre's has no lower bound"):
        frame_of(replace(one.program, lower=lower), one.touched)
