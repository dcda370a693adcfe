"""The one place that opens connections to other people's servers.

:class:`Fetcher` gets pages and sends webhooks; what it may connect to is the guard's to say, how often the host
clock's, and what may be fetched at all robots.txt's.
"""

from scraper.fetch.client import Fetcher
from scraper.fetch.hosts import PoliteHosts
from scraper.fetch.reach import Reach

__all__ = ["Fetcher", "PoliteHosts", "Reach"]
