"""What a citation is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """One document named in a text.

    Attributes:
        number: The document's key. Canonical number, e.g. ``28/2022/NĐ-CP``: no spaces, hyphens, at least two digits, Đ
            as U+0110; of a document that the text gives no number for, its canonical name.
        type: The document's type in words, e.g. ``Nghị định``; ``Văn bản`` when the text does not tell.
        body: The issuing body as abbreviated in numbers, e.g. ``CP``, ``QH14``, ``BTP-BNV``; empty when not told.
        year: Year of issue from the number, the name or the date right after it, if any tells.
        span: Where the number, or the name, starts and ends in the text given.
        written: What stands there.
        name: Of a document that is named without its full number, the canonical name: ``Nghị định 28``, ``Luật Đất đai
            2024``, ``Chương trình 135``. Empty otherwise.
    """

    number: str
    type: str
    body: str
    year: int | None
    span: tuple[int, int]
    written: str
    name: str = ""
