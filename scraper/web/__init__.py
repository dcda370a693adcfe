"""The page over the archive: front page, stories, the sources' state, and ``/healthz``."""

from scraper.web.app import create_app
from scraper.web.serve import WebServer

__all__ = ["WebServer", "create_app"]
