"""``/metrics`` for Prometheus: what was done since the program started, and how things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from scraper.store import archive
from scraper.store.answers import Queue
from scraper.web.site import Site

COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "polls": ("Polls of listings, by source and whether they went well.", ("source", "outcome")),
    "articles": ("Articles looked at, by what became of them.", ("source", "result")),
    "alerts": ("Tries to deliver a message, by channel and whether it was taken.", ("channel", "outcome")),
    "gaps": ("Polls between which stories may have been missed.", ("source",)),
    "broken": ("Jobs that could not go on, by kind.", ("job",)),
    "stuck": ("Jobs given up as stuck.", ()),
}
"""What the daemon counts, with its words and labels."""


class _Collector(Collector):
    """Asks the program and the archive anew at each scrape."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterator[Metric]:
        yield from self._counters()
        yield from self._sources()
        yield from self._queues(archive.queues(self._site.db))
        yield _gauge("archive_bytes", "Size of the archive's file.", self._site.db.size_bytes())
        yield _gauge("up", "Whether the daemon ticks.", float(bool(self._site.health().get("ok"))))

    def _counters(self) -> Iterator[Metric]:
        counts = self._site.counts()
        for name, (words, labels) in COUNTED.items():
            family = CounterMetricFamily(f"scraper_{name}", words, labels=labels)
            for (counted, *values), number in counts.items():
                if counted == name:
                    family.add_metric(values, number)
            yield family

    def _sources(self) -> Iterator[Metric]:
        now = self._site.clock.now()
        trouble = GaugeMetricFamily("scraper_source_trouble", "Whether a source is in trouble.", labels=["source"])
        lag = GaugeMetricFamily("scraper_source_lag_seconds", "How late a source's poll is.", labels=["source"])
        good = GaugeMetricFamily("scraper_source_ok_seconds", "Since its last good poll.", labels=["source"])
        stored = GaugeMetricFamily("scraper_source_articles", "Articles in the archive.", labels=["source"])
        for state in archive.sources(self._site.db):
            label = [state.name]
            trouble.add_metric(label, float(state.trouble_since is not None))
            lag.add_metric(label, max(0.0, (now - state.next_check_at).total_seconds()))
            stored.add_metric(label, state.articles)
            if state.last_ok_at is not None:
                good.add_metric(label, (now - state.last_ok_at).total_seconds())
        yield from (trouble, lag, good, stored)

    def _queues(self, queues: list[Queue]) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("scraper_queue", "Messages, by channel and state.", labels=["channel", "state"])
        age = GaugeMetricFamily("scraper_queue_age_seconds", "Age of the oldest that waits.", labels=["channel"])
        for queue in queues:
            waiting.add_metric([queue.channel, queue.state], queue.messages)
            if queue.state == "waiting":
                age.add_metric([queue.channel], (self._site.clock.now() - queue.oldest).total_seconds())
        yield from (waiting, age)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"scraper_{name}", words, value=value)


def router(site: Site) -> APIRouter:
    """The one route."""
    routes = APIRouter()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(site))

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return routes
