"""Fetch one address: politely, once at a time for each host, and within limits."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import httpx

import scraper
from scraper.config.settings import FetchSettings
from scraper.errors import AddressRefused, BadAnswer, ConfigError, FetchError, HostHeld
from scraper.fetch import answers, body
from scraper.fetch.answers import Answer
from scraper.fetch.guard import Guard, Resolver, host_name, system_resolver
from scraper.fetch.hosts import PoliteHosts
from scraper.fetch.reach import Reach
from scraper.fetch.robots import MAX_ROBOTS, Robots
from scraper.fetch.transport import Lanes, Transport
from scraper.values import Clock, HostClock, NotModified, Page, Validators

FIRST_BACKOFF = 2.0
"""Seconds before the first retry; doubled for each further one."""

LONGEST_WAIT = timedelta(seconds=60)
"""A server that asks for a longer pause is left alone until then, and the caller is told, instead of waiting."""

ERROR_BODY = 64 * 1024
"""Bytes read of an answer that is no success: enough to recognise a challenge page."""

NO_VALIDATORS = Validators()

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/feed+json;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class _Wish:
    """How one address, and every address it redirects to, is asked for.

    Attributes:
        delay: Seconds between requests to a host.
        limit: Bytes of body wanted.
        cut: Whether a longer body is cut instead of refused.
        robots: Whether robots.txt is heeded; it cannot be for itself.
    """

    delay: float
    limit: int
    cut: bool = False
    robots: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


class Fetcher:
    """Gets pages from other people's servers. Thread-safe; close it when done.

    Cookies are not kept. ``fetch.deadline`` holds for each request, so for each hop of a redirect, and is measured by
    the machine; all waiting between requests is the clock's.

    Args:
        settings: The ``[fetch]`` table.
        clock: Where the time comes from.
        hosts: Keeps requests to a host apart; this process's own by default.
        resolver: Looks hosts up; the machine's by default.

    Attributes:
        reach: What was reached lately.

    Raises:
        ConfigError: ``ca_bundle``, ``connect_to`` or ``user_agent`` cannot be used.
    """

    def __init__(
        self,
        settings: FetchSettings,
        clock: Clock,
        hosts: HostClock | None = None,
        resolver: Resolver = system_resolver,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._hosts = hosts or PoliteHosts(clock)
        self.reach = Reach()
        self._agent = user_agent(settings)
        self._headers = httpx.Headers(
            {
                "user-agent": self._agent,
                "accept": _ACCEPT,
                "accept-language": "vi,en;q=0.5",
                "accept-encoding": body.ACCEPT_ENCODING,
            }
        )
        self._guard = Guard(settings.connect_to, resolver)
        context = _tls_context(settings)
        timeout = settings.connect_timeout.total_seconds()
        self._lanes = Lanes(lambda: Transport(self._guard, context, timeout))
        self._robots = Robots(self._robots_txt, _product(self._agent), clock)

    def get(
        self, url: str, *, validators: Validators = NO_VALIDATORS, min_delay: timedelta | None = None
    ) -> Page | NotModified:
        """Fetch one address.

        Args:
            url: http or https.
            validators: What an earlier answer gave; with them the server may answer that nothing changed.
            min_delay: Between requests to this host, instead of ``fetch.min_delay``; a longer crawl-delay wins.

        Raises:
            FetchError: One of its kinds; ``retry_at`` is set when the server said when to come back.
        """
        delay = self._settings.min_delay if min_delay is None else min_delay
        tries = 0
        while True:
            try:
                return self._page(url, validators, delay.total_seconds())
            except FetchError as error:
                pause = self._backoff(error, tries)
                if pause is None:
                    raise
            tries += 1
            self._clock.sleep(pause)

    def post_json(self, url: str, payload: Mapping[str, Any], headers: Mapping[str, str]) -> int:
        """Send one JSON document to a webhook, once, and give the 2xx status it was answered with.

        The address may hold a secret: errors name its host alone.

        Raises:
            FetchError: Refused, unreachable, too slow, or answered with anything but success.
        """
        name = _secretive(url)
        try:
            target = self._guard.check(url)
        except AddressRefused as error:
            raise AddressRefused(name, error.why) from None
        sent = {**headers, "user-agent": self._agent, "accept-encoding": body.ACCEPT_ENCODING}
        request = httpx.Request("POST", target.url, json=dict(payload), headers=sent, extensions={"name": name})
        with self._lanes.use(target.host) as lane:
            # A webhook that said yes has the message, whatever becomes of the body it says it with.
            answer = self._send(request, lane.transport, lambda response: body.peek(response, ERROR_BODY))
        failed = None if answer.ok else answers.failure(name, answer, self._clock.now())
        if failed is None:
            return answer.status
        why = f"the webhook answered with status {answer.status}; check its address and what it accepts"
        raise answers.restated(failed, name, why)

    def close(self) -> None:
        """Close every connection."""
        self._lanes.close()
        self._guard.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _page(self, url: str, validators: Validators, delay: float) -> Page | NotModified:
        conditions = _conditions(validators)
        wish = _Wish(delay, self._settings.max_body, robots=self._settings.robots, headers=conditions)
        final, answer = self._follow(url, wish)
        now = self._clock.now()
        if answer.status == httpx.codes.NOT_MODIFIED and conditions:
            return NotModified(url, now, answer.seconds)
        failed = answers.failure(url, answer, now)
        if failed is not None:
            raise failed
        return Page(url, final, answer.status, answer.headers, answer.body, now, answer.seconds)

    def _robots_txt(self, url: str) -> bytes:
        wish = _Wish(self._settings.min_delay.total_seconds(), MAX_ROBOTS, cut=True, robots=False)
        _, answer = self._follow(url, wish)
        failed = answers.failure(url, answer, self._clock.now())
        if failed is not None and not (answer.ok and not answer.body.strip()):
            raise failed
        return answer.body

    def _follow(self, url: str, wish: _Wish) -> tuple[str, Answer]:
        """The last address and the answer it gave; every hop is checked like the first."""
        seen = [url]
        while True:
            try:
                answer = self._ask(seen[-1], wish)
            except FetchError as error:
                if len(seen) == 1:
                    raise
                raise answers.restated(error, url, f"redirects to {seen[-1]}: {error.why}") from error
            target = answers.location(seen[-1], answer)
            if target is None:
                return seen[-1], answer
            if target in seen:
                why = f"redirects in a circle by way of {target}; the site may want cookies, which are not kept"
                raise BadAnswer(url, why, status=answer.status)
            if len(seen) > self._settings.max_redirects:
                why = f"redirects more than fetch.max_redirects ({len(seen) - 1}) times; use the final address"
                raise BadAnswer(url, why, status=answer.status)
            seen.append(target)

    def _ask(self, url: str, wish: _Wish) -> Answer:
        target, host = self._guard.check(url)
        self._not_held(url, host)
        delay = max(wish.delay, self._robots.check(url)) if wish.robots else wish.delay
        headers = httpx.Headers(self._headers)
        headers.update(wish.headers)

        def read(response: httpx.Response) -> bytes:
            if response.is_success:
                return body.read(response, url, wish.limit, cut=wish.cut)
            return body.peek(response, ERROR_BODY)

        with self._turn(url, host, delay) as transport:
            answer = self._send(httpx.Request("GET", target, headers=headers), transport, read)
        wanted = answers.retry_at(answer.headers, self._clock.now()) if answer.overloaded else None
        if wanted is not None:
            self._hosts.hold(host, wanted)
        return answer

    def _not_held(self, url: str, host: str) -> None:
        until = self._hosts.held(host)
        if until is not None and until - self._clock.now() > LONGEST_WAIT:
            why = f"{host} wants to be left alone until {until:%Y-%m-%d %H:%M} UTC; it is asked again after that"
            raise HostHeld(url, why, status=503, retry_at=until)

    @contextmanager
    def _turn(self, url: str, host: str, delay: float) -> Iterator[Transport]:
        """The host's transport, when it is our turn; no lock is held while the clock sleeps."""
        with self._lanes.use(host) as lane:
            slept = self._hosts.wait(host, delay)
            while (slept and self._hosts.held(host)) or not lane.busy.acquire(blocking=False):
                self._not_held(url, host)
                with lane.busy:
                    pass  # whichever request outlasted its slot is done now: take a new slot
                slept = self._hosts.wait(host, delay)
            try:
                yield lane.transport
            finally:
                lane.busy.release()

    def _send(self, request: httpx.Request, transport: Transport, read: Callable[[httpx.Response], bytes]) -> Answer:
        started = time.monotonic()
        request.extensions["deadline"] = started + self._settings.deadline.total_seconds()
        try:
            response = transport.handle_request(request)
        except FetchError as error:
            if error.outage:
                self.reach.missed(request.url.host, self._clock.now())
            raise
        self.reach.answered(self._clock.now())
        try:
            data = read(response)
        finally:
            response.close()
        return Answer(response.status_code, dict(response.headers), data, time.monotonic() - started)

    def _backoff(self, error: FetchError, tries: int) -> float | None:
        """Seconds before the next try; ``None`` when there is none."""
        if not error.retry or tries >= self._settings.retries:
            return None
        pause: float = FIRST_BACKOFF * 2**tries
        if error.retry_at is None:
            return pause
        asked = error.retry_at - self._clock.now()
        return None if asked > LONGEST_WAIT else max(pause, asked.total_seconds())


