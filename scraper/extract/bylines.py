"""Who wrote an unknown page, by what it shows: elements made for a name, then lines like "Von Lan Anh | 12.05.2020"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import zip_longest

from scraper import places
from scraper.extract.frame import Frame
from scraper.extract.outline import Element, Outline
from scraper.extract.people import is_person
from scraper.text import clean

# --- thresholds and their reasons --------------------------------------------------------------------------
MAX_BYLINE = 120
"""Letters of an element or line that names authors; longer ones tell of them."""
MAX_WORDS = 5
"""Words of one name that stands behind a label such as "von", where anything may follow."""

_NAMED = re.compile(
    r"(?:^|[\s_-])(?:author|authors|byline|bylines|autor|autoren|auteur|autore|vcard|tac-gia|tacgia|writer|journalist|"
    r"authorname|author-name|byline-name|nguoi-viet)(?=$|[\s_-]|name|link)"
)
_NOT_NAMED = re.compile(
    r"bio|desc|box|about|image|avatar|photo|social|share|comment|date|time|position|title|more|count"
)
_PROFILE = re.compile(
    r"/(?:authors?|autor(?:en|es|in|a)?|auteurs?|autore|tac-gia|redakteure?|by|journalists?|columnists?)/[^/?#]+",
    re.IGNORECASE,
)
_LABEL = (
    r"(?:(?:geschrieben|verfasst|erstellt|veröffentlicht|publiziert|gepostet|posted|written|published|publicado|"
    r"escrito|"
    r"publié|écrit|gespeichert|eingetragen)\s+)?(?:von|vom|by|par|por|door|przez|bởi)|"
    r"text(?: & fotos)?|texte|texto|tekst|autor(?:in)?|author|auteur|"
    r"tác giả|người viết|bài|eine? (?:beitrag|artikel|gastbeitrag|kommentar|kolumne) von|un article de|foto und text"
)
_LABELLED = re.compile(rf"^(?:{_LABEL})(?:\s*:\s*|\s+)(.+)$|^(?:By|Von)(?=[A-ZÀ-Ö])(.+)$", re.IGNORECASE)
_BARE_LABEL = re.compile(rf"(?:{_LABEL})\s*:?", re.IGNORECASE)
_BAR = re.compile(r"\s*[|·•]\s*")
_WITHIN = re.compile(
    r"\b(?:geschrieben|verfasst|erstellt|veröffentlicht|publiziert|gepostet|posted|written|published|artikel|"
    r"pressemitteilung|beitrag|gespeichert|eingetragen|aktualisiert|am [0-9. ]+\w*[0-9 ]*)"
    r"\W.{0,40}?\b(?:von|vom|by|par|por):?\s+(.+)$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{1,2}\.? \w+\.?,? [0-9]{4}|\w+\.? [0-9]{1,2}, [0-9]{4}|"
    r"\b[0-9]{1,2}[:.h][0-9]{2}\b(?: ?(?:uhr|am|pm|gmt\S*))?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy)|chủ nhật|ngày|cập nhật)\b|"
    r"\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\b|"
    r"\b(?:mon|diens|donners|frei|sams|sonn)tag\b|\bmittwoch\b|"
    r"\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b|"
    r"\b(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b|"
    r"\b(?:son güncelleme|last modified|published|updated)\b",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    "by von par por veröffentlicht publiziert posted published written follow author autor auteur verfasst datum "  # noqa: SIM905
    "date geschrieben erstellt profil profile website".split()
)
# What follows a name in the same line: a date, a section, a count of comments.
_END = re.compile(
    r"\s*(?:[|·•»/(\[]|\s[-–—]\s|[0-9]{1,2}[./:]|,?\s+(?:(?-i:am|on|um|le|el|il|vom|in|für|for)|aktualisiert|updated|"
    r"published|posted|contributor|correspondent|staff|reporter)\b|[0-9]{2,}|,\s*[0-9]).*$",
    re.IGNORECASE,
)


def shown(frame: Frame) -> list[str]:
    """The bylines of the article as the page shows them; most pages have one.

    Args:
        frame: The article's place on its page.
    """
    marked = [(element, name) for element in _marked(frame) if (name := _in_element(frame.page, element))]
    under = [name for element, name in marked if frame.top <= element.start <= frame.first]
    if under:
        return _distinct(under)
    labelled = next(_labelled(line.text for line in frame.under_headline if line.size <= MAX_BYLINE), "")
    if labelled:
        return [labelled]
    dated = _beside_date([line.text for line in frame.under_headline[1:] if line.size <= MAX_BYLINE])
    if dated:
        return [dated]
    if marked:
        return _distinct(name for _, name in marked)
    around = [*frame.above, *frame.page.lines[frame.first : frame.first + 2], *frame.below]
    near = (line.text for line in around if line.size <= MAX_BYLINE and not frame.is_elsewhere(line.element))
    return list(_labelled(near))[:1]


def _marked(frame: Frame) -> list[Element]:
    """The innermost elements around the article that are made for a name, by ``rel``, address, class or id."""
    found = [element for element in frame.near if _is_marked(element) and not frame.is_elsewhere(element)]
    places = [element.order for element in found]
    return [
        element
        for element, after in zip_longest(found, places[1:], fillvalue=None)
        if element is not None and (after is None or after > element.last)
    ]


def _is_marked(element: Element) -> bool:
    if element.tag == "a" and ("author" in element.get("rel").split() or _PROFILE.search(element.get("href"))):
        return True
    return bool(element.names) and _is_made_for_a_name(element.names)


@lru_cache(16_384)
def _is_made_for_a_name(names: str) -> bool:
    return _NAMED.search(names) is not None and _NOT_NAMED.search(names) is None


def _in_element(page: Outline, element: Element) -> str:
    text = page.text(element)
    if not text or len(text) > MAX_BYLINE:
        return ""
    found = _LABELLED.match(text) or _WITHIN.search(text)
    if found:
        return _name(found[found.lastindex or 1])
    name = _names_only(text)
    listed = re.search(r",|&|/| (?:und|and|et|và|y|[-–—]) ", name)
    fits = name[:1].isalpha() and (listed or len(name.split()) < MAX_WORDS)
    return name if fits and name.lower() not in _NOT_NAMES else ""


def _beside_date(lines: list[str]) -> str:
    """A person's name that stands in a line of its own but for a date."""
    for line in lines:
        rest = clean(_WEEKDAY.sub(" ", _DATE.sub(" ", line))).strip(" .,;:|-–—·•/")
        if rest != clean(line) and is_person(rest) and not places.provinces(rest):
            return rest
    return ""


