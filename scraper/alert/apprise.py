"""Apprise channels: mail, Telegram, Slack, ntfy and the like, one address or several.

Apprise's own verdict on a partial failure does not say who got the message, so each target is asked by itself, and
one that took a message is not sent it again when the others are retried (while this process lives).
"""

from __future__ import annotations

import logging

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.plugins.email.base import NotifyEmail

from scraper.alert import render
from scraper.errors import DeliveryError
from scraper.values import Message

TIMEOUT = 30.0
"""Seconds a target is given to take a message; Apprise itself would wait for a minute."""

TALKATIVE = ("apprise", "urllib3")
"""Loggers that write addresses and answers, secrets included; what matters of them is in our errors."""


class Targets:
    """The targets of one channel, behind one Apprise object."""

    def __init__(self, channel: str, url: str) -> None:
        """Read the channel's address or addresses.

        Raises:
            DeliveryError: Apprise can make nothing of it; the address, which may be secret, is not named.
        """
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._channel = channel
        self._apprise = Apprise(asset=AppriseAsset(app_id="scraper", secure_logging=True, async_mode=False))
        if not self._apprise.add(url) or not len(self._apprise):
            raise DeliveryError(channel, "its address is not one that Apprise knows; see the Apprise list of services")
        for number, service in enumerate(self._apprise):
            service.tags = {_tag(number)}
        self._took: dict[str, set[int]] = {}

    def notify(self, message: Message) -> None:
        """Send to every target that has not taken this message yet.

        Raises:
            DeliveryError: At least one has not; says how many and of which service, never where.
        """
        took = self._took.setdefault(message.key, set())
        failed = []
        for number, service in enumerate(self._apprise):
            if number not in took:
                if self._notify(number, message):
                    took.add(number)
                else:
                    failed.append(str(service.service_name))
        if failed:
            raise DeliveryError(
                self._channel, f"{len(failed)} of {len(self._apprise)} targets failed: {', '.join(failed)}"
            )
        del self._took[message.key]

    def _notify(self, number: int, message: Message) -> bool:
        subject, _, body = render.text(message, render.inert).partition("\n")
        form = NotifyFormat.TEXT
        if message.body.get("html") and isinstance(self._apprise[number], NotifyEmail):
            # Mail alone shows HTML as we wrote it; Apprise adds the plain text to it.
            body, form = str(message.body["html"]), NotifyFormat.HTML
        return bool(self._apprise.notify(body=body, title=subject, body_format=form, tag=_tag(number), timeout=TIMEOUT))


def _tag(number: int) -> str:
    return f"target{number}"
