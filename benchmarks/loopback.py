"""A site on loopback for measuring clients: a process of its own that answers from memory, at as many hosts as wanted.

Hosts are ``o0.example``, ``o1.example``, ... for us (``fetch.connect_to``) and 127.0.0.1, 127.0.0.2, ... for clients
without such a setting. Bodies are sent in gzip.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["tagged", "plain", "varying"]
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Site:
    """A running site of some hosts, all of which answer alike."""

    port: int
    hosts: int

    def address(self, host: int) -> str:
        """Where a host is reached: ``127.0.0.1:8000``."""
        return f"127.0.{host // 250}.{host % 250 + 1}:{self.port}"

    def connect_to(self) -> dict[str, str]:
        """The setting of this name: each host's address."""
        return {f"o{host}.example": self.address(host) for host in range(self.hosts)}


@contextmanager
def serving(pages: Mapping[str, bytes], hosts: int = 1, *, mode: Mode = "tagged", delay: float = 0) -> Iterator[Site]:
    """Serve pages by path in another process.

    Args:
        pages: Each path's body; others answer 404, and ``/robots.txt`` with them.
        hosts: How many hosts there are.
        mode: ``tagged`` with an ETag, so that a page asked for again is answered with 304; ``plain`` without; with
            ``varying`` each answer ends with a comment of its own.
        delay: Seconds that each answer takes.
    """
    with tempfile.TemporaryDirectory(prefix="scraper-site-") as name:
        folder = Path(name)
        index = {}
        for number, (path, body) in enumerate(pages.items()):
            (folder / str(number)).write_bytes(gzip.compress(body, 6))
            index[path] = str(number)
        (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.loopback", name, str(hosts), mode, str(delay)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
            assert process.stdout is not None
            try:
                yield Site(int(process.stdout.readline()), hosts)
            finally:
                process.terminate()


def story(title: str) -> bytes:
    """A small article page."""
    text = "".join(f"<p>{title}: đoạn {number}, xã và tỉnh đưa chính sách vào cuộc sống.</p>" for number in range(5))
    return f"<!doctype html><title>{title}</title><article><h1>{title}</h1>{text}</article>".encode()


class _Answers(asyncio.Protocol):
    """Answers one GET after another; reads nothing but path and If-None-Match."""

    answers: Mapping[bytes, tuple[bytes, bytes]]
    mode = "tagged"
    delay = 0.0
    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, self._waiting = self._waiting.split(b"\r\n\r\n", 1)
            answer = self._answer(request)
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self._transport.write, answer)
            else:
                self._transport.write(answer)

    def _answer(self, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1]
        etag, body = self.answers.get(path, (b"", b""))
        if not body:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        tag = b"ETag: %b\r\n" % etag if self.mode == "tagged" else b""
        if tag and etag in request:
            return b"HTTP/1.1 304 Not Modified\r\n%b\r\n" % tag
        if self.mode == "varying":  # as a further member of the gzip
            _Answers.count += 1
            body += gzip.compress(b"<!-- %d -->" % self.count)
        return b"%b%bContent-Length: %d\r\n\r\n%b" % (_HEAD, tag, len(body), body)


_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: loopback\r\n"
    b"Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
)


def _read(folder: Path) -> dict[bytes, tuple[bytes, bytes]]:
    """Each path's ETag and packed body."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    bodies = {path.encode(): (folder / name).read_bytes() for path, name in index.items()}
    return {path: (b'"%b"' % sha256(body).hexdigest()[:16].encode(), body) for path, body in bodies.items()}


async def _serve(folder: Path, hosts: int, mode: str, delay: float) -> None:
    _Answers.answers, _Answers.mode, _Answers.delay = _read(folder), mode, delay
    loop, port = asyncio.get_running_loop(), 0
    for host in range(hosts):
        address = Site(port, hosts).address(host).partition(":")[0]
        server = await loop.create_server(_Answers, address, port, backlog=4096)
        port = port or server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])))
