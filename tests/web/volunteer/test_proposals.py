"""Whoever has a proposal's link follows, corrects and withdraws that proposal, and no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.people import Role
from app.domain.states import ProposalState, TalkState
from app.models import AuditEvent, Proposal
from app.services import links, publishing
from app.services.proposal_content import draft_of
from app.web.proposal_form import ProposalForm
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint
from tests.drafts import make_topics

HTMX = {"HX-Request": "true"}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def vera(session):
    return make_person(session, "Vera Volunteer")


@pytest.fixture
def call(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))


@pytest.fixture
def proposal(session, vera):
    make_topics(session)
    proposal = make_proposal(session, owner=vera, speakers=(make_speaker("Vera Volunteer"), make_speaker()))
    session.commit()
    return proposal


@pytest.fixture
def path(proposal, site):
    return links.proposal_path(proposal, site=site)


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def fields_of(proposal, **changes):
    fields = {name: list(values) for name, values in ProposalForm.of(draft_of(proposal)).fields.items()}
    return {**fields, "topics": ["culture"], "version": str(proposal.version), **changes}


def fresh(session, proposal):
    session.expire_all()
    return session.get(Proposal, proposal.id)


def test_its_page_says_where_the_text_names_whom_its_speakers_keep_back(visitor, session, proposal, path):
    assert not soup(visitor.get(path)).select("mark")
    proposal.speakers[0].attribution, proposal.abstract = Attribution.ROLE, "Vera shows how."
    session.commit()
    assert [mark.text for mark in soup(visitor.get(path)).select("mark")] == ["Vera"]


def test_the_page_says_what_happens_and_what_the_proposal_says(visitor, path, proposal):
    page = soup(visitor.get(path))

    assert page.h1.text == proposal.title
    assert [step.contents[0].strip() for step in page.select(".timeline-title")][:2] == [
        "Sent",
        "The organizers read it and vote",
    ]
    assert "Monday 4 December" not in page.text
    assert "Kestrel Works" in page.text
    assert page.select_one("#public-preview .pv-t").text == proposal.title


def test_the_page_is_kept_by_nobody(visitor, path):
    for each in (path, f"{path}/edit", f"{path}/withdraw"):
        answer = visitor.get(each)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert 'content="noindex' in answer.text


def test_the_date_shows_once_the_speaker_was_asked(visitor, session, proposal, path, call, clock):
    proposal.state = ProposalState.ACCEPTED
    talk = make_talk(session, proposal, call)
    assert "10 December" not in visitor.get(path).text

    talk.state, talk.invited_at, talk.answer_by = TalkState.INVITED, clock.now, clock.now + timedelta(days=7)
    clock.advance(timedelta(hours=1))
    page = soup(visitor.get(path))
    assert "Thursday 10 December, 14:00\u201315:00 Madrid" in " ".join(
        page.select_one("#proposal-timeline").text.split()
    )
    assert "by Monday 30 November" in " ".join(page.select_one("#proposal-timeline").text.split())


def test_a_confirmed_talk_links_to_its_public_page(visitor, session, proposal, path, call, site, now):
    proposal.state = ProposalState.ACCEPTED
    make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    publishing.publish_touchpoint(session, call, site=site, now=now)

    link = soup(visitor.get(path)).select_one("#proposal-timeline a")
    assert link["href"] == f"/touchpoints/{call.key}"
    assert visitor.get(link["href"]).status_code == 200


def test_an_overdue_answer_of_the_organizers_is_called_late(visitor, path, clock):
    clock.advance(timedelta(days=20))

    assert "(late)" in soup(visitor.get(path)).select_one("#proposal-timeline").text


@pytest.mark.parametrize("tail", ["", "/edit", "/withdraw"])
def test_a_forged_link_opens_nothing(visitor, path, tail):
    assert visitor.get(f"{path}x{tail}").status_code == 404
    assert visitor.get(f"/proposals/WzEsIngiXQ.x{tail}").status_code == 404


@pytest.mark.parametrize("tail", ["/edit", "/edit/preview", "/edit/speakers", "/withdraw"])
def test_a_forged_link_changes_nothing(visitor, session, proposal, path, tail):
    assert visitor.post(f"{path}x{tail}", fields_of(proposal)).status_code == 404
    assert fresh(session, proposal).state is ProposalState.SUBMITTED


@pytest.mark.parametrize("kind", ["address_path", "draft_path"])
def test_links_of_other_purposes_open_no_page(visitor, proposal, site, kind):
    token = getattr(links, kind)(proposal, site=site).rpartition("/")[2]

    assert visitor.get(f"/proposals/{token}").status_code == 404


def test_a_correction_is_saved(visitor, session, proposal, path):
    answer = visitor.post(f"{path}/edit", fields_of(proposal, title="Downstream second"))

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert fresh(session, proposal).title == "Downstream second"
    assert [speaker.name for speaker in proposal.speakers] == ["Vera Volunteer", "Sam Speaker"]
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.actor, event.person_id) == ("proposal.edited", "link", None)


def test_the_edit_page_holds_what_is_stored(visitor, session, proposal, path):
    page = soup(visitor.get(f"{path}/edit"))

    assert page.select_one("[name='title']")["value"] == proposal.title
    assert page.select_one("[name='version']")["value"] == str(proposal.version)
    assert page.select_one("[name='speaker-1-name']")["value"] == "Sam Speaker"
    assert not page.select("[name='email'], [name='acknowledged']")


def test_a_signed_in_volunteer_is_named_in_the_trail(sign_in, session, vera, proposal, path):
    sign_in(vera).post(f"{path}/edit", fields_of(proposal, title="Downstream second"))

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal.edited")).one()
    assert (event.actor, event.person_id) == ("link", vera.id)


def test_a_faulty_correction_keeps_what_was_typed(visitor, session, proposal, path):
    answer = visitor.post(f"{path}/edit", fields_of(proposal, title="Short", abstract="Much better words."))
    page = soup(answer)

    assert (answer.status_code, page.select_one("[name='title']")["value"]) == (422, "Short")
    assert page.select_one("[name='abstract']").text.strip() == "Much better words."
    assert page.title.text.startswith("Error: ")
    assert fresh(session, proposal).title != "Short"


def test_both_states_are_said_in_words(visitor, session, proposal, path, call):
    mine = fields_of(
        proposal,
        away=[call.key],
        away_weekdays=["1"],
        preference="one:thursday",
        **{"speaker-0-attribution": "none", "speaker-0-role": "foundation", "speaker-0-recording": "no"},
    )
    visitor.post(f"{path}/edit", fields_of(proposal))
    page = soup(visitor.post(f"{path}/edit", mine))

    rows = {row.th.text: [cell.text for cell in row.select("td")] for row in page.select(".wasnow tbody tr")}
    assert rows == {
        "Which call": ["Either", "Europe Chapter and OSPOlogy"],
        "Weekdays that do not suit": ["\u2013", "Mondays"],
        "Dates that do not suit": ["\u2013", "10 December 2026"],
        "Speaker 1: place in the community": ["OSPO member", "Foundation staff"],
        "Speaker 1: naming": ["Name and affiliation", "No attribution"],
        "Speaker 1: recording": ["Yes", "No"],
    }


def test_the_preview_makes_way_for_the_public_page(visitor, session, proposal, path, call):
    assert soup(visitor.get(path)).select_one("#public-preview") is not None
    proposal.state = ProposalState.ACCEPTED
    make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    assert soup(visitor.get(path)).select_one("#public-preview") is None


def test_two_who_edit_at_once_see_both_states(visitor, session, proposal, path):
    mine = fields_of(proposal, title="What I wrote")
    visitor.post(f"{path}/edit", fields_of(proposal, title="What they wrote"))
    answer = visitor.post(f"{path}/edit", mine)
    page = soup(answer)

    assert answer.status_code == 409
    assert (page.select_one("del").text, page.select_one("ins").text) == ("What they wrote", "What I wrote")
    assert page.select_one("[name='title']")["value"] == "What I wrote"
    assert fresh(session, proposal).title == "What they wrote"
    again = {**mine, "version": page.select_one("[name='version']")["value"]}
    assert visitor.post(f"{path}/edit", again).status_code == 303
    assert fresh(session, proposal).title == "What I wrote"


@pytest.mark.parametrize("version", ["", "nonsense", None])
def test_a_form_without_a_version_is_stale(visitor, session, proposal, path, version):
    assert visitor.post(f"{path}/edit", fields_of(proposal, version=version)).status_code == 409


def test_after_acceptance_the_page_says_what_to_do(visitor, session, proposal, path):
    proposal.state = ProposalState.ACCEPTED

    for answer in (visitor.get(f"{path}/edit"), visitor.post(f"{path}/edit", fields_of(proposal))):
        assert answer.status_code == 422
        assert "the page to confirm lets you correct it" in answer.text
    assert f"{path}/edit" not in visitor.get(path).text


def test_the_edit_page_previews_and_changes_speakers(visitor, session, proposal, path):
    fields = fields_of(proposal, title="Downstream second")
    preview = soup(visitor.post(f"{path}/edit/preview", fields, headers=HTMX))
    assert preview.select_one(".pv-t").text == "Downstream second"
    longer = soup(visitor.post(f"{path}/edit/speakers", {**fields, "add": "1"}, headers=HTMX))
    assert len(longer.select("fieldset.group")) == 3
    assert longer.select_one("[name='add']")["hx-post"] == f"{path}/edit/speakers"
    whole = soup(visitor.post(f"{path}/edit/speakers", {**fields, "remove": "0"}))
    assert len(whole.select("fieldset.group")) == 1
    assert whole.h1.text == "Edit your proposal"
    assert fresh(session, proposal).title != "Downstream second"


def test_withdrawing_asks_first(visitor, session, proposal, path):
    page = soup(visitor.get(f"{path}/withdraw"))
    assert "and the other speakers are told" in page.text
    assert fresh(session, proposal).state is ProposalState.SUBMITTED

    answer = visitor.post(f"{path}/withdraw")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert fresh(session, proposal).state is ProposalState.WITHDRAWN
    assert "Withdrawn" in visitor.get(path).text
    assert "nothing to withdraw" in visitor.get(f"{path}/withdraw").text


def test_a_talk_that_was_given_is_not_withdrawn(visitor, session, proposal, path, call, clock):
    proposal.state = ProposalState.ACCEPTED
    make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    session.commit()
    clock.now = call.ends_at

    assert visitor.post(f"{path}/withdraw").status_code == 422
    assert fresh(session, proposal).state is ProposalState.ACCEPTED


def test_my_proposals_ask_a_stranger_to_sign_in(visitor):
    answer = visitor.get("/my/proposals")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/my/proposals")


def test_my_proposals_are_listed_with_what_is_next(sign_in, session, vera, proposal, path):
    make_proposal(session, "", owner=vera, state=ProposalState.DRAFT)
    make_proposal(session, "Of somebody else", email="nora@example.org")
    page = soup(sign_in(vera).get("/my/proposals"))

    titles = {title.text.strip() for title in page.select(".rows-title")}
    assert titles == {proposal.title, "A draft without a title"}
    assert page.select_one(f"a[href='{path}']") is not None
    assert "The organizers read it and vote, by 4 December" in " ".join(page.text.split())


def test_an_empty_list_invites_to_propose(sign_in, session):
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    page = soup(sign_in(olu).get("/my/proposals"))

    assert "Nothing proposed yet" in page.text
    assert page.select_one("main a[href='/propose']") is not None
