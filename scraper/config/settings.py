"""What ``settings.toml`` may say."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from scraper.config.sources import Zone
from scraper.config.units import Duration, Section, Size, TimeOfDay


class FetchSettings(Section):
    """How the program asks other people's servers."""

    contact: str = ""
    user_agent: str = "scraper/{version} (news monitor; {contact})"
    min_delay: Duration = timedelta(seconds=2)
    deadline: Duration = timedelta(seconds=30)
    connect_timeout: Duration = timedelta(seconds=10)
    max_body: Size = 5_000_000
    max_redirects: int = Field(default=5, ge=0, le=20)
    retries: int = Field(default=2, ge=0, le=10)
    workers: int = Field(default=8, ge=1, le=256)
    robots: bool = True
    connect_to: dict[str, str] = {}
    ca_bundle: Path | None = None


class RecheckSettings(Section):
    """When stored articles are looked at again; ages count from publication or the last edit, whichever is later.

    Attributes:
        first: Age at the first look; looks then become rarer until they are an hour apart.
        hourly: Up to this age they come at least every hour; then each pause is six tenths of the age.
        until: Nothing published longer ago is looked at again.
    """

    first: Duration = timedelta(minutes=10)
    hourly: Duration = timedelta(hours=12)
    until: Duration = timedelta(days=30)


class ScheduleSettings(Section):
    """When listings are polled and stored articles looked at again."""

    every: Duration = timedelta(minutes=15)
    recheck: RecheckSettings = RecheckSettings()
    max_pages: int = Field(default=3, ge=1, le=50)
    slowest: Duration = timedelta(hours=6)


class TroubleSettings(Section):
    """When a source that fails is reported, and to whom.

    Attributes:
        after: Failed polls in a row until it is told.
        repeat: How often a trouble that goes on is told again.
        silence: Stories that should have come while none did, from which on a source that answers is told as silent,
            if they are also three quarters of what a day brings; 0 for never.
    """

    after: int = Field(default=2, ge=1)
    repeat: Duration = timedelta(days=7)
    silence: float = Field(default=24.0, ge=0)
    channels: list[str] = ["terminal"]


class DigestSettings(Section):
    """The daily mail of all policy news; who asks for less has a watch with a digest of its own.

    Attributes:
        at: The time of day at which the 24 hours before are told, in ``alerting.timezone``.
        channels: Who is told; nobody while it is empty.
    """

    at: TimeOfDay = time(7)
    channels: list[str] = []
    language: Literal["vi", "en"] = "vi"


class KeepSettings(Section):
    """What is deleted, and when. Articles and their revisions are kept for good."""

    snapshots: Duration = timedelta(days=365)
    fetch_log: Duration = timedelta(days=30)
    sent_alerts: Duration = timedelta(days=90)
    min_free: Size = 200_000_000


class WebSettings(Section):
    """Where the front page and ``/healthz`` listen."""

    host: str = "127.0.0.1"
    port: int = Field(default=8484, ge=0, le=65535)


class Channel(Section):
    """Where alerts go. Secrets are named here and given in the environment."""

    type: Literal["stdout", "file", "webhook", "apprise"]
    path: Path | None = None
    url: str = ""
    url_env: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Channel:
        if self.type == "file" and self.path is None:
            raise ValueError("a file channel needs 'path'")
        if self.type in {"webhook", "apprise"} and bool(self.url) == bool(self.url_env):
            raise ValueError(
                f"a {self.type} channel needs either 'url' or, when the address holds a secret, "
                "'url_env' naming a SCRAPER_SECRET_* variable"
            )
        if self.url_env and not self.url_env.startswith("SCRAPER_SECRET_"):
            raise ValueError(f"'url_env' is {self.url_env!r}; it must start with SCRAPER_SECRET_")
        return self


class AlertSettings(Section):
    """What holds for all alerts.

    Attributes:
        timezone: The zone of the digests' times of day.
        max_age: Nothing published longer ago is told as new.
    """

    timezone: Zone = "Asia/Ho_Chi_Minh"
    max_age: Duration = timedelta(days=2)
    retry_first: Duration = timedelta(seconds=30)
    retry_longest: Duration = timedelta(hours=1)


class Settings(Section):
    """The whole of ``settings.toml``."""

    database_url: str = ""
    fetch: FetchSettings = FetchSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    trouble: TroubleSettings = TroubleSettings()
    digest: DigestSettings = DigestSettings()
    keep: KeepSettings = KeepSettings()
    web: WebSettings = WebSettings()
    alerting: AlertSettings = AlertSettings()
    channels: dict[str, Channel] = {"terminal": Channel(type="stdout")}

    @model_validator(mode="before")
    @classmethod
    def _moved(cls, raw: object) -> object:
        if isinstance(raw, dict) and "alerts" in raw:
            raise ValueError(
                "alerts: alert rules are watches now; move each [[alerts]] table to watches.toml beside this file, "
                "as [[watches]] with the same keys"
            )
        return raw

    @model_validator(mode="after")
    def _channels_exist(self) -> Settings:
        known = ", ".join(sorted(self.channels))
        for name, asked in (("trouble", self.trouble.channels), ("digest", self.digest.channels)):
            if unknown := [channel for channel in asked if channel not in self.channels]:
                raise ValueError(f"{name} names channel {', '.join(map(repr, unknown))}; channels are {known}")
        return self
