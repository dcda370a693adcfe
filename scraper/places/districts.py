"""Districts, towns and communes named in a text, told by the word before the name and not looked up in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.places.provinces import PRESENT
from scraper.text import composed

_SHORT = {"h.": "huyện", "q.": "quận", "tx.": "thị xã", "tp": "thành phố", "tp.": "thành phố", "p.": "phường"}
_CENTRAL = ("Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ", "HCM")
_KIND = re.compile(
    r"(?<!\w)(?:(?P<many>các|những|hai|ba|bốn|năm)\s+)?"
    r"(?P<kind>[Hh]uyện|[Qq]uận|[Tt]hị (?:xã|trấn)|[Tt]hành phố|[Pp]hường|(?<!tác )[Xx]ã|[Đđ]ặc khu"
    r"|(?:TX|[HQP])\.|T[Pp]\.?)\s*(?=[^\W_])"
)
_CAPITALS = "".join(c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper() and (c < "ǰ" or c >= "Ḁ"))
# A surname with a name after it begins the person who holds the office: "Chủ tịch huyện Bảo Lạc Nguyễn Văn A".
_PERSON = rf"(?:Nguyễn|Trần|Phạm|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Ngô|Hoàng|Lê|Đào|Đinh|Trịnh|Trương)[ ][{_CAPITALS}]"
_SENTENCE = r"(?:Ngay|Theo|Trong|Ngày|Tại|Khi|Ông)\b"
_WORD = rf"[{_CAPITALS}][^\W\d_]*(?:['’][^\W\d_]+)?"
_NAME = re.compile(rf"\d{{1,2}}(?!\w|[./]\d)|{_WORD}(?:(?:[ ]|[ ]?[-–][ ]?)(?!{_PERSON}|{_SENTENCE}){_WORD}){{0,3}}")
_OFFICIAL = re.compile(rf"(?!Hoàng Su Phì){_PERSON}[^\W\d_]*[ ][{_CAPITALS}]")
_JOINT = re.compile(r"\s*(?:,|;|\bvà\b)\s*")


@dataclass(frozen=True, slots=True)
class District:
    """One naming of a unit below the province.

    Attributes:
        name: Kind and name, such as ``huyện Bảo Lạc``.
        kind: The kind in full and in small letters.
        written: What stands in the text; within a list, the bare name.
        span: Where that starts and ends in the text given.
    """

    name: str
    kind: str
    written: str
    span: tuple[int, int]


def districts(text: str) -> list[District]:
    """Every district, town and commune named in the text, in order; cities run as provinces are left out."""
    plain, origins = composed(text)
    found: list[District] = []
    for match in _KIND.finditer(plain):
        kind = _SHORT.get(match["kind"].lower(), match["kind"].lower())
        for place, name in enumerate(_names(plain, match)):
            if not _is_unit(kind, name.group()):
                continue
            start = origins[name.start() if place else match.start("kind")]
            end = origins[name.end()]
            found.append(District(f"{kind} {name.group()}", kind, text[start:end], (start, end)))
    return found


def _is_unit(kind: str, name: str) -> bool:
    """Not a centrally run city, a lone letter, or the person who holds office in "huyện" or "thành phố"."""
    if kind == "thành phố" and name.startswith(_CENTRAL):
        return False
    if kind in {"thành phố", "huyện", "quận"} and _OFFICIAL.match(name):
        return False
    return len(name) > 1 or name.isdigit()


def _names(plain: str, match: re.Match[str]) -> Iterator[re.Match[str]]:
    """The name after the kind; after "các" and the like, the others of the list too, up to a province."""
    name = _NAME.match(plain, match.end())
    while name is not None:
        yield name
        joint = _JOINT.match(plain, name.end()) if match["many"] else None
        if joint is None or _KIND.match(plain, joint.end()):
            return
        name = _NAME.match(plain, joint.end())
        if name is not None and name.group() in PRESENT.values():
            return
