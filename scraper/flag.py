"""Is this story about policy being carried out, and why do we say so.

Rules from ``policy.toml`` are looked up in one pass over each field: its words, in matching form, walk a trie of all
phrases, and the longest phrase wins. Each hit is a reason. Points measure **implementation**: what speaks for it adds,
what speaks for another label (or against all) takes away. A calibrated curve turns points into a probability.
What was learned from the analysts' words adds reasons of its own, see :mod:`scraper.learned`.

Where the labels meet: what a document provides, or from when it applies, is issuance, also on its first day; agencies
or people applying it are implementation; inspecting, auditing or questioning how it is carried out is oversight, also
when all is well; a local plan, budget or review under a programme is implementation; drafts and debate are none.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate

from scraper import learned
from scraper import text as texts
from scraper.config import Policy, load_policy
from scraper.config.policy import FieldName, PatternRule, Rule
from scraper.documents import citations
from scraper.models import ArticleData
from scraper.values import Judgement, Label, Reason

FIELDS: tuple[FieldName, ...] = ("section", "place", "title", "lead", "text")
_TOP = frozenset({"section", "title", "lead"})
MAX_CHARS = 40_000
"""Of a field, no more is read: the longest real story seen had 37,000 characters (a resolution in full, June 2017)."""

# A word keeps its combining marks and invisible characters: the matching form resolves them.
_TOKEN = re.compile(r"([\w\u0300-\u036f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+|[,.!?;:…]|\n)")
_STOP = "."
_EVEN = 0.5
_ALIKE = 1e-9


def judge(article: ArticleData, policy: Policy | None = None) -> Judgement:
    """Label the article and say why.

    Args:
        article: As extracted; nothing but its section, place, title, lead and text is read.
        policy: The rules; those of the configuration folder when not given.

    Raises:
        ConfigError: No policy was given and the configured one is wrong.
    """
    rules = policy or _configured()
    tally = _Tally(rules)
    scanner = _scanner(rules)
    for name in FIELDS:
        words = _Words(getattr(article, name)[:MAX_CHARS])
        for rule, weight, start, end in scanner.hits(name, words):
            tally.add(rule, name, words.written(start, end), weight)
    _cite(article, rules, tally)
    if rules.learned is not None:
        tally.learn(learned.reasons(rules.learned, article, tally.reasons, rules.calibration))
    points = sum(reason.weight for reason in tally.reasons)
    score = _probability(points, rules)
    return Judgement(_label(points, tally, rules), points, score, tuple(tally.reasons))


def differences(before: Judgement, after: Judgement) -> list[Reason]:
    """What two judgements of one article weigh differently, the weightiest first; each weight is the difference."""
    weights: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    for judgement, sign in ((before, -1), (after, 1)):
        for reason in judgement.reasons:
            weights[reason.rule, reason.field, reason.matched] += sign * reason.weight
    found = [Reason(*where, round(weight, 6)) for where, weight in weights.items() if abs(weight) > _ALIKE]
    return sorted(found, key=lambda reason: (-abs(reason.weight), reason.rule, reason.field, reason.matched))


@lru_cache(maxsize=1)
def _configured() -> Policy:
    return load_policy()


# --- the words of a field ----------------------------------------------------------------------------------


@lru_cache(maxsize=8_192)  # 98 of 100 tokens of 4,000 stories; eight times as many cost 10 MB and save no time
def _form(token: str) -> str:
    """A token in matching form; every mark that ends a sentence is one stop."""
    return texts.match_form(token) if token[0] not in "!?;:…\n" else _STOP


class _Words:
    """A field's words in matching form, and where each stands in it."""

    def __init__(self, source: str) -> None:
        # What lies between words and the words, in turn: places are worked out only where a rule has matched.
        self._source, self._parts = source, _TOKEN.split(source)
        self.forms = [_form(token) for token in self._parts[1::2]]

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate(map(len, self._parts), initial=0))

    def written(self, start: int, end: int) -> str:
        """What stands in the field from word ``start`` up to word ``end``."""
        return self._source[self._starts[2 * start + 1] : self._starts[2 * end]]


# --- the rules, compiled -----------------------------------------------------------------------------------

_Hit = tuple[Rule, float, int, int]


class _Node(dict[str, "_Node"]):
    """A step of the trie; ``rule`` is set where a phrase ends."""

    rule: Rule | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class _Scanner:
    """All phrases of a policy as one trie a field, and its patterns."""

    tries: dict[FieldName, _Node]
    patterns: dict[FieldName, list[tuple[PatternRule, re.Pattern[str]]]]

    def hits(self, name: FieldName, words: _Words) -> Iterator[_Hit]:
        """Every rule that matches in the field, with its weight and its first and last word."""
        phrases = list(_longest(self.tries[name], words.forms))
        if name == "section":
            phrases = [hit for hit in phrases if hit[2:] == (0, len(words.forms))]
        yield from phrases
        if self.patterns[name] and words.forms:
            yield from _pattern_hits(self.patterns[name], words.forms)


