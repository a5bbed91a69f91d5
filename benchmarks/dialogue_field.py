"""The centre's side of the dialogue's rivals: small programmes that are solved again and again."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.beginning import Beginning
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.rounds import Dialogue
from counterplan.economy.economy import Floats, Integers
from counterplan.plan.certificate import usable
from counterplan.solve.highs import OPTIONS, as_model
from counterplan.solve.program import Engine, Program
from counterplan.solve.scaling import Scaled, scaled

FAINT = 0.1  # of the median valuation: smaller ones count as if they were as large


class Warm:
    """A linear programme whose numbers change a little and that is solved again and again."""

    def __init__(self, program: Program) -> None:
        self.known: Scaled = scaled(program)
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("small_matrix_value", 1e-12)
        for name, value in OPTIONS[Engine.VERTEX].items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(as_model(self.known.program))

    def reward(self, reward: Floats) -> None:
        """Change what variables are worth [N]."""
        new = reward * self.known.columns * self.known.reward
        self.highs.changeColsCost(new.size, np.arange(new.size, dtype=np.int32), new)

    def sides(self, lower: Floats, upper: Floats) -> None:
        """Change the sides of the rules [R]."""
        rows = self.known.rows
        places = np.arange(rows.size, dtype=np.int32)
        self.highs.changeRowsBounds(rows.size, places, lower * rows, upper * rows)

    def add(self, matrix: Floats, reward: Floats) -> None:
        """Add variables between 0 and 1: their columns [R x n] and what they are worth [n]."""
        columns = sp.csc_array(matrix * self.known.rows[:, None])
        count = reward.size
        self.highs.addCols(
            count,
            reward * self.known.reward,
            np.zeros(count),
            np.ones(count),
            columns.nnz,
            columns.indptr[:-1].astype(np.int32),
            columns.indices.astype(np.int32),
            columns.data,
        )

    def solve(self) -> tuple[float, Floats, Floats] | None:
        """Return the value, the variables and the duals, or None where there is no solution.

        The variables are those that the programme began with.
        """
        known, highs = self.known, self.highs
        highs.run()
        solved = highspy.HighsModelStatus.kOptimal
        if highs.getModelStatus() != solved:  # once more, from the outset
            highs.clearSolver()
            highs.setOptionValue("solver", "ipx")
            highs.run()
        highs.setOptionValue("solver", "simplex")  # from here on from the corner it knows
        if highs.getModelStatus() != solved:
            return None
        solution = highs.getSolution()
        primal = np.asarray(solution.col_value)[: known.columns.size] * known.columns
        dual = np.asarray(solution.row_dual) * known.rows / known.reward
        return highs.getInfo().objective_function_value / known.reward, primal, dual


@dataclass(frozen=True)
class Field:
    """What all rivals share: the producers, the centre, and how it began."""

    dialogue: Dialogue
    begin: Beginning

    @property
    def own(self) -> Program:
        """The centre's own programme."""
        return self.dialogue.centre.program

    @property
    def touched(self) -> Integers:
        """The shared rules that producers have a part in [T]."""
        return self.dialogue.centre.touched

    @cached_property
    def units(self) -> Floats:
        """In what units valuations move [T]: every rule with a largest coefficient of one."""
        frame = self.dialogue.centre.frame
        unit: Floats = frame.scale[self.touched] / frame.unit
        return unit

    @cached_property
    def sizes(self) -> Floats:
        """What a shortage is measured in [T]: the first offer's valuations, if not too small."""
        frame = self.dialogue.centre.frame
        held = np.abs(frame.rules(self.begin.first.valuations)[self.touched])
        median = float(np.median(held[held > 0])) if held.any() else 1.0
        size: Floats = np.maximum(held, FAINT * median) * self.units
        return size

    @cached_property
    def drafts(self) -> list[Answers]:
        """What producers make of the drafts; who cannot follow one does as it answers first."""
        places, first = self.dialogue.workplaces, self.begin.first
        answer = places.answer(first)
        followed = [places.follow(one, first) for one in self.begin.drafts]
        return [
            replace(
                one,
                shares=np.where(one.answered, one.shares, answer.shares),
                values=np.where(one.answered, one.values, answer.values),
            )
            for one in followed
        ]


@dataclass(frozen=True)
class Seen:
    """The dual at one offer: a bound, what is left missing [T], and the producers' answers."""

    bound: float
    slope: Floats
    share: Floats
    value: float


