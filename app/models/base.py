"""The declarative base: names of constraints are fixed, so that migrations can drop them on any engine."""

from __future__ import annotations

import secrets
import uuid

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def random_key() -> str:
    """A short random name for addresses, never derived from a title or a person (about 50 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def random_uid() -> str:
    """A calendar UID's random part (RFC 7986 section 5.3 advises a UUID)."""
    return str(uuid.uuid4())


def random_link_key() -> str:
    """The part of a signed link that can be changed to make every earlier link worthless (128 bits)."""
    return secrets.token_urlsafe(16)
