"""The pages over the archive, as a browser meets them."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st
from readers import HOSTILE, Reader, configured, keep, site_over
from sqlmodel import select

from scraper.config import load
from scraper.models import Article, Happening, Link, OutboxRow, Source
from scraper.store import Database, archive
from scraper.urls import link
from scraper.values import Page, Reason
from scraper.web import view
from scraper.web.reading import SHOWN

SPORT = {"title": "Đội bóng phố núi thắng trận", "lead": "", "text": "Tỷ số 2-1.", "section": "Thể thao"}


# --- today -------------------------------------------------------------------------------------------------


def test_an_empty_archive_says_what_to_do(reader: Reader) -> None:
    """Before the first story every page explains itself."""
    assert "archive is empty" in reader.see("/")
    assert "archive is empty" in reader.see("/search")
    assert "No messages here" in reader.see("/alerts")
    assert "All stories that name a document" in reader.see("/dossier")
    assert reader.see("/about")


def test_today_shows_policy_stories_and_why(db: Database, reader: Reader) -> None:
    """A policy story of the last day stands on the front page with its label and the words that gave it."""
    keep(db, "bao:1", title="Giảm nghèo bền vững ở vùng cao")
    keep(db, "bao:2", url="https://bao.example/2", **SPORT)
    shown = reader.see("/")
    assert "Giảm nghèo bền vững ở vùng cao" in shown
    assert "Why:" in shown
    assert "Đội bóng" not in shown


def test_today_puts_the_most_probable_first(db: Database, reader: Reader) -> None:
    """Stories of a day come by score, whenever they came out."""
    numbers = [keep(db, f"bao:{n}", text=f"Đoạn riêng của bài {n}.", title=f"Giảm nghèo {n}") for n in range(3)]
    with db.write() as session:
        for number, score in zip(numbers, (0.7, 0.95, 0.8), strict=True):
            session.get_one(Article, number).score = score
    assert re.findall(r"Giảm nghèo (\d)</bdi>", reader.see("/"))[:3] == ["1", "2", "0"]


def test_days_lead_to_each_other(db: Database, reader: Reader) -> None:
    """A day's page has that day's stories alone, and leads to the day before and the day after."""
    keep(db, "bao:1", title="Giảm nghèo hôm nay")
    keep(
        db,
        "bao:2",
        url="https://bao.example/2",
        title="Giảm nghèo hôm qua",
        text="Khác hẳn.",
        published_at=NOON - timedelta(days=1),
    )
    today, before = reader.see("/?day=2026-03-02"), reader.see("/?day=2026-03-01")
    assert "hôm nay" in today
    assert "hôm qua" not in today
    assert 'rel="next"' not in today
    assert "hôm qua" in before
    assert 'href="/?day=2026-02-28"' in before
    assert 'rel="next" href="/?day=2026-03-02"' in before
    assert "hôm nay" not in reader.see("/?day=2026-03-02&label=oversight")


def test_today_tells_edits_removals_and_trouble(db: Database, reader: Reader) -> None:
    """What was edited or removed in the last day, and which source fails, stands below the news."""
    number = keep(db, "bao:1", title="Giảm nghèo: bài đã sửa", lead="Tăng 8% trong năm")
    keep(db, "bao:1", title="Giảm nghèo: bài đã sửa", lead="Tăng 7,5% trong năm")
    gone = keep(db, "bao:2", url="https://bao.example/2", title="Giảm nghèo: bài đã gỡ", text="Hộ nghèo.")
    with db.write() as session:
        row = session.get_one(Article, gone)
        row.state, row.gone_since = "removed", NOON
        session.add(Happening(article_id=gone, at=NOON, kind="removed"))
        session.get_one(Source, "bao").trouble_since = NOON
    shown = reader.see("/")
    edited, removed = shown.split('id="edited"')[1].split('id="removed"')
    assert f"/stories/{number}#edits" in edited
    assert "7,5%" in edited
    assert "bài đã gỡ" in removed
    assert "In trouble:" in shown


def test_the_chart_has_its_table(db: Database, reader: Reader) -> None:
    """The plot of stories per day stands beside a table of the same numbers."""
    keep(db, "bao:1", title="Giảm nghèo bền vững ở vùng cao")
    shown = reader.see("/")
    assert shown.count('<rect class="implementation"') == 1
    assert re.search(
        r'href="/\?day=2026-03-02">02/03/2026</a></th><td class="number">1</td><td class="number">0<', shown
    )


# --- lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["giam ngheo", '"', "a OR (", "*", "NEAR(", "đ" * 150, "-"])
@pytest.mark.parametrize("order", ["newest", "best"])
def test_no_search_words_break_the_page(db: Database, reader: Reader, query: str, order: str) -> None:
    """Whatever is typed into the search box is words, never syntax."""
    keep(db, "bao:1", title="Giảm nghèo bền vững ở vùng cao")
    shown = reader.see("/search", params={"q": query, "order": order})
    assert ("Giảm nghèo bền vững ở vùng cao" in shown) == (query == "giam ngheo")


def test_pages_of_the_list_follow_each_other(db: Database, reader: Reader) -> None:
    """Going on by "Older stories" shows every story once and then ends."""
    for number in range(stories := SHOWN + 3):
        keep(db, f"bao:{number}", title=f"Bài {number:03}", text=f"Đoạn riêng của bài {number}.")
    address, shown = "/search", []
    while address:
        text = reader.see(address)
        shown += re.findall(r"Bài (\d{3})", text)
        older = re.search(r'href="([^"]+)" rel="next"', text)
        address = html.unescape(older[1]) if older else ""
    assert sorted(shown) == [f"{number:03}" for number in range(stories)]


def test_facets_narrow_a_search(db: Database, reader: Reader) -> None:
    """Label, outlet, province, document, days, edits and removals each leave out what they do not hold."""
    keep(db, "bao:1", title="Cao Bằng thực hiện Nghị định 28/2022/NĐ-CP", place="Cao Bằng")
    keep(db, "bao:2", url="https://bao.example/2", **SPORT)
    with db.write() as session:
        found = session.exec(select(Article).where(Article.key == "bao:2")).one()
        found.revisions, found.state = 2, "removed"
    both = {"Cao Bằng thực hiện", "Đội bóng"}
    for query, expected in (
        ("", both),
        ("label=implementation", {"Cao Bằng thực hiện"}),
        ("label=none", {"Đội bóng"}),
        ("label=policy&source=bao", {"Cao Bằng thực hiện"}),
        ("source=khac", set()),
        ("province=04", {"Cao Bằng thực hiện"}),
        ("province=Cao+B%E1%BA%B1ng", {"Cao Bằng thực hiện"}),
        ("province=66", set()),
        ("document=28/2022/N%C4%90-CP", {"Cao Bằng thực hiện"}),
        ("document=99/2022/N%C4%90-CP", set()),
        ("document=khong+co", set()),
        ("since=2026-03-02&until=2026-03-02", both),
        ("since=2026-03-03", set()),
        ("until=2026-03-01", set()),
        ("edited=1", {"Đội bóng"}),
        ("removed=1", {"Đội bóng"}),
        ("label=&source=&province=&document=&since=&until=&order=", both),
    ):
        shown = reader.see(f"/search?{query}").split("</form>", 1)[1]
        assert {title for title in both if title in shown} == expected, query


def test_a_facet_can_be_taken_away(db: Database, reader: Reader) -> None:
    """Each chosen facet is a chip whose cross leads to the search without it, the words kept."""
    keep(db, "bao:1")
    shown = reader.see("/search?q=ngheo&label=policy&province=04&edited=1")
    assert 'href="/search?q=ngheo&amp;province=04&amp;edited=1"' in shown
    assert 'href="/search?q=ngheo&amp;label=policy&amp;edited=1"' in shown
    assert 'href="/search?q=ngheo&amp;label=policy&amp;province=04"' in shown


def test_marks(db: Database, reader: Reader) -> None:
    """A story says that it was edited, removed, and how often it was copied."""
    number = keep(db, "bao:1", lead="Tăng 8% trong năm")
    keep(db, "bao:1", lead="Tăng 7,5% trong năm")
    keep(db, "bao:2", lead="Tăng 7,5% trong năm", url="https://bao.example/khac-post2.html")
    with db.write() as session:
        article = session.get_one(Article, number)
        article.state, article.gone_since = "removed", NOON
    front, page = reader.see("/"), reader.see(f"/stories/{number}")
    assert all(mark in front for mark in ("edited once", "1 copy", ">removed<"))
    assert "Removed by the outlet; missing since 02/03/2026 12:00" in page
    assert "A copy of" in reader.see(f"/stories/{number + 1}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?label=nonsense", 400),
        ("/?day=x", 400),
        ("/?day=0001-01-01", 400),
        ("/?day=9999-12-31", 400),
        ("/?day=20260302", 400),
        ("/?day=", 200),
        ("/search?after=x", 400),
        (f"/search?after={10**30}-1", 400),
        ("/search?after=1-1", 200),
        ("/search?after=9999999999999999-1", 200),
        (f"/search?q={'a' * 300}", 400),
        ("/search?q=%ED%A0%80%00", 200),
        ("/search?label=nonsense", 400),
        ("/search?province=Atlantis", 400),
        ("/search?since=2026-13-01", 400),
        ("/search?min_score=nan", 400),
        ("/search?min_score=2", 400),
        ("/search?" + "source=x&" * 30, 400),
        ("/search?order=worst", 400),
        ("/alerts?state=lost", 400),
        ("/alerts?before=0", 400),
        ("/alerts?before=1", 200),
        ("/stories/x", 404),
        ("/stories/-1", 404),
        ("/stories/1", 404),
        ("/stories/99999999999999999999999", 404),
        ("/stories/1/diff?from=x", 400),
        ("/stories/1/page/1", 404),
        ("/dossier?about=khong+co", 404),
        ("/nowhere", 404),
        ("/sources", 200),
        ("/language", 405),
    ],
)
def test_a_wrong_address_gets_a_page(reader: Reader, path: str, status: int) -> None:
    """An address that was tampered with is answered by a page in words, never by a dump or a server error."""
    answer = reader.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_a_cursor_beyond_time_is_refused(reader: Reader) -> None:
    """A cursor that stands for no moment of the calendar is not understood."""
    assert reader.get("/search?after=9999999999999999999-1").status_code == 400


def test_hostile_text_stays_text(db: Database, reader: Reader) -> None:
    """Markup in any scraped field is shown, never run, and a javascript address is no link."""
    fields: dict[str, Any] = {
        "title": HOSTILE * 200,
        "lead": HOSTILE,
        "text": f"{HOSTILE}\n\n{HOSTILE}",
        "section": HOSTILE,
        "place": HOSTILE,
        "authors": [HOSTILE],
        "agency": HOSTILE,
        "tags": [HOSTILE],
        "problems": [HOSTILE],
        "url": "javascript:alert(1)",
    }
    body = HOSTILE.encode()
    page = Page("https://bao.example/1", "https://bao.example/1", 200, {}, body, NOON)
    number = keep(db, "bao:1", page=page, **fields)
    keep(db, "bao:1", page=page, **fields | {"text": f"{HOSTILE} 5%\n\n{HOSTILE} x", "title": HOSTILE})
    keep(db, "bao:2", **fields | {"lead": "khác"})
    with db.write() as session:
        session.get_one(Article, number).state = "removed"
        session.get_one(Source, "bao").trouble_since = NOON
        session.get_one(Source, "bao").failures = 1
        session.get_one(Source, "bao").last_error = HOSTILE
        session.add(
            OutboxRow(
                key="k",
                channel=HOSTILE,
                event="new",
                alert=HOSTILE,
                source=HOSTILE,
                message={"title": HOSTILE},
                created_at=NOON,
                next_try_at=NOON,
                error=HOSTILE,
                tries=1,
            )
        )
    story = f"/stories/{number}"
    for path in (
        "/", "/search", story, f"{story}/diff", f"{story}/diff?view=inline", f"{story}/page/1", "/sources", "/alerts",
        "/about", "/search?q=%3Cscript%3E", "/dossier?about=%3Cscript%3Ealert(1)",
    ):  # fmt: skip
        answer = reader.get(path)
        assert answer.status_code in {200, 404}, path
        bare = answer.text.replace("<script src=", "")
        assert "<script" not in bare, path
        assert "<img" not in bare, path
        assert "<b>V" not in bare, path
        assert 'href="javascript' not in bare, path


def test_the_page_as_sent_is_text_or_a_file(db: Database, reader: Reader) -> None:
    """A stored page is shown as its source, and is handed over as a file that no browser opens."""
    body = "<html><script>alert('thật')</script>".encode()
    number = keep(db, "bao:1", page=Page("https://bao.example/1", "https://bao.example/1", 200, {}, body, NOON))
    shown = reader.see(f"/stories/{number}/page/1")
    assert "&lt;script&gt;alert(&#39;thật&#39;)" in shown
    answer = reader.get(f"/stories/{number}/page/1/file")
    assert answer.content == body
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert reader.get(f"/stories/{number}/page/2").status_code == 404


def test_every_answer_is_locked_down(reader: Reader) -> None:
    """No answer lets a browser run another's scripts, load from elsewhere, or be framed."""
    for path in ("/", "/sources", "/healthz", "/nowhere", "/static/style.css", "/api/v1/sources", "/feeds/search.atom"):
        headers = reader.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_no_template_breaks_the_content_policy() -> None:
    """Nothing of ours needs what the policy forbids: no inline script or style, nothing from another host."""
    folder = Path(view.__file__).parent / "templates"
    for file in folder.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<script>", text), file.name
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), file.name


