"""A folder or zip of HTML pages that need no server: lists, newest first, and a page for each story.

No script, nothing asked of any other place: each page says so to the browser in its Content-Security-Policy, in which
``'self'`` is the bundle's own style sheet (Chromium takes it so for ``file://`` too).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scraper.errors import ScraperError
from scraper.export.files import whole_bytes, whole_folder
from scraper.export.stories import Progress, told
from scraper.store import archive
from scraper.store.archive import Filter
from scraper.store.database import Database
from scraper.urls import link
from scraper.vietnam import local

HERE = Path(__file__).parent

A_PAGE = 200
"""Stories of one list, and those held at once: about 2 MB of text."""

MARK = '<meta name="generator" content="scraper export">'
"""Stands in each page; by it a bundle is known that may be replaced."""

_HEAD = 1_000
"""Bytes at the start of a page within which the mark stands."""

_OURS = re.compile(r"index(?:-\d+)?\.html|style\.css|stories(?:/\d+\.html)?")
_A_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that zip knows: bundles of one archive are equal

Put = Callable[[str, str], None]


def write_bundle(
    db: Database,
    path: Path,
    wanted: Filter,
    outlet: Callable[[str], str] = str,
    progress: Progress | None = None,
) -> int:
    """Every wanted article as pages, in a folder, or in a zip file when the path ends so; returns how many articles.

    Args:
        db: The archive; it may be written to meanwhile.
        path: The folder or ``.zip`` file to make; a bundle that stands there is replaced, when the new one is whole.
        wanted: Which articles.
        outlet: A source's name to its title.
        progress: Called after each list with how many are done and how many there are.

    Raises:
        ScraperError: It cannot be written, or what stands there is no such bundle.
    """
    with _zipped(path) if is_zip(path) else _folder(path.resolve()) as put:
        return _write(db, put, wanted, outlet, progress)


def is_zip(path: Path) -> bool:
    """Whether a bundle of that name is one file."""
    return path.suffix.lower() == ".zip"


def _write(db: Database, put: Put, wanted: Filter, outlet: Callable[[str], str], progress: Progress | None) -> int:
    templates = _templates(outlet)
    ids = archive.numbers(db, wanted)
    inside = frozenset(ids)
    lists = [ids[start : start + A_PAGE] for start in range(0, len(ids), A_PAGE)] or [[]]
    names = [f"index-{number}.html" if number > 1 else "index.html" for number in range(1, len(lists) + 1)]
    put("style.css", (HERE / "templates" / "style.css").read_text(encoding="utf-8"))
    for position, some in enumerate(lists):
        whole = {item.id: item for item in archive.articles(db, some)}
        found = list(told(db, [whole[number] for number in some]))
        for story in found:
            page = templates.get_template("story.html").render(story=story, inside=inside, names=names, at=position)
            put(f"stories/{story.item.id}.html", page)
        page = templates.get_template("index.html").render(
            stories=found, names=names, at=position, total=len(ids), first=position * A_PAGE + 1
        )
        put(names[position], page)
        if progress:
            progress(position * A_PAGE + len(some), len(ids))
    return len(ids)


def _templates(outlet: Callable[[str], str]) -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(local=local, link=link, outlet=outlet, label=_label)
    found.globals["mark"] = MARK
    return found


def _label(label: str) -> str:
    return label if label != "none" else "no policy"


@contextmanager
def _folder(path: Path) -> Iterator[Put]:
    _refuse_what_is_not_ours(path)
    with whole_folder(path) as folder:
        (folder / "stories").mkdir()

        def put(name: str, text: str) -> None:
            (folder / name).write_text(text, encoding="utf-8", newline="")

        yield put


@contextmanager
def _zipped(path: Path) -> Iterator[Put]:
    with whole_bytes(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archived:

        def put(name: str, text: str) -> None:
            entry = zipfile.ZipInfo(name, _A_MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archived.writestr(entry, text.encode())

        yield put


def _refuse_what_is_not_ours(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise ScraperError(f"{path}: is a file, and the bundle is a folder; choose another name, or end it in .zip")
    others = (name for name in _names(path) if not _OURS.fullmatch(name))
    if other := next(others, None):
        raise ScraperError(f"{path}: holds {other}, which is of no earlier export; choose a new or empty folder")
    if any(path.iterdir()) and not _is_marked(path / "index.html"):
        raise ScraperError(f"{path}: is no earlier export; choose a new or empty folder")


def _names(path: Path) -> Iterator[str]:
    return (each.relative_to(path).as_posix() for each in path.rglob("*"))


def _is_marked(page: Path) -> bool:
    if not page.is_file():
        return False
    with page.open("rb") as file:
        return MARK.encode() in file.read(_HEAD)