class Relaxed:
    """The centre's own best decisions at an offer, the rules that producers touch left to it."""

    def __init__(self, field: Field) -> None:
        self.field = field
        own, touched = field.own, field.touched
        self.matrix = sp.csr_array(own.matrix)
        self.apart = np.setdiff1d(np.arange(own.row_lower.size), touched)
        self.limits = replace(
            own, row_lower=own.row_lower[touched], row_upper=own.row_upper[touched]
        )
        self.warm = Warm(
            replace(
                own,
                matrix=sp.csr_array(self.matrix[self.apart]),
                row_lower=own.row_lower[self.apart],
                row_upper=own.row_upper[self.apart],
            )
        )

    def usable(self, valued: Floats) -> Floats:
        """Return valuations [T] without those of a sign that no bound can have."""
        return usable(self.limits, valued)

    def seen(self, number: int, valued: Floats) -> Seen:
        """Return the dual at valuations of the touched rules [T]."""
        field, own, touched = self.field, self.field.own, self.field.touched
        self.warm.reward(own.reward - self.matrix[touched].T @ valued)
        answer = self.warm.solve()
        if answer is None:
            raise RuntimeError("the centre's own decisions were not found")
        _, decided, dual = answer
        full = np.zeros(own.row_lower.size)
        full[touched], full[self.apart] = valued, dual
        told = field.dialogue.workplaces.answer(Offer(number, full))
        bound = field.dialogue.centre.bound(full) + float(told.bounds.sum())
        share = told.shares[touched].sum(axis=1)
        put = self.matrix[touched] @ decided + share
        low, high = self.limits.row_lower, self.limits.row_upper
        side = np.where(valued > 0, high, np.where(valued < 0, low, np.clip(put, low, high)))
        return Seen(bound, side - put, share, float(told.values.sum()))


class Looked:
    """What plan can be made of averaged answers: with the two drafts, everybody alike."""

    def __init__(self, field: Field) -> None:
        self.field, own = field, field.own
        drafts = field.drafts
        fixed = np.stack([one.shares.sum(axis=1) for one in drafts], axis=1)
        worth = np.array([one.values.sum() for one in drafts])
        self.base = own.reward.size
        count = len(drafts)
        ones = sp.csr_array(np.concatenate([np.zeros(self.base), np.ones(count)])[None, :])
        shared = sp.hstack([own.matrix, sp.csr_array(fixed)])
        self.program = Program(
            matrix=sp.csr_array(sp.vstack([shared, ones])),
            row_lower=np.append(own.row_lower, 1.0),
            row_upper=np.append(own.row_upper, 1.0),
            lower=np.append(own.lower, np.zeros(count)),
            upper=np.append(own.upper, np.ones(count)),
            reward=np.append(own.reward, worth),
            integer=np.zeros(self.base + count, dtype=bool),
        )

    def value(self, share: Floats, value: float) -> float:
        """Return what the best plan is worth; nan where there is none.

        Parameters
        ----------
        share, value
            [T] and of the averaged answers of all producers together.
        """
        warm = Warm(self.program)
        column = np.zeros((self.program.row_lower.size, 1))
        column[self.field.touched, 0], column[-1, 0] = share, 1.0
        warm.add(column, np.array([value]))
        answer = warm.solve()
        return float("nan") if answer is None else answer[0]


class Elastic:
    """The centre's best decisions where producers do what they do, shortages at a price."""

    def __init__(self, field: Field, *, times: float) -> None:
        own, self.touched = field.own, field.touched
        count = self.touched.size
        places = (self.touched, np.arange(count))
        more = sp.csr_array((np.ones(count), places), shape=(own.row_lower.size, count))
        self.own, self.sizes = own, field.sizes
        price = -times * self.sizes
        self.warm = Warm(
            replace(
                own,
                matrix=sp.csr_array(sp.hstack([own.matrix, more, -more])),
                lower=np.concatenate([own.lower, np.zeros(2 * count)]),
                upper=np.concatenate([own.upper, np.full(2 * count, np.inf)]),
                reward=np.concatenate([own.reward, price, price]),
                integer=np.zeros(own.reward.size + 2 * count, dtype=bool),
            )
        )

    def missing(self, share: Floats) -> tuple[float, Floats]:
        """Return what is missing, at the first offer's valuations, and the valuations [T]."""
        put = np.zeros(self.own.row_lower.size)
        put[self.touched] = share
        self.warm.sides(self.own.row_lower - put, self.own.row_upper - put)
        answer = self.warm.solve()
        if answer is None:
            raise RuntimeError("the centre's answer to what producers do was not found")
        _, primal, dual = answer
        short = primal[self.own.reward.size :].reshape(2, -1).sum(axis=0)
        return float(self.sizes @ short), dual[self.touched]
