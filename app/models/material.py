"""What becomes of a talk's recording and slides: who sees to them, or why there will be none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.materials import MaterialKind
from app.models.base import Base
from app.models.person import Person
from app.models.talk import Talk
from app.models.types import Instant, Words


class Material(Base):
    """A recording or slides about which somebody decided something; before, its call's moderator sees to it.

    `none_reason` is why there will be none, empty while it is awaited.
    """

    __tablename__ = "material"

    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[MaterialKind] = mapped_column(Words(MaterialKind), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    none_reason: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person | None] = relationship()
    talk: Mapped[Talk] = relationship()

    __mapper_args__ = {"version_id_col": version}
