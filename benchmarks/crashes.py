"""Kill the daemon again and again while it watches the newsroom, then hold archive and channel against the truth.

The daemon is a process of its own with its real scheduler, threads, page and archive file. It shares the newsroom's
clock, eight bytes that outlive it, and moves it on when nothing is due; so nothing depends on the machine's load. Each
life ends by SIGKILL: at a named step after a drawn number of times it was reached, or at a drawn moment on the wall.

A message may arrive twice only if a life ended between the channel's yes and our mark, which no system can tell from a
lost yes; such a repeat carries the same key and is counted.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import signal
import struct
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event

from scraper import jobs, store
from scraper.alert import Sender
from scraper.config import load
from scraper.daemon import Daemon
from scraper.demo.newsroom import Newsroom
from scraper.demo.outlets import BY_HOST
from scraper.demo.plan import HOOK, Plan
from scraper.demo.run import held_against, watching
from scraper.demo.score import Score
from scraper.fetch import Fetcher, PoliteHosts
from scraper.process import configure_logging
from scraper.store import Database
from scraper.values import NotModified, Page

STEPS = {
    "fetched": 10,
    "applying": 120,
    "committing": 40,
    "sending": 2,
    "said yes": 2,
    "tidying": 3,
}
"""Step: how often it may be reached at most before the kill. ``fetched`` is between fetch and apply, ``applying``
before a statement of a transaction, ``committing`` before its commit, ``sending`` between commit and send, ``said yes``
between send and mark, ``tidying`` before a statement of tidy or compaction."""

WALL = "any moment"
WALL_SECONDS = (0.2, 1.5)
"""A life that ends by the wall's clock: when it does, from its first breath."""

TICK = 0.01
"""Seconds between the daemon's ticks: its work is the newsroom's days, not ours."""

PATIENCE = 90
"""Seconds after which a life that neither ends nor moves its clock is taken to hang."""

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload([__name__])


class FileClock:
    """A clock that processes share: microseconds of UTC in eight bytes of a file, which only move on."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        if start is not None:
            path.write_bytes(struct.pack("q", int(start.timestamp() * 1e6)))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), 8)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The newsroom's present moment, aware UTC."""
        (moment,) = struct.unpack("q", self._bytes[:8])
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)

    def sleep(self, seconds: float) -> None:
        """Let that much of the newsroom's time pass at once."""
        self.move_to(self.now() + timedelta(seconds=seconds))

    def move_to(self, moment: datetime) -> None:
        """Move on; never back."""
        with self._lock:
            moment = max(self.now(), moment)
            self._bytes[:8] = struct.pack("q", int(moment.timestamp() * 1e6))


# --- one life of the daemon, in a process of its own -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Life:
    """What one life is to be.

    Attributes:
        folder: Holds the data folder and the clock.
        address: Where the newsroom listens.
        step: Where it ends; a life with ``count`` 0 ends by itself at ``end``.
        outlets: Which of the newsroom's are watched; all when empty.
    """

    folder: Path
    address: str
    document: str
    end: datetime
    step: str = ""
    count: int = 0
    outlets: tuple[str, ...] = ()


class Doom:
    """Kills this process when a step is reached for the n-th time."""

    def __init__(self, life: Life) -> None:
        self._step, self._left = life.step, life.count
        self._lock = threading.Lock()

    def at(self, step: str) -> None:
        """The step is reached."""
        if step != self._step:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, db: Database) -> None:
        """See what the archive is asked to do."""

        def statement(_c: object, _cursor: object, said: str, *_rest: object) -> None:
            tidying = said.startswith(("DELETE FROM snapshot", "DELETE FROM fetch", "DELETE FROM outbox", "PRAGMA opt"))
            self.at("tidying" if tidying else "applying" if said.startswith(("INSERT", "UPDATE")) else "")

        event.listen(db.engine, "before_cursor_execute", statement)
        event.listen(db.engine, "commit", lambda _connection: self.at("committing"))


class DoomedFetcher(Fetcher):
    """The fetcher, whose every answer may be the last."""

    doom: Doom

    def get(self, url: str, **how: Any) -> Page | NotModified:  # noqa: ANN401 - passed on
        """Fetch one address."""
        page = super().get(url, **how)
        self.doom.at("fetched")
        return page

    def post_json(self, url: str, payload: Mapping[str, Any], headers: Mapping[str, str]) -> int:
        """Send one JSON document."""
        self.doom.at("sending")
        status = super().post_json(url, payload, headers)
        self.doom.at("said yes")
        return status


def live(life: Life) -> None:
    """Watch until the end of the newsroom's days, or until killed."""
    clock, data, doom = FileClock(life.folder / "clock"), life.folder / "data", Doom(life)
    config = watching(load(), dict.fromkeys([*BY_HOST, HOOK], life.address), life.document)
    if life.outlets:
        config = config.model_copy(update={"sources": {name: config.sources[name] for name in life.outlets}})
    with (life.folder / "log.jsonl").open("a", encoding="utf-8") as out, store.sole_daemon(data):
        configure_logging(stream=out)
        with jobs.open_desk(config, data, clock) as desk:
            doom.watch(desk.db)
            hosts = PoliteHosts(clock, store.HostRows(desk.db))
            with DoomedFetcher(config.settings.fetch, clock, hosts) as fetcher, Sender(fetcher, data) as sender:
                fetcher.doom = doom
                watched = replace(desk, fetcher=fetcher)
                daemon = Daemon(watched, sender, data, tick=TICK)
                daemon.start()
                _step(daemon, clock, life.end)
                daemon.stop()


