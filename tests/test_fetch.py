"""Fetching pages and sending webhooks, against servers on loopback."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from servers import Reply, Route, Seen, Server, SteppedClock

from scraper import __version__
from scraper.config.settings import FetchSettings
from scraper.errors import (
    AddressRefused,
    BadAnswer,
    Blocked,
    BodyTooLarge,
    ConfigError,
    DeadlineExceeded,
    FetchError,
    Gone,
    RobotsDenied,
    ServerFault,
    Unreachable,
)
from scraper.fetch import Fetcher
from scraper.fetch.client import user_agent
from scraper.fetch.guard import Guard
from scraper.fetch.transport import Lanes, Transport
from scraper.values import NotModified, Page, Validators

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
HOST = "outlet.example"
PAGE = Reply("<p>Thực thi chính sách</p>", headers={"Content-Type": "text/html; charset=utf-8"})
NO_RULES: Mapping[str, Route] = {"/robots.txt": Reply("", 404)}


@contextmanager
def site(
    routes: Mapping[str, Route], clock: SteppedClock | None = None, hosts: Sequence[str] = (HOST,), **settings: Any
) -> Iterator[tuple[Server, Fetcher]]:
    """A server under these hosts, without robots.txt unless given, and a fetcher that reaches it."""
    with Server({**NO_RULES, **routes}) as server:
        pins = dict.fromkeys(hosts, server.address)
        chosen = FetchSettings(**{"connect_to": pins, "retries": 0, **settings})
        with Fetcher(chosen, clock or SteppedClock(NOON)) as fetcher:
            yield server, fetcher


def got(fetcher: Fetcher, url: str = f"http://{HOST}/a", **options: Any) -> Page:
    page = fetcher.get(url, **options)
    assert isinstance(page, Page)
    return page


# --- a page ------------------------------------------------------------------------------------------------


def test_page() -> None:
    """A page comes with its bytes, its headers in lower case, both addresses and the clock's time."""
    with site({"/a": PAGE}) as (server, fetcher):
        page = got(fetcher, f"http://{HOST}/a#part")
    assert page.body == PAGE.data
    assert (page.url, page.final_url, page.status) == (f"http://{HOST}/a#part", f"http://{HOST}/a#part", 200)
    assert page.content_type == "text/html; charset=utf-8"
    assert page.fetched_at == NOON + timedelta(seconds=2)  # robots.txt took the first slot
    assert page.seconds > 0
    assert server.paths() == ["/robots.txt", "/a"]


def test_what_is_sent() -> None:
    """We say who we are, ask for gzip alone, name the real host, and send no cookies back."""
    with site({"/a": Reply("x", headers={"Set-Cookie": "seen=1"})}, contact="desk@outlet.example") as (server, fetcher):
        got(fetcher)
        got(fetcher)
    sent = server.seen[-1].headers
    assert sent["user-agent"] == f"scraper/{__version__} (news monitor; desk@outlet.example)"
    assert sent["accept-encoding"] == "gzip"
    assert sent["host"] == HOST
    assert "cookie" not in sent
    assert "if-none-match" not in sent


@pytest.mark.parametrize(
    ("template", "contact", "sent"),
    [
        ("scraper/{version} (news monitor; {contact})", "", f"scraper/{__version__} (news monitor)"),
        ("scraper/{version} ({contact})", "", f"scraper/{__version__}"),
        ("watch/1 {contact}", "a@b.example", "watch/1 a@b.example"),
        ("watch/1 {other}", "", "watch/1 {other}"),
    ],
)
def test_user_agent(template: str, contact: str, sent: str) -> None:
    """The User-Agent is filled in, and an empty contact leaves no trace."""
    assert user_agent(FetchSettings(user_agent=template, contact=contact)) == sent


@pytest.mark.parametrize("contact", ["tòa soạn", "a\r\nX-Evil: 1"])
def test_user_agent_refused(contact: str) -> None:
    """A contact that no header can hold is a configuration error."""
    with pytest.raises(ConfigError, match="ASCII"):
        user_agent(FetchSettings(contact=contact))


