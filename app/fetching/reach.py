"""Which servers may be asked: hosts on a list, at addresses that everybody on the Internet reaches."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from app.fetching.failures import FetchFailed

RESOLVE_TIMEOUT = 5.0  # seconds
_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
"""All IPv6 that is handed out for the Internet; the rest is local, of old times, or not given yet."""
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def is_public_address(text: str) -> bool:
    """Whether `text` is an address of the public Internet, and so is each IPv4 address that is wrapped up in it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public_ipv4(address)
    wrapped = tuple(_wrapped(address))
    if not all(_is_public_ipv4(each) for each in wrapped):
        return False
    if address.ipv4_mapped or address in _NAT64:
        return address.scope_id is None
    return address in _UNICAST and address.scope_id is None and (bool(wrapped) or address.is_global)


def system_addresses(host: str, port: int) -> Sequence[str]:
    """The addresses of `host` as the system's resolver has them. Raises FetchFailed after five seconds, too."""
    found: list[str] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    asking = threading.Thread(target=ask, daemon=True)  # the resolver knows no timeout
    asking.start()
    asking.join(RESOLVE_TIMEOUT)
    return tuple(found)


@dataclass(frozen=True)
class Reach:
    """Whom a fetch may ask. What stands here by default is what counts outside tests.

    `hosts` are patterns (domain.sister_calendars.is_listed), `resolve` gives the addresses of a host, `may_connect`
    says of each whether it may be asked, `tls` holds the authorities that are believed.
    """

    hosts: Sequence[str]
    resolve: Callable[[str, int], Sequence[str]] = system_addresses
    may_connect: Callable[[str], bool] = is_public_address
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The checked addresses of `host`. One bad address spoils them all: it may be the next one that is tried."""
        found = self.resolve(host, port)
        if not found:
            raise FetchFailed("Its host cannot be found.")
        if not all(self.may_connect(each) for each in found):
            raise FetchFailed("Its host is an address within a private network, and nothing is fetched from there.")
        return found


def _is_public_ipv4(address: IPv4Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _wrapped(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses to which a packet for `address` may be led on."""
    number = int(address)
    if mapped := address.ipv4_mapped:
        yield mapped
    if relay := address.sixtofour:
        yield relay
    if teredo := address.teredo:
        yield from teredo
    if address in _NAT64 or (number >> 32) & 0xFFFF_FFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFF_FFFF)
