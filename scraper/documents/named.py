"""Documents named without their whole number: ``Nghị định 28``, ``Luật Đất đai 2024``, ``Chương trình 135``.

A short name is a document only where nothing is counted: "quyết định 3 phương án" and "chương trình 60 phút" are none.
A law's title tells which law only beside its year, its number or ``(sửa đổi)``; alone it counts when the same text ties
it to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.documents.tables import ASSEMBLIES, ISSUERS, LAWS, PROGRAMMES, TYPES

_STRICT = (
    "nghị định|nghị quyết liên tịch|nghị quyết|thông tư liên tịch|thông tư|chỉ thị|pháp lệnh|công điện|công văn|đề án"
)
_LOOSE = "quyết định|kết luận|chương trình|kế hoạch|thông báo|hướng dẫn|quy định|sắc lệnh"
_SHORT = {"NĐ": "Nghị định", "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị"}
"""Abbreviations that headlines write before a number; with one digit they mean other things too."""
_TYPE_BEFORE = re.compile(
    rf"(?<!\w)(?:(?i:(?P<strict>{_STRICT})|(?P<loose>{_LOOSE}))|(?P<short>{'|'.join(_SHORT)}))\s+(?P<no>(?i:số)\s*:?\s*)?$"
)
_NUMBER = re.compile(
    r"\d(?<![\w.,:/-]\d)\d{0,4}[ab]?(?:\s?/\s?(?P<year>(?:19|20)\d\d))?"
    r"(?![\w/\\%]|[.,:]\d|\s?[-–]\s?[\dA-ZĐ])"
)
_FURTHER = re.compile(r"(?:\s*,\s*|\s+(?:và|hoặc)\s+)(?=\d)")
_LONGEST_TYPE = 30
_YEAR_ALONE = range(1945, 2036)

# What is counted, measured or paid is no document.
_UNITS = (
    "phần trăm; tỷ; tỉ; triệu; nghìn; ngàn; vạn; trăm; đồng; usd; euro; người; hộ; xã; phường; huyện; quận; "
    "tỉnh; thành; phút; giờ; giây; tuần; tháng; quý; điểm; vấn đề; nội dung; nhóm; giải pháp; dự án; mức; "
    "phương án; trường hợp; lần; lượt; trận; bàn; tập; ca; môn; loại; mục tiêu; nhiệm vụ; chương; điều; khoản; "
    "mục; cán bộ; công chức; đại biểu; doanh nghiệp; tổ chức; cá nhân; đơn vị; bộ; ngành; sở; mét; km; ha; kg; "
    "tấn; chiếc; cái; con; căn; lô; suất; thành viên; vụ; việc; hạng mục; công trình; tiêu chí; bước; cấp; giai "
    "đoạn; tầng; khu; thửa; quả; viên; buổi; kênh; học sinh; sinh viên; giáo viên; bác sĩ; bệnh nhân; lao động; "
    "luật; nghị định; nghị quyết; văn bản; chính sách; trang; bài; câu; ô tô; xe; tàu; chỗ; phòng; giường; lớp; "
    "trường; bệnh viện; cầu thủ; huấn luyện viên; bị cáo; bị can; đối tượng; cơ sở; cổ phiếu; cổ phần; gói; "
    "đợt; kỳ; khóa; vòng; đội; bên; nước; quốc gia; địa phương; chỉ tiêu; kiến nghị; hành vi; lỗi; quyền; "
    "nguyên tắc; phần; thủ tục; tuyến; cây; nhà; chữ; sao; trí thức; thạc sĩ; tiến sĩ; thanh niên; phụ nữ; vận "
    "động viên; hồ sơ; sản phẩm; mô hình; nhân viên; chuyến; máy; mẫu; hội; ông; bà; em; cháu; món; tiếng; mùa; "
    "bộ phim; hồ; bức; cuốn; quyển; tác phẩm"
)
_COUNTED = re.compile(
    rf"[^\S\n]*(?:%|(?:{'|'.join(_UNITS.split('; '))}|ngày(?!\s+\d)|năm(?!\s+(?:19|20)\d\d)|(?:trong|trên)\s+\d+)\b)",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"\s+(?:\w+\s+\d{4}\s+)?của\s+(?:Hội đồng Bảo an|Đại hội đồng|LHQ|Liên hợp quốc|Liên hiệp quốc|UNESCO|EU|ILO)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\s*(?:%|tỷ|tỉ|triệu|nghìn|ngàn|đồng|phút|giờ)")
# After a word that is also a verb or an everyday noun, these say that a document is meant.
_SAYS_SO = re.compile(
    r"\s+(?:của|về|ngày\s+\d|năm\s+(?:19|20)\d\d|do|quy định|có hiệu lực|được|vừa|đã|là|và|giai đoạn|trên|tại|đến)\b"
    r"|\s*[,.;:)\]”\"'?!]|\s+[-–]|\s*$"
)
_PROGRAMME_NUMBERS = frozenset({"30a", "134", "135", "167", "327", "661", "1719", "1722", "1600", "1804"})

_OWNER = re.compile(
    r"(?:\s+(?:ngày\s+[\d/.-]+|năm\s+\d{4}))?\s+(?:của|do)\s+(?P<owner>"
    + "|".join(re.escape(name) for name in sorted(ISSUERS, key=len, reverse=True))
    + r")",
    re.IGNORECASE,
)
_DATE_AFTER = re.compile(r"(?:,?\s+ngày\s+\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?|\s+năm\s+)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Named:
    """A document named without its whole number, before it is tied to one.

    Attributes:
        start: Where the name starts in the composed text; ``end`` where it ends.
        key: The number without a leading zero, e.g. ``28``; of a law the title in lower case.
        sure: Whether it counts untied.
        number: The whole number when the words give it all the same, as in ``Nghị định 28/2022``.
    """

    start: int
    end: int
    type: str
    key: str
    name: str
    body: str
    year: int | None
    sure: bool = True
    number: str = ""


def named(plain: str) -> Iterator[Named]:
    """Every short name in a composed text, numbers that are part of a whole number too."""
    yield from _short(plain)
    yield from _laws(plain)
    yield from _programmes(plain)


# --- a type and a number -----------------------------------------------------------------------------------


def _short(plain: str) -> Iterator[Named]:
    for match in _NUMBER.finditer(plain):
        before = _TYPE_BEFORE.search(plain, max(0, match.start() - _LONGEST_TYPE), match.start())
        if before is None or not _is_document(plain, match, before):
            continue
        written = before["strict"] or before["loose"] or _SHORT[before["short"]]
        kind = " ".join(written.lower().split()).capitalize()
        yield _of(plain, kind, match, before.start())
        end = match.end()
        while before["loose"] is None and (joint := _FURTHER.match(plain, end)):
            further = _NUMBER.match(plain, joint.end())
            if further is None or not _is_document(plain, further, before):
                break
            yield _of(plain, kind, further, further.start())
            end = further.end()


def _is_document(plain: str, match: re.Match[str], before: re.Match[str]) -> bool:
    said, number = bool(before["no"]), match.group()
    if (before["loose"] or "").lower() == "chương trình" and number in _PROGRAMME_NUMBERS:
        return not _MONEY.match(plain, match.end())
    if _COUNTED.match(plain, match.end()) or _ABROAD.match(plain, match.end()):
        return False
    if said or match["year"]:
        return True
    if number.isdigit() and int(number) in _YEAR_ALONE:
        return False
    if before["loose"] is None:
        return before["strict"] is not None or len(number) > 1
    # "Quyết định" at the start of a clause may be the verb: a capital alone says nothing.
    return _SAYS_SO.match(plain, match.end()) is not None and len(number) > 1


def _of(plain: str, kind: str, match: re.Match[str], start: int) -> Named:
    bare = match.group().split("/")[0].strip()
    year = match["year"] or next(iter(_DATE_AFTER.findall(plain[match.end() : match.end() + _LONGEST_TYPE])), "")
    owner = _OWNER.match(plain, match.end())
    body = (
        ISSUERS[" ".join(owner["owner"].lower().split())]
        if owner
        else {"Nghị định": "CP", "Pháp lệnh": "UBTVQH"}.get(kind, "")
    )
    shown = f"{bare}/{match['year']}" if match["year"] else bare
    number = _whole(kind, bare, match["year"] or "", body)
    return Named(
        start, match.end(), kind, bare.lstrip("0"), f"{kind} {shown}", body, int(year) if year else None, number=number
    )


def _whole(kind: str, bare: str, year: str, body: str) -> str:
    """The whole number, when number, year and issuer leave no doubt."""
    code = next((code for code, name in TYPES.items() if name == kind), "")
    return f"{bare.zfill(2)}/{year}/{code}-{body}" if year and code and body and body not in {"TW", "QH"} else ""


# --- laws and programmes -----------------------------------------------------------------------------------

_OLDER = "óa oá òa oà ỏa oả õa oã ọa oạ óe oé òe oè ỏe oẻ úy uý ùy uỳ ủy uỷ ụy uỵ".split()  # noqa: SIM905 - pairs
_TONES = dict(zip(_OLDER[::2], _OLDER[1::2], strict=True))


def _loosely(name: str) -> str:
    """A pattern for a title: tones placed either way, commas optional, any spaces."""
    escaped = re.escape(name).replace("\\ ", " ")
    for newer, older in _TONES.items():
        escaped = re.sub(rf"{newer}(?!\w)", f"(?:{newer}|{older})", escaped)
    return escaped.replace(" \\- ", r"\s*[-–,]?\s*").replace("\\-", "[-–]").replace(", ", r",?\s+").replace(" ", r"\s+")


_TITLES = "|".join(_loosely(name) for name in sorted(LAWS, key=len, reverse=True))
_AMENDED = r"\(?\s*sửa\s+đổi(?:,\s*bổ\s+sung)?\s*\)?"
# Tried only where one of these words stands, which is found by its own letters.
_LAW_WORD = re.compile(r"(?:uật|UẬT|háp\s+lệnh|HÁP\s+LỆNH|iến\s+pháp)\s")
_LAW = re.compile(
    rf"(?P<type>[Bb]ộ\s+luật|[Ll]uật|[Pp]háp\s+lệnh|BỘ\s+LUẬT|LUẬT|PHÁP\s+LỆNH)\s+(?P<title>(?i:{_TITLES}))(?!\w)"
    rf"(?:\s+(?P<amended>(?i:{_AMENDED})))?(?:,?\s+(?:năm\s+)?(?P<year>(?:19|20)\d\d)(?![\d/]))?"
    rf"(?:\s+(?P<amended_too>(?i:{_AMENDED})))?"
)
_CONSTITUTION = re.compile(r"[Hh]iến\s+pháp\s+(?:năm\s+)?(?P<year>1946|1959|1980|1992|2013)(?!\d)")
_NUMBERED_LAW = re.compile(r"(?<!\w)[Ll]uật\s+số:?\s+(?P<number>\d{1,3})/(?P<year>(?:19|20)\d\d)(?![\d/]|\s?/)")
_CANONICAL = {re.sub(r"[\s,]+", " ", name.lower()): name for name in LAWS}


def _laws(plain: str) -> Iterator[Named]:
    for word in _LAW_WORD.finditer(plain):
        code = _CODE_BEFORE.search(plain, max(0, word.start() - _LONGEST_TYPE), word.start() - 1)
        start = code.start() if code else word.start() - 1
        if start < 0 or plain[start - 1 : start].isalnum():
            continue
        for pattern, read in _LAW_FORMS:
            if match := pattern.match(plain, start):
                yield read(match)
                break


def _titled(match: re.Match[str]) -> Named:
    kind = " ".join(match["type"].lower().split()).capitalize()
    title = _title(match["title"])
    year, amended = match["year"] or "", bool(match["amended"] or match["amended_too"])
    name = f"{kind} {title}" + (f" {year}" if year else " (sửa đổi)" if amended else "")
    body, sure = "UBTVQH" if kind == "Pháp lệnh" else "QH", bool(year or amended)
    return Named(match.start(), match.end(), kind, title.lower(), name, body, int(year) if year else None, sure=sure)


def _constitution(match: re.Match[str]) -> Named:
    year = match["year"]
    return Named(match.start(), match.end(), "Hiến pháp", "hiến pháp", f"Hiến pháp {year}", "QH", int(year))


def _law_by_number(match: re.Match[str]) -> Named:
    year, number = int(match["year"]), match["number"].zfill(2)
    sat = next((f"QH{assembly}" for assembly, years in ASSEMBLIES.items() if year in years), "")
    whole = f"{number}/{year}/{sat}" if sat else ""
    name = f"Luật số {number}/{year}"
    return Named(match.start(), match.end(), "Luật", number, name, sat or "QH", year, number=whole)


_LAW_FORMS = ((_LAW, _titled), (_NUMBERED_LAW, _law_by_number), (_CONSTITUTION, _constitution))
_CODE_BEFORE = re.compile(r"(?<!\w)(?:[Bb]ộ|BỘ)\s+$")


def _title(written: str) -> str:
    key = re.sub(r"[\s,]+", " ", written.lower())
    for newer, older in _TONES.items():
        key = re.sub(rf"{older}(?!\w)", newer, key)
    return _CANONICAL[key]


_PROGRAMME = re.compile(
    r"chương\s+trình\s+(?:(?:mục\s+tiêu\s+quốc\s+gia|mtqg)\s+(?:về\s+)?(?P<target>"
    + "|".join(_loosely(name) for name in sorted(PROGRAMMES, key=len, reverse=True))
    + r")(?!\w)|(?P<ocop>(?:mỗi\s+xã\s+một\s+sản\s+phẩm|ocop)(?!\w)))",
    re.IGNORECASE,
)
_PROGRAMME_KEYS = {re.sub(r"[\s,–-]+", " ", name): full for name, full in PROGRAMMES.items()}


def _programmes(plain: str) -> Iterator[Named]:
    for match in _PROGRAMME.finditer(plain):
        name = "Chương trình mỗi xã một sản phẩm"
        if match["target"]:
            key = re.sub(r"[\s,–-]+", " ", match["target"].lower())
            for newer, older in _TONES.items():
                key = re.sub(rf"{older}(?!\w)", newer, key)
            name = _PROGRAMME_KEYS[key]
        yield Named(match.start(), match.end(), "Chương trình", name.lower(), name, "", None)
