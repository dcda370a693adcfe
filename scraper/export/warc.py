"""WARC/1.1 (ISO 28500:2017): every kept page as a ``response`` record, for web archives and replay tools.

A page is kept decoded, so its record bears the length of the decoded body and no Content-Encoding. A ``metadata``
record after it names the article; it has the standard's own fields, and no address, so that replay tools do not take
it for a capture. Nothing in the file depends on the moment of exporting: two exports of one archive are equal.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import uuid
from base64 import b32encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import quote

from scraper import __version__
from scraper.export.stories import Progress
from scraper.store import archive
from scraper.store.archive import Extent, Filter, KeptPage
from scraper.store.database import Database

_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://pypi.org/project/scraper/warc")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_URI = "%/:?#[]@!$&'()*+,;=~-._"  # RFC 3986, reserved and unreserved; what is encoded already stays so
_OF_THE_WIRE = {"content-length", "content-encoding", "transfer-encoding"}
_NEVER = datetime.fromtimestamp(0, UTC)


def write_warc(
    db: Database, out: BinaryIO, wanted: Filter, *, packed: bool = False, progress: Progress | None = None
) -> int:
    """The kept pages of all wanted articles in the order stored.

    Args:
        db: The archive; it may be written to meanwhile.
        out: Where to.
        wanted: Which articles.
        packed: Make each record a gzip member of its own, as the standard asks of ``.warc.gz`` (annex D).
        progress: Called after each batch with how many pages are done and how many there were at the start.

    Returns:
        Of how many articles there are pages.
    """
    extent = archive.pages_extent(db, wanted)
    info = _identity("warcinfo", extent, wanted)
    done, articles = 0, set[int]()
    form = _member if packed else bytes
    out.write(form(_warcinfo(info, extent)))
    for batch in archive.pages(db, wanted):
        for page in batch:
            out.writelines(map(form, records(page, info)))
        done += len(batch)
        articles.update(page.article_id for page in batch)
        if progress:
            progress(done, max(done, extent.count))
    return len(articles)


def records(page: KeptPage, info: str) -> Iterator[bytes]:
    """The ``response`` record of a page, and the ``metadata`` record that says whose it is.

    Args:
        page: The page.
        info: The name of the file's ``warcinfo`` record.
    """
    name, date = _identity("response", page.id, page.sha256, page.url, page.fetched_at), _date(page.fetched_at)
    head = f"HTTP/1.1 {page.status} {_phrase(page.status)}\r\n{_http_fields(page)}\r\n".encode()
    yield _record(
        {
            "WARC-Type": "response",
            "WARC-Record-ID": name,
            "WARC-Warcinfo-ID": info,
            "WARC-Date": date,
            "WARC-Target-URI": quote(page.url, safe=_URI, errors="replace"),
            "WARC-Payload-Digest": _digest(page.body),
            "Content-Type": "application/http; msgtype=response",
        },
        head + page.body,
    )
    about = {"article": page.article_id, "key": page.key, "source": page.source, "revision": page.revision}
    yield _record(
        {
            "WARC-Type": "metadata",
            "WARC-Record-ID": _identity("metadata", name),
            "WARC-Warcinfo-ID": info,
            "WARC-Date": date,
            "WARC-Refers-To": name,
            "Content-Type": "application/warc-fields",
        },
        _fields({field: str(value) for field, value in about.items()}).encode(),
    )


def _warcinfo(name: str, extent: Extent) -> bytes:
    """The record that describes the file; its date is that of the newest page."""
    said = {
        "software": f"scraper/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": f"{extent.count} news pages; bodies are decoded, and only some response headers were kept",
    }
    named = {"WARC-Type": "warcinfo", "WARC-Record-ID": name, "WARC-Date": _date(extent.newest or _NEVER)}
    return _record(named | {"Content-Type": "application/warc-fields"}, _fields(said).encode())


def _record(named: Mapping[str, str], block: bytes) -> bytes:
    head = {**named, "WARC-Block-Digest": _digest(block), "Content-Length": str(len(block))}
    return b"WARC/1.1\r\n" + _fields(head).encode() + b"\r\n" + block + b"\r\n\r\n"


def _member(record: bytes) -> bytes:
    return gzip.compress(record, compresslevel=6, mtime=0)


def _http_fields(page: KeptPage) -> str:
    kept = {name.title(): value for name, value in page.headers.items() if name.lower() not in _OF_THE_WIRE}
    return _fields({**kept, "Content-Length": str(len(page.body))})


def _fields(named: Mapping[str, str]) -> str:
    """One line a field; what would break a line is a space."""
    return "".join(f"{name}: {_CONTROLS.sub(' ', value)}\r\n" for name, value in named.items())


def _identity(*of: object) -> str:
    """A record's name: the same for the same, and no other's."""
    return f"<{uuid.uuid5(_NAMES, repr(of)).urn}>"


def _digest(data: bytes) -> str:
    """SHA-1 in base 32, which indexes of web archives are keyed by."""
    return f"sha1:{b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
