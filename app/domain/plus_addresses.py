"""Addresses that say what an answer is about: `mailbox+purpose.number.proof@domain`, signed, for one purpose each.

A mail server that knows plus addressing delivers them all to one mailbox. Case never matters: servers may fold it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from enum import StrEnum

_TAG = re.compile(r"(?P<purpose>[a-z]+)\.(?P<number>[0-9]{1,18})\.(?P<proof>[a-z2-7]{16})", re.ASCII)


class Purpose(StrEnum):
    """What comes to such an address. A proof for one purpose opens no other."""

    ANSWER = "answer"  # a calendar's reply to one speaker's entry; the number is that of the confirmation
    BOUNCE = "bounce"  # what becomes of one mail; the number is that of the outbox row


def plus_address(mailbox: str, purpose: Purpose, number: int, *, secret_key: str) -> str:
    """The address at `mailbox` for `number`."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{purpose.value}.{number}.{_proof(purpose, number, secret_key)}@{domain}"


def read_plus_address(address: str, purpose: Purpose, *, mailbox: str, secret_key: str) -> int | None:
    """The number that `address` holds for `purpose`; None for every other address, and a forged one."""
    local, _, domain = address.strip().lower().rpartition("@")
    own, _, own_domain = mailbox.lower().rpartition("@")
    found = _TAG.fullmatch(local.removeprefix(f"{own}+"))
    if not mailbox or domain != own_domain or found is None or not local.startswith(f"{own}+"):
        return None
    number = int(found["number"])
    proven = hmac.compare_digest(found["proof"], _proof(purpose, number, secret_key))
    return number if proven and found["purpose"] == purpose.value else None


def _proof(purpose: Purpose, number: int, secret_key: str) -> str:
    """80 bits, in letters and digits that survive any mail server."""
    said = f"touchpoints.{purpose.value}:{number}"
    digest = hmac.new(secret_key.encode(), said.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()
