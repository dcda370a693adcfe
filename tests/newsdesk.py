"""A one-outlet site on loopback and a desk that watches it, for tests of the stages together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fakes import NOON, ROOT, source
from servers import Reply, Server, SteppedClock

from scraper import jobs
from scraper.config import Config, Settings, Watch, load_policy
from scraper.desk import Desk
from scraper.values import Clock

HOST = "bao.example"


def story(number: int, title: str, paragraphs: Sequence[str], *, at: str = "2026-03-02T11:50:00+07:00") -> str:
    """An article page of plain make."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html lang=vi><head><title>{title}</title><meta property='article:published_time' content='{at}'>"
        f"<link rel=canonical href='http://{HOST}/bai-post{number}.html'></head>"
        f"<body><article><h1>{title}</h1><h2 class=sapo>Tóm tắt của bài số {number} trên báo.</h2>"
        f"<div class=body>{body}</div></article></body></html>"
    )


def listing(*numbers: int) -> str:
    """A section page that lists these articles."""
    items = "".join(f"<li><a href='/bai-post{n}.html'>Tiêu đề của bài báo số {n} hôm nay</a></li>" for n in numbers)
    return f"<html><body><nav><a href='/'>Trang chủ</a></nav><ul class=list>{items}</ul></body></html>"


def outlet(**fields: Any) -> Any:
    """The outlet's source, watched every quarter of an hour."""
    rules = {"title": ["h1"], "lead": [".sapo"], "body": [".body"]}
    links = {"item": ["ul.list li"], "link": ["a"]}
    base: dict[str, Any] = {"listings": [{"url": f"http://{HOST}/chinh-sach"}], "article": rules, "links": links}
    return source(**{**base, **fields})


@contextmanager
def desk_for(
    server: Server, data: Path, clock: Clock | None = None, settings: dict[str, Any] | None = None, **fields: Any
) -> Iterator[Desk]:
    """A desk over a fresh or existing archive in ``data`` that reaches the server as the outlet's host."""
    wanted = dict(settings or {})
    watches = wanted.pop("watches", [{"name": "all", "channels": ["log"]}])
    given: dict[str, Any] = {
        "fetch": {"connect_to": {HOST: server.address}, "min_delay": "1s", "retries": 0, "workers": 1},
        "channels": {"log": {"type": "file", "path": "alerts.jsonl"}, "terminal": {"type": "stdout"}},
        "keep": {"min_free": 0},
        **wanted,
    }
    watched = outlet(**fields)
    config = Config(
        folder=data,
        settings=Settings.model_validate(given),
        policy=load_policy(),
        sources={watched.name: watched},
        watches=[Watch.model_validate(watch) for watch in watches],
    )
    with jobs.open_desk(config, data, clock or SteppedClock(NOON)) as desk:
        yield desk


def page(body: str, **headers: str) -> Reply:
    """An HTML answer."""
    return Reply(body, headers={"Content-Type": "text/html; charset=utf-8", **headers})


def config_folder(folder: Path, address: str, *, port: int = 0) -> Path:
    """A configuration folder that watches the outlet at a loopback address, as a user would write it."""
    (folder / "sources").mkdir(parents=True)
    (folder / "policy.toml").write_bytes((ROOT / "config" / "policy.toml").read_bytes())
    (folder / "settings.toml").write_text(
        f"""
[fetch]
connect_to = {{ "{HOST}" = "{address}" }}
min_delay = "0s"
retries = 0
[keep]
min_free = 0
[web]
port = {port}
[channels.log]
type = "file"
path = "alerts.jsonl"
[channels.terminal]
type = "stdout"
""",
        encoding="utf-8",
    )
    (folder / "watches.toml").write_text('[[watches]]\nname = "all"\nchannels = ["log"]\n', encoding="utf-8")
    (folder / "sources" / "bao.toml").write_text(
        f"""
title = "Báo Ví dụ"
hosts = ["{HOST}"]
id_pattern = '-post(\\d+)\\.html$'
link_pattern = '-post\\d+\\.html$'
listings = [{{ url = "http://{HOST}/chinh-sach" }}]
schedule = {{ every = "1s" }}
[links]
item = ["ul.list li"]
link = ["a"]
[article]
title = ["h1"]
lead = [".sapo"]
body = [".body"]
""",
        encoding="utf-8",
    )
    return folder
