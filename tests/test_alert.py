"""Messages as they are rendered, and channels as they take or refuse them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Reply, Route, Server

from scraper import alert
from scraper.alert import Sender, render
from scraper.config import Channel
from scraper.errors import AddressRefused, BadAnswer, Blocked, DeliveryError, FetchError, ServerFault, Unreachable
from scraper.values import EventName, Message

# Apprise imports a module of the standard library that Python 3.13 drops.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
STORY: dict[str, Any] = {
    "title": "Xã vùng cao giải ngân vốn vay",
    "url": "https://bao.example/bai_1.html",
    "outlet": "Báo Mẫu",
    "section": "Chính sách",
    "place": "Cao Bằng",
    "published_at": "2026-03-02T04:30:00+00:00",
    "seen_at": "2026-03-02T05:00:00+00:00",
    "label": "implementation",
    "score": 0.93,
    "points": 16.0,
    "reasons": [
        {"rule": "agency", "field": "text", "matched": "UBND xã", "weight": 0.5},
        {"rule": "draft and debate", "field": "text", "matched": "đề xuất", "weight": -1.0},
        {"rule": "programme", "field": "title", "matched": "giảm nghèo", "weight": 4.0},
    ],
    "lead": "Hơn trăm hộ đã nhận vốn.",
    "article_id": 7,
}


def message(event: EventName = "new", channel: str = "desk", key: str = "bao:1:new:desk", **body: Any) -> Message:
    return Message(3, key, channel, event, "policy", "bao", {**STORY, **body}, NOW)


@dataclass
class RecordingPoster:
    """A poster that keeps what it was given, and fails when told to."""

    fault: FetchError | None = None
    posts: list[tuple[str, Mapping[str, object], Mapping[str, str]]] = field(default_factory=list)

    def post_json(self, url: str, payload: Mapping[str, object], headers: Mapping[str, str]) -> int:
        self.posts.append((url, payload, headers))
        if self.fault is not None:
            raise self.fault
        return 204


def sender(folder: Path, poster: RecordingPoster | None = None, **more: Any) -> Sender:
    return Sender(poster or RecordingPoster(), folder, environ=more.pop("environ", {}), **more)


# --- rendering ---------------------------------------------------------------------------------------------


def test_a_story_in_words() -> None:
    """A person reads what happened, where, when in Vietnam, how it was judged and why, and the address."""
    assert alert.text(message()).splitlines() == [
        "New: Xã vùng cao giải ngân vốn vay",
        "Outlet: Báo Mẫu | Chính sách | Cao Bằng",
        "Published: 02/03/2026 11:30 (Vietnam)",
        "Seen: 02/03/2026 12:00 (Vietnam)",
        "Judged: policy being carried out (implementation 93%)",
        'Because of: programme in the title: "giảm nghèo" (+4); agency in the text: "UBND xã" (+0.5)',
        "Lead: Hơn trăm hộ đã nhận vốn.",
        "https://bao.example/bai_1.html",
        "key: bao:1:new:desk",
    ]


def test_an_edit_names_what_changed() -> None:
    """An edited story says which fields differ."""
    lines = alert.text(message("edited", changed=["title", "text"])).splitlines()
    assert lines[0] == "Edited: Xã vùng cao giải ngân vốn vay"
    assert "Changed: title, text" in lines


@pytest.mark.parametrize(
    ("event", "first"),
    [("source_broken", "Source in trouble: bao"), ("source_recovered", "Source is back: bao")],
)
def test_trouble_in_words(event: EventName, first: str) -> None:
    """Trouble with a source names the source, its cause and since when, and no story."""
    body = {"outlet": "Báo Mẫu", "cause": "503 three times", "since": "2026-03-02T04:00:00+00:00"}
    told = alert.text(Message(1, "k", "desk", event, "sources", "bao", body, NOW)).splitlines()
    assert told == [
        first,
        "Outlet: Báo Mẫu",
        "Since: 02/03/2026 11:00 (Vietnam)",
        "Cause: 503 three times",
        "key: k",
    ]


@pytest.mark.parametrize("event", ["new", "edited", "removed", "source_broken", "source_recovered"])
def test_nothing_known_is_no_failure(event: EventName) -> None:
    """Every fact may be absent."""
    bare = Message(1, "k", "desk", event, "policy", "bao", {}, NOW)
    assert alert.subject(bare).endswith(": bao")
    assert alert.text(bare).splitlines()[-1] == "key: k"
    assert alert.payload(bare)["key"] == "k"


def test_another_label_shows_what_speaks_for_it() -> None:
    """For issuance, the weightiest reasons are told although they take from the points."""
    reasons = [{"rule": "issuing", "field": "title", "matched": "vừa ban hành", "weight": -4.0}]
    told = alert.text(message(label="issuance", score=0.04, reasons=reasons))
    assert "Judged: new rules issued (implementation 4%)" in told
    assert '"vừa ban hành" (-4)' in told


@given(st.text(), st.text())
def test_hostile_words_stay_on_their_line(title: str, lead: str) -> None:
    """No title or lead adds a line, a control character or an endless subject."""
    hostile = message(title=title + "\r\nBcc: all@example.com", lead=lead + "\x1b[2J\u2028")
    subject = alert.subject(hostile)
    assert len(subject) <= render.MAX_SUBJECT
    assert len(subject.splitlines()) == 1
    assert len(alert.text(hostile).splitlines()) <= 9
    assert not {c for c in alert.text(hostile) if c < " "} - {"\n"}


def test_chat_markup_is_made_harmless() -> None:
    """Calls to everyone, links and mark-up in scraped words do nothing in a chat; our own address stays whole."""
    told = alert.text(message(title="@everyone **đậm** [x](http://y) <!here> `c`"), render.inert)
    assert told.splitlines()[0] == "New: ＠everyone ＊＊đậm＊＊ ［x］(http://y) ＜!here＞ ｀c｀"
    assert "https://bao.example/bai_1.html" in told.splitlines()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://bao.example/bai_1.html", "https://bao.example/bai_1.html"),
        ("https://bao.example/@everyone-post1.html", "https://bao.example/%40everyone-post1.html"),
        ("https://bao.example/<!channel>", "https://bao.example/%3C!channel%3E"),
    ],
)
def test_an_address_calls_nobody_and_stays_one(address: str, shown: str) -> None:
    """Where words are made inert an address still leads where it led, and its path calls nobody; so in digests."""
    day = message(event="daily", subject="Tin", text=f"Bài @everyone\n  {address}\n")
    assert alert.text(day, render.inert).splitlines()[2:4] == ["Bài ＠everyone", shown]
    if "<" not in address:  # stored addresses are canonical
        stories = [{"event": "new", "title": "Bài", "url": address}]
        assert shown in alert.text(message(url=address), render.inert).splitlines()
        assert f"   {shown}" in alert.text(message(event="digest", stories=stories), render.inert).splitlines()


# --- channels ----------------------------------------------------------------------------------------------


def test_stdout_prints_the_text(tmp_path: Path) -> None:
    """A stdout channel prints the message and a blank line, whatever the stream can encode."""
    raw = io.BytesIO()
    out = sender(tmp_path, stream=io.TextIOWrapper(raw, encoding="ascii"))
    alert.send(message(), Channel(type="stdout"), out)
    assert raw.getvalue().startswith(b"New: X? v?ng cao")
    assert raw.getvalue().endswith(b"key: bao:1:new:desk\n\n")


def test_a_quiet_sender_leaves_standard_output_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When standard output belongs to JSON, alerts are printed to standard error and not lost."""
    alert.send(message(), Channel(type="stdout"), sender(tmp_path, quiet=True))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "key: bao:1:new:desk" in printed.err


