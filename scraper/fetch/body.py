"""A response's bytes, inflated, and never more of them than allowed.

Only gzip is asked for: httpx hands a brotli bomb of 1.6 kB over as one chunk of 1 GiB even when streamed. A server that
answers with another coding anyway is told off instead of trusted.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple, cast

import httpx

from scraper.errors import BadAnswer, BodyTooLarge, FetchError, Unreachable

ACCEPT_ENCODING = "gzip"

_GZIP, _ZLIB, _RAW = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS
_CODINGS = {"gzip", "x-gzip", "deflate"}
_PLAIN = {"", "identity"}

_MAX_MEMBERS = 16
"""Gzip members in one body. Servers send one; each further one makes zlib copy the rest, so many are a bomb too."""


class Inflated(NamedTuple):
    """What came out, and whether the stream had its proper end."""

    data: bytes
    complete: bool


def inflate(raw: bytes, coding: str, limit: int) -> Inflated:
    """Inflate at most ``limit`` + 1 bytes: one more than allowed says that there is more.

    Args:
        raw: The whole body as received.
        coding: ``gzip``, ``x-gzip`` or ``deflate`` (with or without zlib's header: servers send both).
        limit: Bytes.

    Raises:
        zlib.error: The bytes are not in that coding.
    """
    window = _window(raw, coding)
    out = bytearray()
    for _ in range(_MAX_MEMBERS):
        stream = zlib.decompressobj(window)
        out += stream.decompress(raw, limit + 1 - len(out))
        if len(out) > limit or not stream.eof:
            return Inflated(bytes(out), complete=False)
        raw = stream.unused_data
        if window != _GZIP or not raw.startswith(b"\x1f\x8b"):
            return Inflated(bytes(out), complete=True)
    raise zlib.error(f"more than {_MAX_MEMBERS} gzip members")


def _window(raw: bytes, coding: str) -> int:
    if coding != "deflate":
        return _GZIP
    has_header = len(raw) > 1 and raw[0] & 0x0F == zlib.DEFLATED and (raw[0] << 8 | raw[1]) % 31 == 0
    return _ZLIB if has_header else _RAW


def read(response: httpx.Response, url: str, limit: int, *, cut: bool = False) -> bytes:
    """The whole body, decoded.

    Args:
        response: Not yet read.
        url: For messages.
        limit: Bytes allowed on the wire, and again after inflating.
        cut: Give the first ``limit`` bytes of a longer body instead of refusing it.

    Raises:
        BodyTooLarge: There is more, and ``cut`` is not set.
        BadAnswer: A coding that was not asked for, or bytes that are not in it.
        Unreachable: The body breaks off.
        DeadlineExceeded: The request's time is up.
    """
    coding = _coding(response, url)
    if not cut and _declared(response) > limit:
        raise _too_large(url, limit, "on the wire")
    raw, more = _received(response, limit)
    if more and not cut:
        raise _too_large(url, limit, "on the wire")
    if coding in _PLAIN or not raw:
        return raw
    try:
        data, complete = inflate(raw, coding, limit)
    except zlib.error as error:
        why = f"says it is {coding} and is not ({error}); report it to the site"
        raise BadAnswer(url, why, status=response.status_code) from error
    if cut and (more or len(data) > limit):
        return data[:limit]
    if len(data) > limit:
        raise _too_large(url, limit, f"after inflating {len(raw)} bytes")
    if not complete:
        broken = Unreachable(url, f"the {coding} body breaks off; it is tried again later")
        broken.outage = False  # it was reached
        raise broken
    return data


def peek(response: httpx.Response, limit: int) -> bytes:
    """As much of the body as can be had within ``limit`` bytes; for answers whose status is what counts."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    try:
        raw, _ = _received(response, limit)
        data = raw if coding in _PLAIN else inflate(raw, coding, limit).data if coding in _CODINGS else b""
    except (FetchError, zlib.error):
        return b""
    return data[:limit]


def _received(response: httpx.Response, limit: int) -> tuple[bytes, bool]:
    """At most ``limit`` bytes of the wire, and whether there were more."""
    raw = bytearray()
    for part in cast("httpx.SyncByteStream", response.stream):  # "iter_raw" counts and cuts, at 5 % of a request's cost
        raw += part
        if len(raw) > limit:
            return bytes(raw[:limit]), True
    return bytes(raw), False


def _declared(response: httpx.Response) -> int:
    length: str = response.headers.get("content-length", "")
    return int(length[:20]) if length.isdecimal() else 0


def _coding(response: httpx.Response, url: str) -> str:
    coding: str = response.headers.get("content-encoding", "").strip().lower()
    if coding not in _PLAIN | _CODINGS:
        raise BadAnswer(
            url,
            f"content coding {coding!r} was not asked for and is not read; gzip or none is; report it to the site",
            status=response.status_code,
        )
    return coding


def _too_large(url: str, limit: int, where: str) -> BodyTooLarge:
    return BodyTooLarge(url, f"more than {limit} bytes {where}; raise fetch.max_body if this is a page you want")
