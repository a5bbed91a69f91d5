"""A dialogue over two worker processes, and with one of them killed in the middle of a round.

Russia 2014 in the hands of a hundred workplaces, oil at 0.55, three years, six rounds. In the third
a worker gets SIGKILL while it has been asked and has not answered. The differences are between the
plans: the largest of any figure against its size, and of the value and the bound.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.dialogue_cases import set_up
from counterplan.dialogue.beginning import beginning
from counterplan.dialogue.cluster import Cluster, local_workers
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.rounds import Dialogue, State
from counterplan.dialogue.transport import Transport
from counterplan.economy.economy import Bools

PRODUCERS, YEARS, ROUNDS, CREWS, FATAL = 100, 3, 6, 8, 2
SECONDS_MAX = 120.0


class Fatal:
    """A transport whose worker is killed while one round's offers are being answered."""

    def __init__(self, cluster: Cluster, pid: int) -> None:
        self.cluster, self.pid = cluster, pid

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield the answers; kill the worker as soon as the first one of that round is there."""
        source = self.cluster.ask(offer, whom)
        if offer.number == FATAL and self.pid:
            doomed, self.pid = self.pid, 0
            threading.Timer(0.02, os.kill, (doomed, signal.SIGKILL)).start()
        yield from source


def held(dialogue: Dialogue, transport: Transport) -> tuple[State, float]:
    """Hold the rounds over a transport, and return the last state and the seconds on the clock."""
    talking = replace(dialogue, transport=transport)
    begin, started = beginning(dialogue), time.perf_counter()
    *_, state = talking.rounds(begin.first, drafts=begin.drafts, rounds_max=ROUNDS)
    return state, time.perf_counter() - started


def row(way: str, dialogue: Dialogue, found: tuple[State, float], here: State) -> dict[str, object]:
    """Return how a way differs from one process."""
    state, seconds = found
    one, other = (dialogue.plan(each) for each in (here, state))
    size = np.maximum(np.abs(one.primal), 1e-3 * np.abs(one.primal).max())
    return {
        "way": way,
        "largest difference of a figure": f"{(np.abs(one.primal - other.primal) / size).max():.0e}",
        "of the value": f"{abs(one.certificate.value / other.certificate.value - 1):.0e}",
        "of the bound": f"{abs(here.bound / state.bound - 1):.0e}",
        "gap, %": 100 * state.rounds[-1].gap,
        "seconds on the clock": seconds,
    }


def run() -> dict[str, pd.DataFrame]:
    """Return the tables by title."""
    dialogue = set_up(PRODUCERS, YEARS)
    places = replace(dialogue.workplaces, batch=-(-PRODUCERS // CREWS))
    alone = held(dialogue, places)
    rows = [row("one process", dialogue, alone, alone[0])]
    with local_workers(2) as client:
        cluster = Cluster(places, client, seconds_max=SECONDS_MAX)
        rows.append(row("two workers", dialogue, held(dialogue, cluster), alone[0]))
    with local_workers(2) as client:
        cluster = Cluster(places, client, seconds_max=SECONDS_MAX)
        pid = next(iter(client.run(os.getpid).values()))
        fatal = Fatal(cluster, pid)
        rows.append(row("two, one killed", dialogue, held(dialogue, fatal), alone[0]))
        assert not fatal.pid, "the worker was not killed"
    return {"Plans": pd.DataFrame(rows)}
