"""A replanning on the disk: a dialogue's folder, whose pool begins with what was kept.

Nothing that arrived is lost, whenever the process ends (:mod:`counterplan.dialogue.saved`): the
same replanning in the same folder goes on from there. Its plan comes into the folder last, when it
is certified; until then the plan that it began from is in force. A folder with a plan can be what
the next replanning begins from.
"""

from collections.abc import Iterator

from counterplan.dialogue.exchange import Answers
from counterplan.dialogue.manifest import Manifest, digest_of, manifest_of
from counterplan.dialogue.replanning.replan import Replanning, Step
from counterplan.dialogue.saved import Folder, Standing


def manifest_of_replanning(replanning: Replanning) -> Manifest:
    """Return what a replanning is about: also the plan in force that it begins from."""
    dialogue, before = replanning.dialogue, replanning.before
    economy = dialogue.parts.problem.outlook.economy
    settings: dict[str, str | int | float] = {
        "before": digest_of((before.primal, before.dual)),
        "cost": replanning.terms.cost,
    }
    return manifest_of(economy, dialogue.scenario, settings)


def rounds_in(folder: Folder, replanning: Replanning) -> Iterator[tuple[Step, Standing | None]]:
    """Go on in a folder until a new plan comes into force, or there are too many rounds.

    Yields
    ------
    The step from which it goes on, with what the folder held, and one after each round.

    Raises
    ------
    InputError
        Naming the file that is damaged, missing, or no part of the replanning.
    """
    standing = folder.read(replanning.dialogue)
    step, arrived = taken_up(folder, replanning, standing), standing.arrived
    yield step, standing
    while step.plan is None and step.rounds < replanning.terms.rounds_max:
        step, arrived = next_in(folder, replanning, step, arrived), ()
        yield step, None


def taken_up(folder: Folder, replanning: Replanning, standing: Standing) -> Step:
    """Return the step that a folder holds; the first one is kept where it holds none."""
    state = standing.state
    if state is None:
        step = replanning.begin()
        folder.begin(replanning.dialogue, step.state)
        return step
    if not state.rounds:
        return Step(state, plan=replanning.unchanged())
    return replanning.judged(state)


def next_in(
    folder: Folder, replanning: Replanning, step: Step, arrived: tuple[Answers, ...]
) -> Step:
    """Make one round; each batch of answers is kept before anything follows from it."""
    state = folder.next(replanning.dialogue, step.state, arrived=arrived)
    return replanning.judged(state)
