"""People's own calendars: made, shown once, read by a program that has nothing but the address, and ended."""

from __future__ import annotations

import gzip
import logging
import re
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import delete, select, update
from werkzeug.http import http_date

from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.states import ConfirmationState, TalkState, TouchpointState, move_to
from app.models import AuditEvent, Person, PersonalFeed
from app.services import people
from app.services import series as keeping
from app.services.auditing import Actor
from app.services.placing import release_talk
from app.services.publishing import publish_touchpoint
from tests.calendars import octet_problems, read_with_ical
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint, way_in
from tests.front.test_front import selects

ADDRESS = re.compile(r'id="secret-address" readonly value="[^"]*(/calendar/mine/[\w-]{32}\.ics)"')
LINK = "https://meet.example.org/friday"


@pytest.fixture
def friday(session):
    return make_series(session, "friday", name="General Members", audience=Audience.MEMBERS)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu", role=Role.ORGANIZER)


@pytest.fixture
def mira(session):
    return make_person(session, "Mira", role=Role.MEMBER)


@pytest.fixture
def sam(session):
    return make_person(session, "Sam")


@pytest.fixture
def publish(session, site, now):
    """Publishes a call whose talk is Sam's."""

    def publish(series, local_start, title="Upstream first", *, state=TalkState.CONFIRMED):
        call = make_touchpoint(session, series, local_start)
        talk = make_talk(session, make_proposal(session, title, speakers=(make_speaker(),)), call, state=state)
        publish_touchpoint(session, call, site=site, now=now)
        session.commit()
        return talk

    return publish


@pytest.fixture
def make(sign_in):
    """Makes an address and gives its path; one browser for each person."""
    browsers = {}

    def make(person, kind, label=""):
        browser = browsers.setdefault(person.id, None) or browsers.setdefault(person.email, sign_in(person))
        page = browser.post("/profile/calendars", {"kind": kind, "label": label})
        assert page.status_code == 200
        return ADDRESS.search(page.text)[1]

    return make


def events(answer):
    return Calendar.from_ical(answer.data).events


def titles(answer):
    return [entry.summary for entry in read_with_ical(answer.data)]


class TestMembers:
    @pytest.fixture
    def call(self, session, friday, olu, publish, site, now):
        keeping.save_join_link(session, friday, way_in(LINK), by=Actor.signed_in(olu), site=site, now=now)
        return publish(friday, datetime(2026, 12, 11, 17, 30)).touchpoint

    @pytest.mark.usefixtures("call")
    def test_a_members_calendar_has_the_members_calls_with_their_join_links(self, session, client, mira, make, publish):
        publish(make_series(session), datetime(2026, 12, 10, 14, 0), "Open to everyone")
        answer = client.get(make(mira, "member"))
        assert answer.status_code == 200
        assert octet_problems(answer.data) == []
        (entry,) = events(answer)
        assert (entry["SUMMARY"], entry["LOCATION"], entry["CONFERENCE"]) == ("Friday: Upstream first", LINK, LINK)
        assert entry["CONFERENCE"].params["VALUE"] == "URI"
        assert "Sam" in entry["DESCRIPTION"]

    def test_the_join_link_is_in_no_public_feed_and_no_file(self, client, call, mira, make):
        make(mira, "member")
        for path in ("/calendar/all.ics", "/calendar/friday.ics", f"/touchpoints/{call.key}.ics", "/calendar/all.atom"):
            assert b"meet.example.org" not in client.get(path).data
        assert "meet.example.org" not in client.get("/schedule").text

    def test_a_new_join_link_is_there_at_once_and_is_a_change(
        self, session, client, mira, olu, call, make, site, clock
    ):
        path = make(mira, "member")
        before = events(client.get(path))[0]
        later = clock.advance(timedelta(hours=1))
        keeping.save_join_link(
            session, call, way_in("https://meet.example.org/other"), by=Actor.signed_in(olu), site=site, now=later
        )
        after = events(client.get(path))[0]
        assert after["LOCATION"] == "https://meet.example.org/other"
        assert after["UID"] == before["UID"]
        assert (before["SEQUENCE"], after["SEQUENCE"], after["LAST-MODIFIED"].dt) == (0, 1, later)

    def test_a_cancelled_call_stays_as_cancelled_without_its_link(self, session, client, mira, call, make, site, clock):
        path = make(mira, "member")
        move_to(call, TouchpointState.SKIPPED)
        publish_touchpoint(session, call, site=site, now=clock.advance(timedelta(hours=1)))
        session.commit()
        (entry,) = events(client.get(path))
        assert (entry["STATUS"], entry["SEQUENCE"], entry.get("LOCATION")) == ("CANCELLED", 1, None)

    def test_a_series_that_opens_to_everyone_leaves_no_gap(self, session, client, mira, friday, call, make, site, now):
        path = make(mira, "member")
        friday.audience = Audience.OPEN
        publish_touchpoint(session, call, site=site, now=now)
        session.commit()
        assert titles(client.get(path)) == ["Friday: Upstream first"]

    @pytest.mark.usefixtures("call")
    def test_an_address_that_lost_its_role_answers_nothing_from_that_moment_on(
        self, session, client, mira, olu, make, now
    ):
        path = make(mira, "member")
        assert client.get(path).status_code == 200
        session.refresh(mira)
        people.change_role(session, mira, role=Role.VOLUNTEER, version=mira.version, by=Actor.signed_in(olu), now=now)
        assert client.get(path).status_code == 404
        people.change_role(session, mira, role=Role.MEMBER, version=mira.version, by=Actor.signed_in(olu), now=now)
        assert client.get(path).status_code == 404

    @pytest.mark.usefixtures("call")
    def test_members_find_the_links_on_a_page_too_and_nobody_else(self, client, sign_in, mira, sam):
        page = sign_in(mira).get("/members")
        assert page.status_code == 200
        assert f'href="{LINK}"' in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert sign_in(sam).get("/members").status_code == 404
        assert client.get("/members").status_code == 303

    def test_a_volunteer_cannot_make_a_members_calendar(self, session, sign_in, sam):
        browser = sign_in(sam)
        assert "members-only" not in browser.get("/profile/calendars").text
        assert browser.post("/profile/calendars", {"kind": "member"}).status_code == 403
        assert session.scalars(select(PersonalFeed)).all() == []

    @pytest.mark.usefixtures("call")
    def test_a_poll_that_finds_nothing_new_reads_no_call(self, app, client, mira, make):
        path = make(mira, "member")
        first = client.get(path)
        statements = selects(app)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert [text for text in statements if "member_entry" in text or "publication" in text] == []


