"""A name that its owner took back, or was erased with them, does not come back with the record that still has it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.consent import Choices
from app.domain.history import read_history
from app.models import Confirmation, Publication, Touchpoint
from app.services.auditing import COMMAND
from app.services.importing.history import import_history
from app.services.importing.undoing import undo_import
from app.services.own_data.erasing import erase
from app.services.own_data.holders import holder_of_address
from app.services.queries.imports import find_run
from app.services.retracting import make_stricter
from tests.past_calls import RECORD


@pytest.fixture
def run(session, site, now):
    def imported():
        report = import_history(session, read_history(RECORD), name="record.json", by=COMMAND, site=site, now=now)
        session.expire_all()
        return report

    return imported


def published(session, key):
    touchpoint = session.scalars(select(Touchpoint).where(Touchpoint.import_key == key)).one()
    return str(session.get(Publication, touchpoint.id).value)


@pytest.mark.parametrize("erased", [False, True], ids=["taken back", "erased"])
def test_a_name_that_went_does_not_come_back_with_the_record(session, run, site, now, erased):
    key = run().run
    named = Confirmation.attribution == Attribution.NAME_AND_AFFILIATION
    answer = session.scalars(select(Confirmation).where(named).order_by(Confirmation.id)).first()
    name, call = answer.speaker.name, answer.talk.touchpoint.import_key
    assert name in published(session, call)
    if erased:
        answer.speaker.email = "sam@example.org"
        session.commit()
        erase(session, holder_of_address(session, "sam@example.org"), by=COMMAND, site=site, now=now)
    else:
        nothing = Choices(Attribution.NONE, recording=False, slides=False)
        make_stricter(session, answer, nothing, reason="They asked.", by=COMMAND, site=site, now=now)

    assert (run().imported, name in published(session, call)) == ((), False)
    found = find_run(session, key)
    undo_import(session, found, version=found.version, by=COMMAND, site=site, now=now)
    assert run().present == 1
    assert name not in published(session, call)
