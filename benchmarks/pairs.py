"""Pairs of pages of one article, before and after an outlet changed it, with the kinds of change made.

Stories come from ``revised.toml`` and from the demo newsroom's grammar, layouts from the demo's eight outlets, read in
turn with the outlet's rules and without. Noise is in :mod:`benchmarks.noisy`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import noisy
from benchmarks.noisy import Sheet
from scraper.config import Source, find_folder
from scraper.demo import pages
from scraper.demo.grammar import HANOI, cast
from scraper.demo.outlets import OUTLETS, sources
from scraper.demo.stories import LABELS, Story, Writer, topics

STORIES = Path(__file__).with_name("revised.toml")
NOON = datetime(2026, 3, 12, 5, tzinfo=UTC)
DEMO_STORIES = 24
NOISE_EACH = 3
"""Stories on which each kind of noise is tried."""
SEVERAL = 3
"""Pairs of each written story with several of its edits at once."""
WITH_NOISE = 3
"""Every third edit happens while something else on the page changes too."""
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two states of one page.

    Attributes:
        name: What was changed, and in which layout.
        kinds: What a reader would say was edited, empty for noise.
        url: The page's address.
        source: The outlet's rules when they are used.
        before: The older page.
        after: The newer one.
        printed: What the newer page says, noise apart.
    """

    name: str
    kinds: frozenset[str]
    url: str
    source: Source | None
    before: str
    after: str
    printed: Sheet


def build(seed: int, *, held: bool) -> list[Pair]:
    """All pairs of a seed; with ``held`` those whose stories and noise nobody tuned anything on."""
    press = _Press(Random(seed))
    told = [*_written("held" if held else "story", press.rng)]
    demo = list(_demo(Random(seed), 8 if held else DEMO_STORIES))
    sheets = [story for story, _ in told] + [sheet for _, sheet in demo]
    edits = [(sheet, edit) for sheet, edits in told for edit in edits]
    edits += [(sheet, edit) for story, sheet in demo for edit in _demo_edits(story, sheet, press.rng)]
    return [*(press.edited(sheet, edit) for sheet, edit in edits), *press.noise(sheets, held=held)]


# --- stories and what desks do to them ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edited:
    """A story after an edit."""

    kinds: frozenset[str]
    sheet: Sheet
    name: str


def _written(table: str, rng: Random) -> Iterator[tuple[Sheet, list[Edited]]]:
    for entry in tomllib.loads(STORIES.read_text(encoding="utf-8"))[table]:
        sheet = Sheet(entry["title"], entry["lead"], tuple(entry["paragraphs"]), tuple(entry["authors"]))
        several = (_several(entry["edits"], sheet, rng) for _ in range(SEVERAL))
        yield sheet, [_applied(sheet, edit) for edit in (*entry["edits"], *several)]


def _several(edits: list[dict[str, Any]], sheet: Sheet, rng: Random) -> dict[str, Any]:
    """Two or three of a story's edits at once, each in another paragraph."""
    swaps = [edit for edit in edits if set(edit) == {"kinds", "swap"} and len(edit["swap"]) == 1]
    chosen: dict[int, dict[str, Any]] = {}
    for edit in rng.sample(swaps, rng.choice((2, 3))):
        (place,) = (at for at, text in enumerate(sheet.paragraphs) if edit["swap"][0][0] in text)
        chosen.setdefault(place, edit)
    made = chosen.values()
    return {"kinds": {kind for edit in made for kind in edit["kinds"]}, "swap": [edit["swap"][0] for edit in made]}


def _applied(sheet: Sheet, edit: Mapping[str, Any]) -> Edited:
    paragraphs = list(sheet.paragraphs)
    for old, new in edit.get("swap", ()):
        (place,) = (at for at, text in enumerate(paragraphs) if old in text)
        paragraphs[place] = paragraphs[place].replace(old, new)
    for place in sorted(edit.get("remove", ()), reverse=True):
        del paragraphs[place]
    for start, goal in edit.get("move", ()):
        paragraphs.insert(goal, paragraphs.pop(start))
    for place, text in edit.get("add", ()):
        paragraphs.insert(place, text)
    new = replace(
        sheet,
        title=edit.get("title", sheet.title),
        lead=sheet.lead.replace(*edit["lead"]) if "lead" in edit else sheet.lead,
        paragraphs=tuple(paragraphs),
        authors=tuple(edit.get("authors", sheet.authors)),
    )
    about = {key: value for key, value in edit.items() if key != "kinds"}
    return Edited(frozenset(edit["kinds"]), new, f"{sheet.title[:20]}: {about}"[:160])


