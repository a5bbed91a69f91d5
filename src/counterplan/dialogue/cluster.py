"""Producers in other processes: crews answer on the workers of a Dask cluster.

Each crew's small problems are sent to a worker once and stay there; of an offer only the valuations
travel, and of an answer the courses with what proves their bounds. What they put into the shared
rules is added up here, so that every number is the same as in one process, to the last bit.

A worker that dies takes nothing along: Dask sends its crews to another one, which answers instead.
Where a crew's workers die again and again, or it has not answered by the deadline, its producers
were silent; a late answer is given out with the next offer's.

Whoever reaches a Dask scheduler can run programs on its workers: the local workers of
:func:`local_workers` speak to nobody without the certificate that is made for them.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from logging import CRITICAL
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from counterplan.dialogue.exchange import Answers, Offer, owned
from counterplan.dialogue.parts import CENTRE
from counterplan.dialogue.tidy import tidied
from counterplan.dialogue.transport import Transport
from counterplan.dialogue.workplaces import Crew, Workplaces, those
from counterplan.economy.economy import Bools, Floats, Integers
from counterplan.errors import CounterplanError, InputError
from counterplan.plan.certificate import bound_terms
from counterplan.solve.blocks import BlockDiagonal
from counterplan.solve.program import Program, Sparse

if TYPE_CHECKING:
    from distributed import Client, Future

SECONDS_MAX = 600.0  # that an offer's answers are waited for
FETCH_SECONDS_MAX = 60.0  # that it may take to bring an answer that is there
ROUNDS_MAX = 3  # after which an answer is not waited for any more
DEATHS_MAX = 3  # of workers at one task, before it is given up
RETRIES = 2  # of a task that failed on a worker that lives
WORKERS_MAX = 64
PACKET_MAX = "4 GB"  # a crew with its small problems; Dask complains of 10 MB otherwise
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
RESTART = "1 hour"  # that a worker may take to begin again; Dask gives it up after 15 seconds
HERE = "127.0.0.1"
GONE = "the Dask cluster has gone; start it again and go on from the last finished round"


# ---- what is on a worker ------------------------------------------------------------------------


class Found(NamedTuple):
    """What a crew answers: courses [n] and duals [r] of its own, bounds by member."""

    courses: Floats
    duals: Floats
    bounds: Floats


@dataclass(frozen=True)
class Shop:
    """A crew as a worker holds it: everything is numbered within the crew.

    Attributes
    ----------
    problems
        Its own problems.
    program
        The columns [n] of its members, with the rules [r] of their own and every shared one.
    column_owner, row_owner
        [n], [r] which member's each is, :data:`CENTRE` for shared rules.
    count
        How many members it has.
    """

    problems: BlockDiagonal
    program: Program
    column_owner: Integers
    row_owner: Integers
    count: int

    @property
    def shared(self) -> Bools:
        """Which rules are shared [r]."""
        return np.equal(self.row_owner, CENTRE)

    @cached_property
    def links(self) -> Sparse:
        """What its columns put into the shared rules [L x n]."""
        return sp.csr_array(sp.csr_array(self.program.matrix)[self.shared])

    def answer(self, offer: Offer, asked: Bools) -> Found:
        """Return the best courses of those members who are asked, before they are tidied."""
        reward = offer.own_costs * self.program.reward
        courses, duals = those(self.problems, asked).solve(reward - self.links.T @ offer.valuations)
        valued = duals.copy()
        valued[self.shared] = offer.valuations
        sides, boxes = bound_terms(replace(self.program, reward=reward), valued)
        own = ~self.shared
        by_rows = np.bincount(self.row_owner[own], weights=sides[own], minlength=self.count)
        by_columns = np.bincount(self.column_owner, weights=boxes, minlength=self.count)
        return Found(courses, duals, by_rows.astype(np.float64) + by_columns)


def shop_of(crew: Crew) -> Shop:
    """Return a crew without anything of the others'."""
    members = np.flatnonzero(crew.members)
    within = np.full(crew.members.size + 1, CENTRE, dtype=np.int64)  # the last: of the centre
    within[members] = np.arange(members.size)
    batches = tuple(
        replace(
            batch,
            blocks=within[batch.blocks],
            columns=np.searchsorted(crew.columns, batch.columns),
            rows=np.searchsorted(crew.rows, batch.rows),
        )
        for batch in crew.problems.batches
    )
    return Shop(
        problems=BlockDiagonal(crew.program, batches),
        program=crew.program,
        column_owner=within[crew.parts.columns[crew.columns]],
        row_owner=within[crew.parts.rows[crew.rows]],
        count=members.size,
    )


