"""One form for each address, and in words why an address is refused.

General canonicalisers damage real addresses (they sort parameters, decode escapes, drop empty values), so this
keeps to what is safe: scheme and host in lower case, default port, fragment and tracking parameters dropped.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from yarl import URL

MAX_LENGTH = 2048
"""Longer addresses are refused: no outlet known uses them, and traps do."""

_TRACKING = re.compile(
    r"^(?:utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|zarsrc|zalo_src|ref_src)$"
)
_VARIANT_HOST = re.compile(r"^(?:m|mobile|amp)\.(?=[^.]+\.)")
_VARIANT_PATH = re.compile(r"(?:/amp/?|\.amp|\.print|/print/?)$")
_VARIANT_QUERY = {"amp", "print", "mobile", "outputtype"}
# What every rule below would leave as it is; most addresses are so, and the rules cost 30 us.
_PLAIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}/[A-Za-z0-9._~/-]*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def refusal(url: str) -> str | None:
    """Why this address must not be fetched or linked, or ``None`` when nothing speaks against it.

    What its host resolves to is for :mod:`scraper.fetch` to check.
    """
    if len(url) > MAX_LENGTH:
        return f"longer than {MAX_LENGTH} characters"
    if _UNSAFE.search(url):
        return "contains a space, a control character or a backslash"
    try:
        parts = urlsplit(url)
        _ = parts.port
        URL(url)
    except ValueError as error:
        return f"not a URL ({error})"
    if parts.scheme.lower() not in {"http", "https"}:
        return f"scheme {parts.scheme or 'missing'!r} is not http or https"
    if "@" in parts.netloc:
        return "carries a user name"
    return None if (parts.hostname or "").strip(".") else "has no host"


@lru_cache(4096)
def canonical(url: str, base: str = "") -> str:
    """The one form under which an address is stored.

    Args:
        url: Absolute, or relative to ``base``.
        base: The page that the link stands on.

    Returns:
        The canonical address, or ``""`` when :func:`refusal` has something against it.
    """
    if _PLAIN.fullmatch(url) and len(url) <= MAX_LENGTH and "/." not in url:
        return url
    try:
        joined = urljoin(base, url.strip()) if base else url.strip()
    except ValueError:
        return ""
    if refusal(joined):
        return ""
    try:
        parsed = URL(joined).with_fragment(None)
        host = (parsed.host or "").rstrip(".").lower()
        parsed = parsed.with_host(host)
    except ValueError:
        return ""
    if parsed.explicit_port is not None and parsed.is_default_port():
        parsed = parsed.with_port(None)
    kept = [(name, value) for name, value in parsed.query.items() if not _TRACKING.match(name.lower())]
    if len(kept) != len(parsed.query):
        parsed = parsed.with_query(kept or None)
    return str(parsed)


def without_variant(url: str) -> str:
    """The address of the plain page behind an AMP, mobile or print address; ``url`` must be canonical."""
    parsed = URL(url)
    host = _VARIANT_HOST.sub("", parsed.host or "")
    path = _VARIANT_PATH.sub("", parsed.path) or "/"
    query = [(name, value) for name, value in parsed.query.items() if name.lower() not in _VARIANT_QUERY]
    result = parsed.with_host(host) if host != parsed.host else parsed
    if path != parsed.path:
        result = result.with_path(path)
    if len(query) != len(parsed.query):
        result = result.with_query(query or None)
    elif path != parsed.path and query:
        result = result.with_query(query)
    return str(result)


def host_of(url: str) -> str:
    """The host in lower case, without port or trailing dot; ``""`` when there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """The path as it is written; ``""`` when there is none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def link(url: str) -> str:
    """The address when it is one to link to, else ``""``: no script, no user name, http or https only."""
    return url if refusal(url) is None else ""
