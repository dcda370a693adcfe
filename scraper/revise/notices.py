"""Notices by which an outlet says that it corrected a story."""

from __future__ import annotations

import re

from scraper.text import match_form

_EDGES = " (*[)]-+>"
_STORY = r"(?:bài(?: viết| báo| này)?|bản tin|tin|phiên bản)"
_DESK = "(?:tòa soạn|ban biên tập|bbt|quý báo|báo|tạp chí|chúng tôi)"
_READER = "(?:bạn đọc|độc giả)"
_CHANGED = "(?:cập nhật|chỉnh sửa|điều chỉnh|đính chính|bổ sung|sửa(?! chữa))"
_NOTICE = re.compile(
    r"(?:thông báo |thông tin )?(?:đính chính|cải chính|sửa sai)(?: thông tin)?\s*(?:[:.-]|$)"
    r"|(?:ghi chú|lưu ý|lời|thông báo) (?:của )?(?:tòa soạn|ban biên tập|bbt)"
    rf"|{_STORY}(?: viết)?(?: này| trên)? (?:đã |vừa |mới )?(?:được )?{_CHANGED}"
    rf"|{_STORY}(?: này| trên)? (?:có|đã) (?:sai sót|nhầm lẫn|ghi nhầm|viết sai|đưa nhầm)"
    rf"|{_DESK}(?: [^.!?]{{0,40}})? (?:xin lỗi|cáo lỗi|đính chính|cải chính)"
    rf"(?=.*(?:{_READER}|bài viết|bản tin|bài báo|sai sót|nhầm))"
    rf"|(?:xin )?(?:thành thật |chân thành )?(?:xin lỗi|cáo lỗi)(?: [^.!?]{{0,60}})? {_READER}"
    r"|(?:correction|clarification|editors?'?s?'? note|corrected|erratum|errata)s?\s*[:(-]"
    r"|(?:this|an? (?:earlier|previous) version of this) (?:article|story|report|post|piece)(?: \w+)? "
    r"(?:has been|was|have been|had|incorrectly|misstated|gave|said|named|stated|wrongly)"
    r"(?: \w+){0,3}? ?(?:updated|corrected|amended|edited|revised|incorrect\w*|wrong\w*|mis\w+|named|said|gave|stated)"
)


def is_notice(text: str) -> bool:
    """Whether a line or sentence begins as a correction notice does: "Đính chính: …", "Editor's note: …"."""
    return _NOTICE.match(match_form(text).lstrip(_EDGES)) is not None
