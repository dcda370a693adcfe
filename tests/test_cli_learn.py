"""Analysts' words and what is learned from them, as the user of the command line meets it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON
from lessons import told, words
from newswire import WIRE, text
from servers import Server
from terminal import User

from scraper import dedupe, store
from scraper.config import load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide
from scraper.models import ArticleData
from scraper.store import archive

RULES = Rules(load_policy(), (), timedelta(days=2), RecheckSettings(), {})


def keep(db: store.Database, key: str, data: ArticleData) -> int:
    known = store.known_for(db, "bao", [key], dedupe.sketch_of(data), NOON)
    return store.apply(db, decide(data, known, RULES, NOON, source="bao", key=key)).article_id


@pytest.fixture
def user(tmp_path: Path) -> User:
    with Server({}) as server:
        return User(tmp_path, server)


def archive_of(user: User, stories: list[ArticleData]) -> store.Database:
    db = store.open_archive(user.folder / "data")
    store.ensure_sources(db, ["bao"], NOON)
    for number, data in enumerate(stories):
        keep(db, f"bao:{number}", data)
    return db


def test_a_word_is_kept_shown_and_taken_back(user: User) -> None:
    """A word stands beside the judgement, a later one replaces it, and it can be taken back."""
    archive_of(user, [told(0, wanted=True)]).close()
    said = user.json("feedback", "1", "implementation")
    assert (said["id"], said["judged"]["label"], said["word"]["label"]) == (1, "none", "implementation")
    assert "analysts  issuance" in user.run("feedback", "1", "issuance")
    assert "An analyst says: issuance" in user.run("show", "1")
    listed = user.json("feedback", "list")
    assert [(g["id"], g["judged"], g["word"]["label"], g["word"]["by"]) for g in listed["feedback"]] == [
        (1, "none", "issuance", "cli")
    ]
    taken = user.json("feedback", "1", "--forget")
    assert (taken["forgotten"], taken["word"]) == (1, None)
    assert "No word yet" in user.run("feedback", "list")


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        (("feedback", "99", "none"), 1, "scraper list"),
        (("feedback", "1", "perhaps"), 2, "oversight"),
        (("feedback", "1"), 2, "--forget"),
        (("feedback", "1", "none", "--forget"), 2, "--forget"),
        (("feedback", "list", "none"), 2, "list"),
    ],
)
def test_a_wrong_word_is_refused(user: User, asked: tuple[str, ...], status: int, says: str) -> None:
    """An article that there is not is a failure, a label that there is not is wrong use; neither keeps a word."""
    archive_of(user, [told(0, wanted=True)]).close()
    said = user.run(*asked, status=status)
    assert says in said
    assert "Traceback" not in said
    assert user.json("feedback", "list")["count"] == 0


def test_a_word_on_a_copy_counts_for_the_story(user: User) -> None:
    """Copies give one lesson, their story's text, with the latest word of any of them."""
    wire = ArticleData(url="https://bao.example/1", title="Tin gốc", text=text(WIRE))
    db = archive_of(user, [wire, wire.model_copy(update={"url": "https://bao.example/2", "title": "Tên khác"})])
    store.say(db, 1, "none", NOON, by="web")
    store.say(db, 2, "issuance", NOON + timedelta(minutes=1), by="web")
    (lesson,) = store.labelled(db)
    assert (lesson.key, lesson.article.title, lesson.label) == ("bao:0", "Tin gốc", "issuance")
    for number in (1, 2):
        story = archive.story(db, number)
        assert story is not None
        assert story.word is not None
        assert story.word.article_id == 2
    store.split(db, 2, NOON)
    assert sorted(lesson.label for lesson in store.labelled(db)) == ["issuance", "none"]
    store.join(db, 1, 2, NOON)
    assert store.forget(db, 2) == 2
    assert store.labelled(db) == []
    db.close()


def test_too_few_words_teach_nothing(user: User) -> None:
    """Without enough words the command says how many are needed, and stores nothing."""
    archive_of(user, [told(0, wanted=True)]).close()
    user.run("feedback", "1", "implementation")
    found = user.json("learn")
    assert (found["better"], found["model"], found["before"]) == (False, None, None)
    said = user.run("learn")
    assert "1 stories with a word, 40 are needed" in said
    assert "The rules alone judge" in said


def test_what_is_learned_judges_until_the_rules_change(user: User) -> None:
    """Learned from words, used by reflag and named in reasons; not used under other rules; forgotten when told."""
    rows = words(60)
    db = archive_of(user, [row.article for row in rows])
    for number, row in enumerate(rows, start=1):
        store.say(db, number, row.label, NOON, by="web")
    new = keep(db, "bao:new", told(203, wanted=True))
    db.close()

    assert "would be used" in user.run("learn", "--dry-run")
    said = user.run("learn")
    assert "used from now on" in said
    assert "AUC" in said
    changed = {item["id"]: item["to"] for item in user.json("reflag")["changed"]}
    assert changed[new] == "implementation"
    shown = user.json("show", str(new))
    assert "learned" in {reason["rule"] for reason in shown["reasons"]}
    assert shown["points"] == pytest.approx(sum(reason["weight"] for reason in shown["reasons"]))
    assert "+" in shown["judgements"][0]["policy_version"]
    assert "60 words" in _learned(user)

    rules = user.config / "policy.toml"
    rules.write_text(rules.read_text("utf-8") + "\n# another line\n", "utf-8")
    assert "other rules" in _learned(user)
    found = user.json("learn")
    assert (found["before_stale"], found["better"]) == (True, True)
    assert user.json("learn", "--forget") == {"forgotten": True}
    assert {item["to"] for item in user.json("reflag")["changed"]} == {"none"}


def _learned(user: User) -> str:
    findings = {found["about"]: str(found["says"]) for found in user.json("doctor", "--offline")["findings"]}
    return findings["learned"]