def user_agent(settings: FetchSettings) -> str:
    """The User-Agent sent, with version and contact filled in; an empty contact leaves no trace.

    Raises:
        ConfigError: It holds letters that a header cannot.
    """
    text = settings.user_agent.replace("{version}", scraper.__version__)
    if settings.contact:
        text = text.replace("{contact}", settings.contact)
    else:
        text = re.sub(r"[;,]?\s*\{contact\}", "", text).replace(" ()", "")
    if not (text.isascii() and text.isprintable() and text.strip()):
        raise ConfigError([f"settings.toml: fetch.user_agent and fetch.contact give {text!r}; use plain ASCII letters"])
    return text.strip()


def _product(agent: str) -> str:
    """What robots.txt knows us by: the first product, or all of an agent that begins like a browser's."""
    return agent if agent.startswith("Mozilla/") else agent.partition("/")[0]


def _tls_context(settings: FetchSettings) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if settings.ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=settings.ca_bundle)
        except OSError as error:
            raise ConfigError(
                [f"settings.toml: fetch.ca_bundle: {settings.ca_bundle} is not a file of PEM certificates ({error})"]
            ) from error
    return context


def _conditions(validators: Validators) -> dict[str, str]:
    """The conditional headers; a validator that no header can hold is left out."""
    wanted = {"if-none-match": validators.etag, "if-modified-since": validators.last_modified}
    return {name: value for name, value in wanted.items() if value and value.isascii() and value.isprintable()}


def _secretive(url: str) -> str:
    try:
        return f"{httpx.URL(url).scheme}://{host_name(url)}/…"
    except (httpx.InvalidURL, FetchError):
        return "webhook"
