"""A source file: its text with comments, and the source that it describes."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scraper.config import Family, ListingRule, Source, merged
from scraper.extract.selectors import Learnt
from scraper.onboard.listings import Found, Made

_ORDER = ("title", "lead", "body", "date", "author", "section", "strip")


@dataclass(slots=True)
class Draft:
    """What is known of an outlet so far.

    Attributes:
        name: The file's name without ``.toml``.
        title: The outlet's name.
        hosts: Its hosts.
        listings: Listings that work, with what they list.
        spare: Sitemaps that were found beside them.
        made: How its addresses are made.
        family: Its publishing system, if that is known.
        selectors: Learnt ones, by the keys of ``[article]``.
        language: ISO 639-1.
        timezone: In which it prints times.
    """

    name: str
    title: str
    hosts: list[str]
    listings: list[Found] = field(default_factory=list)
    spare: list[ListingRule] = field(default_factory=list)
    made: Made | None = None
    family: Family | None = None
    selectors: dict[str, list[Learnt]] = field(default_factory=dict)
    language: str = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"

    def source(self, head: str = "") -> Source:
        """The source that the file describes."""
        raw = tomllib.loads(self.text(head))
        return Source.model_validate(merged(self.family.rules if self.family else {}, {**raw, "name": self.name}))

    def text(self, head: str = "") -> str:
        """The file."""
        lines = [*(f"# {line}".rstrip() for line in head.splitlines()), f"title = {_quoted(self.title)}"]
        if self.family:
            lines.append(f"family = {_quoted(self.family.name)}  # known by its marks in the pages")
        lines += [f"hosts = {_list(self.hosts)}", 'evidence = "page"']
        if self.language != "vi":
            lines += [f"language = {_quoted(self.language)}", f"timezone = {_quoted(self.timezone)}"]
        lines += self._pattern()
        for found in self.listings:
            lines += ["", *_listing(found.rule, f"{len(found.links)} articles when tried")]
        for rule in self.spare:
            lines += ["", "# Also found; take the marks away to poll it too.", *(f"# {row}" for row in _listing(rule))]
        if self.selectors:
            lines += [
                "",
                "# Learnt from its articles; structured data and the generic finder stand behind.",
                "[article]",
            ]
            lines += [_selectors(name, self.selectors[name]) for name in _ORDER if name in self.selectors]
        return "\n".join(lines) + "\n"

    def _pattern(self) -> list[str]:
        made = self.made
        if made is None or (self.family and self.family.rules.get("link_pattern")):
            return [] if self.family else ["# Its addresses have nothing in common: headlines are told from menus."]
        rows = [
            f"# {made.alike} of {made.listed} listed addresses are made so.",
            f"link_pattern = {_literal(made.link_pattern)}",
        ]
        return [*rows, f"id_pattern = {_literal(made.id_pattern)}"] if made.id_pattern else rows


def described(url: str, now: datetime, tried: Mapping[str, int], articles: int, warnings: Sequence[str]) -> str:
    """The comment at the head of a file: where it comes from and how well it reads.

    Args:
        url: What was studied.
        now: When, aware UTC.
        tried: For each field on how many of the articles it was found.
        articles: How many articles were read.
        warnings: What a person should look at.
    """
    fields = ", ".join(f"{name} {count}" for name, count in tried.items())
    rows = [
        f"Written by 'scraper sources add {url}' on {now:%d/%m/%Y}, from {articles} of its articles.",
        f"Found on so many of them: {fields}.",
        *warnings,
    ]
    return "\n".join(rows)


def name_for(host: str) -> str:
    """A file's name for an outlet: "baotintuc" for www.baotintuc.vn, "dantocmiennui-baotintuc" for a host below it."""
    labels = host.removeprefix("www.").split(".")
    own = [label for label in labels[:-1] if len(label) > 3 or len(labels) == 2] or labels[:1]  # noqa: PLR2004 - "com", "gov"
    return re.sub(r"[^a-z0-9-]", "-", "-".join(own).lower()).strip("-") or "outlet"


def _listing(rule: ListingRule, note: str = "") -> list[str]:
    rows = [f"[[listings]]{f'  # {note}' if note else ''}", f"url = {_quoted(rule.url)}"]
    return [*rows, f"kind = {_quoted(rule.kind)}"] if rule.kind != "html" else rows


def _selectors(name: str, learnt: Sequence[Learnt]) -> str:
    found = sum(each.found for each in learnt)
    note = f"{found} of {learnt[0].pages}" if name != "strip" else "boxes among the text"
    return f"{name} = {_list([each.css for each in learnt])}  # {note}"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(value: str) -> str:
    """A TOML string. JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(value: str) -> str:
    return f"'{value}'" if "'" not in value else _quoted(value)


def as_values(found: Found) -> dict[str, Any]:
    """A listing as it is printed."""
    return {"url": found.rule.url, "kind": found.rule.kind, "links": len(found.links), "why": found.why}