def test_a_closed_stream_refuses(tmp_path: Path) -> None:
    """A stream that nobody reads any more is a failure to be tried again."""
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError, match="channel desk") as caught:
        alert.send(message(), Channel(type="stdout"), sender(tmp_path, stream=stream))
    assert caught.value.retry


def test_file_gets_one_line_a_message(tmp_path: Path) -> None:
    """Each message is one JSON line with its key, in a folder made when missing."""
    channel = Channel(type="file", path=Path("out/alerts.jsonl"))
    for key in ("k1", "k2"):
        alert.send(message(key=key), channel, sender(tmp_path))
    lines = (tmp_path / "out/alerts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["k1", "k2"]
    assert json.loads(lines[0])["title"] == STORY["title"]


def test_a_torn_line_stays_alone(tmp_path: Path) -> None:
    """What a crash left of a line does not spoil the next message."""
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"key": "to', encoding="utf-8")
    alert.send(message(key="k2"), Channel(type="file", path=path), sender(tmp_path))
    torn, whole = path.read_text(encoding="utf-8").splitlines()
    assert torn == '{"key": "to'
    assert json.loads(whole)["key"] == "k2"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error names the file, and the message waits."""
    with pytest.raises(DeliveryError, match=str(tmp_path)) as caught:
        alert.send(message(), Channel(type="file", path=tmp_path), sender(tmp_path))
    assert caught.value.retry


def test_webhook_gets_json_and_the_key(tmp_path: Path) -> None:
    """A webhook is posted every fact, the text, and the key in body and header."""
    poster = RecordingPoster()
    alert.send(message(key="báo:1"), Channel(type="webhook", url="https://desk.example/in"), sender(tmp_path, poster))
    ((url, payload, headers),) = poster.posts
    assert url == "https://desk.example/in"
    assert headers == {"Idempotency-Key": "b%C3%A1o:1"}
    assert payload["key"] == "báo:1"
    assert payload["reasons"] == STORY["reasons"]
    assert json.loads(json.dumps(payload)) == payload


LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("fault", "retry", "retry_at"),
    [
        (Unreachable("desk.example", "refused"), True, None),
        (ServerFault("desk.example", "503", status=503, retry_at=LATER), True, LATER),
        (Blocked("desk.example", "429", status=429, retry_at=LATER), True, LATER),
        (Blocked("desk.example", "401", status=401), True, None),
        (BadAnswer("desk.example", "422", status=422), False, None),
        (BadAnswer("desk.example", "413", status=413), False, None),
        (AddressRefused("desk.example", "private address"), True, None),
    ],
)
def test_what_a_webhook_can_recover_from(
    tmp_path: Path,
    fault: FetchError,
    retry: bool,  # noqa: FBT001 - a column of the table
    retry_at: datetime | None,
) -> None:
    """All that may be cured is tried again, from when the server said; what blames the message is not."""
    channel = Channel(type="webhook", url="https://desk.example/in?token=geheim")
    with pytest.raises(DeliveryError) as caught:
        alert.send(message(), channel, sender(tmp_path, RecordingPoster(fault)))
    assert (caught.value.retry, caught.value.retry_at) == (retry, retry_at)
    assert "geheim" not in str(caught.value)


def test_secrets_come_from_the_environment(tmp_path: Path) -> None:
    """The address is looked up when it is needed; a missing variable is named."""
    channel = Channel(type="webhook", url_env="SCRAPER_SECRET_DESK")
    poster = RecordingPoster()
    alert.send(message(), channel, sender(tmp_path, poster, environ={"SCRAPER_SECRET_DESK": "https://d.example/x"}))
    assert poster.posts[0][0] == "https://d.example/x"
    with pytest.raises(DeliveryError, match="set SCRAPER_SECRET_DESK in the environment"):
        alert.send(message(), channel, sender(tmp_path, poster))


# --- Apprise -----------------------------------------------------------------------------------------------


def test_apprise_carries_subject_text_and_key(tmp_path: Path) -> None:
    """An Apprise channel gets the subject as title, the rest as text, the key last."""
    with Server({"/in": Reply("ok")}) as server, sender(tmp_path) as out:
        alert.send(message(), Channel(type="apprise", url=f"json://{server.address}/in"), out)
        got = json.loads(server.seen[0].body)
    assert got["title"] == "New: Xã vùng cao giải ngân vốn vay"
    assert got["message"].splitlines()[-1] == "key: bao:1:new:desk"


def test_only_the_targets_that_failed_are_asked_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After a partial failure the target that took the message does not get it twice, and no secret is told."""
    caplog.set_level(logging.DEBUG)
    routes: dict[str, Route] = {"/geheim-a": Reply("ok"), "/geheim-b": [Reply("no", 500), Reply("ok")]}
    with Server(routes) as server, sender(tmp_path) as out:
        channel = Channel(type="apprise", url=f"json://{server.address}/geheim-a, json://{server.address}/geheim-b")
        with pytest.raises(DeliveryError, match=r"1 of 2 targets failed: JSON") as caught:
            alert.send(message(), channel, out)
        alert.send(message(), channel, out)
        assert server.paths() == ["/geheim-a", "/geheim-b", "/geheim-b"]
        alert.send(message(), channel, out)
        assert server.paths()[3:] == ["/geheim-a", "/geheim-b"]
    assert caught.value.retry
    assert "geheim" not in str(caught.value) + caplog.text


def test_an_address_apprise_does_not_know(tmp_path: Path) -> None:
    """An address that means nothing is an error that does not repeat it."""
    with pytest.raises(DeliveryError, match="not one that Apprise knows") as caught:
        alert.send(message(), Channel(type="apprise", url="nonsense://geheim"), sender(tmp_path))
    assert "geheim" not in str(caught.value)


# --- trying again ------------------------------------------------------------------------------------------

FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)


@pytest.mark.parametrize(("tries", "most"), [(0, 30), (1, 30), (2, 60), (5, 480), (8, 3600), (10**6, 3600)])
def test_pauses_double_up_to_the_longest(tries: int, most: float) -> None:
    """Each pause is at most the doubled one and at least four fifths of it."""
    pause = (alert.next_try(tries, FIRST, LONGEST, NOW, "k") - NOW).total_seconds()
    assert most * (1 - alert.retry.JITTER) <= pause <= most


def test_jitter_is_the_keys_own() -> None:
    """The same key is tried at the same moment whoever counts; different keys spread."""
    moments = {key: alert.next_try(3, FIRST, LONGEST, NOW, key) for key in "abcdefgh"}
    assert moments == {key: alert.next_try(3, FIRST, LONGEST, NOW, key) for key in "abcdefgh"}
    assert len(set(moments.values())) == len(moments)
