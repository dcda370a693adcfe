"""The forms an export may have, and how a path tells which is meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TextIO, get_args

from scraper.errors import ScraperError
from scraper.export.bundle import write_bundle
from scraper.export.files import standard_output, whole_bytes, whole_file
from scraper.export.lines import write_jsonl
from scraper.export.markdown import write_markdown
from scraper.export.rows import rows
from scraper.export.sheet import BOM, write_csv
from scraper.export.stories import Progress, stories
from scraper.export.warc import write_warc
from scraper.store.archive import EVERYTHING, Filter
from scraper.store.database import Database

Format = Literal["jsonl", "csv", "md", "html", "warc"]
FORMATS: tuple[Format, ...] = get_args(Format)

ENDINGS: dict[str, Format] = {
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".md": "md",
    ".html": "html",
    ".zip": "html",
    ".warc": "warc",
    ".warc.gz": "warc",
}
"""What a file's name says of its form; a folder, or a name without ending, is HTML pages."""


def form_of(path: Path | None) -> Format:
    """The form that a path tells; standard output is JSON Lines.

    Raises:
        ScraperError: Its ending tells none.
    """
    if path is None:
        return "jsonl"
    name = path.name.lower()
    if found := next((form for ending, form in ENDINGS.items() if name.endswith(ending)), None):
        return found
    if path.suffix and not path.is_dir():
        raise ScraperError(
            f"{path}: {path.suffix} tells no form; end it in {', '.join(ENDINGS)}, leave the ending out for a folder "
            f"of HTML pages, or give --format"
        )
    return "html"


def export(
    db: Database,
    path: Path | None,
    form: Format = "jsonl",
    wanted: Filter = EVERYTHING,
    *,
    bom: bool = False,
    outlet: Callable[[str], str] = str,
    progress: Progress | None = None,
) -> int:
    """Write the wanted articles to a file or folder, which appears only when it is whole, or to standard output.

    Args:
        db: The archive.
        path: The file to make or replace; ``None`` for standard output, which takes text forms only.
        form: JSON Lines, CSV and Markdown are in UTF-8. HTML is a folder, or a zip file when the path ends in
            ``.zip``; WARC is packed when it ends in ``.gz``.
        wanted: Which articles; a WARC file has those of which a page was kept.
        bom: Start CSV with a byte order mark, by which Excel knows UTF-8.
        outlet: A source's name to its title, for Markdown and HTML.
        progress: Called now and then with how many are done and how many there were at the start.

    Returns:
        How many articles were written.

    Raises:
        ScraperError: It cannot be written, or not there.
        StoreError: The archive cannot be read.
    """
    if form in {"html", "warc"}:
        if path is None:
            raise ScraperError(f"{form} cannot go to standard output; name a file or folder to write")
        if form == "html":
            return write_bundle(db, path, wanted, outlet, progress)
        with whole_bytes(path) as raw:
            return write_warc(db, raw, wanted, packed=path.suffix.lower() == ".gz", progress=progress)
    with standard_output() if path is None else whole_file(path) as out:
        out.write(BOM if bom and form == "csv" else "")
        return _write_text(db, out, form, wanted, outlet, progress)


def _write_text(
    db: Database,
    out: TextIO,
    form: Format,
    wanted: Filter,
    outlet: Callable[[str], str],
    progress: Progress | None,
) -> int:
    if form == "md":
        return write_markdown(stories(db, wanted, progress), out, outlet)
    write = write_csv if form == "csv" else write_jsonl
    return write(rows(db, wanted, progress=progress), out)