def test_gzip() -> None:
    """A gzip body arrives inflated."""
    zipped = Reply(gzip.compress(PAGE.data), headers={"Content-Encoding": "gzip"})
    with site({"/a": zipped}) as (_, fetcher):
        assert got(fetcher).body == PAGE.data


def test_chunked() -> None:
    """A chunked body, and one that ends with the connection, arrive whole."""
    with site({"/a": Reply("chunks", chunked="yes"), "/b": Reply("to the end", length=None)}) as (_, fetcher):
        assert got(fetcher).body == b"chunks"
        assert got(fetcher, f"http://{HOST}/b").body == b"to the end"


def conditional(request: Seen) -> Reply:
    if request.headers.get("if-none-match") == '"v1"':
        return Reply(status=304)
    return Reply("new", headers={"ETag": '"v1"', "Last-Modified": "Mon, 02 Mar 2026 05:00:00 GMT"})


def test_not_modified() -> None:
    """A page's validators, sent back, are answered with NotModified."""
    with site({"/a": conditional}) as (server, fetcher):
        page = got(fetcher)
        again = fetcher.get(page.url, validators=page.validators)
        other = fetcher.get(page.url, validators=Validators('"v0"'))
    assert isinstance(again, NotModified)
    assert (again.url, again.fetched_at > page.fetched_at) == (page.url, True)
    assert isinstance(other, Page)
    assert server.seen[2].headers["if-modified-since"] == "Mon, 02 Mar 2026 05:00:00 GMT"


def test_not_modified_unasked() -> None:
    """304 is an error when nothing was sent to compare with."""
    with site({"/a": Reply(status=304)}) as (_, fetcher):
        with pytest.raises(BadAnswer, match="nothing was sent"):
            fetcher.get(f"http://{HOST}/a")
        with pytest.raises(BadAnswer, match="nothing was sent"):
            fetcher.get(f"http://{HOST}/a", validators=Validators("é", "a\r\nb"))


# --- refusals and faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply("x", 401), Blocked, "refuses this program"),
        (Reply("x", 403), Blocked, "refuses this program"),
        (Reply("x", 404), Gone, "no such page"),
        (Reply("x", 410), Gone, "no such page"),
        (Reply("x", 429), Blocked, "fewer requests"),
        (Reply("x", 500), ServerFault, "tried again"),
        (Reply("x", 301), BadAnswer, "check the address"),
        (Reply("<title>Just a moment...</title>", 403), Blocked, "challenges programs"),
        (Reply("<title>Just a moment...</title>"), Blocked, "challenges programs"),
        (Reply("<script>document.cookie='a=1';location.reload()</script>"), Blocked, "challenges programs"),
        (Reply("x", headers={"cf-mitigated": "challenge"}), Blocked, "challenges programs"),
        (Reply(""), BadAnswer, "empty body"),
        (Reply(status=204), BadAnswer, "empty body"),
        (Reply("x" * 2001), BodyTooLarge, "max_body"),
        (Reply("x" * 2001, chunked="yes"), BodyTooLarge, "max_body"),
        (Reply("x", headers={"Content-Encoding": "br"}), BadAnswer, "not asked for"),
        (Reply(gzip.compress(b"0" * 2001), headers={"Content-Encoding": "gzip"}), BodyTooLarge, "inflating"),
        (Reply("x", length=10), Unreachable, "hung up"),
        (Reply("x", chunked="cut"), Unreachable, "hung up"),
        (Reply(gzip.compress(b"0" * 99)[:20], headers={"Content-Encoding": "gzip"}), Unreachable, "breaks off"),
        (Reply(hang_up=True), Unreachable, "hung up"),
        (Reply("x", headers={"X-Long": "x" * 200_000}), Unreachable, "hung up"),
    ],
)
def test_failures(reply: Reply, kind: type[FetchError], words: str) -> None:
    """Whatever goes wrong is one error of the right kind that names the address and says what to do."""
    with site({"/a": reply}, max_body=2000) as (_, fetcher), pytest.raises(kind, match=words) as failed:
        fetcher.get(f"http://{HOST}/a")
    assert type(failed.value) is kind
    assert failed.value.url == f"http://{HOST}/a"
    assert not failed.value.outage  # the server was reached


