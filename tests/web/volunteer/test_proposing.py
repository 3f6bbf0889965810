"""Anyone proposes a talk with a plain form: nothing typed is lost, nothing sent twice, nothing ticked beforehand."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, select

from app.domain.proposals import MAX_MAILS_A_DAY, MAX_OPEN
from app.domain.publication import Audience
from app.domain.states import ProposalState
from app.extensions import db
from app.models import OutboxMessage, Proposal, Series
from app.services import links
from tests.cast import make_person, make_proposal, make_series, make_touchpoint
from tests.drafts import FIELDS, FORM_KEY, TITLE, make_topics

HTMX = {"HX-Request": "true"}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture(autouse=True)
def _scenery(session):
    make_topics(session)
    thursday = make_series(session)
    make_series(session, "friday", audience=Audience.MEMBERS, hue="plum")
    make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))


@pytest.fixture
def vera(session):
    return make_person(session, "Vera Volunteer")


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def value(page, name):
    return page.select_one(f"[name='{name}']").get("value")


def proposals(session):
    session.expire_all()
    return list(session.scalars(select(Proposal).order_by(Proposal.id)))


def kinds(session):
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def test_the_form_ticks_nothing_for_anybody(visitor):
    page = soup(visitor.get("/propose"))

    ticked = {(field["name"], field["value"]) for field in page.select("form#proposal-form input[checked]")}
    assert ticked == {("preference", "either")}
    assert len(value(page, "form_key")) == 32


def test_the_form_offers_what_the_tables_hold(visitor):
    page = soup(visitor.get("/propose"))

    assert [box["value"] for box in page.select("[name='topics']")] == ["culture", "tooling"]
    assert [box["value"] for box in page.select("[name='preference']")] == [
        "one:thursday",
        "one:friday",
        "either",
        "both",
    ]
    assert [box["value"] for box in page.select("[name='away_weekdays']")] == ["4"]
    assert "10 Dec" in page.select_one("#away").text


def test_where_there_is_one_series_it_is_chosen(visitor, session):
    friday = session.scalars(select(Series).where(Series.slug == "friday")).one()
    friday.ended_on = date(2026, 1, 1)
    page = soup(visitor.get("/propose"))

    (only,) = page.select("[name='preference']")
    assert (only["value"], only.has_attr("checked")) == ("one:thursday", True)


def test_a_signed_in_person_finds_their_profile_in_the_form(sign_in, vera):
    page = soup(sign_in(vera).get("/propose"))

    assert value(page, "email") == "vera@example.org"
    assert value(page, "speaker-0-name") == "Vera Volunteer"
    assert value(page, "speaker-0-affiliation") == "Example Org"


def test_the_zone_of_the_visitor_is_the_speakers(visitor):
    visitor.client.set_cookie("tz", "Asia/Tokyo")
    page = soup(visitor.get("/propose"))

    assert page.select_one("[name='speaker-0-zone'] [selected]")["value"] == "Asia/Tokyo"


def test_an_empty_form_comes_back_with_every_gap_named_twice(visitor, session):
    answer = visitor.post("/propose", {"form_key": FORM_KEY, "speaker": "0"})
    page = soup(answer)

    assert answer.status_code == 422
    assert page.title.text.startswith("Error: Propose a talk")
    summary = {link["href"].removeprefix("#"): link.text for link in page.select("#summary a")}
    assert list(summary)[:3] == ["title", "abstract", "benefit"]
    for field, sentence in summary.items():
        assert sentence in page.select_one(f"#{field}-error").text
        assert page.select_one(f"#{field}") is not None, f"the summary leads nowhere for {field}"
    assert proposals(session) == []


def test_what_was_typed_is_kept(visitor):
    page = soup(visitor.post("/propose", {**FIELDS, "minutes": "soon", "email": "nobody"}))

    assert (value(page, "minutes"), value(page, "email"), value(page, "title")) == ("soon", "nobody", TITLE)
    assert value(page, "form_key") == FORM_KEY
    assert page.select_one("[name='speaker-0-attribution'][value='name']").has_attr("checked")
    assert page.select_one("[name='acknowledged']").has_attr("checked")
    assert page.select_one("[name='topics'][value='culture']").has_attr("checked")


def test_sending_leads_to_the_mail_and_the_mail_to_the_organizers(visitor, new_visitor, session, site):
    answer = visitor.post("/propose", FIELDS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/propose/sent")
    assert "vera@example.org" in visitor.get("/propose/sent").text

    (proposal,) = proposals(session)
    path = links.address_path(proposal, site=site)
    elsewhere = new_visitor()  # the mail is read on another device
    page = soup(elsewhere.get(path))
    assert TITLE in page.text
    answer = elsewhere.post(path, {"version": value(page, "version")})
    assert (answer.status_code, answer.headers["Location"]) == (303, links.proposal_path(proposal, site=site))
    (proposal,) = proposals(session)
    assert (proposal.state, proposal.owner.email) == (ProposalState.SUBMITTED, "vera@example.org")
    assert kinds(session) == ["verify", "received"]

    assert elsewhere.get(path).headers["Location"] == links.proposal_path(proposal, site=site)
    assert elsewhere.post(path, {"version": "1"}).status_code == 303
    assert kinds(session) == ["verify", "received"]


def test_a_proposal_that_changed_since_it_was_read_is_not_confirmed(visitor, session, site):
    visitor.post("/propose", FIELDS)
    (proposal,) = proposals(session)
    path, version = links.address_path(proposal, site=site), proposal.version
    visitor.post("/propose", {**FIELDS, "title": "Something else altogether"})

    assert visitor.post(path, {"version": str(version)}).status_code == 409
    assert visitor.post(path, {}).status_code == 409
    assert proposals(session)[0].state is ProposalState.UNCONFIRMED


def test_a_mistyped_address_is_corrected_in_the_browser_that_sent_it(visitor, new_visitor, session):
    assert new_visitor().post("/propose/sent", {"email": "vera@example.org"}).status_code == 404
    visitor.post("/propose", {**FIELDS, "email": "vrea@example.org"})
    faulty = visitor.post("/propose/sent", {"email": "vera@"})
    assert (faulty.status_code, value(soup(faulty).select_one("main"), "email")) == (422, "vera@")

    assert visitor.post("/propose/sent", {"email": "vera@example.org"}).headers["Location"] == "/propose/sent"
    page = soup(visitor.get("/propose/sent"))
    assert "vera@example.org" in page.select_one(".lede").text
    assert [proposal.email for proposal in proposals(session)] == ["vera@example.org"]
    assert kinds(session) == ["verify", "verify"]
    for _ in range(MAX_MAILS_A_DAY):
        last = visitor.post("/propose/sent", {"email": "vera@example.org"})
    assert (last.status_code, "many mails" in last.text) == (429, True)


def test_nobody_else_sees_a_form_to_correct_an_address(visitor):
    assert soup(visitor.get("/propose/sent")).select_one("main form") is None


def test_sending_the_same_form_twice_makes_one_proposal(visitor, session):
    for _ in range(3):
        assert visitor.post("/propose", FIELDS).status_code == 303

    assert (len(proposals(session)), kinds(session)) == (1, ["verify"])


def test_a_stranger_who_has_the_form_key_of_a_sent_form_gets_no_link(visitor, new_visitor, session, site):
    visitor.post("/propose", FIELDS)
    (proposal,) = proposals(session)
    visitor.post(links.address_path(proposal, site=site), {"version": str(proposal.version)})

    assert new_visitor().post("/propose", FIELDS).headers["Location"] == "/propose/sent"


def test_a_key_that_could_be_guessed_is_replaced(visitor, session):
    visitor.post("/propose", {**FIELDS, "form_key": "1"})

    assert len(proposals(session)[0].form_key) == 32


def test_a_signed_in_person_is_done_at_once(sign_in, vera, session, site):
    answer = sign_in(vera).post("/propose", FIELDS)

    (proposal,) = proposals(session)
    assert answer.headers["Location"] == links.proposal_path(proposal, site=site)
    assert (proposal.state, proposal.owner.id) == (ProposalState.SUBMITTED, vera.id)


def test_an_address_that_had_its_share_of_mails_keeps_what_was_typed(visitor, session):
    for number in range(MAX_MAILS_A_DAY):
        visitor.post("/propose", {**FIELDS, "form_key": f"{FORM_KEY}{number}"})
    answer = visitor.post("/propose", FIELDS)

    assert (answer.status_code, value(soup(answer), "title")) == (429, TITLE)
    assert "many mails" in soup(answer).select_one("#email-error").text
    assert len(proposals(session)) == MAX_MAILS_A_DAY


def test_too_many_open_proposals_keep_what_was_typed(sign_in, vera, session):
    for _ in range(MAX_OPEN):
        make_proposal(session, owner=vera)
    answer = sign_in(vera).post("/propose", FIELDS)

    assert (answer.status_code, value(soup(answer), "title")) == (422, TITLE)
    assert "Withdraw one" in answer.text


def test_a_choice_that_is_not_offered_leaves_nothing_behind(visitor, session):
    answer = visitor.post("/propose", {**FIELDS, "topics": "nonsense"})

    assert answer.status_code == 422
    assert "Choose among the topics shown." in answer.text
    assert proposals(session) == []


# The preview


def test_the_preview_says_exactly_what_the_calendar_would(visitor):
    page = soup(visitor.post("/propose/preview", FIELDS, headers=HTMX))

    public = page.select_one("#public-preview")
    assert public.select_one(".pv-t").text == TITLE
    assert public.select_one(".pv-w").text == "Vera Volunteer"
    assert "Fjordbank" not in public.text
    assert "This talk is recorded, 20 min" in public.text
    assert page.select_one("#title-hint") is not None
    assert page.select_one("#speaker-0-affiliation-says").text == "Someone from Fjordbank"
    assert "On Friday, a call for members" in page.text
    assert page.find("html") is None


def test_for_members_the_preview_is_the_title_alone(visitor):
    page = soup(visitor.post("/propose/preview", {**FIELDS, "preference": "one:friday"}, headers=HTMX))

    assert TITLE in page.select_one("#public-preview").text
    assert "Vera" not in page.select_one("#public-preview").text
    assert "thousand repositories" not in page.select_one("#public-preview").text


def test_the_preview_takes_anything_and_keeps_nothing(visitor, session):
    assert visitor.post("/propose/preview", {"minutes": "soon"}, headers=HTMX).status_code == 200
    assert proposals(session) == []


def test_without_javascript_the_preview_is_the_whole_page(visitor):
    page = soup(visitor.post("/propose/preview", {**FIELDS, "abstract": "I show how."}))

    assert page.select_one("#public-preview .pv-t").text == TITLE
    assert "third person" in page.select_one("#abstract-hint").text
    assert value(page, "title") == TITLE
    assert not page.select("[hx-swap-oob]")


# Speakers


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_another_speaker_is_one_more_group(visitor, headers):
    page = soup(visitor.post("/propose/speakers", {**FIELDS, "add": "1"}, headers=headers))

    assert [legend.text for legend in page.select("fieldset.group > legend")] == ["Speaker 1", "Speaker 2"]
    assert value(page, "speaker-0-name") == "Vera Volunteer"
    assert page.select_one("[name='speaker-1-name']").has_attr("autofocus")
    assert not page.select("[name='speaker-1-attribution'], [name='speaker-1-recording']")  # they choose themselves
    assert "we ask them ourselves" in page.select_one("#speaker-1").text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_speaker_is_taken_away(visitor, headers):
    two = {**FIELDS, "speaker": ["0", "1"], "speaker-1-name": "Sam Speaker"}
    page = soup(visitor.post("/propose/speakers", {**two, "remove": "0"}, headers=headers))

    assert [legend.text for legend in page.select("fieldset.group > legend")] == ["Speaker"]
    assert value(page, "speaker-1-name") == "Sam Speaker"
    assert "Vera" not in page.select_one("#public-preview").text
    assert visitor.post("/propose/speakers", {**two, "remove": "x"}, headers=headers).status_code == 200


def test_there_is_room_for_six_speakers(visitor):
    five = {**FIELDS, "speaker": [str(number) for number in range(5)], "add": "1"}
    page = soup(visitor.post("/propose/speakers", five))

    assert len(page.select("fieldset.group")) == 6
    assert page.select_one("[name='add']") is None


# Drafts


def test_the_form_saves_itself_as_typed(visitor, session):
    answer = visitor.post("/propose/draft", {**FIELDS, "minutes": "soon"}, headers=HTMX)

    assert re.search(r"Draft saved\s*<time[^>]*>09:00", answer.text)
    (draft,) = proposals(session)
    assert (draft.state, draft.form["minutes"], kinds(session)) == (ProposalState.DRAFT, ["soon"], [])
    visitor.post("/propose/draft", FIELDS, headers=HTMX)
    assert [draft.form["minutes"] for draft in proposals(session)] == [["20"]]


def test_a_draft_is_finished_later_from_the_mailed_link(visitor, new_visitor, session, site):
    page = soup(visitor.post("/propose/draft", {**FIELDS, "finish": "1"}))

    (draft,) = proposals(session)
    path = links.draft_path(draft, site=site)
    assert value_of_copy(page) == site.url(path)
    assert "We mailed the link" in page.text
    assert kinds(session) == ["draft_saved"]

    elsewhere = new_visitor()
    form = soup(elsewhere.get(path))
    assert (value(form, "title"), value(form, "form_key")) == (TITLE, FORM_KEY)
    assert elsewhere.post("/propose", FIELDS).status_code == 303
    assert [proposal.id for proposal in proposals(session)] == [draft.id]
    assert elsewhere.get(path).status_code == 404, "a draft that was sent is continued no longer"


def value_of_copy(page):
    return page.select_one("#copy")["value"]


def test_a_draft_without_an_address_shows_its_link(visitor, session, site):
    page = soup(visitor.post("/propose/draft", {**FIELDS, "email": "", "finish": "1"}))

    assert "no address" in page.text
    assert value_of_copy(page) == site.url(links.draft_path(proposals(session)[0], site=site))
    assert kinds(session) == []


def test_a_draft_is_saved_though_its_address_had_its_share_of_mails(visitor, session, clock):
    for number in range(MAX_MAILS_A_DAY):
        visitor.post("/propose", {**FIELDS, "form_key": f"{FORM_KEY}{number}"})
    page = soup(visitor.post("/propose/draft", {**FIELDS, "finish": "1"}))

    assert "many mails" in page.text
    assert value_of_copy(page)


def test_a_form_that_was_sent_is_no_draft_again(visitor, session):
    visitor.post("/propose", FIELDS)
    answer = visitor.post("/propose/draft", {**FIELDS, "title": "Too late", "finish": "1"})

    assert answer.status_code == 200
    (proposal,) = proposals(session)
    assert (proposal.title, proposal.state) == (TITLE, ProposalState.UNCONFIRMED)


def test_a_draft_is_deleted_on_request(visitor, session, site):
    visitor.post("/propose/draft", FIELDS, headers=HTMX)
    path = links.draft_path(proposals(session)[0], site=site)
    token = path.rpartition("/")[2]

    assert f"/propose/discard/{token}" in visitor.get(path).text
    assert visitor.post(f"/propose/discard/{token}").headers["Location"] == "/propose"
    assert proposals(session) == []
    assert visitor.post(f"/propose/discard/{token}").status_code == 404


# Doors


@pytest.mark.parametrize("path", ["/propose/continue/x", "/propose/confirm/x", "/propose/confirm/WzEsIngiXQ.x"])
def test_a_forged_link_opens_nothing(visitor, path):
    assert visitor.get(path).status_code == 404


def test_a_draft_is_not_confirmed_before_it_is_sent(visitor, session, site):
    draft = make_proposal(session, state=ProposalState.DRAFT)

    assert visitor.get(links.address_path(draft, site=site)).status_code == 404


def test_pages_of_drafts_and_addresses_are_kept_by_nobody(visitor, session, site):
    draft = make_proposal(session, state=ProposalState.DRAFT)
    waiting = make_proposal(session, state=ProposalState.UNCONFIRMED)
    for path in (links.draft_path(draft, site=site), links.address_path(waiting, site=site), "/propose/sent"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert 'content="noindex' in answer.text


@pytest.mark.parametrize("path", ["/propose", "/propose/draft", "/propose/preview", "/propose/speakers"])
def test_a_form_of_another_site_changes_nothing(client, session, path):
    assert client.post(path, data=FIELDS).status_code == 400
    assert proposals(session) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_a_long_form_takes_as_many_queries_as_a_short_one(app, visitor, session, rows):
    series = make_series(session, "more")
    for number in range(rows):
        make_touchpoint(session, series, datetime(2027, 1, 1 + number, 14, 0))
    session.commit()
    visitor.get("/propose")
    statements = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *executed: statements.append(executed[2]))
    assert visitor.get("/propose").status_code == 200
    assert sum(statement.startswith("SELECT") for statement in statements) == 6
