"""The daemon as a process: it watches, answers, reloads and stops."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import httpx
from newsdesk import config_folder, desk_for, listing, page, story
from processes import PATIENCE, logged, running, until
from servers import Reply, Server

from scraper import store
from scraper.alert import Sender
from scraper.daemon import Daemon
from scraper.values import SystemClock

PARAGRAPHS = [f"Đoạn {n}: các xã rà soát danh sách hộ nghèo và cấp vốn cho từng hộ theo kế hoạch." for n in range(1, 6)]


def routes() -> dict[str, Reply]:
    return {
        "/chinh-sach": page(listing(1)),
        "/bai-post1.html": page(story(1, "Bài thứ nhất", PARAGRAPHS)),
        "/robots.txt": Reply("", 404),
    }


def test_watches_serves_reloads_and_stops(tmp_path: Path) -> None:
    """One daemon stores a story, shows it on its page, is well, reads its configuration again and stops with 0."""
    with Server(routes()) as server:
        config = config_folder(tmp_path / "config", server.address)
        with running(tmp_path) as (process, log):
            until(logged(log, '"stored"'), log)
            found = re.search(r'"page": ?"([^"]+)"', log.read_text(encoding="utf-8"))
            assert found
            assert httpx.get(found[1] + "healthz").json()["ok"] is True
            assert httpx.get(found[1]).status_code == 200
            (config / "settings.toml").write_text("[fetch]\nmin_dealy = 1\n", encoding="utf-8")
            process.send_signal(signal.SIGHUP)
            until(logged(log, "did you mean 'min_delay'"), log)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def test_the_pages_alone(tmp_path: Path) -> None:
    """``scraper web`` shows the archive beside a running daemon, and stops with 0; others get in by a password only."""
    with Server(routes()) as server:
        config_folder(tmp_path / "config", server.address)
        with running(tmp_path) as (_, log), running(tmp_path, "web", "--port", "0") as (pages, said):
            until(logged(log, '"stored"'), log)
            until(logged(said, "http://127.0.0.1:"), said)
            found = re.search(r"http://[\d.:]+/", said.read_text(encoding="utf-8"))
            assert found
            assert "Bài thứ nhất" in httpx.get(f"{found[0]}search").text
            pages.send_signal(signal.SIGTERM)
            assert pages.wait(PATIENCE) == 0
        with running(tmp_path, "web", "--host", "0.0.0.0", "--port", "0") as (open_to_all, said):  # noqa: S104 - refused
            assert open_to_all.wait(PATIENCE) == 2
            assert "scraper passwd" in said.read_text(encoding="utf-8")


def test_a_second_daemon_is_refused(tmp_path: Path) -> None:
    """Two daemons never share a data folder; the second says who holds it."""
    with Server(routes()) as server:
        config_folder(tmp_path / "config", server.address)
        with running(tmp_path) as (first, log):
            until(logged(log, '"watching"'), log)
            command = [sys.executable, "-m", "scraper", "--config", str(tmp_path / "config")]
            second = subprocess.run(
                [*command, "--data", str(tmp_path / "data"), "run"],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert second.returncode == 1
            assert str(first.pid) in second.stderr


def test_recovers_when_a_source_answers(tmp_path: Path) -> None:
    """An outlet that cannot be reached is told in the log, and watched again once it answers."""
    with Server({}) as server:
        config_folder(tmp_path / "config", server.address)
        with running(tmp_path) as (_, log):
            until(logged(log, "404"), log)
            server.routes.update(routes())
            until(logged(log, '"stored"'), log)


def test_killed_daemon_goes_on_where_it_was(tmp_path: Path) -> None:
    """After SIGKILL a new daemon takes the same data folder and stores what comes next."""
    with Server(routes()) as server:
        config_folder(tmp_path / "config", server.address)
        with running(tmp_path) as (process, log):
            until(logged(log, '"stored"'), log)
            process.kill()
        server.routes["/chinh-sach"] = page(listing(2, 1))
        server.routes["/bai-post2.html"] = page(story(2, "Bài thứ hai", [p + " Thêm." for p in PARAGRAPHS]))
        with running(tmp_path) as (_, log):
            until(logged(log, "Bài thứ hai"), log)
            assert "Bài thứ nhất" not in log.read_text(encoding="utf-8")


def test_what_falls_due_between_two_looks_is_not_kept_waiting(tmp_path: Path) -> None:
    """A daemon that looks every ten minutes polls a source when it falls due, a second after the look at its start."""
    with (
        Server(routes()) as server,
        desk_for(server, tmp_path, SystemClock(), {"web": {"port": 0}}) as desk,
        Sender(desk.fetcher, tmp_path) as sender,
    ):
        daemon = Daemon(desk, sender, tmp_path, tick=600)
        store.put_off(desk.db, "bao", desk.clock.now() + timedelta(seconds=1))
        daemon.start()
        end = time.monotonic() + PATIENCE
        while "/chinh-sach" not in server.paths():
            assert time.monotonic() < end, "the poll waits for the next look"
            time.sleep(0.05)
        assert daemon.stop()
