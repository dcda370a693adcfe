"""The pages in a real browser: clicked through, on a telephone, without script, by keyboard, and looked over by axe."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from fakes import BODY, NOON
from newsdesk import config_folder
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from readers import keep
from servers import SteppedClock

from scraper import store
from scraper.config import Config, load
from scraper.models import Article, Happening, OutboxRow, Source
from scraper.store import Database
from scraper.values import Page as Fetched
from scraper.web import Site, WebServer, access, open_page

CHROMIUM = shutil.which("chromium") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed: apt-get install chromium")

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync")
MAX_WEIGHT = 120_000
"""Bytes of a page with its style sheet, script and icon."""

LONG = "Nghịquyếtvềpháttriểnkinhtếxãhộivùngđồngbàodântộcthiểusố" * 4
SEARCH = "/search?q=giam+ngheo&label=policy&province=04&document=28/2022/N%C4%90-CP&since=2026-03-01&edited=1"
PAGES = {
    "today": "/",
    "a day": "/?day=2026-03-02",
    "an empty day": "/?day=2026-02-01",
    "search": "/search",
    "a search": SEARCH,
    "a search without result": "/search?q=khong+thay",
    "a story": "/stories/1",
    "a removed story": "/stories/3",
    "side by side": "/stories/1/diff",
    "in one text": "/stories/1/diff?view=inline",
    "page as sent": "/stories/1/page/1",
    "dossiers": "/dossier",
    "a document": "/dossier?about=28/2022/N%C4%90-CP",
    "a province": "/dossier?about=Cao+B%E1%BA%B1ng",
    "no dossier": "/dossier?about=99/2099/N%C4%90-CP",
    "sources": "/sources",
    "alerts": "/alerts",
    "failed alerts": "/alerts?state=failed",
    "about": "/about",
    "not found": "/nowhere",
    "not understood": "/search?label=x",
}


def fill(db: Database) -> None:
    """An edited story with a copy, a removed one of endless words, one that is no policy, alerts, a failing source."""
    snapshot = Fetched(
        "https://bao.example/1", "https://bao.example/1", 200, {}, b"<script>alert(1)</script>" * 9, NOON
    )
    title = "Cao Bằng giảm nghèo theo Nghị định 28/2022/NĐ-CP"
    text = "Theo Nghị định 28/2022/NĐ-CP, huyện đã giải ngân {} tỷ đồng cho 312 hộ nghèo.\n\n" + BODY
    story: dict[str, Any] = {"title": title, "place": "Cao Bằng", "authors": ["Minh Hà"], "page": snapshot}
    keep(db, "bao:1", text=text.format("4,5"), **story)
    keep(db, "bao:1", text=text.format("5,4"), **story)
    keep(db, "bao:2", url="https://bao.example/2", title="Tên khác", text=text.format("5,4"))
    keep(
        db, "bao:3", url="https://bao.example/3", title=f"Giảm nghèo {LONG}", lead=LONG, text=f"Huế {LONG}\n\nHộ nghèo."
    )
    keep(
        db, "bao:4", url="https://bao.example/4", title="Đội bóng thắng", lead="", text="Tỷ số 2-1.", section="Thể thao"
    )
    with db.write() as session:
        gone = session.get_one(Article, 3)
        gone.state, gone.gone_since = "removed", NOON
        session.add(Happening(article_id=3, at=NOON, kind="removed", note="answered 410"))
        source = session.get_one(Source, "bao")
        source.last_polled_at, source.trouble_since, source.failures = NOON, NOON - timedelta(hours=2), 4
        source.last_error = "https://bao.example/thoi-su: answered 503"
        for number, state in enumerate(("failed", "sent", "waiting")):
            row: dict[str, Any] = {
                "key": f"k{number}",
                "channel": "log",
                "event": "new",
                "alert": "all",
                "source": "bao",
            }
            row |= {"message": {"title": f"Tin {state}"}, "created_at": NOON, "next_try_at": NOON, "sent_at": NOON}
            session.add(OutboxRow(**row, state=state, tries=1, error="answered 503", article_id=1))


@dataclass
class Desk:
    """A served archive, and what its configuration says now."""

    server: WebServer
    config: Config
    folder: Path
    data: Path

    @property
    def address(self) -> str:
        return self.server.address.rstrip("/")


def serve(folder: Path, *, filled: bool) -> Iterator[Desk]:
    path = config_folder(folder / "config", "http://127.0.0.1:9")
    config, data = load(path), folder / "data"
    db = store.open_archive(data)
    name = next(iter(config.sources))
    store.ensure_sources(db, [name], NOON)
    if filled:
        fill(db)
    kept = [config]
    site = Site(
        db, data, lambda: kept[0], SteppedClock(NOON), lambda: {"ok": True}, lambda: kept.__setitem__(0, load(path))
    )
    server = open_page(site)
    server.start()
    yield Desk(server, config, path, data)
    server.stop()
    db.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from serve(tmp_path_factory.mktemp("desk"), filled=True)


@pytest.fixture
def own_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk for tests that change what it shows."""
    yield from serve(tmp_path, filled=True)


