"""The command line; every command is a few lines over the functions of the other modules."""

from scraper.cli.app import main

__all__ = ["main"]
