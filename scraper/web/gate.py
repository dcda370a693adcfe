"""What every request passes: who may in, what browsers are told, and whose forms are taken.

Without a password the page is for this machine alone: it must be asked for by a name of this machine (another site's
name can be made to lead here). With one, a session or a token is asked for on all but ``/healthz``. Forms carry a token
of their session and must come from a page of ours.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scraper.web import access
from scraper.web.access import Access
from scraper.web.pages import STYLE, Pages
from scraper.web.site import Site

COOKIE = "scraper_session"
MAX_FORM = 10_000
"""Bytes of a form; ours hold a search at most."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would take the Origin from our own forms
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OPEN = "/healthz"
LOGIN = "/login"
FOR_PROGRAMS = ("/api/", "/feeds/", "/metrics")

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_LOGIN_POLICY = POLICY.replace("style-src 'self'", f"style-src 'sha256-{_STYLE_HASH}'")


def guard(app: FastAPI, site: Site, pages: Pages) -> None:
    """Put the gate before all routes, and add those for logging in and out."""
    keeper = _Keeper(site, pages)
    app.add_middleware(_Gate, keeper=keeper)

    @app.post(LOGIN, include_in_schema=False)
    def login(request: Request, fields: Annotated[dict[str, str], Depends(fields_of)]) -> Response:
        return keeper.let_in(request, fields.get("password", ""), fields.get("next", "/"))

    @app.get(LOGIN, include_in_schema=False)
    def asked(request: Request) -> Response:
        return RedirectResponse("/", 303) if not keeper.access.asked else keeper.login_page(request, 200)

    @app.post("/logout", include_in_schema=False)
    def logout(_form: Form) -> Response:
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return answer


class _Gate:
    """Middleware in plain ASGI: Starlette's own kind takes a millisecond a request."""

    def __init__(self, app: ASGIApp, keeper: _Keeper) -> None:
        self._app, self._keeper = app, keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        fresh = ""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                own = request.url.path.startswith("/static/")  # asked for with the version in the address
                headers.setdefault("Cache-Control", "private, max-age=86400" if own else "private, no-cache")
                if fresh and headers.get("content-type", "").startswith("text/html"):
                    headers.append("Set-Cookie", _cookie(fresh, request))
            await send(message)

        if request.url.path == OPEN:
            await self._app(scope, receive, sent)
            return
        refusal, fresh = self._keeper.admit(request)
        await (refusal or self._app)(scope, receive, sent)


class _Keeper:
    """Knows the password file, and lets in or not."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self._site, self._pages = site, pages
        self._file = access.File(site.data)
        self._guesses = access.Guesses()

    @property
    def access(self) -> Access:
        return self._file.current()

    def admit(self, request: Request) -> tuple[Response | None, str]:
        """Why a request goes no further, if so; and the session to begin, for who has none and needs no password."""
        known, now = self.access, self._site.clock.now()
        if not known.asked and not access.is_loopback(request.url.hostname or ""):
            return self._pages.render(request, "refused.html", 403, why="name", detail=""), ""
        cookie = request.cookies.get(COOKIE, "")
        session = cookie if known.is_session(cookie, now) else ""
        if known.asked and not session and request.url.path != LOGIN and not known.is_token(_token_of(request)):
            return self._refused(request), ""
        fresh = known.session(now) if not known.asked and not session else ""
        request.state.session, request.state.access = session or fresh, known
        return None, fresh

    def _refused(self, request: Request) -> Response:
        if not request.url.path.startswith(FOR_PROGRAMS):
            return self.login_page(request, 401)
        challenge = {"WWW-Authenticate": 'Basic realm="scraper", charset="UTF-8"'}
        return JSONResponse(
            {"detail": "a token is asked for; make one with: scraper passwd --token NAME"}, 401, challenge
        )

    def login_page(self, request: Request, status: int, why: str = "") -> Response:
        """The form for the password; it carries its own style, as nothing else is open."""
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        wanted = target if request.method == "GET" and request.url.path != LOGIN else "/"
        page = self._pages.render(request, "login.html", status, style=STYLE, wanted=wanted, why=why)
        page.headers["Content-Security-Policy"] = _LOGIN_POLICY
        return page

    def let_in(self, request: Request, password: str, wanted: str) -> Response:
        """A session for who knows the password."""
        now, known = self._site.clock.now(), self.access
        if self._guesses.too_many(now):
            return self.login_page(request, 429, "many")
        if not known.is_password(password) and not known.is_token(password):
            self._guesses.wrong(now)
            return self.login_page(request, 403, "wrong")
        answer = RedirectResponse(local(wanted), 303)
        answer.headers.append("Set-Cookie", _cookie(known.session(now), request))
        return answer


def local(address: str) -> str:
    """An address when it leads to a page of ours, else the front page: nobody is sent elsewhere by a form of ours."""
    parts = urlsplit(address)
    ours = (
        address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and "\\" not in address
    )
    return address if ours and address.isprintable() else "/"


def _cookie(session: str, request: Request) -> str:
    """``Lax``, as ``Strict`` would ask for the password anew on each link in a mail; of no script's business."""
    age = int(access.SESSION.total_seconds())
    secure = "; Secure" if request.url.scheme == "https" else ""
    return f"{COOKIE}={session}; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _token_of(request: Request) -> str:
    """The token of a program: as a bearer's, or as the password that feed readers can be given."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def fields_of(request: Request) -> dict[str, str]:
    """A form's fields, once it is sure that a page of ours sent it.

    Raises:
        HTTPException: 403 when another page did, 413 when it is too large.
    """
    host, origin = request.headers.get("host", ""), urlsplit(request.headers.get("origin", ""))
    if origin.netloc != host or not host:
        raise HTTPException(403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MAX_FORM:
        raise HTTPException(413)
    fields = parse_qs((await request.body()).decode(errors="replace"))
    return {name: values[0] for name, values in fields.items()}


async def form(request: Request) -> dict[str, str]:
    """The fields of a form that carries the token of this reader's session.

    Raises:
        HTTPException: 403 when it does not, 413 when it is too large.
    """
    fields = await fields_of(request)
    known: Access = request.state.access
    if not known.is_form_token(fields.get("token", ""), request.state.session):
        raise HTTPException(403)
    return fields


Form = Annotated[dict[str, str], Depends(form)]
