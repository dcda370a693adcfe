"""What stands in a body without being the story: labels, counters, buttons, links to other stories, times, captions.

An extractor lets some of it in when it stands under a name that it does not know, and it changes with every look. Only
whole lines, or sentences at the end of a paragraph, are noise: "Xem thêm: Hộ nghèo vay vốn" is, "Xem thêm nhiều hiện
vật, du khách được nghe kể chuyện." is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scraper.revise import furniture
from scraper.revise.notices import is_notice
from scraper.text import clean, match_form

LINK = 40
"""Words of a line that begins as a link to another story does; longer ones are paragraphs."""
CAPTION = 35
"""Words of a caption with its credit."""
LETTERS = 300
"""Letters of a line of noise: what the expressions below are let loose on."""
TITLE = range(3, 26)
"""Words of a line that may be another story's headline or an advertisement."""

_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$|[\"”»]$")
_SENTENCES = re.compile(r"(?<=[.!?…])([\"”’»)]*)\s+(?=[^\W_]|[\"“(>#→»])")
_EDGES = " \t>»›→►▶☞•*|()[]{}-+=_~·…."

_FURNITURE = furniture.alternatives(f"{furniture.LABELS},{furniture.BUTTONS},{furniture.COUNTERS}")
# Possessive: lines may be made to be read in a thousand ways.
_ONLY_FURNITURE = re.compile(rf"(?:(?:{_FURNITURE})(?!\w)|[\s\d.,:;/()|·•+\-–?&%]|(?<=\d)[kmtr]+(?!\w))++")
_ANY_FURNITURE = re.compile(rf"(?<!\w)(?:{_FURNITURE})(?!\w)")
_LABELS = re.compile(furniture.alternatives(furniture.LABELS))

_ARROW = re.compile(r"\s*(?:>>+|»|›|→|►|▶|☞|=>)\s*\S")
_POINTER = furniture.alternatives(furniture.POINTERS)
_LABELLED = re.compile(rf"(?:{_POINTER}|{furniture.alternatives(furniture.HEADS)})\s*[:|]")
_UNLABELLED = re.compile(rf"(?:{_POINTER})(?!\w)")
_FOLLOW = re.compile(
    r"(?:mời )?(?:quý )?(?:bạn đọc |độc giả |quý vị )?(?:hãy )?(?:theo dõi|follow|bấm|nhấn|like)(?!\w).{0,80}"
    r"(?:trên|on|qua|tại|kênh|via)\s+(?:mạng xã hội |trang |kênh )?"
    rf"(?:{furniture.alternatives(furniture.CHANNELS)})(?: (?:của|để).{{0,40}})?"
)
_INVITES = re.compile(rf"(?:{furniture.alternatives(furniture.INVITATIONS)})(?!\w)")
_AD = re.compile(rf"(?<!\w)(?:{furniture.alternatives(furniture.SALES)})(?!\w)")
_HASHTAGS = re.compile(r"(?:#\w+[\s,]*)+")
_STAMP = re.compile(
    r"(?:(?:thời gian )?(?:cập nhật|đăng|xuất bản|sửa|ngày đăng|đăng tải)(?: lần)?(?: cuối)?"
    r"|(?:last )?(?:updated|modified|published)(?: on| at)?)?[\s:|,-]*"
    r"(?:(?:\d{1,4}(?:[:/.h-]\d{1,4})*+h?+(?!\d)|thứ(?: (?:hai|ba|tư|năm|sáu|bảy))?|chủ nhật"
    r"|ngày|tháng|năm|giờ|phút|giây|lúc|gmt|utc|ict|am|pm|sa|ch|at|on|st|nd|rd|th"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
    r"(?![^\W\d_])[\s,.|()+-]*+)++"
)
_TIMED = re.compile(
    r"^(?:thời gian|cập nhật|đăng|xuất bản|sửa|ngày đăng|last|updated|modified|published)|\d[:h]\d\d(?!\d)"
)
_DATED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|thứ|chủ nhật|[a-z]{3}day|năm \d")
_DIGIT = re.compile(r"\d")
_CREDIT = re.compile(
    r"(?:^|[(.!?\-–|/]\s*|\s)(?:Ảnh|ẢNH|Nguồn ảnh|Ảnh minh họa|Photo|Clip|Video|Đồ họa)\s*:\s*[^.!?:]{2,45}[.)]*$"
)
_ENDING = re.compile(r"\s*[(\[]([^()\[\]]{2,80})[)\]]\.?$")
_LATE_ARROW = re.compile(r"\s(?:>>+|»|►|▶|☞|=>)\s")
_MANY_PARTS = re.compile(r"[:;|]|^\s*[-•*+]|^\d")


