"""A dialogue held in a folder, in this process or as a program: ``... holding.py DIR ROUNDS``.

As a program it prints a line after each file that it adds, so that a test knows when to kill it.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.exchange import Offer
from counterplan.dialogue.faults import Faults, Faulty
from counterplan.dialogue.manifest import Manifest, manifest_of
from counterplan.dialogue.rounds import Dialogue, State, dialogue_of
from counterplan.dialogue.saved import Folder, opened
from counterplan.dialogue.sealed import Arrays
from counterplan.economy.split import split_producers
from counterplan.plan.shocks import PriceShock
from counterplan.plan.storage import save_plan
from tests.plan.builders import problem_of, scenario_of, two_branch_economy

DROP = PriceShock(kind="export_price", products=("corn",), factor=0.7)
COUNT, BATCH = 12, 4
FAULTS = Faults(seed=5, silent=0.25, late=1, different=0.2)


@cache
def dialogue() -> Dialogue:
    """Return the dialogue, without its faults."""
    economy = split_producers(two_branch_economy(), producers=COUNT, seed=3, regions=1)
    problem = problem_of(economy, shocks=(DROP,))
    return dialogue_of(problem, scenario_of(shocks=(DROP,)), batch=BATCH)


def first() -> Offer:
    """Return the first offer: nothing is worth anything."""
    return Offer(0, np.zeros(dialogue().centre.rows.size))


@cache
def manifest() -> Manifest:
    """Return what the dialogue is about."""
    one = dialogue()
    return manifest_of(one.parts.problem.outlook.economy, one.scenario, {"seed": 5})


class Telling(Folder):
    """A folder that says when it adds a file."""

    def keep(self, path: Path, arrays: Arrays) -> None:
        """Add a file."""
        print("about to add", path.name, flush=True)
        super().keep(path, arrays)
        print("added", path.name, flush=True)


def held(path: Path, rounds: int, kind: type[Folder] = Folder) -> Iterator[State]:
    """Hold rounds in a folder until there are so many; yield the state after each."""
    with opened(path, manifest()):
        folder = kind(path)
        standing = folder.read(dialogue())
        state = standing.state
        if state is None:
            drafts = (as_before(dialogue().parts.problem),)
            state = folder.begin(dialogue(), dialogue().begin(first(), drafts=drafts))
        faulty = Faulty(dialogue().workplaces, FAULTS, offers=state.offers)
        holding, arrived = replace(dialogue(), transport=faulty), standing.arrived
        while len(state.rounds) < rounds:
            state, arrived = folder.next(holding, state, arrived=arrived), ()
            yield state


def main(path: Path, rounds: int) -> None:
    """Hold a dialogue as a program."""
    for state in held(path, rounds, Telling):
        last = state
    save_plan(dialogue().plan(last), path / "plan")
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
