"""Watches: what they ask for, when it is told, what they would have told, and the file they stand in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON, ROOT, article
from hypothesis import given, settings
from hypothesis import strategies as st
from newsdesk import desk_for, listing, page, story
from servers import Reply, Server, SteppedClock
from terminal import User

from scraper import alert, dedupe, facts, jobs, schedule, store
from scraper.alert import Sender
from scraper.config import Config, Watch, load, load_policy
from scraper.config.edit import add_watch, remove_watch
from scraper.config.load import parsed_watches
from scraper.config.settings import RecheckSettings
from scraper.crew import SoloCrew
from scraper.decide import Rules, decide
from scraper.decide.replay import replay
from scraper.desk import Desk
from scraper.errors import ConfigError, DeliveryError, NotFoundError
from scraper.jobs import Report
from scraper.store import Database, archive
from scraper.store.replay import moments
from scraper.values import Intent, Known, Message

DAY = timedelta(days=1)
POLICY = load_policy()
SEVEN = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
"""Seven in the morning in Vietnam, the day after NOON."""

CITING = "Theo Quyết định số 1719/QĐ-TTg, các xã của tỉnh Cao Bằng được cấp thêm vốn trong năm nay."


# --- the file ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "config", tmp_path / "config"))


def refused(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    return "\n".join(caught.value.problems)


def test_a_name_is_enough(folder: Path) -> None:
    """Without other keys a watch tells of every new story, at once, on the terminal."""
    (folder / "watches.toml").write_text('[[watches]]\nname = "all"\n', "utf-8")
    (watch,) = load(folder, {}).watches
    assert (watch.events, watch.channels, watch.digest) == (["new", "adds_facts"], ["terminal"], None)


def test_without_the_file_nobody_is_told(folder: Path) -> None:
    """A folder without watches.toml is a configuration without watches."""
    (folder / "watches.toml").unlink()
    assert load(folder, {}).watches == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            'places = ["Cao Bằngg"]',
            "places.0: 'Cao Bằngg' is no province, present or former; the nearest is 'Cao Bằng'",
        ),
        ('places = ["03"]', "places.0: '03' is no province"),
        ('documents = ["1719/QD"]', "documents.0: '1719/QD' is not a document's number or name; write for example"),
        ('words = ["?!"]', "words.0: '?!' holds no word"),
        ('labels = ["policy"]', "'implementation', 'issuance', 'oversight' or 'none'"),
        ("min_score = 2", "min_score"),
        ('events = ["moved"]', "'source_recovered' or 'source_gap'"),
        ("events = []", "events"),
        ('digest = "7h"', "digest: '7h' is not a time of day; write for example '07:00'"),
        ('digest = "07:00+07:00"', "timezone in settings.toml"),
        ('when = "at once"\ndigest = "07:00"', "has both 'when' and 'digest'"),
        ('when = "soon"', "'at once'"),
        ('label = "none"', "label: unknown key; did you mean 'labels'?"),
        ('outlets = ["nobody"]', "w: outlets: 'nobody' is not a source; known are"),
        ('channels = ["pager"]', "w: channels: 'pager' is not a channel of settings.toml; known are terminal"),
        ('[[watches]]\nname = "w"', "'w': used twice"),
        ('[[watches]]\nwords = ["a"]', "watches.1.name: is missing"),
    ],
)
def test_a_wrong_watch_is_refused(folder: Path, line: str, says: str) -> None:
    """Each mistake is told with file, key and what would be right."""
    (folder / "watches.toml").write_text(f'[[watches]]\nname = "w"\n{line}\n', "utf-8")
    told = refused(folder)
    assert "watches.toml: " in told
    assert says in told


def test_alert_rules_are_told_to_move(folder: Path) -> None:
    """Settings that still hold alert rules are refused with where to put them."""
    with (folder / "settings.toml").open("a", encoding="utf-8") as file:
        file.write('[[alerts]]\nname = "old"\n')
    assert "settings.toml: alerts: alert rules are watches now; move each [[alerts]] table to watches.toml" in refused(
        folder
    )


def config_of(folder: Path, text: str) -> Config:
    (folder / "watches.toml").write_text(text, "utf-8")
    return load(folder, {})


KEPT = """# What we look for.