class TestSpeakers:
    def test_a_speakers_calendar_has_their_own_talks_and_nobody_elses(self, session, client, sam, publish, make):
        series = make_series(session)
        talk = publish(series, datetime(2026, 12, 10, 14, 0))
        other = make_touchpoint(session, series, datetime(2026, 12, 24, 14, 0))
        speakers = (make_speaker("Vera Santos"),)
        make_talk(session, make_proposal(session, "Hers", speakers=speakers), other, state=TalkState.CONFIRMED)
        session.commit()
        answer = client.get(make(sam, "speaker"))
        (entry,) = events(answer)
        assert octet_problems(answer.data) == []
        assert entry["UID"].startswith(talk.uid)
        assert (entry["SUMMARY"], entry["STATUS"]) == ("Europe Chapter and OSPOlogy: Upstream first", "CONFIRMED")

    def test_a_question_that_waits_is_tentative_and_a_hold_is_not_told(self, session, client, sam, publish, make):
        series = make_series(session)
        publish(series, datetime(2026, 12, 10, 14, 0), "Asked", state=TalkState.INVITED)
        publish(series, datetime(2026, 12, 24, 14, 0), "A hold", state=TalkState.HOLD)
        (entry,) = events(client.get(make(sam, "speaker")))
        assert (str(entry["SUMMARY"]).rpartition(" ")[2], entry["STATUS"]) == ("Asked", "TENTATIVE")

    def test_a_talk_that_is_taken_off_is_gone_at_once(self, session, client, sam, olu, publish, make, site, now):
        talk = publish(make_series(session), datetime(2026, 12, 10, 14, 0))
        path = make(sam, "speaker")
        assert len(titles(client.get(path))) == 1
        session.refresh(talk)
        release_talk(session, talk, version=talk.version, by=Actor.signed_in(olu), site=site, now=now)
        since = {"If-Modified-Since": http_date(now + timedelta(days=1))}
        for headers in ({}, since):
            assert titles(client.get(path, headers=headers)) == []
        assert "Last-Modified" not in client.get(path).headers

    def test_who_cannot_come_has_it_no_longer(self, session, client, sam, publish, make):
        talk = publish(make_series(session), datetime(2026, 12, 10, 14, 0), state=TalkState.INVITED)
        path = make(sam, "speaker")
        assert len(titles(client.get(path))) == 1
        session.refresh(talk)
        move_to(talk.confirmations[0], ConfirmationState.DECLINED)
        session.commit()
        assert titles(client.get(path)) == []

    def test_the_same_talks_are_the_same_bytes(self, session, client, sam, publish, make, clock):
        publish(make_series(session), datetime(2026, 12, 10, 14, 0))
        path = make(sam, "speaker")
        first = client.get(path)
        clock.advance(timedelta(hours=3))
        assert client.get(path).data == first.data
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


