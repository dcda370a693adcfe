"""How the newsroom's phrases become sentences.

A template is plain Vietnamese with choices and slots: ``[sáng|chiều]`` takes one of several wordings and may be
nested; ``{tinh}`` is filled from the story's cast; ``{n:3-9}`` is a whole number, ``{p:3-9}`` one decimal, ``{y:..}``
a year. The phrases themselves lie in ``phrases/*.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone in which every outlet of the newsroom prints times."""

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")


@cache
def phrases(name: str) -> dict[str, Any]:
    """The tables of ``phrases/<name>.toml``."""
    path = files("scraper.demo") / "phrases" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def expand(template: str, cast: Mapping[str, str], rng: Random) -> str:
    """One sentence from a template, its first letter a capital."""
    while _CHOICE.search(template):
        template = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), template)
    filled = _SLOT.sub(lambda found: _fill(found, cast, rng), template)
    return filled[:1].upper() + filled[1:]


def _fill(found: re.Match[str], cast: Mapping[str, str], rng: Random) -> str:
    if found[2] is None:
        return cast[found[1]]
    low, high = int(found[2]), int(found[3])
    if found[1] == "p":
        return f"{rng.uniform(low, high):.1f}".removesuffix(".0").replace(".", ",")
    number = rng.randint(low, high)
    return str(number) if found[1] == "y" else f"{number:,}".replace(",", ".")


def cast(rng: Random, at: datetime) -> dict[str, str]:
    """Who and what one story is about: every named slot, drawn once so that the story agrees with itself.

    Args:
        rng: Where chance comes from.
        at: When the story is published; dates in the text follow from it.
    """
    names = phrases("names")
    local = at.astimezone(HANOI)
    return {
        **_places(rng, names),
        **_people(rng, names),
        **_documents(rng, local.year),
        **_things(rng, names),
        "ngay": f"{local.day}/{local.month}",
        "mai": f"{(local + timedelta(days=1)).day}/{(local + timedelta(days=1)).month}",
        "thang": str(local.month),
        "nam": str(local.year),
    }


def _places(rng: Random, names: dict[str, list[str]]) -> dict[str, str]:
    place = rng.choice(names["tinh"] + names["thanh_pho"])
    other = rng.choice([name for name in names["tinh"] if name != place])
    city = place in names["thanh_pho"]
    full = place if place.startswith("Thành phố") else f"{'thành phố' if city else 'tỉnh'} {place}"
    heads, tails = rng.sample(names["xa_dau"], 3), rng.sample(names["xa_sau"], 3)
    communes = [f"{'phường' if city else 'xã'} {head} {tail}" for head, tail in zip(heads, tails, strict=True)]
    return {
        "tinh": place,
        "tinh2": other,
        "noi": full,
        "ubnd": f"UBND {full}",
        "xa": communes[0],
        "xa2": communes[1],
        "xa3": communes[2],
        "thon": rng.choice(names["thon"]),
    }


def _people(rng: Random, names: dict[str, list[str]]) -> dict[str, str]:
    family = rng.sample(names["ho"], 6)
    men = [f"{family[i]} {rng.choice(names['dem_nam'])} {rng.choice(names['ten_nam'])}" for i in range(5)]
    woman = f"{family[5]} {rng.choice(names['dem_nu'])} {rng.choice(names['ten_nu'])}"
    return {
        "ong": f"ông {men[0]}",
        "ong2": f"ông {men[1]}",
        "nam_ten": men[2],
        "nam_ten2": men[3],
        "nam_ten3": men[4],
        "nu": woman,
    }


def _documents(rng: Random, year: int) -> dict[str, str]:
    return {
        "nghidinh": f"Nghị định số {rng.randint(11, 98)}/{year}/NĐ-CP",
        "quyetdinh": f"Quyết định số {rng.randint(102, 980)}/QĐ-TTg",
        "thongtu": f"Thông tư số {rng.randint(10, 48)}/{year}/TT-{rng.choice(['BNV', 'BYT', 'BTC'])}",
        "nghiquyet": f"Nghị quyết số {rng.randint(41, 230)}/{year}/NQ-HĐND",
        "kehoach": f"Kế hoạch số {rng.randint(14, 390)}/KH-UBND",
    }


def _things(rng: Random, names: dict[str, list[str]]) -> dict[str, str]:
    clubs, countries = rng.sample(names["clb"], 3), rng.sample(names["nuoc"], 2)
    kinds = {"cty": "cong_ty", "phim": "phim", "mon": "mon", "vat": "vat", "hang": "hang", "luat": "luat", "quy": "quy"}
    return {
        **{slot: rng.choice(names[kind]) for slot, kind in kinds.items()},
        "clb": clubs[0],
        "clb2": clubs[1],
        "clb3": clubs[2],
        "nuoc": countries[0],
        "nuoc2": countries[1],
    }
