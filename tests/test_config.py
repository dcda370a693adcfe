"""Loading and checking configuration."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ROOT, source

from scraper.config import load
from scraper.config.units import parse_duration, parse_size
from scraper.errors import ConfigError, NotFoundError

SHIPPED = {
    *(
        "dantocmiennui",
        "baotintuc",
        "vietnamplus",
        "nhandan",
        "baochinhphu",
        "xaydungchinhsach",
        "tuoitre",
        "thanhnien",
    ),
    *("nld", "vnexpress", "dantri", "vietnamnet", "baodautu", "cafef", "baodantoc", "tienphong"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "config", tmp_path / "config"))


def problems(folder: Path, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(folder, environ)
    return "\n".join(caught.value.problems)


def test_what_ships_is_right() -> None:
    """All sixteen outlets load, inherit from their families, and only the terminal is told by default."""
    config = load(ROOT / "config", {})
    assert set(config.sources) == SHIPPED
    assert config.sources["nhandan"].article.body, "inherited from the family"
    assert [(watch.labels, watch.channels) for watch in config.watches] == [(["implementation"], ["terminal"])]
    for outlet in config.sources.values():
        assert outlet.enabled or outlet.reason
        if outlet.evidence != "page":
            assert outlet.listings[0].kind in {"feed", "html", "sitemap"}


def test_all_problems_are_told_at_once(folder: Path) -> None:
    """Each mistake in each file is one sentence with file, key, what was found and what is allowed."""
    (folder / "sources" / "one.toml").write_text('titel = "x"\nhosts = ["a.example"]\nlistings = []\n', "utf-8")
    (folder / "sources" / "two.toml").write_text('title = "x\n', "utf-8")
    (folder / "sources" / "three.toml").write_text('title = "x"\nfamily = "wordpres"\n', "utf-8")
    (folder / "watches.toml").write_text('[[watches]]\nname = "b"\nlabels = ["policy"]\n', "utf-8")
    told = problems(folder)
    for words in (
        "one.toml: titel: unknown key; did you mean 'title'?",
        "one.toml: title: is missing",
        "one.toml: listings",
        "two.toml: is not TOML",
        "line 1",
        "'wordpres'; known are mcms, vccorp",
        "'implementation', 'issuance', 'oversight' or 'none'",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('id_pattern = "("', "not a regular expression"),
        ('timezone = "Hanoi"', "not a time zone"),
        ("enabled = false", "reason"),
        ('schedule = { every = "5m", cron = "0 7 * * *" }', "one of"),
        ('schedule = { every = "soon" }', "15m"),
        ('evidence = "hearsay"', "'page', 'code' or 'none'"),
    ],
)
def test_a_wrong_source_is_refused(folder: Path, line: str, says: str) -> None:
    """A value that cannot work is refused with what would."""
    text = f'title = "x"\nhosts = ["a.example"]\nlistings = [{{ url = "https://a.example/" }}]\n{line}\n'
    (folder / "sources" / "odd.toml").write_text(text, "utf-8")
    assert says in problems(folder)


@pytest.mark.parametrize("url", ["ftp://a.example/", "//a.example", "https://u@a.example/", "https://a .example/"])
def test_a_listing_that_cannot_be_fetched_is_refused(folder: Path, url: str) -> None:
    """A listing's address is checked when it is read, not when it is polled."""
    (folder / "sources" / "odd.toml").write_text(
        f'title = "x"\nhosts = ["a"]\nlistings = [{{ url = "{url}" }}]\n', "utf-8"
    )
    assert "odd.toml: listings.0.url" in problems(folder)


def test_environment_wins(folder: Path) -> None:
    """A SCRAPER_ variable overrides a setting, nested ones by two underscores, and a wrong one is named."""
    settings = load(folder, {"SCRAPER_FETCH__MIN_DELAY": "9s", "SCRAPER_WEB__PORT": "9000"}).settings
    assert settings.fetch.min_delay == timedelta(seconds=9)
    assert settings.web.port == 9000
    assert "fech" in problems(folder, SCRAPER_FECH__MIN_DELAY="9s")


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        ('type = "webhook"', "either 'url' or"),
        ('type = "file"', "'path'"),
        ('type = "apprise"\nurl_env = "MY_TOKEN"', "SCRAPER_SECRET_"),
        ('type = "pigeon"', "'apprise'"),
    ],
)
def test_a_channel_that_cannot_work_is_refused(folder: Path, channel: str, says: str) -> None:
    """A channel says where it leads; secrets are named, never written."""
    with (folder / "settings.toml").open("a", encoding="utf-8") as file:
        file.write(f"[channels.odd]\n{channel}\n")
    assert says in problems(folder)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://bao.example/mot-bai-post12.html", "bao:12"),
        ("https://m.bao.example/ten-khac-post12.html", "bao:12"),
        ("https://www.bao.example/mot-bai-post12.html?amp=1", "bao:12"),
        ("https://cu.example/mot-bai-post12.html", "bao:12"),
        ("https://bao.example/khac", "bao:bao.example/khac"),
    ],
)
def test_one_article_has_one_key(url: str, key: str) -> None:
    """Mobile, AMP, renamed and old-host addresses of a post are one article."""
    outlet = source(aliases=["cu.example"])
    assert outlet.key(url) == key
    assert outlet.owns(url)


@pytest.mark.parametrize(
    ("url", "is_article"),
    [
        ("https://bao.example/a-post1.html", True),
        ("https://bao.example/video/a-post1.html", False),
        ("https://bao.example/chinh-sach", False),
        ("https://evil.example/a-post1.html", False),
        ("https://bao.example.evil.example/a-post1.html", False),
    ],
)
def test_what_is_an_article(url: str, is_article: bool) -> None:  # noqa: FBT001 - a case
    """Only addresses of the outlet's own hosts that match its patterns are articles."""
    assert source(link_exclude=["/video/"]).is_article(url) is is_article


def test_units() -> None:
    """Durations and sizes are read as people write them, and nothing else is."""
    assert parse_duration("1.5h") == timedelta(minutes=90)
    assert parse_size("2 MB") == 2_000_000
    for wrong in ("15", "m", "1y", -1, None):
        with pytest.raises(ValueError, match="is not a duration"):
            parse_duration(wrong)
    with pytest.raises(ValueError, match="is not a size"):
        parse_size("2 MiB")


def test_an_unknown_source_names_its_neighbours() -> None:
    """A slip of the keyboard is answered with the nearest names."""
    with pytest.raises(NotFoundError, match="vnexpress"):
        load(ROOT / "config", {}).source("vnexpres")
