"""Schedulers and workers that share an archive on PostgreSQL, as processes and in one."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON
from newsdesk import config_folder, desk_for, listing, page, story
from postgres import Postgres
from processes import PATIENCE, running, until
from servers import Reply, Route, Seen, Server, SteppedClock
from sqlalchemy import text
from terminal import User

from scraper import store
from scraper.alert import Sender
from scraper.crew import STUCK
from scraper.desk import Desk
from scraper.errors import StoreError
from scraper.store import Database, archive
from scraper.values import Intent
from scraper.workers.queue import JobQueue, prepare
from scraper.workers.scheduler import OFFERED_AGAIN, Scheduler
from scraper.workers.worker import Later, Worker

NUMBERS = range(1, 9)


def paragraphs(number: int) -> list[str]:
    return [f"Đoạn {n} của bài {number}: các xã rà soát {number * n} hộ nghèo và cấp vốn cho hộ." for n in range(1, 7)]


def routes(*numbers: int, at: datetime = NOON + timedelta(minutes=5)) -> dict[str, Reply]:
    """The outlet's pages; its stories come out when the watch has begun, so that they are told."""
    said = at.isoformat()
    return {
        "/chinh-sach": page(listing(*numbers)),
        **{f"/bai-post{n}.html": page(story(n, f"Bài số {n} về vốn", paragraphs(n), at=said)) for n in numbers},
        "/robots.txt": Reply("", 404),
    }


@contextmanager
def shared(server: Server, data: Path, clock: SteppedClock, address: str) -> Iterator[Desk]:
    with desk_for(server, data, clock, {"database_url": address}) as desk:
        prepare(desk.db)
        yield desk


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(routes(*NUMBERS)) as opened:
        yield opened


@pytest.fixture
def desk(server: Server, tmp_path: Path, postgres: Postgres) -> Iterator[Desk]:
    with shared(server, tmp_path, SteppedClock(NOON), postgres.new()) as opened:
        yield opened


def queued(db: Database) -> list[tuple[str, dict[str, Any]]]:
    """Jobs that wait, in the order in which workers take them."""
    query = text("SELECT queueing_lock, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY priority DESC, id")
    with db.read() as session:
        return [(row[0], row[1]) for row in session.connection().execute(query)]


# --- the queue and the scheduler ---------------------------------------------------------------------------------


def test_two_schedulers_queue_nothing_twice(desk: Desk) -> None:
    """What is due is queued by whichever scheduler comes first, and again only when it has left the queue."""
    one, other = Scheduler(desk), Scheduler(desk)
    assert (one.tick(), other.tick(), one.tick()) == (2, 0, 0)
    assert [key for key, _ in queued(desk.db)] == ["poll bao", "daily"]
    desk.clock.sleep(OFFERED_AGAIN.total_seconds())
    assert one.tick() == 0


def test_links_are_queued_with_the_listing(desk: Desk) -> None:
    """A poll queues each new link in the transaction that remembers it, a pause apart, and fetches none itself."""
    with Sender(desk.fetcher, desk.config.folder) as sender:
        Worker(desk, sender).poll("bao")
    assert [args["link"] for key, args in queued(desk.db) if key.startswith("article")] == list(NUMBERS)
    assert store.article_ids(desk.db) == []
    query = text("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'article' ORDER BY id")
    with desk.db.read() as session:
        times = session.connection().execute(query).scalars().all()
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(seconds=1)}


def test_what_is_rolled_back_is_not_queued(desk: Desk) -> None:
    """A transaction that fails takes its jobs with it; a job that waits already spoils no transaction."""
    queue = JobQueue(lambda: desk.config, desk.clock)

    def fail() -> None:
        with desk.db.transaction() as connection:
            queue.messages(connection, [Intent("new", "all", "log", {})])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert queued(desk.db) == []
    with desk.db.transaction() as connection:
        assert [queue.put(connection, "deliver", "log", channel="log") for _ in range(2)] == [True, False]
        connection.execute("UPDATE source SET last_error = 'kept'")
    assert [key for key, _ in queued(desk.db)] == ["deliver log"]
    assert store.standing(desk.db, "bao").last_error == "kept"


# --- the worker --------------------------------------------------------------------------------------------------


def test_tasks_do_the_whole_job(desk: Desk) -> None:
    """Poll, articles and delivery, each as a job of its own, end as the daemon's visit does; done again, all rest."""
    with Sender(desk.fetcher, desk.config.folder) as sender:
        worker = Worker(desk, sender)
        for _ in range(2):
            worker.poll("bao")
            for number in NUMBERS:
                worker.article("bao", number)
            worker.deliver("log")
            desk.clock.sleep(1)
    lines = (desk.config.folder / "alerts.jsonl").read_text("utf-8").splitlines()
    assert store.article_ids(desk.db) == list(NUMBERS)
    assert sorted(json.loads(line)["url"][-10:] for line in lines) == [f"post{n}.html" for n in NUMBERS]
    assert store.check(desk.db) == []


def test_articles_that_all_fail_are_the_sources_trouble(desk: Desk, server: Server) -> None:
    """A source none of whose articles can be read is reported by the next poll, whichever worker fetched them."""
    for number in NUMBERS:
        server.routes[f"/bai-post{number}.html"] = Reply("no", 500)
    with Sender(desk.fetcher, desk.config.folder) as sender:
        worker = Worker(desk, sender)
        worker.poll("bao")
        for number in NUMBERS:
            desk.clock.sleep(2)
            worker.article("bao", number)
        desk.clock.sleep(3600)
        worker.poll("bao")
    assert "none of 8 articles could be read" in store.standing(desk.db, "bao").last_error