def _demo(rng: Random, number: int) -> Iterator[tuple[Story, Sheet]]:
    writer = Writer(rng)
    for at in range(number):
        label = LABELS[at % len(LABELS)]
        story = writer.write(label, rng.choice(topics(label)), NOON)
        yield story, Sheet(story.title, story.lead, story.paragraphs, (story.author,), story.caption, story.tags)


def _swapped(old: str, new: str) -> Callable[[Story, Sheet], Sheet | None]:
    """Other words for the first place in the body where some stand."""

    def change(_: Story, sheet: Sheet) -> Sheet | None:
        for place, text in enumerate(sheet.paragraphs):
            found = re.search(old, text)
            if found:
                made = text[: found.start()] + found.expand(new) + text[found.end() :]
                return replace(sheet, paragraphs=(*sheet.paragraphs[:place], made, *sheet.paragraphs[place + 1 :]))
        return None

    return change


def _demo_edits(story: Story, sheet: Sheet, rng: Random) -> Iterator[Edited]:
    """Up to four edits of a story, of kinds that its words allow."""
    slots, other = dict(story.slots), cast(rng, NOON + timedelta(days=9))

    def slot(name: str) -> Callable[[Story, Sheet], Sheet | None]:
        return _swapped(rf"(?<!\w){re.escape(slots[name])}(?!\w)", other[name].replace("\\", ""))

    makers: list[tuple[str, Callable[[Story, Sheet], Sheet | None]]] = [
        ("number", _swapped(r"(?<![\w.,/])(\d)(\d?)((?:,\d)?%)", r"\g<1>7\2\3")),
        ("number", _swapped(r"(?<![\w.,/-])(\d{2,3})(?= (?:hộ|em|người|bản|trường|hồ sơ|căn)\b)", r"\g<1>6")),
        ("money", _swapped(r"(?<![\w.,/-])(\d+)(?= (?:tỷ|triệu) đồng)", r"\g<1>5")),
        ("date", slot("ngay")),
        ("name", slot("ong")),
        ("name", slot("nu")),
        ("place", slot("xa")),
        ("document", slot("nghidinh")),
        ("headline", lambda story, sheet: replace(sheet, title=story.other_title)),
        ("lead", lambda story, sheet: replace(sheet, lead=story.other_lead)),
        ("paragraph added", lambda story, sheet: replace(sheet, paragraphs=(*sheet.paragraphs, story.update))),
        ("paragraph removed", lambda _, sheet: replace(sheet, paragraphs=(sheet.paragraphs[0], *sheet.paragraphs[2:]))),
        ("paragraph moved", lambda _, sheet: replace(sheet, paragraphs=(*sheet.paragraphs[1:], sheet.paragraphs[0]))),
        ("author", lambda _, sheet: replace(sheet, authors=("Lý Thu Sương",))),
    ]
    rng.shuffle(makers)
    made = 0
    for kind, maker in makers:
        new = maker(story, sheet)
        if new is not None and new != sheet and made < 4:  # noqa: PLR2004 - as the docstring says
            made += 1
            yield Edited(frozenset({kind}), new, f"demo {story.topic}: {kind}")


# --- pages -------------------------------------------------------------------------------------------------


