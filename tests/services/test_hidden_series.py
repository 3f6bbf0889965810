"""What the public sees of a members-only series, and that a series which is hidden leaves without a word of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.people import Role
from app.domain.proposals import ProposalDraft
from app.domain.publication import Audience, PublicDetail
from app.domain.secret import Secret
from app.domain.states import TalkState, TouchpointState, move_to
from app.models import (
    Announcement,
    HiddenCall,
    JoinLink,
    MemberEntry,
    OutboxMessage,
    Publication,
    PublicChange,
    Subscription,
    Talk,
    Topic,
)
from app.services.auditing import Actor
from app.services.clock_changes import catch_up
from app.services.hiding import shown_of
from app.services.member_entries import rewrite_member_entries
from app.services.mending import mend_call
from app.services.public_history import read_value
from app.services.publishing import publish_series, publish_touchpoint, publish_touchpoints
from app.services.queries.feeds import HIDDEN_FOR, feed_name, read_call_file, read_feed, read_topic_feed
from app.services.queries.joining import coming_member_calls, find_member_call, held_member_calls, is_member_call
from app.services.queries.personal_calendars import read_member_calendar, read_speaker_calendar
from app.services.queries.proposal_choices import read_choices
from app.services.queries.public import coming_calls, find_call, find_ended_series, list_series, past_calls
from app.services.queries.public_changes import read_changes
from app.services.subscribing import what_is_offered
from app.services.telling import tell_next
from tests.calendars import read_with_ical
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SECRET_WORDS = (b"Upstream", b"Friday", b"General Members", b"friday@", b"Sam", b"law")


@pytest.fixture
def friday(session):
    return make_series(session, "friday", name="General Members", audience=Audience.MEMBERS)


@pytest.fixture
def call(session, friday, site, now):
    call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
    make_talk(session, make_proposal(session, "Upstream first"), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


@pytest.fixture
def show(session, friday, site, clock):
    """Let the public see this much of Friday's calls, an hour later."""

    def show(detail, *, audience=Audience.MEMBERS):
        friday.public_detail, friday.audience = detail, audience
        publish_series(session, friday, with_past=True, site=site, now=clock.advance(timedelta(hours=1)))
        session.commit()

    return show


def entries(file):
    return [(each.uid, each.sequence, each.status, each.summary) for each in read_with_ical(file.body)]