# The minister asked for this one.
[[watches]]
name = "one"  # first
words = [
  "giảm nghèo",  # of both kinds
]

# And this.
[[watches]]
name = "two"
digest = 07:00:00
"""


def test_adding_keeps_what_stands_there(folder: Path) -> None:
    """A watch is appended as a table of its own; every letter before it stays."""
    config = config_of(folder, KEPT)
    added = add_watch(config, {"name": "three", "places": ["Cao Bằng"], "labels": None, "digest": "07:30"})
    text = (folder / "watches.toml").read_text("utf-8")
    assert text.startswith(KEPT)
    assert text.removeprefix(KEPT) == '\n[[watches]]\nname = "three"\nplaces = ["Cao Bằng"]\ndigest = "07:30"\n'
    assert load(folder, {}).watches[-1] == added


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "one"}, "there is a watch 'one' already"),
        ({"name": "x", "places": ["Atlantis"]}, "is no province"),
        ({"name": "x", "channels": ["pager"]}, "'pager' is not a channel"),
        ({"name": ""}, "name"),
    ],
)
def test_a_watch_that_cannot_be_added_changes_nothing(folder: Path, fields: dict[str, Any], says: str) -> None:
    """A refused watch leaves the file as it was."""
    config = config_of(folder, KEPT)
    with pytest.raises(ConfigError, match=says):
        add_watch(config, fields)
    assert (folder / "watches.toml").read_text("utf-8") == KEPT


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("one", '# What we look for.\n\n# And this.\n[[watches]]\nname = "two"\ndigest = 07:00:00\n'),
        ("two", KEPT.partition("\n# And this.")[0]),
    ],
)
def test_removing_takes_the_watch_and_its_comment(folder: Path, name: str, left: str) -> None:
    """The table goes with the comment right above it; all else stays."""
    remove_watch(config_of(folder, KEPT), name)
    assert (folder / "watches.toml").read_text("utf-8") == left


def test_what_only_a_person_can_remove(folder: Path) -> None:
    """A watch that is no table of its own is left alone, in words; one that is not there as well."""
    text = 'watches = [{ name = "one" }, { name = "two" }]\n'
    config = config_of(folder, text)
    with pytest.raises(ConfigError, match="remove it by hand"):
        remove_watch(config, "one")
    with pytest.raises(NotFoundError, match="there are one, two"):
        remove_watch(config, "three")
    assert (folder / "watches.toml").read_text("utf-8") == text


_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(names=st.lists(_names, min_size=1, max_size=4, unique=True), which=st.integers(0, 3))
def test_whatever_a_watch_is_called(tmp_path_factory: pytest.TempPathFactory, names: list[str], which: int) -> None:
    """Any name can be written, is read back as it was, and can be removed without touching its neighbours."""
    folder = tmp_path_factory.mktemp("config")
    for name in ("settings.toml", "policy.toml"):
        shutil.copy(ROOT / "config" / name, folder / name)
    for name in names:
        add_watch(load(folder, {}), {"name": name, "words": ["vốn"]})
    assert [watch.name for watch in load(folder, {}).watches] == names
    gone = names[which % len(names)]
    remove_watch(load(folder, {}), gone)
    left = (folder / "watches.toml").read_text("utf-8")
    assert [watch.name for watch in parsed_watches(left, folder)] == [name for name in names if name != gone]


# --- what a watch asks for -----------------------------------------------------------------------------------


def rules(*watches: dict[str, Any]) -> Rules:
    asked = [Watch.model_validate({"name": f"w{n}", "channels": ["desk"], **watch}) for n, watch in enumerate(watches)]
    return Rules(POLICY, tuple(asked), 2 * DAY, RecheckSettings(), {"bao": "Báo Ví dụ"})


def asked(given: Rules, **fields: Any) -> tuple[Intent, ...]:
    data = article(**fields)
    return decide(data, Known(added_at=NOON - DAY), given, NOON, source="bao", key="bao:1").intents


@pytest.mark.parametrize(
    ("watch", "why"),
    [
        ({}, []),
        ({"documents": ["1719/QĐ-TTg"]}, ["document 1719/QĐ-TTg"]),
        ({"documents": ["Quyết định 1719 / QĐ–TTg"]}, ["document 1719/QĐ-TTg"]),
        ({"documents": ["719/QĐ-TTg"]}, None),
        ({"documents": ["719/QĐ-TTg", "1719/QĐ-TTg"]}, ["document 1719/QĐ-TTg"]),
        ({"documents": ["Chương trình mục tiêu vùng cao"]}, ["document Chương trình mục tiêu vùng cao"]),
        ({"documents": ["Chương trình mục tiêu vùng"]}, ["document Chương trình mục tiêu vùng"]),
        ({"documents": ["Chương trình mục tiêu vùng thấp"]}, None),
        ({"places": ["Cao Bằng"]}, ["place Cao Bằng"]),
        ({"places": ["cao bang"]}, ["place Cao Bằng (cao bang)"]),
        ({"places": ["04"]}, ["place Cao Bằng (04)"]),
        ({"places": ["Bắc Kạn"]}, ["place Thái Nguyên (Bắc Kạn)"]),
        ({"places": ["Lào Cai"]}, None),
        ({"words": ["CẤP THÊM VỐN"]}, ["word CẤP THÊM VỐN"]),
        ({"words": ["cap them von"]}, ["word cap them von"]),
        ({"words": ["cấp thềm vốn"]}, None),
        ({"words": ["ấp thêm"]}, None),
        ({"words": ["cà phê", "các xã"]}, ["word các xã"]),
        ({"all_words": ["cà phê", "các xã"]}, None),
        ({"all_words": ["cấp thêm", "các xã"]}, ["word cấp thêm", "word các xã"]),
        ({"labels": ["implementation", "none"], "min_score": 0.5}, None),
        ({"labels": ["none"], "places": ["Cao Bằng"]}, ["label none", "place Cao Bằng"]),
        ({"documents": ["1719/QĐ-TTg"], "places": ["Lào Cai"]}, None),
        ({"outlets": ["bao"]}, ["outlet bao"]),
        ({"outlets": ["khac"]}, None),
        ({"events": ["edited"]}, None),
    ],
)
def test_every_condition_restricts_and_says_what_it_found(watch: dict[str, Any], why: list[str] | None) -> None:
    """All conditions must hold, of a list one entry; the message says which did, documents and places in one form."""
    text = f"{CITING}\n\nChương trình mục tiêu vùng cao cũng đến Thái Nguyên."
    told = asked(rules(watch), title="Thêm vốn", lead="", text=text, section="")
    assert [intent.facts["watches"] for intent in told] == ([[{"name": "w0", "why": why}]] if why is not None else [])


@pytest.mark.parametrize("document", ["28/2022/NĐ-CP", "Nghị định 28", "nghị định số 28"])
def test_a_document_is_known_by_number_and_by_name(document: str) -> None:
    """Of a story that gives both the number and the short name, a watch may ask for either."""
    told = asked(
        rules({"documents": [document]}), title="Vay theo Nghị định 28", lead="", text="Nghị định 28/2022/NĐ-CP."
    )
    assert len(told) == 1


def test_words_do_not_reach_from_field_to_field() -> None:
    """The end of the headline and the beginning of the lead are no phrase, with accents or without."""
    for word in ("vốn đợt hai", "von dot hai"):
        assert not asked(rules({"words": [word]}), title="Cấp thêm vốn", lead="Đợt hai bắt đầu.")


@pytest.mark.parametrize(
    ("watches", "counted"),
    [([{}, {"words": ["vốn"]}], 0), ([{"documents": ["1/QĐ-TTg"]}] * 3, 1), ([{"places": ["04"]}] * 3, 1)],
)
def test_an_article_is_read_for_watches_once(
    monkeypatch: pytest.MonkeyPatch, watches: list[dict[str, Any]], counted: int
) -> None:
    """Documents and places are looked for only when a watch asks, and once however many ask."""
    calls: list[object] = []

    def mentions(data: object) -> tuple[()]:
        calls.append(data)
        return ()

    monkeypatch.setattr(facts, "mentions", mentions)
    named = [{**watch, "name": f"n{n}"} for n, watch in enumerate(watches)]
    asked(rules(*named))
    assert len(calls) == counted + 1  # and once to be stored


def test_a_channel_is_told_once_and_of_every_watch() -> None:
    """Two watches on one channel make one message that names both; at once comes before a digest."""
    given = rules({"digest": "07:00", "channels": ["desk", "mail"]}, {"places": ["Cao Bằng"]})
    desk, mail = asked(given, text=CITING)
    assert (desk.channel, desk.alert, desk.due) == ("desk", "w1", None)
    assert [watch["name"] for watch in desk.facts["watches"]] == ["w0", "w1"]
    assert (mail.channel, mail.alert, mail.due) == ("mail", "w0", SEVEN)
    assert [watch["name"] for watch in mail.facts["watches"]] == ["w0"]


def test_a_message_names_its_watches() -> None:
    """A person reads which watches asked and what they found."""
    (told,) = asked(rules({"documents": ["1719/QĐ-TTg"]}, {}), text=CITING)
    words = alert.text(Message(1, "k", "desk", "new", "w0", "bao", told.facts, NOON))
    assert "Watch: w0 (document 1719/QĐ-TTg); w1\n" in words


@pytest.mark.parametrize(
    ("at", "zone", "now", "due"),
    [
        (time(7), "Asia/Ho_Chi_Minh", NOON, SEVEN),
        (time(7), "Asia/Ho_Chi_Minh", SEVEN, SEVEN + DAY),
        (time(7), "Asia/Ho_Chi_Minh", SEVEN - timedelta(seconds=1), SEVEN),
        (time(12, 30), "Asia/Ho_Chi_Minh", NOON, NOON + timedelta(minutes=30)),
        (time(12), "UTC", NOON, NOON + timedelta(hours=7)),
        (time(7), "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_is_that_of_its_zone(at: time, zone: str, now: datetime, due: datetime) -> None:
    """The next time that clocks there show it, later than now, summer time or not."""
    assert schedule.next_time_of_day(at, ZoneInfo(zone), now) == due


# --- digests -------------------------------------------------------------------------------------------------


class Deskful:
    """A desk without an outlet, to which stories are brought by hand, and what its channel took."""

    def __init__(self, desk: Desk, clock: SteppedClock, data: Path) -> None:
        self.desk, self.clock, self._data = desk, clock, data

    def bring(self, number: int, **fields: Any) -> None:
        words = [f"Ngày {number}, tổ {number * day} của bản {number + day} đến nhận giống cây." for day in range(1, 9)]
        paragraph = " ".join(f"{word} Việc thứ {number}{at} đã xong." for at, word in enumerate(words))
        data = article(
            **{
                "url": f"https://bao.example/a-post{number}.html",
                "title": f"Chuyện số {number}",
                "text": paragraph,
                "published_at": self.clock.now(),
                **fields,
            }
        )
        now, key = self.clock.now(), f"bao:{number}"
        known = store.known_for(self.desk.db, "bao", [key], dedupe.sketch_of(data), now)
        store.apply(self.desk.db, decide(data, known, self.desk.rules, now, source="bao", key=key))

    def deliver(self) -> list[Report]:
        reports: list[Report] = []
        with Sender(self.desk.fetcher, self._data) as sender:
            jobs.start_deliveries(self.desk, SoloCrew(), sender, reports.append)
        return reports

    @property
    def took(self) -> list[dict[str, Any]]:
        file = self._data / "alerts.jsonl"
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


@contextmanager
def deskful(data: Path, *watches: dict[str, Any]) -> Iterator[Deskful]:
    named = [{"name": f"w{n}", "channels": ["log"], **watch} for n, watch in enumerate(watches)]
    with Server({}) as server:
        clock = SteppedClock(NOON)
        with desk_for(server, data, clock, {"watches": named}) as desk:
            yield Deskful(desk, clock, data)


MORNING = {"digest": "07:00"}


def test_a_digest_waits_for_its_time_and_goes_out_as_one(tmp_path: Path) -> None:
    """Stories of a day are one message at the time asked for; the next day's are the next one."""
    with deskful(tmp_path, MORNING) as at:
        at.bring(1)
        at.clock.step(hours=2)
        at.bring(2)
        at.deliver()
        assert at.took == []
        assert store.next_message(at.desk.db) == SEVEN
        assert jobs.next_due(at.desk) is not None
        at.clock.step(seconds=(SEVEN - at.clock.now()).total_seconds())
        at.bring(3)
        at.deliver()
        (told,) = at.took
        assert told["subject"] == "2 stories: w0"
        assert told["key"] == f"digest/log/w0@{SEVEN.isoformat()}"
        assert [(one["title"], one["event"]) for one in told["stories"]] == [
            ("Chuyện số 1", "new"),
            ("Chuyện số 2", "new"),
        ]
        assert "1. New: Chuyện số 1\n   Báo Ví dụ | 02/03/2026 12:00 (Vietnam) | " in told["message"]
        assert store.next_message(at.desk.db) == SEVEN + DAY
        at.clock.step(days=1)
        at.deliver()
        assert [one["subject"] for one in at.took[1:]] == ["1 story: w0"]
        assert store.next_message(at.desk.db) is None


