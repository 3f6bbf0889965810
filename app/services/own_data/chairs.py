"""What we hold about somebody as the chair of a working group."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.site import Site
from app.models import Chair
from app.services.own_data.holders import Holder
from app.services.own_data.sections import Record, Section
from app.services.working_groups.publishing import public_group_name


def _chairs(session: Session, holder: Holder, _site: Site) -> list[Record]:
    query = select(Chair).where(Chair.email.in_(holder.addresses)).options(joinedload(Chair.group))
    return [
        {
            "group": public_group_name(session, chair.group),
            "name": chair.name,
            "affiliation": chair.affiliation,
            "email": chair.email,
            "naming": chair.naming.value if chair.naming else None,
            "asked_at": chair.asked_at,
            "chosen_at": chair.chosen_at,
        }
        for chair in session.scalars(query.order_by(Chair.id.desc()))
    ]


CHAIRS = (
    Section(
        "chairs",
        "Working groups that you chair",
        "As the organizers put it down, or you did. You change it by the mailed link, or under How you are named.",
        frozenset({"working_group_chair.name", "working_group_chair.affiliation", "working_group_chair.email"}),
        _chairs,
    ),
)
