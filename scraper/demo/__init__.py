"""A newsroom on loopback that publishes, syndicates, corrects and retracts stories, with the truth known."""

from scraper.demo.run import run_demo

__all__ = ["run_demo"]
