"""Publications follow the tables: what changes them, what does not, and what calendars see of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.disclosure import TalkFacts
from app.domain.people import RoleCategory
from app.domain.publication import Audience, PublicDetail, PublicStatus, PublicTouchpoint
from app.domain.site import Site
from app.domain.states import ConfirmationState, TalkState, TouchpointState, move_to
from app.domain.wording import STANDARD
from app.models import Publication, Topic, Touchpoint
from app.services.publishing import (
    notice_with,
    preview,
    preview_notice,
    preview_touchpoint,
    publish_series,
    publish_touchpoint,
    publish_touchpoints,
    talk_facts,
)
from tests.calendars import read_with_ical
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

CONFIRMED, CANCELLED, PLANNED = PublicStatus.CONFIRMED, PublicStatus.CANCELLED, PublicStatus.PLANNED


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def touchpoint(session, series):
    return make_touchpoint(session, series, datetime(2026, 12, 10, 14, 0))


@pytest.fixture
def publish(session, site, clock):
    """Publish a touchpoint a minute after the last thing that happened, and return what calendars compare."""

    def publish(touchpoint):
        row = publish_touchpoint(session, touchpoint, site=site, now=clock.advance(timedelta(minutes=1)))
        session.flush()
        return row

    return publish


def confirmed_talk(session, touchpoint, *, position=0, **proposal):
    return make_talk(
        session, make_proposal(session, **proposal), touchpoint, state=TalkState.CONFIRMED, position=position
    )


def value(row) -> PublicTouchpoint:
    return PublicTouchpoint.from_json(row.value)


def events(*rows: Publication):
    return read_with_ical(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + b"".join(row.vevent for row in rows) + b"END:VCALENDAR\r\n"
    )


def test_a_new_touchpoint_is_planned_and_in_no_feed(touchpoint, publish, clock):
    row = publish(touchpoint)
    assert (row.status, row.sequence, row.vevent, row.created_at) == (PLANNED, 0, b"", clock.now)
    assert (row.key, row.uid, row.series_slug) == (touchpoint.key, touchpoint.uid, "thursday")
    assert (row.starts_at, row.ends_at) == (touchpoint.starts_at, touchpoint.ends_at)
    assert value(row).free_minutes == 20


@pytest.mark.parametrize("state", [TalkState.HOLD, TalkState.INVITED, TalkState.DECLINED])
def test_a_talk_that_is_not_confirmed_changes_nothing_public(session, touchpoint, publish, state):
    born = publish(touchpoint).last_modified
    make_talk(session, make_proposal(session, "Canary"), touchpoint, state=state)
    row = publish(touchpoint)
    assert row.last_modified == born
    assert "Canary" not in str(row.value)


def test_the_first_confirmed_talk_comes_with_sequence_zero(session, touchpoint, publish, clock, site):
    publish(touchpoint)
    confirmed_talk(session, touchpoint)
    row = publish(touchpoint)
    assert (row.status, row.sequence, row.last_modified) == (CONFIRMED, 0, clock.now)
    (entry,) = events(row)
    assert entry.uid == f"{touchpoint.uid}@{site.uid_domain}"
    assert entry.summary == "Thursday: Upstream first at a railway operator"
    assert entry.start == touchpoint.starts_at


def test_publishing_the_same_again_writes_nothing(session, touchpoint, publish):
    confirmed_talk(session, touchpoint)
    row = publish(touchpoint)
    session.commit()
    written = []
    event.listen(session, "before_flush", lambda session, *_: written.extend(session.dirty | session.new))
    before = (row.sequence, row.last_modified, row.vevent)
    again = publish(touchpoint)
    assert (again.sequence, again.last_modified, again.vevent) == before
    assert written == []


def test_a_second_talk_raises_sequence_and_stands_in_the_order_of_the_board(session, touchpoint, publish):
    confirmed_talk(session, touchpoint, position=1, title="Second")
    publish(touchpoint)
    confirmed_talk(session, touchpoint, position=0, title="First")
    row = publish(touchpoint)
    assert (row.sequence, value(row).title) == (1, "First / Second")


def test_losing_its_last_confirmed_talk_cancels_a_call(session, touchpoint, publish, clock):
    talk = confirmed_talk(session, touchpoint)
    publish(touchpoint)
    move_to(talk, TalkState.WITHDRAWN)
    row = publish(touchpoint)
    assert (row.status, row.sequence, row.cancelled_at) == (CANCELLED, 1, clock.now)
    (entry,) = events(row)
    assert (entry.status, entry.summary) == ("CANCELLED", "Cancelled: Thursday")
    assert "Sam" not in entry.description
    assert "Upstream" not in entry.description


def test_a_call_that_is_taken_up_again_keeps_its_uid_and_raises_sequence(session, touchpoint, publish):
    talk = confirmed_talk(session, touchpoint)
    uid = value(publish(touchpoint)).uid
    move_to(talk, TalkState.WITHDRAWN)
    publish(touchpoint)
    confirmed_talk(session, touchpoint, position=1, title="Another")
    row = publish(touchpoint)
    assert (row.status, row.sequence, row.cancelled_at, value(row).uid) == (CONFIRMED, 2, None, uid)


def test_skipping_a_published_call_cancels_it_with_the_reason(session, touchpoint, publish):
    confirmed_talk(session, touchpoint)
    publish(touchpoint)
    move_to(touchpoint, TouchpointState.SKIPPED)
    touchpoint.reason = "New Year’s Day"
    row = publish(touchpoint)
    assert (row.status, value(row).reason, value(row).talks) == (CANCELLED, "New Year’s Day", ())
    assert "This call does not take place. New Year’s Day" in events(row)[0].description


def test_skipping_a_call_that_was_never_published_stays_out_of_the_feed(touchpoint, publish):
    publish(touchpoint)
    move_to(touchpoint, TouchpointState.SKIPPED)
    row = publish(touchpoint)
    assert (row.status, row.sequence, row.vevent, value(row).skipped) == (PLANNED, 0, b"", True)


def test_moving_a_published_call_keeps_its_uid(session, touchpoint, publish):
    confirmed_talk(session, touchpoint)
    (before,) = events(publish(touchpoint))
    touchpoint.local_start += timedelta(days=7)
    touchpoint.starts_at += timedelta(days=7)
    row = publish(touchpoint)
    (after,) = events(row)
    assert (after.uid, after.sequence, after.start) == (before.uid, 1, before.start + timedelta(days=7))
    assert (row.starts_at, row.ends_at) == (touchpoint.starts_at, touchpoint.ends_at)


def test_a_stricter_attribution_takes_the_name_away(session, touchpoint, publish):
    talk = confirmed_talk(session, touchpoint)
    assert "Sam Speaker" in events(publish(touchpoint))[0].description
    talk.confirmations[0].attribution = Attribution.ROLE
    row = publish(touchpoint)
    assert (row.sequence, value(row).talks[0].speakers) == (1, ("An OSPO member",))
    assert "Sam" not in events(row)[0].description


def test_what_the_confirmation_says_holds_and_not_what_the_proposal_said(session, touchpoint, publish):
    talk = confirmed_talk(session, touchpoint, speakers=(make_speaker(attribution=Attribution.NAME_AND_AFFILIATION),))
    talk.confirmations[0].attribution = None
    assert value(publish(touchpoint)).talks[0].speakers == ("A speaker",)


def test_a_speaker_who_has_not_confirmed_is_not_named(session, touchpoint, publish):
    talk = confirmed_talk(session, touchpoint)
    talk.confirmations[0].state = ConfirmationState.ASKED
    assert value(publish(touchpoint)).talks[0].speakers == ("A speaker",)


def test_a_speaker_without_a_confirmation_is_not_named_and_bars_the_recording(session, touchpoint, publish):
    talk = confirmed_talk(session, touchpoint)
    talk.proposal.speakers.append(make_speaker("Late Comer"))
    talk.proposal.speakers[-1].position = 1
    shown = value(publish(touchpoint)).talks[0]
    assert (shown.speakers, shown.recorded) == (("Sam Speaker, Kestrel Works", "A speaker"), False)


@pytest.mark.parametrize(("consent", "recorded"), [(True, True), (False, False), (None, False)])
def test_a_talk_is_recorded_if_every_speaker_agreed(session, touchpoint, publish, consent, recorded):
    speakers = (make_speaker(), make_speaker("Kim Speaker", recording_consent=consent))
    confirmed_talk(session, touchpoint, speakers=speakers)
    assert value(publish(touchpoint)).talks[0].recorded is recorded


def test_topics_links_and_the_archive_are_shown(session, touchpoint, publish):
    talk = confirmed_talk(session, touchpoint)
    talk.proposal.topics = [Topic(slug="policy", name="Policy")]
    talk.proposal.links = ["https://example.org/repository"]
    talk.recording_url, talk.slides_url = "https://example.org/video", "https://example.org/slides"
    talk.confirmations[0].slides_consent = True
    shown = value(publish(touchpoint)).talks[0]
    assert (shown.topics, shown.links) == (("Policy",), ("https://example.org/repository",))
    assert (shown.recording_url, shown.slides_url) == ("https://example.org/video", "https://example.org/slides")


def test_a_members_only_series_tells_title_and_time(session, touchpoint, publish, series):
    series.audience = Audience.MEMBERS
    confirmed_talk(session, touchpoint)
    row = publish(touchpoint)
    stored = f"{row.value}{row.vevent.decode()}"
    assert events(row)[0].summary == "Thursday: Upstream first at a railway operator"
    for hidden in ("Sam", "Kestrel", "railway operator sends", "Open forum"):
        assert hidden not in stored


def test_text_that_would_break_a_calendar_is_published_clean(session, touchpoint, publish, series):
    series.role_address = "thursday@example.org\r\nATTENDEE:mailto:x@example.org"
    confirmed_talk(session, touchpoint, title="A\r\nEND:VEVENT\u2028B")
    row = publish(touchpoint)
    assert events(row)[0].summary == "Thursday: A END:VEVENT B"
    assert b"\r\nATTENDEE" not in row.vevent


def test_a_stored_value_that_cannot_be_read_is_written_anew(session, touchpoint, publish):
    confirmed_talk(session, touchpoint)
    row = publish(touchpoint)
    row.value = {"uid": row.value["uid"]}
    assert value(publish(touchpoint)).title == "Upstream first at a railway operator"
    assert row.sequence == 0  # its entry was right: calendars have nothing to learn


def test_what_pages_alone_say_moves_no_entry_in_calendars(session, touchpoint, publish, clock):
    talk = confirmed_talk(session, touchpoint)
    row = publish(touchpoint)
    before = (row.sequence, row.last_modified, row.vevent)
    clock.now += timedelta(hours=1)
    talk.slides_url = "https://slides.example/upstream"
    talk.confirmations[0].slides_consent = True
    session.commit()
    assert value(publish(touchpoint)).talks[0].slides_url == "https://slides.example/upstream"
    assert (row.sequence, row.last_modified, row.vevent) == before
    assert row.changed_at == clock.now  # and whoever copies what changed hears of it


def test_a_new_address_of_the_installation_reaches_the_entries_and_the_uid_stays(
    session, touchpoint, publish, site, clock
):
    confirmed_talk(session, touchpoint)
    (before,) = events(publish(touchpoint))
    moved = Site(
        community=site.community,
        base_url="https://new.example",
        uid_domain="new.example",
        mail_from=site.mail_from,
        reply_to=site.reply_to,
        settle=site.settle,
        secret_key=site.secret_key,
    )
    row = publish_touchpoint(session, touchpoint, site=moved, now=clock.now)
    (after,) = events(row)
    assert (after.uid, after.sequence) == (before.uid, 1)
    assert after.description.endswith(f"Details: https://new.example/touchpoints/{touchpoint.key}")


def test_renaming_a_series_reaches_the_calls_to_come_and_leaves_the_past(session, series, site, clock):
    calls = [make_touchpoint(session, series, datetime(2026, month, 5, 14, 0)) for month in (10, 11, 12)]
    for call in calls:
        confirmed_talk(session, call)
    rows = publish_touchpoints(session, calls, site=site, now=clock.now)
    series.short_name = "Donnerstag"
    assert publish_series(session, series, site=site, now=clock.advance(timedelta(hours=1))) == 1
    assert [row.sequence for row in rows] == [0, 0, 1]
    assert events(rows[2])[0].summary.startswith("Donnerstag: ")


def test_publishing_many_takes_as_many_queries_as_one(session, series, site, clock):
    calls = [make_touchpoint(session, series, datetime(2027, 1, 1 + day, 14, 0)) for day in range(30)]
    for call in calls:
        confirmed_talk(session, call)
    session.commit()

    def statements(some):
        """How many statements publishing these takes, from rows that are not loaded yet."""
        session.expire_all()
        loaded = session.scalars(select(Touchpoint).where(Touchpoint.id.in_([call.id for call in some]))).all()
        seen = []

        def note(*_):
            seen.append(1)

        event.listen(session.bind, "before_cursor_execute", note)
        publish_touchpoints(session, loaded, site=site, now=clock.now)
        event.remove(session.bind, "before_cursor_execute", note)
        session.rollback()
        return len(seen)

    assert statements(calls) == statements(calls[:1])


def test_publishing_none_is_nothing(session, site, clock):
    assert publish_touchpoints(session, [], site=site, now=clock.now) == []


def test_the_preview_is_what_would_be_published(session, touchpoint, publish, site):
    talk = confirmed_talk(session, touchpoint)
    facts = talk_facts(talk)
    published = value(publish(touchpoint))
    assert preview_touchpoint(touchpoint, talks=[facts], wording=STANDARD, site=site) == published
    assert notice_with(touchpoint, talks=[facts], wording=STANDARD) == published.notice


def test_a_preview_needs_nothing_saved():
    speaker = SpeakerFacts("Sam Speaker", "Kestrel Works", RoleCategory.OSPO, Attribution.AFFILIATION)
    shown = preview(
        title=" New\ttitle ",
        abstract="What",
        speakers=[speaker],
        minutes=15,
        detail=PublicDetail.EVERYTHING,
        recorded=False,
    )
    assert (shown.title, shown.speakers, shown.minutes) == ("New title", ("Someone from Kestrel Works",), 15)
    assert str(preview_notice(STANDARD)).startswith("Held in part under the Chatham House Rule. ")


def test_an_imported_talk_without_speakers_is_not_recorded(session, touchpoint, publish):
    talk = confirmed_talk(session, touchpoint)
    talk.confirmations.clear()
    talk.proposal.speakers.clear()
    shown = value(publish(touchpoint)).talks[0]
    assert (shown.speakers, shown.recorded) == ((), False)


def test_facts_of_a_talk_are_plain(session, touchpoint):
    talk = confirmed_talk(session, touchpoint)
    assert talk_facts(talk) == TalkFacts(
        title="Upstream first at a railway operator",
        abstract="The audience sees how a railway operator sends every fix upstream first.",
        speakers=(
            SpeakerFacts(
                "Sam Speaker",
                "Kestrel Works",
                RoleCategory.OSPO,
                Attribution.NAME_AND_AFFILIATION,
                ("sam@example.org",),
            ),
        ),
        minutes=20,
        consented=True,
        key=talk.key,
    )
