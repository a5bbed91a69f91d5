"""Talks: a dialogue as a command holds it, from its files, under the terms that stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from counterplan.cli.boards import Board
from counterplan.cli.console import doing, interruptible
from counterplan.cli.papers import NO_PAPERS, Papers, declared, read_papers
from counterplan.cli.plans import show_notes

if TYPE_CHECKING:
    from counterplan.dialogue.exchange import Answers, Offer
    from counterplan.dialogue.manifest import Manifest
    from counterplan.dialogue.register import Register
    from counterplan.dialogue.rounds import Dialogue, State
    from counterplan.dialogue.saved import Folder
    from counterplan.dialogue.transport import Transport
    from counterplan.dialogue.turns import Turns
    from counterplan.economy.economy import Bools, Economy
    from counterplan.plan.scenario import Scenario as Asked

BATCHES = 8  # in which the workplaces answer, so that an interruption loses an eighth of a round
LATE = 1  # rounds after which the answers of those who were silent arrive


@dataclass(frozen=True)
class Wish:
    """What decides how a dialogue goes, beside the scenario; see the command's options."""

    producers: int
    seed: int
    techniques: int
    silent: float


@dataclass(frozen=True)
class Meeting:
    """A dialogue that can be held, what it is about, who is silent in it, and what is handed in."""

    dialogue: "Dialogue"
    manifest: "Manifest"
    wish: Wish
    register: "Register"
    workers: int = 0
    papers: Papers = NO_PAPERS


def met(scenario: str, wish: Wish) -> Meeting:
    """Read a scenario, split its economy, and say how it goes."""
    with doing(f"reading {scenario}"):
        from counterplan.plan.dates import date_notes
        from counterplan.plan.open import open_scenario

        asked, economy = open_scenario(scenario)
    show_notes(date_notes(economy, asked))
    with doing(f"splitting {economy.name} into {wish.producers:,} workplaces"):
        return interruptible(lambda: meeting_of(asked, economy, wish))


def meeting_of(asked: "Asked", economy: "Economy", wish: Wish) -> Meeting:
    """Split the economy and give every workplace its own part of the plan problem."""
    from counterplan.dialogue.manifest import manifest_of
    from counterplan.dialogue.plausible import refusals
    from counterplan.dialogue.register import register_of
    from counterplan.dialogue.rounds import dialogue_of
    from counterplan.economy.split import split_producers
    from counterplan.plan.overlay import lay_out
    from counterplan.plan.problem import assemble

    split = split_producers(
        economy, producers=wish.producers, seed=wish.seed, techniques=wish.techniques
    )
    problem = assemble(lay_out(split, asked))
    dialogue = dialogue_of(problem, asked, batch=-(-wish.producers // BATCHES))
    register = register_of(dialogue.parts)
    manifest = manifest_of(split, asked, vars(wish))
    dialogue = replace(dialogue, refusing=partial(refusals, register))
    return Meeting(dialogue, manifest, wish, register)


def handed_in(meeting: Meeting, quotas: Path | None, overrides: Path | None) -> Papers:
    """Read the files of quotas and overrides."""
    if quotas is None and overrides is None:
        return NO_PAPERS
    with doing("reading what was handed in"):
        return interruptible(
            lambda: read_papers(
                meeting.dialogue, meeting.register, quotas=quotas, overrides=overrides
            )
        )


@dataclass(frozen=True)
class Talk:
    """Where a dialogue stands, under the terms that stand now."""

    dialogue: "Dialogue"
    state: "State"
    turns: "Turns"
    arrived: "tuple[Answers, ...]" = ()


def taken_up(meeting: Meeting, folder: "Folder", board: Board) -> Talk:
    """Read how far a dialogue has come, or begin it; keep what was handed in."""
    from counterplan.dialogue.beginning import beginning
    from counterplan.dialogue.turns import read_turns

    base = meeting.dialogue
    turns = read_turns(folder.path, base, meeting.register)
    standing = folder.read(base, turning=turns.at)
    dialogue, state = standing.dialogue or base, standing.state
    if state is None:
        begin = beginning(base)
        state = folder.begin(base, base.begin(begin.first, drafts=begin.drafts))
        dialogue, state = turns.at(0, base, state)
    board.goes_on(state, standing)
    number = len(state.rounds) + bool(standing.arrived)
    turns, new = declared(meeting.papers, turns, folder.path, number)
    if new:
        board.tell(f"what was handed in stands from round {number + 1} on")
        if number == len(state.rounds):
            dialogue, state = turns.last(dialogue, state)
    return Talk(dialogue, state, turns, standing.arrived)


def done(talk: Talk, *, rounds_max: int, gap: float) -> bool:
    """Return whether there are enough rounds, or the gap is small enough under these terms.

    New terms get a round at least, however many there were before.
    """
    if talk.turns.fresh(talk.state):
        return False
    return len(talk.state.rounds) >= rounds_max or enough(talk.state, gap)


def rounds_of(
    meeting: Meeting,
    talk: Talk,
    folder: "Folder",
    transport: "Transport",
    board: Board,
    *,
    rounds_max: int,
    gap: float,
) -> Talk:
    """Hold rounds until it is done or the terms change, and change them."""
    change = talk.turns.after(talk.state)
    reaching = Counted(over(meeting, talk, transport), board)
    dialogue = replace(talk.dialogue, transport=reaching)
    while not done(talk, rounds_max=rounds_max, gap=gap):
        state = folder.next(dialogue, talk.state, arrived=talk.arrived)
        talk = replace(talk, state=state, arrived=())
        board.closed(state)
        if len(state.rounds) == change:
            other, state = talk.turns.at(change, talk.dialogue, state)
            return replace(talk, dialogue=other, state=state)
    return talk


def enough(state: "State", gap: float) -> bool:
    """Return whether the gap is small enough, or what is left of it lies in whole projects."""
    from counterplan.dialogue.result import left_to_projects

    return bool(state.rounds) and (state.rounds[-1].gap <= gap or left_to_projects(state, gap=gap))


def over(meeting: Meeting, talk: Talk, transport: "Transport") -> "Transport":
    """Return how the workplaces are reached: people before models, and then who is silent."""
    from counterplan.dialogue.faults import Faults, Faulty
    from counterplan.dialogue.standing import Overridden

    backed = talk.turns.overrides(len(talk.state.rounds), talk.dialogue).backed
    reaching: Transport = Overridden(transport, backed) if backed else transport
    if not meeting.wish.silent:
        return reaching
    faults = Faults(seed=meeting.wish.seed, silent=meeting.wish.silent, late=LATE)
    return Faulty(reaching, faults, offers=talk.state.offers)


class Counted:
    """A transport whose answers are counted on a board as they arrive."""

    def __init__(self, transport: "Transport", board: Board) -> None:
        self.transport = transport
        self.board = board

    def ask(self, offer: "Offer", whom: "Bools") -> "Iterator[Answers]":
        """Yield what the other transport brings."""
        self.board.answers = int(whom.size - whom.sum())
        for answers in self.transport.ask(offer, whom):
            if answers.offer.number == offer.number:
                self.board.answers += int(answers.answered.sum())
            yield answers
