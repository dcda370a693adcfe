"""Forms and hashes of Vietnamese text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import text


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("Hoà Bình", "hòa bình"),
        ("thuỷ lợi, khoẻ mạnh", "thủy lợi, khỏe mạnh"),
        ("QUÝ I", "quý i"),
        ("hoàn thành", "hoàn thành"),
        ("ngoài ra", "ngoài ra"),
        ("Ðắk Lắk", "đắk lắk"),
        ("“Vì người nghèo” – 2023…", '"vì người nghèo" - 2023...'),
        ("Điện\u00a0Biên\u200b", "điện biên"),
        ("Điện\ud800 Biên", "điện biên"),
    ],
)
def test_match_form(written: str, matched: str) -> None:
    """Spellings of one word meet in one form; tones and đ stay."""
    assert text.match_form(written) == matched
    assert text.match_form(unicodedata.normalize("NFD", written)) == matched


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Đắk Lắk", "dak lak"), ("Thừa Thiên - Huế", "thua thien - hue"), ("GIẢI NGÂN", "giai ngan")],
)
def test_fold_loses_every_accent(written: str, folded: str) -> None:
    """A search without accents finds words with accents, đ too."""
    assert text.fold(written) == folded


def test_hashes_are_literal() -> None:
    """A stored hash keeps its meaning between versions of the program."""
    assert text.content_hash("Tin", "Sapo", "Thân bài.") == "1:4cecb1437a027d67b2ddb2fdf40a010e"
    assert text.words_hash(text.syllables("Thân bài.")) == "1:df4302b19fe00f5cbb0b42717a799a80"


@pytest.mark.parametrize(
    ("first", "second"),
    [("Hoà  Bình.", "hòa bình"), ("“Một, hai”", '"Một hai"'), ("Một\n\nhai", "Một hai")],
)
def test_hash_ignores_typography(first: str, second: str) -> None:
    """Spacing, case, punctuation and tone placement are no edit."""
    assert text.syllables(first) == text.syllables(second)


def test_hash_sees_a_changed_figure() -> None:
    """One digit makes another text."""
    assert text.syllables("tăng 8%") != text.syllables("tăng 9%")


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (3, 1), (4, 1), (6, 3)])
def test_shingles(count: int, expected: int) -> None:
    """There is a shingle for every run of four syllables, and one for a shorter text."""
    assert len(text.shingles([str(n) for n in range(count)])) == expected


@given(st.text())
def test_forms_never_fail_and_settle(written: str) -> None:
    """Any text has its forms, and a form of a form is the same."""
    assert text.clean(text.clean(written)) == text.clean(written)
    text.match_form(written)
    text.fold(written)
    text.content_hash(written, written, written)
