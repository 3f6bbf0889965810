"""The page behind an invitation in real Chromium: the preview is what the speaker signs."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import expect

from app.domain.attribution import Attribution
from app.domain.states import ConfirmationState, TalkState
from app.services import links
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def invitation(session, site):
    """Where the link of Sam's invitation leads."""
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    sam = make_speaker("Sam Speaker", attribution=Attribution.NAME)
    talk = make_talk(session, make_proposal(session, speakers=(sam,)), call, state=TalkState.INVITED)
    talk.confirmations[0].state = ConfirmationState.ASKED
    path = links.confirmation_path(talk.confirmations[0], site=site)
    session.commit()
    return path


def test_the_preview_shows_the_last_choice_however_slow_the_answers_are(new_page, invitation):
    page = new_page(**PHONE)
    page.goto(invitation)
    preview, late = page.locator("#public-preview"), []

    def answer(route):
        """The last choice at once; the others when that answer has been shown."""
        if "attribution=none&" in route.request.post_data:
            route.continue_()
        else:
            late.append(route)

    page.route("**/preview", answer)
    for choice in ("Affiliation only", "Role only"):
        with page.expect_request("**/preview"):
            page.get_by_label(choice).check()
    with page.expect_response("**/preview"):
        page.get_by_label("No attribution").check()
    assert len(late) == 2
    for route in late:
        route.continue_()

    expect(preview).to_contain_text("A speaker")
    expect(preview).not_to_contain_text("Sam Speaker")