@lru_cache(maxsize=8)
def _scanner(policy: Policy) -> _Scanner:
    tries: dict[FieldName, _Node] = {name: _Node() for name in FIELDS}
    for rule in policy.phrases:
        for name in rule.fields:
            for phrase, weight in rule.phrases.items():
                forms = _Words(phrase).forms
                _plant(tries[name], forms, rule, weight)
                _plant(tries[name], [form for form in forms if form != ","], rule, weight)
    compiled = [(rule, re.compile(rule.pattern)) for rule in policy.patterns]
    patterns = {name: [pair for pair in compiled if name in pair[0].fields] for name in FIELDS}
    return _Scanner(tries, patterns)


def _plant(trie: _Node, forms: list[str], rule: Rule, weight: float) -> None:
    for form in forms:
        trie = trie.setdefault(form, _Node())
    trie.rule, trie.weight = rule, weight


def _longest(trie: _Node, forms: list[str]) -> Iterator[_Hit]:
    count, free = len(forms), 0
    for at in [index for index, form in enumerate(forms) if form in trie]:
        if at < free:
            continue
        node, end, best, best_end = trie[forms[at]], at + 1, None, at + 1
        while True:
            if node.rule is not None:
                best, best_end = node, end
            if end == count or (following := node.get(forms[end])) is None:
                break
            node, end = following, end + 1
        if best is not None and best.rule is not None:
            yield best.rule, best.weight, at, best_end
            free = best_end


def _pattern_hits(patterns: list[tuple[PatternRule, re.Pattern[str]]], forms: list[str]) -> Iterator[_Hit]:
    joined = " ".join(forms)
    for rule, pattern in patterns:
        for match in pattern.finditer(joined):
            words = match.group().split()
            if words:
                first = joined.count(" ", 0, match.start())
                yield rule, rule.weight, first, first + len(words)


# --- from hits to a label ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    """Reasons as they are found, each phrase once a field, each rule and the text up to their caps."""

    policy: Policy
    reasons: list[Reason] = field(default_factory=list)
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    evidence: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    at_top: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    text_gave: defaultdict[bool, float] = field(default_factory=lambda: defaultdict(float))
    learned: float = 0.0

    def add(self, rule: Rule, name: FieldName, written: str, weight: float) -> None:
        """Count a hit, unless the same words were counted in this field or the rule has given all it may."""
        key = (rule.name, name, _form(written))
        if key in self.seen:
            return
        self.seen.add(key)
        self.count(
            rule.name, rule.label, name, written, min(weight * getattr(self.policy.fields, name), self._left(rule))
        )

    def learn(self, reasons: list[Reason]) -> None:
        """Add what the analysts' words say; where that is for implementation, a rival needs as much more evidence."""
        self.reasons += reasons
        self.learned = sum(reason.weight for reason in reasons)

    def _left(self, rule: Rule) -> float:
        return rule.cap - self.spent[rule.name]

    def count(self, rule: str, label: str, name: str, written: str, share: float) -> None:
        """Take ``share`` as evidence for the label and as points, unless nothing is left of it."""
        adds = label in {"subject", "implementation"}
        if name == "text":
            share = min(share, self.policy.fields.most_of_text - self.text_gave[adds])
        if share <= 0:
            return
        if name == "text":
            self.text_gave[adds] += share
        self.spent[rule] += share
        self.evidence[label] += share
        if name in _TOP:
            self.at_top[label if label == "none" else "policy" if adds else ""] += share
        sign = 1.0 if adds else -self.policy.thresholds.overseen if label == "oversight" else -1.0
        self.reasons.append(Reason(rule, name, written, sign * share))


def _cite(article: ArticleData, policy: Policy, tally: _Tally) -> None:
    """Documents named are a subject; each counts once, wherever it stands, by number more than by a short name."""
    rule, keys = policy.citations, set[str]()
    fields = [(name, citations(getattr(article, name)[:MAX_CHARS])) for name in ("title", "lead", "text")]
    named = [(name, found) for name, cited in fields for found in cited]
    for name, found in sorted(named, key=lambda pair: pair[1].name != ""):
        if found.number in keys or found.name in keys:
            continue
        weight = rule.named if found.name else rule.more if keys else rule.first
        keys |= {found.number, found.name} - {""}
        tally.count("citation", "subject", name, found.written, min(weight, rule.cap - tally.spent["citation"]))


def _probability(points: float, policy: Policy) -> float:
    exponent = (points - policy.calibration.middle) / policy.calibration.scale
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, exponent))))


def _label(points: float, tally: _Tally, policy: Policy) -> Label:
    bar, evidence = policy.thresholds, tally.evidence
    # A document's own text speaks of everything; an affair that is inspected is told from a policy by its text too.
    left: dict[Label, float] = {"issuance": evidence["issuance"] - bar.against * tally.at_top["none"]}
    if tally.at_top["policy"] >= bar.subject:
        left["oversight"] = evidence["oversight"] - bar.against * evidence["none"]
    rival = max(left, key=lambda label: left[label] - getattr(bar, label))
    in_full = points - (1 - bar.overseen) * evidence["oversight"]
    if _probability(in_full, policy) >= _EVEN and left[rival] < bar.decisive + max(0.0, tally.learned):
        return "implementation"
    return rival if left[rival] >= getattr(bar, rival) else "none"
