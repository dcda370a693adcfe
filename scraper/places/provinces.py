"""Provinces named in a text, under their present-day code and name.

The 34 provinces since 1 July 2025, what each was merged from, and the names in use come from Resolution
202/2025/QH15; codes are those of the General Statistics Office after the merger (a merged province keeps the code
of the one whose name, or seat, it took).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from scraper.text import composed

PRESENT = {
    "01": "Hà Nội", "04": "Cao Bằng", "08": "Tuyên Quang", "11": "Điện Biên", "12": "Lai Châu", "14": "Sơn La",
    "15": "Lào Cai", "19": "Thái Nguyên", "20": "Lạng Sơn", "22": "Quảng Ninh", "24": "Bắc Ninh", "25": "Phú Thọ",
    "31": "Hải Phòng", "33": "Hưng Yên", "37": "Ninh Bình", "38": "Thanh Hóa", "40": "Nghệ An", "42": "Hà Tĩnh",
    "44": "Quảng Trị", "46": "Huế", "48": "Đà Nẵng", "51": "Quảng Ngãi", "52": "Gia Lai", "56": "Khánh Hòa",
    "66": "Đắk Lắk", "68": "Lâm Đồng", "75": "Đồng Nai", "79": "Hồ Chí Minh", "80": "Tây Ninh", "82": "Đồng Tháp",
    "86": "Vĩnh Long", "91": "An Giang", "92": "Cần Thơ", "96": "Cà Mau",
}  # fmt: skip
"""Code to name of the 34 provinces and centrally run cities since 1 July 2025."""

FORMER = {
    "An Giang": ["Kiên Giang"],
    "Bắc Ninh": ["Bắc Giang"],
    "Cà Mau": ["Bạc Liêu"],
    "Cần Thơ": ["Sóc Trăng", "Hậu Giang"],
    "Đà Nẵng": ["Quảng Nam"],
    "Đắk Lắk": ["Phú Yên"],
    "Đồng Nai": ["Bình Phước"],
    "Đồng Tháp": ["Tiền Giang"],
    "Gia Lai": ["Bình Định"],
    "Hải Phòng": ["Hải Dương"],
    "Hồ Chí Minh": ["Bà Rịa - Vũng Tàu", "Bình Dương"],
    "Huế": ["Thừa Thiên Huế"],
    "Hưng Yên": ["Thái Bình"],
    "Khánh Hòa": ["Ninh Thuận"],
    "Lâm Đồng": ["Đắk Nông", "Bình Thuận"],
    "Lào Cai": ["Yên Bái"],
    "Ninh Bình": ["Hà Nam", "Nam Định"],
    "Phú Thọ": ["Vĩnh Phúc", "Hòa Bình"],
    "Quảng Ngãi": ["Kon Tum"],
    "Quảng Trị": ["Quảng Bình"],
    "Tây Ninh": ["Long An"],
    "Thái Nguyên": ["Bắc Kạn"],
    "Tuyên Quang": ["Hà Giang"],
    "Vĩnh Long": ["Bến Tre", "Trà Vinh"],
}
"""Present-day province to the former ones that were merged into it or renamed, until 30 June 2025."""

ALIASES = {
    "Hồ Chí Minh": [
        "TPHCM",
        "TP.HCM",
        "TP HCM",
        "TP. HCM",
        "BRVT",
        "HCMC",
        "HCM City",
        "Sài Gòn",
        "Vũng Tàu",
        "BR-VT",
        "BR VT",
    ],
    "Đắk Lắk": ["Đắc Lắc", "Đăk Lăk", "Đắk Lăk", "Đăk Lắk", "Daklak", "Dak Lak", "Đăklăk"],
    "Lâm Đồng": ["Dak Nong", "Đăk Nông", "Đắc Nông"],
    "Thái Nguyên": ["Bắc Cạn"],
    "Quảng Ngãi": ["Kontum", "Công Tum"],
    "Huế": ["TT Huế", "TT-Huế"],
}
"""Other spellings and short names seen in print, by present-day province."""

# Longer names that hold a province's name and mean something else; they are read first and dropped.
_DECOYS = (
    "Thái Bình Dương", "Điện Biên Phủ", "Sài Gòn Giải Phóng", "Đồng Tháp Mười", "Hà Nam Ninh", "Hoàng Anh Gia Lai",
    "Becamex Bình Dương", "Becamex TP Hồ Chí Minh", "SHB Đà Nẵng", "Sài Gòn Thương Tín", "Bia Sài Gòn",
    "Topenland Bình Định", "Đông Á Thanh Hóa", "Sông Lam Nghệ An", "Hồng Lĩnh Hà Tĩnh",
)  # fmt: skip

# The revolutionary gives his name to more than the city: it counts only as "TP Hồ Chí Minh" or within a list.
_PERSON_TOO = "Hồ Chí Minh"
_CITY_BEFORE = re.compile(r"(?:T\.?P\.?|thành phố)\s*$", re.IGNORECASE)
_LIST_JOINT = re.compile(r"\s*(?:,|;|-|–|và)\s*")

# A surname in the capitalised words right before makes it a person: "Trương Hòa Bình", "Nguyễn Thị Huế".
# Hồ (lake), Đoàn (union) and Cao are left out: more often words than surnames there.
_SURNAME_LIST = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Ngô Dương Lý Trương Đinh Lâm Mai Đào Vương Trịnh "
    "Tô Tạ Chu Thái Lương Lưu Phùng Tống Triệu Quách Kiều Đồng Văn Thị"
)
_SURNAMES = frozenset(_SURNAME_LIST.split())
# Streets, companies, small units and honorifics that bear the name, and peace itself.
_NOT_A_PROVINCE_BEFORE = re.compile(
    r"(?:\b(?:đường|đường phố|phố|phường|(?<!thị )xã|thị trấn|thôn|ấp|bản|làng|"
    r"(?<!yêu )(?<!toàn )cầu|chợ|(?<!môi )(?<!thị )(?<!hiện )trường|rạp|nhà hát|công viên|khách sạn|"
    r"clb|câu lạc bộ|đội bóng|trường thpt|công ty|công ty cổ phần|tập đoàn|"
    r"quảng trường|nobel|giải|ông|bà|anh|chị|em|cô|chú|bác|nghệ sĩ|ca sĩ))[ ]$",
    re.IGNORECASE,
)
_TOWN_BEFORE = re.compile(r"\bthành phố[ ]$", re.IGNORECASE)
# Hà Nam is also the Chinese province of Henan.
_CHINA_AFTER = re.compile(r"\W{1,3}(?:(?:của|miền \w+) )?Trung Quốc")
# A company, bank, club or school may have words of its own before the name, but none that leads to a place. A power
# company and the policy bank are a province's own.
_OWN_NAME_BEFORE = re.compile(
    r"\b(?:(?i:công ty)(?! Điện lực)|(?i:tập đoàn|clb|câu lạc bộ)|(?i:ngân hàng)(?! Chính sách| Nhà nước)|"
    r"(?i:trường)(?= (?i:tiểu học|mầm non|th)))"
    r"(?: (?!(?i:ở|tại|tỉnh|thành|tp|của|và|về|đến|cho|trên|với|các|huyện)\b)[^\s,.;:()]+){0,6} $"
)
_CLUB_AFTER = re.compile(r" FC\b")
# In a headline of capitals "HÒA BÌNH" is peace unless a word for the province stands before it.
_UNIT_BEFORE = re.compile(r"(?:TỈNH|THÀNH PHỐ|TP\.?|HỒ|UBND|TỈNH ỦY)\s*$", re.IGNORECASE)
_CAPITALS_BEFORE = re.compile(r"[^\W\d_]{2,}\s$")
_LOOK_BACK = 48
_LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Province:
    """One naming of a province.

    Attributes:
        code: The present-day province's two-digit code.
        name: The present-day province's name.
        written: The name as it stands in the text, which may be a former province's or another spelling.
        span: Where it starts and ends in the text given.
    """

    code: str
    name: str
    written: str
    span: tuple[int, int]


def provinces(text: str) -> list[Province]:
    """Every province named in the text, in order; a province named twice comes twice.

    Names count only with capitals, and not as part of a person's, a street's, a club's or a company's name.
    Universities, rivers and airports count: who asks for a province expects them.
    """
    plain, origins = composed(text)
    found: list[Province] = []
    last_end = -1
    for match in _NAMES.finditer(plain):
        code = _CODE_OF.get(_key(match.group()))
        if code is None or not _means_province(plain, match, last_end):
            continue
        start, end = origins[match.start()], origins[match.end()]
        found.append(Province(code, PRESENT[code], text[start:end], (start, end)))
        last_end = match.end()
    return found


def _means_province(plain: str, match: re.Match[str], last_end: int) -> bool:
    before = plain[max(0, match.start() - _LOOK_BACK) : match.start()]
    if _key(match.group()) == _key(_PERSON_TOO) and not _names_the_city(plain, match, before, last_end):
        return False
    if _NOT_A_PROVINCE_BEFORE.search(before) and not _TOWN_BEFORE.search(before):
        return False
    if _OWN_NAME_BEFORE.search(before) or _CLUB_AFTER.match(plain, match.end()) or _is_peace(match, before):
        return False
    if not match.group().isupper() and _ends_in_a_name(before):
        return False
    return not (_key(match.group()) == "ha nam" and _CHINA_AFTER.match(plain, match.end()))


def _is_peace(match: re.Match[str], before: str) -> bool:
    """Whether "HÒA BÌNH" stands within a headline's capitals with nothing that makes it the province."""
    if _key(match.group()) != "hoa binh" or not match.group().isupper() or _UNIT_BEFORE.search(before):
        return False
    if match.string.startswith(" CHO ", match.end()):
        return True
    word = _CAPITALS_BEFORE.search(before)
    return word is not None and word.group().isupper()


