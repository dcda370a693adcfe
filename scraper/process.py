"""What every process of ours that runs until it is stopped has: logs, signals, a configuration that is read again."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import FrameType

import structlog

from scraper import jobs, store
from scraper.alert import Sender
from scraper.config import Config, load
from scraper.decide import Rules
from scraper.desk import Desk
from scraper.errors import ConfigError, ScraperError
from scraper.jobs import Broken, Delivered, Report
from scraper.polling import PollDone
from scraper.store import Tidied

TICK_SECONDS = 1
"""How often the archive is asked what is due: one indexed query; alerts and polls start within this."""

TIDY_FIRST, TIDY_EVERY = timedelta(minutes=5), timedelta(hours=6)
"""After a start, and from then on: a machine that is switched off every evening is tidied too."""

STOP_SECONDS = 30
"""How long a stop waits for what is in flight; the rest is taken up again at the next start."""

log = structlog.get_logger("scraper")


def configure_logging(*, stream: object = None, debug: bool = False) -> None:
    """Structured logs on standard error: for people on a terminal, one JSON object a line otherwise.

    Args:
        stream: Where else they go.
        debug: Log every decision, those too that changed nothing.
    """
    out = stream or sys.stderr
    people = bool(getattr(out, "isatty", lambda: False)())
    renderer = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if people else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=out),  # type: ignore[arg-type]  # any text stream serves
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def log_report(report: Report) -> None:
    """Write one log line for what a job reports; at debug for re-checks that found nothing."""
    if isinstance(report, PollDone):
        level = log.warning if report.error else log.info
        gaps = list(report.gaps) or None
        level("poll", source=report.source, links=report.links, new=report.new, error=report.error or None, gaps=gaps)
    elif isinstance(report, Delivered):
        level = log.warning if report.error else log.info
        level("alert", channel=report.message.channel, key=report.message.key, error=report.error or None)
    elif isinstance(report, Broken):
        known = isinstance(report.error, ScraperError)
        log.error("broken", job=report.job, error=str(report.error), exc_info=None if known else report.error)
    elif isinstance(report, Tidied):
        log.info("tidy", snapshots=report.snapshots, fetches=report.fetches, alerts=report.alerts)
    else:
        levels = {"failed": log.warning, "unchanged": log.debug}
        level = levels.get(report.result, log.info)
        told = {
            "title": report.title,
            "label": report.label or None,
            "score": round(report.score, 3) if report.label else None,
            "changed": report.changed or None,
            "alerts": report.alerts or None,
        }
        level(report.result, source=report.source, **told, url=report.url, error=report.error or None)


def until(stop: threading.Event, again: threading.Event, reload: Callable[[], None]) -> None:
    """Wait for the end; read the configuration again whenever that is asked for."""
    while not stop.wait(0.2):
        if again.is_set():
            again.clear()
            reload()


def read_again(folder: Path) -> Config | None:
    """The configuration as it stands now, ``None`` when it is refused; the log says why."""
    try:
        return load(folder)
    except ConfigError as error:
        log.warning("config refused, the old one stays", problems=error.problems)
        return None


def reloaded(desk: Desk, sender: Sender | None = None) -> Desk:
    """The desk by the configuration as it stands now, its new sources known; the same desk when that is refused.

    Args:
        desk: As it is.
        sender: Posts through the desk's fetcher, and through a new one from then on.
    """
    config = read_again(desk.config.folder)
    if config is None:
        return desk
    store.ensure_sources(desk.db, config.enabled, desk.clock.now())
    fetcher = desk.fetcher
    if config.settings.fetch != desk.config.settings.fetch:
        fetcher = jobs.open_fetcher(config, desk.db, desk.clock)
        if sender is not None:
            sender.poster = fetcher
    log.info("config read again", sources=len(config.enabled))
    return replace(desk, config=config, rules=Rules.of(config, store.learned(desk.db)), fetcher=fetcher)


def on_signals(stop: threading.Event, again: threading.Event) -> None:
    """SIGTERM and SIGINT ask for the end, SIGHUP for the configuration to be read again."""

    def set_event(event: threading.Event) -> Callable[[int, FrameType | None], None]:
        return lambda _number, _frame: event.set()

    signal.signal(signal.SIGTERM, set_event(stop))
    signal.signal(signal.SIGINT, set_event(stop))
    signal.signal(signal.SIGHUP, set_event(again))
