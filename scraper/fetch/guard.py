"""Which addresses this program may connect to.

URLs come from pages that strangers write, so nothing but the public internet is reachable: a host is resolved here,
every answer is checked, and the transport connects to exactly the addresses that were checked, on each new
connection. Checking first and letting a library resolve again falls to DNS rebinding. The one way around is the
operator's ``fetch.connect_to``.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

import httpx

from scraper.errors import AddressRefused, ConfigError, Unreachable
from scraper.urls import refusal

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""(host, port) -> numeric addresses; raises OSError when there are none."""

LOOKUP_THREADS = 8
"""getaddrinfo cannot be timed out; a stuck lookup holds one of these until the system's resolver gives up."""

_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
"""All that IANA has given out as global unicast (RFC 4291); mapped, NAT64, local and multicast lie outside."""

_REFUSED: tuple[tuple[str, str], ...] = (
    # is_global differs between Python's patch releases and passes several of these, so they are written out.
    ("0.0.0.0/8", "this network, RFC 791"),
    ("10.0.0.0/8", "private, RFC 1918"),
    ("100.64.0.0/10", "carrier-grade NAT, RFC 6598"),
    ("127.0.0.0/8", "loopback, RFC 1122"),
    ("169.254.0.0/16", "link-local, cloud metadata services, RFC 3927"),
    ("172.16.0.0/12", "private, RFC 1918"),
    ("192.0.0.0/24", "protocol assignments, RFC 6890; is_global passes 192.0.0.9 and .10"),
    ("192.0.2.0/24", "documentation, RFC 5737"),
    ("192.88.99.0/24", "6to4 relays, RFC 7526"),
    ("192.168.0.0/16", "private, RFC 1918"),
    ("198.18.0.0/15", "benchmarks, RFC 2544"),
    ("198.51.100.0/24", "documentation, RFC 5737"),
    ("203.0.113.0/24", "documentation, RFC 5737"),
    ("224.0.0.0/4", "multicast, RFC 5771; is_global passes it"),
    ("240.0.0.0/4", "reserved and broadcast, RFC 1112"),
    ("2001::/23", "protocol assignments with Teredo, benchmarks and ORCHID, RFC 2928"),
    ("2001:db8::/32", "documentation, RFC 3849"),
    ("2002::/16", "6to4, wraps an IPv4 address, RFC 3056"),
    ("3fff::/20", "documentation, RFC 9637"),
)
_NETWORKS = tuple((ipaddress.ip_network(network), why) for network, why in _REFUSED)


class Address(NamedTuple):
    """Where to connect: a numeric address and a port."""

    host: str
    port: int


def address_refusal(text: str) -> str | None:
    """Why a numeric address must not be connected to, or ``None`` when it is on the public internet."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "not a numeric address"
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_V6:
        return "not global unicast (outside 2000::/3)"
    for network, why in _NETWORKS:
        if address.version == network.version and address in network:
            return f"{network}: {why}"
    return None if address.is_global else "not globally routable"


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the machine's resolver; both address families, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Target(NamedTuple):
    """An address as the transport reads it, so that no other parser can disagree.

    Attributes:
        url: Read once: that is a twelfth of what a request costs.
        host: As it will be connected to: lower case, IDNA, no trailing dot.
    """

    url: httpx.URL
    host: str


def target(url: str) -> Target:
    """Read an address.

    Raises:
        AddressRefused: It cannot be read.
    """
    try:
        parsed = httpx.URL(url)
        return Target(parsed, _plain(parsed.raw_host.decode("ascii")))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise AddressRefused(url, f"refused: not a URL ({error}); correct the link or the source file") from error


def host_name(url: str) -> str:
    """The host of an address, as :class:`Target` has it.

    Raises:
        AddressRefused: The address cannot be read.
    """
    return target(url).host


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _host_refusal(host: str) -> str | None:
    """Why a host is refused without asking DNS: a forbidden address, or a number that readers take differently."""
    last = host.rpartition(".")[2]
    if ":" not in host and not last.isdigit() and not last.startswith("0x"):
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "writes an IP address in a form that programs read differently"
    return address_refusal(host)


class Guard:
    """Resolves hosts and lets only checked addresses through. Thread-safe.

    Args:
        connect_to: Host to ``address:port``, for any port of that host; neither resolved nor checked.
        resolver: The machine's by default.

    Raises:
        ConfigError: A ``connect_to`` value is not ``address:port``.
    """

    def __init__(self, connect_to: Mapping[str, str], resolver: Resolver = system_resolver) -> None:
        self._connect_to = {_plain(host): _pinned(host, value) for host, value in connect_to.items()}
        self._resolver = resolver
        self._pool = ThreadPoolExecutor(LOOKUP_THREADS, thread_name_prefix="lookup")

    def check(self, url: str) -> Target:
        """Look at the address itself and give it as the transport reads it.

        What its host resolves to is checked when connecting.

        Raises:
            AddressRefused: It must not be fetched.
        """
        why = refusal(url)
        if why is None:
            found = target(url)
            why = None if found.host in self._connect_to else _host_refusal(found.host)
            if why is None:
                return found
        raise AddressRefused(url, f"refused: {why}; correct the link or the source file")

    def addresses(self, host: str, port: int, by: float) -> Sequence[Address]:
        """The addresses that ``host`` may be reached at.

        Args:
            host: As the transport is about to connect to it.
            port: The URL's port.
            by: When the lookup must be done, on ``time.monotonic()``.

        Raises:
            AddressRefused: At least one answer is not on the public internet.
            Unreachable: The host has no address, or the lookup took too long.
        """
        name = _plain(host)
        if name in self._connect_to:
            return [self._connect_to[name]]
        literal = _host_refusal(name)
        if literal is not None:
            raise AddressRefused(host, f"refused: {literal}; correct the link, or name the host in fetch.connect_to")
        found = self._lookup(name, port, by)
        for address in found:
            why = address_refusal(address)
            if why is not None:
                raise AddressRefused(
                    host,
                    f"refused: {name} resolves to {address} ({why}); if this host is yours, name it in "
                    "fetch.connect_to",
                )
        return [Address(address, port) for address in found]

    def _lookup(self, host: str, port: int, by: float) -> Sequence[str]:
        pending = self._pool.submit(self._resolver, host, port)
        try:
            found = pending.result(timeout=max(0.0, by - time.monotonic()))
        except TimeoutError as error:
            pending.cancel()
            raise Unreachable(host, f"looking up {host} took too long; check this machine's DNS") from error
        except OSError as error:
            why = error.strerror or str(error)
            raise Unreachable(
                host, f"no address for {host} ({why}); check the host name and this machine's DNS"
            ) from error
        except UnicodeError as error:
            raise AddressRefused(host, f"refused: {host!r} is not a host name ({error}); correct the link") from error
        if not found:
            raise Unreachable(host, f"no address for {host}; check the host name and this machine's DNS")
        return found

    def close(self) -> None:
        """Take no more lookups; one that is stuck is left to the system's resolver."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _pinned(host: str, value: str) -> Address:
    try:
        parts = urlsplit(f"//{value}")
        if parts.hostname and parts.port and parts.netloc == value and "@" not in value:
            return Address(parts.hostname, parts.port)
    except ValueError as error:
        raise _bad_pin(host, value) from error
    raise _bad_pin(host, value)


def _bad_pin(host: str, value: str) -> ConfigError:
    return ConfigError(
        [f"fetch.connect_to: {host!r} is {value!r}; write 'address:port', such as '127.0.0.1:8080' or '[::1]:8080'"]
    )
