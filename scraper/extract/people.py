"""Bylines and sign-offs: who wrote an article, and which agency or other outlet it is credited to.

Forms seen: "Chu Hiệu", "Tâm Hằng/TTXVN", "Tâm Hằng (TTXVN)", "Văn Giáp/Bnews/vnanet.vn" (bnews), the glued
"Tâm HằngTTXVN" (baotintuc's JSON-LD, July 2026), "Hà Thu (tổng hợp)" (vnexpress), "NHẬT XUÂN - NGHI VŨ" (tuoitre),
"Theo Hồ Hương" beside a source line (cafef), "(Theo TTXVN)", "Bài, ảnh: Lan Anh".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scraper.text import clean, fold

MAX_BYLINE = 160
"""A longer text is no byline but a paragraph that a selector hit."""
MAX_SYLLABLES = 6
"""Of one person's name. Vietnamese names have 2 to 4, with a double surname 5."""

_AGENCIES = {
    "TTXVN": ["TTXVN", "Thông tấn xã Việt Nam", "Thông tấn xã VN", "VNA", "vnanet.vn"],
    "Tân Hoa xã": ["Tân Hoa xã", "Xinhua", "THX"],
    **{
        name: [name]
        for name in ("Reuters", "AFP", "AP", "DPA", "Bloomberg", "TASS", "Sputnik", "Yonhap", "Kyodo", "EFE", "ANSA")
    },
    **{name: [name] for name in ("VOV", "VTV", "VTC", "CNN", "BBC", "CNBC", "The Guardian", "Bnews", "TTXVN/Bnews")},
}
_AGENCY_BY_NAME = {fold(name): agency for agency, names in _AGENCIES.items() for name in names}

# Newspapers whose names look like people's names or are short; a byline "Theo Thanh Niên" credits the paper.
_OUTLET_NAMES = frozenset(map(fold, [
    "Thanh Niên", "Tuổi Trẻ", "Dân Trí", "Dân tộc", "Nhân Dân", "Tiền Phong", "Lao Động",
    "Người Lao Động", "Tin tức", "Đầu tư", "Công Thương", "Quân đội nhân dân", "Công an nhân dân",
    "Sài Gòn Giải Phóng", "Hà Nội mới", "Đại Đoàn kết", "Pháp luật", "VietnamNet", "VnExpress",
    "VietnamPlus", "Vietnam+", "Zing", "Znews", "CafeF", "VnEconomy", "Báo Chính phủ", "Chinhphu.vn",
    "Nhịp sống thị trường", "An ninh tiền tệ", "Đời sống pháp luật", "Phụ nữ", "Tri thức",
    "Thời báo Tài chính",
]))  # fmt: skip

# The hundred families have fewer names than that: these are nearly all of Vietnam's people.
_SURNAMES = frozenset(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đinh Đoàn Trịnh Trương Lâm Mai Phùng "  # noqa: SIM905
    "Tô Tạ Chu Châu Cao Hà Lương Lưu Vương Thái Triệu Quách Kiều Tống Từ Tăng Thạch Vi Lò Giàng Sùng Vàng Ma Nông Hứa "
    "Đàm La Khúc Nghiêm Doãn Quan Mạc Bạch Khổng Lục Tiêu Trang Văn Thân Ông Âu Viên Đồng Lại Phó Cù Tôn".split()
)

_OUTLET_WORD = re.compile(
    r"\b(?:báo|tạp chí|đài|truyền hình|thông tấn|news|times|online|toà soạn|tòa soạn|ban biên tập|cổng thông tin|"
    r"điện tử|media|tv|channel|post)\b|\.(?:vn|com|net|org)\b|\+$",
    re.IGNORECASE,
)
# What stands for "our reporters" or for the house: nobody's name.
_HOUSE = re.compile(
    r"\b(?:redaktion|redacci[oó]n|reda[cç][aã]o|redazione|r[eé]daction|redakcja|redaktionsteam|gmbh|e\. ?v|ag|inc|ltd|"
    r"staff|team|admin|support|sekretariat|webmaster|contributors?|copyright|all rights|cc[ -]by|agencies|kitchens|"
    r"editors?|newsroom|desk|verband|partei|eg)\b|verband$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"ministeri|departement|bundesamt|bundesverband", re.IGNORECASE
)  # their names hold "and" and commas
_NOBODY = {
    "no author",
    "anonimo",
    "anonymous",
    "unknown",
    "guest",
    "gast",
    "red",
    "von",
    "by",
    "zvg",
    "datum",
    "date",
    "ngay dang",
    "pv",
    "p.v",
    "bt",
    "bbt",
    "ctv",
    "nhom pv",
    "nhom phong vien",
    "phong vien",
    "admin",
    "bien tap",
}
_LABEL = re.compile(
    r"^(?:(?:tin|bài|ảnh|video|clip|thơ|tranh|đồ họa|đồ hoạ|infographic)"
    r"(?:\s*(?:,|&|-|/|và)\s*(?:tin|bài|ảnh|video|clip|đồ họa|đồ hoạ))*|tác giả|thực hiện|nguồn|source|by|"
    r"biên dịch|lược dịch|tổng hợp|text|autor|autorin|author)\s*:\s*|^(?:by|von|par|por|bởi|recipe by)\s+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|@")
