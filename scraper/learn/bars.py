"""When what was learned is used, and how much words may move the rules. Each figure with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.learned import BASE, POINTS


@dataclass(frozen=True, slots=True)
class Bars:
    """What decides whether a model is used, and the make of the model.

    Penalties are of the squared weight, in units of log odds; a high one keeps the weight near 0, which is the rules
    as they are. Figures are of 117 labelled stories, November 2026, mostly with half of the rules taken away: the whole
    rules were made on these very stories, and leave nothing there to be learned.

    Attributes:
        rows: Stories with a word, at the least. Of models of 60 stories half pass the bars below, of 90 nearly all.
        implementation: Of those, stories of implementation; fewer leave none or one for each fold.
        others: Of those, stories of the other labels.
        errors: Standard errors by which the logarithmic loss must be lower than the rules': one-sided 95 %. Together
            with the interval of the AUC, which must lie above chance, it let none of 80 models of shuffled labels pass.
        stories: Stories by which precision and recall may be worse: at these numbers one story is chance.
        folds: Parts of the cross-validation: each model is fitted to nine tenths of what there is.
        least: Stories in which a word must stand: one seen once is a name.
        words: Words that may have a weight, those that tell the labels apart best. 300 to 2000 measured alike.
        weight: Penalty of a word, and of what one rule gave in one place. 1 to 30 measured alike.
        points: Penalty of the rules' points as a whole. A weaker one measured worse (logarithmic loss 0.23 for 0.20):
            the rules were made from more than the feedback.
        base: Penalty of the shift common to all stories. Analysts judge the stories they are shown, so that their
            share of implementation is not that of the news; 1 to 20 measured alike.
    """

    rows: int = 40
    implementation: int = 10
    others: int = 10
    errors: float = 1.645
    stories: int = 1
    folds: int = 10
    least: int = 2
    words: int = 1000
    weight: float = 3.0
    points: float = 90.0
    base: float = 1.0

    def penalty(self, feature: str) -> float:
        """Of one feature's weight."""
        return {POINTS: self.points, BASE: self.base}.get(feature, self.weight)


BARS = Bars()
