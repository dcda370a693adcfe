"""The three layers of one page: the source's rules, structured data, and what a reader sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from scraper import bounds, dates, markup, urls
from scraper.config import Source
from scraper.extract import generic, jsonld, site, structured, titles, walk
from scraper.extract.outline import Outline
from scraper.extract.reading import Reading, Site, laid_over
from scraper.text import is_vietnamese

DEFAULT_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""In which a Vietnamese page of no known source prints its times."""
SHORT_TEXT = 200
"""Letters; the text of structured data is preferred to a shorter body."""
MUCH_SHORTER = 3
"""So many times as long a text in structured data is preferred to the body that was found."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What each layer read, and what the page says about itself.

    Attributes:
        rules: By the source's selectors; empty without a source.
        data: From JSON-LD, microdata and meta tags.
        shown: From the visible page; nearly empty where the rules know it.
        page: What structured data says of the page rather than of the article.
        site: What is known of the outlet, with the names that the page itself gives it.
    """

    rules: Reading
    data: Reading
    shown: Reading
    page: structured.Page
    site: Site

    def combined(self) -> tuple[Reading, dict[str, str]]:
        """Each field from the first layer that has it, and which layer that was."""
        return laid_over((("site", self.rules), ("data", self._believed()), ("generic", self.shown)))

    def _believed(self) -> Reading:
        """Structured data without what the page itself says better."""
        data, shown = self.data, self.shown
        length = sum(map(len, shown.paragraphs))
        hidden = length < max(SHORT_TEXT, len(self.page.body) // MUCH_SHORTER)
        return replace(
            data,
            title=titles.printed(data.title, shown.title),
            # What an unknown outlet writes for search engines is no standfirst unless the page shows it; outlets with a
            # source file put their standfirst there, and it must not go when their layout changes.
            lead=data.lead if hidden or self.site.known else "",
            paragraphs=self.page.body.split("\n\n") if hidden and self.page.body else [],
            authors=_whole_names(data.authors, shown.authors),
            # og:image is the same picture in another size, without its caption.
            images=[] if self.rules.images or shown.images else data.images,
        )


def read(bounded: bounds.Bounded, url: str, source: Source | None, *, everything: bool = False) -> Layers:
    """The layers of a page.

    Args:
        bounded: The page within its limits.
        url: Its address.
        source: The outlet; ``None`` for an unknown one.
        everything: Whether the visible page is read in full even where it is not needed: where rules find headline
            and body, guesses could only add what is wrong.
    """
    tree = markup.tree(bounded)
    page = walk.read(tree)
    outlet = site_of(page, url, source)
    data, said = structured.read(page, url, outlet)
    outlet = replace(outlet, names=(*outlet.names, *said.names))
    rules = site.read(tree, page, url, source, outlet.names) if source else Reading()
    if source and source.article.tags:
        data = replace(data, tags=[])  # labels for readers are known to stand elsewhere; keywords are for engines
    if everything:
        shown = generic.read(tree, page, url, outlet, Reading(lead=data.lead))
    elif rules.title and rules.paragraphs:
        shown = Reading(place=generic.place_line(page))
    else:
        shown = generic.read(tree, page, url, outlet, data)
    if not (rules.published_at or data.published_at or shown.published_at):
        data = replace(data, published_at=dates.parse(jsonld.loose_date(bounded.html), zone=outlet.zone))
    return Layers(rules, data, shown, said, outlet)


def _own_names(url: str, source: Source | None) -> tuple[str, ...]:
    """The names by which an outlet calls itself, hosts among them."""
    host = urls.host_of(url).removeprefix("www.")
    return (host, *((source.title, source.name, *source.hosts, *source.aliases) if source else ()))


def site_of(page: Outline, url: str, source: Source | None) -> Site:
    """What is known of the outlet; without a source it is Vietnamese by host or language, or has no zone of its own."""
    names = _own_names(url, source)
    if source:
        return Site(source.zone, source.date_order, names, known=True)
    declared = page.language.lower()[:2]
    vietnamese = declared == "vi" or urls.host_of(url).endswith(".vn") or (not declared and is_vietnamese(page.title))
    return Site(DEFAULT_ZONE if vietnamese else ZoneInfo("UTC"), "dmy", names)


def _whole_names(given: list[str], shown: list[str]) -> list[str]:
    """The authors of structured data, unless it gives first names only and the page the whole ones."""
    short = bool(given) and all(any(name != whole and name in whole.split() for whole in shown) for name in given)
    return [] if short else given
