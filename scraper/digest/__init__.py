"""The day's whole picture as one mail: stories by document and province, edits, removals, sources in trouble."""

from scraper.digest.build import Digest, Group, compile_digest
from scraper.digest.render import subject, to_html, to_text

__all__ = ["Digest", "Group", "compile_digest", "subject", "to_html", "to_text"]
