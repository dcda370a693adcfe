"""What an HTTP answer means: a page, a redirect, a refusal, or a wall in front of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from scraper.errors import BadAnswer, Blocked, FetchError, Gone, ServerFault
from scraper.values import LONGEST_HOLD

_REDIRECTS = {301, 302, 303, 307, 308}
_SMALL_PAGE = 8_000
"""Bytes. A page that is nothing but a script which sets a cookie and reloads is smaller; articles are larger."""
_LONGEST_WALL = 100_000
"""Bytes. Walls are small; in a longer page the same words are quoted by an article."""

_WALL_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "challenge"}
# Challenge pages of Cloudflare, Imperva, Sucuri, DDoS-Guard, as documented or seen by 2026; in lower case, and looked
# for one by one: a pattern of alternatives took 0.5 ms for 50 kB, as long as the rest of a request.
_WALL_MARKS = (b"_cf_chl_", b"cf-chl-", b"_incapsula_resource", b"sucuri_cloudproxy_js")
_WALL_TITLES = (b"just a moment...", b"attention required! | cloudflare", b"ddos-guard")
_TITLE = re.compile(rb"<title[^>]{0,200}>\s*([^<]*)")
_RELOADS = re.compile(rb"location\.(?:reload|replace|href)|window\.location\s*=")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, its body read; header names in lower case, ``seconds`` on the wall."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the definition of success

    @property
    def overloaded(self) -> bool:
        """Whether a Retry-After of this answer is a plea to be left alone."""
        return self.status == 429 or self.status >= 500  # noqa: PLR2004 - too many requests, server faults


def location(at: str, answer: Answer) -> str | None:
    """Where the answer redirects to, absolute; ``None`` when it does not.

    Args:
        at: The address that gave the answer.
        answer: A space in its Location is taken as browsers take it; it is not yet checked by the guard.
    """
    target = answer.headers.get("location", "").strip().replace(" ", "%20")
    if answer.status not in _REDIRECTS or not target:
        return None
    try:
        return urljoin(at, target).partition("#")[0]
    except ValueError:
        return target


def wall(answer: Answer) -> str | None:
    """What shows that the answer asks a visitor to prove to be human; ``None`` when it is no such page."""
    for name, value in _WALL_HEADERS.items():
        if answer.headers.get(name, "").lower() == value:
            return f"header {name}"
    if len(answer.body) > _LONGEST_WALL:
        return None
    page = answer.body.lower()
    title = _TITLE.search(page)
    marks = [mark for mark in _WALL_MARKS if mark in page]
    marks += [mark for mark in _WALL_TITLES if title and title[1].startswith(mark)]
    if marks:
        return marks[0].decode("ascii")
    if len(page) <= _SMALL_PAGE and b"document.cookie" in page and _RELOADS.search(page):
        return "a script that sets a cookie and reloads"
    return None


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the server wants to be asked again: Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3).

    Returns:
        Aware UTC, never before ``now`` and at most :data:`LONGEST_HOLD` after it; ``None`` without a readable one.
    """
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return now + min(LONGEST_HOLD, timedelta(seconds=int(value[:9])))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment, now), now + LONGEST_HOLD).astimezone(UTC)


def failure(url: str, answer: Answer, now: datetime) -> BadAnswer | None:
    """The error that the answer amounts to, or ``None`` when it holds a page."""
    status = answer.status
    if status in (404, 410):
        return Gone(url, f"there is no such page any more (status {status})", status=status)
    mark = wall(answer)
    if mark:
        why = f"a page that challenges programs ({mark}); use the outlet's feed, or ask it for access"
        return Blocked(url, why, status=status, retry_at=retry_at(answer.headers, now))
    if answer.ok:
        return None if answer.body.strip() else BadAnswer(url, f"empty body (status {status})", status=status)
    if status in (401, 403):
        why = f"the server refuses this program (status {status}); use the outlet's feed, or ask it for access"
        return Blocked(url, why, status=status)
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        why = "the server wants fewer requests (status 429); raise min_delay for this source"
        return Blocked(url, why, status=status, retry_at=retry_at(answer.headers, now))
    if status >= 500:  # noqa: PLR2004 - where server faults begin
        why = f"the server has trouble of its own (status {status}); it is tried again later"
        return ServerFault(url, why, status=status, retry_at=retry_at(answer.headers, now))
    if status == 304:  # noqa: PLR2004 - Not Modified
        return BadAnswer(url, "status 304, although nothing was sent to compare with", status=status)
    return BadAnswer(url, f"status {status} holds no page; check the address", status=status)


def restated(error: FetchError, url: str, why: str) -> FetchError:
    """The same error about another address or in other words."""
    if isinstance(error, BadAnswer):
        told: FetchError = type(error)(url, why, status=error.status, retry_at=error.retry_at)
    else:
        told = type(error)(url, why, retry_at=error.retry_at)
    told.outage = error.outage
    return told