@pytest.fixture
def empty_desk(tmp_path: Path) -> Iterator[Desk]:
    yield from serve(tmp_path, filled=False)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield found
    found.close()


@dataclass
class Watched:
    """A browser's window, and all it said and asked for."""

    context: BrowserContext
    page: Page
    said: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def goto(self, desk: Desk, path: str) -> int:
        answer = self.page.goto(desk.address + path)
        assert answer is not None
        return answer.status


@pytest.fixture
def window(browser: Browser) -> Iterator[Any]:
    """Opens windows; when the test is over none may have complained or asked another host for anything."""
    opened: list[Watched] = []

    def open_window(**options: Any) -> Watched:
        context = browser.new_context(**{"locale": "en-GB", "viewport": {"width": 1200, "height": 900}, **options})
        context.set_default_timeout(15_000)
        found = Watched(context, context.new_page())
        found.page.on("console", lambda said: found.said.append(f"{said.type}: {said.text}"))
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        found.page.on("request", lambda asked: found.hosts.add(urlsplit(asked.url).hostname or asked.url))
        opened.append(found)
        return found

    yield open_window
    for each in opened:
        each.context.close()
        assert [said for said in each.said if not re.search(r"status of (400|401|403|404|409)", said)] == []
        assert each.hosts <= {"127.0.0.1"}


# --- clicked through ---------------------------------------------------------------------------------------


def test_search_open_and_compare(desk: Desk, window: Any) -> None:
    """From the front page a search leads to a story, and the story to its two states side by side."""
    page = window().page
    page.goto(desk.address)
    page.get_by_role("searchbox").fill("giam ngheo")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stories with")
    page.get_by_role("link", name="Cao Bằng giảm nghèo theo Nghị định").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cao Bằng giảm nghèo")
    page.get_by_role("link", name="side by side").click()
    expect(page.locator("td.diff del").first).to_contain_text("4,5")
    expect(page.locator("td.diff ins").first).to_contain_text("5,4")
    page.get_by_role("link", name="in one text").click()
    expect(page.locator("p.diff ins").first).to_contain_text("5,4")
    page.go_back()
    page.get_by_role("link", name="Cao Bằng giảm nghèo").click()
    page.get_by_role("link", name="revision 1").click()
    expect(page.locator("pre.source")).to_contain_text("<script>alert(1)</script>")


def test_facets_and_chips(desk: Desk, window: Any) -> None:
    """A search is narrowed by its form, and widened by the cross of a chip."""
    page = window().page
    page.goto(f"{desk.address}/search")
    page.get_by_text("Narrow down").click()
    page.get_by_label("Label").select_option(label="No policy")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".stories li")).to_have_count(1)
    expect(page.locator(".stories")).to_contain_text("Đội bóng")
    page.get_by_role("link", name=re.compile("Take away")).click()
    expect(page.locator(".stories li")).to_have_count(3)


def test_feedback_split_and_join(own_desk: Desk, window: Any) -> None:
    """A word on a story, a split and a join are each a click, and the page shows them."""
    page = window().page
    page.goto(f"{own_desk.address}/stories/1")
    page.get_by_role("button", name="Oversight").click()
    expect(page.get_by_text("An analyst says:")).to_contain_text("oversight")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("What is it?")).to_be_visible()
    page.get_by_role("button", name="Not the same story").click()
    page.goto(f"{own_desk.address}/stories/1")
    expect(page.get_by_text("No other outlet was seen")).to_be_visible()
    page.get_by_label("Number or address").fill("2")
    page.get_by_role("button", name="The same story").click()
    expect(page.get_by_role("link", name="Tên khác")).to_be_visible()


def test_watch_a_search(own_desk: Desk, window: Any) -> None:
    """A search becomes a watch by a name and a click; it stands in the list of watches and in watches.toml."""
    page = window().page
    page.goto(f"{own_desk.address}/search?q=giam+ngheo&province=04")
    page.get_by_label("name of the watch").fill("Cao Bằng")
    page.get_by_label("once a day").check()
    page.get_by_role("button", name="Watch this search").click()
    row = page.get_by_role("row", name="Cao Bằng")
    expect(row).to_contain_text("daily at 07:00")
    assert 'places = ["Cao Bằng"]' in (own_desk.folder / "watches.toml").read_text(encoding="utf-8")
    href = row.get_by_role("link", name="Atom").get_attribute("href")
    assert "Cao Bằng giảm nghèo" in page.request.get(own_desk.address + str(href)).text()


