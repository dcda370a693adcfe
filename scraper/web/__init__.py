"""The archive as pages, feeds and an API; see :mod:`scraper.web.app`."""

from scraper.web.app import create_app
from scraper.web.serve import WebServer, open_page
from scraper.web.site import Site

__all__ = ["Site", "WebServer", "create_app", "open_page"]
