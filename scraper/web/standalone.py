"""Pages that stand alone in one file: no server, no other file, no script."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scraper import revise
from scraper.dossier import Dossier
from scraper.store.answers import Revision, Story
from scraper.values import Edit
from scraper.web import view
from scraper.web.language import words
from scraper.web.pages import STYLE, environment


def diff_page(story: Story, before: Revision, after: Revision, edits: Sequence[Edit]) -> str:
    """Two states of an article side by side and in one run, with what was edited, as one HTML document.

    Args:
        story: The article.
        before: The earlier state.
        after: The later one.
        edits: What was changed between them.
    """
    return (
        environment()
        .get_template("diff.html")
        .render(
            style=STYLE,
            story=story,
            before=before,
            after=after,
            edits=edits,
            told=revise.sentence(edits),
            fields=view.changes(before, after),
        )
    )


def dossier_page(dossier: Dossier, title_of: Callable[[str], str]) -> str:
    """A dossier as one HTML document.

    Args:
        dossier: What to show.
        title_of: A source's name to its title.
    """
    template = environment().get_template("dossier_file.html")
    return template.render(style=STYLE, dossier=dossier, t=words("en"), language="en", outlet_of=title_of)