def test_nobody_there() -> None:
    """A refused connection is Unreachable, and may be our own outage."""
    with Server({}) as server:
        address = server.address
    with (
        Fetcher(FetchSettings(connect_to={HOST: address}, retries=0), SteppedClock(NOON)) as fetcher,
        pytest.raises(Unreachable, match="no connection") as failed,
    ):
        fetcher.get(f"http://{HOST}/a")
    assert failed.value.outage


@pytest.mark.parametrize(
    "reply",
    [
        Reply("x" * 1000, drip=0.02),
        Reply("x", pause=30.0),
        Reply("x" * 1000, status=500, drip=0.02, headers={"X-Note": "an error page that drips"}),
    ],
)
def test_deadline(reply: Reply) -> None:
    """A server that never pauses long, and is never done, does not outlast the deadline."""
    with site({"/a": reply}, robots=False, deadline=timedelta(seconds=0.3)) as (_, fetcher):
        with pytest.raises((DeadlineExceeded, ServerFault)) as failed:
            fetcher.get(f"http://{HOST}/a")
        assert isinstance(failed.value, ServerFault if reply.status == 500 else DeadlineExceeded)
        assert failed.value.retry


def test_connection_is_reused_with_a_new_deadline() -> None:
    """A second request on the same connection has the whole of its own time."""
    replies = [Reply("x" * 20, drip=0.02), Reply("y" * 20, drip=0.02)]
    with site({"/a": replies}, robots=False, deadline=timedelta(seconds=2)) as (_, fetcher):
        assert got(fetcher).body == b"x" * 20
        time.sleep(0.3)
        assert got(fetcher).body == b"y" * 20


# --- retries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [Reply(hang_up=True), Reply("x", 503), Reply("x", length=9)])
def test_retry_then_success(first: Reply) -> None:
    """What may pass is tried again, each time after twice as long."""
    clock = SteppedClock(NOON)
    with site({"/a": [first, first, PAGE]}, clock, retries=2, min_delay=timedelta(0)) as (server, fetcher):
        assert got(fetcher).body == PAGE.data
    assert server.paths().count("/a") == 3
    assert clock.slept == [2.0, 4.0]


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (404, 1), (403, 1), (429, 1), (400, 1)])
def test_tries(status: int, tries: int) -> None:
    """Only server faults are tried again, and only as often as set."""
    with site({"/a": Reply("x", status)}, retries=2) as (server, fetcher), pytest.raises(BadAnswer):
        fetcher.get(f"http://{HOST}/a")
    assert server.paths().count("/a") == tries


def test_short_retry_after_is_waited_for() -> None:
    """A server that asks for a short pause gets it, and is then asked again."""
    clock = SteppedClock(NOON)
    busy = Reply("x", 503, headers={"Retry-After": "45"})
    with site({"/a": [busy, PAGE]}, clock, retries=1) as (_, fetcher):
        page = got(fetcher)
    assert page.fetched_at >= NOON + timedelta(seconds=45)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("dated", [False, True])
def test_long_retry_after(status: int, dated: bool) -> None:  # noqa: FBT001 - a case, not a switch
    """A long pause is reported instead of waited for, and until it is over the host is not asked at all."""
    clock = SteppedClock(NOON)
    until = NOON + timedelta(hours=2)
    value = format_datetime(until, usegmt=True) if dated else "7200"
    busy = Reply("x", status, headers={"Retry-After": value})
    with site({"/a": [busy, PAGE]}, clock, retries=2, robots=False) as (server, fetcher):
        with pytest.raises(Blocked if status == 429 else ServerFault) as failed:
            fetcher.get(f"http://{HOST}/a")
        assert failed.value.retry_at == until
        with pytest.raises(ServerFault, match="left alone until 2026-03-02 07:00 UTC") as held:
            fetcher.get(f"http://{HOST}/b")
        assert held.value.retry_at == until
        assert server.paths() == ["/a"]
        clock.step(hours=2)
        assert got(fetcher).body == PAGE.data
    assert sum(clock.slept) < 60


