"""The pages over an archive as readers meet them: in a browser without script, with forms and cookies."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from fakes import NOON, article, source
from httpx2 import Response
from servers import SteppedClock
from starlette.testclient import TestClient

from scraper import dedupe, store
from scraper.config import Config, Settings, Watch, load_policy
from scraper.config.settings import RecheckSettings
from scraper.decide import Rules, decide
from scraper.store import Database
from scraper.web import Site, create_app

POLICY = load_policy()
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202eevil"


def keep(db: Database, key: str, **fields: Any) -> int:
    """Store an article as the daemon would, with its ``page`` if one is given; its number."""
    page = fields.pop("page", None)
    rules = Rules(POLICY, (), NOON - NOON, RecheckSettings(), {})
    data = article(**fields)
    known = store.known_for(db, "bao", [key], dedupe.sketch_of(data), NOON)
    outcome = decide(data, known, rules, NOON, source="bao", key=key, page=page)
    return store.apply(db, outcome).article_id


def configured(folder: Path, **settings: Any) -> Config:
    """A configuration of one outlet with a hostile title."""
    return Config(
        folder=folder,
        settings=Settings.model_validate(settings),
        policy=POLICY,
        sources={"bao": source(title="Báo <b>Ví dụ</b>")},
        watches=[Watch(name="giảm nghèo", words=["giảm nghèo"])],
    )


def site_over(db: Database, folder: Path, *, ok: bool = True, config: Config | None = None) -> Site:
    """A site whose clock stands at noon."""
    chosen = config or configured(folder)
    return Site(db, folder, lambda: chosen, SteppedClock(NOON), lambda: {"ok": ok})


class Reader:
    """Somebody with a browser that runs no script."""

    def __init__(self, site: Site, language: str = "en", *, host: str = "localhost") -> None:
        self.client = TestClient(
            create_app(site),
            base_url=f"http://{host}",
            raise_server_exceptions=False,
            headers={"accept-language": language},
        )

    def get(self, path: str, **options: Any) -> Response:
        return self.client.get(path, **options)  # type: ignore[no-any-return,unused-ignore]

    def see(self, path: str, **options: Any) -> str:
        """A page's text, which must be there."""
        answer = self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def send(self, page: str, action: str, /, **fields: str) -> Response:
        """Open a page and send a form that stands on it."""
        token = self.token(page, action)
        return self.post(action, {"token": token, **fields}, {"origin": str(self.client.base_url).rstrip("/")})

    def token(self, page: str, action: str = "") -> str:
        """The token that a page's forms carry."""
        shown = self.see(page)
        assert f'action="{action}' in html.unescape(shown), f"no form for {action} on {page}"
        found = re.search(r'name="token" value="([^"]+)"', shown)
        assert found is not None
        return found[1]

    def post(self, action: str, fields: dict[str, str], headers: dict[str, str]) -> Response:
        """Send a form as it stands."""
        return self.client.post(action, data=fields, headers=headers, follow_redirects=False)  # type: ignore[no-any-return,unused-ignore]
