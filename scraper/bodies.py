"""Bodies and officials of a story: who issues, who carries out, who speaks, with titles as given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from scraper.text import composed

Role = Literal["issuing", "carrying out", ""]


@dataclass(frozen=True, slots=True)
class Body:
    """One naming of a public body.

    Attributes:
        name: One name for all spellings: ``UBND tỉnh Cao Bằng``.
        role: What the words around say that it does with a document or a policy.
        span: Where it starts and ends in the text given.
        written: What stands there.
    """

    name: str
    role: Role
    span: tuple[int, int]
    written: str


@dataclass(frozen=True, slots=True)
class Official:
    """One official with a title.

    Attributes:
        name: As written.
        title: As given, e.g. ``Phó Chủ tịch UBND tỉnh``.
        span: Where name and title together start and end in the text given.
        written: What stands there.
    """

    name: str
    title: str
    span: tuple[int, int]
    written: str


_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_PROPER = rf"[{_UPPER}][\w'’]*(?:[ -][{_UPPER}][\w'’]*){{0,3}}"
_LEVEL = r"(?:tỉnh|thành phố|TP\.?|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)"
_MINISTRIES = (
    "Y tế|Nội vụ|Tài chính|Tư pháp|Công Thương|Xây dựng|Công an|Quốc phòng|Ngoại giao|Giáo dục và Đào tạo|"
    "GD&ĐT|GD-ĐT|Khoa học và "
    "Công nghệ|KH&CN|Nông nghiệp và Môi trường|Nông nghiệp và Phát triển nông thôn|NN&PTNT|NN-PTNT|"
    "Tài nguyên và Môi trường|TN&MT|"
    "Kế hoạch và Đầu tư|KH&ĐT|Giao thông vận tải|GTVT|Thông tin và Truyền thông|TT&TT|"
    "Văn hóa, Thể thao và Du lịch|VHTT&DL|"
    "Lao động - Thương binh và Xã hội|Lao động, Thương binh và Xã hội|LĐ-TB&XH|LĐTB&XH|Dân tộc và Tôn giáo|"
    "Du lịch|Ngoại vụ"
)
_FIXED = (
    "Ủy ban Thường vụ Quốc hội|Quốc hội|Thủ tướng Chính phủ|Văn phòng Chính phủ|Thanh tra Chính phủ|"
    "Chính phủ|Thủ tướng|Bộ Chính trị|"
    "Ban Bí thư|Kiểm toán Nhà nước|Ngân hàng Nhà nước|Ngân hàng Chính sách xã hội|Bảo hiểm xã hội Việt Nam|"
    "BHXH Việt Nam|Ủy ban Dân tộc|"
    "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam|Tổng Liên đoàn Lao động Việt Nam|Trung ương Hội Nông dân Việt Nam"
)
_LOCAL = (
    r"(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân|Tỉnh ủy|Thành ủy|Huyện ủy|Đảng ủy)"
    rf"(?:\s+{_LEVEL}(?:\s+{_PROPER})?|\s+{_PROPER})?"
)
_SOCIETY = (
    r"(?:Ủy ban\s+)?(?:Mặt trận Tổ quốc|MTTQ)(?:\s+Việt Nam)?|Hội\s+(?:Nông dân|Liên hiệp Phụ nữ|Phụ nữ|"
    r"Cựu chiến binh|Chữ thập đỏ|Người cao tuổi)|"
    r"Đoàn Thanh niên|Liên đoàn Lao động|Bảo hiểm xã hội|BHXH|Ban Dân tộc|Ban Chỉ đạo"
)
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Trương|Đinh|Lâm|Mai|Đào|Vương|"
    "Trịnh|Tô|Tạ|Chu|Thái|Lương|"
    "Lưu|Phùng|Tống|Triệu|Quách|Kiều|Đoàn|Cao|Hà|Hứa|Nông|Bế|Ma|Lò|Lù|Giàng|Vàng|Sùng|Thào|Hầu|Tráng|Cầm|"
    "Quàng|Bàn|Lục|Chẩu|Đàm|"
    "La|Lộc|Mạc|Nghiêm|Ninh|Ông|Phương|Tăng|Từ|Văn|Viên|Châu|Danh|Thạch|Sơn|Kim|Y|A|Rơ|Siu|Ksor|Điểu|Tôn|Ân|"
    "Khúc|Khuất|Cù|Đồng|Giáp|"
    "Hạ|Lã|Lại|Thân|Vi|Viêm|Xa"
)
# Provinces that begin like a person's name.
_NO_PERSON = (
    "Cao Bằng|Hà Nội|Hà Giang|Hà Nam|Hà Tĩnh|Thái Nguyên|Thái Bình|Ninh Bình|Ninh Thuận|Sơn La|Lâm Đồng|"
    "Đồng Nai|Đồng Tháp|"
    "Hồ Chí Minh|Kiên Giang|Kon Tum|Lai Châu|Vĩnh"
)
# Where an official's name follows the body, the body ends before it.
_PERSON = re.compile(rf"(?:{_SURNAMES})\s+[{_UPPER}]")
_IS_PLACE = re.compile(rf"(?:{_NO_PERSON})(?!\w)")
_OF = rf"(?:\s+{_LEVEL}(?:\s+{_PROPER})?)?"
_BODY = re.compile(rf"(?<!\w)(?:(?:{_FIXED})|(?:Bộ|Sở)\s+(?:{_MINISTRIES}){_OF}|{_LOCAL}|(?:{_SOCIETY}){_OF})(?!\w)")
_SPELLINGS = (
    (re.compile(r"Uỷ"), "Ủy"),
    (re.compile(r"uỷ(?!\w)"), "ủy"),
    (re.compile(r"^(?:Ủy ban nhân dân)"), "UBND"),
    (re.compile(r"^Hội đồng nhân dân"), "HĐND"),
    (re.compile(r"\bTP\.?(?=\s)"), "thành phố"),
    (re.compile(r"^Thủ tướng$"), "Thủ tướng Chính phủ"),
    (re.compile(r"\bMTTQ\b"), "Mặt trận Tổ quốc"),
    (re.compile(r"\bBHXH\b"), "Bảo hiểm xã hội"),
    (re.compile(r"GD[&-]ĐT"), "Giáo dục và Đào tạo"),
    (re.compile(r"NN[&-]PTNT"), "Nông nghiệp và Phát triển nông thôn"),
    (re.compile(r"LĐ-?TB&XH|Lao động, Thương binh"), "Lao động - Thương binh và Xã hội"),
)
_ISSUES = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:ban hành|ký|phê duyệt|công bố|thông qua|có (?:công văn|văn bản|quyết định|"
    r"chỉ thị)|quyết định|quy định)(?!\w)"
)
_DOES = re.compile(
    r"\s+(?:\w+\s+){0,3}?(?:triển khai|thực hiện|tổ chức|chỉ đạo|phối hợp|giải ngân|chi trả|trao|hỗ trợ|"
    r"hướng dẫn|tuyên truyền|vận động|rà soát|"
    r"bố trí|cấp|huy động|đẩy mạnh|tập trung|yêu cầu|giao)(?!\w)"
)
_DOCUMENT_BEFORE = re.compile(
    r"(?:[Nn]ghị (?:định|quyết)|[Qq]uyết định|[Tt]hông tư|[Cc]hỉ thị|[Cc]ông văn|[Kk]ế hoạch|[Vv]ăn bản|"
    r"[Cc]ông điện|[Kk]ết luận|\d/\S+)[^.;,]{0,40}\bcủa\s+$"
)
_LOOK_BACK = 80
_PLACE_NAME = 2
"""Words of most names of places."""


def bodies(text: str) -> list[Body]:
    """Every public body named in the text, in order; one named twice comes twice."""
    plain, origins = composed(text)
    plain = plain.replace("Uỷ", "Ủy").replace("uỷ", "ủy")
    found = []
    for match in _BODY.finditer(plain):
        start, end = match.start(), match.start() + len(_apart_from_names(match.group()))
        span = (origins[start], origins[end])
        found.append(Body(_canonical(plain[start:end]), _role(plain, start, end), span, text[span[0] : span[1]]))
    return found


def _apart_from_names(written: str) -> str:
    """A body's name without the official's behind it: "UBND tỉnh Cao Bằng" of "UBND tỉnh Cao Bằng Nguyễn Văn A"."""
    proper = re.search(rf"(?<= ){_PROPER}$", written)
    if proper is None:
        return written
    for word in re.finditer(r"\S+", proper.group()):
        rest = proper.group()[word.start() :]
        # Right behind a level two words are rather a commune's name: "xã Sơn Lộ".
        if _PERSON.match(rest) and not _IS_PLACE.match(rest) and (word.start() or len(rest.split()) > _PLACE_NAME):
            return written[: proper.start() + word.start()].rstrip()
    return written


@lru_cache(maxsize=4096)
def _canonical(written: str) -> str:
    name = " ".join(written.split())
    for spelling, one in _SPELLINGS:
        name = spelling.sub(one, name)
    return name


def _role(plain: str, start: int, end: int) -> Role:
    if _DOCUMENT_BEFORE.search(plain, max(0, start - _LOOK_BACK), start):
        return "issuing"
    issues, does = _ISSUES.match(plain, end), _DOES.match(plain, end)
    if issues and (does is None or issues.end() <= does.end()):
        return "issuing"
    return "carrying out" if does else ""


# --- officials ---------------------------------------------------------------------------------------------

_GIVEN = rf"(?:[{_UPPER}][\w'’]*|[{_UPPER}])"
_NAME = rf"(?!(?:{_NO_PERSON})(?!\w))(?:{_SURNAMES})(?:\s+{_GIVEN}){{1,4}}"
_RANKS = (
    "Tổng Bí thư|Chủ tịch nước|Thủ tướng Chính phủ|Phó Thủ tướng(?: Thường trực)?(?: Chính phủ)?|Thủ tướng|"
    "Chủ tịch Quốc hội|Phó Chủ tịch Quốc hội|"
    "Bộ trưởng|Thứ trưởng|Chủ tịch|Bí thư|Giám đốc|Tổng Giám đốc|Cục trưởng|Vụ trưởng|Chi cục trưởng|"
    "Tổng cục trưởng|Trưởng ban|Trưởng phòng|"
    "Trưởng Ban|Trưởng đoàn|Trưởng thôn|Trưởng bản|Chủ nhiệm|Viện trưởng|Hiệu trưởng|Chánh Văn phòng|"
    "Chánh Thanh tra|Tổng Thanh tra|Tổng Kiểm toán|"
    "Ủy viên|Thống đốc|Đại biểu Quốc hội|Chánh án|Viện trưởng"
)


def _by_letter(names: str) -> str:
    """Alternatives grouped by their first letter, so that most words are dismissed at once."""
    groups: dict[str, list[str]] = {}
    for name in names.split("|"):
        groups.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{letter}(?:{'|'.join(tails)})" for letter, tails in groups.items())


_TITLE = (
    r"(?:(?:Quyền|Nguyên|nguyên|Phó|Ủy viên Trung ương Đảng,)\s+)?"
    rf"(?:{_by_letter(_RANKS)}|{_by_letter(_RANKS.lower())})"
)
_PLACE_WORDS = r"(?:\s+(?:TP\.|[\w&'’-]+)){0,10}?"
_BEFORE = re.compile(
    rf"(?<!\w)(?=[TCPQNnBGVHUĐtcpqbgvhuđỦủ])(?P<title>{_TITLE}{_PLACE_WORDS})(?:\s+(?:ông|bà|"
    rf"đồng chí))?\s+(?P<name>{_NAME})(?!\w)"
)
_AFTER = re.compile(
    rf"(?<!\w)(?:ông|bà|Ông|Bà|đồng chí|Đồng chí|anh|chị)\s+(?P<name>{_NAME})\s*(?:,|-|–|"
    rf"\()\s*(?P<title>{_TITLE}[^,.;:()\n–]{{0,80}}?)"
    rf"(?=\s*(?:[,.;:()\n–]|\s-\s|cho biết|khẳng định|nhấn mạnh|chia sẻ|phát biểu|nói|đề nghị|yêu cầu|đã|$))"
)


def officials(text: str) -> list[Official]:
    """Every person named with an office, in order; a person named twice with a title comes twice."""
    plain, origins = composed(text)
    plain = plain.replace("Uỷ", "Ủy").replace("uỷ", "ủy")
    found: list[Official] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(plain):
            if any(start < match.end("name") and match.start("name") < end for start, end in taken):
                continue
            taken.append(match.span("name"))
            start, end = (min(match.start("name"), match.start("title")), max(match.end("name"), match.end("title")))
            span = (origins[start], origins[end])
            title = " ".join(match["title"].split())
            found.append(Official(" ".join(match["name"].split()), title, span, text[span[0] : span[1]]))
    return sorted(found, key=lambda official: official.span)