def held(shop: Shop) -> Shop:
    """Keep a crew on the worker that this runs on."""
    return shop


def answered(shop: Shop, offer: Offer, asked: Bools) -> Found:
    """Let a crew answer on the worker that this runs on."""
    return shop.answer(offer, asked)


def dask_setup(_: object) -> None:
    """Leave Ctrl-C to the process that started this worker; Dask calls this as it begins."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# ---- the transport ------------------------------------------------------------------------------


class Task(NamedTuple):
    """What a crew was asked and has not answered; who of all producers were [S]."""

    future: "Future[Any]"
    place: int
    offer: Offer
    asked: Bools


class Cluster:
    """A transport to producers whose crews live on the workers of a Dask cluster.

    Parameters
    ----------
    workplaces
        The producers; each of their crews goes to a worker when it is first asked.
    client
        Of the cluster, with this package in this version on every worker; it stays open.
    seconds_max
        How long an offer's answers are waited for.
    """

    def __init__(
        self, workplaces: Workplaces, client: "Client", *, seconds_max: float = SECONDS_MAX
    ) -> None:
        self.workplaces = workplaces
        self.client = client
        self.seconds_max = seconds_max
        self.held: dict[int, Future[Any]] = {}
        self.waiting: dict[str, Task] = {}
        self.arrived: SimpleQueue[Future[Any]] = SimpleQueue()

    def ask(self, offer: Offer, whom: Bools) -> Iterator[Answers]:
        """Yield the answers of those who are asked [S], crew by crew as they arrive.

        Raises
        ------
        CounterplanError
            When the cluster has gone, or as :meth:`Workplaces.ask` does.
        """
        if self.client.status != "running":
            raise CounterplanError(GONE)
        self.give_up(offer)
        missing = {
            self.send(place, offer, crew.members & whom)
            for place, crew in enumerate(self.workplaces.crews)
            if (crew.members & whom).any()
        }
        until = time.monotonic() + self.seconds_max
        while missing or not self.arrived.empty():
            try:
                future = self.arrived.get(timeout=max(until - time.monotonic(), 0.0))
            except Empty:
                return
            key = str(future.key)
            missing.discard(key)
            task = self.waiting.pop(key, None)
            found = None if task is None else self.fetched(task)
            if task is not None and found is not None:
                yield self.answers(task, found)

    def give_up(self, offer: Offer) -> None:
        """Wait no longer for answers to offers long past."""
        for key, task in list(self.waiting.items()):
            if task.offer.number < offer.number - ROUNDS_MAX:
                del self.waiting[key]
                task.future.cancel()

    def send(self, place: int, offer: Offer, asked: Bools) -> str:
        """Ask some members [S] of a crew; return the key of their answer."""
        crew = self.workplaces.crews[place]
        if place not in self.held:
            self.held[place] = self.placed(place, shop_of(crew))
        future = self.client.submit(
            answered, self.held[place], offer, asked[crew.members], pure=False, retries=RETRIES
        )
        return self.expect(Task(future, place, offer, asked))

    def expect(self, task: Task) -> str:
        """Have an answer put among those that arrived as soon as it is there; return its key."""
        key = str(task.future.key)
        self.waiting[key] = task
        task.future.add_done_callback(self.arrived.put)
        return key

    def placed(self, place: int, shop: Shop) -> "Future[Any]":
        """Send a crew to a worker, each to the next one; to any other should that one die."""
        import dask

        workers = sorted(self.client.nthreads())
        where = [workers[place % len(workers)]] if workers else None
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": PACKET_MAX}):
            return self.client.submit(
                held,
                shop,
                pure=False,
                retries=RETRIES,
                workers=where,
                allow_other_workers=where is not None,
            )

    def fetched(self, task: Task) -> Found | None:
        """Return an answer that is there; None where its workers died of it, or it is lost again.

        Raises
        ------
        CounterplanError
            When the cluster has gone, or as :meth:`Workplaces.ask` does.
        """
        from distributed import CancelledError, KilledWorker

        try:
            found: Found = task.future.result(timeout=FETCH_SECONDS_MAX)
        except KilledWorker:
            self.held.pop(task.place, None)
            return None
        except TimeoutError:
            self.expect(task)
            return None
        except CancelledError as error:
            raise CounterplanError(GONE) from error
        return found

    def answers(self, task: Task, found: Found) -> Answers:
        """Return what a crew answered as the centre reads it; see :meth:`Workplaces.ask`."""
        every, crew = self.workplaces, self.workplaces.crews[task.place]
        parts, count = every.parts, every.count
        courses = np.zeros(parts.columns.size)
        courses[crew.columns] = found.courses
        courses = np.where(owned(every.owner, task.asked), tidied(parts, courses), 0.0)
        bounds, duals = np.zeros(count), np.zeros(parts.rows.size)
        bounds[crew.members] = found.bounds
        duals[crew.rows] = found.duals
        return Answers(
            offer=task.offer,
            answered=task.asked,
            shares=every.shares_of(courses),
            values=every.summed(parts.program.reward * courses),
            bounds=np.where(task.asked, bounds, 0.0),
            courses=courses,
            duals=duals,
        )


# ---- workers of this machine --------------------------------------------------------------------


def check_workers(count: int) -> None:
    """Refuse workers where there is no Dask to reach them by.

    Raises
    ------
    InputError
        When it is not installed.
    """
    if count and any(find_spec(name) is None for name in ("distributed", "cryptography")):
        raise InputError(
            "Dask is not installed, which other processes are reached by",
            mend="install it with: pip install 'counterplan[dask]'",
        )


@contextmanager
def local_workers(count: int) -> Iterator["Client"]:
    """Start worker processes on this machine; they end with the block, or with this process.

    They listen on this machine alone, over connections with a certificate that is made for them;
    nothing is shown and nothing is left on the disk. One that dies is started again.

    Parameters
    ----------
    count
        How many, each with one thread.

    Raises
    ------
    InputError
        When Dask is not installed.
    """
    check_workers(count)
    import dask
    from distributed import Client, LocalCluster, Security

    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="counterplan-"))
        settings = {
            "temporary-directory": folder,
            "distributed.deploy.lost-worker-timeout": RESTART,
        }
        stack.enter_context(dask.config.set(settings))
        cluster = LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            host=HERE,
            security=Security.temporary(),
            dashboard_address=None,
            worker_dashboard_address=None,
            scheduler_kwargs={"dashboard_address": f"{HERE}:0", "allowed_failures": DEATHS_MAX},
            silence_logs=CRITICAL,
            local_directory=folder,
            preload=[__name__],
            env=dict.fromkeys(ONE_THREAD, "1"),
        )
        stack.enter_context(cluster)
        yield stack.enter_context(Client(cluster, set_as_default=False))


@contextmanager
def reached(workplaces: Workplaces, *, workers: int) -> Iterator[Transport]:
    """Give the transport to producers on so many local workers, or in this process for none."""
    if workers == 0:
        yield workplaces
        return
    with local_workers(workers) as client:
        yield Cluster(workplaces, client)
