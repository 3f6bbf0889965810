"""The pool's pages: only for organizers, filtered by plain links, decided after the mail was seen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.people import Role, RoleCategory
from app.domain.proposals import SeriesPreference
from app.domain.reviews import Vote
from app.domain.states import MailState, ProposalState
from app.models import OutboxMessage, Proposal, Review, Topic
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def browser(sign_in, olu):
    return sign_in(olu)


def titles(answer):
    return [title for title in ("Alpha talk", "Beta talk", "Gamma talk") if title in answer.text]


@pytest.mark.parametrize("path", ["/pool", "/pool/KEY"])
def test_only_organizers_see_the_pool(session, sign_in, visitor, path):
    proposal = make_proposal(session, "Alpha talk")
    path = path.replace("KEY", proposal.key)
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))

    assert visitor.get(path).status_code == 303
    assert member.get(path).status_code == 404


@pytest.mark.parametrize("action", ["vote", "preview", "decide", "undo"])
def test_a_member_cannot_review(session, sign_in, action):
    proposal = make_proposal(session)
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))

    answer = member.post(f"/pool/{proposal.key}/{action}", {"vote": "yes", "verdict": "accepted", "version": 1})

    assert answer.status_code == 404
    assert (session.scalars(select(Review)).all(), proposal.state) == ([], ProposalState.SUBMITTED)


def test_the_pool_shows_what_waits_for_a_decision(session, browser):
    make_proposal(session, "Alpha talk")
    make_proposal(session, "Beta talk", state=ProposalState.ACCEPTED)
    make_proposal(session, "Gamma talk", state=ProposalState.DRAFT)

    assert titles(browser.get("/pool")) == ["Alpha talk"]
    assert titles(browser.get("/pool?state=accepted")) == ["Beta talk"]
    assert titles(browser.get("/pool?state=any")) == ["Alpha talk", "Beta talk"]


def test_a_draft_is_nobodys_business(session, browser):
    draft = make_proposal(session, state=ProposalState.DRAFT)

    assert browser.get(f"/pool/{draft.key}").status_code == 404
    assert titles(browser.get("/pool?state=draft")) == []


def test_the_pool_is_searched_and_filtered(session, browser, now):
    thursday, friday = make_series(session), make_series(session, "friday")
    alpha = make_proposal(
        session,
        "Alpha talk",
        speakers=(make_speaker("Zoë Ångström", affiliation="100% Rail_way"),),
        preference=SeriesPreference.ONE,
        preferred_series=thursday,
        submitted_at=now - timedelta(days=20),
    )
    beta = make_proposal(session, "Beta talk", preference=SeriesPreference.ONE, preferred_series=friday)
    alpha.topics = [Topic(slug="policy", name="Policy")]
    beta.speakers[0].role_category = RoleCategory.FOUNDATION
    make_proposal(session, "Gamma talk")

    found = {query: titles(browser.get(f"/pool?{query}")) for query in (
        "q=ALPHA", "q=Zo%C3%AB+rail", "q=100%25", "q=rail_way", "q=%25%25", "series=thursday", "topic=policy",
        "role=foundation", "waiting=14", "waiting=x&page=y&state=nonsense&role=nonsense", "q=%00%00", "page=99999999",
    )}  # fmt: skip

    everything = ["Alpha talk", "Beta talk", "Gamma talk"]
    assert found == {
        "q=ALPHA": ["Alpha talk"],
        "q=Zo%C3%AB+rail": ["Alpha talk"],
        "q=100%25": ["Alpha talk"],
        "q=rail_way": ["Alpha talk"],
        "q=%25%25": [],
        "series=thursday": ["Alpha talk", "Gamma talk"],
        "topic=policy": ["Alpha talk"],
        "role=foundation": ["Beta talk"],
        "waiting=14": ["Alpha talk"],
        "waiting=x&page=y&state=nonsense&role=nonsense": everything,
        "q=%00%00": everything,
        "page=99999999": everything,
    }


def test_htmx_gets_the_list_alone(session, browser):
    make_proposal(session, "Alpha talk")

    answer = browser.get("/pool", headers={"HX-Request": "true"})

    assert answer.text.strip().startswith('<section class="panel" id="pool-list"')
    assert "HX-Request" in answer.headers["Vary"]


def test_one_and_thirty_proposals_take_the_same_number_of_queries(app, session, browser):
    def queries():
        counted = []
        with app.app_context():
            from app.extensions import db

            engine = db.engine
        listener = lambda *_: counted.append(1)  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        assert browser.get("/pool").status_code == 200
        event.remove(engine, "before_cursor_execute", listener)
        return len(counted)

    make_proposal(session, "Alpha talk")
    one = queries()
    for number in range(29):
        make_proposal(session, f"Talk number {number}", speakers=(make_speaker(f"S{number} Speaker"),))

    assert queries() == one


def test_the_pool_is_paged(session, browser):
    for number in range(51):
        make_proposal(session, f"Talk number {number:02}")

    first, second = browser.get("/pool").text, browser.get("/pool?page=2").text

    assert (first.count("pool-row-main"), second.count("pool-row-main")) == (50, 1)


def test_a_vote_is_cast_from_the_page(session, browser, olu):
    proposal = make_proposal(session)

    answer = browser.post(f"/pool/{proposal.key}/vote", {"vote": "yes", "comment": "<b>Good</b>"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/pool/{proposal.key}")
    review = session.scalars(select(Review)).one()
    assert (review.vote, review.organizer_id) == (Vote.YES, olu.id)
    assert "&lt;b&gt;Good" in browser.get(f"/pool/{proposal.key}").text


def test_a_vote_that_cannot_be_read_keeps_the_comment(session, browser):
    proposal = make_proposal(session)

    answer = browser.post(f"/pool/{proposal.key}/vote", {"vote": "maybe", "comment": "I wonder"})

    assert answer.status_code == 422
    assert "Choose yes, no or abstain." in answer.text
    assert "I wonder" in answer.text


def test_the_page_says_when_the_speakers_cannot_and_leads_to_the_talks(session, browser):
    touchpoint = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    proposal = make_proposal(session, "Alpha talk", state=ProposalState.ACCEPTED)
    proposal.away_weekdays, proposal.away_touchpoints = [5], [touchpoint]
    talk = make_talk(session, proposal, touchpoint)
    session.flush()

    page = browser.get(f"/pool/{proposal.key}")

    assert [part for part in ("Not on", "Fridays", "Thu 3 Dec, 14:00") if part in page.text] == [
        "Not on",
        "Fridays",
        "Thu 3 Dec, 14:00",
    ]
    assert f'href="/talks/{talk.key}"' in page.text


def test_ones_own_proposal_has_no_vote_and_no_decision(session, browser, olu):
    make_person(session, "Ines Organizer", role=Role.ORGANIZER)
    own = make_proposal(session, owner=olu)

    page = browser.get(f"/pool/{own.key}").text

    assert 'name="vote"' not in page
    assert 'name="verdict"' not in page
    assert browser.post(f"/pool/{own.key}/vote", {"vote": "yes"}).status_code == 403


def test_a_decision_is_previewed_sent_and_undone(session, browser):
    proposal = make_proposal(session)
    path, form = f"/pool/{proposal.key}", {"verdict": "accepted", "message": "See you there."}
    browser.post(f"{path}/vote", {"vote": "yes"})
    session.refresh(proposal)
    form["version"] = proposal.version

    preview = browser.post(f"{path}/preview", form)
    assert preview.status_code == 200
    assert "See you there." in preview.text
    assert session.scalars(select(OutboxMessage)).all() == []

    assert browser.post(f"{path}/decide", form).status_code == 303
    session.refresh(proposal)
    assert proposal.state is ProposalState.ACCEPTED
    assert "Undo the decision" in browser.get(path).text

    assert browser.post(f"{path}/undo", {"version": proposal.version}).status_code == 303
    session.refresh(proposal)
    assert proposal.state is ProposalState.SUBMITTED
    assert [row.state for row in session.scalars(select(OutboxMessage))] == [MailState.CANCELLED]


def test_going_back_from_the_preview_keeps_the_words(session, browser):
    proposal = make_proposal(session)
    form = {"verdict": "declined", "message": "Kept words", "ground": "committee", "version": proposal.version}

    page = browser.post(f"/pool/{proposal.key}/preview", {**form, "back": "1"})

    assert page.status_code == 200
    assert "Kept words</textarea>" in page.text
    assert 'name="verdict" value="declined" checked' in page.text
    assert 'name="ground" value="committee" checked' in page.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"verdict": "declined", "message": ""}, "Say why, in words that the volunteer will read."),
        ({"verdict": "accepted", "message": "Kept words"}, "This needs 1 votes of yes from the 1 who may vote."),
        ({"verdict": "declined", "message": "y" * 2001}, "At most 2000 characters"),
    ],
)
def test_a_decision_that_cannot_be_made_keeps_what_was_typed(session, browser, form, said):
    proposal = make_proposal(session)

    answer = browser.post(f"/pool/{proposal.key}/preview", {**form, "version": proposal.version})

    assert answer.status_code == 422
    assert said in answer.text
    assert form["message"] in answer.text
    assert "<title>Error: " in answer.text


@pytest.mark.parametrize("action", ["preview", "decide"])
def test_a_decision_without_a_verdict_is_refused(session, browser, action):
    proposal = make_proposal(session)

    assert browser.post(f"/pool/{proposal.key}/{action}", {"verdict": "submitted"}).status_code == 422


@pytest.mark.parametrize("version", ["0", "x", ""])
def test_a_decision_on_an_old_page_is_a_conflict(session, browser, version):
    proposal = make_proposal(session)

    answer = browser.post(f"/pool/{proposal.key}/decide", {"verdict": "accepted", "version": version})

    assert answer.status_code == 409
    assert session.get(Proposal, proposal.id).state is ProposalState.SUBMITTED
