"""Who does the jobs: never two of one kind at once, none that holds the others up, none that holds the end up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from fakes import NOON
from newsdesk import desk_for, listing, page, story
from servers import Reply, Server, SteppedClock

from scraper import jobs, pipeline, store
from scraper.crew import REST, STUCK, STUCK_REST, PoolCrew
from scraper.errors import StuckError
from scraper.turn import Turn

WORDS = [f"Đoạn {n}: huyện giao các xã rà soát danh sách hộ nghèo và cấp vốn cho từng hộ." for n in range(1, 5)]
PATIENCE = 20
"""Seconds after which something that should happen is taken not to happen."""


def outlet_of(*numbers: int) -> dict[str, Reply]:
    """An outlet's answers that lists these stories."""
    pages = {f"/bai-post{n}.html": page(story(n, f"Bài {n}", [f"{n} {words}" for words in WORDS])) for n in numbers}
    return {"/chinh-sach": page(listing(*numbers)), "/robots.txt": Reply("", 404), **pages}


class Hands:
    """A crew of two, with clocks that are moved by hand."""

    def __init__(self) -> None:
        self.clock, self.seconds = SteppedClock(NOON), 0.0
        self.broke: list[tuple[str, Exception]] = []
        self.crew = PoolCrew(2, self.clock.now, lambda key, why: self.broke.append((key, why)), lambda: self.seconds)

    def done(self, key: str) -> None:
        """Do a job and see it done."""
        event = threading.Event()
        self.crew.start(key, event.set)
        assert event.wait(PATIENCE)

    def pass_by(self, by: timedelta) -> None:
        self.seconds += by.total_seconds()
        self.crew.give_up_stuck()


@pytest.fixture
def hands() -> Iterator[Hands]:
    made = Hands()
    yield made
    made.crew.stop(0)


def fail() -> None:
    raise ValueError


def test_one_of_a_kind(hands: Hands) -> None:
    """While a job is under way another under its key is not begun; one under another key is."""
    go, count = threading.Event(), threading.Semaphore(0)

    def job() -> None:
        count.release()
        go.wait(PATIENCE)

    hands.crew.start("a", job)
    assert count.acquire(timeout=PATIENCE)
    hands.crew.start("a", job)
    hands.done("b")
    assert hands.crew.busy
    go.set()
    assert hands.crew.wait(PATIENCE)
    assert not count.acquire(blocking=False)


def test_a_broken_job_rests(hands: Hands) -> None:
    """A job that raised is told, and begun again after its rest and not before."""
    hands.crew.start("a", fail)
    assert hands.crew.wait(PATIENCE)
    assert [key for key, _ in hands.broke] == ["a"]
    hands.crew.start("a", fail)
    assert hands.crew.wait(PATIENCE)
    assert len(hands.broke) == 1
    hands.clock.sleep(REST.total_seconds() + 1)
    hands.done("a")


def test_stuck_threads_are_replaced(hands: Hands) -> None:
    """More jobs than there are threads get stuck one after another: each is told and counted, and work goes on."""
    go, lost = threading.Event(), list[str]()
    for number in range(5):
        begun = threading.Event()

        def job(begun: threading.Event = begun) -> None:
            begun.set()
            go.wait(PATIENCE)

        hands.crew.start(f"stuck {number}", job, partial(lost.append, f"stuck {number}"))
        assert begun.wait(PATIENCE)
        hands.pass_by(STUCK + timedelta(seconds=1))
    assert hands.crew.abandoned == 5
    assert lost == [f"stuck {number}" for number in range(5)]
    assert all(isinstance(why, StuckError) for _, why in hands.broke)
    hands.done("sound")
    assert not hands.crew.busy
    hands.crew.start("stuck 0", partial(lost.append, "begun too early"))
    assert hands.crew.wait(PATIENCE)
    assert len(lost) == 5
    hands.clock.sleep(STUCK_REST.total_seconds() + 1)
    hands.done("stuck 0")
    go.set()


def test_nobody_waits_for_what_is_stuck(hands: Hands) -> None:
    """Who waits for all jobs, as 'scraper once' does, goes on when the stuck ones among them are given up."""
    go, begun, waited = threading.Event(), threading.Event(), threading.Event()

    def job() -> None:
        begun.set()
        go.wait(PATIENCE)

    hands.crew.start("a", job)
    assert begun.wait(PATIENCE)

    def wait() -> None:
        hands.crew.wait()
        waited.set()

    threading.Thread(target=wait, daemon=True).start()
    hands.seconds += STUCK.total_seconds() + 1
    assert waited.wait(PATIENCE)
    assert hands.crew.abandoned == 1
    go.set()


def test_signs_of_life(hands: Hands) -> None:
    """A job that asks whether it is called off is not stuck however long it takes, and one that wakes too late is."""
    asked, ask, answers = threading.Semaphore(0), threading.Semaphore(0), list[bool]()

    def job() -> None:
        for _ in range(3):
            asked.release()
            ask.acquire(timeout=PATIENCE)
            answers.append(hands.crew.called_off())
        asked.release()

    hands.crew.start("a", job)
    for _ in range(2):
        assert asked.acquire(timeout=PATIENCE)
        ask.release()
        assert asked.acquire(timeout=PATIENCE)
        asked.release()
        hands.pass_by(STUCK * 0.9)
    assert answers == [False, False]
    assert hands.crew.abandoned == 0
    hands.pass_by(STUCK)
    assert hands.crew.abandoned == 1
    ask.release()
    assert asked.acquire(timeout=PATIENCE)
    assert asked.acquire(timeout=PATIENCE)
    assert answers == [False, False, True]


