"""Drive the daemon's own jobs over the newsroom's days, tell what happens, and hold what was seen against the truth.

The clock is stepped: it moves only when nothing is due, so the result does not depend on the machine's load.
"""

from __future__ import annotations

import json as json_format
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from scraper import jobs
from scraper.alert import Sender
from scraper.config import Config, Settings, Watch
from scraper.crew import SoloCrew
from scraper.demo.newsroom import Newsroom
from scraper.demo.outlets import sources
from scraper.demo.plan import HOOK, Plan
from scraper.demo.score import Score, score
from scraper.desk import Desk
from scraper.jobs import Broken, Report
from scraper.pipeline import Seen
from scraper.polling import PollDone
from scraper.values import Clock, Message
from scraper.web import Site, open_page

LIVE_SECONDS_AN_HOUR = 0.5
"""With ``--live``, how much real time an hour of the newsroom takes."""

LOCAL = timedelta(hours=7)
"""Vietnam keeps one time all year."""


class DemoClock:
    """A clock that moves only when it is told to, or when somebody sleeps on it."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The newsroom's present moment, aware UTC."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let that much of the newsroom's time pass at once."""
        self.move_to(self._now + timedelta(seconds=seconds))

    def move_to(self, moment: datetime) -> None:
        """Move on; never back."""
        with self._lock:
            self._now = max(self._now, moment)


def run_demo(config: Config, *, seed: int, days: int, stay: bool, live: bool, json: bool, faults: bool = False) -> bool:
    """Watch the newsroom's days and say how it went.

    Args:
        config: Policy, families and web settings are taken from it; sources and channels are the newsroom's.
        seed: Which days.
        days: How many; one is too short for late corrections and removals.
        stay: Keep the page up afterwards while the output is a terminal.
        live: Pace the clock for the eye.
        json: Print one object and nothing else.
        faults: Let every kind of outage happen.

    Returns:
        Whether nothing was missed, lost or repeated.
    """
    started = time.monotonic()
    console = Console(quiet=json, highlight=False, soft_wrap=True)
    plan = Plan(seed, days=days, faults=faults)
    clock = DemoClock(plan.start)
    with tempfile.TemporaryDirectory(prefix="scraper-demo-") as folder, Newsroom(plan, clock) as newsroom:
        data = Path(folder)
        watched = watching(config, newsroom.connect_to(), plan.document)
        with jobs.open_desk(watched, data, clock) as desk, _page(desk, data, clock) as address:
            console.print(f"The newsroom is open. The page: {address}")
            console.print(f"Two watches: policy being carried out, and whatever cites {plan.document}.\n")
            _watch(desk, newsroom, clock, data, console, live=live)
            result = held_against(newsroom, desk, plan.end, time.monotonic() - started)
            if json:
                print(json_format.dumps(result.as_dict(), ensure_ascii=False))  # noqa: T201 - asked for
            else:
                _summary(console, result)
            if stay and sys.stdout.isatty():
                _linger(console, address)
    return result.clean


def watching(config: Config, connect_to: Mapping[str, str], document: str) -> Config:
    """A configuration that watches the newsroom.

    Args:
        config: Where policy, families and schedule are taken from.
        connect_to: Where the newsroom's hosts listen.
        document: The number that one of the two watches looks for.
    """
    settings = Settings.model_validate(
        {
            "fetch": {"connect_to": dict(connect_to), "min_delay": "1s", "retries": 0, "deadline": "10s"},
            "trouble": {"channels": ["desk"]},
            "keep": {"min_free": 0},
            "channels": {"desk": {"type": "webhook", "url": f"http://{HOOK}/alerts"}},
            "schedule": config.settings.schedule.model_dump(),
            "web": {"port": 0},
        }
    )
    watches = [
        Watch(name="policy", labels=["implementation"], channels=["desk"]),
        Watch(name=f"cites {document}", documents=[document], channels=["desk"]),
    ]
    return config.model_copy(update={"settings": settings, "sources": sources(config.folder), "watches": watches})


