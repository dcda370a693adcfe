"""What is put right once the layers are one reading: marks, sign-offs, repetitions, contradictions, gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from scraper.extract import titles
from scraper.extract.generic import is_place
from scraper.extract.leads import dateline, opening
from scraper.extract.people import credits_in, is_sign_off
from scraper.extract.reading import Reading
from scraper.text import fold
from scraper.values import Link

MAX_SIGN_OFFS = 2
"""Lines at the end of a body that may be signatures ("Chu Hiệu", "(Theo TTXVN)"); more are a list of names."""
SAME_MINUTE = timedelta(minutes=1)
"""Pages print one time to the minute and another to the second."""

_CUT_SHORT = re.compile(r"\s*(?:\.\.\.|…)$")


def with_plain_title(reading: Reading, own: Sequence[str]) -> Reading:
    """Without the outlet's name or a date at either end: "… | baotintuc.vn", "… - VnExpress Kinh doanh"."""
    return replace(reading, title=titles.plain(reading.title, own))


def with_plain_lead(reading: Reading, patterns: Sequence[str], own: Sequence[str]) -> Reading:
    """The lead without the outlet's mark, and not the body's beginning over again.

    Meta descriptions are often the first sentences cut short: they are no lead.
    """
    opened = opening(reading.lead, patterns, own)
    lead, paragraphs = opened.text, list(reading.paragraphs)
    while paragraphs and fold(opening(paragraphs[0], patterns, own).text) in {fold(lead), fold(reading.title)}:
        del paragraphs[0]
    cut = _CUT_SHORT.sub("", lead)
    if cut != lead and paragraphs and fold(paragraphs[0]).startswith(fold(cut)):
        lead = ""
    return replace(
        reading,
        lead=lead,
        paragraphs=paragraphs,
        place=reading.place or opened.place,
        agency=reading.agency or opened.agency,
    )


def with_dateline(reading: Reading, own: Sequence[str]) -> Reading:
    """Place and agency as the first paragraph names them; the paragraph keeps them, unless it is a place alone."""
    first = reading.paragraphs[0] if reading.paragraphs else ""
    if is_place(first):
        return replace(reading, place=reading.place or first, paragraphs=reading.paragraphs[1:])
    place, agency = dateline(first, own)
    return replace(reading, place=reading.place or place, agency=reading.agency or agency)


def without_sign_off(reading: Reading, own: Sequence[str], *, loose: bool) -> Reading:
    """Signatures at the end of the body become authors and agency.

    Args:
        reading: What the layers gave.
        own: Names of the outlet itself.
        loose: Whether the source is known to sign there, so that a short line that names people will do.
    """
    body = list(reading.paragraphs)
    signed: list[str] = []
    known = {fold(name) for name in (*reading.authors, reading.agency) if name}
    while len(body) > 1 and (is_sign_off(body[-1], loose=loose) or fold(body[-1]) in known):
        signed.insert(0, body.pop())
    if len(signed) > MAX_SIGN_OFFS:
        return reading
    found = credits_in(signed, own)
    return replace(
        reading,
        paragraphs=body,
        authors=reading.authors or list(found.authors),
        agency=reading.agency or found.agency,
    )


def with_sound_times(reading: Reading, problems: list[str]) -> Reading:
    """An edit before publication is dropped: cafef prints the hour of writing so (March 2026)."""
    published, modified = reading.published_at, reading.modified_at
    if published is None or modified is None or modified >= published:
        return reading
    if published - modified < SAME_MINUTE:
        return replace(reading, modified_at=published)
    problems.append("modified_at: the page gives a time before publication; dropped")
    return replace(reading, modified_at=None)


def filled_from(link: Link | None, reading: Reading, provenance: dict[str, str], problems: list[str]) -> Reading:
    """Title, lead and time as the listing gave them, where the page has none."""
    for name in ("title", "lead", "published_at"):
        value = getattr(link, name, None)
        if value and not getattr(reading, name):
            reading = replace(reading, **{name: value})
            provenance[name] = "listing"
            problems.append(f"{name}: not found on the page; taken from the listing")
    return reading
