"""Signing in without a password: a mailed link and code, then a row on the server for each signed-in browser."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import SignIn


def hashed(secret: str) -> str:
    """The SHA-256 of a random secret, in hex: what the table keeps."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_sign_in(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """The live sign-in that `token` opens, or None when it is unknown, ended or out of time."""
    row = session.scalar(select(SignIn).where(SignIn.token_hash == hashed(token)))
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    return row
