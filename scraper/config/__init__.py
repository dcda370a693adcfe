"""Load and check ``config/``: settings, policy rules, watches, outlets, families that outlets inherit from."""

from scraper.config.learned import Learned
from scraper.config.load import Config, find_folder, load, load_families, load_policy
from scraper.config.policy import Policy
from scraper.config.settings import Channel, Settings
from scraper.config.sources import ArticleRules, Cadence, Family, LinkRules, ListingRule, Source, merged
from scraper.config.watches import Watch

__all__ = [
    "ArticleRules",
    "Cadence",
    "Channel",
    "Config",
    "Family",
    "Learned",
    "LinkRules",
    "ListingRule",
    "Policy",
    "Settings",
    "Source",
    "Watch",
    "find_folder",
    "load",
    "load_families",
    "load_policy",
    "merged",
]