@pytest.mark.parametrize(("ok", "status"), [(True, 200), (False, 503)])
def test_healthz(db: Database, tmp_path: Path, *, ok: bool, status: int) -> None:
    """A watcher outside learns by the status whether the daemon is well."""
    answer = Reader(site_over(db, tmp_path, ok=ok)).get("/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (status, ok)


def test_an_unreadable_archive_gets_a_page(db: Database, reader: Reader) -> None:
    """When the archive cannot be read the page says so, without the file's path."""
    with db.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE source RENAME TO lost")
    answer = reader.get("/sources")
    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text
    assert str(db.path) not in answer.text
    assert reader.get("/api/v1/sources").status_code == 503


# --- one story ---------------------------------------------------------------------------------------------


def test_story_page_shows_the_edit(db: Database, reader: Reader) -> None:
    """A story's page marks what an edit took out and put in, and leads to both states side by side."""
    number = keep(db, "bao:1", lead="Tăng 8% trong năm")
    keep(db, "bao:1", lead="Tăng 7,5% trong năm")
    shown = reader.see(f"/stories/{number}")
    assert "<del> 8%</del>" in shown
    assert "<ins> 7,5%</ins>" in shown
    assert f'href="/stories/{number}/diff?to=2"' in shown
    side = reader.see(f"/stories/{number}/diff?to=2")
    assert (
        '<td class="diff">Tăng<del> 8%</del> trong năm</td><td class="diff">Tăng<ins> 7,5%</ins> trong năm</td>' in side
    )
    assert "Revisions read the same" in reader.see(f"/stories/{number}/diff?from=2&to=2")
    assert reader.get(f"/stories/{number}/diff?to=3").status_code == 404


def test_documents_and_figures_are_marked_in_the_text(db: Database, reader: Reader) -> None:
    """In the story's text a document leads to its dossier, and a figure says what it measures."""
    text = "Theo Nghị định 28/2022/NĐ-CP, xã đã giải ngân 4,5 tỷ đồng.\n\nĐoạn hai."
    number = keep(db, "bao:1", text=text)
    shown = reader.see(f"/stories/{number}").split('class="text"')[1].split("</div>")[0]
    assert 'href="/dossier?about=28%2F2022%2FN%C4%90-CP">28/2022/NĐ-CP</a>' in shown
    assert '<span class="mark figure"' in shown
    plain = html.unescape(re.sub(r"<[^>]+>", "", shown))
    assert "Theo Nghị định 28/2022/NĐ-CP, xã đã giải ngân 4,5 tỷ đồng." in plain


def test_a_long_edit_is_shown_by_paragraph(db: Database, reader: Reader) -> None:
    """Unchanged paragraphs of an edited text are counted, not repeated."""
    paragraphs = [f"Đoạn số {number} của bài." for number in range(9)]
    number = keep(db, "bao:1", text="\n\n".join(paragraphs))
    paragraphs[4] = "Đoạn số 4 của tin."
    keep(db, "bao:1", text="\n\n".join([*paragraphs, "Thêm một đoạn."]))
    shown = reader.see(f"/stories/{number}")
    assert shown.count("4 paragraphs unchanged") == 2
    assert "<del> bài.</del><ins> tin.</ins>" in shown
    assert "<ins>Thêm một đoạn.</ins>" in shown


PARAGRAPHS = st.lists(st.sampled_from(["a b", "a c", "d", "d e f"]), max_size=6)


@given(PARAGRAPHS, PARAGRAPHS)
def test_an_edit_leaves_nothing_out(before: list[str], after: list[str]) -> None:
    """The old text and what the edit shows give the new text back."""
    remaining, rebuilt = list(before), []
    for passage in view.passages("\n\n".join(before), "\n\n".join(after)):
        old = "".join(words for kind, words in passage.parts if kind != "added")
        new = "".join(words for kind, words in passage.parts if kind != "removed")
        taken = passage.skipped or (old.count("\n\n") + 1 if old else 0)
        rebuilt += remaining[:taken] if passage.skipped else [new] if new else []
        del remaining[:taken]
    assert "\n\n".join(rebuilt) == "\n\n".join(after)
    assert not remaining


@pytest.mark.parametrize("joint", [" ", "\n\n"])
def test_a_text_of_one_word_is_not_compared_word_by_word(joint: str) -> None:
    """A text that repeats itself is shown whole after its shared start, rather than computed for minutes."""
    old, new = joint.join(["cũ"] * 2500), joint.join(["cũ", "mới"] * 1250)
    (passage,) = view.passages(old, new)
    assert passage.parts == (("same", "cũ"), ("removed", old.removeprefix("cũ")), ("added", new.removeprefix("cũ")))


def test_why_groups_the_strongest_words() -> None:
    """The line of why has the strongest words once each, by where they stand, none that speak against, and no sums."""
    reasons = [
        Reason("a", "text", "giải ngân", 1.0),
        Reason("b", "title", "giải ngân", 3.0),
        Reason("c", "title", "triển khai", 2.0),
        Reason("d", "text", "bóng đá", -5.0),
        Reason("e", "section", "Chính sách", 4.0),
        Reason("learned: other words", "text", "", 9.0),
    ]
    assert view.why(reasons) == [("section", ["Chính sách"]), ("headline", ["giải ngân", "triển khai"])]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://bao.example/a?b=1", True),
        ("http://bao.example/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//bao.example/", False),
        ("https://bao.example@evil.example/", False),
        ("https://bao.example/\nx", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url: str, *, linked: bool) -> None:
    """Only an address of the web, without a user name, becomes a link."""
    assert bool(link(url)) == linked


def test_a_copy_is_shown_with_what_it_changed(db: Database, reader: Reader) -> None:
    """Beside each copy stand its differences in a sentence, and the texts that are shared and that are not."""
    one = keep(db, "bao:1")
    keep(db, "bao:2", url="https://bao.example/hai-post2.html", title="Tên khác", lead="")
    shown = reader.see(f"/stories/{one}")
    assert "other headline, other lead" in shown
    assert "100 % of the copy" in shown
    assert "Time line" in shown
    assert '<circle class="copy"' in shown


def test_a_story_can_be_cited(db: Database, reader: Reader) -> None:
    """A reference in one line, a BibTeX entry and a permalink name author, title, outlet, day and this archive."""
    number = keep(db, "bao:1", title="Giảm nghèo & 50% {hộ}", authors=["Minh Hà"])
    shown = html.unescape(reader.see(f"/stories/{number}"))
    permalink = f"http://localhost/stories/{number}"
    assert "Minh Hà. “Giảm nghèo & 50% {hộ}”. Báo <b>Ví dụ</b>. 02/03/2026." in shown
    assert r"title = {{Giảm nghèo \& 50\% \{hộ\}}}" in shown
    assert f'href="{permalink}" rel="bookmark"' in shown


# --- dossiers, sources, about ------------------------------------------------------------------------------


def test_a_documents_dossier_has_a_map(db: Database, reader: Reader) -> None:
    """A document's page shows on a map of tiles, and in a table, which provinces its stories name."""
    keep(db, "bao:1", title="Cao Bằng thực hiện Nghị định 28/2022/NĐ-CP")
    shown = reader.see("/dossier?about=28/2022/NĐ-CP")
    assert shown.count("<rect class=") == 34
    assert 'aria-label="Cao Bằng: 1"' in shown
    assert 'href="/feeds/search.atom?document=28%2F2022%2FN%C4%90-CP"' in shown
    assert '<rect class="step5"' in reader.see("/dossier")


def test_sources_page_tells_what_is_wrong(db: Database, reader: Reader) -> None:
    """A failing source shows since when and why, with what waits and what was given up; a fresh one says so."""
    assert "not polled yet" in reader.see("/sources")
    with db.write() as session:
        row = session.get_one(Source, "bao")
        row.last_polled_at, row.trouble_since, row.failures = NOON, NOON - timedelta(hours=2), 4
        row.last_error = "https://bao.example/: answered 403 <script>"
        for state in ("waiting", "waiting", "failed"):
            link: dict[str, Any] = {"source": "bao", "url": "https://bao.example/", "state": state}
            session.add(Link(key=f"{state}{len(session.new)}", first_seen_at=NOON, next_try_at=NOON, **link))
    shown = reader.see("/sources")
    assert "4 failures in a row since 02/03/2026 10:00" in shown
    assert "answered 403 &lt;script&gt;" in shown
    assert 'data-name="Waiting">2<' in shown
    assert 'data-name="Given up">1<' in shown


def test_about_counts(db: Database, reader: Reader) -> None:
    """The page about the archive says how much it holds and which versions made it."""
    keep(db, "bao:1")
    shown = reader.see("/about")
    assert "SQLite" in shown
    assert re.search(r"Articles</th><td class=\"number\">1<", shown)


# --- forms -------------------------------------------------------------------------------------------------


def test_a_reader_splits_and_joins(db: Database, reader: Reader) -> None:
    """A copy that is none is split off by a button, and joined again by its address; both lead back to the story."""
    one, two = keep(db, "bao:1"), keep(db, "bao:2", url="https://bao.example/hai-post2.html")
    answer = reader.send(f"/stories/{one}", f"/stories/{two}/split")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/stories/{two}")
    assert "No other outlet" in reader.see(f"/stories/{one}")
    reader.send(f"/stories/{two}", f"/stories/{two}/join", other="https://bao.example/mot-bai-post1.html")
    assert "A copy of" in reader.see(f"/stories/{two}")


def test_a_reader_says_what_a_story_is(db: Database, reader: Reader) -> None:
    """One of four buttons keeps a word, which the page then shows; another takes it back."""
    path = f"/stories/{keep(db, 'bao:1')}"
    assert "Take back" not in reader.see(path)
    answer = reader.send(path, f"{path}/feedback", label="none")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#why")
    shown = reader.see(path)
    assert "An analyst says: <strong>no policy</strong>, 02/03/2026 12:00" in shown
    assert 'value="none" aria-pressed="true"' in shown
    reader.send(path, f"{path}/feedback", label="forget")
    assert "An analyst says" not in reader.see(path)


def test_a_search_becomes_a_watch(db: Database, tmp_path: Path) -> None:
    """A search is watched by one form: words, label, province and document stand in watches.toml, and hold at once."""
    keep(db, "bao:1", title="Cao Bằng thực hiện Nghị định 28/2022/NĐ-CP")
    config = configured(tmp_path)
    config.folder.joinpath("watches.toml").write_text("# mine\n", encoding="utf-8")
    told: list[str] = []
    site = site_over(db, tmp_path, config=config)
    object.__setattr__(site, "reload", lambda: told.append("again"))
    reader = Reader(site)
    page = "/search?q=giam+%22vung+cao%22&label=policy&province=04&document=28/2022/N%C4%90-CP&edited=1"
    found = re.search(r'name="search" value="([^"]*)"', reader.see(page))
    assert found is not None
    search = html.unescape(found[1])
    answer = reader.send(page, "/watches", name="Cao Bằng 28", digest="07:00", search=search)
    assert answer.headers["location"] == "/alerts#watches"
    written = (tmp_path / "watches.toml").read_text(encoding="utf-8")
    assert written.startswith("# mine\n")
    expected = """
        name = "Cao Bằng 28"
        labels = ["implementation", "issuance", "oversight"]
        all_words = ["giam", "vung cao"]
        documents = ["28/2022/NĐ-CP"]
        places = ["Cao Bằng"]
        events = ["edited"]
        digest = "07:00"
    """
    assert [line.strip() for line in expected.strip().splitlines()] == written.strip().splitlines()[-7:]
    assert told == ["again"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "x", "search": ""}, "needs words"),
        ({"name": "x", "search": "?since=2026-03-01"}, "needs words"),
        ({"name": "", "search": "?q=a"}, "name"),
        ({"name": "x", "search": "?label=nonsense"}, "cannot be read"),
        ({"name": "x", "search": "?q=a", "digest": "noon"}, "digest"),
        ({"name": "giảm nghèo", "search": "?q=a"}, "already"),
    ],
)
def test_what_is_no_watch_is_refused(db: Database, tmp_path: Path, fields: dict[str, str], says: str) -> None:
    """A watch without a name, without anything to look for, or of a name that is taken is refused in words."""
    keep(db, "bao:1")
    answer = Reader(site_over(db, tmp_path)).send("/search?q=a", "/watches", **fields)
    assert answer.status_code == 409
    assert says in html.unescape(answer.text)


