"""Addresses: two spellings are one person, and what is refused is refused with a reason."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInput
from app.services.addresses import is_address, normal_address, require_address


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("vera@example.org", "vera@example.org"),
        ("  Vera.Santos@EXAMPLE.org\n", "vera.santos@example.org"),
        ("vera+calls@example.org", "vera+calls@example.org"),
        ("vera@BÜCHER.example", "vera@bücher.example"),
        ("vera@xn--bcher-kva.example", "vera@bücher.example"),
        ("vera@ｅｘａｍｐｌｅ.org", "vera@example.org"),
    ],
)
def test_an_address_has_one_spelling(typed, normal):
    assert normal_address(typed) == normal
    assert is_address(typed)


def test_a_letter_that_folds_into_others_stays_itself():
    assert normal_address("x@straße.example") == "x@straße.example"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "vera",
        "vera@",
        "@example.org",
        "vera@localhost",
        "vera@example.test",
        "vera@[127.0.0.1]",
        "véra@example.org",
        "vera@example.org, eve@example.org",
        "vera@example.org\r\nBcc: eve@example.org",
        "Vera <vera@example.org>",
        '"vera santos"@example.org',
        "vera\x00@example.org",
        "v" * 255 + "@example.org",
        "vera@" + "e" * 1_000_000 + ".org",
    ],
)
def test_what_we_cannot_write_to_is_no_address(typed):
    assert normal_address(typed) is None
    assert not is_address(typed)


def test_a_refusal_says_how_an_address_looks_and_what_is_wrong():
    with pytest.raises(InvalidInput) as refused:
        require_address("vera@example", field="address")
    assert refused.value.errors == {
        "address": "Give an e-mail address that we can write to, like vera@example.org. "
        "The part after the @-sign is not valid. It should have a period."
    }


def test_a_refusal_of_no_address_at_all_is_short():
    with pytest.raises(InvalidInput) as refused:
        require_address(" ")
    assert refused.value.errors == {"email": "Give an e-mail address that we can write to, like vera@example.org."}


def test_a_good_address_is_given_back_in_its_one_spelling():
    assert require_address(" Vera@Example.org ") == "vera@example.org"
