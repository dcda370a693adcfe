"""Bytes of a feed or sitemap to text that is safe to parse: inflated under a cap, decoded, free of entities."""

from __future__ import annotations

import codecs
import re
import zlib

from scraper.errors import ListingError
from scraper.values import Page

_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Python knows codecs that are no character sets, and some that cost quadratic time.
_CHARSETS = re.compile(
    r"(?:us-?)?ascii|latin-?1|iso-?8859-\d{1,2}|(?:windows-?|cp)125\d|koi8-[ru]|gbk|gb2312|gb18030|big5|shift_jis"
    r"|euc-(?:jp|kr)",
    re.IGNORECASE,
)
# What XML 1.0 does not allow; one such byte in a title must not cost the whole feed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODES, _LONGEST_CODE = 0x110000, 12  # beyond Unicode; more digits than any character needs
_REFERENCE = re.compile(r"&#(?:([0-9]+)|x([0-9a-f]+));?", re.IGNORECASE)


def text_of(page: Page, cause: str, limit: int) -> str:
    """The document's text without byte order mark and XML declaration.

    Args:
        page: As fetched; a body that is itself gzip (``.xml.gz``) is inflated.
        cause: The ``cause`` of the error, should the body be no good.
        limit: Bytes that the body may have, counted while inflating: 1 kB of gzip can hold 1 MB.

    Raises:
        ListingError: The body is empty, too large, or broken gzip.
    """
    body = _inflated(page, cause, limit) if page.body.startswith(b"\x1f\x8b") else page.body
    if len(body) > limit:
        raise ListingError(page.url, cause, f"has more than {limit:,} bytes; use a smaller listing of the outlet")
    text = _REFERENCE.sub(_allowed, _FORBIDDEN.sub("", _decoded(body, page.content_type)))
    text = _DECLARATION.sub("", text, count=1).strip()
    if not text:
        raise ListingError(page.url, "empty", "the answer is empty; if that lasts, look at the address in a browser")
    return text


def _allowed(reference: re.Match[str]) -> str:
    """The reference if it names a character that XML allows; feedparser raises on others."""
    decimal, hexadecimal = reference.groups()
    digits, base = (decimal, 10) if decimal else (hexadecimal, 16)
    code = int(digits, base) if len(digits) < _LONGEST_CODE else _CODES
    return "" if code >= _CODES or _FORBIDDEN.match(chr(code)) else reference.group()


def refuse_entities(text: str, page: Page, cause: str, *, doctype: bool) -> None:
    """Refuse a document that declares entities, which can blow up or read files.

    The text must be what is parsed later: looking at bytes would miss UTF-16.

    Args:
        text: The decoded document.
        page: Where it comes from.
        cause: The ``cause`` of the error.
        doctype: Refuse any DOCTYPE; RSS 0.91 has a harmless one, sitemaps have none.

    Raises:
        ListingError: It does.
    """
    upper = text.upper()
    if "<!ENTITY" in upper or (doctype and "<!DOCTYPE" in upper):
        what = "entities" if "<!ENTITY" in upper else "a document type"
        raise ListingError(page.url, cause, f"declares {what}, which is refused; use another listing of the outlet")


def refuse_many_tags(text: str, page: Page, cause: str, limit: int) -> None:
    """Refuse a document that would keep the parser busy for long.

    Raises:
        ListingError: More than ``limit`` signs "<".
    """
    if text.count("<") > limit:
        raise ListingError(page.url, cause, f"has more than {limit:,} tags; use a smaller listing of the outlet")


def _inflated(page: Page, cause: str, limit: int) -> bytes:
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        body = inflate.decompress(page.body, limit + 1)
    except zlib.error as error:
        raise ListingError(page.url, cause, f"broken gzip ({error}); it may do at the next poll") from error
    if not inflate.eof and len(body) <= limit:
        raise ListingError(page.url, cause, "gzip cut short; it may do at the next poll")
    return body


def _decoded(body: bytes, content_type: str) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, errors="replace")
    for start, encoding in _WITHOUT_BOM:  # bnews serves UTF-16LE (August 2026)
        if body.startswith(start):
            return body.decode(encoding, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_declared(body, content_type), errors="replace")


def _declared(body: bytes, content_type: str) -> str:
    in_page, in_header = _DECLARED.search(body[:200]), _IN_HEADER.search(content_type)
    names = [in_page[1].decode("ascii", "ignore") if in_page else "", in_header[1] if in_header else ""]
    return next((name for name in names if _CHARSETS.fullmatch(name)), "utf-8")