class TestAddresses:
    def test_an_address_is_shown_once_and_kept_as_a_hash(self, session, client, sign_in, sam, caplog):
        caplog.set_level(logging.DEBUG)
        browser = sign_in(sam)
        page = browser.post("/profile/calendars", {"kind": "speaker", "label": "Phone"})
        path = ADDRESS.search(page.text)[1]
        token = path.split("/")[-1].removesuffix(".ics")
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert token in page.text
        assert token not in browser.get("/profile/calendars").text
        assert "Phone" in browser.get("/profile/calendars").text
        answer = client.get(path)
        row = session.scalars(select(PersonalFeed)).one()
        assert token not in {row.token_hash, row.label}
        assert token.encode() not in answer.data
        assert token not in str(answer.headers)
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "personal_feed.made")).one()
        assert (event.person_id, event.detail) == (sam.id, {"kind": "speaker"})
        assert token not in caplog.text

    def test_every_answer_is_private_and_leaves_no_trace(self, client, sam, make):
        answer = client.get(make(sam, "speaker"), headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "private, max-age=300"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert gzip.decompress(answer.data).startswith(b"BEGIN:VCALENDAR")
        assert answer.headers["ETag"].endswith('-gzip"')
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"

    def test_an_unknown_address_is_a_plain_404(self, client):
        answer = client.get("/calendar/mine/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.ics")
        assert (answer.status_code, answer.text) == (404, "There is no such calendar.\n")
        assert answer.headers["Cache-Control"] == "no-store"

    def test_a_revoked_address_answers_nothing_and_is_gone_from_the_page(self, session, client, sign_in, sam, make):
        path = make(sam, "speaker", "Old phone")
        row = session.scalars(select(PersonalFeed)).one()
        browser = sign_in(sam)
        for _ in range(2):
            assert browser.post(f"/profile/calendars/{row.id}/revoke").status_code in (303, 404)
        assert client.get(path).status_code == 404
        assert "Old phone" not in browser.get("/profile/calendars").text
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == "personal_feed")).all()
        assert actions == ["personal_feed.made", "personal_feed.revoked"]

    def test_nobody_ends_anybody_elses(self, session, client, sign_in, sam, mira, make):
        path = make(sam, "speaker")
        row = session.scalars(select(PersonalFeed)).one()
        assert sign_in(mira).post(f"/profile/calendars/{row.id}/revoke").status_code == 404
        assert client.get(path).status_code == 200

    def test_the_day_of_use_is_noted_once_a_day(self, session, client, sign_in, sam, make, clock):
        path = make(sam, "speaker")
        assert "never asked for" in sign_in(sam).get("/profile/calendars").text
        client.get(path)
        row = session.scalars(select(PersonalFeed)).one()
        assert row.used_on == date(2026, 11, 23)
        clock.advance(timedelta(days=1))
        client.get(path)
        session.refresh(row)
        assert row.used_on == date(2026, 11, 24)
        assert "last asked for on 24 Nov 2026" in sign_in(sam).get("/profile/calendars").text

    def test_a_person_has_five_addresses_at_most(self, session, sign_in, sam, make):
        for number in range(5):
            make(sam, "speaker", f"Number {number}")
        browser = sign_in(sam)
        page = browser.post("/profile/calendars", {"kind": "speaker", "label": "Six"})
        assert page.status_code == 422
        assert "Revoke one that you no longer use" in page.text
        assert len(session.scalars(select(PersonalFeed)).all()) == 5

    @pytest.mark.parametrize(
        ("form", "field"), [({"kind": "all"}, "kind"), ({"kind": "speaker", "label": "x" * 61}, "label")]
    )
    def test_what_is_wrong_comes_back_with_the_input(self, sign_in, sam, form, field):
        page = sign_in(sam).post("/profile/calendars", form)
        assert page.status_code == 422
        assert f'id="{field}-error"' in page.text
        assert form.get("label", "") in page.text

    def test_a_person_who_is_deleted_takes_the_addresses_along(self, session, client, sam, make):
        path = make(sam, "speaker")
        session.execute(update(AuditEvent).values(person_id=None))
        session.execute(delete(Person).where(Person.id == sam.id))
        session.commit()
        assert client.get(path).status_code == 404
