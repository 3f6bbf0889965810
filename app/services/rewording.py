"""Rewording: organizers write the notice anew, as a version that holds for every call that has not begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, InvalidInput
from app.domain.site import Site
from app.domain.text import clean_line
from app.domain.wording import FIELDS, Wording, read_wording, reason_problem, wording_problems
from app.models import NoticeWording, Publication
from app.services.auditing import Actor, record
from app.services.public_history import read_value
from app.services.publishing import publish_coming
from app.services.turns import wait_for_turn
from app.services.wording import present_wording

_NOTHING_NEW = "These are the present words: change one, or leave them as they are."


def read_sentences(sentences: Mapping[str, str], *, reason: str) -> Wording:
    """The wording of these sentences, not yet a version. Raises InvalidInput with a sentence for each field."""
    cleaned = {name: clean_line(sentences.get(name, "")) for name in FIELDS}
    problems = wording_problems(cleaned)
    if problem := reason_problem(clean_line(reason)):
        problems["reason"] = problem
    if problems:
        raise InvalidInput(problems)
    return read_wording({**cleaned, "version": ""})


def save_wording(
    session: Session, sentences: Mapping[str, str], *, reason: str, version: str, by: Actor, site: Site, now: datetime
) -> NoticeWording:
    """Make these sentences the notice of every call that has not begun; those calls are published anew.

    Calls that have begun, and those of the past, keep the wording under which people came. `version` is the one that
    the form began from. Raises InvalidInput, Conflict.
    """
    wait_for_turn(session, "wording")
    present = present_wording(session)
    if present.version != version:
        raise Conflict("Somebody else saved another wording meanwhile. Nothing of yours was written; look at theirs.")
    wording = asdict(read_sentences(sentences, reason=reason))
    if wording | {"version": version} == asdict(present):
        raise InvalidInput({"whole": _NOTHING_NEW})
    newest = session.scalar(select(func.max(NoticeWording.number))) or 0
    del wording["version"]
    row = NoticeWording(number=newest + 1, sentences=wording, author=by.person, made_at=now, reason=clean_line(reason))
    session.add(row)
    session.flush()
    calls = publish_coming(session, site=site, now=now)
    record(session, "notice_wording.saved", row, by=by, now=now, calls=calls)
    session.commit()
    return row


def catch_up_with_wording(session: Session, *, site: Site, now: datetime) -> bool:
    """Publish anew what an earlier release published in other words of ours. Joins the caller's transaction.

    Says whether there was anything to do.
    """
    present = present_wording(session)
    coming = session.scalars(select(Publication.value).where(Publication.starts_at > now))
    behind = any(value.wording != present for value in map(read_value, coming) if value is not None)
    if behind:
        publish_coming(session, site=site, now=now)
    return behind