class _Press:
    """Prints sheets in the outlets' layouts, one layout after another."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.turn = count()
        self.rules = sources(find_folder())
        self.others = [_item(Sheet(title, "", ("x",), ("",)), 90 + at) for at, title in enumerate(noisy.LINKED)]

    def _print(self, sheet: Sheet, turn: int, request: int) -> str:
        outlet = OUTLETS[turn % len(OUTLETS)]
        noise = pages.Noise(
            ad=Random(request).choice(("Xe điện trả góp không cần trả trước", "Học đàn cuối tuần, học thử miễn phí")),
            views=300 + request,
            others=Random(request).sample(self.others, 4),
        )
        return pages.render(f"{outlet.make}_article.html", outlet, a=_item(sheet, turn), noise=noise)

    def _pair(self, name: str, kinds: frozenset[str], turn: int, both: tuple[str, str], printed: Sheet) -> Pair:
        outlet = OUTLETS[turn % len(OUTLETS)]
        rules = self.rules[outlet.name] if turn // len(OUTLETS) % 2 else None
        return Pair(f"{name} [{outlet.make}]", kinds, f"http://{outlet.host}/bai-{turn}.html", rules, *both, printed)

    def edited(self, sheet: Sheet, edit: Edited) -> Pair:
        """A page before and after an edit."""
        turn = next(self.turn)
        before, after = self._print(sheet, turn, 2 * turn), self._print(edit.sheet, turn, 2 * turn + 1)
        if turn % WITH_NOISE == 0:
            name = self.rng.choice(sorted(noisy.BETWEEN))
            after = noisy.between(after, edit.sheet, noisy.BETWEEN[name], self.rng)
            return self._pair(f"{edit.name} + {name}", edit.kinds, turn, (before, after), edit.sheet)
        return self._pair(edit.name, edit.kinds, turn, (before, after), edit.sheet)

    def noise(self, sheets: list[Sheet], *, held: bool) -> Iterator[Pair]:
        """Pages of which only the surroundings and the setting change."""
        fragments = noisy.HELD_BETWEEN if held else noisy.BETWEEN
        for each in range(NOISE_EACH):
            for name, fragment in fragments.items():
                yield self._inserted(name, self.rng.choice(sheets), fragment, twice=each == 1)
            if not held or each == 0:
                yield from self._other_noise(sheets)

    def _inserted(self, name: str, sheet: Sheet, fragment: str, *, twice: bool) -> Pair:
        """With ``twice`` the fragment was there before, with another number in it."""
        turn = next(self.turn)
        before, after = self._print(sheet, turn, 2 * turn), self._print(sheet, turn, 2 * turn + 1)
        place = self.rng.randrange(len(sheet.paragraphs))
        if twice:
            before = noisy.between(before, sheet, fragment, self.rng, at=place)
        after = noisy.between(after, sheet, fragment, self.rng, at=place)
        return self._pair(f"noise {name}", _NONE, turn, (before, after), sheet)

    def _other_noise(self, sheets: list[Sheet]) -> Iterator[Pair]:
        for name, fragment in noisy.TAILS.items():
            page, sheet, turn, before = self._sheet_to_change(sheets)
            yield self._pair(f"noise {name}", _NONE, turn, (before, noisy.tail(page, sheet, fragment, self.rng)), sheet)
        for name, fragment in noisy.END.items():
            page, sheet, turn, before = self._sheet_to_change(sheets)
            yield self._pair(f"noise end: {name}", _NONE, turn, (before, noisy.end(page, fragment, self.rng)), sheet)
        for name, repaged in noisy.REPAGED.items():
            page, sheet, turn, before = self._sheet_to_change(sheets)
            yield self._pair(f"noise page: {name}", _NONE, turn, (before, repaged(page)), sheet)
        for name, reset in noisy.RESET.items():
            _, sheet, turn, before = self._sheet_to_change(sheets)
            after = self._print(reset(sheet), turn, 2 * turn + 1)
            yield self._pair(f"noise set: {name}", _NONE, turn, (before, after), reset(sheet))

    def _sheet_to_change(self, sheets: list[Sheet]) -> tuple[str, Sheet, int, str]:
        """The page to change, its sheet, the turn, and the page before."""
        sheet, turn = self.rng.choice(sheets), next(self.turn)
        return self._print(sheet, turn, 2 * turn + 1), sheet, turn, self._print(sheet, turn, 2 * turn)


def _item(sheet: Sheet, number: int) -> pages.Item:
    local = NOON.astimezone(HANOI)
    return pages.Item(
        url=f"http://bao.example/bai-{number}.html",
        number=sheet.photo,
        title=sheet.title,
        lead=sheet.lead,
        paragraphs=sheet.paragraphs,
        author=", ".join(sheet.authors),
        agency="",
        section="Chính sách",
        place="",
        tags=sheet.tags,
        caption=sheet.caption,
        published=local,
        modified=local,
    )