class TestHidden:
    def test_every_public_place_forgets_it_and_its_calls(self, session, friday, call, show, site, clock):
        show(PublicDetail.NOTHING)
        now = clock.now
        assert list_series(session, now=now) == what_is_offered(session, now=now).series == ()
        assert coming_calls(session, now=now).calls == past_calls(session, now=now).calls == ()
        choices = read_choices(session, chosen=ProposalDraft(series="friday"), now=now)
        assert choices.series == choices.dates == ()
        assert feed_name(session, "friday") is None
        for ask in (
            lambda: find_call(session, call.key),
            lambda: read_call_file(session, call.key),
            lambda: read_changes(session, "friday", site=site, now=now),
            lambda: find_ended_series(session, "friday", now=now),
        ):
            with pytest.raises(NotFound):
                ask()
        assert b"<entry>" not in read_changes(session, "all", site=site, now=now).body
        assert session.scalars(select(PublicChange)).all() == []
        assert friday.shown is PublicDetail.NOTHING

    @pytest.mark.usefixtures("call")
    def test_calendars_that_know_a_call_are_told_under_its_uid_and_read_no_word_of_it(self, session, show, site, clock):
        (known,) = read_with_ical(read_feed(session, "friday", site=site, now=clock.now).body)
        show(PublicDetail.NOTHING)
        for slug in ("friday", "all"):
            file = read_feed(session, slug, site=site, now=clock.now)
            (told,) = read_with_ical(file.body)
            assert (told.uid, told.sequence, told.status) == (known.uid, known.sequence + 1, "CANCELLED")
            assert (told.start, told.summary) == (known.start, "Not public any more")
            assert [word for word in SECRET_WORDS if word in file.body.replace(b"/friday.ics", b"")] == []
        gone = clock.advance(HIDDEN_FOR + timedelta(seconds=1))
        with pytest.raises(NotFound):
            read_feed(session, "friday", site=site, now=gone)
        assert entries(read_feed(session, "all", site=site, now=gone)) == []

    def test_what_moves_later_is_told_to_nobody(self, session, call, show, site, clock):
        show(PublicDetail.NOTHING)
        before = read_feed(session, "all", site=site, now=clock.now).body
        call.starts_at += timedelta(days=1)
        assert publish_touchpoint(session, call, site=site, now=clock.now) is None
        assert read_feed(session, "all", site=site, now=clock.now).body == before

    def test_one_that_never_was_public_leaves_no_trace(self, session, friday, site, now):
        friday.public_detail = PublicDetail.NOTHING
        call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
        assert publish_touchpoints(session, [call], site=site, now=now) == []
        assert session.scalars(select(HiddenCall)).all() == session.scalars(select(Publication)).all() == []
        with pytest.raises(NotFound):
            read_feed(session, "friday", site=site, now=now)
        assert mend_call(session, call, by=_by(session), site=site, now=now) is True

    def test_one_that_was_only_planned_leaves_no_trace_either(self, session, friday, show, site, now):
        call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
        publish_touchpoint(session, call, site=site, now=now)
        show(PublicDetail.NOTHING)
        assert session.scalars(select(HiddenCall)).all() == []

    def test_a_row_that_cannot_be_read_goes_as_well(self, session, call, show):
        session.get(Publication, call.id).value = {"series": 5}
        show(PublicDetail.NOTHING)
        assert session.scalars(select(HiddenCall.uid)).all() == [f"{call.uid}@localhost"]

    def test_shown_again_it_goes_on_from_there(self, session, call, show, site, clock):
        show(PublicDetail.NOTHING)
        (hidden,) = read_with_ical(read_feed(session, "all", site=site, now=clock.now).body)
        show(PublicDetail.TITLE_AND_TIME)
        (again,) = read_with_ical(read_feed(session, "all", site=site, now=clock.now).body)
        assert (again.uid, again.sequence, again.status) == (hidden.uid, hidden.sequence + 1, "CONFIRMED")
        assert again.summary == "Friday: Upstream first"
        assert session.scalars(select(HiddenCall)).all() == []
        assert session.get(Publication, call.id).key == call.key

    @pytest.mark.usefixtures("call")
    def test_nobody_is_mailed_of_it_any_more(self, session, show, site, clock):
        make_person(session, "Mira", role=Role.MEMBER, email="mira@example.org")
        session.add(
            Subscription(email="mira@example.org", asked_at=clock.now, asked_since=clock.now, confirmed_at=clock.now)
        )
        session.commit()
        later = clock.advance(timedelta(minutes=6))
        while tell_next(session, site=site, now=later):
            pass
        assert len(session.scalars(select(OutboxMessage)).all()) == 1
        show(PublicDetail.NOTHING)
        assert session.scalars(select(OutboxMessage)).all() == session.scalars(select(Announcement)).all() == []


class TestTimeOnly:
    def test_the_title_goes_from_the_entry_and_the_time_stays(self, session, call, show, site, clock):
        (known,) = read_with_ical(read_feed(session, "friday", site=site, now=clock.now).body)
        show(PublicDetail.TIME)
        (told,) = read_with_ical(read_feed(session, "friday", site=site, now=clock.now).body)
        assert (told.uid, told.sequence, told.status) == (known.uid, known.sequence + 1, "CONFIRMED")
        assert (told.start, told.summary) == (known.start, "Friday")
        shown = find_call(session, call.key)
        assert (shown.talks, shown.agenda, shown.free_minutes, shown.heading) == ((), (), 0, "Members’ call")
        for body in (
            read_changes(session, "all", site=site, now=clock.now).body,
            read_feed(session, "all", site=site, now=clock.now).body,
        ):
            assert b"Upstream" not in body

    def test_why_it_is_off_is_not_public_either(self, session, call, show):
        move_to(call, TouchpointState.SKIPPED)
        call.reason = "The speaker of Kestrel Works is ill."
        show(PublicDetail.TIME)
        assert find_call(session, call.key).reason == ""
        assert find_member_call(session, call.key, now=call.created_at).call.reason == call.reason


