"""The archive to take along: JSON Lines, CSV, Markdown, HTML pages, WARC; batch by batch, however large it is.

Each form is a module; :mod:`scraper.export.forms` chooses. Files and folders appear only when they are whole.
"""

from scraper.export.bundle import write_bundle
from scraper.export.files import standard_output, whole_bytes, whole_file, whole_folder
from scraper.export.forms import ENDINGS, FORMATS, Format, export, form_of
from scraper.export.lines import write_jsonl
from scraper.export.markdown import plain, write_markdown
from scraper.export.rows import KEYS, Row, rows
from scraper.export.sheet import cell, write_csv
from scraper.export.stories import Progress, Story, stories
from scraper.export.warc import write_warc

__all__ = [
    "ENDINGS",
    "FORMATS",
    "KEYS",
    "Format",
    "Progress",
    "Row",
    "Story",
    "cell",
    "export",
    "form_of",
    "plain",
    "rows",
    "standard_output",
    "stories",
    "whole_bytes",
    "whole_file",
    "whole_folder",
    "write_bundle",
    "write_csv",
    "write_jsonl",
    "write_markdown",
    "write_warc",
]
