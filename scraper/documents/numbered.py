"""Documents named by their whole number.

The forms come from Decree 30/2020/NĐ-CP (number, abbreviation of the type, abbreviation of the body), Law
64/2025/QH15 (number, year, type, body of legal normative documents) and the party's Instruction 36-HD/VPTW
(number, type, body). Outlets vary them with spaces, en dashes, a missing zero and three letters that look like Đ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.documents.citation import Citation
from scraper.documents.tables import LETTER_HEADS, TYPES

_SPELLINGS = {
    "ND": "NĐ", "QD": "QĐ", "CD": "CĐ", "TTR": "TTr", "CTR": "CTr", "QYĐ": "QyĐ",
    "NĐCP": "NĐ-CP", "NDCP": "NĐ-CP", "QĐTTg": "QĐ-TTg", "QDTTg": "QĐ-TTg", "QĐTTG": "QĐ-TTg", "QDTTG": "QĐ-TTg",
    "TTG": "TTg", "Ttg": "TTg", "Tg": "TTg", "TƯ": "TW", "T.Ư": "TW", "T.W": "TW", "HDND": "HĐND", "BGDDT": "BGDĐT",
}  # fmt: skip
# A judgment's number ends in the kind of case and the stage of the trial: 12/2020/HS-ST.
_COURT = frozenset({"ST", "PT", "GĐT", "HS", "DS", "HC", "LĐ", "HNGĐ", "KDTM", "TLST", "TLPT", "QĐST"})
_ASSEMBLY = re.compile(r"(?:UBTV)?QH\d{1,2}")

_DASH = r"[-‐‑‒–—−]"
_SLASH = r"\s{0,2}[/\\]\s{0,2}"
_CODE = r"(?:TTg|Ttg|Tg|CTr|TTr|QyĐ|Q[ĐD]TTg|[A-ZĐƯ][A-ZĐƯ&]*\d{0,3})(?![^\W\d])"
_YEAR = r"(?:19|20)\d\d"
# The digit comes first and is looked back from: so the engine can skip to digits.
_GLUED = "|".join(rf"(?<={kind}\d)" for kind in ("NĐ", "QĐ", "NQ", "TT", "CT", "KH", "CV", "KL"))
_NUMBER = rf"(?P<number>\d(?:(?<![\w./&-]\d)(?<!\d[,:]\d)|{_GLUED})\d{{0,4}}[a-z]?)"
_DATED_STEM = rf"{_NUMBER}(?:-(?P<once>{_YEAR})(?:{_SLASH}|-)|{_SLASH}(?:(?P<year>{_YEAR})(?:{_SLASH}|\s?{_DASH}\s?))?)"
_STATE = re.compile(
    rf"{_DATED_STEM}(?P<head>(?:UBTV)?QH\s?\d\d(?!\d)|{_CODE})"
    rf"(?P<rest>(?:(?:\s?(?:{_DASH}|/)\s?|\.){_CODE}(?:{_DASH}{_CODE})*)?)(?:/(?P<after>{_YEAR})(?!\d))?"
)
_PARTY_BODY = rf"(?:T\.\s?[ƯW]|{_CODE}(?:{_DASH}{_CODE})?)"
_PARTY = re.compile(rf"{_NUMBER}\s?{_DASH}\s?(?P<head>{_CODE})\s?/\s?(?P<rest>{_PARTY_BODY})")
# In small letters only what no other writing looks like.
_SMALL = re.compile(
    rf"{_DATED_STEM}(?P<head>(?i:(?:ubtv)?qh\s?\d\d(?!\d)|n[đd]|q[đd]|nq|ct|tt|ttlt|kh|c[đd]|kl|hd|tb))"
    rf"(?P<rest>(?:\s?(?:{_DASH}|/)\s?(?i:cp|ttg|tw|ubnd|h[đd]nd|tu|vpcp|nhnn|ubtvqh\d\d|b[a-zđ&]{{1,8}}))*)(?!\w)"
    r"(?P<after>)"
)
_SMALL_PARTY = re.compile(
    rf"{_NUMBER}\s?{_DASH}\s?(?P<head>(?i:ct|nq|kl|q[đd]|hd|tb))\s?/\s?(?P<rest>(?i:tw|tu))(?!\w)"
)
# Where the number alone does not tell the type, the words before it do.
_NAMED = re.compile(
    r"(Bộ luật|Luật|Nghị quyết|Pháp lệnh|Quy định|Quyết định|Công văn|Văn bản|Công điện)", re.IGNORECASE
)
_STANDARD = re.compile(r"(?:QCVN|TCVN|TCCS|TCXDVN|ISO)[\s/]*$")
_DAY = r"\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?"
_DATED = re.compile(rf"\s{{0,2}}[,(]?\s{{0,2}}(?:(?:ký |ban hành )?ngày\s{{1,2}}{_DAY}|năm\s)({_YEAR})(?!\d)")
_LOOK_BACK = 60
_LOOK_AHEAD = 40


def numbered(text: str, plain: str, origins: Sequence[int]) -> list[Citation]:
    """Every document number in the text, in order; a number named twice comes twice.

    Numbers of judgments, technical standards and dates are not documents.

    Args:
        text: As given to the reader; spans are of this text.
        plain: The same composed, see :func:`scraper.text.composed`.
        origins: Where each character of ``plain`` stands in ``text``.
    """
    found: dict[int, Citation] = {}
    for pattern in (_STATE, _PARTY, _SMALL, _SMALL_PARTY):
        for match in pattern.finditer(plain):
            read = _party_parts if pattern in {_PARTY, _SMALL_PARTY} else _state_parts
            parts = None if match.start() in found else read(match, plain)
            if parts and not _STANDARD.search(plain[max(0, match.start() - _LOOK_BACK) : match.start()]):
                found[match.start()] = _citation(text, plain, origins, match, parts)
    return [found[start] for start in sorted(found)]


def _state_parts(match: re.Match[str], plain: str) -> tuple[str, str, str, str] | None:
    """Canonical number, type, body and year (as digits) of a number of the state's form, if it is one."""
    head, *rest = _codes(match["head"] + match["rest"])
    number, year = _padded(match["number"]), match["year"] or match["once"] or match["after"] or ""
    stem = f"{number}/{year}/" if year else f"{number}/"
    if _ASSEMBLY.fullmatch(head) and year:
        return stem + head, _named_before(plain, match) or "Văn bản", head, year
    if not rest or _COURT.intersection(rest) or _COURT.intersection([head]):
        return None
    if not year and rest in (["TW"], ["TU"]) and head in TYPES:  # a slip: the party puts the slash before the body
        return f"{number}-{head}/{rest[0]}", TYPES[head], rest[0], ""
    canonical = stem + "-".join([head, *rest])
    if head in TYPES:
        return canonical, TYPES[head], "-".join(rest[-1:] if head == "VBHN" else rest), year
    if head in LETTER_HEADS or _named_before(plain, match) in {"Công văn", "Văn bản"}:
        return canonical, "Công văn", head, year
    return None