# --- redirects ---------------------------------------------------------------------------------------------


def to(target: str, status: int = 301) -> Reply:
    return Reply("moved", status, headers={"Location": target})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect(status: int) -> None:
    """A redirect is followed to another host, and both addresses are kept."""
    hosts = (HOST, "www.outlet.example")
    routes = {f"{HOST}/a": to("//www.outlet.example/b c", status), "www.outlet.example/b%20c": PAGE}
    with site(routes, hosts=hosts) as (server, fetcher):
        page = got(fetcher)
    assert page.url == f"http://{HOST}/a"
    assert page.final_url == "http://www.outlet.example/b%20c"
    assert server.paths("www.outlet.example") == ["/robots.txt", "/b%20c"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2130706433/",
        "http://user@outlet.example/",
        "file:///etc/passwd",
        "ftp://outlet.example/",
        "gopher://outlet.example/",
        "javascript:alert(1)",
        "http://[",
        "http://outlet.example:99999/",
        "http://inside.example/",
    ],
)
def test_redirect_refused(target: str) -> None:
    """A redirect to where we may not go ends there, and the error names both addresses."""
    with Server({**NO_RULES, "/a": to(target)}) as server:
        settings = FetchSettings(connect_to={HOST: server.address})
        with (
            Fetcher(settings, SteppedClock(NOON), resolver=lambda _host, _port: ["10.0.0.7"]) as fetcher,
            pytest.raises(AddressRefused, match="redirects to") as refused,
        ):
            fetcher.get(f"http://{HOST}/a")
    assert refused.value.url == f"http://{HOST}/a"
    assert server.paths() == ["/robots.txt", "/a"]


def test_redirect_circle() -> None:
    """A circle is noticed when it closes."""
    with (
        site({"/a": to("/b"), "/b": to("/a")}) as (server, fetcher),
        pytest.raises(BadAnswer, match="in a circle"),
    ):
        fetcher.get(f"http://{HOST}/a")
    assert server.paths() == ["/robots.txt", "/a", "/b"]


def endless(request: Seen) -> Reply:
    return Reply("", 404) if request.path == "/robots.txt" else to(f"{request.path}x")


@pytest.mark.parametrize("most", [0, 3])
def test_redirects_without_end(most: int) -> None:
    """Redirects are followed as often as set, and no further."""
    routes: dict[str, Route] = {f"/a{'x' * n}": endless for n in range(9)}
    with site(routes, max_redirects=most) as (server, fetcher), pytest.raises(BadAnswer, match="max_redirects"):
        fetcher.get(f"http://{HOST}/a")
    assert len(server.paths()) == most + 2


# --- robots.txt and politeness -----------------------------------------------------------------------------


def test_robots_deny() -> None:
    """What robots.txt closes is not asked for; its BOM hides nothing, and redirects into it are refused too."""
    rules = Reply(b"\xef\xbb\xbfUser-agent: *\nDisallow: /tim-kiem")
    with site({"/robots.txt": rules, "/a": PAGE, "/b": to("/tim-kiem")}) as (server, fetcher):
        got(fetcher)
        for path in ("/tim-kiem?q=x", "/b"):
            with pytest.raises(RobotsDenied):
                fetcher.get(f"http://{HOST}{path}")
    assert server.paths() == ["/robots.txt", "/a", "/b"]


def test_robots_can_be_left_out() -> None:
    """With robots off, the file is not asked for, and pages keep their own limit of size."""
    large = Reply("x" * 600_000)
    with site({"/robots.txt": Reply("User-agent: *\nDisallow: /"), "/a": large}, robots=False) as (server, fetcher):
        assert len(got(fetcher).body) == 600_000
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    "rules", [Reply(""), Reply("x", 403), Reply("x", 404), to("/robots.txt"), Reply("x" * 600_000)]
)
def test_robots_open(rules: Reply) -> None:
    """An empty, missing, closed, circling or endless robots.txt closes nothing."""
    with site({"/robots.txt": rules, "/a": PAGE}) as (_, fetcher):
        assert got(fetcher).body == PAGE.data


