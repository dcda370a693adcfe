"""robots.txt (RFC 9309): what a site lets this program fetch, and how slowly."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from scraper.errors import BadAnswer, FetchError, RobotsDenied
from scraper.fetch.answers import restated
from scraper.values import Clock

MAX_ROBOTS = 500 * 1024
"""Bytes read, the rest is ignored: RFC 9309 wants 500 KiB at least, and Google reads as much."""

KEEP = timedelta(hours=24)
"""RFC 9309: no longer than 24 hours."""

LONGEST_DELAY = 60.0
"""Seconds. A longer crawl-delay is taken as this: values of hours are slips, and would end the watch on a site."""

_SITES = 1024
"""Sites remembered."""

_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Rules:
    """One site's rules, read for one program.

    Attributes:
        read_at: Aware UTC.
    """

    parsed: Protego
    agent: str
    read_at: datetime

    def allow(self, url: str) -> bool:
        """Whether the address may be fetched."""
        return bool(self.parsed.can_fetch(url, self.agent))

    @property
    def delay(self) -> float:
        """The crawl-delay in seconds, at most :data:`LONGEST_DELAY`; 0 when none is asked for."""
        return min(self.parsed.crawl_delay(self.agent) or 0.0, LONGEST_DELAY)


def parse(body: bytes) -> Protego:
    """Read a robots.txt. A BOM is taken off, as it would hide the first line, and so is a last line cut short."""
    if len(body) >= MAX_ROBOTS:
        body = body[:MAX_ROBOTS].rpartition(b"\n")[0]
    return Protego.parse(body.decode("utf-8", "replace").lstrip("\ufeff"))


class Robots:
    """The rules of the sites asked lately. Thread-safe.

    Args:
        fetch: Gives the body of a robots.txt, raising FetchError.
        agent: The product token that rules are looked up by.
        clock: Says when rules have grown old.
    """

    def __init__(self, fetch: Callable[[str], bytes], agent: str, clock: Clock) -> None:
        self._fetch = fetch
        self._agent = agent
        self._clock = clock
        self._known: OrderedDict[str, Rules] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, url: str) -> float:
        """The delay in seconds that the site asks for between requests.

        Raises:
            RobotsDenied: The site does not want this address fetched.
            FetchError: robots.txt could not be had for now, which by RFC 9309 means that nothing may be fetched.
        """
        rules = self._rules(url)
        if not rules.allow(url):
            raise RobotsDenied(
                url, f"robots.txt does not let {self._agent!r} fetch this; disable the source or ask the outlet"
            )
        return rules.delay

    def _rules(self, url: str) -> Rules:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}".lower()
        now = self._clock.now()
        with self._lock:
            rules = self._known.get(site)
        if rules is None or now - rules.read_at >= KEEP:
            rules = Rules(parse(self._read(f"{site}/robots.txt", url)), self._agent, now)
            with self._lock:
                self._known[site] = rules
                self._known.move_to_end(site)
                while len(self._known) > _SITES:
                    self._known.popitem(last=False)
        return rules

    def _read(self, robots: str, url: str) -> bytes:
        try:
            return self._fetch(robots)
        except BadAnswer as error:
            # RFC 9309, 2.3.1.3: a 4xx means that there are no rules. 429 is about us, not about the file.
            if 300 <= error.status < 500 and error.status != _TOO_MANY:  # noqa: PLR2004 - redirects and client errors
                return b""
            raise _unread(error, robots, url) from error
        except FetchError as error:
            raise _unread(error, robots, url) from error


def _unread(error: FetchError, robots: str, url: str) -> FetchError:
    return restated(error, url, f"not fetched while {robots} cannot be read: {error.why}")
