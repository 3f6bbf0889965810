"""What organizers read of calls of which only the month is known."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from app.domain.people import Role
from app.domain.states import TalkState
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def talk(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 3, 5, 14, 0))
    call.day_known = False
    talk = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


@pytest.mark.parametrize(
    "path", ["/board?from=2026-03", "/touchpoints/{0}/manage", "/touchpoints/{0}/subscribers", "/talks/{1}"]
)
def test_organizers_read_the_month_and_no_hour(session, sign_in, talk, path):
    browser = sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    answer = browser.get(path.format(talk.touchpoint.key, talk.key))
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    said = f"{page.title.string} {' '.join(page.main.get_text(' ').split())}".replace("Thursday, 14:00 Madrid", "")
    assert "ay not known" in said
    assert [text for text in ("14:00", "13:00", "5 March", "5 Mar") if text in said] == []
