"""Pages that answer with success and say that there is no such article: soft 404s."""

from __future__ import annotations

import re

from scraper.models import ArticleData
from scraper.text import match_form

LONGEST = 80
"""Words. A notice with its advice ("go to the front page") is shorter; an article that quotes one is longer."""

_WHAT = r"(?:bài viết|bài báo|tin|trang|nội dung|đường dẫn|liên kết)"
_WHICH = r"(?: này| (?:mà )?bạn (?:đang )?(?:tìm|yêu cầu|truy cập|cần)[^.]{0,40}?)?"
_GONE = r"(?: đã| hiện)*(?: không (?:còn )?(?:tồn tại|tìm thấy|khả dụng)| (?:bị|được) (?:xóa|gỡ)| hết hạn)"
_NOT_FOUND = r"không tìm thấy (?:trang|bài|nội dung|đường dẫn)"
_ENGLISH = (
    r"(?:page|article|story)(?: you(?:'re| are) looking for)?"
    r" (?:was not found|is not available|is no longer available|no longer exists|does not exist|could not be found"
    r"|cannot be found|has been removed|not found)"
)
_NOTICE = re.compile(
    "|".join((_WHAT + _WHICH + _GONE, _NOT_FOUND, _ENGLISH, r"404 not found|(?:lỗi|error) 404|\b404\b|not found"))
)
_TITLE_ONLY = frozenset({"not found", "404"})
"""Too common in a text; as the whole title they are a notice."""


def missing_notice(data: ArticleData) -> str:
    """The words by which a page says that there is no such article, ``""`` when it does not."""
    title, rest = match_form(data.title), match_form(f"{data.lead} {data.text}")
    if len(rest.split()) > LONGEST:
        return ""
    for part in (title, rest):
        found = _NOTICE.search(part)
        if found and (found[0] not in _TITLE_ONLY or found[0] == title):
            return found[0]
    return ""
