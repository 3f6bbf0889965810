"""The board's pages: everything works by links and forms alone, and htmx gets the same board anew."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import ProposalState, TalkState, TouchpointState
from app.models import Talk
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def browser(sign_in, olu):
    return sign_in(olu)


@pytest.fixture
def december(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=45)


@pytest.fixture
def january(session, december):
    return make_touchpoint(session, december.series, datetime(2027, 1, 14, 14), talk_minutes=20)


@pytest.fixture
def proposal(session):
    return make_proposal(session, "Upstream first", state=ProposalState.ACCEPTED, minutes=25)


def read(answer):
    return BeautifulSoup(answer.text, "html.parser")


def said(answer):
    return read(answer).select_one(".toast span").get_text()


def move(browser, card, to, version, **options):
    return browser.post(f"/board/move/{card}", {"to": str(to), "version": str(version)}, **options)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/board"),
        ("get", "/board/changes"),
        ("get", "/board/move/talk-1"),
        ("post", "/board/move/talk-1"),
        ("post", "/board/invite/1"),
        ("post", "/board/invite-all/1"),
        ("post", "/board/undo"),
    ],
)
def test_only_organizers_have_a_board(session, visitor, sign_in, method, path):
    stranger = getattr(visitor, method)(path)
    assert (stranger.status_code, stranger.location.partition("?")[0]) == (303, "/sign-in")
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))
    assert getattr(member, method)(path).status_code == 404


def test_the_board_shows_the_inbox_and_a_column_for_each_series(browser, december, proposal):
    page = read(browser.get("/board"))
    assert page.title.get_text().startswith("Board")
    [card] = page.select(".inbox .card")
    assert card.select_one(".card-title").get_text() == "Upstream first"
    assert [column.h2.get_text(strip=True) for column in page.select(".col")] == ["ThursdayEurope Chapter and OSPOlogy"]
    assert page.select_one(f"#slot-{december.id} .hint").get_text(strip=True) == "Needs a speaker, 17 days left"


def test_each_card_carries_the_verdicts_of_the_slots_as_data(browser, december, january, proposal):
    card = read(browser.get("/board")).select_one(".inbox .card")
    assert json.loads(unescape(card["data-verdicts"])) == {
        str(december.id): ["yes", "Fits, 20 spare"],
        str(january.id): ["no", "5 min too long"],
    }


def test_the_handle_is_a_link_to_a_page_with_every_date(browser, december, january, proposal):
    handle = read(browser.get("/board")).select_one(".inbox .grip")["href"]
    page = read(browser.get(handle))
    choices = {choice["value"]: choice.has_attr("disabled") for choice in page.select("input[name=to]")}
    assert choices == {str(december.id): False, str(january.id): True, "inbox": False}
    assert "5 min too long" in page.get_text()
    assert len(page.select("h1")) == 1


def test_the_dialog_is_the_same_form(browser, december, proposal):
    page, partial = (browser.get(f"/board/move/proposal-{proposal.id}", **options) for options in ({}, HTMX))
    assert partial.text.lstrip().startswith("<form")
    fields = [[field.get("value") for field in read(answer).select("input[name=to]")] for answer in (page, partial)]
    assert fields[0] == fields[1]


def test_a_card_is_moved_by_plain_forms(session, browser, december, january, proposal):
    answer = move(browser, f"proposal-{proposal.id}", december.id, proposal.version)
    talk = session.scalars(select(Talk)).one()
    assert (answer.status_code, answer.location) == (303, f"/board#card-talk-{talk.id}")
    assert "“Upstream first” is on Thu 10 Dec." in browser.get("/board").text

    answer = move(browser, f"talk-{talk.id}", "inbox", talk.version)
    assert answer.location == f"/board#card-proposal-{proposal.id}"
    session.refresh(talk)
    assert talk.state is TalkState.RELEASED


def test_a_refused_move_shows_the_form_again_with_the_reason(browser, january, proposal):
    answer = move(browser, f"proposal-{proposal.id}", january.id, proposal.version)
    page = read(answer)
    assert answer.status_code == 422
    assert page.title.get_text().startswith("Error: ")
    assert page.select_one("#summary p").get_text() == "It cannot stand on Thu 14 Jan: 5 min too long."


def test_a_stale_move_is_a_conflict_that_says_who_did_what(session, browser, sign_in, december, january, proposal):
    version = proposal.version
    ines = sign_in(make_person(session, "Ines Organizer", role=Role.ORGANIZER))
    move(ines, f"proposal-{proposal.id}", december.id, version)

    plain = move(browser, f"proposal-{proposal.id}", december.id, version)
    assert plain.status_code == 409
    assert "Ines Organizer placed this talk just now." in read(plain).get_text()

    fresh = move(browser, f"proposal-{proposal.id}", december.id, version, **HTMX)
    assert fresh.status_code == 409
    assert said(fresh).startswith("Ines Organizer placed this talk just now.")
    assert [card["id"] for card in read(fresh).select(f"#slot-{december.id} .card")] == ["card-talk-1"]
    assert read(fresh).select(".inbox .card") == []


def test_htmx_gets_the_board_anew_and_a_toast_with_undo(browser, december, proposal):
    answer = move(browser, f"proposal-{proposal.id}", december.id, proposal.version, **HTMX)
    board = read(answer)
    assert answer.status_code == 200
    assert "HX-Request" in answer.headers["Vary"]
    assert board.select_one("#board .slot .card .card-title").get_text() == "Upstream first"
    assert said(answer) == "“Upstream first” is on Thu 10 Dec"
    assert board.select_one(".toast")["data-focus"] == "card-talk-1"
    assert board.select_one(".toast form")["action"] == "/board/undo"


def test_a_toast_says_what_an_organizer_may_want_to_think_of(session, browser, december, proposal):
    proposal.speakers[0].time_zone = "Asia/Tokyo"
    december.local_start, december.starts_at = datetime(2026, 12, 10, 17), december.starts_at + timedelta(hours=3)
    answer = move(browser, f"proposal-{proposal.id}", december.id, proposal.version, **HTMX)
    assert said(answer) == "“Upstream first” is on Thu 10 Dec. 01:00 in Tokyo."


def test_a_call_that_somebody_filled_since_is_a_conflict_that_names_them(
    session, browser, sign_in, december, january, proposal
):
    other = make_proposal(session, "First", state=ProposalState.ACCEPTED, minutes=20)
    card, page = f"proposal-{proposal.id}", read(browser.get(f"/board/move/proposal-{other.id}"))
    shown = page.select_one(f"input[name='shown-{january.id}']")["value"]
    assert read(browser.get("/board")).select_one(f"#slot-{january.id}")["data-version"] == shown
    proposal.minutes = 15
    session.commit()
    ines = sign_in(make_person(session, "Ines Organizer", role=Role.ORGANIZER))
    move(ines, f"proposal-{other.id}", january.id, other.version)

    seen = {"to": str(january.id), "version": str(proposal.version), f"shown-{january.id}": shown}
    plain, fresh = (browser.post(f"/board/move/{card}", seen, **options) for options in ({}, HTMX))

    words = "Ines Organizer changed Thu 14 Jan just now, and now: 15 min too long. Nothing was written"
    assert (plain.status_code, read(plain).select_one("#summary p").get_text()) == (409, f"{words}.")
    assert (fresh.status_code, said(fresh)) == (409, words)
    assert [title.get_text() for title in read(fresh).select(f"#slot-{january.id} .card-title")] == ["First"]


def test_a_place_beyond_what_is_shown_is_linked(browser, session, december, proposal):
    far = make_touchpoint(session, december.series, datetime(2027, 6, 10, 14), talk_minutes=45)
    answer = move(browser, f"proposal-{proposal.id}", far.id, proposal.version, **HTMX)
    assert read(answer).select_one(".toast a")["href"] == "/board?from=2027-06#card-talk-1"


def test_a_refused_move_of_htmx_comes_with_the_board_and_the_reason(browser, january, proposal):
    answer = move(browser, f"proposal-{proposal.id}", january.id, proposal.version, **HTMX)
    assert (answer.status_code, said(answer)) == (422, "It cannot stand on Thu 14 Jan: 5 min too long")
    assert read(answer).select_one(".toast-bad form") is None
    assert len(read(answer).select(".inbox .card")) == 1


@pytest.mark.parametrize("to", ["", "nowhere", "-1", "1e3", "9" * 30, "²"])
def test_nonsense_is_refused_in_words(browser, december, proposal, to):
    answer = move(browser, f"proposal-{proposal.id}", to, proposal.version)
    assert answer.status_code == 422
    assert "Choose where to put it." in answer.text


def test_a_proposal_cannot_be_put_back_into_the_inbox_that_it_is_in(browser, december, proposal):
    answer = move(browser, f"proposal-{proposal.id}", "inbox", proposal.version)
    assert answer.status_code == 422
    assert "in the inbox already" in answer.text


def test_what_is_gone_is_not_found(browser, december, proposal):
    assert browser.get("/board/move/talk-4711").status_code == 404
    assert move(browser, "talk-4711", december.id, 1).status_code == 404
    assert move(browser, f"proposal-{proposal.id}", 4711, proposal.version).status_code == 404
    assert browser.get("/board/move/person-1").status_code == 404
    assert browser.get(f"/board/move/talk-{10**30}").status_code == 404
    gone = move(browser, "talk-4711", december.id, 1, **HTMX)
    assert (gone.status_code, said(gone)) == (404, "It is not on the board any more")


def test_a_position_is_where_the_card_was_dropped(session, browser, december):
    for position, title in enumerate("AB"):
        make_talk(session, make_proposal(session, title, state=ProposalState.ACCEPTED, minutes=10), december,
                  position=position)  # fmt: skip
    third = make_proposal(session, "C", state=ProposalState.ACCEPTED, minutes=10)
    answer = browser.post(
        f"/board/move/proposal-{third.id}", {"to": str(december.id), "version": "1", "position": "1"}, **HTMX
    )
    assert [title.get_text() for title in read(answer).select(".slot .card-title")] == ["A", "C", "B"]


def test_one_card_or_all_holds_are_invited(session, browser, december):
    talks = [
        make_talk(session, make_proposal(session, title, state=ProposalState.ACCEPTED, minutes=10), december,
                  position=position)
        for position, title in enumerate("ABC")
    ]  # fmt: skip
    one = browser.post(f"/board/invite/{talks[0].id}", {"version": str(talks[0].version)}, **HTMX)
    assert said(one) == "The speakers of “A” are asked to confirm"

    rest = browser.post(f"/board/invite-all/{december.id}", **HTMX)
    assert said(rest) == "The speakers of 2 talks on Thu 10 Dec are asked to confirm"
    assert read(rest).select(f"#slot-menu-{december.id} form") == []

    nobody = browser.post(f"/board/invite-all/{december.id}", **HTMX)
    assert (nobody.status_code, said(nobody)) == (422, "There is no hold on this call: nobody is left to invite")


def test_a_refused_invitation_without_javascript_is_a_page(session, browser, december):
    talk = make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), december, state=TalkState.INVITED)
    answer = browser.post(f"/board/invite/{talk.id}", {"version": str(talk.version)})
    assert answer.status_code == 422
    assert "have been asked already" in answer.text


def test_undo_is_a_form_on_the_page_while_there_is_something_to_undo(browser, december, proposal):
    assert read(browser.get("/board")).select("[data-undo]") == []
    move(browser, f"proposal-{proposal.id}", december.id, proposal.version)

    form = read(browser.get("/board")).select_one("[data-undo]")
    answer = browser.post(form["action"])

    assert answer.location == f"/board#card-proposal-{proposal.id}"
    assert "Undone: “Upstream first” is in the inbox again." in browser.get("/board").text


def test_undo_says_where_the_talk_stands_again(session, browser, december, january):
    small = make_proposal(session, "Small", state=ProposalState.ACCEPTED, minutes=10)
    talk = make_talk(session, small, december)
    other = make_talk(session, make_proposal(session, "Other", state=ProposalState.ACCEPTED, minutes=10), january)
    move(browser, f"talk-{talk.id}", january.id, talk.version)
    assert said(browser.post("/board/undo", **HTMX)) == "Undone: “Small” is on Thu 10 Dec again"

    browser.post(f"/board/move/talk-{other.id}", {"to": str(december.id), "version": str(other.version)})
    browser.post(f"/board/invite-all/{december.id}")
    assert said(browser.post("/board/undo", **HTMX)) == "Undone for 2 talks"


def test_the_board_is_sent_anew_only_when_something_changed(browser, december, proposal):
    page = read(browser.get("/board"))
    poll = page.select_one("#board-poll")["hx-get"]
    assert browser.get(poll, **HTMX).status_code == 204

    move(browser, f"proposal-{proposal.id}", december.id, proposal.version)

    answer = browser.get(poll, **HTMX)
    assert answer.status_code == 200
    assert read(answer).select_one("#board .slot .card") is not None
    assert browser.get(read(answer).select_one("#board-poll")["hx-get"], **HTMX).status_code == 204


def test_search_and_series_are_a_plain_form_that_survives_every_change(session, browser, december, proposal):
    make_proposal(session, "Another thing", state=ProposalState.ACCEPTED)
    page = read(browser.get("/board?q=upstream&series=thursday&from=2026-12"))
    assert [title.get_text() for title in page.select(".inbox .card-title")] == ["Upstream first"]
    assert page.select_one("#inbox-q")["value"] == "upstream"

    action = page.select_one(".inbox .card")["data-move"]
    answer = browser.post(action, {"to": str(december.id), "version": str(proposal.version)})
    assert answer.location == "/board?from=2026-12&q=upstream&series=thursday#card-talk-1"
    assert "None of the 1 waiting proposals matches." in browser.get(answer.location).text


@pytest.mark.parametrize("month", ["", "2026-13", "1999-01", "../..", "2026-1", "²026-01"])
def test_nonsense_in_the_address_is_the_board_of_today(browser, december, month):
    answer = browser.get("/board", query_string={"from": month, "q": "\x00" * 500 + "x" * 500, "series": "y" * 500})
    assert answer.status_code == 200
    assert read(answer).select_one(".pager span").get_text() == "Dec 2026 – Feb 2027"


def test_another_quarter_is_a_link_away(browser, december):
    links = read(browser.get("/board")).select(".pager a")
    assert [link["href"] for link in links] == ["/board?from=2026-09", "/board?from=2027-03"]


def test_a_skipped_call_takes_no_card(session, browser, december, proposal):
    december.state, december.reason = TouchpointState.SKIPPED, "New Year’s Day"
    slot = read(browser.get("/board")).select_one(f"#slot-{december.id}")
    assert slot.select("[data-list]") == []
    assert "New Year’s Day. Subscribers never saw a talk on it." in slot.get_text()


def test_what_people_wrote_is_never_markup(session, browser, december):
    proposal = make_proposal(session, "<b>T</b>'\"&", state=ProposalState.ACCEPTED)
    proposal.speakers[0].affiliation = "<script>alert(1)</script>'\""
    talk = make_talk(session, proposal, december, state=TalkState.DECLINED)
    talk.confirmations[0].words = "<img src=x onerror=alert(1)>"
    other = make_proposal(session, "Other", state=ProposalState.ACCEPTED)
    other.speakers[0].affiliation = proposal.speakers[0].affiliation
    text = browser.get("/board").text
    for markup in ("<b>T", "<script>alert", "<img src"):
        assert markup not in text
    card = read(browser.get("/board")).select_one(".inbox .card")
    verdict = json.loads(card["data-verdicts"])[str(december.id)]
    assert verdict == ["warn", "<script>alert(1)</script>'\" twice on this call"]


def test_the_board_needs_the_token_of_a_page(browser, december, proposal):
    answer = browser.client.post(f"/board/move/proposal-{proposal.id}", data={"to": str(december.id), "version": "1"})
    assert answer.status_code == 400
