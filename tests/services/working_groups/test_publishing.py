"""The one writer of published groups writes what changed, and mends what cannot be read."""

from __future__ import annotations

from sqlalchemy import select

from app.models import PublishedGroup
from app.services.queries.contributor_space import list_public_groups
from app.services.working_groups.publishing import publish_groups
from tests.cast import make_chair, make_group


def test_what_is_public_already_is_not_written_again(session, now):
    make_group(session, chairs=[make_chair()])
    assert [publish_groups(session, now=now) for _ in range(2)] == [1, 0]


def test_a_value_that_cannot_be_read_is_left_out_and_written_anew(session, now, caplog):
    make_group(session)
    publish_groups(session, now=now)
    row = session.scalars(select(PublishedGroup)).one()
    row.value = {"slug": "broken"}
    session.flush()
    assert list_public_groups(session) == ()
    assert "published group cannot be read" in caplog.text
    assert publish_groups(session, now=now) == 1
    assert [group.name for group in list_public_groups(session)] == ["OSPO Book"]
