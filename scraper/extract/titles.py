"""The headline as readers see it, without what publishing systems put around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper import urls
from scraper.text import clean, fold

ALIKE = 0.6
"""Share of the printed headline's words that the page's title for machines repeats, if it is the same one."""
MAX_NAME = 60
"""Letters of an outlet's name at the end of a title."""
MIN_LABEL = 4
"""Letters of a host's label that count as a name; "vov" and "tp" begin words."""

_SUFFIX = re.compile(rf"\s*(?:\s[|–—»›·•:│ㅣ-]|[|│ㅣ]|\s::|--)\s*([^|–—»›·•│ㅣ]{{2,{MAX_NAME}}})$")
_PREFIX = re.compile(r"^([^|–—»›·•│]{2,40}?)\s*(?:\s[|–—»›·•│-]\s|\|)\s*(?=\S)")
_DATE = re.compile(r"^[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}$")


def printed(given: str, shown: str) -> str:
    """The title of structured data as the page prints it; the one that is given where the headline is another one.

    Editors write a second title for search engines; the headline is the one above the text. A kicker printed in the
    same heading is not part of it.
    """
    words = set(fold(shown).split())
    if not given or not words:
        return given
    common = len(words & set(fold(given).split()))
    if common < ALIKE * len(words) or _letters(shown).endswith(_letters(given)):
        return given.lstrip(" :|-")
    return shown


def differ(given: str, shown: str) -> bool:
    """Whether two titles have less than half of the shorter one's words in common."""
    one, other = set(fold(given).split()), set(fold(shown).split())
    return bool(one and other) and 2 * len(one & other) < min(len(one), len(other))


def plain(title: str, own: Sequence[str]) -> str:
    """A title without the outlet's name or a date at its ends.

    Args:
        title: As given.
        own: Names and hosts of the outlet.
    """
    title = clean(title)
    names = _names(own)
    while (found := _SUFFIX.search(title)) and (_DATE.match(found[1]) or _is_outlet(found[1], names)):
        title = title[: found.start()]
    found = _PREFIX.match(title)
    return title[found.end() :] if found and _is_outlet(found[1], names) else title


def _names(own: Sequence[str]) -> set[str]:
    hosts = {label for name in own if "." in name and " " not in name for label in _labels(name)}
    return {letters for name in (*own, *hosts) if (letters := _letters(name))}


def _labels(host: str) -> list[str]:
    """The part of a host before its ending: "baotintuc" of "baotintuc.vn"."""
    labels = urls.host_of(f"//{host}").removeprefix("www.").split(".")
    return [label for label in labels[:-1] if len(label) >= MIN_LABEL]


def _letters(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())


def _is_outlet(part: str, names: set[str]) -> bool:
    letters = _letters(part)
    return any(
        letters == name
        or (
            len(name) >= MIN_LABEL
            and (letters.startswith(name) or (len(letters) >= MIN_LABEL and name.startswith(letters)))
        )
        for name in names
    )
