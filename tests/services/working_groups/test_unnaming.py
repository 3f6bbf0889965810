"""Names leave groups: whoever takes theirs back elsewhere, or is erased, stands in no text of a group."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.mentions import Identity
from app.models import AuditEvent, Chair
from app.services.auditing import COMMAND
from app.services.own_data import gather, holder_of_address
from app.services.own_data.erasing import erase
from app.services.queries.contributor_space import list_public_groups
from app.services.queries.working_groups import find_group
from app.services.working_groups.publishing import publish_groups
from app.services.working_groups.unnaming import take_names_out_of_groups
from tests.cast import make_chair, make_group

SAM = Identity(name="Sam Speaker", affiliation="Kestrel Works", emails=("sam@example.org",), stand_in="a participant")


@pytest.fixture
def groups(session, now):
    """One that speaks of Sam, one that Sam chairs, one that has nothing of them."""
    make_group(
        session,
        scope="Begun by Sam Speaker at Kestrel Works.",
        notes="Ask sam@example.org.",
        repository="https://git.example.org/sam-speaker",
        calendar="https://calendar.example.org/book",
        channels=[
            {"label": "Sam Speaker", "address": "https://chat.example.org"},
            {"label": "Write", "address": "mailto:sam@example.org"},
        ],
    )
    make_group(session, "Mind Map", scope="Sam Speaker draws.", chairs=[make_chair(naming=Attribution.NAME)])
    make_group(session, "Glossary")
    publish_groups(session, now=now)
    session.commit()


def test_a_name_that_is_taken_back_goes_but_where_they_chair(session, groups, now):
    assert take_names_out_of_groups(session, [SAM], by=COMMAND, now=now) == 1

    book, mind_map, _ = list_public_groups(session)
    assert (book.scope, book.notes) == ("Begun by a participant at Kestrel Works.", "Ask a participant.")
    assert (book.repository, book.calendar) == ("", "https://calendar.example.org/book")
    assert [(each.label, each.address) for each in book.channels] == [("A participant", "https://chat.example.org")]
    assert (mind_map.scope, mind_map.chairs) == ("Sam Speaker draws.", ("Sam Speaker",))
    assert session.scalars(select(AuditEvent.action)).all() == ["working_group.name_taken_out"]
    assert take_names_out_of_groups(session, [], by=COMMAND, now=now) == 0


def test_own_data_show_what_we_hold_of_a_chair(session, groups, site, now):
    own = gather(session, holder_of_address(session, "sam@example.org"), site=site, now=now)
    [record] = own.to_json(community="TODO Group")["data"]["chairs"]
    assert (record["group"], record["name"], record["naming"]) == ("Mind Map", "Sam Speaker", "name")


def test_an_erased_chair_is_gone_from_rows_and_texts(session, groups, site, now):
    erase(session, holder_of_address(session, "sam@example.org"), by=COMMAND, site=site, now=now)

    assert session.scalars(select(Chair)).all() == []
    assert find_group(session, "mind-map").scope == "A chair draws."
    assert list_public_groups(session)[1].chairs == ()
    assert "Sam" not in str([group.to_json() for group in list_public_groups(session)])


def test_somebody_who_chairs_nothing_is_erased_from_the_texts_as_well(session, groups, site, now):
    erase(session, holder_of_address(session, "nora@example.org"), by=COMMAND, site=site, now=now)
    assert len(session.scalars(select(Chair)).all()) == 1