def test_a_turn_far_ahead_holds_no_thread(desk: Desk) -> None:
    """An article whose host has no turn for a while is put off to that moment instead of being waited for."""
    with Sender(desk.fetcher, desk.config.folder) as sender:
        worker = Worker(desk, sender)
        worker.poll("bao")
        turn = store.HostRows(desk.db).reserve("bao.example", 30.0, desk.clock.now())
        with pytest.raises(Later) as later:
            worker.article("bao", 1)
    assert later.value.at == turn + timedelta(seconds=30)
    assert store.article_ids(desk.db) == []


class Stuck:
    """A job that goes on once it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, *_: object) -> None:
        self.begun.set()
        self.go.wait(20)


def test_a_stuck_job_is_put_off_and_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job without a sign of life is found, its link tried again tomorrow; others, and what has ended, are not."""
    seconds, stuck = [0.0], Stuck()
    with Sender(desk.fetcher, desk.config.folder) as sender:
        worker = Worker(desk, sender, lambda: seconds[0])
        worker.poll("bao")
        worker.article("bao", 2)
        monkeypatch.setattr("scraper.workers.worker.jobs.article", stuck)
        thread = threading.Thread(target=worker.article, args=("bao", 1))
        thread.start()
        assert stuck.begun.wait(20)
        assert worker.stuck() == []
        seconds[0] = STUCK.total_seconds() + 1
        assert worker.stuck() == ["article 1"]
        stuck.go.set()
        thread.join(20)
    assert [waiting.id for waiting in store.pick(desk.db, "bao", desk.clock.now())] == list(NUMBERS[2:])
    assert store.waiting(desk.db, 1) is not None


def test_a_stuck_poll_puts_off_the_listing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll that got stuck is put off itself; links of its source that wait are other jobs', and are left alone."""
    seconds, stuck = [0.0], Stuck()
    with Sender(desk.fetcher, desk.config.folder) as sender:
        worker = Worker(desk, sender, lambda: seconds[0])
        worker.poll("bao")
        monkeypatch.setattr("scraper.workers.worker.jobs.poll", stuck)
        thread = threading.Thread(target=worker.poll, args=("bao",))
        thread.start()
        assert stuck.begun.wait(20)
        seconds[0] = STUCK.total_seconds() + 1
        assert worker.stuck() == ["poll bao"]
        stuck.go.set()
        thread.join(20)
    now, slowest = desk.clock.now(), desk.config.settings.schedule.slowest
    assert store.standing(desk.db, "bao").next_check_at == now + slowest
    assert [waiting.id for waiting in store.pick(desk.db, "bao", now)] == list(NUMBERS)


def test_an_archive_in_a_file_is_refused(server: Server, tmp_path: Path) -> None:
    """Workers without a server are told what to do."""
    user = User(tmp_path, server)
    assert "scraper move" in user.run("run", "--role", "worker", status=1)
    with desk_for(server, tmp_path / "more") as desk, pytest.raises(StoreError, match="database_url"):
        prepare(desk.db)


# --- as processes ------------------------------------------------------------------------------------------------


def stories_asked(server: Server) -> list[str]:
    """The articles asked for, whichever worker did."""
    return [path for path in server.paths() if path.startswith("/bai-post")]


def after_a_first(server: Server, route: Route, then: threading.Event) -> Route:
    """An article's page, which waits for something to happen unless it is the first that is asked for."""
    assert isinstance(route, Reply)

    def answer(_: Seen) -> Reply:
        if len(stories_asked(server)) > 1:
            then.wait(PATIENCE)
        return route

    return answer


def test_killing_a_worker_loses_nothing(server: Server, tmp_path: Path, postgres: Postgres) -> None:
    """Two schedulers and two workers store and tell each story once, though one worker is killed at its work.

    It is killed while it fetches, when what it told is marked: a death between a channel's yes and our mark repeats a
    message, as the README says.
    """
    address, soon, dead = postgres.new(), datetime.now(UTC) + timedelta(minutes=5), threading.Event()
    server.routes |= routes(*NUMBERS, at=soon)
    server.routes |= {
        f"/bai-post{n}.html": after_a_first(server, server.routes[f"/bai-post{n}.html"], dead) for n in NUMBERS
    }
    config = config_folder(tmp_path / "config", server.address)
    settings = config / "settings.toml"
    settings.write_text(f'database_url = "{address}"\n' + settings.read_text("utf-8"), encoding="utf-8")
    db = store.open_archive(tmp_path / "data", address)
    with ExitStack() as stack:
        stack.callback(db.close)
        for name in ("one", "two"):
            stack.enter_context(running(tmp_path, "run", "--role", "scheduler", name=f"scheduler-{name}"))
        victim, log = stack.enter_context(running(tmp_path, "run", "--role", "worker", name="victim"))
        until(lambda: archive.alert_counts(db) == {"sent": 1}, log)
        until(lambda: len(stories_asked(server)) > 1, log)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        dead.set()
        soon_missed = "from scraper.workers import worker; worker.HEARTBEAT, worker.DEAD = 0.5, 3.0"
        worker, log = stack.enter_context(
            running(tmp_path, "run", "--role", "worker", name="worker", first=soon_missed)
        )
        until(lambda: len(store.article_ids(db)) == len(NUMBERS), log)
        server.routes |= routes(*NUMBERS, 77, at=soon)
        until(lambda: len(store.article_ids(db)) == len(NUMBERS) + 1, log)
        alerts = tmp_path / "data" / "alerts.jsonl"
        until(lambda: "post77" in alerts.read_text("utf-8"), log)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
        assert store.check(db) == []
    told = [json.loads(line)["url"] for line in alerts.read_text("utf-8").splitlines()]
    assert len(told) == len(set(told)) == len(NUMBERS) + 1
