"""A site on loopback for measuring clients: a process of its own that answers from memory, at as many hosts as wanted.

Hosts are ``o0.example``, ``o1.example``, ... for us (``fetch.connect_to``) and 127.0.0.1, 127.0.0.2, ... for clients
without such a setting. Bodies are kept in gzip and answer with an ETag.
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
def serving(pages: Mapping[str, bytes], hosts: int = 1, *, coding: str = "gzip", delay: float = 0) -> Iterator[Site]:
    """Serve pages by path in another process.

    Args:
        pages: Each path's body; others answer 404, and ``/robots.txt`` with them.
        hosts: How many hosts there are.
        coding: ``gzip``, or ``identity`` for bodies as they are; ``same`` sends no ETag, so that a page comes each time
            and is the same one.
        delay: Seconds that each answer takes.
    """
    with tempfile.TemporaryDirectory(prefix="scraper-site-") as name:
        folder = Path(name)
        index = {}
        for number, (path, body) in enumerate(pages.items()):
            (folder / str(number)).write_bytes(gzip.compress(body, 6) if coding == "gzip" else body)
            index[path] = str(number)
        (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.loopback", name, str(hosts), coding, str(delay)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
            assert process.stdout is not None
            try:
                yield Site(int(process.stdout.readline()), hosts)
            finally:
                process.terminate()


class _Answers(asyncio.Protocol):
    """Answers one GET after another; reads nothing but path and If-None-Match."""

    answers: Mapping[bytes, tuple[bytes, bytes]]
    delay = 0.0

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
        etag, answer = self.answers.get(path, (b"", b""))
        if not answer:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if etag and etag in request:
            return b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % etag
        return answer


def _read(folder: Path, coding: str) -> dict[bytes, tuple[bytes, bytes]]:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: loopback\r\n"
    if coding == "gzip":
        head += b"Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
    found = {}
    for path, name in index.items():
        body = (folder / name).read_bytes()
        etag = b"" if coding == "same" else b'"%b"' % sha256(body).hexdigest()[:16].encode()
        tag = b"ETag: %b\r\n" % etag if etag else b""
        found[path.encode()] = etag, head + tag + b"Content-Length: %d\r\n\r\n" % len(body) + body
    return found


async def _serve(folder: Path, hosts: int, coding: str, delay: float) -> None:
    _Answers.answers, _Answers.delay = _read(folder, coding), delay
    loop, port = asyncio.get_running_loop(), 0
    for host in range(hosts):
        address = Site(port, hosts).address(host).partition(":")[0]
        server = await loop.create_server(_Answers, address, port, backlog=4096)
        port = port or server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])))