class TestPastCalls:
    def test_what_was_held_for_members_never_shows_more_afterwards(self, session, call, show, clock):
        clock.advance(timedelta(days=30))
        show(PublicDetail.TITLE_AND_TIME, audience=Audience.OPEN)
        shown = find_call(session, call.key)
        assert (shown.series.audience, shown.title, shown.talks[0].abstract) == (Audience.MEMBERS, "Upstream first", "")

    def test_it_is_hidden_with_its_series_and_comes_back_with_it(self, session, call, show, clock, site):
        clock.advance(timedelta(days=30))
        show(PublicDetail.NOTHING)
        assert past_calls(session, now=clock.now).calls == ()
        assert [status for _, _, status, _ in entries(read_feed(session, "all", site=site, now=clock.now))] == [
            "CANCELLED"
        ]
        show(PublicDetail.TITLE_AND_TIME)
        assert [each.key for each in past_calls(session, now=clock.now).calls] == [call.key]

    def test_what_was_hidden_while_it_was_to_come_stays_so(self, session, friday, show, site, clock):
        friday.public_detail = PublicDetail.NOTHING
        call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
        publish_touchpoint(session, call, site=site, now=clock.now)
        clock.advance(timedelta(days=30))
        show(PublicDetail.TITLE_AND_TIME)
        assert shown_of(call, now=clock.now) is PublicDetail.NOTHING
        assert session.scalars(select(Publication)).all() == []


class TestCrossShared:
    @pytest.fixture
    def shared(self, session, call, site, now):
        """The same talk on an open call, named there and not on Friday's."""
        thursday = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
        proposal = session.scalars(select(Talk).where(Talk.touchpoint_id == call.id)).one().proposal
        make_talk(session, proposal, thursday, state=TalkState.CONFIRMED)
        publish_touchpoint(session, thursday, site=site, now=now)
        session.commit()
        return thursday

    @pytest.mark.parametrize("detail", [PublicDetail.TIME, PublicDetail.NOTHING])
    def test_the_open_page_stops_naming_the_other_call_in_the_same_moment(self, session, shared, show, detail):
        assert [each.series for each in find_call(session, shared.key).talks[0].also] == ["Friday"]
        show(detail)
        assert find_call(session, shared.key).talks[0].also == ()
        show(PublicDetail.TITLE_AND_TIME)
        assert [each.series for each in find_call(session, shared.key).talks[0].also] == ["Friday"]

    @pytest.mark.usefixtures("shared")
    def test_members_see_each_call_at_its_own_level(self, session, call):
        entry = read_value(session.get(MemberEntry, call.id).value)
        assert (entry.talks[0].also, len(entry.talks[0].speakers)) == ((), 1)