def without(paragraphs: Iterable[str]) -> list[str]:
    """The paragraphs that are the story, cleaned, without noise at their ends."""
    return list(_kept(map(clean, paragraphs)))


def _kept(paragraphs: Iterable[str]) -> Iterator[str]:
    under_label = False
    for text in paragraphs:
        if is_noise(text):
            under_label = bool(_LABELS.fullmatch(_form(text).rstrip(" :"))) or (under_label and not text.strip(_EDGES))
        elif not (under_label and is_title(text, digits=True)):
            under_label = False
            yield without_tail(text)


def is_noise(text: str, *, tail: bool = False) -> bool:
    """Whether a line by itself is no part of a story, or with ``tail`` the last words of a paragraph."""
    if len(text) > LETTERS:
        return False
    form = _form(text)
    if not form:
        return True
    words = len(form.split())
    if words > max(LINK, CAPTION) or is_notice(text):
        return False
    return (
        _is_furniture(form)
        or _leads_away(text, form, words)
        or _is_caption(text, words)
        or _is_stamp(form, tail=tail)
        or _HASHTAGS.fullmatch(form) is not None
    )


def is_title(text: str, *, digits: bool = False) -> bool:
    """Whether a line is put as a headline: short, no full stop, no list item, with ``digits`` or without figures.

    Links to other stories and advertisements without a label are such lines; so are subheads.
    """
    if _SENTENCE_END.search(text) or len(text.split()) not in TITLE:
        return False
    if _AD.search(match_form(text)):
        return True
    return not _MANY_PARTS.search(text) and (digits or not _DIGIT.search(text))


def without_tail(text: str) -> str:
    """A paragraph without the links, labels and times at its end."""
    arrow = _LATE_ARROW.search(text)
    if arrow and arrow.start() and is_noise(text[arrow.start() :], tail=True):
        text = text[: arrow.start()].rstrip()
    while (ending := _ENDING.search(text)) and ending.start() and is_noise(ending[1], tail=True):
        text = text[: ending.start()].rstrip()
    parts = sentences(text)
    for at in range(max(1, len(parts) - 3), len(parts)):
        if parts[at][0].islower():  # "“…?”, ông Nam chia sẻ."
            continue
        if is_noise(" ".join(parts[at:]), tail=True) or all(is_noise(part, tail=True) for part in parts[at:]):
            return " ".join(parts[:at])
    return text


def sentences(text: str) -> list[str]:
    """A paragraph's sentences; joined by spaces they are the paragraph again."""
    return _SENTENCES.sub(r"\1\n", text).split("\n") if text else []


def _form(text: str) -> str:
    return match_form(text).strip(_EDGES)


def _is_furniture(form: str) -> bool:
    return _ONLY_FURNITURE.fullmatch(form) is not None and _ANY_FURNITURE.search(form) is not None


def _is_stamp(form: str, *, tail: bool) -> bool:
    """Whether the line is a time of publication; a paragraph may well end in a date: "(1926-1989)", "(8/9)"."""
    if not _DIGIT.search(form) or not _STAMP.fullmatch(form):
        return False
    return _TIMED.search(form) is not None or (not tail and _DATED.search(form) is not None)


def _is_caption(text: str, words: int) -> bool:
    """Whether the line is one sentence and who took the picture; a paragraph that a caption ran into has more."""
    return words <= CAPTION and _CREDIT.search(text) is not None and len(sentences(text)) <= 2  # noqa: PLR2004 - as said


def _leads_away(text: str, form: str, words: int) -> bool:
    """Whether the line points to another story, another channel or a shop."""
    if words > LINK:
        return False
    if _ARROW.match(text) or _LABELLED.match(form) or _FOLLOW.fullmatch(form):
        return True
    return not _SENTENCE_END.search(text) and (_UNLABELLED.match(form) or _INVITES.match(form)) is not None
