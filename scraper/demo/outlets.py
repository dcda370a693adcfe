"""The outlets of the newsroom: eight hosts, each made like a kind of site found among Vietnamese papers.

All names are invented and all hosts are under ``.example`` (RFC 2606), which no name server answers for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

from scraper import text
from scraper.config import Family, Source, load_families, merged
from scraper.demo.grammar import HANOI

_SECTIONS = {
    "policy": "Chính sách",
    "sport": "Thể thao",
    "crime": "Pháp luật",
    "society": "Xã hội",
    "economy": "Kinh tế",
    "world": "Thế giới",
    "culture": "Văn hóa",
    "life": "Đời sống",
    "health": "Sức khỏe",
    "tech": "Công nghệ",
}


@dataclass(frozen=True, slots=True)
class Outlet:
    """One site of the newsroom.

    Attributes:
        name: Also the name of its source file.
        make: Which page templates it uses.
        path: An article's path; ``slug``, ``id`` and ``at`` (Hanoi time) are filled in.
        first_id: Number of its first article.
        policy_section: What it prints above policy news; some say nothing with it.
        listings: Path of each section page, feed or sitemap, and which articles stand there.
        validators: What it gives to recognise unchanged pages.
        gzip: Whether it compresses for who accepts that.
        robots: Its robots.txt; ``""`` when there is none.
    """

    name: str
    title: str
    make: str
    path: str
    first_id: int
    policy_section: str
    listings: Mapping[str, Literal["all", "policy", "rest"]]
    validators: Literal["", "etag", "modified"] = ""
    gzip: bool = False
    robots: str = ""
    page_size: int = 12
    _sections: Mapping[str, str] = field(default_factory=lambda: _SECTIONS)

    @property
    def credit(self) -> str:
        """How other papers name it below a story taken from it."""
        return self.title.removesuffix(" (demo)")

    @property
    def host(self) -> str:
        """The host name, without port."""
        return f"{self.name}.example"

    def section(self, group: str) -> str:
        """What the outlet prints above stories of a group."""
        return self.policy_section if group == "policy" else self._sections[group]

    def address(self, title: str, number: int, at: datetime) -> str:
        """The address of an article first published under this headline."""
        return f"http://{self.host}" + self.path.format(slug=slug(title), id=number, at=at.astimezone(HANOI))


def slug(title: str) -> str:
    """A headline as it stands in addresses: no diacritics, words joined by hyphens, at most 80 characters."""
    return "-".join(re.findall(r"[a-z0-9]+", text.fold(title)))[:80].strip("-")


OUTLETS = (
    Outlet(
        name="baovungcao",
        title="Báo Vùng Cao (demo)",
        make="mcms",
        path="/{slug}-post{id}.html",
        first_id=310200,
        policy_section="Thực thi chính sách",
        listings={"/chinh-sach": "policy", "/tin-tuc": "rest"},
        validators="etag",
        gzip=True,
        robots="User-agent: *\nDisallow: /print.html\nSitemap: http://baovungcao.example/sitemap.xml\n",
    ),
    Outlet(
        name="tinchinhsach",
        title="Tin Chính Sách (demo)",
        make="vccorp",
        path="/{slug}-119{at:%y%m%d%H%M%S}{id:03d}.htm",
        first_id=120,
        policy_section="Chính sách và cuộc sống",
        listings={"/tin-moi": "all"},
        robots="User-agent: *\nDisallow: /ajax/\n",
    ),
    Outlet(
        name="tinnhanh",
        title="Tin Nhanh Mỗi Ngày (demo)",
        make="item_news",
        path="/{slug}-{id}.html",
        first_id=4810300,
        policy_section="Thời sự",
        listings={"/thoi-su": "all", "/rss/tin-moi.rss": "all"},
        gzip=True,
        robots="User-agent: *\nAllow: /\n",
        page_size=15,
    ),
    Outlet(
        name="thongtan",
        title="Thông Tấn Sáng (demo)",
        make="webforms",
        path="/tin/{slug}-{at:%Y%m%d%H%M%S}{id:03d}.htm",
        first_id=100,
        policy_section="Thời sự",
        listings={"/tin-moi/trang-1.htm": "all"},
        robots="User-agent: *\nCrawl-delay: 5\nDisallow: /tim-kiem\n",
    ),
    Outlet(
        name="diaphuong",
        title="Địa Phương Hôm Nay (demo)",
        make="wordpress",
        path="/{at:%Y}/{at:%m}/{slug}/",
        first_id=1,
        policy_section="Địa phương",
        listings={"/feed/": "all"},
        validators="modified",
        gzip=True,
        robots="User-agent: *\nDisallow: /wp-admin/\n",
        page_size=20,
    ),
    Outlet(
        name="kinhtexanh",
        title="Kinh Tế Xanh (demo)",
        make="sitemap",
        path="/tin/{id}/{slug}",
        first_id=77010,
        policy_section="Kinh tế",
        listings={"/sitemap.xml": "all"},
        robots="User-agent: *\nAllow: /\nSitemap: http://kinhtexanh.example/sitemap.xml\n",
        page_size=200,
    ),
    Outlet(
        name="bantinxua",
        title="Bản Tin Xưa (demo)",
        make="tables",
        path="/bantin/{id}.html",
        first_id=2040,
        policy_section="Tin trong tỉnh",
        listings={"/": "all"},
    ),
    Outlet(
        name="doisongmoi",
        title="Đời Sống Mới (demo)",
        make="semantic",
        path="/bai-viet/{slug}-{id}",
        first_id=5600,
        policy_section="Xã hội",
        listings={"/feed.json": "all"},
        validators="etag",
        robots="User-agent: *\nAllow: /\n",
        page_size=20,
    ),
)

BY_NAME = {outlet.name: outlet for outlet in OUTLETS}
BY_HOST = {outlet.host: outlet for outlet in OUTLETS}


def sources(config: Path) -> dict[str, Source]:
    """The outlets as a reader would configure them, from ``sources/*.toml`` beside this module.

    Args:
        config: A config folder, for the CMS families that two of them inherit from.
    """
    families = load_families(config)
    return {outlet.name: _source(outlet.name, families) for outlet in OUTLETS}


def _source(name: str, families: Mapping[str, Family]) -> Source:
    path = files("scraper.demo") / "sources" / f"{name}.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    family = families[raw["family"]].rules if raw.get("family") else {}
    return Source.model_validate(merged(family, {**raw, "name": name}))
