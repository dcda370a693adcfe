"""The queue: which jobs there are, under which keys, and how they are put into a transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from scraper.config import Config
from scraper.errors import StoreError
from scraper.store import Database
from scraper.values import Clock, Intent

POLL, ARTICLE, RECHECK, DELIVER, DAILY, TIDY = "poll", "article", "recheck", "deliver", "daily", "tidy"
"""Names of the tasks."""

_URGENT = {DELIVER: 20, POLL: 10}
"""Messages go before polls, polls before articles."""


class JobQueue:
    """Puts jobs into Procrastinate's table; implements :class:`scraper.values.Queue`.

    Args:
        config: Gives the present configuration, for the pauses that sources ask for.
        clock: Whose time jobs are put off by.
    """

    def __init__(self, config: Callable[[], Config], clock: Clock) -> None:
        self._config, self._clock = config, clock
        self._app = App(connector=SyncPsycopgConnector())  # never opened: connections are handed in

    def put(self, connection: Any, task: str, key: str, at: datetime | None = None, **arguments: Any) -> bool:  # noqa: ANN401 - the driver's
        """Queue a job, unless one under its key waits already.

        Args:
            connection: Of psycopg, within a transaction.
            task: Its name.
            key: What is done; two jobs under one key are never done at the same time.
            at: Not before this moment, aware UTC.
            arguments: What the task is given.

        Returns:
            Whether it was queued.
        """
        named = f"{task} {key}".rstrip()
        priority = _URGENT.get(task, 0)
        job = self._app.configure_task(
            task, lock=named, queueing_lock=named, schedule_at=at, priority=priority, connection=connection
        )
        # A savepoint: what waits already must not spoil the transaction that causes it once more.
        with suppress(AlreadyEnqueued), connection.transaction():
            job.defer(**arguments)
            return True
        return False

    def articles(self, connection: object, source: str, links: Sequence[int]) -> None:
        """Queue new links a source's pause apart from each other: its host answers one at a time."""
        config = self._config()
        pause = max(config.settings.fetch.min_delay, config.sources[source].min_delay or timedelta())
        now = self._clock.now()
        for place, link in enumerate(links):
            self.put(connection, ARTICLE, str(link), now + place * pause, source=source, link=link)

    def messages(self, connection: object, intents: Sequence[Intent]) -> None:
        """Queue a delivery for each channel that is told at once; digests wait for their time."""
        for channel in sorted({intent.channel for intent in intents if intent.due is None}):
            self.put(connection, DELIVER, channel, channel=channel)


def prepare(db: Database) -> None:
    """Create the engine's tables where they are not there yet.

    Raises:
        StoreError: The archive is a file, which processes of several machines cannot share.
    """
    if not db.served:
        raise StoreError(
            f"{db.url}: workers share an archive on PostgreSQL; name it as database_url in settings.toml "
            "('scraper move --to' copies this one), or use 'scraper run' without --role"
        )
    with db.transaction() as connection:
        if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() == (None,):
            connection.execute(App(connector=SyncPsycopgConnector()).schema_manager.get_schema())
