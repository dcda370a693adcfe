"""The guard: which addresses may be connected to."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import AddressRefused, ConfigError, FetchError, Unreachable
from scraper.fetch.guard import Address, Guard, Resolver, address_refusal, host_name, system_resolver

SOON = 5.0


def answers(*addresses: str) -> Guard:
    """A guard whose every host has these addresses."""
    return Guard({}, lambda _host, _port: addresses)


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = answers("93.184.216.34")
    yield guard
    guard.close()


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.254",
        "2606:2800:220:1:248:1893:25c8:1946",
        "2400:cb00::1",
    ],
)
def test_public(address: str) -> None:
    """An address on the public internet is let through."""
    assert address_refusal(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::5db8:d822",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:5db8:d822::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "",
        "localhost",
        "127.1",
    ],
)
def test_not_public(address: str) -> None:
    """An address that is not plainly on the public internet is refused, with words."""
    assert address_refusal(address)


@given(st.ip_addresses())
def test_never_laxer_than_python(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """No address passes that Python holds to be private, local, reserved or multicast."""
    if address_refusal(str(address)) is None:
        assert address.is_global
        assert not any((address.is_multicast, address.is_private, address.is_loopback, address.is_link_local))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.1/",
        "http://134744072/",
        "http://8.8.8.08/",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
        "http://10.0.0.1:8080/x",
        "http://169.254.169.254/latest/meta-data/",
        "https://user:secret@outlet.example/",
        "https://outlet.example@127.0.0.1/",
        "https://outlet.example\\@127.0.0.1/",
        "https://outlet.example\\.khac.example/",
        "https://outlet.example/a\\b",
        "https://outlet.example/a b",
        "https://outlet.example/\r\nHost: 127.0.0.1",
        "file:///etc/passwd",
        "ftp://outlet.example/",
        "gopher://outlet.example/",
        "javascript:alert(1)",
        "//outlet.example/",
        "http://",
        "http://./",
        "http://outlet.example:99999/",
        "http://[::1/",
        "",
    ],
)
def test_url_refused(guard: Guard, url: str) -> None:
    """An address that names a private place, or that parsers read differently, is refused before any lookup."""
    with pytest.raises(AddressRefused) as refused:
        guard.check(url)
    assert refused.value.url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://outlet.example/",
        "https://outlet.example./a?b=c#d",
        "https://báo.example/",
        "https://1.1.1.1/",
        "https://0x7f.example/",
    ],
)
def test_url_allowed(guard: Guard, url: str) -> None:
    """An ordinary address passes."""
    guard.check(url)


@given(st.text(max_size=60))
def test_url_check_is_total(text: str) -> None:
    """Whatever stands in a link, the check either passes or raises one of our errors."""
    guard = answers()
    try:
        guard.check(text)
        host_name(text)
    except FetchError as error:
        assert error.why  # noqa: PT017 - either outcome is right
    finally:
        guard.close()


def test_host_name_is_one_form() -> None:
    """The host's name is lower case, IDNA and without a trailing dot, however it is written."""
    assert host_name("https://BÁO.example.:8443/x") == "xn--bo-mia.example" == host_name("http://báo.example")
    assert host_name("http://[2606:2800::1]:80/") == "2606:2800::1"


@pytest.mark.parametrize(
    "found",
    [
        ["10.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["93.184.216.34", "::1"],
        ["2606:2800::1", "::ffff:10.0.0.1"],
        ["not an address"],
    ],
)
def test_one_bad_answer_refuses_all(found: Sequence[str]) -> None:
    """A host is refused as soon as one of its addresses is not public."""
    guard = answers(*found)
    with pytest.raises(AddressRefused, match="connect_to"):
        guard.addresses("outlet.example", 443, time.monotonic() + SOON)
    guard.close()


def test_all_good_answers_come_in_order() -> None:
    """The checked addresses are given as the resolver ordered them, with the port asked for."""
    guard = answers("2606:2800::1", "93.184.216.34")
    assert guard.addresses("outlet.example", 443, time.monotonic() + SOON) == [
        Address("2606:2800::1", 443),
        Address("93.184.216.34", 443),
    ]
    guard.close()


def test_literal_is_checked_at_connect(guard: Guard) -> None:
    """A numeric host is checked again when connecting, without the resolver's word."""
    with pytest.raises(AddressRefused, match="loopback"):
        guard.addresses("127.0.0.1", 80, time.monotonic() + SOON)
    with pytest.raises(AddressRefused, match="read differently"):
        guard.addresses("0x7f.1", 80, time.monotonic() + SOON)


def test_localhost_by_name_is_refused() -> None:
    """The machine's own resolver does not open the way to loopback."""
    guard = Guard({}, system_resolver)
    with pytest.raises(AddressRefused, match=r"loopback|2000::"):
        guard.addresses("localhost", 80, time.monotonic() + SOON)
    guard.close()


def failing(error: Exception) -> Resolver:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        raise error

    return resolve


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(-2, "Name or service not known"), Unreachable),
        (UnicodeError("label too long"), AddressRefused),
    ],
)
def test_lookup_fails(error: Exception, kind: type[FetchError]) -> None:
    """A failed lookup is an error that names the host."""
    guard = Guard({}, failing(error))
    with pytest.raises(kind, match=r"outlet\.example") as failed:
        guard.addresses("outlet.example", 443, time.monotonic() + SOON)
    assert failed.value.__cause__ is error
    guard.close()


def test_no_address() -> None:
    """A host without an address is unreachable."""
    guard = answers()
    with pytest.raises(Unreachable, match="no address"):
        guard.addresses("outlet.example", 443, time.monotonic() + SOON)
    guard.close()


def test_stuck_lookup_is_left() -> None:
    """A lookup that does not end is given up when the time is up."""
    never = threading.Event()

    def stuck(_host: str, _port: int) -> Sequence[str]:
        never.wait()
        return []

    guard = Guard({}, stuck)
    with pytest.raises(Unreachable, match="too long"):
        guard.addresses("outlet.example", 443, time.monotonic() + 0.05)
    never.set()
    guard.close()


def test_connect_to_bypasses_resolution() -> None:
    """A pinned host goes where the operator says, whatever its port or spelling, and is never looked up."""
    guard = Guard({"Outlet.example": "127.0.0.1:8080", "10.0.0.9": "[::1]:81"}, failing(OSError()))
    for host in ("outlet.example", "OUTLET.example."):
        assert guard.addresses(host, 443, time.monotonic()) == [Address("127.0.0.1", 8080)]
    assert guard.addresses("10.0.0.9", 80, time.monotonic()) == [Address("::1", 81)]
    guard.check("http://10.0.0.9/")
    with pytest.raises(AddressRefused):
        guard.check("http://10.0.0.10/")
    guard.close()


@pytest.mark.parametrize("value", ["", "127.0.0.1", ":80", "127.0.0.1:x", "127.0.0.1:0", "a@b:80", "::1:80", "h:1/x"])
def test_connect_to_is_checked(value: str) -> None:
    """A connect_to value that is not address:port is a configuration error that shows it."""
    with pytest.raises(ConfigError, match="address:port"):
        Guard({"outlet.example": value})