def test_the_packages_own_configuration_is_not_written(db: Database, tmp_path: Path) -> None:
    """Where the configuration came with the program, a watch from a search says what to do instead."""
    config = load().model_copy(update={"folder": Path("/somewhere/_config")})
    answer = Reader(site_over(db, tmp_path, config=config)).send("/search?q=a", "/watches", name="x", search="?q=a")
    assert answer.status_code == 409
    assert "copy it to ./config" in answer.text


def test_failed_messages_are_sent_again(db: Database, reader: Reader) -> None:
    """A button puts what was given up back in the queue; the page shows what waits and why."""
    with db.write() as session:
        for number, state in enumerate(("failed", "sent", "waiting")):
            row: dict[str, Any] = {"key": f"k{number}", "channel": "desk", "event": "new", "alert": "policy"}
            row |= {"source": "bao", "message": {"title": f"Tin {state}"}, "created_at": NOON, "next_try_at": NOON}
            session.add(OutboxRow(**row, state=state, tries=1, error="answered 503", sent_at=NOON))
    assert "Tin sent" not in reader.see("/alerts?state=failed")
    assert "1 try: answered 503" in reader.see("/alerts?state=failed")
    answer = reader.send("/alerts", "/alerts/retry")
    assert answer.headers["location"] == "/alerts?state=waiting"
    assert archive.alert_counts(db) == {"sent": 1, "waiting": 2}
    assert "Send the failed" not in reader.see("/alerts")


