"""The mark of everything that feeds are made of: one row, one number, new with every change that they may show."""

from __future__ import annotations

import secrets

from sqlalchemy import BigInteger, event, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, UOWTransaction, mapped_column

from app.models.base import Base
from app.models.notice_wording import NoticeWording
from app.models.personal_feed import MemberEntry
from app.models.proposal import Topic
from app.models.public_change import Farewell, HiddenCall, PublicationTopic, PublicChange
from app.models.publication import Publication
from app.models.series import Series

_SHOWN = (Publication, Series, Topic, PublicationTopic, PublicChange, Farewell, HiddenCall, MemberEntry, NoticeWording)
_CHANGED = "touchpoints.feeds-changed"
_RENEW = text(
    "INSERT INTO feed_revision (id, mark) VALUES (1, :mark) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
)


class FeedRevision(Base):
    """Whoever reads the same `mark` twice has missed nothing between. Drawn by lot: a restored copy repeats none."""

    __tablename__ = "feed_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger)


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: UOWTransaction) -> None:
    if any(isinstance(row, _SHOWN) for rows in (session.new, session.dirty, session.deleted) for row in rows):
        session.info[_CHANGED] = True


@event.listens_for(Session, "before_commit")
def _renew(session: Session) -> None:
    """Within the transaction of the change, as its last statement: whoever holds this row waits for no other."""
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop(_CHANGED, False):
        session.execute(_RENEW, {"mark": secrets.randbits(62)})


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_CHANGED, None)