def held_against(newsroom: Newsroom, desk: Desk, end: datetime, seconds: float) -> Score:
    """What was seen of a newsroom until a moment (aware UTC), held against its truth; ``seconds`` are the wall's."""
    plan = newsroom.plan
    return score(
        newsroom.truth(end),
        desk,
        newsroom.alerts,
        seed=plan.seed,
        start=plan.start,
        end=end,
        requests=newsroom.requests,
        seconds=seconds,
        citing=frozenset(article.url for article in plan.articles if article.says(plan.document)),
    )


@contextmanager
def _page(desk: Desk, data: Path, clock: Clock) -> Iterator[str]:
    """The web page over the demo's archive, on a free port of loopback."""
    server = open_page(Site(desk.db, data, lambda: desk.config, clock, lambda: {"ok": True}))
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


def _watch(desk: Desk, newsroom: Newsroom, clock: DemoClock, data: Path, console: Console, *, live: bool) -> None:
    plan, told = newsroom.plan, clock.now()
    crew, tell = SoloCrew(), _teller(console, clock)
    with Sender(desk.fetcher, data) as sender:
        while clock.now() < plan.end:
            for event in newsroom.events_between(told, clock.now()):
                about = f"{event.what}: {event.title}" if event.title else event.what
                console.print(_line(event.at, event.host.partition(".")[0], about, "dim"))
            told = clock.now()
            jobs.start_visits(desk, crew, tell)
            jobs.start_deliveries(desk, crew, sender, tell)
            _step(desk, plan, clock, live=live)


def _step(desk: Desk, plan: Plan, clock: DemoClock, *, live: bool) -> None:
    """Move to when something is due next, at least by a second."""
    before = clock.now()
    due = jobs.next_due(desk) or plan.end
    clock.move_to(min(max(due, before + timedelta(seconds=1)), plan.end))
    if live:
        time.sleep((clock.now() - before) / timedelta(hours=1) * LIVE_SECONDS_AN_HOUR)


def _teller(console: Console, clock: Clock) -> Callable[[Report], None]:
    styles = {"stored": "green", "copy": "cyan", "edited": "yellow", "removed": "red", "failed": "red"}

    def tell(report: Report) -> None:
        now = clock.now()
        if isinstance(report, Seen) and report.result in styles:
            note = f"{report.result:8} {report.label or '-':15} {report.title or report.url}"
            note += f" [{report.changed}]" if report.changed else ""
            console.print(_line(now, report.source, f"  -> {note}", styles[report.result]))
        elif isinstance(report, PollDone) and report.event:
            console.print(_line(now, report.source, f"  -> {report.event} {report.error}", "bold red"))
        elif isinstance(report, jobs.Delivered):
            title = report.message.body.get("title") or report.message.body.get("outlet", "")
            said = f"waits ({report.error})" if report.error else _alert(report.message)
            console.print(_line(now, report.message.source, f"  -> {said}: {title}", "bold"))
        elif isinstance(report, Broken):
            console.print(_line(now, report.job, f"  -> broken: {report.error}", "bold red"))

    return tell


def _alert(message: Message) -> str:
    """``alert``, with the document for which it was sent, if a watch asked for one."""
    found = (why for watch in message.body.get("watches") or () for why in watch["why"] if why.startswith("document "))
    number = next(found, "").removeprefix("document ")
    return f"alert, as it cites {number}" if number else "alert"


def _line(moment: datetime, who: str, what: str, style: str) -> Text:
    return Text(f"{moment + LOCAL:%d/%m %H:%M}  {who:10} {what}", style=style)


def _summary(console: Console, result: Score) -> None:
    console.print("\nWhat was seen, held against the truth:")
    for name, value in result.as_dict().items():
        shown = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else value
        console.print(Text(f"  {name:10} {shown if shown != [] else 'none'}"))
    verdict = "Nothing" if result.clean else "Something"
    console.print(f"{verdict} was missed, lost or repeated.")


def _linger(console: Console, address: str) -> None:
    console.print(f"\nThe page stays up at {address} until Ctrl-C.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("Closed.")
