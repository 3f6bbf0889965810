"""Which addresses are of the public Internet, however they are wrapped."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fetching.reach import is_public_address, system_addresses

INSIDE = ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1")


def wrappings(number: int) -> list[str]:
    """An IPv4 address as IPv6 that leads to it: mapped, compatible, NAT64, 6to4, Teredo's client and server, ISATAP."""
    client = number ^ 0xFFFF_FFFF
    whole = [
        0xFFFF << 32 | number,
        number,
        0x64FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        0x20010000 << 96 | 0x08080808 << 64 | client,
        0x20010000 << 96 | number << 64 | 0xF7F7F7F7,
        0x2A00 << 112 | 0x5EFE << 32 | number,
    ]
    return [str(IPv6Address(each)) for each in whole]


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2a00:1450:4001::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]
)
def test_public_addresses_may_be_asked(address):
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *INSIDE,
        *("255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("64:ff9b:1::1", "100::1", "4000::1", "2a00:1450:4001::1%eth0", "::ffff:8.8.8.8%1"),
        *("", "localhost", "127.1", "0x7f.1", "2130706433", "8.8.8.8/32"),
    ],
)
def test_others_may_not(address):
    assert not is_public_address(address)


@pytest.mark.parametrize("inside", INSIDE)
def test_no_wrapping_hides_an_address_of_a_private_network(inside):
    assert [each for each in wrappings(int(IPv4Address(inside))) if is_public_address(each)] == []


@given(st.integers(0, 2**32 - 1))
def test_what_may_not_be_asked_may_not_be_asked_wrapped(number):
    plain = is_public_address(str(IPv4Address(number)))
    assert not any(is_public_address(each) for each in wrappings(number)) or plain


@given(st.text())
def test_no_text_upsets_it(text):
    assert is_public_address(text) in {True, False}


def test_the_resolver_knows_this_machine_and_no_nonsense():
    assert set(system_addresses("localhost", 443)) <= {"127.0.0.1", "::1"}
    assert system_addresses("a" * 300, 443) == ()
