"""What outlets put before the first word: their own mark, an agency, a place ("Hà Nội (TTXVN) - …")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.extract.people import agency_name, is_agency, is_outlet
from scraper.text import clean, fold

_DASH = r"\s*[-–—:]+\s*"
_MARK = re.compile(rf"^\(([^()]{{2,30}})\){_DASH}(?=\S)")
_BARE_MARK = re.compile(rf"^([A-ZĐ][A-ZĐa-z.+]{{1,11}}){_DASH}(?=\S)")
_SHORT_NAMES = {"TTO", "NLĐO", "TNO", "NDO", "SGGPO", "BNEWS", "PLO", "VOV.VN", "VGP", "TPO", "CAND", "DNO", "HNM"}
_DATELINE = re.compile(
    rf"^(?:(?P<place>[^\W\d_][^()\d.,;:]{{1,30}}?)\s*(?:,\s*ngày\s[\d/-]{{1,10}})?\s*)?"
    rf"\((?P<name>[^()]{{2,30}})\){_DASH}(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A text and what its first words say of its origin."""

    text: str
    place: str = ""
    agency: str = ""


def opening(text: str, patterns: Sequence[str] = (), own: Iterable[str] = ()) -> Opening:
    """A lead without the outlet's mark: "(Chinhphu.vn) - ", "(NLĐO)- ", "TTO - "; and what the mark says.

    Args:
        text: As printed.
        patterns: The source's own ``lead_prefix`` expressions, tried first.
        own: Names of the outlet itself, which is not its own agency.
    """
    bare = clean(text)
    for pattern in patterns:
        bare = re.sub(rf"^(?:{pattern})", "", bare).lstrip()
    place, agency = dateline(bare, own)
    found = _MARK.match(bare) or _BARE_MARK.match(bare)
    if found and (is_outlet(found[1]) or found[1].upper() in _SHORT_NAMES):
        bare = bare[found.end() :]
    return Opening(bare, place, agency)


def dateline(text: str, own: Iterable[str] = ()) -> tuple[str, str]:
    """Place and agency named before the first dash of a text; the text itself keeps them.

    "TTXVN - Ngày 13/4, …" gives ``("", "TTXVN")``, "Hà Nội (TTXVN) - …" gives ``("Hà Nội", "TTXVN")``.
    """
    ours = {fold(name) for name in own if name}
    found = _DATELINE.match(text)
    if found and is_outlet(found["name"]):
        agency = "" if fold(found["name"]) in ours else agency_name(found["name"])
        return clean(found["place"] or ""), agency
    bare = _BARE_MARK.match(text)
    if bare and is_agency(bare[1]) and fold(bare[1]) not in ours:
        return "", agency_name(bare[1])
    return "", ""
