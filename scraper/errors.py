"""Every error the program raises on purpose.

A message names the file, URL or source it is about and what to do next; the cause is chained. Failures
inside a batch (one link, one channel) are caught where the batch is walked and kept as values.

::

    ScraperError
    ├── ConfigError            a file under config/ is wrong; carries every problem found, not the first
    ├── FetchError             a URL could not be had
    │   ├── AddressRefused     the guard refused the URL or what its host resolves to
    │   ├── RobotsDenied       robots.txt says no
    │   ├── Unreachable        name lookup, connection or TLS failed, or the peer hung up
    │   ├── DeadlineExceeded   the request's total time ran out
    │   ├── BodyTooLarge       more bytes than allowed, before or after inflating
    │   └── BadAnswer          an HTTP status that is neither success nor 304
    │       ├── Gone           404 or 410
    │       ├── Blocked        401, 403, 429, or a page that challenges programs
    │       └── ServerFault    5xx
    │           └── HostHeld   not asked at all: the host wants to be left alone for a while
    ├── ListingError           a listing answered but gave no links where some are expected
    ├── StoreError             the archive could not be opened, read or written
    │   ├── ArchiveBusy        another process holds the archive
    │   └── ArchiveFull        the disk has no room
    ├── StuckError             a job gave no sign of life and was given up
    ├── GroupingError          articles cannot be split or joined as asked
    ├── DeliveryError          a channel did not take an alert
    ├── OnboardError           no source file could be made from an address
    └── NotFoundError          what was asked for is not in the archive or the configuration
"""

from __future__ import annotations

from datetime import datetime, timedelta


class ScraperError(Exception):
    """Root of the tree; catching it catches all that the program raises on purpose."""


class ConfigError(ScraperError):
    """One or more files under ``config/`` are wrong.

    Attributes:
        problems: One sentence each: file, key, what was found, what is allowed.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class FetchError(ScraperError):
    """A URL could not be had.

    Attributes:
        url: The address asked for.
        retry: Whether the same request may succeed a little later.
        retry_at: The earliest time the server wants to be asked again (aware UTC), if it said so.
        outage: Whether nothing at all was reached, so that our own network may be at fault.
    """

    retry = False
    outage = False

    def __init__(self, url: str, why: str, *, retry_at: datetime | None = None) -> None:
        self.url = url
        self.why = why
        self.retry_at = retry_at
        super().__init__(f"{url}: {why}")


class AddressRefused(FetchError):
    """The guard refused the URL itself or the address its host resolves to."""


class RobotsDenied(FetchError):
    """The site's robots.txt does not allow this program to fetch the URL."""


class Unreachable(FetchError):
    """Name lookup, connection or TLS failed, or the peer hung up."""

    retry = True
    outage = True


class DeadlineExceeded(FetchError):
    """The request as a whole took longer than ``fetch.deadline``."""

    retry = True


class BodyTooLarge(FetchError):
    """The body is larger than ``fetch.max_body``, on the wire or after inflating."""


class BadAnswer(FetchError):
    """The server answered with a status that is neither success nor 304.

    Attributes:
        status: The HTTP status code.
    """

    def __init__(self, url: str, why: str, *, status: int, retry_at: datetime | None = None) -> None:
        self.status = status
        super().__init__(url, why, retry_at=retry_at)


class Gone(BadAnswer):
    """404 or 410."""


class Blocked(BadAnswer):
    """401, 403, 429, or a page that asks the visitor to prove they are human."""


class ServerFault(BadAnswer):
    """5xx."""

    retry = True


class HostHeld(ServerFault):
    """The host was not asked, as its Retry-After has not passed."""

    retry = False


class ListingError(ScraperError):
    """A listing answered, but no link was found where some are expected.

    Attributes:
        url: The listing's address.
        cause: ``empty``, ``layout``, ``blocked``, ``not a feed`` or ``not a sitemap``.
    """

    def __init__(self, url: str, cause: str, why: str) -> None:
        self.url = url
        self.cause = cause
        super().__init__(f"{url}: {why}")


class StoreError(ScraperError):
    """The archive could not be opened, read or written."""


class ArchiveBusy(StoreError):
    """Another process holds the archive."""


class ArchiveFull(StoreError):
    """The disk has no room for the archive."""


class StuckError(ScraperError):
    """A job gave no sign of life for too long; its thread was left behind."""

    def __init__(self, job: str, after: timedelta) -> None:
        super().__init__(
            f"{job}: gave no sign of life for {after} and was given up; its thread may use the processor until the "
            "program is started again"
        )


class GroupingError(ScraperError):
    """Articles cannot be split or joined as asked."""


class DeliveryError(ScraperError):
    """A channel did not take an alert.

    Attributes:
        retry: Whether trying again later can help.
        retry_at: The earliest time the channel wants to be asked again (aware UTC), if it said so.
    """

    def __init__(self, channel: str, why: str, *, retry: bool = True, retry_at: datetime | None = None) -> None:
        self.channel = channel
        self.retry = retry
        self.retry_at = retry_at
        super().__init__(f"channel {channel}: {why}")


class NotFoundError(ScraperError):
    """What was asked for is not in the archive or the configuration."""


class OnboardError(ScraperError):
    """No source file could be made from an address; the message says what was tried."""