def test_stopping(hands: Hands) -> None:
    """After a stop jobs under way are told that they are called off, and none is begun; a stuck one is left behind."""
    begun, go = threading.Event(), threading.Event()

    def job() -> None:
        begun.set()
        go.wait(PATIENCE)

    hands.crew.start("a", job)
    assert begun.wait(PATIENCE)
    assert not hands.crew.stop(0)
    assert hands.crew.called_off()
    hands.crew.start("b", lambda: hands.broke.append(("b", ValueError())))
    go.set()
    assert hands.crew.wait(PATIENCE)
    assert hands.broke == []


def test_a_turn_is_taken_back() -> None:
    """A turn taken back from a stuck holder goes to the next, whom the late end of the first does not disturb."""
    turn, first, second = Turn(), threading.Event(), threading.Event()
    go, waits, log = threading.Event(), threading.Event(), list[str]()

    def hold(name: str, mine: threading.Event, until: threading.Event) -> None:
        with turn.taken(name, waits.set):
            log.append(name)
            mine.set()
            until.wait(PATIENCE)

    stuck = threading.Thread(target=hold, args=("stuck", first, go), daemon=True)
    stuck.start()
    assert first.wait(PATIENCE)
    last = threading.Event()
    threading.Thread(target=hold, args=("sound", second, last), daemon=True).start()
    assert waits.wait(PATIENCE)
    turn.take_back("another")
    assert log == ["stuck"]
    turn.take_back("stuck")
    assert second.wait(PATIENCE)
    go.set()
    stuck.join(PATIENCE)
    third = threading.Event()
    waits.clear()
    threading.Thread(target=hold, args=("third", third, last), daemon=True).start()
    assert waits.wait(PATIENCE)
    assert log == ["stuck", "sound"]
    last.set()
    assert third.wait(PATIENCE)


def test_a_source_stuck_while_it_decides_holds_nobody_up(hands: Hands, tmp_path: Path) -> None:
    """A visit that never ends while it holds the turn to decide is given up, and another visit stores its article."""
    go, held = threading.Event(), threading.Event()
    with Server(outlet_of(1)) as server, desk_for(server, tmp_path) as bare:
        desk = jobs.manned(bare, hands.crew)

        def decide_for_ever() -> None:
            with desk.deciding.taken("khac", desk.stopping):
                held.set()
                go.wait(PATIENCE)

        hands.crew.start("source khac", decide_for_ever, partial(jobs.step_over, "khac", desk))
        assert held.wait(PATIENCE)
        hands.pass_by(STUCK + timedelta(seconds=1))
        hands.crew.start("source bao", partial(jobs.visit, "bao", desk, lambda _report: None))
        assert hands.crew.wait(PATIENCE)
        assert store.article_ids(desk.db) == [1]
        go.set()


def test_a_job_that_was_given_up_writes_nothing_more(tmp_path: Path) -> None:
    """A visit that wakes after it was given up stores nothing: what it read may have been stored anew meanwhile."""
    with Server(outlet_of(1)) as server, desk_for(server, tmp_path) as desk:
        late = replace(desk, given_up=lambda: True)
        with pytest.raises(StuckError):
            jobs.visit("bao", late, lambda _report: None)
        assert store.pick(desk.db, "bao", NOON) == []
        assert store.standing(desk.db, "bao").last_polled_at is None
        pipeline.poll(desk.config.sources["bao"], desk)
        with pytest.raises(StuckError):
            list(pipeline.new_articles(late.config.sources["bao"], late))
        assert store.article_ids(desk.db) == []
        assert len(list(pipeline.new_articles(desk.config.sources["bao"], desk))) == 1
        assert store.article_ids(desk.db) == [1]


def test_what_a_visit_got_stuck_at_is_stepped_over(tmp_path: Path) -> None:
    """The article at which a visit got stuck is put off for a day; the others are stored by the next visit."""
    with Server(outlet_of(1, 2)) as server:
        clock = SteppedClock(NOON)
        with desk_for(server, tmp_path, clock) as desk:
            pipeline.poll(desk.config.sources["bao"], desk)
            jobs.step_over("bao", desk)
            assert [waiting.link.key for waiting in store.pick(desk.db, "bao", clock.now())] == ["bao:2"]
            jobs.visit("bao", desk, lambda _report: None)
            assert store.article_ids(desk.db) == [1]
            due = store.due_rechecks(desk.db, ["bao"], clock.now() + timedelta(hours=1))
            clock.sleep(3600)
            jobs.step_over("bao", desk)
            assert store.due_rechecks(desk.db, ["bao"], clock.now()) == due[1:] == []
            jobs.step_over("bao", desk)
            assert store.due_sources(desk.db, clock.now()) == []
            clock.sleep(2 * 86400)
            jobs.visit("bao", desk, lambda _report: None)
            assert store.article_ids(desk.db) == [1, 2]
