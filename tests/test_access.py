"""Who may read and change: passwords, tokens, sessions, forms, and what leads elsewhere."""

from __future__ import annotations

import base64
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st
from readers import Reader, configured, keep, site_over
from servers import Server
from terminal import User

from scraper import store
from scraper.errors import ConfigError, ScraperError
from scraper.store import Database, archive
from scraper.web import access, gate, open_page

PASSWORD = "rừng xanh suối mát"  # noqa: S105 - of these tests alone


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is as in earnest, but for its cost."""
    monkeypatch.setattr(access, "SCRYPT", {"n": 2, "r": 1, "p": 1})


# --- the file ----------------------------------------------------------------------------------------------


def test_secrets_are_kept_hashed_and_for_their_owner_alone(tmp_path: Path) -> None:
    """The file holds neither the password nor a token, and nobody else may read it."""
    access.set_password(tmp_path, PASSWORD)
    token = access.add_token(tmp_path, "phone")
    text = (tmp_path / access.FILE).read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert token not in text
    assert token.removeprefix("scraper_") not in text
    assert stat.S_IMODE((tmp_path / access.FILE).stat().st_mode) == 0o600


def test_what_lets_in(tmp_path: Path) -> None:
    """The password, each token and a session let in; nothing near them does, nor what was taken back."""
    access.set_password(tmp_path, PASSWORD)
    token = access.add_token(tmp_path, "phone")
    known = access.load(tmp_path)
    assert known.is_password(PASSWORD)
    assert not any(known.is_password(wrong) for wrong in ("", PASSWORD + " ", PASSWORD.upper(), known.password, token))
    assert known.is_token(token)
    assert not any(known.is_token(wrong) for wrong in ("", token[:-1], PASSWORD, known.tokens["phone"]))
    assert access.remove_token(tmp_path, "phone")
    assert not access.remove_token(tmp_path, "phone")
    assert not access.load(tmp_path).is_token(token)
    assert not access.set_password(tmp_path, "").asked


def test_a_session_ends(tmp_path: Path) -> None:
    """A session holds for its time, and ends with the password it was given for."""
    known = access.set_password(tmp_path, PASSWORD)
    cookie = known.session(NOON)
    assert known.is_session(cookie, NOON + access.SESSION - timedelta(seconds=1))
    assert not known.is_session(cookie, NOON + access.SESSION)
    assert not access.set_password(tmp_path, PASSWORD + "!").is_session(cookie, NOON)
    assert not access.Access().is_session(cookie, NOON)


@given(st.text(max_size=80))
def test_no_made_up_session_or_form_token_counts(text: str) -> None:
    """Only what was signed here is a session or a form's token."""
    known = access.Access(key=b"k" * 32)
    until = int((NOON + access.SESSION).timestamp())
    for cookie in (text, f"{until}.{text}", f"{until}.x.{text}"):
        assert not known.is_session(cookie, NOON)
    assert not known.is_form_token(text, "session")
    assert not known.is_form_token(known.form_token(""), "")


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"password": 1}', '{"password": "", "tokens": [], "key": ""}', "\xff"]
)
def test_a_damaged_file_lets_nobody_in(tmp_path: Path, content: str) -> None:
    """A file that cannot be read is told, never taken for no password."""
    (tmp_path / access.FILE).write_text(content, encoding="latin-1")
    with pytest.raises(ConfigError, match="scraper passwd"):
        access.load(tmp_path)


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    """A password of less than eight characters is none."""
    with pytest.raises(ScraperError, match="8 characters"):
        access.set_password(tmp_path, "1234567")


# --- where it listens --------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "testserver", ""])  # noqa: S104 - refused is the point
def test_no_open_door_without_a_password(db: Database, tmp_path: Path, host: str) -> None:
    """An address that others reach is not opened until a password is set; the message says how."""
    config = configured(tmp_path, web={"host": host, "port": 0})
    with pytest.raises(ConfigError, match="scraper passwd"):
        open_page(site_over(db, tmp_path, config=config))


