"""Producers on two workers in processes of their own: the same plan, whatever becomes of these."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterplan.dialogue import cluster
from counterplan.dialogue.cluster import Cluster, Found, Shop, local_workers, shop_of
from counterplan.dialogue.exchange import Answers, Offer
from counterplan.dialogue.log import Kind
from counterplan.dialogue.rounds import State
from counterplan.dialogue.workplaces import Workplaces
from counterplan.economy.economy import Bools
from counterplan.errors import CounterplanError, InputError
from tests.dialogue.test_faults import COUNT, first, held, of_kind, plain

distributed = pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")

ROUNDS = 4
PATIENCE_SECONDS = 60.0
FIELDS = ("answered", "shares", "values", "bounds", "courses", "duals")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Return the client of two workers."""
    with local_workers(2) as found:
        yield found


@pytest.fixture(scope="module")
def here() -> list[State]:
    """Return the rounds of a dialogue in this process."""
    return held(plain().workplaces, rounds=ROUNDS)


def small() -> Workplaces:
    """Return the workplaces in six crews of two."""
    return replace(plain().workplaces, batch=2)


def over(client: Any) -> Cluster:
    """Return a transport to six crews of two."""
    return Cluster(small(), client, seconds_max=PATIENCE_SECONDS)


def offer(number: int = 0) -> Offer:
    """Return an offer at which producers differ."""
    rng = np.random.default_rng(4 + number)
    return Offer(number, rng.normal(size=first().valuations.size))


def everybody() -> Bools:
    """Return that everybody is asked."""
    return np.ones(COUNT, dtype=bool)


def assert_same(one: Answers, other: Answers) -> None:
    """Compare the answers of a crew to the last bit."""
    assert one.offer.key == other.offer.key
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def in_order(batches: list[Answers]) -> list[Answers]:
    """Return batches in the order of their members."""
    return sorted(batches, key=lambda one: int(np.argmax(one.answered)))


def assert_same_rounds(states: list[State], others: list[State]) -> None:
    """Compare two dialogues: values, bounds, offers, weights, logs and the plans themselves."""
    assert len(states) == len(others) == ROUNDS
    for one, other in zip(states, others, strict=True):
        assert one.mixture is not None
        assert other.mixture is not None
        assert one.log == other.log
        assert one.mixture.value == pytest.approx(other.mixture.value, rel=1e-9)
        assert one.bound == pytest.approx(other.bound, rel=1e-9)
        np.testing.assert_allclose(one.mixture.weights, other.mixture.weights, atol=1e-9)
        np.testing.assert_allclose(one.offer.valuations, other.offer.valuations, atol=1e-9)
        plans = [plain().plan(state) for state in (one, other)]
        size = np.abs(plans[1].primal).max()
        np.testing.assert_allclose(plans[0].primal, plans[1].primal, rtol=1e-9, atol=1e-9 * size)
        assert plans[0].certificate.gap == pytest.approx(plans[1].certificate.gap, abs=1e-9)


# ---- the same answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 5, COUNT])
def test_a_shop_answers_as_the_crew_does(batch: int) -> None:
    workplaces = replace(plain().workplaces, batch=batch)
    transport = Cluster(workplaces, client=None)  # type: ignore[arg-type]
    asked = np.arange(COUNT) % 3 > 0
    for theta in (1.0, 0.0):
        made = replace(offer(), own_costs=theta)
        for place, crew in enumerate(workplaces.crews):
            whom = crew.members & asked
            found = shop_of(crew).answer(made, whom[crew.members])
            task = cluster.Task(None, place, made, whom)  # type: ignore[arg-type]
            assert_same(transport.answers(task, found), workplaces.answered_by(crew, made, whom))


def test_a_shop_knows_nothing_of_the_others() -> None:
    whole, crew = plain().parts.program, small().crews[0]
    shop = shop_of(crew)

    assert shop.count == 2
    assert shop.program.reward.size == crew.columns.size < whole.reward.size / 4
    assert set(shop.column_owner) == {0, 1}
    assert set(shop.row_owner) == {-1, 0, 1}
    assert not [name for name in vars(shop) if name in {"parts", "problem", "economy"}]


def test_two_workers_give_the_plan_of_one_process(client: Any, here: list[State]) -> None:
    assert len(client.nthreads()) == 2
    transport = over(client)
    assert_same_rounds(held(transport, rounds=ROUNDS), here)
    assert transport.waiting == {}
    holding = [keys for keys in client.has_what().values() if keys]
    assert [len(keys) for keys in holding] == [3, 3]  # three crews of six on each worker


