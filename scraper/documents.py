"""Legal citations: the numbers of documents that a text names, in one form.

The forms come from Decree 30/2020/NĐ-CP (number, abbreviation of the type, abbreviation of the body), Law
64/2025/QH15 (number, year, type, body of legal normative documents) and the party's Instruction 36-HD/VPTW
(number, type, body). Outlets vary them with spaces, en dashes, a missing zero and three letters that look like Đ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.text import composed

TYPES = {
    "NĐ": "Nghị định",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "NQLT": "Nghị quyết liên tịch",
    "CT": "Chỉ thị",
    "CĐ": "Công điện",
    "CV": "Công văn",
    "KH": "Kế hoạch",
    "KL": "Kết luận",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "BC": "Báo cáo",
    "TTr": "Tờ trình",
    "CTr": "Chương trình",
    "ĐA": "Đề án",
    "PA": "Phương án",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "SL": "Sắc lệnh",
    "PL": "Pháp lệnh",
    "L": "Lệnh",
    "VBHN": "Văn bản hợp nhất",
}
"""Abbreviations of document types, Decree 30/2020/NĐ-CP, appendix III, and the party's own."""

_LETTER_HEADS = (
    "UBND UB HĐND VPCP VPCTN NHNN TTCP KTNN UBDT BHXH TCT CT TCHQ TLĐ TANDTC VKSTC VKSNDTC MTTW ĐĐBQH TU TLĐLĐ "
    "BYT BTC BNV BTP BGDĐT BGD&ĐT BCT BXD BGTVT BLĐTBXH BNN BNNPTNT BTNMT BNNMT BVHTTDL BTTTT BKHCN BKHĐT "
    "BCA BQP BNG BDTTG SYT SGDĐT SGD&ĐT STC SXD SNV STP SLĐTBXH SNN SNNPTNT STNMT SNNMT SGTVT SKHĐT SKHCN "
    "SVHTT SVHTTDL STTTT SCT"
)
LETTER_HEADS = frozenset(_LETTER_HEADS.split())
"""Bodies whose letters (công văn) carry only number, body and office: ``1234/UBND-KGVX``."""

_SPELLINGS = {
    "ND": "NĐ", "QD": "QĐ", "CD": "CĐ", "TTR": "TTr", "CTR": "CTr",
    "NĐCP": "NĐ-CP", "QĐTTg": "QĐ-TTg", "TTG": "TTg", "TƯ": "TW",
}  # fmt: skip
# A judgment's number ends in the kind of case and the stage of the trial: 12/2020/HS-ST.
_COURT = frozenset({"ST", "PT", "GĐT", "HS", "DS", "HC", "LĐ", "HNGĐ", "KDTM", "TLST", "TLPT", "QĐST"})
_ASSEMBLY = re.compile(r"(?:UBTV)?QH\d{1,2}")

_DASH = r"[-‐‑‒–—−]"
_CODE = r"(?:TTg|CTr|TTr|QyĐ|QĐTTg|[A-ZĐƯ][A-ZĐƯ&]*\d{0,3})(?![^\W\d])"
# The digit comes first and is looked back from: so the engine can skip to digits.
_NUMBER = r"(?P<number>\d(?<![\w:.,/&-]\d)\d{0,4}[a-z]?)"
_STATE = re.compile(
    rf"{_NUMBER}\s{{0,2}}/\s{{0,2}}(?:(?P<year>(?:19|20)\d\d)\s{{0,2}}/\s{{0,2}})?"
    rf"(?P<head>{_CODE})(?P<rest>(?:\s?(?:{_DASH}|/)\s?{_CODE}(?:{_DASH}{_CODE})*)?)"
)
_PARTY = re.compile(rf"{_NUMBER}\s?{_DASH}\s?(?P<head>{_CODE})\s?/\s?(?P<rest>{_CODE}(?:{_DASH}{_CODE})?)")
# Where the number alone does not tell the type, the words before it do.
_NAMED = re.compile(
    r"(Bộ luật|Luật|Nghị quyết|Pháp lệnh|Quy định|Quyết định|Công văn|Văn bản|Công điện)", re.IGNORECASE
)
_STANDARD = re.compile(r"(?:QCVN|TCVN|TCCS|TCXDVN|ISO)[\s/]*$")
_DAY = r"\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?"
_DATED = re.compile(rf"\s{{0,2}}[,(]?\s{{0,2}}(?:(?:ký |ban hành )?ngày\s{{1,2}}{_DAY}|năm\s)((?:19|20)\d\d)(?!\d)")
_LOOK_BACK = 60
_LOOK_AHEAD = 40


@dataclass(frozen=True, slots=True)
class Citation:
    """One document named in a text.

    Attributes:
        number: Canonical, e.g. ``28/2022/NĐ-CP``: no spaces, hyphens, at least two digits, Đ as U+0110.
        type: The document's type in words, e.g. ``Nghị định``; ``Văn bản`` when the text does not tell.
        body: The issuing body as abbreviated in the number, e.g. ``CP``, ``QH14``, ``BTP-BNV``.
        year: Year of issue from the number or the date right after it, if either tells.
        span: Where the number starts and ends in the text given.
        written: The number as it stands there.
    """

    number: str
    type: str
    body: str
    year: int | None
    span: tuple[int, int]
    written: str


def citations(text: str) -> list[Citation]:
    """Every document number in the text, in order; a number named twice comes twice.

    Numbers of judgments, technical standards and dates are not documents.
    """
    plain, origins = composed(text)
    found = [*_scan(plain, _STATE), *_scan(plain, _PARTY)]
    found.sort(key=lambda item: item[0].start())
    return [_citation(text, plain, origins, match, parts) for match, parts in found]


def _scan(plain: str, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], tuple[str, str, str, str]]]:
    for match in pattern.finditer(plain):
        read = _party_parts if pattern is _PARTY else _state_parts
        parts = read(match, plain)
        if parts and not _STANDARD.search(plain[max(0, match.start() - _LOOK_BACK) : match.start()]):
            yield match, parts


def _state_parts(match: re.Match[str], plain: str) -> tuple[str, str, str, str] | None:
    """Canonical number, type, body and year (as digits) of a number of the state's form, if it is one."""
    head, *rest = _codes(match["head"] + match["rest"])
    number, year = _padded(match["number"]), match["year"] or ""
    stem = f"{number}/{year}/" if year else f"{number}/"
    if _ASSEMBLY.fullmatch(head) and year:
        return stem + head, _named_before(plain, match) or "Văn bản", head, year
    if not rest or _COURT.intersection(rest) or _COURT.intersection([head]):
        return None
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
    name = _named_before(plain, match) if head == "QĐ" else ""
    return f"{_padded(match['number'])}-{head}/{body}", name or TYPES[head], body, ""


def _codes(written: str) -> list[str]:
    joined = re.sub(rf"\s?(?:{_DASH}|/)\s?", "-", written)
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