def test_a_password_opens_the_door(db: Database, tmp_path: Path) -> None:
    """With a password set the program listens where the settings say."""
    access.set_password(tmp_path, PASSWORD)
    server = open_page(site_over(db, tmp_path, config=configured(tmp_path, web={"host": "0.0.0.0", "port": 0})))  # noqa: S104
    server.start()
    server.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_loopback(host: str) -> None:
    """Names and addresses of this machine are known as such, and none that resemble them."""
    assert access.is_loopback(host)
    assert not access.is_loopback(f"{host}.evil.example")


# --- the gate ----------------------------------------------------------------------------------------------

PATHS = ("/", "/search", "/stories/1", "/static/style.css", "/api/v1/stories", "/api/v1/openapi.json", "/nowhere",
         "/feeds/search.atom", "/export.csv", "/alerts", "/stories/1/page/1/file")  # fmt: skip


def test_everything_but_health_asks(db: Database, tmp_path: Path) -> None:
    """With a password set nothing is shown without it, whatever the address; programs are told how to ask."""
    keep(db, "bao:1")
    access.set_password(tmp_path, PASSWORD)
    reader = Reader(site_over(db, tmp_path))
    for path in PATHS:
        answer = reader.get(path)
        assert answer.status_code == 401, path
        assert "nghèo" not in answer.text, path
    assert reader.get("/healthz").status_code == 200
    assert "Basic" in reader.get("/feeds/search.atom").headers["www-authenticate"]
    assert "www-authenticate" not in reader.get("/").headers
    for action in ("/stories/1/feedback", "/watches", "/alerts/retry", "/logout", "/language"):
        assert reader.post(action, {}, {"origin": "http://localhost"}).status_code == 401, action


def test_a_reader_logs_in_and_out(db: Database, tmp_path: Path) -> None:
    """The password leads to the page that was asked for, under a cookie no script reads; logging out ends it."""
    keep(db, "bao:1")
    access.set_password(tmp_path, PASSWORD)
    reader = Reader(site_over(db, tmp_path), host="news.example")
    asked = reader.get("/search?q=ngheo")
    assert 'name="next" value="/search?q=ngheo"' in asked.text
    home = {"origin": "http://news.example"}
    wrong = reader.post("/login", {"password": "wrong", "next": "/"}, home)
    assert (wrong.status_code, "not the password" in wrong.text) == (403, True)
    right = reader.post("/login", {"password": PASSWORD, "next": "/search?q=ngheo"}, home)
    assert (right.status_code, right.headers["location"]) == (303, "/search?q=ngheo")
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert reader.see("/search?q=ngheo")
    assert reader.send("/", "/logout").status_code == 303
    assert reader.get("/").status_code == 401


