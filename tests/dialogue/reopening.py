"""A replanning held in a folder, in this process or as a program: ``... reopening.py DIR``.

As a program it prints a line after each file that it adds, so that a test knows when to kill it.
"""

import sys
from functools import cache
from pathlib import Path

from counterplan.dialogue.drafts import as_before
from counterplan.dialogue.replanning.replan import Replanning, Terms, replanning_of
from counterplan.dialogue.replanning.rounds import manifest_of_replanning, rounds_in
from counterplan.dialogue.saved import opened
from counterplan.plan.shocks import CapacityShock, Shock
from counterplan.plan.storage import save_plan
from tests.dialogue.holding import BATCH, Telling, dialogue, first

OUTAGE = CapacityShock(kind="capacity", branches=("industry",), share=0.9)
ROUNDS = 9  # of the dialogue before the event
TERMS = Terms(gap=2e-6)  # so small that it takes some rounds


@cache
def replanning(*shocks: Shock) -> Replanning:
    """Return the dialogue of corn and machines, reopened after an event."""
    drafts = (as_before(dialogue().parts.problem),)
    *_, state = dialogue().rounds(first(), drafts=drafts, rounds_max=ROUNDS)
    before = dialogue().scenario
    asked = before.model_copy(update={"shocks": (*before.shocks, *shocks)})
    return replanning_of(dialogue(), state, asked, terms=TERMS, batch=BATCH)


def main(path: Path) -> None:
    """Go on in a folder until the new plan is proved, and put it there."""
    again = replanning(OUTAGE)
    with opened(path, manifest_of_replanning(again)):
        for step, _ in rounds_in(Telling(path), again):
            last = step
        if last.plan is not None:
            save_plan(last.plan, path / "plan")
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
