"""What publishing leaves behind: one row for each public change, and the topics of calls that never just vanish."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.publication import Audience
from app.domain.states import TalkState, TouchpointState, move_to
from app.models import Publication, PublicationTopic, PublicChange, Topic
from app.services.housekeeping import forget_old
from app.services.public_history import forget_changes, read_value
from app.services.publishing import publish_touchpoint
from app.services.queries.feeds import list_feed_topics, read_topic_feed, topic_name
from tests.calendars import read_with_ical
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def law(session):
    topic = Topic(slug="law", name="Licences & law", position=9)
    session.add(topic)
    session.flush()
    return topic


@pytest.fixture
def call(session, series, law, site, now):
    """A published call with a talk on law."""
    call = make_touchpoint(session, series, datetime(2026, 12, 10, 14, 0))
    proposal = make_proposal(session)
    proposal.topics = [law]
    make_talk(session, proposal, call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


@pytest.fixture
def publish(session, call, site):
    def publish(now):
        publish_touchpoint(session, call, site=site, now=now)
        session.commit()

    return publish


def kinds(session):
    rows = session.scalars(select(PublicChange).order_by(PublicChange.created_at, PublicChange.key))
    return [row.kind.value for row in rows]


def titles(file):
    return [entry.summary for entry in read_with_ical(file.body)]


class TestChanges:
    def test_each_public_step_is_one_row(self, session, call, publish, clock):
        steps = [
            lambda: setattr(call, "starts_at", call.starts_at + timedelta(days=7)),
            lambda: move_to(call, TouchpointState.SKIPPED),
            lambda: move_to(call, TouchpointState.OPEN),
            lambda: setattr(call.series, "short_name", "Donnerstag"),
        ]
        for step in steps:
            step()
            publish(clock.advance(timedelta(hours=1)))
        assert kinds(session) == ["published", "moved", "cancelled", "restored", "corrected"]
        moved = session.scalars(select(PublicChange).where(PublicChange.kind == "moved")).one()
        assert (moved.was_minutes, moved.starts_at - moved.was_starts_at) == (60, timedelta(days=7))

    def test_what_is_not_public_is_no_change(self, session, call, publish, clock):
        call.placements += 1
        publish(clock.advance(timedelta(hours=1)))
        assert kinds(session) == ["published"]

    def test_a_correction_within_the_settle_time_belongs_to_the_change_before(
        self, session, call, publish, site, clock
    ):
        call.series.short_name = "Donnerstag"
        publish(soon := clock.advance(site.settle))
        (row,) = session.scalars(select(PublicChange)).all()
        assert (row.kind.value, row.updated_at) == ("published", soon)
        call.series.short_name = "Jueves"
        publish(clock.advance(site.settle + timedelta(seconds=1)))
        assert kinds(session) == ["published", "corrected"]

    def test_a_call_that_is_over_changes_without_a_word(self, session, call, publish):
        call.series.short_name = "Donnerstag"
        publish(call.ends_at)
        assert kinds(session) == ["published"]

    def test_a_value_that_cannot_be_read_is_published_anew(self, session, call, publish, clock):
        session.get(Publication, call.id).value = {"series": 5}
        session.commit()
        publish(clock.advance(timedelta(hours=1)))
        assert kinds(session) == ["published", "published"]
        assert read_value({"series": 5}) is None
        assert read_value(None) is None

    @pytest.mark.usefixtures("call")
    def test_changes_are_forgotten_after_ninety_days(self, session, now):
        assert forget_changes(session, now=now + timedelta(days=90)) == 0
        assert forget_changes(session, now=now + timedelta(days=90, seconds=1)) == 1
        assert kinds(session) == []


class TestTopics:
    @pytest.mark.usefixtures("call")
    def test_a_topics_feed_has_the_calls_with_a_talk_on_it(self, session, series, site, now):
        other = make_touchpoint(session, series, datetime(2026, 12, 24, 14, 0))
        make_talk(session, make_proposal(session, "Something else"), other, state=TalkState.CONFIRMED)
        publish_touchpoint(session, other, site=site, now=now)
        file = read_topic_feed(session, "law", site=site, now=now)
        assert titles(file) == ["Thursday: Upstream first at a railway operator"]
        assert b"SOURCE;VALUE=URI:http://localhost/calendar/topics/law.ics" in file.body.replace(b"\r\n ", b"")

    def test_a_call_that_lost_the_talk_stays_as_what_it_is(self, session, call, publish, site, clock):
        move_to(call, TouchpointState.SKIPPED)
        publish(clock.advance(timedelta(hours=1)))
        assert titles(read_topic_feed(session, "law", site=site, now=clock.now)) == ["Cancelled: Thursday"]

    @pytest.mark.usefixtures("call")
    def test_a_series_that_closes_takes_its_calls_out_of_topics(self, session, series, publish, site, now):
        series.audience = Audience.MEMBERS
        publish(now)
        assert titles(read_topic_feed(session, "law", site=site, now=now)) == []

    @pytest.mark.usefixtures("call")
    def test_publishing_twice_keeps_one_row(self, session, series, publish, now):
        series.short_name = "Donnerstag"
        publish(now)
        assert [row.slug for row in session.scalars(select(PublicationTopic))] == ["law"]

    @pytest.mark.usefixtures("call")
    def test_an_unknown_topic_has_no_feed_and_a_retired_one_keeps_it(self, session, law, site, now):
        with pytest.raises(NotFound):
            read_topic_feed(session, "nothing", site=site, now=now)
        law.retired = True
        session.add(Topic(slug="old", name="Never used", position=10, retired=True))
        session.flush()
        assert len(titles(read_topic_feed(session, "law", site=site, now=now))) == 1
        assert "law" in dict(list_feed_topics(session))
        assert "old" not in dict(list_feed_topics(session))
        assert (topic_name(session, "law"), topic_name(session, "nothing")) == ("Licences & law", None)


@pytest.mark.usefixtures("call")
def test_the_nightly_forgetting_sees_to_old_changes(session, site, now):
    assert forget_old(session, site=site, now=now + timedelta(days=91)).changes == 1
