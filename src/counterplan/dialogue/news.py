"""What a round changes: the mixture in force, the bound that is proved, the projects chosen."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from counterplan.dialogue.log import NAMED_MAX, Event, Kind, codes_of, named
from counterplan.dialogue.master import Mixture
from counterplan.dialogue.pool import Pool
from counterplan.economy.economy import Bools, Codes

if TYPE_CHECKING:
    from counterplan.dialogue.rounds import Dialogue, State


def in_force(state: "State", found: Mixture | None) -> tuple[Mixture | None, tuple[Event, ...]]:
    """Return the better of the mixture in force and the one that was found, if any.

    The engine is not exact: the plan in force stays where the new one is no better. Its weights
    are put in the shape of a pool that has grown.
    """
    last, number = state.mixture, state.offer.number
    if found is not None and (last is None or found.value >= last.value):
        return found, ()
    if last is None:
        what = "no choice of whole projects was found that keeps every shared rule"
        return None, (Event(number, Kind.MISSING, what),)
    weights = np.zeros((len(state.pool), last.weights.shape[1]))
    weights[: len(last.weights)] = last.weights
    what = "no mixture is better: the plan in force stays"
    return replace(last, weights=weights), (Event(number, Kind.STAYED, what),)


def quiet_event(producers: Codes, heard: Bools, pool: Pool, number: int) -> Event:
    """Return that nothing is mixed yet, for whom, and whether it is their quotas that do it.

    Parameters
    ----------
    heard
        [S] who has a proposal that keeps every quota.
    pool
        What was proposed, what breaks a quota too.
    """
    quiet = codes_of(producers, ~heard)
    what = f"nothing is mixed before everybody was heard once: {named(quiet)}"
    aside: Bools = ~heard & np.any([one.answered for one in pool], axis=0)
    if aside.any():
        codes = codes_of(producers, aside)
        what += f"; everything that these proposed breaks their quotas: {named(codes)}"
    return Event(number, Kind.MISSING, what, quiet)


def bound_events(old: "State", new: "State") -> Iterator[Event]:
    """Yield that the bound is another one, and whose answers prove it."""
    if new.proved is None or new.bound == old.bound:
        return
    number, proved = old.offer.number, new.proved.offer.number
    late = "" if proved == number else f", the last in round {number + 1}"
    verb = "rises" if new.bound > old.bound else "falls"
    what = "is" if old.proved is None else f"{verb} to"
    sentence = f"everybody's answer to offer {proved + 1} is in{late}: the bound {what}"
    yield Event(number, Kind.PROVED, f"{sentence} {new.bound:.9g}")


def choice_events(dialogue: "Dialogue", state: "State", best: Mixture | None) -> Iterator[Event]:
    """Yield that the plan in force builds other projects than the one before, and what it costs."""
    projects, guide = dialogue.projects, state.guide
    if projects is None or guide is None or best is None:
        return
    choice = projects.choice(best)
    if state.mixture is not None and np.array_equal(choice, projects.choice(state.mixture)):
        return
    outlook = dialogue.parts.asked.outlook
    codes, labels = outlook.economy.projects.codes, outlook.periods.labels
    begun = ", ".join(f"'{codes[p]}' in {labels[t]}" for p, t in np.argwhere(choice)[:NAMED_MAX])
    more = int(choice.sum()) - NAMED_MAX
    what = f"whole projects start: {begun}{f' and {more} more' if more > 0 else ''}"
    loss = (guide.value - best.value) / dialogue.yardstick
    cost = f"that costs {100 * max(loss, 0.0):.2g}% against parts of projects"
    sentence = f"{what if begun else 'no project starts'}; {cost}"
    yield Event(state.offer.number, Kind.CHOSEN, sentence)
