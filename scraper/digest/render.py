"""A digest as plain text and as the HTML of a mail.

Titles, leads and errors were scraped: in text they stand on one line without control characters, in HTML they are
escaped, and only http and https addresses become links. Mail programs drop style sheets, so the styles stand inline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from scraper import urls
from scraper.digest.build import Digest, Group
from scraper.digest.words import KINDS, WORDS, Language
from scraper.store.answers import Edited, Item
from scraper.text import clean
from scraper.values import FIGURE_EDITS, strongest
from scraper.vietnam import VIETNAM, local

MAX_LINE = 200
"""Characters of a title or cause that are told."""
REASONS = 3
"""Matched words on a story's one line of why."""

EDITS = 4
"""Changes of one edit that are told."""

Outlet = Callable[[str], str]


def subject(digest: Digest, language: Language) -> str:
    """One line: which day, how many stories."""
    words = WORDS[language]
    count = words["story"] if digest.total == 1 else words["stories"].format(n=digest.total)
    return words["subject"].format(day=f"{digest.until.astimezone(VIETNAM):%d/%m/%Y}", count=count)


def to_text(digest: Digest, language: Language, outlet: Outlet) -> str:
    """The digest as plain text; times are Vietnam's.

    Args:
        digest: What to tell.
        language: In which language.
        outlet: A source's name to its title.
    """
    return "\n".join(_lines(digest, language, outlet)).rstrip() + "\n"


def to_html(digest: Digest, language: Language, outlet: Outlet) -> str:
    """The digest as one HTML document for a mail; arguments as for :func:`to_text`."""
    words = WORDS[language]
    return _template().render(
        digest=digest,
        language=language,
        w=words,
        subject=subject(digest, language),
        span=_span(digest, language),
        title=lambda text: line(text) or words["untitled"],
        outlet=lambda name: line(outlet(name)),
        line=line,
        link=urls.link,
        local=local,
        facts=lambda story: _facts(story, language, outlet),
        why=lambda story: _why(story, language),
        edits=lambda edited: _edits(edited, language),
        heading=lambda group: _heading(group, language),
    )


@cache
def _template() -> Template:
    folder = Path(__file__).parent
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return found.get_template("mail.html")


def _lines(digest: Digest, language: Language, outlet: Outlet) -> Iterator[str]:
    words = WORDS[language]
    yield words["heading"]
    yield _span(digest, language)
    if digest.empty:
        yield ""
        yield words["nothing"]
    for group in digest.groups:
        yield from ("", f"== {_heading(group, language)}", "")
        for story in group.stories:
            yield f"- {line(story.title) or words['untitled']}"
            told = (_facts(story, language, outlet), _why(story, language), urls.link(story.url))
            yield from (f"  {part}" for part in told if part)
        if group.more:
            yield f"  {words['more'].format(n=group.more)}"
    yield from _happened(digest, language, outlet)


def _happened(digest: Digest, language: Language, outlet: Outlet) -> Iterator[str]:
    words = WORDS[language]
    told = (
        ("edited", [(e.title, e.source, e.at, _edits(e, language)) for e in digest.edits], digest.more_edits),
        ("removed", [(r.title, r.source, r.at, "") for r in digest.removals], digest.more_removals),
    )
    for name, rows, more in told:
        if rows:
            yield from ("", f"== {words[name]}", "")
        for title, source, at, note in rows:
            yield f"- {line(title) or words['untitled']} ({line(outlet(source))}, {local(at)})"
            yield from (f"  {line(note)}" for _ in range(bool(note)))
        if more:
            yield f"  {words['more'].format(n=more)}"
    if digest.trouble:
        yield from ("", f"== {words['trouble']}", "")
    for each in digest.trouble:
        yield f"- {line(outlet(each.name))}, {words['since'].format(time=local(each.trouble_since))}"
        yield f"  {line(each.last_error)}"


def _edits(edited: Edited, language: Language) -> str:
    """What an edit changed, the first few things; figures and names as they stood and as they stand."""
    told = []
    for edit in edited.edits[:EDITS]:
        kind = KINDS[edit["kind"]] if language == "vi" else edit["kind"]
        change = " → ".join(line(edit[side], 60) for side in ("before", "after") if edit[side])
        told.append(f"{kind}: {change}" if edit["kind"] in FIGURE_EDITS else kind)
    more = len(edited.edits) - EDITS
    return "; ".join(told) + (f" (+{more})" if more > 0 else "") if told else line(edited.summary)


def _heading(group: Group, language: Language) -> str:
    words = WORDS[language]
    name = words["rest"] if group.kind == "rest" else f"{words[group.kind]}: {line(group.title)}"
    return f"{name} ({group.total})"


def _facts(story: Item, language: Language, outlet: Outlet) -> str:
    words = WORDS[language]
    marks = [words["edits"].format(n=story.revisions - 1)] * (story.revisions > 1)
    marks += [words["copies"].format(n=story.copies)] * (story.copies > 0) + [words["gone"]] * (
        story.state == "removed"
    )
    return " · ".join((line(outlet(story.source)), local(story.at), f"{words[story.label]} {story.score:.2f}", *marks))


def _why(story: Item, language: Language) -> str:
    named = list(dict.fromkeys(line(reason.matched, 60) for reason in strongest(story.reasons)))[:REASONS]
    return WORDS[language]["why"].format(words=", ".join(f"“{words}”" for words in named)) if named else ""


def _span(digest: Digest, language: Language) -> str:
    return WORDS[language]["span"].format(since=local(digest.since), until=local(digest.until))


def line(text: str, length: int = MAX_LINE) -> str:
    """Scraped words on one line, cut where they are too long."""
    plain = "".join(c for c in clean(text) if c.isprintable())
    return plain if len(plain) <= length else f"{plain[:length].rstrip()}…"
