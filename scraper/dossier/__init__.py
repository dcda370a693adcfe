"""Dossiers: all that the archive holds on one document, programme or province."""

from scraper.dossier.build import Dossier, Entry, Subject, compile_dossier, keys_of
from scraper.dossier.render import to_csv, to_markdown

__all__ = ["Dossier", "Entry", "Subject", "compile_dossier", "keys_of", "to_csv", "to_markdown"]
