"""Membership: a dialogue in whose economy producers have come or gone, or do things otherwise.

Every variable and rule is found again by its name. Who stays keeps its proposals and what it
proved, who has come has proposed nothing, and what was proposed by those who left goes with them.
Who has other techniques or capacities than before cuts its proposals to them, as after any event.
Everything else that the scenario says stays as it was.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers, Offer, owned
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.economy.economy import Economy, Floats, Integers
from counterplan.plan.certificate import certify
from counterplan.plan.longtables import Places, column_places, row_places
from counterplan.plan.overlay import lay_out
from counterplan.plan.plan import Plan
from counterplan.plan.problem import assemble
from counterplan.solve.program import Program

NOWHERE = -1


@dataclass(frozen=True)
class Passage:
    """From a dialogue to the same one in another economy.

    Attributes
    ----------
    columns, rows, producers
        [N'], [R'], [S'] where each of the new ones stood before, :data:`NOWHERE` for what is new.
    """

    old: Dialogue
    new: Dialogue
    columns: Integers
    rows: Integers
    producers: Integers

    def valuations(self, valued: Floats) -> Floats:
        """Return valuations [L'] of the shared rules; what is new is worth nothing yet."""
        dual = np.zeros(self.old.parts.rows.size)
        dual[self.old.centre.rows] = valued
        return taken(dual, self.rows)[self.new.centre.rows]

    def offer(self, offer: Offer) -> Offer:
        """Return an offer with valuations of the new rules."""
        return Offer(
            offer.number, self.valuations(offer.valuations), offer.own_costs, part=offer.part
        )

    def answers(self, answers: Answers) -> Answers:
        """Return the answers of those who stay; their shares follow from their courses."""
        parts, workplaces = self.new.parts, self.new.workplaces
        known = self.producers != NOWHERE
        who = known & answers.answered[self.producers]
        courses = np.where(owned(parts.columns, who), taken(answers.courses, self.columns), 0.0)
        return Answers(
            offer=self.offer(answers.offer),
            answered=who,
            shares=workplaces.shares_of(courses),
            values=workplaces.summed(parts.program.reward * courses),
            bounds=np.where(known, answers.bounds[self.producers], 0.0),
            courses=courses,
            duals=taken(answers.duals, self.rows),
        )

    def state(self, state: State) -> State:
        """Return where the dialogue stands: what was proposed, offered and proved."""
        return State(
            rounds=(),
            pool=tuple(self.answers(one) for one in state.pool),
            offers=(self.offer(state.offer),),
            totals=state.totals,
        )

    def before(self) -> Program:
        """Return the programme as it was, in the new one's shape; nan for what is new."""
        old, rows, columns = self.old.parts.program, self.rows, self.columns
        entries = sp.csr_array(old.matrix).tocoo()
        row, column = placed(rows, old.row_lower.size), placed(columns, old.lower.size)
        at = row[entries.coords[0]], column[entries.coords[1]]
        kept = (at[0] != NOWHERE) & (at[1] != NOWHERE)
        shape = rows.size, columns.size
        return Program(
            matrix=sp.csr_array((entries.data[kept], (at[0][kept], at[1][kept])), shape=shape),
            row_lower=np.where(rows != NOWHERE, old.row_lower[rows], np.nan),
            row_upper=np.where(rows != NOWHERE, old.row_upper[rows], np.nan),
            lower=np.where(columns != NOWHERE, old.lower[columns], np.nan),
            upper=np.where(columns != NOWHERE, old.upper[columns], np.nan),
            reward=np.where(columns != NOWHERE, old.reward[columns], np.nan),
            integer=np.zeros(columns.size, dtype=bool),
        )

    def plan(self, plan: Plan) -> Plan:
        """Return a plan in force as it stands after the change; it need not keep every rule."""
        problem = self.new.parts.problem
        primal, dual = taken(plan.primal, self.columns), taken(plan.dual, self.rows)
        certificate = certify(problem, primal=primal, dual=dual)
        return Plan(plan.scenario, problem, primal, dual, certificate, plan.making)


def passage_of(dialogue: Dialogue, economy: Economy) -> Passage:
    """Return the way from a dialogue to the same one in an economy with other producers."""
    old, scenario = dialogue.parts, dialogue.scenario
    new = dialogue_of(
        assemble(lay_out(economy, scenario)), scenario, batch=dialogue.workplaces.batch
    )
    problem, parts = old.problem, new.parts
    place = {code: s for s, code in enumerate(old.producers)}
    return Passage(
        old=dialogue,
        new=new,
        columns=stood(
            column_places(problem), column_places(parts.problem), size=parts.columns.size
        ),
        rows=stood(row_places(problem), row_places(parts.problem), size=parts.rows.size),
        producers=np.array([place.get(code, NOWHERE) for code in parts.producers]),
    )


def stood(old: Places, new: Places, *, size: int) -> Integers:
    """Return where each of the new variables or rules stood before [size]."""
    found = np.full(size, NOWHERE, dtype=np.int64)
    period = [old.periods.get(label, NOWHERE) for label in new.periods]
    for name, numbers in new.numbers.items():
        if name not in old.numbers:
            continue
        item = [old.items[name].get(label, NOWHERE) for label in new.items[name]]
        known = np.ix_(np.not_equal(item, NOWHERE), np.not_equal(period, NOWHERE))
        before = old.numbers[name][np.ix_(item, period)][known]
        here = numbers[known]
        found[here[here >= 0]] = before[here >= 0]
    return found


def placed(places: Integers, count: int) -> Integers:
    """Return where each of the old ones stands now [count], from where the new ones stood."""
    found = np.full(count, NOWHERE, dtype=np.int64)
    known = np.flatnonzero(places != NOWHERE)
    found[places[known]] = known
    return found


def taken(values: Floats, places: Integers) -> Floats:
    """Return values from where they stood before, 0 for what is new."""
    return np.where(places != NOWHERE, values[places], 0.0)