def test_only_those_who_are_asked_answer(client: Any) -> None:
    transport, whom = over(client), np.isin(np.arange(COUNT), [2, 3, 11])
    found = in_order(list(transport.ask(offer(), whom)))
    wanted = list(small().ask(offer(), whom))

    assert len(found) == len(wanted) == 2
    for one, other in zip(found, wanted, strict=True):
        assert_same(one, other)
    assert list(transport.ask(offer(1), np.zeros(COUNT, dtype=bool))) == []


# ---- workers that are late ----------------------------------------------------------------------


def waiting(file: str) -> None:
    """Keep a worker from its work until there is a file."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not Path(file).exists():
        if time.monotonic() > until:
            raise CounterplanError("nobody let this worker go on")
        time.sleep(0.01)


def stuck(client: Any, file: Path) -> list[Any]:
    """Keep every worker from its work until there is a file."""
    workers = list(client.nthreads())
    return [client.submit(waiting, str(file), workers=[one], pure=False) for one in workers]


def test_who_misses_the_deadline_is_silent_and_heard_in_the_next_round(
    client: Any, here: list[State], tmp_path: Path
) -> None:
    transport = over(client)
    dialogue = replace(plain(), transport=transport)
    state = dialogue.begin(first(), drafts=())
    kept = stuck(client, tmp_path / "go")
    transport.seconds_max = 0.0
    silent = dialogue.next(state)

    assert len(kept) == 2
    assert silent.rounds[-1].answered == 0
    assert of_kind(silent, Kind.SILENT)[0].producers == plain().parts.producers
    assert len(transport.waiting) == len(small().crews)
    (tmp_path / "go").touch()
    transport.seconds_max = PATIENCE_SECONDS
    after = dialogue.next(silent)

    assert after.rounds[-1].answered == COUNT
    assert after.rounds[-1].late == COUNT
    told = of_kind(after, Kind.LATE)
    assert [one.producers for one in told] == [plain().parts.producers]
    assert "answered offer 1 late" in told[0].sentence
    assert after.bound == here[0].bound
    assert transport.waiting == {}


def test_answers_to_offers_long_past_are_not_waited_for(client: Any, tmp_path: Path) -> None:
    transport = Cluster(plain().workplaces, client, seconds_max=0.0)
    kept = stuck(client, tmp_path / "go")
    for number in range(cluster.ROUNDS_MAX + 2):
        assert list(transport.ask(offer(number), everybody())) == []
    asked = {task.offer.number for task in transport.waiting.values()}
    (tmp_path / "go").touch()
    client.gather(kept)
    transport.seconds_max = PATIENCE_SECONDS
    last = cluster.ROUNDS_MAX + 2
    heard = {one.offer.number for one in transport.ask(offer(last), everybody())}

    assert asked == set(range(1, last))
    assert heard == set(range(2, last + 1))


# ---- answers that cannot be had -----------------------------------------------------------------


class Failed:
    """The future of an answer that cannot be had."""

    key = "failed"

    def __init__(self, why: Exception) -> None:
        self.why = why

    def result(self, timeout: float) -> None:
        """Say why."""
        assert timeout > 0
        raise self.why

    def add_done_callback(self, told: Any) -> None:
        """Never have it."""


def failed(transport: Cluster, why: Exception) -> cluster.Task:
    """Let the answer of the third crew to an offer arrive, which cannot be had."""
    task = cluster.Task(Failed(why), 2, offer(1), everybody())  # type: ignore[arg-type]
    transport.waiting["failed"] = task
    transport.arrived.put(task.future)
    return task


def test_answers_that_a_cluster_takes_along_are_an_error(client: Any) -> None:
    transport = over(client)
    failed(transport, distributed.CancelledError("it has gone"))
    with pytest.raises(CounterplanError, match="the Dask cluster has gone; start it again"):
        list(transport.ask(offer(1), np.zeros(COUNT, dtype=bool)))


def failing(_: Shop, __: Offer, ___: Bools) -> Found:
    """Fail on a worker."""
    raise CounterplanError("block 3 has no solution: infeasible")


def test_what_fails_on_a_worker_fails_here(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "answered", failing)
    with pytest.raises(CounterplanError, match="block 3 has no solution"):
        list(over(client).ask(offer(), everybody()))


def test_those_at_whom_worker_after_worker_dies_are_silent_and_asked_anew(client: Any) -> None:
    transport = over(client)
    assert len(list(transport.ask(offer(), everybody()))) == 6
    failed(transport, distributed.KilledWorker("a task", None, cluster.DEATHS_MAX))

    assert list(transport.ask(offer(1), np.zeros(COUNT, dtype=bool))) == []
    assert set(transport.held) == {0, 1, 3, 4, 5}  # the third crew has to be sent again
    assert len(list(transport.ask(offer(2), everybody()))) == 6
    assert client.cluster.scheduler.allowed_failures == cluster.DEATHS_MAX


def test_an_answer_that_is_lost_again_is_waited_for(client: Any) -> None:
    transport = over(client)
    task = failed(transport, TimeoutError())

    assert list(transport.ask(offer(1), np.zeros(COUNT, dtype=bool))) == []
    assert transport.waiting == {"failed": task}


# ---- workers that die ---------------------------------------------------------------------------


def dying(shop: Shop, made: Offer, asked: Bools, *, folder: Path, deaths: int) -> Found:
    """Answer; but the first that begin on the third offer say so, and wait to be killed."""
    for turn in range(deaths if made.number == 2 else 0):
        try:
            (folder / f"{turn}.begun").touch(exist_ok=False)
        except FileExistsError:
            continue
        part = folder / f"{turn}.part"
        part.write_text(str(os.getpid()))
        part.rename(folder / f"{turn}.pid")
        time.sleep(PATIENCE_SECONDS)
        raise CounterplanError("nobody killed this worker")
    return shop.answer(made, asked)


class Killer(threading.Thread):
    """Kills the workers that say that they have begun."""

    def __init__(self, folder: Path, deaths: int) -> None:
        super().__init__(daemon=True)
        self.files = [folder / f"{turn}.pid" for turn in range(deaths)]
        self.killed: list[int] = []

    def run(self) -> None:
        """Wait for each file, and kill who wrote it."""
        until = time.monotonic() + PATIENCE_SECONDS
        for file in self.files:
            while not file.exists() and time.monotonic() < until:
                time.sleep(0.01)
            self.killed.append(int(file.read_text()))
            os.kill(self.killed[-1], signal.SIGKILL)


def test_a_worker_killed_in_the_middle_of_a_round_changes_nothing(
    client: Any, here: list[State], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = set(client.run(os.getpid).values())
    monkeypatch.setattr(cluster, "answered", partial(dying, folder=tmp_path, deaths=1))
    killer = Killer(tmp_path, 1)
    killer.start()
    states = held(over(client), rounds=ROUNDS)
    killer.join(timeout=1)

    assert len(killer.killed) == 1
    assert killer.killed[0] in pids
    assert not psutil.pid_exists(killer.killed[0])
    assert all(state.rounds[-1].answered == COUNT for state in states)
    assert_same_rounds(states, here)
    client.wait_for_workers(2, timeout=PATIENCE_SECONDS)  # another one was started


# ---- workers of this machine --------------------------------------------------------------------


def test_workers_speak_to_this_machine_alone_and_end_with_the_block() -> None:
    before = {one.pid for one in psutil.Process().children(recursive=True)}
    with local_workers(1) as client:
        threads = client.run(lambda: {k: os.environ.get(k) for k in cluster.ONE_THREAD})
        workers = [psutil.Process(pid) for pid in client.run(os.getpid).values()]
        ours = [one for one in psutil.Process().children(recursive=True) if one.pid not in before]
        sockets = [s for one in [psutil.Process(), *ours] for s in one.net_connections("inet")]
        heard = [s.laddr.ip for s in sockets if s.status == psutil.CONN_LISTEN]
    with pytest.raises(CounterplanError, match="the Dask cluster has gone"):
        list(over(client).ask(offer(), everybody()))

    assert list(threads.values()) == [dict.fromkeys(cluster.ONE_THREAD, "1")]
    assert heard
    assert set(heard) == {"127.0.0.1"}
    assert psutil.wait_procs(workers, timeout=PATIENCE_SECONDS)[1] == []


def test_without_dask_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with (
        pytest.raises(InputError, match=r"pip install 'counterplan\[dask\]'"),
        local_workers(2),
    ):
        raise AssertionError("there are workers")
