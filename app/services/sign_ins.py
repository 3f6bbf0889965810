"""Sign-ins: a row on the server for each signed-in browser, and its end."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.browsers import browser_name
from app.domain.errors import NotFound
from app.domain.signing_in import KEPT, SEEN_EVERY, SIGN_IN_LASTS, is_live
from app.models import Person, SignIn
from app.services.auditing import Actor, record
from app.services.proving import hashed


def begin_sign_in(
    session: Session, person: Person, *, user_agent: str, instead_of: SignIn | None = None, now: datetime
) -> tuple[SignIn, str]:
    """A fresh sign-in of a browser, and the token for its cookie; `instead_of` ends. Joins the caller's transaction."""
    actor, token = Actor.signed_in(person), secrets.token_urlsafe(32)
    row = SignIn(
        person=person,
        token_hash=hashed(token),
        browser=browser_name(user_agent),
        created_at=now,
        seen_at=now,
        expires_at=now + SIGN_IN_LASTS,
    )
    session.add(row)
    if instead_of is not None:
        _end(session, instead_of, by=actor, now=now)
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.expires_at < now - KEPT))
    record(session, "sign_in.begun", row, by=actor, now=now)
    return row, token


def find_sign_in(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """The live sign-in that `token` opens, or None when it is unknown, ended or out of time."""
    row = session.scalar(select(SignIn).where(SignIn.token_hash == hashed(token)))
    return row if row is not None and is_live(row, now=now) else None


def note_use(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Keep a used sign-in from becoming idle: at most one write a day. Says nothing if it has ended meanwhile."""
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None), SignIn.seen_at <= now - SEEN_EVERY)
        .values(seen_at=now)
    )
    session.commit()


def sign_out(session: Session, sign_in: SignIn, *, by: Actor, now: datetime) -> None:
    """End this browser's sign-in: its cookie, and every copy of it, opens nothing from now on."""
    _end(session, sign_in, by=by, now=now)
    session.commit()


def end_sign_in(session: Session, sign_in_id: int, *, by: Actor, now: datetime) -> None:
    """End one of one's own sign-ins, here or elsewhere. Raises NotFound for anybody else's."""
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None or by.person is None or sign_in.person_id != by.person.id:
        raise NotFound("There is no such sign-in.")
    _end(session, sign_in, by=by, now=now)
    session.commit()


def end_other_sign_ins(session: Session, present: SignIn, *, by: Actor, now: datetime) -> int:
    """End all of the person's sign-ins but this browser's, and say how many there were."""
    ended = end_sign_ins(session, present.person, but=present, by=by, now=now)
    session.commit()
    return ended


def end_sign_ins(session: Session, person: Person, *, but: SignIn | None = None, by: Actor, now: datetime) -> int:
    """End the person's sign-ins and say how many were open. Joins the caller's transaction."""
    kept = but.id if but is not None else None
    ended = session.scalars(
        update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.id.is_distinct_from(kept))
        .values(ended_at=now)
        .returning(SignIn.id)
    ).all()
    if ended:
        record(session, "person.signed_out", person, by=by, now=now, sign_ins=len(ended))
    return len(ended)


def _end(session: Session, sign_in: SignIn, *, by: Actor, now: datetime) -> None:
    if sign_in.ended_at is None:
        sign_in.ended_at = now
        record(session, "sign_in.ended", sign_in, by=by, now=now)