class TestMembers:
    def test_they_see_all_of_it_whatever_the_public_sees(self, session, call, show, site, clock):
        before = session.get(MemberEntry, call.id).vevent
        for detail in (PublicDetail.NOTHING, PublicDetail.TIME):
            show(detail)
            found = find_member_call(session, call.key, now=clock.now).call
            assert (found.title, found.talks[0].abstract != "", len(found.agenda) > 1) == ("Upstream first", True, True)
            assert [each.call.key for each in coming_member_calls(session, now=clock.now)] == [call.key]
            assert is_member_call(session, call.key)
            (event,) = read_with_ical(read_member_calendar(session, site=site, now=clock.now).body)
            assert (event.summary, event.sequence) == ("Friday: Upstream first", 0)
        assert session.get(MemberEntry, call.id).vevent == before

    def test_what_was_held_stays_with_them_without_a_way_in(self, session, call, show, clock):
        show(PublicDetail.NOTHING)
        now = clock.advance(timedelta(days=30))
        assert [(each.call.key, bool(each.way_in)) for each in held_member_calls(session, now=now)] == [
            (call.key, False)
        ]
        assert find_member_call(session, call.key, now=now).way_in == held_member_calls(session, now=now)[0].way_in

    def test_calls_of_open_series_and_unknown_ones_are_none_of_theirs(self, session, site, now):
        call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
        publish_touchpoint(session, call, site=site, now=now)
        assert not is_member_call(session, call.key)
        with pytest.raises(NotFound):
            find_member_call(session, call.key, now=now)

    def test_a_speaker_keeps_the_talk_in_the_own_calendar(self, session, friday, show, site, clock):
        sam = make_person(session, "Sam", email="sam@example.org")
        call = make_touchpoint(session, friday, datetime(2026, 12, 11, 17, 30))
        proposal = make_proposal(session, speakers=(make_speaker("Sam", email="sam@example.org"),))
        make_talk(session, proposal, call, state=TalkState.CONFIRMED)
        show(PublicDetail.NOTHING)
        (event,) = read_with_ical(read_speaker_calendar(session, sam, site=site, now=clock.now).body)
        assert event.summary == f"General Members: {proposal.title}"

    def test_writing_the_same_is_no_step_and_a_broken_row_keeps_nobody_from_the_others(
        self, session, call, friday, site, clock
    ):
        entry = session.get(MemberEntry, call.id)
        later = clock.advance(timedelta(hours=1))
        rewrite_member_entries(session, series_id=friday.id, site=site, now=later)
        assert (entry.sequence, entry.last_modified) == (0, later - timedelta(hours=1))
        entry.value = {"series": 5}
        session.commit()
        rewrite_member_entries(session, series_id=friday.id, site=site, now=later)
        publish_touchpoint(session, call, site=site, now=later)
        assert read_value(entry.value).title == "Upstream first"

    def test_what_cannot_be_written_is_left_out_and_named_in_the_log(self, session, call, friday, site, now, caplog):
        call.time_zone = "Europe/Atlantis"
        publish_touchpoint(session, call, site=site, now=now)
        session.add(JoinLink(series_id=friday.id, url=Secret("https://meet.example.org/secret")))
        rewrite_member_entries(session, series_id=friday.id, site=site, now=now)
        assert session.get(MemberEntry, call.id).vevent == b""
        assert f"for members: touchpoint={call.id}" in caplog.text
        assert "secret" not in caplog.text

    def test_the_start_of_a_worker_writes_what_an_earlier_release_left_out(self, session, call, site, clock):
        entry = session.get(MemberEntry, call.id)
        entry.value = session.get(Publication, call.id).value  # what the migration copied
        session.commit()
        catch_up(session, site=site, now=clock.advance(timedelta(hours=1)))
        assert read_value(entry.value).talks[0].abstract != ""


def test_topic_feeds_of_calls_that_were_open_say_it_too(session, site, clock):
    topic = Topic(slug="law", name="Licences & law", position=9)
    session.add(topic)
    series = make_series(session)
    call = make_touchpoint(session, series, datetime(2026, 12, 10, 14, 0))
    proposal = make_proposal(session)
    proposal.topics = [topic]
    make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=clock.now)
    series.audience, series.public_detail = Audience.MEMBERS, PublicDetail.NOTHING
    publish_series(session, series, with_past=True, site=site, now=clock.now)
    assert [summary for *_, summary in entries(read_topic_feed(session, "law", site=site, now=clock.now))] == [
        "Not public any more"
    ]


def _by(session):
    return Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))