def test_what_is_told_at_once_does_not_wait_for_a_digest(tmp_path: Path) -> None:
    """A message that waits for the morning holds back no other of its channel, and no other digest."""
    with deskful(
        tmp_path, {**MORNING, "words": ["Chuyện số 1"]}, {"words": ["Chuyện số 2"]}, {"digest": "13:00"}
    ) as at:
        for number in (1, 2, 3):
            at.bring(number)
        at.deliver()
        assert [told["subject"] for told in at.took] == ["New: Chuyện số 2"]
        at.clock.step(hours=2)
        at.deliver()
        assert [told["subject"] for told in at.took[1:]] == ["2 stories: w2"]


def test_a_crash_repeats_one_digest_under_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the channel's yes and our mark, the very same message goes out again, and then no more."""
    with deskful(tmp_path, MORNING) as at:
        at.bring(1)
        at.bring(2)
        at.clock.step(days=1)
        with monkeypatch.context() as patched:
            patched.setattr(store, "mark_sent", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                at.deliver()
        at.bring(3)
        at.deliver()
        at.deliver()
        first, second = at.took
        assert first == second
        assert len(first["stories"]) == 2


def test_a_digest_that_fails_is_tried_again_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel that is down gets the same digest later; given up, it comes back whole with --retry."""
    with deskful(tmp_path, MORNING) as at:
        at.bring(1)
        at.bring(2)
        at.clock.step(days=1)
        for retry in (True, False):
            with monkeypatch.context() as patched:
                fault = DeliveryError("log", "down", retry=retry)
                patched.setattr(alert, "send", lambda *_, fault=fault: (_ for _ in ()).throw(fault))
                at.deliver()
            assert {one.state for one in archive.alerts(at.desk.db)} == {"waiting" if retry else "failed"}
            at.deliver()
            assert at.took == []
            at.clock.step(hours=2)
        assert store.retry_failed(at.desk.db, at.clock.now()) == 2
        at.deliver()
        assert [told["subject"] for told in at.took] == ["2 stories: w0"]


def test_a_long_digest_is_cut_for_the_eye_only() -> None:
    """People read the first fifty stories and how many there are; programs get them all."""
    stories = [{"event": "new", "title": f"Chuyện {n}", "key": str(n)} for n in range(60)]
    told = Message(1, "k", "desk", "digest", "w", "", {"watch": "w", "stories": stories}, NOON)
    assert "and 10 more" in alert.text(told)
    assert len(alert.payload(told)["stories"]) == 60


# --- what happens later, and what would have been told ---------------------------------------------------------

PARAGRAPHS = [
    f"Trong tháng {n}, các tổ công tác đã đến {n * 5} thôn của tỉnh Cao Bằng, ghi lại {n * 17} ý kiến rồi báo cáo."
    for n in range(1, 7)
]


def visit(desk: Desk, data: Path) -> None:
    jobs.start_visits(desk, SoloCrew(), lambda _: None)
    with Sender(desk.fetcher, data) as sender:
        jobs.start_deliveries(desk, SoloCrew(), sender, lambda _: None)


def test_a_replay_tells_what_was_told(tmp_path: Path) -> None:
    """New, edited, removed and returned stories, and a source's trouble: the replay finds what the daemon sent."""
    events = ["new", "edited", "removed", "returned", "source_broken", "source_recovered"]
    watch = {"name": "w", "events": events, "places": ["Cao Bằng"], "channels": ["log"]}
    shown = {
        "/chinh-sach": page(listing(1)),
        "/bai-post1.html": page(story(1, "Bài có từ trước", PARAGRAPHS)),
        "/robots.txt": Reply("", 404),
    }
    with Server(shown) as server:
        clock = SteppedClock(NOON)
        asks = {"watches": [watch], "trouble": {"after": 2, "channels": ["terminal"]}}
        with desk_for(server, tmp_path, clock, asks) as desk:
            visit(desk, tmp_path)
            server.routes["/chinh-sach"] = page(listing(2, 1))
            server.routes["/bai-post2.html"] = page(story(2, "Vốn đến thôn", [f"{p} Mới." for p in PARAGRAPHS]))
            for reply in (None, None, Reply("gone", 410), None, None):
                if reply:
                    server.routes["/bai-post2.html"] = reply
                clock.step(hours=2)
                visit(desk, tmp_path)
            paragraphs = [f"{p} Mới.".replace("17", "19") for p in PARAGRAPHS]
            server.routes["/bai-post2.html"] = page(story(2, "Vốn đến thôn", paragraphs))
            clock.step(hours=9)
            visit(desk, tmp_path)
            server.routes["/chinh-sach"] = Reply("no", 500)
            for _ in range(3):
                clock.step(hours=7)
                visit(desk, tmp_path)
            sent = [
                (line["event"], line.get("url", ""))
                for line in map(json.loads, (tmp_path / "alerts.jsonl").read_text("utf-8").splitlines())
            ]
            found = replay(desk.rules.watches[0], moments(desk.db, NOON - DAY), desk.rules)
            later = replay(desk.rules.watches[0], moments(desk.db, NOON + timedelta(hours=1)), desk.rules)
    assert {event for event, _ in sent} == {"new", "edited", "removed", "returned", "source_broken"}
    assert sorted((hit.event, hit.url) for hit in found if hit.news) == sorted(sent)
    assert [hit.title for hit in found if not hit.news] == ["Bài có từ trước"]
    assert found[1].why == ("place Cao Bằng",)
    assert [hit.event for hit in later] == [hit.event for hit in found[1:]]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = store.open_archive(tmp_path)
    store.ensure_sources(opened, ["bao", "khac"], NOON - DAY)
    yield opened
    opened.close()


@pytest.mark.parametrize("more", [0, 1], ids=["cut copy", "copy with more"])
def test_a_copy_is_told_and_replayed_when_it_adds_facts(db: Database, more: int) -> None:
    """A copy with much of its own is told with what it adds; one without is not; the replay says the same."""
    given = rules({"places": ["Cao Bằng"]})
    added = " ".join(f"Ông N. ở bản {n} kể rằng nhà ông trồng {n * 3} gốc quế trên nương." for n in range(1, 12))
    told: list[Intent] = []
    for source, text in (("bao", PARAGRAPHS), ("khac", [*PARAGRAPHS[:-1], added] if more else PARAGRAPHS[:-1])):
        data = article(text="\n\n".join(text), url=f"https://{source}.example/x-post1.html")
        known = store.known_for(db, source, [f"{source}:1"], dedupe.sketch_of(data), NOON)
        outcome = decide(data, known, given, NOON, source=source, key=f"{source}:1")
        store.apply(db, outcome)
        told += outcome.intents
    copies = [intent for intent in told if intent.event == "adds_facts"]
    assert [added.startswith(intent.facts["adds"][0][:50]) for intent in copies] == [True] * more
    found = replay(given.watches[0], moments(db, NOON - DAY), given)
    assert [hit.event for hit in found] == ["new", *["adds_facts"] * more]


def test_a_story_told_by_the_edit_of_a_copy_is_told_once(db: Database) -> None:
    """A copy that an edit makes what is asked for tells the story, the next copy so edited does not; replayed alike."""
    given = rules({"words": ["quế"], "events": ["new", "edited"]})
    for n, (source, edited) in enumerate((("bao", False), ("khac", False), ("khac", True), ("bao", True))):
        now = NOON + timedelta(hours=n)
        paragraphs = [*PARAGRAPHS[:-1], "Người dân trồng quế."] if edited else PARAGRAPHS
        data = article(text="\n\n".join(paragraphs), url=f"https://{source}.example/x-post1.html")
        known = store.known_for(db, source, [f"{source}:1"], dedupe.sketch_of(data), now)
        store.apply(db, decide(data, known, given, now, source=source, key=f"{source}:1"))
    said = [(message.source, message.event) for message in store.due_messages(db, "desk", now)]
    assert said == [("khac", "new"), ("bao", "edited")]
    found = replay(given.watches[0], moments(db, NOON - DAY), given)
    assert [(hit.outlet, hit.event) for hit in found] == said


# --- commands --------------------------------------------------------------------------------------------------


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    recent = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    routes = {
        "/chinh-sach": page(listing(1, 2)),
        "/bai-post1.html": page(story(1, "Vốn đến thôn", [CITING, *PARAGRAPHS], at=recent)),
        "/bai-post2.html": page(story(2, "Bóng đá hôm nay", [p[::-1] for p in PARAGRAPHS], at=recent)),
        "/robots.txt": Reply("", 404),
    }
    with Server(routes) as server:
        yield User(tmp_path, server)


def test_the_commands(user: User) -> None:
    """A watch is added, listed, tried on the archive, and removed; a search is kept as one."""
    user.run("once")
    words = ["--document", "1719/QĐ-TTg", "--place", "Cao Bằng", "--channel", "log", "--digest", "07:00"]
    assert "Watch 'von' added" in user.run("watches", "add", "von", *words)
    assert "citing 1719/QĐ-TTg" in " ".join(user.run("watches", "list").split())
    listed = user.json("watches", "list")["watches"]
    assert [(watch["name"], watch["digest"]) for watch in listed] == [("all", None), ("von", "07:00")]
    tried = user.json("watches", "test", "von", "--all")
    (hit,) = tried["alerts"]
    assert (hit["title"], hit["why"]) == ("Vốn đến thôn", ["document 1719/QĐ-TTg", "place Cao Bằng"])
    assert tried["count"] + tried["too_old"] == 1
    assert "Vốn đến thôn" in user.run("watches", "test", "von", "--all", "--since", "30d")
    kept = user.json("search", "cao bang", "cấp thêm", "--save", "search")
    assert (kept["count"], kept["watch"]["all_words"]) == (1, ["cao bang", "cấp thêm"])
    assert [hit["title"] for hit in user.json("watches", "test", "search", "--all")["alerts"]] == ["Vốn đến thôn"]
    assert "there is a watch 'von' already" in user.json("watches", "add", "von", status=2)["error"]
    assert "is no province" in user.run("watches", "add", "x", "--place", "Atlantis", status=2)
    assert user.json("watches", "remove", "search")["removed"] == "search"
    assert "there are all, von" in user.run("watches", "remove", "search", status=1)
