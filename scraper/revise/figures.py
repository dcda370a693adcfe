"""What a sentence tells that can be wrong: documents, places, dates, money, names, numbers; and where it quotes.

A figure is a span of a text. Where spans overlap, the kind that comes first in :data:`RANKS` has the word: the digit in
"Nghị định 28/2022" is a document's, that in "quận 3" a place's, that in "ngày 5" a date's. In a quotation they are
what they are outside of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.documents import TYPES, citations
from scraper.places import provinces
from scraper.values import EditKind

RANKS: tuple[EditKind, ...] = ("document", "place", "date", "money", "name", "number")
"""Kinds of figures, the one that wins first."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One span of a text.

    Attributes:
        kind: What it is.
        start: Where it starts.
        end: Where it ends.
        weak: Whether its words may be something else ("năm": five, year), so that it counts only against another.
    """

    kind: EditKind
    start: int
    end: int
    weak: bool = False


_NUM = r"(?<!\w)(?<!\d[.,])\d+(?:[.,]\d+)*+(?!\d)"
_RANGE = rf"{_NUM}(?:\s?[-–]\s?\d+(?:[.,]\d+)*+|\s(?:đến|tới)\s\d+(?:[.,]\d+)*+)?"
_UP = f"[{''.join(letter for letter in map(chr, range(0x1EFA)) if letter.isupper() and letter.isalpha())}]"
UNIT = (  # of a measured number
    r"(?:km2|km|m2|m3|m|mét|ha|hecta|tấn|tạ|kg|lít|kWh|MW|giờ|phút|giây|ngày|tuần|tháng|năm|tuổi|lần|độ|điểm|cm|mm)(?!\w)"
    r"(?!\stuổi)"
)

# --- documents ---------------------------------------------------------------------------------------------
_TYPE = "|".join(
    sorted({*TYPES.values(), "Văn bản", "Bộ luật", "Luật", "Pháp lệnh", "Hiến pháp"}, key=len, reverse=True)
)
_DOCUMENT = re.compile(
    rf"(?<!\w)(?:(?i:{_TYPE})\s(?:số\s)?\d[\w/.&-]*\w(?:\s(?:ngày\s\d[\d/.-]*\d|năm\s\d{{4}}))?|(?i:{_TYPE})\s(?:số\s)?\d(?!\w)"
    rf"|(?:Bộ luật|Luật|Pháp lệnh)\s{_UP}\w*(?:\s(?:,\s)?(?!năm)\w+){{0,5}}?\s(?:năm\s)?(?:19|20)\d\d(?!\d)"
    rf"|(?:Bộ luật|Luật|Pháp lệnh)\s{_UP}\w*(?:\s[^\W\d_]+)?)"
)

# --- places ------------------------------------------------------------------------------------------------
UNITS = (
    "tỉnh|thành phố|TP\\.?|huyện|quận|thị xã|thị trấn|TX\\.?|TT\\.?|phường|xã|thôn|bản|làng|ấp|buôn|sóc|khóm|khu phố|"
    "tổ dân phố|đặc khu|hẻm|đường|phố"
)
_PLACE = re.compile(
    rf"(?<!\w)(?i:{UNITS})\s?(?:{_UP}[\w’']*(?:(?:\s|\s?-\s?){_UP}[\w’']*){{0,3}}|\d{{1,3}}(?!\w|[.,/]\d))"
)

# --- dates -------------------------------------------------------------------------------------------------
_DAY = r"\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:19|20)?\d\d(?!\d)|\d{1,2}/\d{1,2}(?![\d/])"
_HYPHENED = r"\d{1,2}-\d{1,2}(?![\d/-]|\s?%)"
_DAY_WORD = r"(?:rạng sáng|sáng|trưa|chiều|tối|đêm|khuya|hôm|ngày)"
# What a number of four digits counts, when it is no year.
_COUNTED = (
    r"(?:tỷ|tỉ|triệu|nghìn|ngàn|đồng|USD|hộ|người|ha|tấn|căn|m2|km|em|học sinh|lao động|xã|bản|lượt|con|cây|mét|m|kg|"
    r"doanh nghiệp|trường|suất|phần|trẻ|công|hồ sơ)"
)
_BEFORE = r"(?:rạng sáng|sáng|trưa|chiều|tối|đêm|khuya|hôm|ngày|mùng|mồng|trước|sau|từ|đến|tới|vào|qua|hết)"
_WEEKDAY = r"(?:thứ\s(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s?nhật)(?!\w)"
_MONTH = r"(?:giêng|một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười(?:\s(?:một|hai))?|chạp)(?!\w)"
_DATES = re.compile(
    rf"(?<!\w)(?:"
    rf"{_BEFORE}\s(?:ngày\s)?(?:{_DAY})|{_DAY_WORD}\s(?:ngày\s)?{_HYPHENED}"
    rf"|(?<![\w.,/-])\d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?(?:19|20)\d\d(?!\d)"
    rf"|(?<![\w.,/-])\d{{1,2}}/(?:19|20)\d\d(?!\d)"
    rf"|(?<![\w.,/-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])(?=\s*(?:[.,;:)!?]|$|và\s\d|-\s?\d))"
    rf"|(?:ngày|mùng|mồng)\s\d{{1,2}}(?!\d|[.,/-]\d)(?:\stháng\s\d{{1,2}}(?!\d))?(?:\snăm\s\d{{4}})?"
    rf"|\d{{1,2}}\stháng\s\d{{1,2}}(?!\d)(?:\snăm\s\d{{4}})?"
    rf"|tháng\s(?:\d{{1,2}}(?!\d)(?:\s?[-/.]\s?(?:19|20)\d\d|\snăm\s\d{{4}})?|{_MONTH})"
    rf"|quý\s(?:[IV]{{1,3}}|[1-4])(?!\w)(?:\s?[-/]\s?(?:19|20)\d\d|\snăm\s\d{{4}})?"
    rf"|(?:sáng|trưa|chiều|tối|đêm)?\s?{_WEEKDAY}"
    rf"|\d{{1,2}}\s?(?:h|g|:)\s?[0-5]\d(?!\w)|\d{{1,2}}h(?!\w)"
    rf"|\d{{1,2}}\sgiờ\s(?:\d{{1,2}}(?:\sphút)?|(?:sáng|trưa|chiều|tối|đêm|ngày|kém)(?!\w))"
    rf"|(?:lúc|hồi|từ|đến|trước|sau)\s(?:khoảng\s)?\d{{1,2}}\sgiờ(?!\w)(?:\s\d{{1,2}}(?:\sphút)?)?"
    rf"|(?:(?:năm|giai đoạn|niên vụ|nhiệm kỳ|niên khóa|năm học)\s)?(?<![\w.,/-])(?:19|20)\d\d"
    rf"(?![\w%]|[.,/]\d|\s{_COUNTED}(?!\w))(?:\s?[-–]\s?(?:19|20)\d\d(?!\d))?"
    rf")",
    re.IGNORECASE,
)

# --- money -------------------------------------------------------------------------------------------------
_COIN = r"(?:đồng|đ|VND|VNĐ|USD|đô la(?: Mỹ)?|đôla|euro|EUR|bảng(?: Anh)?|yên|nhân dân tệ|tệ|won|rúp|baht)(?!\w)"
_SCALE = r"(?:\s?(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)(?!\w)){0,3}"
_HEADS = r"(?!\s(?:dân|người|lượt|tấn|m2|m3|con|liều|ha|cây|mét|hộ|thuê bao|USD|kWh))"
_MONEY = re.compile(
    rf"(?:{_RANGE}){_SCALE}\s?{_COIN}|[$€£¥]\s?{_NUM}{_SCALE}|{_NUM}\s?(?:[$€£¥])|{_NUM}(?:\s(?:nghìn|ngàn))?\s(?:tỷ|tỉ)(?!\w){_HEADS}",
    re.IGNORECASE,
)

# --- numbers -----------------------------------------------------------------------------------------------
_NUMBER = re.compile(
    rf"(?:{_RANGE})(?:/\d+(?!\d))?(?:\s?%)?(?:\s(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)(?!\w))*(?:\s?{UNIT})?|(?<=\w)\d+(?!\d)"
)
_IN_WORDS = re.compile(
    r"(?<!\w)(?:một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|chục|trăm|nghìn|vạn|triệu|nửa|vài|hàng|đôi)(?!\w)"
    r"(?:\s(?:một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|chục|trăm|nghìn|vạn|triệu)(?!\w))*",
    re.IGNORECASE,
)

# --- names -------------------------------------------------------------------------------------------------
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TITLES = frozenset("ông bà anh chị em cô thầy bác chú cụ cháu mẹ".split())  # noqa: SIM905 - a word list
_OFFICES = frozenset(
    "Sở Bộ Ban Cục Vụ Viện Hội Đoàn Đảng Phòng Trường Quỹ Ủy Uỷ Công Tập Ngân Hiệp Liên Trung Bệnh Chi Tổng Mặt Tòa "  # noqa: SIM905
    "Toà Kiểm Thanh Báo Đài Hợp UBND HĐND Học Đại Cơ Văn Nhà Câu Tạp Kho Hãng Doanh Xí Siêu".split()
)
_LOWER_INSIDE = 3
_NO_NAME = frozenset(
    "ở tại của cho với trên trong về do là từ đến được đã sẽ vừa đang có không còn khi theo thì mà nên để bị xã phường "  # noqa: SIM905
    "huyện tỉnh quận thành thôn bản".split()
)
_JOINT = re.compile(r"\s|\s?[-–&]\s?|,\s|[.]\s?")
_OPENS = re.compile(r"(?:^|[.!?…:;\"“”(«>•*|-])\s*$")

_QUOTE = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»")


def find(text: str) -> list[Figure]:
    """All figures of a text, those of higher rank first; they may overlap."""
    found = [*_documents(text), *_places(text), *_spans("date", _DATES, text), *_spans("money", _MONEY, text)]
    found += [*_names(text), *_spans("number", _NUMBER, text)]
    found += [Figure("number", *match.span(), weak=True) for match in _IN_WORDS.finditer(text)]
    return sorted(found, key=lambda figure: (RANKS.index(figure.kind), figure.weak, figure.start))


def quotes(text: str) -> list[tuple[int, int]]:
    """Where the text quotes, marks included."""
    return [match.span() for match in _QUOTE.finditer(text)]


def _spans(kind: EditKind, pattern: re.Pattern[str], text: str) -> Iterator[Figure]:
    return (Figure(kind, *match.span()) for match in pattern.finditer(text))


def _documents(text: str) -> Iterator[Figure]:
    yield from _spans("document", _DOCUMENT, text)
    yield from (Figure("document", *citation.span) for citation in citations(text))


def _places(text: str) -> Iterator[Figure]:
    yield from _spans("place", _PLACE, text)
    yield from (Figure("place", *province.span) for province in provinces(text))


def _names(text: str) -> Iterator[Figure]:
    """Runs of capitalised words; offices with the small letters within ("Sở Giáo dục và Đào tạo")."""
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        if not _is_capital(words[at]):
            at += 1
            continue
        last = _run_end(text, words, at)
        if last > at or not _OPENS.search(text, 0, words[at].start()):
            first = at - 1 if at and words[at - 1].group().lower() in _TITLES else at
            yield Figure("name", words[first].start(), words[last].end())
        at = last + 1


def _is_capital(word: re.Match[str]) -> bool:
    return word.group()[0].isupper()


def _run_end(text: str, words: Sequence[re.Match[str]], start: int) -> int:
    """The last word of the name that begins with a word."""
    office = words[start].group() in _OFFICES
    last = reached = start
    while reached + 1 < len(words) and _adjoin(text, words, reached, office=office):
        reached += 1
        if _is_capital(words[reached]):
            last = reached
        elif not office or reached - last > _LOWER_INSIDE or words[reached].group() in _NO_NAME:
            break
    # The second syllable of the last word ("Y tế"), unless that is a name of its own ("Sở Xây dựng Đà Nẵng").
    begun = last - 1 == start or (last > start and not _is_capital(words[last - 1]))
    if office and begun and last + 1 < len(words) and _adjoin(text, words, last, office=False):
        last += not _is_capital(words[last + 1]) and words[last + 1].group() not in _NO_NAME
    return last


def _adjoin(text: str, words: Sequence[re.Match[str]], at: int, *, office: bool) -> bool:
    between = text[words[at].end() : words[at + 1].start()]
    return between == " " or (office and between in {" - ", "-", ", "}) or between in {" - ", "-", " & "}
