"""Study an outlet from one address of it, and propose a source file that is tried before it is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, zip_longest

from scraper import discover, markup, urls
from scraper.config import Family, ListingRule, Source
from scraper.errors import OnboardError
from scraper.extract import parse_article, selectors
from scraper.extract.selectors import Sample
from scraper.models import ArticleData
from scraper.onboard import listings, trial
from scraper.onboard.draft import Draft, described, name_for
from scraper.onboard.listings import Found, Get
from scraper.onboard.trial import Trial
from scraper.text import syllables
from scraper.values import Link, Page

# --- thresholds and their reasons --------------------------------------------------------------------------
ARTICLES = 10
"""Articles that are read: enough to tell what pages have in common, few enough for one visit."""
MOSTLY = 0.7
"""Share of the articles on which a family's rules, or a learnt selector, must find what the finder finds."""
ALIKE = 0.9
"""Share of words that two readings of one body have in common when they are the same."""

_AFTER_DASH = re.compile(r"\s+[-–—|»·]\s+|\s*\|\s*")
_TRIED = ("title", "lead", "text", "published_at", "authors", "section")


@dataclass(frozen=True, slots=True)
class Studied:
    """What to ask for on the way: how a page is fetched, who is told, what time it is."""

    get: Get
    tell: Callable[[str], None]
    now: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source file and how it reads.

    Attributes:
        name: The file's name without ``.toml``.
        text: The file.
        source: The source it describes.
        listings: The listings that were tried.
        trials: The articles, as read by the file.
        warnings: What a person should look at.
    """

    name: str
    text: str
    source: Source
    listings: tuple[Found, ...]
    trials: tuple[Trial, ...]
    warnings: tuple[str, ...]


def propose(url: str, studied: Studied, families: Mapping[str, Family], name: str = "") -> Proposal:
    """A tested source file for the outlet at an address: its front page, a section, or a feed.

    Args:
        url: With or without scheme.
        studied: How pages are had.
        families: Publishing systems whose marks are looked for.
        name: The file's name; made from the host by default.

    Raises:
        FetchError: The address could not be had.
        OnboardError: It lists no articles, or none of them could be read.
    """
    address = urls.canonical(url if "://" in url else f"https://{url}")
    if not address:
        raise OnboardError(f"{url}: {urls.refusal(url if '://' in url else f'https://{url}') or 'not an address'}")
    studied.tell(address)
    page = studied.get(address)
    draft = _first_draft(page, name)
    found = _listings(page, draft, studied)
    links = _articles(found, draft)
    if not links:
        tried = "; ".join(each.why for each in found if each.why) or "no listing was found"
        raise OnboardError(f"{address}: no articles found ({tried}). Try the address of a section, or of a feed")
    samples, failed = trial.samples_of(links[:ARTICLES], studied.get, studied.tell)
    if not samples:
        raise OnboardError(f"{address}: none of its articles could be had; the first failed so: {failed[0].error}")
    plain = [parse_article(sample.html, sample.url) for sample in samples]
    _describe(draft, samples, plain)
    draft.family = _family(samples, families, draft)
    if draft.family is None:
        draft.selectors = selectors.learn(samples)
        _without_wrong(draft, samples, plain)
    return _proposal(address, draft, found, samples, failed, studied.now)


# --- listings ----------------------------------------------------------------------------------------------


def _first_draft(page: Page, name: str) -> Draft:
    """An outlet of which nothing is known but its host and the address given."""
    host = urls.host_of(page.final_url)
    draft = Draft(name or name_for(host), host, [host])
    draft.listings = [Found(ListingRule(url=page.url))]
    return draft


def _listings(page: Page, draft: Draft, studied: Studied) -> list[Found]:
    """The address itself and the feeds it names; sitemaps only where neither lists anything."""
    source = draft.source()
    own = listings.read(page, studied.get, source, ListingRule(url=page.url, kind=discover.kind_of(page)), studied.now)
    found = [own]
    if own.rule.kind == "html":
        found += [each for each in listings.feeds(page, studied.get, source, studied.now) if each.rule.url != page.url]
    draft.spare = [rule for rule in listings.sitemaps(page, studied.get, source) if rule.url != page.url]
    if not any(each.links for each in found):
        found += [listings.try_out(studied.get, source, rule, studied.now) for rule in draft.spare]
        draft.spare = []
    return found


def _articles(found: Sequence[Found], draft: Draft) -> list[Link]:
    """What the listings list, once their addresses' make is known; feeds list nothing but articles."""
    sure = [link.url for each in found if each.rule.kind != "html" for link in each.links]
    listed = sure or [link.url for each in found for link in each.links]
    draft.made = listings.pattern_of(listed)
    kept = [replace(each, links=tuple(listings.matching(each.links, draft.made))) for each in found]
    draft.listings = [each for each in kept if each.links]
    in_turn = chain.from_iterable(zip_longest(*(each.links for each in draft.listings)))
    return list({link.key: link for link in in_turn if link is not None}.values())