def _step(daemon: Daemon, clock: FileClock, end: datetime) -> None:
    while clock.now() < end:
        due = daemon.quiet_until()
        if due is None:
            time.sleep(TICK / 2)
        else:
            clock.move_to(min(max(due, clock.now() + timedelta(seconds=1)), end))


# --- many lives --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Ordeal:
    """What became of watching one newsroom.

    Attributes:
        kills: By the step at which they came.
        repeats: Messages that a channel took twice.
        outside: Those of them that no kill between yes and mark explains.
        damage: What ``scraper check`` found.
    """

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    outside: int = 0
    score: Score | None = None
    damage: list[str] = field(default_factory=list)


def ordeal(seed: int, kills: int, *, length: timedelta) -> Ordeal:
    """Watch one newsroom for a while with at most this many kills, then let the last life finish."""
    rng, plan, result = Random(seed), Plan(seed, days=max(1, length.days)), Ordeal(seed)
    end = plan.start + length
    with tempfile.TemporaryDirectory(prefix="scraper-crashes-") as name:
        folder = Path(name)
        clock = FileClock(folder / "clock", plan.start)
        deaths: list[int] = []
        with Newsroom(plan, clock) as newsroom:
            address = newsroom.connect_to()[HOOK]
            while clock.now() < end:
                step = rng.choice([*STEPS, WALL]) if len(deaths) < kills else ""
                count = rng.randint(1, STEPS.get(step, 1)) if step in STEPS else 0
                _one(Life(folder, address, plan.document, end, step, count), rng, clock, result)
                deaths.append(len(newsroom.deliveries))
            result.repeats, result.outside = _repeats(newsroom, deaths)
            _judge(result, newsroom, end, clock, folder / "data")
    return result


def _one(life: Life, rng: Random, clock: FileClock, result: Ordeal) -> None:
    process = FORK.Process(target=live, args=(life,))
    process.start()
    if life.step == WALL:
        process.join(rng.uniform(*WALL_SECONDS))
        process.kill()
    moment, moved = clock.now(), time.monotonic()
    while process.exitcode is None:
        process.join(1)
        if clock.now() != moment:
            moment, moved = clock.now(), time.monotonic()
        elif time.monotonic() - moved > PATIENCE:
            process.kill()
            raise AssertionError(f"the daemon hangs at {life}: {_log(life)}")
    if process.exitcode == -signal.SIGKILL:
        result.kills[life.step] += 1
    elif process.exitcode:
        raise AssertionError(f"the daemon failed by itself at {life}: {_log(life)}")


def _log(life: Life) -> str:
    return (life.folder / "log.jsonl").read_text(encoding="utf-8")[-3000:]


def _repeats(newsroom: Newsroom, deaths: list[int]) -> tuple[int, int]:
    """Messages taken again, and those whose first taking was not the last thing the channel heard before a kill."""
    heard: dict[str, int] = {}
    repeats = outside = 0
    for place, delivery in enumerate(newsroom.deliveries):
        if not delivery.taken:
            continue
        if delivery.key in heard:
            repeats += 1
            outside += heard[delivery.key] + 1 not in deaths
        heard[delivery.key] = place
    return repeats, outside


def _judge(result: Ordeal, newsroom: Newsroom, end: datetime, clock: FileClock, data: Path) -> None:
    config = watching(load(), newsroom.connect_to(), newsroom.plan.document)
    with jobs.open_desk(config, data, clock) as desk:
        result.score = held_against(newsroom, desk, end, 0.0)
        result.damage = [str(finding) for finding in store.check(desk.db)]


def run(*, sample: bool) -> dict[str, Any]:
    """Kill at least 200 times over several seeds, with ``sample`` ten times over one."""
    wanted, length = (10, timedelta(days=1)) if sample else (200, timedelta(days=3))
    done: list[Ordeal] = []
    while (left := wanted - sum(one.kills.total() for one in done)) > 0:
        done.append(ordeal(len(done) + 1, left, length=length))
    scores = [one.score for one in done if one.score is not None]
    return {
        "kills": sum((one.kills for one in done), Counter()),
        "articles": sum(s.published for s in scores),
        "lost articles": sum(len(s.missed) for s in scores),
        "alerts": sum(s.alerts["delivered"] for s in scores),
        "lost alerts": sum(s.alerts["lost"] for s in scores),
        "repeats": sum(one.repeats for one in done),
        "repeats outside the window": sum(one.outside for one in done),
        "false edits": sum(s.edits["false"] for s in scores),
        "damage": [finding for one in done for finding in one.damage],
    }


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    kills = ", ".join(f"{step} {number}" for step, number in sorted(result["kills"].items()))
    rest = [f"{name:28} {value}" for name, value in result.items() if name != "kills"]
    return "\n".join([f"kills                        {result['kills'].total()} ({kills})", *rest])
