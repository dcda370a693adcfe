"""When an unknown page was published, by what it shows: time elements, lines around the article, its address.

A date in a footer, beside a comment or in a box of other stories never counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from scraper import dates, urls
from scraper.extract.frame import Frame
from scraper.extract.outline import Element, Line
from scraper.extract.reading import Site

# --- thresholds and their reasons --------------------------------------------------------------------------
MAX_STAMP = 90
"""Letters of a line with a date and little else; longer ones tell of dates."""
MAX_OPENING = 24
"""Letters at the beginning of a body that are its date: "01.02.2022 – Der Arbeitsmarkt …"."""
NEAR_ADDRESS = timedelta(days=2)
"""A date shown is the one that the address bears, give or take time zones and late edits of one of them."""

_IN_ADDRESS = re.compile(r"/((?:19|20)[0-9]{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12][0-9]|3[01])(?=[/_.-]|$)")
_RIGHTS = re.compile(r"©|\(c\)|copyright|all rights|bản quyền", re.IGNORECASE)


def published(frame: Frame, url: str, site: Site) -> datetime | None:
    """The moment of publication, aware UTC, or ``None``.

    Args:
        frame: The article's place on its page.
        url: The page's address; many bear the day.
        site: In which zone and order the outlet prints dates.
    """
    day = _of_address(url, site)
    found: datetime | None = None
    for moment in _shown(frame, site):
        if day is None or abs(moment - day) <= NEAR_ADDRESS:
            return moment
        found = found or moment
    return day or found


def _of_address(url: str, site: Site) -> datetime | None:
    found = _IN_ADDRESS.search(urls.path_of(url))
    return dates.parse("-".join(found.groups()), zone=site.zone) if found else None


def _shown(frame: Frame, site: Site) -> Iterator[datetime]:
    """The dates around the article, likeliest first."""
    page = frame.page
    around = [element for element in frame.near if element.tag == "time" and not frame.is_elsewhere(element)]
    yield from _read((_of_time(element, frame) for element in around if element.start >= frame.top), site)
    yield from _read((line.text for line in frame.under_headline if _is_stamp(line)), site)
    yield from _read((_of_line(line, frame) for line in frame.above), site)
    yield from _read((_of_time(element, frame) for element in around), site)
    yield from _read((_of_opening(line) for line in page.lines[frame.first : frame.first + 3]), site)
    yield from _read((_of_line(line, frame) for line in frame.below), site)
    times = (element for element in page.elements if element.tag == "time" and not frame.is_elsewhere(element))
    yield from _read((_of_time(element, frame) for element in times), site)


def _read(texts: Iterable[str], site: Site) -> Iterator[datetime]:
    for text in texts:
        moment = dates.parse(text, zone=site.zone, order=site.order) if text else None
        if moment is not None:
            yield moment


def _of_time(element: Element, frame: Frame) -> str:
    return element.get("datetime") or frame.page.text(element)[:MAX_STAMP]


def _of_line(line: Line, frame: Frame) -> str:
    return line.text if _is_stamp(line) and not frame.is_elsewhere(line.element) else ""


def _is_stamp(line: Line) -> bool:
    return line.size <= MAX_STAMP and not _RIGHTS.search(line.text)


def _of_opening(line: Line) -> str:
    return line.text if line.size <= MAX_STAMP else line.text[:MAX_OPENING]
