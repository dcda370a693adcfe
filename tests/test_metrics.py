"""What Prometheus is told: counts of what the daemon did, and how sources and queues stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON
from prometheus_client.parser import text_string_to_metric_families
from readers import Reader, site_over
from shelf import shelve

from scraper import store
from scraper.counting import Counts
from scraper.crew import STUCK
from scraper.errors import ArchiveFull, StuckError
from scraper.jobs import Broken, Delivered, Report
from scraper.pipeline import Seen
from scraper.polling import PollDone
from scraper.store import Database
from scraper.values import Health, Intent, Message
from scraper.web.metrics import COUNTED

MESSAGE = Message(1, "key", "desk", "new", "all", "bao", {}, NOON)
REPORTS: list[tuple[Report, list[tuple[str, ...]]]] = [
    (PollDone("bao", 3, 1, NOON), [("polls", "bao", "ok")]),
    (PollDone("bao", 3, 1, NOON, gaps=("x", "y")), [("polls", "bao", "ok"), ("gaps", "bao"), ("gaps", "bao")]),
    (PollDone("bao", 0, 0, NOON, "503"), [("polls", "bao", "failed")]),
    (PollDone("bao", 0, 0, NOON, "nobody", blamed=False), [("polls", "bao", "cut off")]),
    (Seen("bao", "http://bao.example/1", "edited"), [("articles", "bao", "edited")]),
    (Delivered(MESSAGE), [("alerts", "desk", "taken")]),
    (Delivered(MESSAGE, "503", NOON), [("alerts", "desk", "failed")]),
    (Broken("source bao", ArchiveFull("full")), [("broken", "source")]),
    (Broken("source bao", StuckError("source bao", STUCK)), [("broken", "source"), ("stuck",)]),
    (store.Tidied(1, 2, 3), []),
]


@pytest.mark.parametrize(("report", "keys"), REPORTS)
def test_counting(report: Report, keys: list[tuple[str, ...]]) -> None:
    """Each report counts under its kind, with the labels that the kind has."""
    counts = Counts()
    counts(report)
    counts(report)
    assert counts.now() == {key: 2 * keys.count(key) for key in keys}
    assert all(len(labels) == len(COUNTED[name][1]) for name, *labels in keys)


def samples(said: str) -> dict[tuple[str, ...], float]:
    """Name and label values of each sample, in the order of the labels' names."""
    found = (one for family in text_string_to_metric_families(said) for one in family.samples)
    return {(one.name, *(one.labels[name] for name in sorted(one.labels))): one.value for one in found}


def test_metrics(db: Database, tmp_path: Path) -> None:
    """A scrape gives counts, each source's state, lag and age, and each channel's queue, by names that stay."""
    shelve(db, 1)
    then = NOON - timedelta(minutes=5)
    intents = [Intent("source_broken", "sources", "desk", {})]
    health = Health(3, then, then, "source_broken")
    store.finish_poll(
        db,
        store.standing(db, "bao"),
        now=then,
        next_check_at=then,
        health=health,
        links=0,
        new=0,
        error="503",
        intents=intents,
    )
    counted = {("polls", "bao", "failed"): 3, ("stuck",): 1}
    answer = Reader(replace(site_over(db, tmp_path), counts=lambda: counted)).client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = samples(answer.text)
    assert found[("scraper_polls_total", "failed", "bao")] == 3
    assert found[("scraper_stuck_total",)] == 1
    assert found[("scraper_source_trouble", "bao")] == 1
    assert found[("scraper_source_lag_seconds", "bao")] == 300
    assert found[("scraper_source_articles", "bao")] == 1
    assert found[("scraper_queue", "desk", "waiting")] == 1
    assert found[("scraper_queue_age_seconds", "desk")] == 300
    assert found[("scraper_up",)] == 1
    assert found[("scraper_archive_bytes",)] > 10_000
