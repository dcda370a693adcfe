"""What a source file (``sources/<outlet>.toml``) and a family file (``families/<cms>.toml``) may say."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from scraper import urls
from scraper.config.units import Duration, Section


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from error
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is not a time zone; write for example 'Asia/Ho_Chi_Minh'") from error
    return value


def _address(value: str) -> str:
    why = urls.refusal(value)
    if why:
        raise ValueError(f"{value!r}: {why}")
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(_address)]


class ListingRule(Section):
    """One address that lists articles: a section page, a feed or a sitemap."""

    url: Address
    kind: Literal["html", "feed", "sitemap"] = "html"
    section: str = ""


class LinkRules(Section):
    """How links are read off a section page. Empty: the generic finder is used."""

    item: list[str] = []
    link: list[str] = []
    title: list[str] = []
    lead: list[str] = []
    date: list[str] = []
    next: list[str] = []
    next_url: str = ""
    exclude: list[str] = []


class ArticleRules(Section):
    """CSS selectors for each field of an article page, tried in order; ``selector@attr`` reads an attribute.

    ``strip`` is removed from the body before it is read.
    """

    title: list[str] = []
    lead: list[str] = []
    body: list[str] = []
    date: list[str] = []
    modified: list[str] = []
    author: list[str] = []
    agency: list[str] = []
    section: list[str] = []
    place: list[str] = []
    tags: list[str] = []
    caption: list[str] = []
    strip: list[str] = []
    lead_prefix: list[Pattern] = []
    author_in_last_paragraph: bool = False


class Cadence(Section):
    """When the listings are polled: exactly one of ``every``, ``cron`` and ``adaptive``; none: the default."""

    every: Duration | None = None
    cron: str = ""
    adaptive: bool = False
    fastest: Duration = timedelta(minutes=5)
    slowest: Duration = timedelta(hours=6)

    @model_validator(mode="after")
    def _one_of(self) -> Cadence:
        given = [n for n, on in (("every", self.every), ("cron", self.cron), ("adaptive", self.adaptive)) if on]
        if len(given) > 1:
            raise ValueError(f"give one of every, cron and adaptive, not {' and '.join(given)}")
        return self


class Source(Section):
    """One outlet: where its news is listed, how it is read, how often it is asked.

    Attributes:
        name: The file's name without ``.toml``.
        title: The outlet's name as readers know it.
        hosts: Hosts whose articles belong to the source; the first is the present one.
        aliases: Hosts the same articles were or are also served under.
        id_pattern: Regular expression over an article's address; group 1 is the post id.
        link_pattern: Regular expression that every article address of the source matches.
        link_exclude: Regular expressions of addresses that look like articles and are not.
        evidence: ``page`` (a saved page was parsed), ``code`` (read from a public crawler) or ``none``.
        news_agency: The agency whose own outlet this is, such as ``TTXVN``; its text stands for a story rather than
            the copies that other outlets made of it.
        date_order: How all-number dates are to be read: ``dmy`` or ``mdy``.
        enabled: Off with ``reason`` for outlets that wall off programs.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    hosts: list[str] = Field(min_length=1)
    aliases: list[str] = []
    family: str = ""
    enabled: bool = True
    reason: str = ""
    evidence: Literal["page", "code", "none"] = "none"
    news_agency: str = ""
    language: str = "vi"
    timezone: Zone = "Asia/Ho_Chi_Minh"
    date_order: Literal["dmy", "mdy"] = "dmy"
    listing_date_order: Literal["dmy", "mdy"] = "dmy"
    id_pattern: Pattern = ""
    link_pattern: Pattern = ""
    link_exclude: list[Pattern] = []
    listings: list[ListingRule] = Field(min_length=1)
    links: LinkRules = LinkRules()
    article: ArticleRules = ArticleRules()
    schedule: Cadence = Cadence()
    min_delay: Duration | None = None

    @model_validator(mode="after")
    def _reason_given(self) -> Source:
        if not self.enabled and not self.reason:
            raise ValueError("enabled = false needs a 'reason' that a reader of the sources page understands")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the outlet prints times."""
        return ZoneInfo(self.timezone)

    @cached_property
    def article_rules(self) -> str:
        """Names the rules that articles are read by; another name means that another text may be read."""
        told = self.article.model_dump_json() + self.language + self.timezone + self.date_order
        return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()

    @cached_property
    def _all_hosts(self) -> frozenset[str]:
        bare = {host.lower().removeprefix("www.") for host in (*self.hosts, *self.aliases)}
        return frozenset(bare)

    def owns(self, url: str) -> bool:
        """Whether the address is on one of the source's hosts, also as www, mobile or AMP variant."""
        host = urls.host_of(urls.without_variant(url)) if urls.host_of(url) else ""
        return host.removeprefix("www.") in self._all_hosts

    def is_article(self, url: str) -> bool:
        """Whether a canonical address may be an article of this source, by host and patterns."""
        return self.owns(url) and self.passed_over(url) is None

    def passed_over(self, url: str) -> str | None:
        """Which pattern passes over a link to this address, ``None`` when all let it through."""
        if self.link_pattern and not re.search(self.link_pattern, url):
            return f"link_pattern ({self.link_pattern}) does not match"
        found = next((pattern for pattern in self.link_exclude if re.search(pattern, url)), None)
        return None if found is None else f"link_exclude has {found}"

    def key(self, url: str) -> str:
        """What names the article within the archive: ``<source>:<post id>``, else ``<source>:<address>``.

        The same post id under another host, slug, mobile or AMP address gives the same key.
        """
        plain = urls.without_variant(url)
        found = re.search(self.id_pattern, plain) if self.id_pattern else None
        if found:
            return f"{self.name}:{found.group(1)}"
        return f"{self.name}:{plain.split('://', 1)[-1].removeprefix('www.')}"


class Family(Section):
    """A publishing system that several outlets use.

    Attributes:
        name: The file's name without ``.toml``.
        marks: Regular expressions over an article page's HTML; any of them tells the system.
        rules: What its outlets inherit, as it stands in the file.
    """

    name: str
    marks: list[Pattern] = []
    rules: dict[str, Any] = {}

    def made(self, html: str) -> bool:
        """Whether a page bears one of the system's marks."""
        return any(re.search(mark, html) for mark in self.marks)


def merged(family: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    """A source's raw table over its family's: tables are merged key by key, everything else is replaced."""
    result = dict(family)
    for key, value in source.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result
