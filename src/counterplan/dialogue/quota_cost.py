r"""What quotas cost the plan: its value with them and without, both proved from valuations.

At the valuations y of the offer that proves the bound, the producers who have quotas answer once
more as if they had none. Their bounds without prove, with everybody else's, a bound on every plan
without quotas,

.. math:: \bar V^0 = \text{centre}(y) + \sum_{s \notin Q} b_s(y) + \sum_{s \in Q} b^0_s(y),
          \qquad V^0 \le \bar V^0, \quad V \ge \underline V
          \;\Rightarrow\; V^0 - V \le \bar V^0 - \underline V

Offers from before there were quotas may prove a smaller one. The best mixture of everything that
was ever proposed, what is set aside too, is one plan without:
:math:`V^0 - V \ge \underline V^0 - \bar V`.
"""

from dataclasses import dataclass

import numpy as np

from counterplan.dialogue.master import best_mixture
from counterplan.dialogue.quota import promised
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.terms import carried
from counterplan.errors import CounterplanError
from counterplan.plan.overlay import lay_out
from counterplan.plan.problem import assemble


@dataclass(frozen=True)
class QuotaCost:
    """What the quotas that stand cost, as shares of the observed consumption of reported years.

    Attributes
    ----------
    least, most
        Between these the best plan without quotas is better than the best with them.
    """

    least: float
    most: float

    def words(self) -> str:
        """Return it in a sentence."""
        least, most = (f"{float(f'{100 * share:.2g}'):g}%" for share in (self.least, self.most))
        if self.least <= 0:
            return f"without, no plan would be better by more than {most}"
        return f"without, the best plan would be better by {least} to {most}"


def cost_of_quotas(dialogue: Dialogue, state: State) -> QuotaCost:
    """Return what the quotas of a dialogue cost, between two proved figures.

    Raises
    ------
    CounterplanError
        Where there is no plan yet, or no bound.
    """
    proved, mixture = state.proved, state.mixture
    if proved is None or mixture is None:
        raise CounterplanError("there is no plan with a bound yet, to say what quotas cost")
    free = freed(dialogue)
    who = promised(dialogue.parts)
    bounds = proved.bounds.copy()
    for answers in free.workplaces.ask(proved.offer, who):
        bounds[answers.answered] = answers.bounds[answers.answered]
    here = dialogue.centre.bound(proved.offer.valuations) + float(bounds.sum())
    before = carried(dialogue, free, state).bound  # offers from before there were quotas
    most = min(here, before) - mixture.value
    unit = dialogue.yardstick
    gap = max(state.bound - mixture.value, 1e-7 * unit)
    found = None
    if dialogue.projects is None:  # a mixture with parts of projects is no plan
        found = best_mixture(free.centre, state.pool, gap=gap, exact=0.1 * gap)
    least = -np.inf if found is None else found.value - state.bound
    return QuotaCost(max(0.0, least / unit), max(0.0, most / unit))


def freed(dialogue: Dialogue) -> Dialogue:
    """Return the same dialogue about the problem without any quota."""
    mandate = dialogue.scenario.mandate.model_copy(update={"quotas": ()})
    scenario = dialogue.scenario.model_copy(update={"mandate": mandate})
    problem = assemble(lay_out(dialogue.parts.problem.outlook.economy, scenario))
    return dialogue_of(problem, scenario, batch=dialogue.workplaces.batch)