def test_the_cookie_stays_on_https(db: Database, tmp_path: Path) -> None:
    """Asked over https, the session is for https alone."""
    access.set_password(tmp_path, PASSWORD)
    reader = Reader(site_over(db, tmp_path))
    reader.client.base_url = "https://localhost"
    answer = reader.post("/login", {"password": PASSWORD}, {"origin": "https://localhost"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_guessing_is_stopped(db: Database, tmp_path: Path) -> None:
    """After ten wrong passwords not even the right one is looked at, until the pause has passed."""
    access.set_password(tmp_path, PASSWORD)
    site = site_over(db, tmp_path)
    reader, home = Reader(site), {"origin": "http://localhost"}
    for _ in range(access.TRIES):
        assert reader.post("/login", {"password": "wrong"}, home).status_code == 403
    assert reader.post("/login", {"password": PASSWORD}, home).status_code == 429
    site.clock.sleep(access.PAUSE.total_seconds())
    assert reader.post("/login", {"password": PASSWORD}, home).status_code == 303


@pytest.mark.parametrize("scheme", ["bearer", "basic"])
def test_programs_show_a_token(db: Database, tmp_path: Path, scheme: str) -> None:
    """A token lets programs read, as a bearer's or as a feed reader's password; a wrong one does not."""
    keep(db, "bao:1")
    access.set_password(tmp_path, PASSWORD)
    token = access.add_token(tmp_path, "feeds")

    def shown(given: str) -> dict[str, str]:
        basic = base64.b64encode(f"any:{given}".encode()).decode()
        return {"authorization": f"Bearer {given}" if scheme == "bearer" else f"Basic {basic}"}

    reader = Reader(site_over(db, tmp_path))
    assert reader.get("/feeds/search.atom", headers=shown(token)).status_code == 200
    assert reader.get("/api/v1/stories", headers=shown(token)).status_code == 200
    assert reader.get("/api/v1/stories", headers=shown(token + "x")).status_code == 401
    assert reader.get("/api/v1/stories", headers={"authorization": f"{scheme} =%%"}).status_code == 401


def test_a_new_password_holds_at_once(db: Database, tmp_path: Path) -> None:
    """A password that is set while the program runs is asked for from then on."""
    reader = Reader(site_over(db, tmp_path))
    assert reader.get("/").status_code == 200
    access.set_password(tmp_path, PASSWORD)
    assert reader.get("/").status_code == 401


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/stories/1?x=1#y", "/stories/1?x=1#y"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example", "/"),
        ("/x\r\nset-cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_no_form_leads_elsewhere(wanted: str, led: str) -> None:
    """After a form the reader is on a page of ours."""
    assert gate.local(wanted) == led


# --- forms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example", "host": "evil.example"}, 403),
        ({"origin": "http://localhost.evil.example"}, 403),
        ({"origin": "http://localhost"}, 303),
        ({"origin": "http://localhost:8484", "host": "localhost:8484"}, 303),
    ],
)
def test_only_our_own_pages_change_anything(db: Database, tmp_path: Path, headers: dict[str, str], status: int) -> None:
    """A form of another site, of no known site, or sent to a name that is not ours is refused, token or not."""
    keep(db, "bao:1")
    two = keep(db, "bao:2", url="https://bao.example/hai-post2.html")
    reader = Reader(site_over(db, tmp_path))
    token = reader.token(f"/stories/{two}")
    cookie = {"cookie": f"{gate.COOKIE}={reader.client.cookies[gate.COOKIE]}"}
    answer = reader.post(f"/stories/{two}/split", {"token": token}, {**headers, **cookie})
    assert answer.status_code == status
    found = archive.story(db, two)
    assert found is not None
    assert (found.original is None) is (status == 303)


def test_a_form_carries_its_sessions_token(db: Database, tmp_path: Path) -> None:
    """Without the token, with another's, or without the session it belongs to, a form changes nothing."""
    number = keep(db, "bao:1")
    site = site_over(db, tmp_path)
    reader, other = Reader(site), Reader(site)
    path, home = f"/stories/{number}/feedback", {"origin": "http://localhost"}
    own, foreign = reader.token(f"/stories/{number}"), other.token(f"/stories/{number}")
    assert own != foreign
    for fields in ({}, {"token": ""}, {"token": foreign}, {"token": own[:-1]}):
        assert reader.post(path, {"label": "none", **fields}, home).status_code == 403
    other.client.cookies.clear()
    assert other.post(path, {"label": "none", "token": foreign}, home).status_code == 403
    assert store.given(db) == []
    assert reader.post(path, {"label": "none", "token": own}, home).status_code == 303


def test_a_strange_name_gets_no_page(db: Database, tmp_path: Path) -> None:
    """Without a password, a name that another site made to lead here shows nothing."""
    keep(db, "bao:1")
    answer = Reader(site_over(db, tmp_path), host="rebound.evil.example").get("/search")
    assert answer.status_code == 403
    assert "nghèo" not in answer.text


# --- scraper passwd ----------------------------------------------------------------------------------------


def test_the_command_sets_and_takes_back(tmp_path: Path) -> None:
    """The command reads a password from standard input, makes a token that is shown once, and takes both back."""
    with Server({}) as server:
        user = User(tmp_path, server)
    data = tmp_path / "data"
    assert "is asked for" in user.run("passwd", typed=f"{PASSWORD}\n")
    assert access.load(data).password
    token = user.run("passwd", "--token", "phone").strip()
    assert access.load(data).is_token(token)
    assert user.json("passwd", "--forget-token", "phone", "--remove") == {
        "password": False,
        "tokens": [],
        "token": None,
    }
    assert "there is no token" in user.run("passwd", "--forget-token", "phone", status=1)
    assert "no password was given" in user.run("passwd", typed="", status=2)
