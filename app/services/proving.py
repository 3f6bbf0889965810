"""Proving that somebody reads the mail of an address: a link and a code, for one use, in the browser that asked.

The browser holds a nonce, the mail holds the link and the code, the row holds their hashes. The link works where the
nonce is; the code is typed where the nonce is; neither does anything alone. Asking again ends what the same browser
asked before; what other browsers asked stays, or else a stranger could keep somebody out by asking for them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import Gone, InvalidInput, RuleViolation, TooMany
from app.domain.signing_in import ASKED_PER_HOUR, CODE_ATTEMPTS, CODE_DIGITS, KEPT, PROOF_LASTS, Purpose
from app.models import Person, SignInRequest
from app.services.auditing import LINK, record
from app.services.turns import wait_for_turn

_HOUR = timedelta(hours=1)
_OVER = "This link has been used, or its time is over."


class OtherBrowser(RuleViolation):
    """The link was opened where nobody asked for it; the code in the same mail goes into the browser that asked."""


@dataclass(frozen=True)
class Question:
    """What was asked for: `nonce` is for the asking browser alone, `token` and `code` for the mail alone."""

    row: SignInRequest
    nonce: str = field(repr=False)
    token: str = field(repr=False)
    code: str = field(repr=False)


def hashed(secret: str) -> str:
    """The SHA-256 of a random secret, in hex: what the table keeps."""
    return sha256(secret.encode()).hexdigest()


def ask_for_proof(
    session: Session,
    purpose: Purpose,
    *,
    email: str,
    person: Person | None = None,
    next_path: str = "",
    instead_of: str = "",
    now: datetime,
) -> Question:
    """A new question to the holder of the normalised address `email`. Joins the caller's transaction, mails nothing.

    `instead_of` is the nonce that the browser had. Raises TooMany after `ASKED_PER_HOUR` questions to one address.
    """
    wait_for_turn(session, "proof", email)
    _expect_few(session, email, now=now)
    session.execute(delete(SignInRequest).where(SignInRequest.expires_at < now - KEPT))
    if instead_of:
        session.execute(update(SignInRequest).where(*_open(purpose, instead_of, now=now)).values(used_at=now))
    nonce, token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row = SignInRequest(
        purpose=purpose.value,
        email=email,
        person_id=person.id if person else None,
        link_hash=hashed(token),
        code_hash=_hashed_code(code, nonce),
        browser_hash=hashed(nonce),
        next_path=next_path,
        created_at=now,
        expires_at=now + PROOF_LASTS,
    )
    session.add(row)
    session.flush()
    return Question(row, nonce, token, code)


def find_question(session: Session, purpose: Purpose, *, nonce: str, now: datetime) -> SignInRequest | None:
    """The open question of the browser that holds `nonce`, or None."""
    newest = SignInRequest.id.desc()
    return session.scalar(select(SignInRequest).where(*_open(purpose, nonce, now=now)).order_by(newest).limit(1))


def read_link(session: Session, purpose: Purpose, token: str, *, now: datetime) -> SignInRequest:
    """The open question that the mailed `token` answers. Raises Gone if forged, used or late: never told apart."""
    row = session.scalar(select(SignInRequest).where(SignInRequest.link_hash == hashed(token)))
    if row is None or row.purpose != purpose.value or row.used_at is not None or row.expires_at <= now:
        raise Gone(_OVER)
    return row


def is_same_browser(row: SignInRequest, *, nonce: str) -> bool:
    """Whether `nonce` is the asking browser's. A link made on the command line has no browser and works in any."""
    return not row.browser_hash or compare_digest(row.browser_hash, hashed(nonce))


def take_by_link(session: Session, purpose: Purpose, token: str, *, nonce: str, now: datetime) -> SignInRequest:
    """Use the mailed link, once. Joins the caller's transaction. Raises Gone, and OtherBrowser without the nonce."""
    row = read_link(session, purpose, token, now=now)
    if not is_same_browser(row, nonce=nonce):
        raise OtherBrowser("This link works in the browser that asked for it. There you can also type the code.")
    return _take(session, row, now=now)


def take_by_code(session: Session, purpose: Purpose, code: str, *, nonce: str, now: datetime) -> SignInRequest:
    """Use the mailed code, once. Joins the caller's transaction, but commits a wrong try before it refuses.

    Raises InvalidInput for a wrong code, Gone after `CODE_ATTEMPTS` of them and when there is no open question.
    """
    row = find_question(session, purpose, nonce=nonce, now=now)
    if row is None:
        raise Gone("This code's time is over. Ask for a new mail.")
    left = _count_attempt(session, row)
    if left is None:
        raise Gone("There were too many wrong codes. Use the link in the mail, or ask for a new mail.")
    typed = "".join(code.split())
    if not compare_digest(row.code_hash, _hashed_code(typed, nonce)):
        record(session, "sign_in_request.code_refused", row, by=LINK, now=now, left=left)
        session.commit()
        raise InvalidInput({"code": _wrong_code(left)})
    return _take(session, row, now=now)


def end_questions(session: Session, email: str, *, now: datetime) -> None:
    """End every open question to this address. Joins the caller's transaction."""
    open_ones = (SignInRequest.email == email, SignInRequest.used_at.is_(None))
    session.execute(update(SignInRequest).where(*open_ones).values(used_at=now))


def _open(purpose: Purpose, nonce: str, *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInRequest.purpose == purpose.value,
        SignInRequest.browser_hash == hashed(nonce),
        SignInRequest.used_at.is_(None),
        SignInRequest.expires_at > now,
    )


def _expect_few(session: Session, email: str, *, now: datetime) -> None:
    asked = (SignInRequest.email == email, SignInRequest.created_at > now - _HOUR, SignInRequest.browser_hash != "")
    count, oldest = session.execute(select(func.count(), func.min(SignInRequest.created_at)).where(*asked)).one()
    if count >= ASKED_PER_HOUR:
        raise TooMany(
            f"We have sent {count} mails to this address within an hour. Look for the newest one.",
            again_at=oldest + _HOUR,
        )


def _count_attempt(session: Session, row: SignInRequest) -> int | None:
    """How many tries are left after this one; None when there was none left. Several at once cannot share a try."""
    attempts = session.scalar(
        update(SignInRequest)
        .where(SignInRequest.id == row.id, SignInRequest.attempts < CODE_ATTEMPTS)
        .values(attempts=SignInRequest.attempts + 1)
        .returning(SignInRequest.attempts)
    )
    return None if attempts is None else CODE_ATTEMPTS - attempts


def _take(session: Session, row: SignInRequest, *, now: datetime) -> SignInRequest:
    taken = session.scalar(
        update(SignInRequest)
        .where(SignInRequest.id == row.id, SignInRequest.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInRequest.id)
    )
    if taken is None:
        raise Gone(_OVER)
    return row


def _hashed_code(code: str, nonce: str) -> str:
    """Six digits alone could be found from their hash; with the nonce, which no table has, they cannot."""
    return hashed(f"{nonce}:{code}")


def _wrong_code(left: int) -> str:
    if left == 0:
        return "This code is wrong too, and that was the last try. Use the link in the mail, or ask for a new mail."
    return f"This code is wrong. You have {'one more try' if left == 1 else f'{left} more tries'}."