def test_messages_go_on_page_by_page(db: Database, reader: Reader) -> None:
    """Older messages are a link away, and none is shown twice."""
    with db.write() as session:
        for number in range(SHOWN + 2):
            row: dict[str, Any] = {"key": f"k{number}", "channel": "desk", "event": "new", "alert": "policy"}
            row |= {"source": "bao", "message": {"title": f"Tin {number:03}"}, "created_at": NOON, "next_try_at": NOON}
            session.add(OutboxRow(**row))
    first = reader.see("/alerts")
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    second = reader.see(html.unescape(older[1]))
    shown = re.findall(r"Tin (\d{3})", first) + re.findall(r"Tin (\d{3})", second)
    assert sorted(shown) == [f"{number:03}" for number in range(SHOWN + 2)]


@pytest.mark.parametrize(
    ("path", "fields", "status", "says"),
    [
        ("/stories/1/feedback", {"label": "<b>perhaps"}, 409, "&lt;b&gt;perhaps"),
        ("/stories/1/feedback", {}, 409, "no label"),
        ("/stories/1/join", {"other": "<b>77</b>"}, 409, "&lt;b&gt;77"),
        ("/stories/1/join", {"other": "1"}, 409, "already"),
        ("/stories/1/join", {}, 409, "no article"),
        ("/stories/1/join", {"other": "x" * 20_000}, 413, "too large"),
    ],
)
def test_what_cannot_be_done_is_said(
    db: Database, reader: Reader, path: str, fields: dict[str, str], status: int, says: str
) -> None:
    """A split, a join or a word that makes no sense is refused in words."""
    keep(db, "bao:1")
    answer = reader.send("/stories/1", path, **fields)
    assert answer.status_code == status
    assert says in answer.text
