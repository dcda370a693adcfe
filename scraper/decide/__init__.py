"""(data, known, rules, now) -> Outcome. Pure: composes dedupe, revise and flag, and asks for the alerts due."""

from scraper.decide.alerts import of_article, source_event, story_event
from scraper.decide.health import health, misread, silence
from scraper.decide.outcome import decide
from scraper.decide.rules import Rules

__all__ = ["Rules", "decide", "health", "misread", "of_article", "silence", "source_event", "story_event"]