_FROM = re.compile(r"^theo\s+(?:báo\s+|tạp chí\s+)?", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_COMPILED = re.compile(
    r"^(?:tổng hợp|t/h|th|thực hiện|lược dịch|dịch|biên dịch|ghi|lược ghi|giới thiệu)$", re.IGNORECASE
)
_MORE = re.compile(r"\s+và\s+\d+\s+tác giả khác.*$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;|/&•]\s*")
_AND = re.compile(r"\s+[-–—]\s+|\s+(?:và|and|und|et|y|e)\s+", re.IGNORECASE)  # stands in names of papers, too
_GLUED = re.compile(r"(?<=[^\W\d_A-Z])(TTXVN|VNA)$")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{0,12}\.?")
_SENTENCE = re.compile(r"[:;!?\"“”…=]|\.\s|[a-zà-ỹ]{3}\.$|\d{2}")


@dataclass(frozen=True, slots=True)
class Credits:
    """Who a byline names: people, and the agency or outlet that is not the publisher itself."""

    authors: tuple[str, ...] = ()
    agency: str = ""


def credits_in(bylines: Iterable[str], own: Iterable[str] = ()) -> Credits:
    """People and agency named by the bylines of one article.

    Args:
        bylines: As printed or as structured data gives them.
        own: Names of the outlet itself, which is neither author nor agency of its articles.
    """
    ours = {letters for name in own if (letters := _letters(name))}
    hosts = {letters for name in own if (letters := _letters(_main_label(name)))}
    authors: dict[str, str] = {}
    agency = ""
    for byline in bylines:
        for name, credited in _parts(byline):
            letters = _letters(name)
            if letters in ours or fold(name) in _NOBODY or _HOUSE.search(name):
                continue
            if letters in hosts and not is_person(name):  # "Gregory Szorc" has gregoryszorc.com
                continue
            if is_outlet(name) or (credited and not _is_credited_person(name)):
                agency = agency or agency_name(name)
            elif is_person(name) or not credited:
                authors.setdefault(fold(name), name)
    return Credits(tuple(authors.values()), agency)


def _letters(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _main_label(host: str) -> str:
    """The part of a host that readers know it by: "hejfish" of "www.hejfish.com"; ``""`` for what is no host."""
    labels = host.split(".")
    return labels[-2] if len(labels) > 1 and " " not in host else ""


def _parts(byline: str) -> list[tuple[str, bool]]:
    """The names of a byline, each with whether it stands as a credit ("Theo …", in brackets)."""
    text = _GLUED.sub(r" / \1", _MORE.sub("", clean(byline)))
    if len(text) > MAX_BYLINE or _ADDRESS.search(text) or _OFFICE.search(text) or "!" in text:
        return []
    inside = [part for part in _BRACKETS.findall(text) if not _COMPILED.match(part.strip())]
    outside = _LABEL.sub("", _BRACKETS.sub(" ", text).strip())
    named = [(part, bool(_FROM.match(part))) for part in _split(outside)]
    named += [(part, True) for text in inside for part in _split(_LABEL.sub("", text))]
    bare = ((_FROM.sub("", part).strip(" .,-–—"), credited) for part, credited in named)
    return [(part, credited) for part, credited in bare if part and not _COMPILED.match(part)]


def _split(text: str) -> list[str]:
    names = [part for part in _BETWEEN.split(text) if part]
    return [name for part in names for name in ([part] if is_outlet(part) else _AND.split(part)) if name]


def agency_name(name: str) -> str:
    """The one form of an agency's name; other outlets as they are written."""
    return _AGENCY_BY_NAME.get(fold(name), name)


def is_outlet(name: str) -> bool:
    """Whether the name is an agency's or a newspaper's rather than a person's."""
    folded = fold(name)
    return folded in _AGENCY_BY_NAME or folded in _OUTLET_NAMES or bool(_OUTLET_WORD.search(name))


def is_agency(name: str) -> bool:
    """Whether this is a news agency or broadcaster we know by name."""
    return fold(name) in _AGENCY_BY_NAME


def is_person(name: str) -> bool:
    """Whether it looks like a person's name: a few words, each beginning with a capital."""
    words = name.split()
    if not 1 < len(words) <= MAX_SYLLABLES or _SENTENCE.search(name):
        return len(words) == 1 and bool(_INITIALS.fullmatch(name))
    return all(word[0].isupper() for word in words) and not is_outlet(name)


def _is_credited_person(name: str) -> bool:
    """Whether "Theo …" or brackets name a person: "Theo Hồ Hương" does, "Theo Kinh tế xanh" a paper."""
    return is_person(name) and name.split(maxsplit=1)[0].capitalize() in _SURNAMES


def is_sign_off(line: str, *, loose: bool = False) -> bool:
    """Whether a body's last line is a signature and not a sentence: "Chu Hiệu", "Hà Thu (tổng hợp)", "(Theo TTXVN)".

    Args:
        line: A paragraph.
        loose: Whether one word ("PV", "Lan") will do, for sources known to sign there.
    """
    if not line or len(line) > MAX_BYLINE // 2 or (loose and _SENTENCE.search(line)):
        return False
    parts = _parts(line)
    return bool(parts) and all(
        is_person(name)
        or is_agency(name)
        or (by and is_outlet(name))
        or (loose and name[0].isupper() and " " not in name)
        for name, by in parts
    )
