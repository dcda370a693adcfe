"""Reading a body within limits, and what an answer means."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import BadAnswer, Blocked, BodyTooLarge, Gone, ServerFault, Unreachable
from scraper.fetch import answers, body
from scraper.fetch.answers import Answer
from scraper.values import LONGEST_HOLD

URL = "https://outlet.example/a"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
STORY = "Thực thi chính sách ở cơ sở. ".encode() * 50


def raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeezer.compress(data) + squeezer.flush()


def response(data: bytes, coding: str = "", **headers: str) -> httpx.Response:
    """A response not yet read, in pieces of 100 bytes."""

    def pieces() -> Iterator[bytes]:
        yield from (data[i : i + 100] for i in range(0, len(data), 100))

    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(200, headers={"content-encoding": coding, **names} if coding else names, content=pieces())


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("", STORY),
        ("identity", STORY),
        ("gzip", gzip.compress(STORY, mtime=0)),
        ("GZIP", gzip.compress(STORY, mtime=0)),
        ("x-gzip", gzip.compress(STORY, mtime=0)),
        ("gzip", gzip.compress(STORY[:700]) + gzip.compress(STORY[700:])),
        ("gzip", gzip.compress(STORY, mtime=0) + b"\0\0\0"),
        ("deflate", zlib.compress(STORY)),
        ("deflate", raw_deflate(STORY)),
    ],
)
def test_codings(coding: str, data: bytes) -> None:
    """The body comes out the same in every coding that servers use with gzip asked for."""
    assert body.read(response(data, coding), URL, 10_000) == STORY


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "utf-8"])
def test_other_codings_are_refused(coding: str) -> None:
    """A coding that was not asked for is named and not read."""
    with pytest.raises(BadAnswer, match="was not asked for"):
        body.read(response(STORY, coding), URL, 10_000)


def test_not_what_it_says() -> None:
    """Bytes that are not in the coding declared are a bad answer."""
    with pytest.raises(BadAnswer, match="says it is gzip and is not") as bad:
        body.read(response(STORY, "gzip"), URL, 10_000)
    assert isinstance(bad.value.__cause__, zlib.error)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bomb(coding: str) -> None:
    """A bomb is never inflated past the limit."""
    nothing = b"\0" * 20_000_000
    bomb = gzip.compress(nothing, mtime=0) if coding == "gzip" else zlib.compress(nothing)
    assert len(bomb) < 50_000
    assert len(body.inflate(bomb, coding, 50_000).data) == 50_001
    with pytest.raises(BodyTooLarge, match="after inflating"):
        body.read(response(bomb, coding), URL, 50_000)


def test_many_members() -> None:
    """A body of a great many gzip members is refused, as each costs a copy of the rest."""
    with pytest.raises(BadAnswer, match="gzip members"):
        body.read(response(gzip.compress(b"x") * 1000, "gzip"), URL, 50_000)


def test_limit_is_exact() -> None:
    """A body of exactly the limit is read, one byte more is refused, inflated or not."""
    for data, coding in ((STORY, ""), (gzip.compress(STORY, mtime=0), "gzip")):
        assert body.read(response(data, coding), URL, len(STORY)) == STORY
        with pytest.raises(BodyTooLarge, match=r"fetch\.max_body"):
            body.read(response(data, coding), URL, len(STORY) - 1)


def test_declared_size_is_believed() -> None:
    """A body that says it is too large is refused before a byte of it is read."""

    def unread() -> bytes:
        pytest.fail("was read")

    large = httpx.Response(200, headers={"content-length": "10001"}, content=iter(unread, b""))
    with pytest.raises(BodyTooLarge):
        body.read(large, URL, 10_000)


@pytest.mark.parametrize("kept", [1, 9, 60, -1])
def test_truncated_gzip(kept: int) -> None:
    """A gzip body that breaks off can be tried again, and is no sign that we are offline."""
    with pytest.raises(Unreachable, match="breaks off") as broken:
        body.read(response(gzip.compress(STORY, mtime=0)[:kept], "gzip"), URL, 10_000)
    assert broken.value.retry
    assert not broken.value.outage


def test_cut() -> None:
    """With cut, the beginning of a longer body is given, inflated or not."""
    assert body.read(response(STORY), URL, 300, cut=True) == STORY[:300]
    assert body.read(response(gzip.compress(STORY, mtime=0), "gzip"), URL, 300, cut=True) == STORY[:300]


@pytest.mark.parametrize(
    ("data", "coding", "seen"),
    [
        (STORY, "", STORY[:300]),
        (gzip.compress(STORY, mtime=0), "gzip", STORY[:300]),
        (STORY, "gzip", b""),
        (STORY, "br", b""),
    ],
)
def test_peek(data: bytes, coding: str, seen: bytes) -> None:
    """Of an error page as much is read as can be had, and nothing is an error."""
    assert body.peek(response(data, coding), 300) == seen


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]), st.integers(0, 100))
def test_inflate_hostile(data: bytes, coding: str, limit: int) -> None:
    """Whatever the bytes, inflating gives at most one byte over the limit or says that they are wrong."""
    try:
        inflated = body.inflate(data, coding, limit)
    except zlib.error:
        return
    assert len(inflated.data) <= limit + 1


# --- what an answer means ----------------------------------------------------------------------------------


def answer(status: int = 200, content: bytes = b"<p>x</p>", **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, content, 0.1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, Gone),
        (410, Gone),
        (401, Blocked),
        (403, Blocked),
        (429, Blocked),
        (500, ServerFault),
        (502, ServerFault),
        (503, ServerFault),
        (520, ServerFault),
        (304, BadAnswer),
        (300, BadAnswer),
        (302, BadAnswer),
        (400, BadAnswer),
        (418, BadAnswer),
        (451, BadAnswer),
    ],
)
def test_status(status: int, kind: type[BadAnswer]) -> None:
    """Each status is the error it stands for, with the status kept and named."""
    failed = answers.failure(URL, answer(status), NOW)
    assert type(failed) is kind
    assert failed.status == status
    assert str(status) in str(failed)
    assert URL in str(failed)


@pytest.mark.parametrize("status", [200, 203, 206])
def test_success(status: int) -> None:
    """A success with a body is no failure; without one, or with blanks alone, it is."""
    assert answers.failure(URL, answer(status), NOW) is None
    for nothing in (b"", b" \r\n\t"):
        assert "empty body" in str(answers.failure(URL, answer(status, nothing), NOW))


CLOUDFLARE = b"<html><head><title>Just a moment...</title></head><body></body></html>"
COOKIE = b'<html><script>document.cookie="D1N=0a1b; path=/";window.location.reload(true);</script></html>'


@pytest.mark.parametrize("status", [200, 202, 401, 403, 429, 503])
@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (CLOUDFLARE, {}),
        (b"<script>window._cf_chl_opt={}</script>", {}),
        (b'<div id="cf-chl-widget">', {}),
        (b'<script src="/_Incapsula_Resource?x=1"></script>', {}),
        (COOKIE, {}),
        (b"<p>x</p>", {"cf_mitigated": "challenge"}),
        (b"", {"x_amzn_waf_action": "challenge"}),
    ],
)
def test_walls(status: int, content: bytes, headers: dict[str, str]) -> None:
    """A page that challenges programs is Blocked whatever its status, and the error says so."""
    failed = answers.failure(URL, answer(status, content, **headers), NOW)
    assert isinstance(failed, Blocked)
    assert "challenges programs" in str(failed)


@pytest.mark.parametrize(
    "content",
    [
        COOKIE + b" " * 10_000,
        b"<title>A tale</title><p>Just a moment... said the man</p>",
        b"<p>x</p>" * 20_000 + b"cf-chl-widget",
        b"<script>document.cookie='seen=1'</script><p>A short page</p>",
        b"<script>location.href='/home'</script>",
    ],
)
def test_not_walls(content: bytes) -> None:
    """A page that merely sets cookies, or quotes a challenge, is a page."""
    assert answers.failure(URL, answer(200, content), NOW) is None


def test_gone_is_not_a_wall() -> None:
    """A small 404 page with scripts is still gone."""
    assert isinstance(answers.failure(URL, answer(404, COOKIE), NOW), Gone)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7200 ", 7200),
        ("99999999999999999999", 86_400),
        ("Mon, 02 Mar 2026 08:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 15:05:00 +0700", 300),
        ("Monday, 02-Mar-26 08:05:00 GMT", 300),
        ("Mon, 02 Mar 2026 08:05:00 -0000", 300),
        ("Mon, 02 Mar 2020 08:05:00 GMT", 0),
        ("Mon, 02 Mar 2099 08:05:00 GMT", 86_400),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
    ],
)
def test_retry_after(value: str, seconds: int) -> None:
    """Retry-After is read in seconds and as a date, never as past and never as more than a day."""
    assert answers.retry_at({"retry-after": value}, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "²", "Mon, 32 Foo 2026 08:05:00 GMT"])
def test_retry_after_unreadable(value: str) -> None:
    """A Retry-After that says nothing readable says nothing."""
    assert answers.retry_at({"retry-after": value}, NOW) is None


@given(st.text(max_size=40))
def test_retry_after_hostile(value: str) -> None:
    """Whatever Retry-After holds, the time lies between now and a day from now."""
    moment = answers.retry_at({"retry-after": value}, NOW)
    assert moment is None or NOW <= moment <= NOW + LONGEST_HOLD


@pytest.mark.parametrize(
    ("target", "absolute"),
    [
        ("https://other.example/b", "https://other.example/b"),
        ("/b?c=d", "https://outlet.example/b?c=d"),
        ("b#part", "https://outlet.example/b"),
        ("//other.example/b", "https://other.example/b"),
        ("/tin mới", "https://outlet.example/tin%20mới"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("http://[", "http://["),
        ("", None),
    ],
)
def test_location(target: str, absolute: str | None) -> None:
    """A redirect's target is made absolute; what it may be is for the guard to say."""
    assert answers.location(URL, answer(301, location=target)) == absolute
    assert answers.location(URL, answer(200, location=target)) is None
