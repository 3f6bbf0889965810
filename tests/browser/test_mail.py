"""Mail in real Chromium: a developer presses the button of a mail, an organizer reads the outbox."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import MailState
from app.models import OutboxMessage
from app.services import notifying
from tests.cast import make_person, make_proposal


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


def test_the_button_of_a_mail_opens_the_page_it_names(page, session, site, now, violations):
    proposal = make_proposal(session)
    title = proposal.title
    notifying.notify_received(session, proposal, site=site, now=now)
    session.commit()
    page.goto("/dev/mail")
    page.get_by_role("button", name="Send all now").click()
    page.get_by_role("link", name="We have your proposal").click()
    assert violations(page) == []
    page.frame_locator("iframe").get_by_role("link", name="See your proposal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_outbox_can_be_read_by_everybody(
    new_page, live_server, sign_in, session, site, now, violations, scheme, width
):
    notifying.notify_received(session, make_proposal(session), site=site, now=now)
    row = session.scalars(select(OutboxMessage)).one()
    row.state, row.last_error = (
        MailState.PARKED,
        "550 5.1.1 Nobody here by that name, nor has ever been, says the server",
    )
    cookie = sign_in(make_person(session, "Olu", role=Role.ORGANIZER)).client.get_cookie("touchpoints")
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
    page.goto("/mail")
    for _ in range(2):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("#mail-list .rows-title a").or_(page.get_by_role("link", name="Mail", exact=True)).first.click()
    page.goto("/mail")
    page.get_by_role("combobox", name="Show").select_option("waiting")
    expect(page.get_by_role("heading", name="No mail here")).to_be_visible()
    page.goto("/mail?box=parked")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("leaves again within a minute")).to_be_visible()
