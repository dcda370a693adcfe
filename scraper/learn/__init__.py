"""Learn from the analysts' words what the rules get wrong: fit, compare with the rules alone, say which to use."""

from scraper.learn.bars import BARS, Bars
from scraper.learn.fit import Fitted, Labelled, fit
from scraper.learn.measures import Figures, Share, measured

__all__ = ["BARS", "Bars", "Figures", "Fitted", "Labelled", "Share", "fit", "measured"]