def _party_parts(match: re.Match[str], plain: str) -> tuple[str, str, str, str] | None:
    """The same of a number of the party's form, such as ``27-CT/TW``."""
    (head,), body = _codes(match["head"])[:1], "-".join(_codes(match["rest"]))
    if head not in TYPES:
        return None
    if body in {"CP", "TTg"}:  # a slip: the state puts the slash before the type
        return f"{_padded(match['number'])}/{head}-{body}", TYPES[head], body, ""
    name = _named_before(plain, match) if head == "QĐ" else ""
    return f"{_padded(match['number'])}-{head}/{body}", name or TYPES[head], body, ""


def _codes(written: str) -> list[str]:
    bare = "".join(written.split())
    joined = re.sub(rf"{_DASH}|/|(?<!T)\.", "-", bare)
    joined = joined.upper() if any(letter.islower() for letter in joined) and joined not in _SPELLINGS else joined
    parts = _SPELLINGS.get(joined, joined).split("-")
    return [_SPELLINGS.get(part, part) for part in parts]


def _padded(number: str) -> str:
    """Decree 30/2020/NĐ-CP, article 8 and appendix I: numbers below ten are written with a zero before them."""
    return number.zfill(2)


def _named_before(plain: str, match: re.Match[str]) -> str:
    names = _NAMED.findall(plain[max(0, match.start() - _LOOK_BACK) : match.start()])
    return names[-1].capitalize() if names else ""


def _citation(
    text: str, plain: str, origins: Sequence[int], match: re.Match[str], parts: tuple[str, str, str, str]
) -> Citation:
    number, kind, body, year = parts
    if not year and (dated := _DATED.match(plain, match.end(), match.end() + _LOOK_AHEAD)):
        year = dated[1]
    start, end = origins[match.start()], origins[match.end()]
    return Citation(number, kind, body, int(year) if year else None, (start, end), text[start:end])
