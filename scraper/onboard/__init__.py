"""An address to a tested source file: what an outlet lists, how its addresses are made, where its pages show what.

:mod:`listings` finds where the news is listed and how addresses are made, :mod:`draft` writes the file, :mod:`trial`
reads articles by it. Nothing here opens a connection: the pages come from the function that is passed in.
"""

from scraper.onboard.study import Proposal, Studied, propose
from scraper.onboard.trial import Examined, FieldReport, Trial, examine

__all__ = ["Examined", "FieldReport", "Proposal", "Studied", "Trial", "examine", "propose"]