def test_send_failed_messages_again(own_desk: Desk, window: Any) -> None:
    """The button of the alerts page puts a failed message back in the queue."""
    page = window().page
    page.goto(f"{own_desk.address}/alerts")
    page.get_by_role("button", name="Send the failed message again").click()
    expect(page.locator(".alerts tbody tr")).to_have_count(2)
    expect(page.get_by_role("button", name="Send the failed")).to_have_count(0)


def test_language(desk: Desk, window: Any) -> None:
    """The page speaks the browser's language, and from a click on the other, the pages after it."""
    page = window(locale="vi-VN").page
    page.goto(f"{desk.address}/search?q=ngheo")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tin có")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stories with")
    page.get_by_role("link", name="Sources").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sources")


def test_login_and_logout(own_desk: Desk, window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a password set a reader types it once and is where they wanted to be; after logging out it is asked for."""
    monkeypatch.setattr(access, "SCRYPT", {"n": 2, "r": 1, "p": 1})
    access.set_password(own_desk.data, "rừng xanh suối mát")
    page = window().page
    page.goto(f"{own_desk.address}/stories/1")
    assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"  # its own style holds
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("not the password")
    page.get_by_label("Password").fill("rừng xanh suối mát")
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{own_desk.address}/stories/1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cao Bằng")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()


# --- whatever the reader has -------------------------------------------------------------------------------


def test_without_script_everything_works(own_desk: Desk, window: Any) -> None:
    """With script switched off a reader searches, opens, says a word and switches the language."""
    page = window(java_script_enabled=False).page
    page.goto(own_desk.address)
    page.get_by_role("searchbox").fill("giam ngheo")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Cao Bằng giảm nghèo theo Nghị định").click()
    page.get_by_role("button", name="Issuance").click()
    expect(page.get_by_text("An analyst says:")).to_contain_text("issuance")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_text("Người phân tích cho là:")).to_be_visible()


def test_by_keyboard(desk: Desk, window: Any) -> None:
    """The first stop skips to the content; "/" goes to the search, j and k through the stories."""
    page = window().page
    page.goto(desk.address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("j/k")
    expect(page.get_by_role("searchbox")).to_have_value("j/k")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    expect(page.locator(".stories h2 a").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".stories h2 a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/stories/" in page.url


def test_on_a_telephone(desk: Desk, window: Any, tmp_path: Path) -> None:
    """On a small telephone no page is wider than the screen, not even with words that never end."""
    width = 320
    watched = window(viewport={"width": width, "height": 640}, locale="vi-VN", is_mobile=True, has_touch=True)
    for name, path in PAGES.items():
        watched.goto(desk, path)
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, name
        watched.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)


WEIGHT = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map((each) => each.encodedBodySize)
"""


def test_pages_are_light(desk: Desk, window: Any) -> None:
    """No page weighs more than 120 kB with its style sheet and its script."""
    watched = window()
    for name, path in PAGES.items():
        watched.goto(desk, path)
        weights = watched.page.evaluate(WEIGHT)
        assert len(weights) >= 3, name
        assert min(weights[:3]) > 0, name
        assert sum(weights) <= MAX_WEIGHT, name


DARK = {"runOnly": ["color-contrast"]}
"""What may differ in the dark."""


@pytest.mark.parametrize(("scheme", "rules"), [("light", None), ("dark", DARK)])
def test_accessible(desk: Desk, window: Any, scheme: Any, rules: Any) -> None:
    """Axe finds nothing on any page, in light and in dark, with all details open."""
    watched = window(color_scheme=scheme)
    found = {}
    for name, path in PAGES.items():
        watched.goto(desk, path)
        watched.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        looked = Axe().run(watched.page, options=rules).response
        assert looked["passes"], name
        if wrong := [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in looked["violations"]]:
            found[name] = wrong
    assert found == {}


def test_an_empty_archive_is_accessible_and_explains_itself(empty_desk: Desk, window: Any) -> None:
    """Before the first story every page is there, says what is missing, and passes axe."""
    watched = window()
    for path in ("/", "/search", "/dossier", "/sources", "/alerts", "/about"):
        assert watched.goto(empty_desk, path) == 200
        assert Axe().run(watched.page).response["violations"] == [], path
