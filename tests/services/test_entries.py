"""Speakers' calendars follow the title, the join link and the series' name: one mail, one SEQUENCE step, the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.series import SeriesDraft
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState
from app.mail.reading import read_message
from app.models import OutboxMessage
from app.services import confirming, entries, placing, proposing, scheduling
from app.services import series as keeping
from app.services.auditing import LINK, Actor
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint, way_in

SETTLED = timedelta(minutes=5)


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def call(session, series):
    return make_touchpoint(session, series, datetime(2026, 12, 10, 14), talk_minutes=60)


@pytest.fixture
def talk(session, call, site, now):
    """Sam and Kim have confirmed, and have their mail with the entry."""
    speakers = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    talk = make_talk(session, proposal, call, state=TalkState.INVITED)
    for answer in talk.confirmations:
        confirm(session, answer, site, now)
    send(session)
    return talk


def confirm(session, answer, site, now, **changes):
    proposal = answer.talk.proposal
    said = Answer(proposal.title, proposal.abstract, Attribution.NAME, recording_consent=True)
    confirming.confirm_talk(session, answer, replace(said, **changes), by=LINK, site=site, now=now)


def send(session):
    for row in session.scalars(select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING)):
        row.state = MailState.SENT
    session.commit()


def entry(row):
    calendar = read_message(row.message).calendar
    if not calendar:
        return None
    read = Calendar.from_ical(calendar.encode())
    [event] = read.walk("VEVENT")
    return str(read["METHOD"]), int(event["SEQUENCE"]), str(event["SUMMARY"]), str(event.get("LOCATION", ""))


def waiting(session):
    """(kind, to, entry) of each mail that has not left."""
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING).order_by(OutboxMessage.id)
    ).all()
    return [(row.kind, row.recipient.partition("@")[0], entry(row)) for row in rows]


def text_of(session, kind):
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id.desc()))
    return read_message(row.first().message).text.replace("\r\n", "\n")


def test_a_join_link_of_the_series_reaches_every_confirmed_speaker(session, talk, series, olu, site, now):
    url = "https://meet.example.org/series"
    keeping.save_join_link(session, series, way_in(url), by=olu, site=site, now=now)
    name = f"{series.name}: {talk.proposal.title}"
    assert waiting(session) == [("updated", who, ("REQUEST", 1, name, url)) for who in ("sam", "kim")]
    assert f"Join\n  now: {url}\n" in text_of(session, "updated")
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "updated")).first()
    assert row.due_at == now + SETTLED


def test_a_call_with_a_link_of_its_own_is_left_alone(session, talk, call, series, olu, site, now):
    keeping.save_join_link(session, call, way_in("https://meet.example.org/call"), by=olu, site=site, now=now)
    send(session)
    keeping.save_join_link(session, series, way_in("https://meet.example.org/series"), by=olu, site=site, now=now)
    assert waiting(session) == []
    keeping.save_join_link(session, call, way_in(""), by=olu, site=site, now=now)
    assert {each[2][1:] for each in waiting(session)} == {
        (2, f"{series.name}: {talk.proposal.title}", "https://meet.example.org/series")
    }


def test_several_changes_make_one_mail_and_one_step(session, talk, call, series, olu, site, now):
    keeping.save_join_link(session, series, way_in("https://meet.example.org/1"), by=olu, site=site, now=now)
    keeping.save_join_link(session, series, way_in("https://meet.example.org/2"), by=olu, site=site, now=now)
    confirm(session, talk.confirmations[0], site, now, title="Upstream first, everywhere")
    name = f"{series.name}: Upstream first, everywhere"
    assert waiting(session) == [
        ("updated", who, ("REQUEST", 1, name, "https://meet.example.org/2")) for who in ("sam", "kim")
    ]
    text = text_of(session, "updated")
    assert "Title\n  was: Upstream first at a railway operator\n  now: Upstream first, everywhere\n" in text
    assert talk.sequence == 1


def test_what_is_changed_back_is_told_to_nobody(session, talk, series, olu, site, now):
    keeping.save_join_link(session, series, way_in("https://meet.example.org/1"), by=olu, site=site, now=now)
    keeping.save_join_link(session, series, way_in(""), by=olu, site=site, now=now)
    assert (waiting(session), talk.sequence) == ([], 0)


def test_a_link_that_is_taken_away_is_said_to_be_gone(session, talk, series, olu, site, now):
    keeping.save_join_link(session, series, way_in("https://meet.example.org/1"), by=olu, site=site, now=now)
    send(session)
    keeping.save_join_link(session, series, way_in(""), by=olu, site=site, now=now)
    assert {each[2][1::2] for each in waiting(session)} == {(2, "")}
    assert "There is no join link at the moment." in text_of(session, "updated")


def test_a_series_by_another_name_is_another_summary(session, talk, series, olu, site, now):
    draft = SeriesDraft("Everybody", series.short_name, series.slug, series.audience, role_address=series.role_address)
    keeping.save_series(session, series, draft, version=series.version, by=olu, site=site, now=now)
    assert {each[2][:3] for each in waiting(session)} == {("REQUEST", 1, f"Everybody: {talk.proposal.title}")}
    assert "was: Europe Chapter and OSPOlogy\n  now: Everybody" in text_of(session, "updated")


def test_a_title_that_is_corrected_on_one_date_reaches_the_other(session, talk, site, now):
    talk.proposal.preference = SeriesPreference.BOTH
    friday = make_touchpoint(session, make_series(session, "friday"), datetime(2026, 12, 11, 17, 30), talk_minutes=60)
    second = make_talk(session, talk.proposal, friday, state=TalkState.INVITED)
    confirm(session, second.confirmations[0], site, now, title="A better title")
    assert [(kind, who, seq) for kind, who, (_, seq, *_) in waiting(session)] == [
        ("updated", "sam", 1),
        ("updated", "kim", 1),
    ]
    assert (talk.sequence, second.sequence) == (1, 0)


@pytest.mark.parametrize("state", ["invited", "over", "nobody holds one"])
def test_who_has_no_entry_or_no_use_for_one_hears_nothing(session, talk, call, series, olu, site, now, state):
    if state == "invited":
        talk.state = TalkState.INVITED
        talk.confirmations[0].state = ConfirmationState.ASKED
    elif state == "nobody holds one":
        for row in session.scalars(select(OutboxMessage)):
            row.state = MailState.CANCELLED
    session.commit()
    at = call.starts_at if state == "over" else now
    keeping.save_join_link(session, series, way_in("https://meet.example.org/1"), by=olu, site=site, now=at)
    assert waiting(session) == []


def test_a_talk_without_a_date_is_left_alone(session, talk, olu, site, now):
    placing.release_talk(session, talk, version=talk.version, by=olu, site=site, now=now)
    entries.update_entries(session, talk.proposal, site=site, now=now)
    assert [each[0] for each in waiting(session)] == ["cancelled"] * 2


def test_a_move_overtakes_an_update_and_tells_of_both(session, talk, call, series, olu, site, now):
    later = make_touchpoint(session, series, datetime(2026, 12, 24, 14), talk_minutes=60)
    confirm(session, talk.confirmations[0], site, now, title="Upstream first, everywhere")
    placing.move_talk(session, talk, onto=later, version=talk.version, by=olu, site=site, now=now)
    assert [(kind, who, entry and entry[:2]) for kind, who, entry in waiting(session)] == [
        ("moved", "sam", ("REQUEST", 1)),
        ("moved", "kim", ("REQUEST", 1)),
        ("rescheduled", "olu", None),
    ]
    text = text_of(session, "moved")
    assert "was: Thursday 10 December 2026" in text
    assert "now: Thursday 24 December 2026" in text
    assert "Title\n  was: Upstream first at a railway operator\n  now: Upstream first, everywhere\n" in text


def test_a_withdrawal_and_a_release_take_the_entry_back_one_step_later(session, talk, olu, site, now):
    placing.release_talk(session, talk, version=talk.version, by=olu, site=site, now=now)
    assert [(kind, entry[:2]) for kind, _, entry in waiting(session)] == [("cancelled", ("CANCEL", 1))] * 2
    send(session)
    proposing.withdraw_proposal(session, talk.proposal, by=LINK, site=site, now=now)
    told = [(kind, who, entry) for kind, who, entry in waiting(session) if who in ("sam", "kim")]
    assert told == [("withdrawn", "sam", None), ("withdrawn", "kim", None)]  # their entries are gone already


def test_where_nobody_reads_answers_entries_are_to_be_added(session, talk, call, series, olu, site, now):
    site = replace(site, invite_mode="publish")
    keeping.save_join_link(session, series, way_in("https://meet.example.org/1"), by=olu, site=site, now=now)
    assert {each[2][:2] for each in waiting(session)} == {("PUBLISH", 1)}
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING)).first()
    message = read_message(row.message)
    assert "ATTENDEE" not in message.calendar
    assert "Add the attached entry to your calendar: it replaces the one that you have." in message.text.replace(
        "\r\n", " "
    )
    assert series.role_address not in dict(message.headers)["Reply-To"]
    placing.release_talk(session, talk, version=talk.version, by=olu, site=site, now=now)
    taken = [each for each in waiting(session) if each[0] == "cancelled"]
    assert [entry[:2] for _, _, entry in taken] == [("CANCEL", 1)] * 2
    assert "Delete the entry in your calendar" in text_of(session, "cancelled")


def test_a_move_across_the_change_of_the_clocks_names_both_zones(session, series, olu, site, now):
    winter = make_touchpoint(session, series, datetime(2027, 3, 11, 14), talk_minutes=60)
    ny = make_speaker("Sam Speaker", zone="America/New_York")
    berlin = make_speaker("Kim Speaker", zone="Europe/Berlin")
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=(ny, berlin))
    make_talk(session, proposal, winter, state=TalkState.CONFIRMED)
    scheduling.move_touchpoint(
        session, winter, to=datetime(2027, 3, 18, 14), version=winter.version, by=olu, site=site, now=now
    )
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    to_sam, to_kim, to_olu = (read_message(row.message).text.replace("\r\n", "\n") for row in rows)
    dash = "\N{EN DASH}"
    # New York is in summer time a fortnight before Madrid: the same hour there is another one here.
    assert f"was: Thursday 11 March 2027, 08:00{dash}09:40 New York (EST)" in to_sam
    assert f"now: Thursday 18 March 2027, 09:00{dash}10:40 New York (EDT)" in to_sam
    for text, city in ((to_sam, "Madrid"), (to_kim, "Berlin"), (to_kim, "Madrid"), (to_olu, "Madrid")):
        assert f"was: Thursday 11 March 2027, 14:00{dash}15:40 {city} (CET)" in text
        assert f"now: Thursday 18 March 2027, 14:00{dash}15:40 {city} (CET)" in text
