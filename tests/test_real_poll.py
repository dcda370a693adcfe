"""``scraper once`` on the shipped sources, against saved pages of real outlets served over loopback TLS.

The real host names lead to the test's server through ``connect_to``; an authority made for the test vouches for
them. Addresses that were not saved answer 404, so polls of a source with such listings report them, and go on.
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme
from fakes import NO_SHARED, ROOT, SHARED
from servers import Reply, Route, Server

VIETNAM = SHARED / "vietnam"

pytestmark = pytest.mark.skipif(not (VIETNAM / "truth").is_dir(), reason=NO_SHARED)


def rows(name: str) -> list[dict[str, Any]]:
    file = VIETNAM / "truth" / name
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []


LISTS, ARTICLES = rows("lists.jsonl"), rows("articles.jsonl")
LISTED = {url for row in LISTS for url in row["links"]}
SOURCES = ("baochinhphu", "cafef", "tuoitre", "vnexpress")


def address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def saved(row: dict[str, Any]) -> Reply:
    body = (VIETNAM / "pages" / row["file"]).read_bytes()
    return Reply(body, headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Poll once as a user would; the fixture gives what ``scraper`` prints for further commands."""
    folder = tmp_path_factory.mktemp("real")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    hosts = sorted({str(urlsplit(row["url"]).hostname) for row in [*LISTS, *ARTICLES]})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(context)
    routes: dict[str, Route] = {address(row["url"]): saved(row) for row in [*LISTS, *ARTICLES]}
    routes |= {f"{host}/robots.txt": Reply("", 404) for host in hosts}
    with Server(routes, tls=context) as server:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SCRAPER_")} | {
            "SCRAPER_FETCH__CONNECT_TO": "{" + ", ".join(f'"{host}" = "{server.address}"' for host in hosts) + "}",
            "SCRAPER_FETCH__CA_BUNDLE": str(folder / "ca.pem"),
            "SCRAPER_FETCH__MIN_DELAY": "0s",
            "SCRAPER_FETCH__RETRIES": "0",
        }

        def scraper(*words: str) -> Any:
            command = [
                sys.executable,
                "-m",
                "scraper",
                "--config",
                str(ROOT / "config"),
                "--data",
                str(folder / "data"),
            ]
            done = subprocess.run(
                [*command, *words, "--json"],
                capture_output=True,
                encoding="utf-8",
                env=environ,
                timeout=240,
                check=False,
            )
            return json.loads(done.stdout)

        polled = {row["source"]: row for row in scraper("once", *SOURCES)["sources"]}
        yield scraper, polled, server


def test_every_listed_article_was_asked_for(archive: Any) -> None:
    """Each link of each section's own list is fetched, and nothing that is not an article."""
    scraper, _, server = archive
    asked = {f"{seen.host}{seen.path}" for seen in server.seen}
    wanted = {address(url) for row in LISTS for url in row["main"]}
    assert wanted <= asked
    articles = {address(url) for url in LISTED}
    listings = {address(entry["url"]) for source in scraper("sources")["sources"] for entry in source["listings"]}
    further = {"vnexpress.net/kinh-doanh-p2"}  # what the saved page itself calls its next
    assert {path for path in asked if not path.endswith("robots.txt")} <= articles | listings | further


def test_saved_articles_are_stored_right(archive: Any, tmp_path: Path) -> None:
    """Every saved article that its section lists is stored with title, lead, section, body and minute."""
    scraper, polled, _ = archive
    out = tmp_path / "all.jsonl"
    scraper("export", str(out))
    stored = {row["url"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    due = [row for row in ARTICLES if row["url"] in LISTED]
    assert due
    assert sum(row["stored"] for row in polled.values()) == len(stored) >= len(due)
    for row in due:
        article = stored[row["url"]]
        assert article["title"] == row["title"]
        assert article["section"] == row["section"]
        assert article["lead"].split() == row["lead"].split()
        assert article["text"].split() == " ".join(row["paragraphs"]).split()
        printed, read = datetime.fromisoformat(row["published_at"]), datetime.fromisoformat(article["published_at"])
        assert abs(printed - read) < timedelta(minutes=1)


def test_what_was_not_saved_is_told(archive: Any) -> None:
    """Listings that answer 404 are named in the poll's report and do not stop the others."""
    _, polled, _ = archive
    assert all("404" in row["error"] or not row["error"] for row in polled.values())
    assert all(row["links"] for row in polled.values())