@pytest.mark.parametrize("rules", [Reply("x", 503), Reply(hang_up=True)])
def test_robots_in_trouble(rules: Reply) -> None:
    """While robots.txt fails no page is asked for; when it answers again, the retry goes through."""
    with site({"/robots.txt": [rules, Reply("")], "/a": PAGE}, retries=0) as (server, fetcher):
        with pytest.raises((ServerFault, Unreachable), match="cannot be read") as failed:
            fetcher.get(f"http://{HOST}/a")
        assert failed.value.retry
        assert server.paths() == ["/robots.txt"]
        assert got(fetcher).body == PAGE.data


def test_robots_through_a_redirect() -> None:
    """A robots.txt that has moved is followed, by the same rules as pages."""
    moved = {"/robots.txt": to("/r.txt"), "/r.txt": Reply("User-agent: scraper\nDisallow: /a")}
    with site(moved) as (_, fetcher), pytest.raises(RobotsDenied):
        fetcher.get(f"http://{HOST}/a")


@pytest.mark.parametrize(
    ("rules", "min_delay", "apart"),
    [("", None, 2), ("", 5, 5), ("User-agent: *\nCrawl-delay: 9", 5, 9), ("User-agent: *\nCrawl-delay: 1", 5, 5)],
)
def test_spacing(rules: str, min_delay: int | None, apart: int) -> None:
    """Requests to a host start the longest delay apart that anyone asks for, by the clock given."""
    delay = None if min_delay is None else timedelta(seconds=min_delay)
    with site({"/robots.txt": Reply(rules), "/a": PAGE}) as (_, fetcher):
        times = [got(fetcher, min_delay=delay).fetched_at for _ in range(4)]
    gaps = [(after - before).total_seconds() for before, after in pairwise(times)]
    assert gaps == [apart] * 3


def test_one_at_a_time() -> None:
    """Threads that ask for the same host are served one after the other; other hosts go on meanwhile."""
    hosts = [HOST, "other.example"]
    both = threading.Barrier(2, timeout=10)

    def meet(_request: Seen) -> Reply:
        both.wait()
        return PAGE

    routes: dict[str, Route] = {"/a": Reply("x", pause=0.02), "/meet": meet}
    with site(routes, hosts=hosts, min_delay=timedelta(0), robots=False) as (server, fetcher):
        run_all([lambda: got(fetcher)] * 6)
        assert server.most_at_once == 1
        run_all([lambda host=host: got(fetcher, f"http://{host}/meet") for host in hosts])  # type: ignore[misc]
        assert server.most_at_once == 2