# --- rules -------------------------------------------------------------------------------------------------


def _describe(draft: Draft, samples: Sequence[Sample], plain: Sequence[ArticleData]) -> None:
    """Title and language, as its pages have them."""
    draft.title = _outlet_name(samples) or draft.title
    languages = [data.language for data in plain if data.language]
    draft.language = max(set(languages), key=languages.count) if languages else draft.language
    if draft.language != "vi" and not draft.hosts[0].endswith(".vn"):
        draft.timezone = "UTC"


def _outlet_name(samples: Sequence[Sample]) -> str:
    """The outlet's name: what its pages call the site, else what the titles of most of them end with."""
    trees = [markup.parse(sample.html) for sample in samples]
    named = Counter(markup.value(tree, "meta[property='og:site_name']@content") for tree in trees)
    ends = Counter(_AFTER_DASH.split(markup.value(tree, "title"))[-1] for tree in trees)
    for names in (named, ends):
        name, count = names.most_common(1)[0]
        if name and count >= max(MOSTLY * len(samples), 2):
            return name
    return ""


def _family(samples: Sequence[Sample], families: Mapping[str, Family], draft: Draft) -> Family | None:
    """The publishing system whose marks most pages bear and whose rules read most of them."""
    for family in families.values():
        if sum(family.made(sample.html) for sample in samples) < MOSTLY * len(samples):
            continue
        draft.family = family
        read = trial.read(samples, draft.source())
        by_rule = [each for each in read if each.article and {"site"} == _layers(each.article, ("title", "text"))]
        if len(by_rule) >= MOSTLY * len(samples):
            return family
    draft.family = None
    return None


def _layers(data: ArticleData, fields: Sequence[str]) -> set[str]:
    return {data.provenance.get(name, "") for name in fields}


def _without_wrong(draft: Draft, samples: Sequence[Sample], plain: Sequence[ArticleData]) -> None:
    """Drop the body's selectors where they read another text than the finder does on too many pages."""
    if "body" not in draft.selectors:
        return
    read = trial.read(samples, draft.source())
    same = sum(_same(each.article.text, found.text) for each, found in zip(read, plain, strict=True) if each.article)
    if same < MOSTLY * len(samples):
        draft.selectors = {name: found for name, found in draft.selectors.items() if name not in {"body", "strip"}}


def _same(one: str, other: str) -> bool:
    ours, theirs = set(syllables(one)), set(syllables(other))
    return len(ours & theirs) >= ALIKE * max(len(ours), len(theirs), 1)


# --- the file ----------------------------------------------------------------------------------------------


def _proposal(
    address: str,
    draft: Draft,
    found: Sequence[Found],
    samples: Sequence[Sample],
    failed: Sequence[Trial],
    now: datetime,
) -> Proposal:
    trials = trial.read(samples, draft.source())
    whole = [each.article for each in trials if each.article is not None and each.whole]
    if not whole:
        raise OnboardError(f"{address}: {len(trials)} articles were had, and none gave a title and a text")
    counts = {name: sum(bool(getattr(data, name)) for data in whole) for name in _TRIED}
    warnings = _warnings(draft, counts, len(trials), failed)
    head = described(address, now, counts, len(trials), warnings)
    return Proposal(
        draft.name,
        draft.text(head),
        draft.source(head),
        tuple(found),
        (*trials, *failed),
        tuple(warnings),
    )


def _warnings(draft: Draft, counts: Mapping[str, int], articles: int, failed: Sequence[Trial]) -> list[str]:
    """What a person should look at before trusting the file."""
    said = [
        f"Look at {name}: found on {count} of {articles} only."
        for name, count in counts.items()
        if 2 * count < articles
    ]
    if failed:
        said.append(f"{len(failed)} articles could not be had; the first: {failed[0].error}")
    if draft.made is None and draft.family is None:
        said.append("No pattern tells its articles' addresses: see that no menu entry is taken for one.")
    return said
