"""The ways out: a stream, a file, a webhook, and whatever Apprise speaks.

A channel that did not take a message raises; nothing here tries again by itself.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self, TextIO
from urllib.parse import quote

from scraper.alert import render
from scraper.alert.apprise import Targets
from scraper.config import Channel
from scraper.errors import BadAnswer, DeliveryError, FetchError
from scraper.values import Message

REFUSED_FOR_GOOD = frozenset({400, 413, 415, 422})
"""Answers that blame the message itself. All others (a wrong secret, a moved hook, an outage) can be cured."""


class Poster(Protocol):
    """What a webhook needs of :mod:`scraper.fetch`."""

    def post_json(self, url: str, payload: Mapping[str, object], headers: Mapping[str, str]) -> int:
        """Send one JSON document and give the 2xx status.

        Raises:
            FetchError: It was not taken.
        """


@dataclass(slots=True)
class Sender:
    """What sending needs of the world; leaving it as a context forgets the channels' addresses.

    Attributes:
        poster: Sends webhooks, behind the same guard as fetching.
        folder: The data folder, which the paths of ``file`` channels are relative to.
        quiet: Standard output belongs to something else: ``stdout`` channels print to standard error.
        stream: Where they print otherwise.
        environ: Where ``url_env`` is looked up.
    """

    poster: Poster
    folder: Path
    quiet: bool = False
    stream: TextIO = field(default_factory=lambda: sys.stdout)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    targets: dict[tuple[str, str], Targets] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.targets.clear()

    def address(self, name: str, channel: Channel) -> str:
        """The channel's URL, from the settings or from the environment.

        Raises:
            DeliveryError: The variable that the channel names is not set.
        """
        url = channel.url or self.environ.get(channel.url_env, "")
        if not url:
            raise DeliveryError(name, f"set {channel.url_env} in the environment to the channel's address")
        return url


def send(message: Message, channel: Channel, sender: Sender) -> None:
    """Hand one message to its channel; on return the channel has taken it.

    Raises:
        DeliveryError: It has not; says whether and from when on trying again can help. Names no secret.
    """
    match channel.type:
        case "stdout":
            _print(message, sender)
        case "file":
            _append(message, channel, sender)
        case "webhook":
            _post(message, channel, sender)
        case "apprise":
            _notify(message, channel, sender)


def _print(message: Message, sender: Sender) -> None:
    stream = sys.stderr if sender.quiet else sender.stream
    encoding = stream.encoding or "utf-8"
    shown = render.text(message).encode(encoding, "replace").decode(encoding)
    try:
        stream.write(f"{shown}\n\n")
        stream.flush()
    except (OSError, ValueError) as error:
        raise DeliveryError(message.channel, f"the output stream took nothing: {error}") from error


def _append(message: Message, channel: Channel, sender: Sender) -> None:
    path = sender.folder / (channel.path or "")
    line = json.dumps(render.payload(message), ensure_ascii=False, default=str).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            # A line torn by a full disk stays alone on its line.
            if file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
                line = b"\n" + line
            if file.write(line) != len(line):
                raise DeliveryError(message.channel, f"{path}: only part of the line was written; free some room")
            os.fsync(file.fileno())
    except OSError as error:
        raise DeliveryError(message.channel, f"{path}: {error.strerror or error}") from error


def _post(message: Message, channel: Channel, sender: Sender) -> None:
    url = sender.address(message.channel, channel)
    headers = {"Idempotency-Key": quote(message.key, safe=":/")}
    try:
        sender.poster.post_json(url, render.payload(message), headers)
    except FetchError as error:
        final = isinstance(error, BadAnswer) and error.status in REFUSED_FOR_GOOD
        raise DeliveryError(message.channel, error.why, retry=not final, retry_at=error.retry_at) from error


def _notify(message: Message, channel: Channel, sender: Sender) -> None:
    url = sender.address(message.channel, channel)
    known = (message.channel, url)
    if known not in sender.targets:
        sender.targets[known] = Targets(message.channel, url)
    sender.targets[known].notify(message)
