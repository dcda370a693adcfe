"""httpx over connections of our own: to checked addresses only, and never past a request's deadline.

httpx's own transport takes no network backend, and its timeouts hold for each read, so that a server which drips one
byte a second is never done. Here every wait gets what is left of the request's time. httpcore hands the figure it
was given as a timeout unchanged to every read; we therefore give it a *moment* on ``time.monotonic()``, and our
backend takes the time left from it. Nothing else has to know the deadline, and a reused connection has no old one.

Requests go straight through the transport, without ``httpx.Client``: the client keeps cookies, reads redirects
before we can refuse them, and logs whole URLs, secrets of webhooks included.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpcore
import httpx

from scraper.errors import AddressRefused, DeadlineExceeded, FetchError, Unreachable
from scraper.fetch.answers import restated
from scraper.fetch.guard import Guard

MAX_HOSTS = 256
"""Pools kept. One per host, as one shared pool scans all its connections: 1.5 ms CPU a request against 1.1."""

MAX_CONNECTIONS = 4
"""Per host. Pages are asked for one at a time; the others are for webhooks."""

KEEPALIVE = 60.0
"""Seconds an idle connection is kept: longer than the longest crawl delay obeyed would seldom find it open."""

MAX_ADDRESSES = 4
"""Addresses of one host that are tried; they share the connect timeout."""


class _Stream(httpcore.NetworkStream):
    """A connection whose timeouts are moments on ``time.monotonic()``."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpcore's own loop would give each part sent the whole time again.
        sock = self._inner.get_extra_info("socket")
        while buffer:
            sock.settimeout(_left(timeout, httpcore.WriteTimeout))
            try:
                buffer = buffer[sock.send(buffer) :]
            except TimeoutError as error:
                raise httpcore.WriteTimeout(str(error)) from error
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to what the guard lets through."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        by = timeout if timeout is not None else time.monotonic()
        addresses = list(self._guard.addresses(host, port, by))[:MAX_ADDRESSES]
        while True:
            address = addresses.pop(0)
            share = _left(by, httpcore.ConnectTimeout) / (len(addresses) + 1)
            try:
                return _Stream(self._plain.connect_tcp(*address, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not addresses:
                    raise


def _left(moment: float | None, error: type[httpcore.TimeoutException]) -> float:
    left = (moment or 0.0) - time.monotonic()
    if left <= 0:
        raise error("the time for this request is up")
    return left


class Transport(httpx.BaseTransport):
    """The connections to one host. Thread-safe.

    A request's extensions carry ``deadline`` (a moment on ``time.monotonic()``) and may carry ``name``, what errors
    call the address when the address itself is a secret.

    Args:
        guard: Says which addresses a host may be reached at.
        context: Shared by all transports; making one costs some 20 ms.
        connect_timeout: Seconds for lookup, connection and TLS handshake together.
    """

    def __init__(self, guard: Guard, context: ssl.SSLContext, connect_timeout: float) -> None:
        self._connect_timeout = connect_timeout
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEPALIVE,
            network_backend=_Backend(guard),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; redirects are not followed.

        Raises:
            AddressRefused: The guard does not let us connect.
            Unreachable: No connection, or it broke.
            DeadlineExceeded: The request's time is up; the body, when read, raises the same.
        """
        name = request.extensions.get("name", str(request.url))
        with _named(name):
            response = self._pool.handle_request(self._lowered(request))
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(cast("Iterable[bytes]", response.stream), name, response.close),
        )

    def _lowered(self, request: httpx.Request) -> httpcore.Request:
        deadline = request.extensions["deadline"]
        now = time.monotonic()
        url = request.url
        return httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=cast("Iterable[bytes]", request.stream),
            extensions={
                "timeout": {
                    "connect": min(deadline, now + self._connect_timeout),
                    "read": deadline,
                    "write": deadline,
                    "pool": max(0.0, deadline - now),
                }
            },
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, parts: Iterable[bytes], name: str, close: Callable[[], None]) -> None:
        self._parts = parts
        self._name = name
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        with _named(self._name):
            yield from self._parts

    def close(self) -> None:
        self._close()


@contextmanager
def _named(url: str) -> Iterator[None]:
    """Turn what the layers below raise into the program's errors, about this address."""
    try:
        yield
    except FetchError as error:
        raise restated(error, url, error.why) from error
    except httpcore.ConnectTimeout as error:
        raise Unreachable(
            url, "did not take the connection in time; check the network, or raise fetch.connect_timeout"
        ) from error
    except httpcore.TimeoutException as error:
        raise DeadlineExceeded(
            url, "did not answer in full within fetch.deadline; raise it if this server is always slow"
        ) from error
    except httpcore.ConnectError as error:
        raise _not_connected(url, error) from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise AddressRefused(url, f"cannot be asked for over HTTP ({error}); correct the link") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        broken = Unreachable(url, f"the server hung up or broke off its answer ({error}); it is tried again later")
        broken.outage = False  # it was reached
        raise broken from error


def _not_connected(url: str, error: httpcore.ConnectError) -> Unreachable:
    if error.args and isinstance(error.args[0], ssl.SSLError):
        failed = Unreachable(
            url, f"TLS failed ({error}); if the site's authority is your own, name its file in fetch.ca_bundle"
        )
        failed.outage = False
        return failed
    return Unreachable(url, f"no connection ({error}); check that the site is up and this machine is online")


@dataclass
class Lane:
    """One host's transport.

    Attributes:
        busy: Held while a page is asked for, so that the host gets one request at a time.
        users: Threads that hold the lane; it is not closed under them.
    """

    transport: Transport
    busy: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Lanes:
    """A lane for each host asked lately, the least recent closed first. Thread-safe.

    Args:
        open_transport: Makes the transport of a host not seen before.
        limit: Lanes kept; more only while more are in use.
    """

    def __init__(self, open_transport: Callable[[], Transport], limit: int = MAX_HOSTS) -> None:
        self._open = open_transport
        self._limit = limit
        self._lanes: OrderedDict[str, Lane] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def use(self, host: str) -> Iterator[Lane]:
        """The host's lane, kept open while in use."""
        with self._lock:
            if host not in self._lanes:
                self._lanes[host] = Lane(self._open())
            self._lanes.move_to_end(host)
            lane = self._lanes[host]
            lane.users += 1
        try:
            yield lane
        finally:
            with self._lock:
                lane.users -= 1
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        idle = [host for host, lane in self._lanes.items() if not lane.users]
        for host in idle[: max(0, len(self._lanes) - self._limit)]:
            self._lanes.pop(host).transport.close()

    def close(self) -> None:
        """Close every transport."""
        with self._lock:
            for lane in self._lanes.values():
                lane.transport.close()
            self._lanes.clear()
