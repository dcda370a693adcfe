"""What ``policy.toml`` may say: the rules that decide whether a story is policy news."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from scraper.config.learned import Learned
from scraper.config.sources import Pattern
from scraper.config.units import Section
from scraper.text import match_form, syllables
from scraper.values import Label

Speaks = Literal[Label, "subject"]
FieldName = Literal["section", "place", "title", "lead", "text"]


def _phrases(value: dict[str, float]) -> dict[str, float]:
    if len({" ".join(syllables(phrase)) for phrase in value} - {""}) != len(value):
        raise ValueError("two phrases are the same but for case, tone placement or punctuation, or one is empty")
    if not all(weight > 0 for weight in value.values()):
        raise ValueError("weights are positive; the rule's label says what they speak for")
    return {match_form(phrase): weight for phrase, weight in value.items()}


Phrases = Annotated[dict[str, float], AfterValidator(_phrases)]


class FieldWeights(Section):
    """How much a phrase counts by where it stands.

    Attributes:
        most_of_text: The most that a text may add to the points, and the most that it may take off: a long speech
            mentions everything.
    """

    section: float = Field(default=1.0, gt=0)
    place: float = Field(default=1.0, gt=0)
    title: float = Field(default=2.0, gt=0)
    lead: float = Field(default=1.5, gt=0)
    text: float = Field(default=1.0, gt=0)
    most_of_text: float = Field(default=1000.0, gt=0)


class Rule(Section):
    """What phrase and pattern rules share.

    Attributes:
        label: What the rule speaks for. ``subject`` is policy whatever is done with it; ``none`` speaks against all.
        cap: The most that the rule can add, over all fields.
        fields: Where it is looked for; ``place`` is the agency's dateline. A section counts only when its whole name
            matches.
    """

    name: str
    label: Speaks
    cap: float = Field(gt=0)
    fields: list[FieldName] = ["title", "lead", "text"]


class PhraseRule(Rule):
    """A group of phrases, each counted once a field; where phrases overlap, the longest is taken.

    A comma in a phrase may be missing in the story; one in the story where the phrase has none parts the words.
    """

    phrases: Phrases


class PatternRule(Rule):
    """A regular expression over words in matching form, joined by single spaces; commas and stops are words."""

    pattern: Pattern
    weight: float = Field(gt=0)


class CitationRule(Section):
    """Points for naming legal documents: by whole number, the first counts more than the others; or by short name."""

    first: float = Field(default=2.0, ge=0)
    more: float = Field(default=0.5, ge=0)
    named: float = Field(default=0.0, ge=0)
    cap: float = Field(default=4.0, ge=0)


class Calibration(Section):
    """Points to probability: ``1 / (1 + exp(-(points - middle) / scale))``."""

    middle: float = 12.0
    scale: float = Field(default=3.0, gt=0)


class Thresholds(Section):
    """Evidence needed for the labels other than ``implementation``, which begins at a score of one half.

    Attributes:
        against: The share of what speaks against all that is taken off the evidence first.
        overseen: The share of the evidence for oversight that is taken off the points: a policy that is inspected is
            being carried out as well. The label weighs that evidence in full.
        decisive: Evidence for issuance or oversight that gives the label however probable implementation is.
        subject: Evidence of a policy that oversight needs in section, title and lead beside its own: who inspects a
            company oversees no policy.
    """

    issuance: float = Field(default=4.0, gt=0)
    oversight: float = Field(default=4.0, gt=0)
    against: float = Field(default=0.5, ge=0)
    decisive: float = Field(default=1000.0, gt=0)
    overseen: float = Field(default=1.0, ge=0, le=1)
    subject: float = Field(default=0.0, ge=0)


class Policy(Section):
    """The whole of ``policy.toml``.

    Attributes:
        version: Changes with the rules; stands beside every judgement. Filled in when loaded.
        learned: What corrects the rules; see :meth:`taught`.
    """

    fields: FieldWeights = FieldWeights()
    thresholds: Thresholds = Thresholds()
    calibration: Calibration = Calibration()
    citations: CitationRule = CitationRule()
    phrases: list[PhraseRule]
    patterns: list[PatternRule] = []
    version: str = ""
    learned: Learned | None = None

    @field_validator("learned", mode="before")
    @classmethod
    def _is_not_written(cls, _value: object) -> None:
        raise ValueError("is fitted by 'scraper learn', and not written by hand")

    @model_validator(mode="after")
    def _names_differ(self) -> Policy:
        names = Counter(rule.name for rule in (*self.phrases, *self.patterns))
        places = Counter((name, phrase) for rule in self.phrases for name in rule.fields for phrase in rule.phrases)
        twice = [f"rule name {name!r}" for name, count in names.items() if count > 1]
        twice += sorted({f"phrase {phrase!r}" for (_, phrase), count in places.items() if count > 1})
        if twice:
            raise ValueError(f"{'; '.join(twice)}: used twice; each name and each phrase of a field stands once")
        return self

    def __hash__(self) -> int:
        """By version, so that compiled rules can be kept beside the policy they were made from."""
        return hash(self.version)

    def taught(self, learned: Learned | None) -> Policy:
        """These rules corrected by what was learned under them; as they are when it was learned under others."""
        if learned is None or learned.policy_version != self.version:
            return self
        return self.model_copy(update={"learned": learned, "version": f"{self.version}+{learned.version}"})
