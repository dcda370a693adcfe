"""Canonical addresses and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import urls


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTPS://Bao.Example:443/A?utm_source=x&b=1&a=#top", "https://bao.example/A?b=1&a="),
        ("https://bao.example/%C4%91i?fbclid=1", "https://bao.example/%C4%91i"),
        ("../tin-1.html", "https://bao.example/tin-1.html"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("https://bao.example./tin", "https://bao.example/tin"),
        ("http://bao.example:8080/tin", "http://bao.example:8080/tin"),
        ("javascript:alert(1)", ""),
        ("https://user@bao.example/", ""),
        ("https://bao.example\\@evil.example/", ""),
        ("ftp://bao.example/", ""),
        ("https://bao.example/" + "a" * 3000, ""),
        ("http://[::1", ""),
    ],
)
def test_canonical(given_url: str, expected: str) -> None:
    """An address has one form, and one that must not be used has none."""
    assert urls.canonical(given_url, "https://bao.example/muc/") == expected


@pytest.mark.parametrize(
    ("variant", "plain"),
    [
        ("https://m.bao.example/tin-1.html", "https://bao.example/tin-1.html"),
        ("https://bao.example/tin-1.amp", "https://bao.example/tin-1"),
        ("https://bao.example/tin-1/amp/", "https://bao.example/tin-1"),
        ("https://bao.example/tin?amp=1&id=3", "https://bao.example/tin?id=3"),
        ("https://amp.bao.example/", "https://bao.example/"),
        ("https://m.example/tin", "https://m.example/tin"),
        ("https://bao.example/View.aspx?view=2", "https://bao.example/View.aspx?view=2"),
    ],
)
def test_without_variant(variant: str, plain: str) -> None:
    """Mobile, AMP and print addresses lead to the plain page's."""
    assert urls.without_variant(variant) == plain


@given(st.text())
def test_canonical_never_raises_and_settles(url: str) -> None:
    """Whatever stands in an href has a canonical form that is its own canonical form, or none."""
    once = urls.canonical(url, "https://bao.example/")
    assert urls.canonical(once) == once if once else once == ""
