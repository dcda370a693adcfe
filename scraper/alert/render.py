"""Messages as people read them, and as programs do. Pure.

Titles, leads and error texts were scraped: they are laid out on lines of their own, without control characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from scraper import urls
from scraper.text import clean
from scraper.values import Message
from scraper.vietnam import local

MAX_SUBJECT = 160
MAX_LINE = 600
MAX_REASONS = 4
MAX_LISTED = 50
"""A message is a pointer to a story, not the story; mail subjects break past about 160 characters."""

_EVENTS = {
    "new": "New",
    "adds_facts": "Adds facts",
    "edited": "Edited",
    "removed": "Removed",
    "returned": "Back online",
    "source_broken": "Source in trouble",
    "source_recovered": "Source is back",
    "source_gap": "Stories may be missing",
}
_LABELS = {
    "implementation": "policy being carried out",
    "issuance": "new rules issued",
    "oversight": "policy under inspection",
    "none": "not policy news",
}

# Characters that chat services read as mark-up or as a call to everyone, and their harmless wide forms.
_INERT = str.maketrans("@*_~`|[]<>#\\", "＠＊＿～｀｜［］＜＞＃＼")

Plain = Callable[[str], str]


def inert(written: str) -> str:
    """Scraped words that no chat service reads as mark-up, a link or a call such as ``@everyone``."""
    return clean(written).translate(_INERT)


def _address(written: object, plain: Plain) -> str:
    """An address that stays one; where words are made inert, a path such as ``/@everyone`` calls nobody either."""
    address = clean(str(written or ""))
    return address.replace("@", "%40") if plain is inert else address


def _line(written: str, plain: Plain) -> str:
    """A line of a digest made elsewhere: an address of its own, or words."""
    address = urls.canonical(written.strip())
    return _address(address, plain) if address else plain(written)


def subject(message: Message, plain: Plain = clean) -> str:
    """One line: what happened to which story or source.

    Args:
        message: The outbox row.
        plain: What makes scraped words harmless for the channel: :func:`inert` where it interprets mark-up.
    """
    if message.event == "daily":
        return _cut(plain(str(message.body.get("subject") or "")), MAX_SUBJECT)
    if message.event == "digest":
        count = len(message.body.get("stories") or ())
        return _cut(f"{count} {'story' if count == 1 else 'stories'}: {plain(message.alert)}", MAX_SUBJECT)
    what = _EVENTS.get(message.event, message.event)
    if message.event.startswith("source_"):
        about = message.source
    else:
        about = message.body.get("title") or message.body.get("url") or message.source
    return _cut(f"{what}: {plain(str(about))}", MAX_SUBJECT)


def text(message: Message, plain: Plain = clean) -> str:
    """The subject, what is known of the story or the trouble, and the idempotency key as the last line."""
    if message.event == "daily":
        lines = [_line(line, plain) for line in str(message.body.get("text") or "").splitlines()]
        return "\n".join([subject(message, plain), "", *lines, f"key: {clean(message.key)}"])
    if message.event == "digest":
        return "\n".join([subject(message, plain), "", *_listed(message.body, plain), f"key: {clean(message.key)}"])
    facts = _source_lines(message.body) if message.event.startswith("source_") else _story_lines(message.body)
    lines = [f"{name}: {_cut(plain(value), MAX_LINE)}" for name, value in facts if value]
    url = _address(message.body.get("url"), plain)
    return "\n".join([subject(message, plain), *lines, *([url] if url else []), f"key: {clean(message.key)}"])


def payload(message: Message) -> dict[str, Any]:
    """The message as one JSON object: everything known, with the text for readers that show only that."""
    return {
        **message.body,
        "key": message.key,
        "event": message.event,
        "alert": message.alert,
        "source": message.source,
        "created_at": message.created_at.isoformat(),
        "subject": subject(message),
        "message": text(message),
    }


def _story_lines(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Outlet", _joined(body.get("outlet") or body.get("source"), body.get("section"), body.get("place"))
    yield "Published", _local(body.get("published_at"))
    yield "Seen", _local(body.get("seen_at"))
    yield "Watch", _watches(body)
    yield "Judged", _judged(body)
    yield "Because of", _reasons(body)
    yield "Adds", " / ".join(str(passage) for passage in body.get("adds") or ())
    yield "Changed", ", ".join(str(name) for name in body.get("changed") or ())
    yield "Cause", str(body.get("cause") or "")
    yield "Lead", str(body.get("lead") or "")


def _source_lines(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Outlet", str(body.get("outlet") or "")
    yield "Since", _local(body.get("since"))
    yield "Watch", _watches(body)
    yield "Cause", str(body.get("cause") or "")


def _listed(body: Mapping[str, Any], plain: Plain) -> Iterator[str]:
    """A digest's stories, each with what happened, where and when, the judgement, why it is told, and its address."""
    stories = body.get("stories") or ()
    for number, story in enumerate(stories[:MAX_LISTED], 1):
        what = _EVENTS.get(str(story.get("event")), str(story.get("event")))
        yield _cut(f"{number}. {what}: {plain(str(story.get('title') or story.get('outlet') or ''))}", MAX_LINE)
        facts = _joined(story.get("outlet"), _local(story.get("published_at")), _judged(story), story.get("cause"))
        more = [*(story.get("changed") or ()), *(story.get("adds") or ())]
        for line in (facts, _watches(story), *map(str, more)):
            if line:
                yield f"   {_cut(plain(line), MAX_LINE)}"
        if story.get("url"):
            yield f"   {_address(story['url'], plain)}"
        yield ""
    if len(stories) > MAX_LISTED:
        yield f"and {len(stories) - MAX_LISTED} more; 'scraper alerts' lists them"
        yield ""


def _watches(body: Mapping[str, Any]) -> str:
    """Every watch that asked, with the conditions that were met."""
    told = ((str(watch["name"]), ", ".join(watch["why"])) for watch in body.get("watches") or ())
    return "; ".join(f"{name} ({why})" if why else name for name, why in told)


def _judged(body: Mapping[str, Any]) -> str:
    label, score = body.get("label"), body.get("score")
    if not label:
        return ""
    words = _LABELS.get(label, str(label))
    return f"{words} (implementation {score:.0%})" if isinstance(score, (int, float)) else words


def _reasons(body: Mapping[str, Any]) -> str:
    """The weightiest reasons; for a story of another label, also what speaks against implementation."""
    carried_out = body.get("label") == "implementation"
    told = [reason for reason in body.get("reasons") or () if reason["matched"]]
    known = [reason for reason in told if reason["weight"] > 0 or not carried_out]
    known.sort(key=lambda reason: -abs(reason["weight"]))
    return "; ".join(
        f'{reason["rule"]} in the {reason["field"]}: "{reason["matched"]}" ({reason["weight"]:+g})'
        for reason in known[:MAX_REASONS]
    )


def _local(moment: str | None) -> str:
    if not moment:
        return ""
    return f"{local(datetime.fromisoformat(moment))} (Vietnam)"


def _joined(*parts: str | None) -> str:
    return " | ".join(part for part in parts if part)


def _cut(line: str, length: int) -> str:
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
