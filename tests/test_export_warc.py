"""Kept pages as a WARC file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import warcs
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st
from shelf import kept, shelve

from scraper import export, store
from scraper.errors import ScraperError, StoreError
from scraper.export import warc
from scraper.store import Database, archive
from scraper.store.archive import Filter, KeptPage

BODIES = (b"<html>\xc4\x91\xe1\xba\xa5t</html>", b"", b"\x00\xff\r\n\r\nWARC/1.1\r\n\r\n", b"a" * 100_000)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def full(db: Database) -> Database:
    """Four pages of three articles; of a fourth article none was kept."""
    for number in (1, 2, 3, 4):
        shelve(db, number, label="issuance" if number == 2 else "implementation")
    for number, article in enumerate((1, 1, 2, 3)):
        kept(db, article, BODIES[number], revision=number + 1, fetched_at=NOON + timedelta(microseconds=number))
    return db


def written(db: Database, path: Path, wanted: Filter = Filter()) -> bytes:  # noqa: B008 - frozen
    export.export(db, path, "warc", wanted)
    return path.read_bytes()


def test_pages_come_back_byte_by_byte(full: Database, tmp_path: Path) -> None:
    """Each page that was kept comes back with its address, time, status, kept headers and body."""
    records = warcs.read_warc(written(full, tmp_path / "out.warc"))
    responses = [record for record in records if record.kind == "response"]
    pages = [page for batch in archive.pages(full) for page in batch]
    assert [warcs.answer(record).body for record in responses] == [page.body for page in pages] == list(BODIES)
    assert [datetime.fromisoformat(record.fields["warc-date"]) for record in responses] == [
        NOON + timedelta(microseconds=number) for number in range(4)
    ]
    assert [record.fields["warc-target-uri"] for record in responses] == [page.url for page in pages]
    first = warcs.answer(responses[0])
    assert first.status_line == "HTTP/1.1 200 OK"
    assert first.headers == {
        "content-type": "text/html; charset=utf-8",
        "etag": '"abc"',
        "content-length": str(len(BODIES[0])),
    }


def test_records_belong_together(full: Database, tmp_path: Path) -> None:
    """The file begins with what it is; each page is followed by a record that says whose it is; no name is twice."""
    info, *rest = warcs.read_warc(written(full, tmp_path / "out.warc"))
    assert info.kind == "warcinfo"
    assert warcs.fields_of(info)["format"] == "WARC File Format 1.1"
    assert {record.fields["warc-warcinfo-id"] for record in rest} == {info.fields["warc-record-id"]}
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    assert {(page.kind, about.kind) for page, about in pairs} == {("response", "metadata")}
    assert all(about.fields["warc-refers-to"] == page.fields["warc-record-id"] for page, about in pairs)
    assert not any("warc-target-uri" in about.fields for _, about in pairs)
    assert [warcs.fields_of(about) for _, about in pairs][2] == {
        "article": "2",
        "key": "bao:2",
        "source": "bao",
        "revision": "3",
    }
    assert len({record.fields["warc-record-id"] for record in [info, *rest]}) == 9


def test_packed_file(full: Database, tmp_path: Path) -> None:
    """A .warc.gz holds the same records, each a gzip member of its own."""
    plain = warcs.read_warc(written(full, tmp_path / "out.warc"))
    assert warcs.read_packed(written(full, tmp_path / "out.warc.gz")) == plain


@pytest.mark.parametrize("name", ["out.warc", "out.warc.gz"])
def test_two_exports_are_equal(full: Database, tmp_path: Path, name: str) -> None:
    """Nothing in the file depends on when it was written."""
    assert written(full, tmp_path / name) == written(full, tmp_path / f"again-{name}")


def test_only_wanted_articles(full: Database, tmp_path: Path) -> None:
    """Pages of other articles stay behind; what is counted are articles, not pages."""
    path = tmp_path / "out.warc"
    assert export.export(full, path, "warc") == 3
    assert export.export(full, path, "warc", Filter(labels=("issuance",))) == 1
    (_, page, _) = warcs.read_warc(path.read_bytes())
    assert warcs.answer(page).body == BODIES[2]


def test_empty_archive(db: Database, tmp_path: Path) -> None:
    """Without pages the file still says what it is."""
    (info,) = warcs.read_warc(written(db, tmp_path / "out.warc"))
    assert info.fields["warc-date"] == "1970-01-01T00:00:00Z"
    assert warcs.fields_of(info)["description"].startswith("0 news pages")


def test_pages_are_walked_in_batches(full: Database) -> None:
    """No more pages are held than a batch has, and none is left out at its end."""
    assert [len(batch) for batch in archive.pages(full, batch=3)] == [3, 1]


def test_progress(full: Database, tmp_path: Path) -> None:
    """Progress ends at all of the pages that there were."""
    told: list[tuple[int, int]] = []
    export.export(full, tmp_path / "out.warc", "warc", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)


def test_damaged_page_is_named(db: Database, tmp_path: Path) -> None:
    """A page that cannot be unpacked stops the export in words, and no file is left."""
    kept(db, shelve(db, 1), b"whole", body=b"torn")
    with pytest.raises(StoreError, match="snapshot 1 cannot be unpacked"):
        export.export(db, tmp_path / "out.warc", "warc")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_not_to_standard_output(db: Database) -> None:
    """Bytes do not go to a terminal."""
    with pytest.raises(ScraperError, match="name a file"):
        export.export(db, None, "warc")


@pytest.mark.parametrize(
    ("url", "written_as"),
    [
        ("https://bao.example/tin-mới?q=a b", "https://bao.example/tin-m%E1%BB%9Bi?q=a%20b"),
        ("https://bao.example/%C4%91?a=1&b=%2F#c", "https://bao.example/%C4%91?a=1&b=%2F#c"),
        ("https://bao.example/\r\nX-Evil: 1", "https://bao.example/%0D%0AX-Evil:%201"),
        ("https://[::1]:80/a", "https://[::1]:80/a"),
    ],
)
def test_addresses_are_uris(db: Database, tmp_path: Path, url: str, written_as: str) -> None:
    """An address stands in the file as RFC 3986 has it: what is encoded stays, what is not is, no line is broken."""
    kept(db, shelve(db, 1), b"x", url=url)
    (_, page, _) = warcs.read_warc(written(db, tmp_path / "out.warc"))
    assert page.fields["warc-target-uri"] == written_as


@given(st.dictionaries(st.sampled_from(store.snapshots.KEPT_HEADERS), st.text(max_size=30)), st.text(max_size=30))
def test_no_header_breaks_its_line(headers: dict[str, str], key: str) -> None:
    """Whatever a server sends in a header, it makes no further header, no body and no record."""
    page = KeptPage(
        id=1, revision=1, url="https://bao.example/", fetched_at=datetime(2026, 3, 2, tzinfo=UTC), status=299,
        sha256="", size=4, article_id=1, key=key, source="bao", body=b"body",
        headers={name: value.encode(errors="replace").decode() for name, value in headers.items()},
    )  # fmt: skip
    response, about = (warcs.read_warc(record)[0] for record in warc.records(page, "<urn:uuid:0>"))
    assert warcs.answer(response).body == b"body"
    assert warcs.answer(response).headers.keys() == headers.keys() | {"content-length"}
    assert warcs.fields_of(about).keys() == {"article", "key", "source", "revision"}
