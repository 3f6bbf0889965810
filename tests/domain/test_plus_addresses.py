"""An address proves what it is about, for one purpose, and nothing else proves it."""

from __future__ import annotations

import pytest

from app.domain.plus_addresses import Purpose, plus_address, read_plus_address

MAILBOX, KEY = "touchpoints@example.org", "only-for-tests"


def read(address, purpose=Purpose.ANSWER, *, mailbox=MAILBOX, key=KEY):
    return read_plus_address(address, purpose, mailbox=mailbox, secret_key=key)


@pytest.fixture
def address():
    return plus_address(MAILBOX, Purpose.ANSWER, 4711, secret_key=KEY)


def test_an_address_says_what_it_is_about(address):
    assert address.startswith("touchpoints+answer.4711.")
    assert len(address.partition("@")[0]) <= 64
    assert read(address) == read(address.upper()) == read(f" {address} ") == 4711


def test_an_address_is_for_one_purpose_one_house_and_one_mailbox(address):
    assert read(address, Purpose.BOUNCE) is None
    assert read(address.replace("answer", "bounce"), Purpose.BOUNCE) is None
    assert read(address.replace("4711", "4712")) is None
    assert read(address, key="another key") is None
    assert read(address, mailbox="touchpoints@example.net") is None
    assert read(address, mailbox="other@example.org") is None
    assert read(address, mailbox="") is None


@pytest.mark.parametrize(
    "other",
    ["", "@", MAILBOX, "answer.4711.aaaaaaaaaaaaaaaa@example.org", "touchpoints+answer.x.aaaaaaaaaaaaaaaa@example.org"],
)
def test_other_addresses_say_nothing(other):
    assert read(other) is None
