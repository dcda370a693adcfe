"""Sources, articles and pages made to order; where the shared real pages lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.config import Source
from scraper.models import ArticleData
from scraper.values import Page

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Noon in Vietnam on a Monday."""

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SCRAPER_SHARED") or ROOT.parent / "shared")
NO_SHARED = "needs the real pages kept beside the checkout in ../shared (or $SCRAPER_SHARED)"


BODY = "\n\n".join(
    f"Đoạn {n}: Ủy ban nhân dân huyện đã giao các xã rà soát danh sách và cấp vốn cho từng hộ dân trong tháng {n}."
    for n in range(1, 5)
)


def article(**fields: Any) -> ArticleData:
    base: dict[str, Any] = {
        "url": "https://bao.example/mot-bai-post1.html",
        "title": "Huyện vùng cao giải ngân vốn giảm nghèo",
        "lead": "Đến nay, toàn huyện đã cấp vốn cho hơn một nghìn hộ nghèo.",
        "text": BODY,
        "published_at": NOON,
        "section": "Chính sách",
    }
    data = {**base, **fields}
    return ArticleData(canonical_url=data["url"], **data)


def source(**fields: Any) -> Source:
    base: dict[str, Any] = {
        "name": "bao",
        "title": "Báo Ví dụ",
        "hosts": ["bao.example"],
        "id_pattern": r"-post(\d+)\.html$",
        "link_pattern": r"-post\d+\.html$",
        "listings": [{"url": "https://bao.example/chinh-sach"}],
    }
    return Source.model_validate({**base, **fields})


def page(body: str | bytes, url: str = "https://bao.example/chinh-sach", **headers: str) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    named: Mapping[str, str] = {"content-type": "text/html; charset=utf-8"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return Page(url, url, 200, named, raw, NOON)