def _labelled(lines: Iterable[str]) -> Iterator[str]:
    """The names behind labels, in the same part of a line or in the line after."""
    label = ""
    for part in (part for line in lines for part in _BAR.split(line)):
        text = f"{label} {part}" if label else part
        found = _LABELLED.match(text) or _WITHIN.search(text)
        name = _name(found[found.lastindex or 1]) if found else ""
        if name:
            yield name
        label = part if _BARE_LABEL.fullmatch(part) else ""


def _name(text: str) -> str:
    """The name at the beginning of a text, ``""`` if it does not begin with one."""
    name = _names_only(text)
    words = name.split()
    capital = bool(words) and (words[0][:1].isupper() or len(words) == 1)
    return name if capital and len(words) <= 2 * MAX_WORDS and name.lower() not in _NOT_NAMES else ""


def _names_only(text: str) -> str:
    """A text up to what follows its names; several may be joined by dashes."""
    joined = re.split(r"\s[-–—]\s", text)
    several = len(joined) > 1 and all(map(is_person, joined))
    return clean(text if several else _END.sub("", text)).strip(" .,;:")


def _distinct(names: Iterable[str]) -> list[str]:
    """Each name once; one that is part of another is the same byline's inner element."""
    found: list[str] = []
    for name in names:
        if name and not any(name in other or other in name for other in found):
            found.append(name)
    return found
