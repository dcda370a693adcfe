"""Whether a watch wants an article, and which of its conditions say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from scraper import facts
from scraper.config import Watch
from scraper.models import ArticleData
from scraper.places import PRESENT, provinces
from scraper.text import fold, match_form, syllables
from scraper.values import Judgement

Why = tuple[str, ...]
"""The conditions that an article meets, such as ``place Cao Bằng``; empty where a watch sets none."""


class Reading:
    """An article as watches look at it: each view is made once, and only if a watch asks for it."""

    def __init__(self, data: ArticleData) -> None:
        self._fields = (data.title, data.lead, data.place, data.section, *data.tags, data.text)
        self._data = data

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Canonical numbers and names of the documents cited."""
        named = (mention for mention in facts.mentions(self._data) if mention.kind == "document")
        return frozenset(key for mention in named for key in (mention.key, mention.name))

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the provinces named, in topics too."""
        named = {mention.key for mention in facts.mentions(self._data) if mention.kind == "place"}
        return frozenset(named | {province.code for tag in self._data.tags for province in provinces(tag)})

    @cached_property
    def _plain(self) -> str:
        return "".join(_spaced(field) for field in self._fields)

    @cached_property
    def _folded(self) -> str:
        return "".join(_spaced(fold(field)) for field in self._fields)

    def holds(self, phrase: str) -> bool:
        """Whether whole words stand together; written without accents they match with any, otherwise as written."""
        wanted = _spaced(phrase)
        return wanted in (self._folded if _bare(phrase) else self._plain)


def _bare(phrase: str) -> bool:
    """Whether a phrase is written without accents."""
    return fold(phrase) == match_form(phrase)


def _spaced(text: str) -> str:
    """A field's words; two spaces keep a phrase from reaching into the next field."""
    return f" {' '.join(syllables(text))} "


def matched(watch: Watch, article: Reading, judgement: Judgement, source: str) -> Why | None:
    """Which of a watch's conditions an article meets; ``None`` when it does not meet them all."""
    if watch.outlets and source not in watch.outlets:
        return None
    if (watch.labels and judgement.label not in watch.labels) or judgement.score < watch.min_score:
        return None
    why = [f"label {judgement.label}"] if watch.labels else []
    why += [f"score {judgement.score:.2f}"] if watch.min_score else []
    for wanted, met in _conditions(watch, article):
        if wanted and not met:
            return None
        why += met
    return (*why, *([f"outlet {source}"] if watch.outlets else []))


def _conditions(watch: Watch, article: Reading) -> Iterator[tuple[bool, list[str]]]:
    """Of each condition on the text: whether it is set, and what of it the article holds; cheap ones first."""
    yield bool(watch.all_words), _each("word", watch.all_words, article)
    yield bool(watch.words), [f"word {word}" for word in watch.words if article.holds(word)]
    yield bool(watch.documents), _documents(watch, article) if watch.documents else []
    yield bool(watch.places), _places(watch, article) if watch.places else []


def _each(what: str, words: Iterable[str], article: Reading) -> list[str]:
    told = [f"{what} {word}" for word in words if article.holds(word)]
    return told if len(told) == len(list(words)) else []


def _places(watch: Watch, article: Reading) -> list[str]:
    """By present name, with the name that the watch gives where that is another."""
    found = ((PRESENT[code], written) for code, written in watch.codes.items() if code in article.codes)
    return [f"place {name}" + (f" ({written})" if written != name else "") for name, written in found]


def _documents(watch: Watch, article: Reading) -> list[str]:
    cited = [number for number in watch.numbers if number in article.numbers] if watch.numbers else []
    return [f"document {name}" for name in (*cited, *(title for title in watch.titles if article.holds(title)))]
