"""A small web server on loopback that does as it is told, for tests of what speaks to servers.

Routes are given as ``"/path"`` or, for one host alone, ``"host.example/path"``. A route is one :class:`Reply`, a list
of them (the last is repeated), or a function of the request.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeAlias


class SteppedClock:
    """A clock that moves only when told to, or when somebody sleeps on it, and then at once. Thread-safe."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.step(seconds=seconds)

    def step(self, **delta: float) -> None:
        with self._lock:
            self._now += timedelta(**delta)


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        length: Content-Length to declare instead of the true one; ``None`` declares none and closes at the end.
        pause: Seconds to wait before answering.
        drip: Seconds to wait before each byte of the body.
        hang_up: Close the connection without a word.
        chunked: Send the body as one chunk; ``"cut"`` leaves out the end.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = -1
    pause: float = 0.0
    drip: float = 0.0
    hang_up: bool = False
    chunked: str = ""

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Seen:
    """One request as received; header names in lower case, ``host`` without port."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Route: TypeAlias = Reply | Sequence[Reply] | Callable[[Seen], Reply]


class Server(ThreadingHTTPServer):
    """Answers on 127.0.0.1 at a free port while used as a context manager; an unknown path is a 404."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, routes: Mapping[str, Route], tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes = dict(routes)
        self.seen: list[Seen] = []
        self.most_at_once = 0
        self.stopping = threading.Event()
        self.scheme = "https" if tls else "http"
        self._at_once = 0
        self._lock = threading.Lock()
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def address(self) -> str:
        """As ``fetch.connect_to`` wants it."""
        return f"127.0.0.1:{self.server_port}"

    def paths(self, host: str = "") -> list[str]:
        """The paths asked for, in order, of all hosts or of one."""
        return [request.path for request in self.seen if host in ("", request.host)]

    def reply_to(self, request: Seen) -> Reply:
        with self._lock:
            self.seen.append(request)
            key = f"{request.host}{request.path}"
            route = self.routes.get(key, self.routes.get(request.path, Reply("no such page", 404)))
            if isinstance(route, Reply):
                return route
            if not callable(route):
                first, *rest = route
                if rest:
                    self.routes[key if key in self.routes else request.path] = rest
                return first
        return route(request)

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Count the requests that are answered at once."""
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "").partition(":")[0]
        with self.server.counted():
            self._answer(self.server.reply_to(Seen(self.command, host, self.path, headers, body)))

    do_POST = do_GET  # noqa: N815 - as above

    def _answer(self, reply: Reply) -> None:
        self.server.stopping.wait(reply.pause)
        if reply.hang_up:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self._declare(reply)
        self.end_headers()
        with contextlib.suppress(OSError):
            self._body(reply)

    def _declare(self, reply: Reply) -> None:
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.length is not None and reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(reply.data) if reply.length < 0 else reply.length))
        if reply.chunked == "cut" or reply.length is None or reply.length >= 0:
            self.send_header("Connection", "close")
            self.close_connection = True

    def _body(self, reply: Reply) -> None:
        data = reply.data
        if reply.chunked:
            data = b"%x\r\n%b\r\n" % (len(data), data) + (b"" if reply.chunked == "cut" else b"0\r\n\r\n")
        if not reply.drip:
            self.wfile.write(data)
            return
        for byte in data:
            if self.server.stopping.wait(reply.drip):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""
