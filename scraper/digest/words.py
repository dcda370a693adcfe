"""The digest's words in its two languages, side by side; a test sees that neither lacks one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["vi", "en"]

KINDS: Mapping[str, str] = {
    "headline": "tiêu đề",
    "lead": "sapo",
    "number": "con số",
    "date": "ngày tháng",
    "money": "số tiền",
    "name": "tên",
    "place": "địa danh",
    "document": "văn bản",
    "quotation": "lời trích",
    "wording": "câu chữ",
    "paragraph added": "thêm đoạn",
    "paragraph removed": "bỏ đoạn",
    "paragraph moved": "chuyển đoạn",
    "correction notice": "lời đính chính",
    "author": "tác giả",
}
"""Kinds of edits, which have their English names already, in Vietnamese."""

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "subject": "Policy in practice, {day}: {count}",
        "stories": "{n} stories",
        "story": "1 story",
        "heading": "Policy in practice",
        "span": "{since} to {until}, Vietnam time",
        "nothing": "Nothing happened: no policy story, no edit, no removal, and all sources are well.",
        "rest": "Others",
        "more": "and {n} more",
        "edited": "Edited",
        "removed": "Removed",
        "trouble": "Sources in trouble",
        "since": "since {time}",
        "why": "why: {words}",
        "edits": "edited {n} times",
        "copies": "{n} copies",
        "implementation": "implementation",
        "issuance": "issuance",
        "oversight": "oversight",
        "gone": "removed",
        "untitled": "(no title)",
        "document": "Document",
        "province": "Province",
    },
    "vi": {
        "subject": "Thực thi chính sách, {day}: {count}",
        "stories": "{n} tin",
        "story": "1 tin",
        "heading": "Thực thi chính sách",
        "span": "Từ {since} đến {until}, giờ Việt Nam",
        "nothing": "Không có gì mới: không có tin chính sách, không bài nào bị sửa hay gỡ, mọi nguồn đều tốt.",
        "rest": "Tin khác",
        "more": "và {n} tin nữa",
        "edited": "Bị sửa",
        "removed": "Bị gỡ",
        "trouble": "Nguồn đang gặp sự cố",
        "since": "từ {time}",
        "why": "vì: {words}",
        "edits": "đã sửa {n} lần",
        "copies": "{n} bản đăng lại",
        "implementation": "thực thi",
        "issuance": "ban hành",
        "oversight": "giám sát",
        "gone": "đã gỡ",
        "untitled": "(không có tiêu đề)",
        "document": "Văn bản",
        "province": "Tỉnh, thành",
    },
}
