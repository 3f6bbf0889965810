"""A correction on an old talk is public at once, as far as the speaker allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.people import RoleCategory
from app.models import Publication
from app.services.auditing import Actor
from app.services.own_data import holder_of
from app.services.own_data.correcting import correct_speaker, read_speaker
from tests.services.own_data.conftest import NAME, Life


def test_a_new_name_is_on_the_page_of_a_call_that_is_over(session, life: Life, site, now):
    holder, [speaker] = holder_of(session, life.person), life.given.proposal.speakers
    own = read_speaker(session, holder, speaker.id)
    form = replace(own.form, name="Quill Zar", affiliation="", role_category="")

    act = {"by": Actor.signed_in(life.person), "site": site, "now": now}
    correct_speaker(session, holder, speaker.id, form, version=own.version, **act)

    row = session.scalars(select(Publication).where(Publication.touchpoint_id == life.calls[0].id)).one()
    assert (row.value["talks"][0]["speakers"], row.sequence) == (["Quill Zar"], 1)
    assert speaker.role_category is RoleCategory.OTHER


def test_what_cannot_be_written_is_refused(session, life: Life, site, now):
    holder, [speaker] = holder_of(session, life.person), life.given.proposal.speakers
    own = read_speaker(session, holder, speaker.id)
    act = {"by": Actor.signed_in(life.person), "site": site, "now": now}
    with pytest.raises(InvalidInput):
        correct_speaker(session, holder, speaker.id, replace(own.form, name=""), version=own.version, **act)
    with pytest.raises(Conflict):
        correct_speaker(session, holder, speaker.id, own.form, version=own.version + 1, **act)
    assert speaker.name == NAME


def test_nobody_reads_or_corrects_somebody_elses(session, life: Life):
    [sam, _] = life.other.speakers
    with pytest.raises(NotFound):
        read_speaker(session, holder_of(session, life.person), sam.id)