def _ends_in_a_name(before: str) -> bool:
    """Whether the capitalised words right before hold a surname."""
    if not before.endswith(" "):
        return False
    words = takewhile(lambda word: word[0].isupper(), reversed(before.split()[-_LONGEST_NAME:]))
    return not _SURNAMES.isdisjoint(words)


def _names_the_city(plain: str, match: re.Match[str], before: str, last_end: int) -> bool:
    if _CITY_BEFORE.search(before) or plain.strip() == match.group():
        return True
    if last_end >= 0 and _LIST_JOINT.fullmatch(plain, last_end, match.start()):
        return True
    joint = _LIST_JOINT.match(plain, match.end())
    follower = _NAMES.match(plain, joint.end()) if joint else None
    return follower is not None and _key(follower.group()) in _CODE_OF


def _key(name: str) -> str:
    """One key for all spellings: no case, tones placed either way, hyphens as spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.split(r"[\s.\-–]+", bare.replace("đ", "d")))


def _spellings() -> Iterator[tuple[str, str]]:
    codes = {name: code for code, name in PRESENT.items()}
    for table in (FORMER, ALIASES):
        for present, names in table.items():
            yield from ((name, codes[present]) for name in names)
    yield from codes.items()


_OPEN_TONE = re.compile(r"([òóỏõọ])([ae])(?!\w)")


def _variants(name: str) -> set[str]:
    """The name in title case and in capitals, each with the tone in both places (Hòa Bình, Hoà Bình)."""
    older = _OPEN_TONE.sub(_shifted, name)
    return {name, older, name.upper(), older.upper()}


def _shifted(match: re.Match[str]) -> str:
    toned = unicodedata.normalize("NFD", match[1])
    return toned[0] + unicodedata.normalize("NFC", match[2] + toned[1])


def _pattern(name: str) -> str:
    return re.sub(r"\\ (?:\\-\\ )?", lambda _: r"(?:\s*[-–]\s*|\s+)", re.escape(name))


def _compiled(names: Iterable[str]) -> re.Pattern[str]:
    """One alternation, longest first, grouped by first letter so that most words are dismissed at once."""
    by_letter: dict[str, list[str]] = {}
    spellings = {variant for name in names for variant in _variants(name)}
    for spelling in sorted(spellings, key=lambda s: (-len(s), s)):
        by_letter.setdefault(spelling[0], []).append(_pattern(spelling[1:]))
    groups = (rf"{letter}(?<!\w{letter})(?:{'|'.join(tails)})" for letter, tails in by_letter.items())
    return re.compile(rf"(?:{'|'.join(groups)})(?!\w)")


_CODE_OF = {_key(name): code for name, code in _spellings()}
_NAMES = _compiled([*(name for name, _ in _spellings()), *_DECOYS])


def code_of(name: str) -> str | None:
    """The present-day code of a province given by code, by present or former name, or by another spelling.

    Case and marks may be left out, and words such as ``tỉnh`` may stand before it; ``None`` when it is none.
    """
    if name.strip() in PRESENT:
        return name.strip()
    named = {province.code for province in provinces(name)}
    return _CODE_OF.get(_key(name.strip())) or (named.pop() if len(named) == 1 else None)


def nearest(name: str) -> str:
    """The province's name, present or former, that looks most like what was written."""
    names = {_key(spelling): spelling for spelling, _ in _spellings()}
    near = difflib.get_close_matches(_key(name.strip()), names, n=1, cutoff=0)
    return names[near[0]]
