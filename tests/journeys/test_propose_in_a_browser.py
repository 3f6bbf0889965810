"""Vera proposes a talk in a real browser: on a phone with scripts, and at a desk without."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.states import ProposalState
from app.models import OutboxMessage, Proposal
from app.services import links
from tests.cast import make_proposal, make_series, make_speaker, make_touchpoint
from tests.drafts import make_topics

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TITLE = "Running an OSPO with half a person"


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture(autouse=True)
def _scenery(session):
    make_topics(session)
    thursday, friday = make_series(session), make_series(session, "friday", hue="plum", shape="square")
    make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))
    make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
    session.commit()


def state(session):
    """The state of the only proposal. Ends the transaction: on SQLite it would keep the server from writing."""
    session.rollback()
    found = session.scalars(select(Proposal)).one().state
    session.rollback()
    return found


def last_mailed_path(session):
    """Where the link of the youngest mail leads. Ends the transaction."""
    session.rollback()
    message = session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.id.desc())).first()
    session.rollback()
    text = message_from_bytes(message, policy=policy.default).get_body(("plain",)).get_content()
    link = re.search(r"http://127\.0\.0\.1:\d+/\S+", text)[0]
    return urlsplit(link).path


def fill_the_talk(page):
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("What will people take away?").fill("The talk shows what **half** a person leaves out.")
    page.get_by_label("How does it help the ecosystem?").fill("Small offices learn what to leave out.")
    page.get_by_label("Culture").check()


def fill_the_speaker(page, group=0, name="Vera Volunteer"):
    speaker = page.locator("fieldset.group").nth(group)
    speaker.get_by_label("Name", exact=True).fill(name)
    speaker.get_by_label("Affiliation", exact=False).first.fill("Fjordbank")
    speaker.get_by_label("Place in the community").select_option("ospo")
    if group == 0:  # the others are asked themselves
        speaker.get_by_label("Name only").check()
        speaker.get_by_label("No", exact=True).check()


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_vera_begins_on_her_phone_and_finishes_from_the_mailed_link(new_page, session):
    phone = new_page(**PHONE)
    phone.goto("/propose")
    fill_the_talk(phone)
    expect(phone.locator("#draft-saved")).to_have_text(re.compile(r"Draft saved \d\d:\d\d"))
    expect(phone.locator("#public-preview .pv-t")).to_have_text(TITLE)
    expect(phone.locator("#public-preview strong")).to_have_text("half")
    fill_the_speaker(phone)
    expect(phone.locator("#speaker-0-affiliation-says")).to_have_text("Someone from Fjordbank")
    expect(phone.locator("#public-preview .pv-w")).to_have_text("Vera Volunteer")
    assert not scrolls_sideways(phone)
    phone.get_by_label("Your e-mail").fill("vera@example.org")
    phone.get_by_role("button", name="Save and finish later").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your draft is saved")
    assert not scrolls_sideways(phone)
    path = last_mailed_path(session)

    laptop = new_page()
    laptop.goto(path)
    expect(laptop.get_by_label("Title")).to_have_value(TITLE)
    expect(laptop.get_by_label("Name only")).to_be_checked()
    laptop.get_by_label("Chatham House Rule").check()
    laptop.get_by_role("button", name="Send proposal").click()
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    assert state(session) is ProposalState.UNCONFIRMED

    phone.goto(last_mailed_path(session))
    phone.get_by_role("button", name="Send to the organizers").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(phone.locator(".timeline")).to_contain_text("The organizers read it and vote")
    assert not scrolls_sideways(phone)
    assert state(session) is ProposalState.SUBMITTED


def test_speakers_come_and_go_and_the_focus_goes_with_them(new_page, session):
    page = new_page(**PHONE)
    page.goto("/propose")
    fill_the_speaker(page)
    page.get_by_role("button", name="Add another speaker").click()
    expect(page.locator("[name='speaker-1-name']")).to_be_focused()
    page.keyboard.type("Sam Speaker")
    expect(page.locator("#speaker-1")).to_contain_text("we ask them ourselves")
    expect(page.locator("[name='speaker-0-name']")).to_have_value("Vera Volunteer")
    page.get_by_role("button", name="Remove speaker 1").click()
    expect(page.get_by_role("button", name="Add another speaker")).to_be_focused()
    expect(page.locator("fieldset.group")).to_have_count(1)
    expect(page.locator("[name='speaker-1-name']")).to_have_value("Sam Speaker")
    expect(page.locator("#public-preview")).not_to_contain_text("Vera")


def test_a_reload_finds_what_was_typed(new_page, session):
    page = new_page()
    page.goto("/propose")
    fill_the_talk(page)
    fill_the_speaker(page)
    expect(page).to_have_url(re.compile("/propose/continue/"))
    page.reload()
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    expect(page.get_by_label("Name only")).to_be_checked()
    expect(page.locator("#public-preview .pv-w")).to_have_text("Vera Volunteer")
    page.get_by_role("button", name="Delete this draft").click()
    expect(page.get_by_label("Title")).to_have_value("")


def test_advice_appears_while_writing_and_goes_again(new_page):
    page = new_page()
    page.goto("/propose")
    abstract = page.get_by_label("What will people take away?")
    abstract.press_sequentially("We show how")
    expect(page.locator("#abstract-hint")).to_contain_text("third person")
    abstract.fill("Join at https://zoom.us/j/123")
    expect(page.locator("#abstract-hint")).to_contain_text("join link")
    abstract.fill("The talk shows how")
    expect(page.locator("#abstract-hint")).to_be_empty()


def test_a_faulty_form_opens_on_its_summary_whose_links_lead_to_the_fields(new_page):
    page = new_page()
    page.goto("/propose")
    page.get_by_label("Title").fill("Short")
    page.get_by_label("Title").press("Enter")
    expect(page.locator("#summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: Propose a talk"))
    page.get_by_role("link", name="Choose how this speaker may be named.").click()
    expect(page.locator("[name='speaker-0-attribution']").first).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value("Short")


def test_everything_is_done_by_keyboard(new_page, session, violations):
    page = new_page()
    page.goto("/propose")
    page.get_by_label("Title").focus()
    typed = [TITLE, "The talk shows what half a person leaves out.", "Small offices learn what to leave out."]
    for text in typed:
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    for key in ("Tab", "Tab", "Tab", "Space"):  # format, level, minutes; the first topic
        page.keyboard.press(key)
    expect(page.get_by_label("Culture")).to_be_checked()
    page.locator("[name='speaker-0-name']").focus()
    page.keyboard.type("Vera Volunteer")
    for key in ("Tab", "Tab", "Tab", "O", "Tab", "Space", "ArrowDown", "Tab", "Space"):
        page.keyboard.press(key)
    expect(page.get_by_label("Name only")).to_be_checked()
    page.get_by_label("Your e-mail").focus()
    page.keyboard.type("vera@example.org")
    for key in ("Tab", "Tab"):  # the link to the Rule comes after its box
        page.keyboard.press(key)
    page.get_by_label("Chatham House Rule").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send proposal").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    assert violations(page) == []


def test_without_scripts_everything_works_by_plain_forms(new_page, session):
    page = new_page(java_script_enabled=False, **PHONE)
    page.goto("/propose")
    fill_the_talk(page)
    fill_the_speaker(page)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#public-preview .pv-t")).to_have_text(TITLE)
    page.get_by_role("button", name="Add another speaker").click()
    fill_the_speaker(page, 1, "Sam Speaker")
    page.get_by_role("button", name="Remove speaker 2").click()
    expect(page.locator("fieldset.group")).to_have_count(1)
    page.get_by_role("button", name="Send proposal").click()
    expect(page.locator("#summary")).to_contain_text("Give an e-mail address")
    page.get_by_label("Your e-mail").fill("vera@example.org")
    page.get_by_label("Chatham House Rule").check()
    page.get_by_role("button", name="Send proposal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(last_mailed_path(session))
    page.get_by_role("button", name="Send to the organizers").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title").fill("Running an OSPO alone")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Running an OSPO alone")
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw").click()
    assert state(session) is ProposalState.WITHDRAWN


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(
    "screen", [{}, PHONE, {"viewport": {"width": 320, "height": 640}}], ids=["desk", "phone", "320"]
)
def test_no_page_of_the_volunteer_shuts_anybody_out(new_page, violations, session, site, colours, screen):
    proposal = make_proposal(session, speakers=(make_speaker(), make_speaker("Kim Speaker")))
    waiting = make_proposal(session, state=ProposalState.UNCONFIRMED)
    draft = make_proposal(session, state=ProposalState.DRAFT)
    session.commit()
    own = links.proposal_path(proposal, site=site)
    paths = ["/propose", links.draft_path(draft, site=site), links.address_path(waiting, site=site), own]
    session.rollback()
    page = new_page(color_scheme=colours, **screen)
    for path in [*paths, f"{own}/edit", f"{own}/withdraw", "/propose/sent"]:
        page.goto(path)
        assert (path, violations(page), scrolls_sideways(page)) == (path, [], False)
    page.goto("/propose")
    page.get_by_role("button", name="Send proposal").click()
    expect(page.locator("#summary")).to_be_focused()
    assert (violations(page), scrolls_sideways(page)) == ([], False)
