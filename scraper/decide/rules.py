"""What a decision depends on beside the article and the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from scraper.config import Config, Learned, Policy, Watch
from scraper.config.settings import RecheckSettings
from scraper.vietnam import VIETNAM


@dataclass(frozen=True, slots=True)
class Rules:
    """What a decision depends on beside the article and the archive.

    Attributes:
        titles: Outlets' titles by source.
        agencies: Sources that are a news agency's own.
        zone: Of the times of day at which digests are due.
    """

    policy: Policy
    watches: tuple[Watch, ...]
    max_age: timedelta
    recheck: RecheckSettings
    titles: Mapping[str, str]
    agencies: frozenset[str] = frozenset()
    zone: ZoneInfo = VIETNAM

    @classmethod
    def of(cls, config: Config, learned: Learned | None = None) -> Rules:
        """The rules that a configuration sets, corrected by what was learned under them."""
        return cls(
            policy=config.policy.taught(learned),
            watches=tuple(config.watches),
            max_age=config.settings.alerting.max_age,
            recheck=config.settings.schedule.recheck,
            titles={name: source.title for name, source in config.sources.items()},
            agencies=config.agencies,
            zone=ZoneInfo(config.settings.alerting.timezone),
        )
