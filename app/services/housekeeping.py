"""What is forgotten in time, once a night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.signing_in import KEPT
from app.models import SignInRequest
from app.services.drafting import purge_drafts
from app.services.outbox import purge_bodies
from app.services.personal_feeds import forget_revoked_feeds
from app.services.public_history import forget_changes
from app.services.questions import forget_questions
from app.services.receiving import forget_received
from app.services.subscribing import forget_subscribers


@dataclass(frozen=True)
class Forgotten:
    """How many of each thing are gone."""

    mail_bodies: int
    drafts: int
    sign_in_requests: int
    subscriptions: int
    received: int
    changes: int = 0
    personal_feeds: int = 0
    questions: int = 0


def forget_old(session: Session, *, now: datetime) -> Forgotten:
    """Empty old mails, delete abandoned drafts, old requests to sign in and unconfirmed subscriptions.

    Commits after each, repeats harmlessly.
    """
    bodies, drafts = purge_bodies(session, now=now), purge_drafts(session, now=now)
    over = delete(SignInRequest).where(SignInRequest.expires_at < now - KEPT).returning(SignInRequest.id)
    requests = len(session.scalars(over).all())
    session.commit()
    return Forgotten(
        bodies,
        drafts,
        requests,
        forget_subscribers(session, now=now),
        forget_received(session, now=now),
        forget_changes(session, now=now),
        forget_revoked_feeds(session, now=now),
        forget_questions(session, now=now),
    )
