"""What ``scraper doctor`` looks at: configuration, archive, network, each source's last answer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from scraper import markup, store
from scraper.cli import show
from scraper.errors import ArchiveBusy, ConfigError, FetchError, ScraperError, StoreError
from scraper.fetch import Fetcher
from scraper.store import archive
from scraper.values import SystemClock
from scraper.web import access

if TYPE_CHECKING:
    from rich.progress import Progress

    from scraper.cli.app import Home
    from scraper.config import Config, Source

QUICK = timedelta(seconds=10)
"""Deadline of doctor's own requests: a person waits for the answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: ``ok``, ``note`` (works, but know this) or ``wrong``.
        about: What was looked at.
        says: What was found, and what to do about it.
    """

    level: Literal["ok", "note", "wrong"]
    about: str
    says: str


def examine(home: Home, bar: Progress, *, offline: bool) -> list[Finding]:
    """Look at everything; a broken configuration ends the examination, all else is looked at in turn."""
    try:
        config = home.load()
    except ConfigError as error:
        return [Finding("wrong", "config", problem) for problem in error.problems]
    enabled, off = len(config.enabled), len(config.sources) - len(config.enabled)
    findings = [Finding("ok", "config", f"{config.folder}: {enabled} sources on, {off} off")]
    findings += _contact(config)
    findings += _pages(home, config)
    findings += _archive(home, config)
    if not offline:
        findings += _network(config, bar)
    return findings


def _contact(config: Config) -> Iterator[Finding]:
    if not config.settings.fetch.contact:
        yield Finding(
            "note",
            "fetch.contact",
            "is empty; give site owners a way to reach you: SCRAPER_FETCH__CONTACT=you@example.org",
        )
    if not config.watches:
        yield Finding("note", "watches", "none in watches.toml; stories are stored and nobody is told")


def _pages(home: Home, config: Config) -> Iterator[Finding]:
    host = config.settings.web.host
    try:
        known = access.load(home.data)
        access.check_host(known, host)
    except ConfigError as error:
        yield from (Finding("wrong", "pages", problem) for problem in error.problems)
        return
    asked = "a password or token is asked for" if known.asked else "for this machine alone; no password is asked for"
    yield Finding("ok", "pages", f"{host} port {config.settings.web.port}: {asked}")


def _archive(home: Home, config: Config) -> Iterator[Finding]:
    try:
        with home.archive() as db:
            free = db.free_bytes()
            yield Finding("ok", "archive", f"{db.url}: {db.size_bytes() / 1e6:.1f} MB, {_room(free)}")
            store.check_room(db, config.settings.keep)
            store.check_integrity(db)
            states = {state.name: state for state in archive.sources(db)}
            yield from _messages(db)
            yield from _index(db)
            yield from _learned(db, config)
    except StoreError as error:
        yield Finding("wrong", "archive", str(error))
        return
    try:
        with store.sole_daemon(home.data):
            yield Finding("note", "daemon", "is not running with this data folder; 'scraper run' starts it")
    except ArchiveBusy:
        yield Finding("ok", "daemon", "is running")
    for source in config.sources.values():
        yield _source(source, states.get(source.name))


def _room(free: int | None) -> str:
    return f"{free / 1e9:.1f} GB free" if free is not None else "on a server"


def _index(db: store.Database) -> Iterator[Finding]:
    missing = store.unindexed(db)
    if missing:
        yield Finding("wrong", "copies", f"{missing} articles are in no index of copies; run 'scraper regroup'")
    if unread := len(store.unread(db)):
        yield Finding("note", "dossiers", f"{unread} articles are not read for documents yet; run 'scraper reflag'")


def _learned(db: store.Database, config: Config) -> Iterator[Finding]:
    lesson = store.lesson(db)
    if lesson is None:
        return
    if lesson.learned is None or config.policy.taught(lesson.learned) is config.policy:
        yield Finding(
            "note",
            "learned",
            "what was learned belongs to other rules, so the rules alone judge; run 'scraper learn', then 'reflag'",
        )
    else:
        yield Finding("ok", "learned", f"{lesson.learned.rows} words of analysts correct the rules")


def _messages(db: store.Database) -> Iterator[Finding]:
    failed = archive.alerts(db, "failed", limit=1)
    if failed:
        yield Finding(
            "wrong",
            "alerts",
            f"messages were given up, the last for channel {failed[0].channel}: {failed[0].error}; "
            "mend the channel, then 'scraper alerts --retry'",
        )


def _source(source: Source, state: archive.SourceState | None) -> Finding:
    unproved = "" if source.evidence == "page" else "; selectors unproved (no saved page was parsed)"
    if not source.enabled:
        return Finding("note", source.name, f"off: {source.reason}")
    wrong = "; ".join(_wrong_selectors(source))
    if wrong:
        return Finding("wrong", source.name, f"{wrong}; mend sources/{source.name}.toml or its family")
    if state is None or state.last_polled_at is None:
        return Finding("note", source.name, f"not polled yet{unproved}")
    if state.failures:
        since = show.local(state.last_ok_at) if state.last_ok_at else "the start"
        return Finding("wrong", source.name, f"failing since {since}: {state.last_error}{unproved}")
    given_up = state.links.get("failed", 0)
    lost = f"; {given_up} links were given up" if given_up else ""
    return Finding("ok", source.name, f"last good poll {show.local(state.last_ok_at)}{lost}{unproved}")


def _wrong_selectors(source: Source) -> Iterator[str]:
    """Selectors that match nothing because they are not CSS; ``selector@attr`` is ours."""
    for table, rules in (("links", source.links), ("article", source.article)):
        for key, value in rules:
            if not isinstance(value, list) or key == "lead_prefix":
                continue
            for selector in value:
                why = markup.selector_problem(selector)
                if why:
                    yield f"{table}.{key}: {why}"


def _network(config: Config, bar: Progress) -> list[Finding]:
    settings = config.settings.fetch.model_copy(update={"retries": 0, "deadline": QUICK})
    sources = list(config.enabled.values())
    task = bar.add_task("Asking each source", total=len(sources))
    with Fetcher(settings, SystemClock()) as fetcher, ThreadPoolExecutor(settings.workers) as pool:

        def ask(source: Source) -> Finding | None:
            answer = _ask(fetcher, source)
            bar.advance(task)
            return answer

        answers = [answer for answer in pool.map(ask, sources) if answer]
    if sources and len(answers) == len(sources):
        return [Finding("wrong", "network", f"no source answers; check this machine's connection ({answers[0].says})")]
    reached = len(sources) - len(answers)
    return [Finding("ok", "network", f"{reached} of {len(sources)} sources answer"), *answers]


def _ask(fetcher: Fetcher, source: Source) -> Finding | None:
    try:
        fetcher.get(source.listings[0].url)
    except FetchError as error:
        return Finding("wrong", source.name, f"{error}")
    except ScraperError as error:
        return Finding("wrong", source.name, f"could not be asked: {error}")
    return None
