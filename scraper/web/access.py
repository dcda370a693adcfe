"""Who may read and change: password and tokens kept hashed, sessions signed, forms that carry a token.

The file ``access.json`` in the data folder holds a scrypt hash of the password, SHA-256 hashes of the tokens (they are
256 random bits, so a slow hash adds nothing) and the key that sessions are signed with. Without a password nobody is
asked for one, and the page may then listen on loopback only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from scraper.errors import ConfigError, ScraperError

FILE = "access.json"

SCRYPT = {"n": 2**14, "r": 8, "p": 5}
"""16 MB and a quarter of a second a guess: one of the settings of the OWASP Password Storage Cheat Sheet."""

SESSION = timedelta(days=30)
"""How long a browser stays let in."""

TRIES, PAUSE = 10, timedelta(minutes=5)
"""Wrong passwords within the pause after which no further one is looked at, from whomever: guessing must not pay."""

MIN_LENGTH = 8
"""Characters of a password at the least (NIST SP 800-63B, 5.1.1.2)."""

_TOKEN_MARK = "scraper_"  # noqa: S105 - tells scanners what was leaked; no secret


@dataclass(frozen=True, slots=True)
class Access:
    """What lets a reader in.

    Attributes:
        password: ``salt$hash`` in base64; ``""`` when none is set.
        tokens: Name to SHA-256 of each token.
        key: What sessions and forms are signed with.
    """

    password: str = ""
    tokens: Mapping[str, str] = field(default_factory=dict)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def asked(self) -> bool:
        """Whether readers must show a password or token."""
        return bool(self.password or self.tokens)

    def is_password(self, given: str) -> bool:
        """Whether this is the password; takes a quarter of a second."""
        salt, _, kept = self.password.partition("$")
        return bool(kept) and hmac.compare_digest(_hashed(given, base64.b64decode(salt)), kept)

    def is_token(self, given: str) -> bool:
        """Whether this is one of the tokens."""
        digest = _digest(given)
        return any(hmac.compare_digest(digest, kept) for kept in self.tokens.values())

    def session(self, now: datetime) -> str:
        """A new session's cookie."""
        until = int((now + SESSION).timestamp())
        body = f"{until}.{secrets.token_urlsafe(16)}"
        return f"{body}.{self._sign('session', body)}"

    def is_session(self, cookie: str, now: datetime) -> bool:
        """Whether we gave this cookie out and its time has not passed."""
        body, _, signature = cookie.rpartition(".")
        if not body or not _same(signature, self._sign("session", body)):
            return False
        until = body.partition(".")[0]
        return until.isdecimal() and now.timestamp() < int(until)

    def form_token(self, session: str) -> str:
        """What every form of a session carries."""
        return self._sign("form", session)

    def is_form_token(self, given: str, session: str) -> bool:
        """Whether a form came from a page of this session."""
        return bool(session) and _same(given, self.form_token(session))

    def _sign(self, purpose: str, body: str) -> str:
        # The password is part of the key, so that a new one ends all sessions.
        key = hashlib.sha256(self.key + self.password.encode()).digest()
        return hmac.new(key, f"{purpose}:{body}".encode(), hashlib.sha256).hexdigest()


def load(data: Path) -> Access:
    """What the data folder says of access; nobody is asked for anything where it says nothing.

    Raises:
        ConfigError: The file is not one of ours.
    """
    path = data / FILE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Access(
            str(raw["password"]), {str(k): str(v) for k, v in raw["tokens"].items()}, bytes.fromhex(raw["key"])
        )
    except FileNotFoundError:
        return Access()
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError([f"{path}: is damaged; delete it and set the password anew: scraper passwd"]) from error


def set_password(data: Path, password: str) -> Access:
    """Ask for this password from now on; all sessions end. An empty one takes the password away.

    Raises:
        ScraperError: It is too short, or the file cannot be written.
    """
    if password and len(password) < MIN_LENGTH:
        raise ScraperError(f"a password needs {MIN_LENGTH} characters or more; several words make a good one")
    salt = secrets.token_bytes(16)
    hashed = f"{base64.b64encode(salt).decode()}${_hashed(password, salt)}" if password else ""
    return _write(data, replace(load(data), password=hashed))


def add_token(data: Path, name: str) -> str:
    """A new token of that name, in place of an earlier one; it is kept hashed, so this is the only time it is seen."""
    access, token = load(data), _TOKEN_MARK + secrets.token_urlsafe(32)
    _write(data, replace(access, tokens={**access.tokens, name: _digest(token)}))
    return token


def remove_token(data: Path, name: str) -> bool:
    """Whether there was a token of that name; there is none any more."""
    access = load(data)
    _write(data, replace(access, tokens={each: kept for each, kept in access.tokens.items() if each != name}))
    return name in access.tokens


class File:
    """The file in a data folder, read again when it was changed: a new password holds at once."""

    def __init__(self, data: Path) -> None:
        self._data, self._seen, self._lock = data, -1, Lock()
        self._access = Access()

    def current(self) -> Access:
        """What it says now.

        Raises:
            ConfigError: It is not one of ours.
        """
        try:
            changed = (self._data / FILE).stat().st_mtime_ns
        except OSError:
            changed = 0
        with self._lock:
            if changed != self._seen:
                self._access, self._seen = load(self._data), changed
            return self._access


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_host(access: Access, host: str) -> None:
    """See that nothing but loopback is opened without a password.

    Raises:
        ConfigError: It would be.
    """
    if not access.asked and not is_loopback(host):
        raise ConfigError(
            [f"settings.toml: web.host is {host}, which others can reach; set a password first: scraper passwd"]
        )


class Guesses:
    """Counts wrong passwords, so that no more than :data:`TRIES` are looked at within :data:`PAUSE`."""

    def __init__(self) -> None:
        self._wrong: deque[datetime] = deque(maxlen=TRIES)
        self._lock = Lock()

    def too_many(self, now: datetime) -> bool:
        """Whether the next guess is not to be looked at."""
        with self._lock:
            return len(self._wrong) == TRIES and now - self._wrong[0] < PAUSE

    def wrong(self, now: datetime) -> None:
        """Note a wrong guess."""
        with self._lock:
            self._wrong.append(now)


def _write(data: Path, access: Access) -> Access:
    path = data / FILE
    beside = path.with_name(path.name + ".new")
    raw: dict[str, Any] = {"password": access.password, "tokens": dict(access.tokens), "key": access.key.hex()}
    try:
        data.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(raw), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise ScraperError(f"{path}: cannot be written: {error.strerror or error}") from error
    return access


def _hashed(password: str, salt: bytes) -> str:
    return base64.b64encode(hashlib.scrypt(password.encode(), salt=salt, maxmem=2**26, **SCRYPT)).decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())