def run_all(jobs: Sequence[Callable[[], Any]]) -> None:
    """Run every job in a thread of its own, and raise what any of them raised."""
    failures: list[BaseException] = []

    def run(job: Callable[[], Any]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


# --- addresses ---------------------------------------------------------------------------------------------


def refusing(answers: Sequence[Sequence[str]]) -> tuple[Fetcher, list[str]]:
    """A fetcher over a resolver that gives these answers in turn, and the hosts it was asked for."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    settings = FetchSettings(retries=0, connect_timeout=timedelta(seconds=2))
    return Fetcher(settings, SteppedClock(NOON), resolver=resolve), asked


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]]
)
def test_private_answers(found: Sequence[str]) -> None:
    """A host whose answers are private, all or some, is never connected to."""
    fetcher, _ = refusing([found])
    with fetcher, pytest.raises(AddressRefused, match="resolves to") as refused:
        fetcher.get("http://outlet.example/a")
    assert refused.value.url == "http://outlet.example/a"


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://0x7f000001/", "http://u:p@outlet.example/", "file:///x"])
def test_refused_without_a_lookup(url: str) -> None:
    """An address that shows by itself where it leads is refused before any lookup."""
    fetcher, asked = refusing([["93.184.216.34"]])
    with fetcher, pytest.raises(AddressRefused):
        fetcher.get(url)
    assert asked == []


def test_rebinding() -> None:
    """A host that was public a moment ago is refused when its next answer is not: no answer is remembered."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    guard = Guard({}, lambda _host, _port: answers.pop(0))
    assert guard.addresses(HOST, 80, time.monotonic() + 5) == [("93.184.216.34", 80)]
    with pytest.raises(AddressRefused, match="resolves to 127"):
        guard.addresses(HOST, 80, time.monotonic() + 5)
    guard.close()


class PublicThenPrivate(Guard):
    """Answers the first lookup with the server's address, as if it were public, and refuses after that."""

    def __init__(self, address: str) -> None:
        super().__init__({HOST: address}, lambda _host, _port: ["192.168.0.1"])
        self.lookups = 0

    def addresses(self, host: str, port: int, by: float) -> Sequence[Any]:
        self.lookups += 1
        return super().addresses(host if self.lookups == 1 else "rebound.example", port, by)


def test_each_connection_is_checked() -> None:
    """The address checked is the one connected to; a connection kept is not looked up again, a new one is."""

    def ask(transport: Transport) -> bytes:
        extensions = {"deadline": time.monotonic() + 5}
        response = transport.handle_request(httpx.Request("GET", f"http://{HOST}/a", extensions=extensions))
        data = b"".join(response.iter_raw())
        response.close()
        return data

    with Server({"/a": [PAGE, Reply("last", length=4)]}) as server:
        guard = PublicThenPrivate(server.address)
        transport = Transport(guard, ssl.create_default_context(), 5.0)
        assert ask(transport) == PAGE.data
        assert ask(transport) == b"last"
        assert guard.lookups == 1
        with pytest.raises(AddressRefused, match=r"192\.168\.0\.1"):
            ask(transport)
        transport.close()
        guard.close()


def test_lanes_are_bounded() -> None:
    """Only so many hosts' connections are kept, the least recent closed first, and none that is in use."""
    opened: list[Transport] = []
    closed: list[Transport] = []

    class Counted(Transport):
        def close(self) -> None:
            closed.append(self)
            super().close()

    guard = Guard({})
    context = ssl.create_default_context()

    def open_one() -> Transport:
        opened.append(Counted(guard, context, 1.0))
        return opened[-1]

    lanes = Lanes(open_one, limit=2)
    with lanes.use("a.example"):
        for host in ("b.example", "c.example", "b.example"):
            with lanes.use(host):
                pass
    assert closed == [opened[1], opened[2]]  # b was opened again after c had pushed it out
    lanes.close()
    assert set(map(id, closed)) == set(map(id, opened))
    guard.close()


# --- TLS ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_for(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def test_tls(authority: trustme.CA, tmp_path: Path) -> None:
    """TLS works over an authority of one's own, under the host's real name."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with Server({**NO_RULES, "/a": PAGE}, tls=tls_for(authority, HOST)) as server:
        settings = FetchSettings(connect_to={HOST: server.address}, ca_bundle=bundle)
        with Fetcher(settings, SteppedClock(NOON)) as fetcher:
            assert got(fetcher, f"https://{HOST}/a").body == PAGE.data
    assert server.seen[-1].host == HOST


@pytest.mark.parametrize("known", [False, True])
def test_tls_refused(authority: trustme.CA, tmp_path: Path, known: bool) -> None:  # noqa: FBT001 - a case
    """An unknown authority, or a certificate for another host, is not accepted; it is no outage of ours."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with Server({"/a": PAGE}, tls=tls_for(authority, "other.example" if known else HOST)) as server:
        settings = FetchSettings(
            connect_to={HOST: server.address}, retries=0, robots=False, ca_bundle=bundle if known else None
        )
        with Fetcher(settings, SteppedClock(NOON)) as fetcher, pytest.raises(Unreachable, match="ca_bundle") as failed:
            fetcher.get(f"https://{HOST}/a")
    assert not failed.value.outage
    assert server.seen == []


def test_tls_bundle_is_checked(tmp_path: Path) -> None:
    """A ca_bundle that cannot be read is a configuration error that names the file."""
    for bundle in (tmp_path / "none.pem", tmp_path):
        with pytest.raises(ConfigError, match="ca_bundle"):
            Fetcher(FetchSettings(ca_bundle=bundle), SteppedClock(NOON))


# --- webhooks ----------------------------------------------------------------------------------------------

HOOK = f"http://{HOST}/hooks/s3cret?token=t0ken"


def test_webhook() -> None:
    """A webhook gets the payload as JSON with the headers given, without robots.txt or waiting."""
    clock = SteppedClock(NOON)
    with site({"/hooks/s3cret?token=t0ken": Reply(status=204)}, clock) as (server, fetcher):
        for _ in range(3):
            assert fetcher.post_json(HOOK, {"tiêu đề": "Đắk Lắk"}, {"Idempotency-Key": "k1"}) == 204
    sent = server.seen[-1]
    assert (sent.method, sent.headers["idempotency-key"]) == ("POST", "k1")
    assert sent.headers["content-type"] == "application/json"
    assert sent.body == '{"tiêu đề":"Đắk Lắk"}'.encode()
    assert server.paths().count("/robots.txt") == 0
    assert clock.slept == []


@pytest.mark.parametrize(
    "reply",
    [Reply("x", headers={"Content-Encoding": "br"}), Reply("x", length=9), Reply("x" * 100_000), Reply("")],
)
def test_webhook_said_yes(reply: Reply) -> None:
    """A webhook that answered with success has the message, whatever body it answered with."""
    with site({"/hooks/s3cret?token=t0ken": reply}) as (_, fetcher):
        assert fetcher.post_json(HOOK, {}, {}) == 200


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply("x", 404), Gone),
        (Reply("x", 429, headers={"Retry-After": "30"}), Blocked),
        (Reply("x", 503), ServerFault),
        (to("http://127.0.0.1/"), BadAnswer),
        (Reply(hang_up=True), Unreachable),
    ],
)
def test_webhook_fails(reply: Reply, kind: type[FetchError]) -> None:
    """A webhook is asked once, its redirects are not followed, and no message tells the secret in its address."""
    with site({"/hooks/s3cret?token=t0ken": reply}, retries=3) as (server, fetcher), pytest.raises(kind) as failed:
        fetcher.post_json(HOOK, {}, {})
    assert len(server.seen) == 1
    assert failed.value.url == f"http://{HOST}/…"
    told = "".join(traceback.format_exception_only(failed.value)) + str(failed.value.__cause__)
    assert "s3cret" not in told
    assert "t0ken" not in told
    if isinstance(failed.value, Blocked):
        assert failed.value.retry_at == NOON + timedelta(seconds=30)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/s3cret", "http://localhost:{port}/s3cret", "http://[::1]:{port}/s3cret", "s3cret", ""],
)
def test_webhook_to_loopback(url: str) -> None:
    """A webhook on this machine is refused unless connect_to names its host."""
    with site({"/s3cret": PAGE}) as (server, fetcher), pytest.raises(AddressRefused) as refused:
        fetcher.post_json(url.format(port=server.server_port), {}, {})
    assert "s3cret" not in str(refused.value)
    assert server.seen == []


def test_webhook_to_loopback_by_name() -> None:
    """connect_to opens the way to a webhook on this machine."""
    with site({"/a": PAGE}, hosts=["127.0.0.1"]) as (_, fetcher):
        assert fetcher.post_json("http://127.0.0.1:5/a", {}, {}) == 200


def test_times_are_aware() -> None:
    """Times given out are aware UTC even when the server's date is in another zone."""
    busy = Reply("x", 503, headers={"Retry-After": "Mon, 02 Mar 2026 15:00:00 +0700"})
    with site({"/a": busy}) as (_, fetcher), pytest.raises(ServerFault) as failed:
        fetcher.get(f"http://{HOST}/a")
    assert failed.value.retry_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert failed.value.retry_at.utcoffset() == timedelta(0)
