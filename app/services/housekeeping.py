"""What is forgotten in time, once a night."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.signing_in import KEPT
from app.domain.site import Site
from app.models import SignInRequest
from app.services.drafting import purge_drafts
from app.services.importing.running import forget_imports
from app.services.outbox import purge_bodies
from app.services.own_data import forgetting
from app.services.personal_feeds import forget_revoked_feeds
from app.services.public_history import forget_changes
from app.services.questions import forget_questions
from app.services.receiving import forget_received
from app.services.subscribing import forget_subscribers


@dataclass(frozen=True)
class Forgotten:
    """How many of each thing are gone. An account that is warned is not gone yet."""

    mail_bodies: int = 0
    drafts: int = 0
    sign_in_requests: int = 0
    subscriptions: int = 0
    received: int = 0
    changes: int = 0
    personal_feeds: int = 0
    questions: int = 0
    imports: int = 0
    proposals: int = 0
    accounts_warned: int = 0
    accounts: int = 0
    speakers_details: int = 0
    mails: int = 0
    sign_ins: int = 0
    audit_events: int = 0

    def __str__(self) -> str:
        """For the log: words and numbers."""
        counted = (f"{name.replace('_', ' ')} {count}" for name, count in asdict(self).items() if count)
        return ", ".join(counted) or "nothing"


def forget_old(session: Session, *, site: Site, now: datetime) -> Forgotten:
    """Forget what is over, each kind for as long as the settings say (docs/privacy.md).

    Commits after each batch; repeats harmlessly, and goes on where a run that was killed stopped.
    """
    kept = site.retention
    return Forgotten(
        mail_bodies=purge_bodies(session, keep=timedelta(days=kept.mail_bodies_days), now=now),
        drafts=purge_drafts(session, now=now),
        sign_in_requests=_forget_requests(session, now=now),
        subscriptions=forget_subscribers(session, now=now),
        received=forget_received(session, keep=timedelta(days=kept.received_days), now=now),
        changes=forget_changes(session, now=now),
        personal_feeds=forget_revoked_feeds(session, now=now),
        questions=forget_questions(session, keep=timedelta(days=kept.questions_days), now=now),
        imports=forget_imports(session, retention=kept, now=now),
        proposals=forgetting.forget_proposals(session, retention=kept, now=now),
        accounts_warned=forgetting.warn_unused(session, site=site, now=now),
        accounts=forgetting.forget_unused(session, retention=kept, now=now),
        speakers_details=forgetting.forget_speakers_details(session, retention=kept, now=now),
        mails=forgetting.forget_mails(session, retention=kept, now=now),
        sign_ins=forgetting.forget_sign_ins(session, now=now),
        audit_events=forgetting.forget_audit(session, retention=kept, now=now),
    )


def _forget_requests(session: Session, *, now: datetime) -> int:
    over = delete(SignInRequest).where(SignInRequest.expires_at < now - KEPT).returning(SignInRequest.id)
    gone = len(session.scalars(over).all())
    session.commit()
    return gone
