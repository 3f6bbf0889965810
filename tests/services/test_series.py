"""Series are kept by organizers: forms are checked, rules keep history, secrets stay apart, colleagues lose nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.domain.agenda import STANDARD_AGENDA, SegmentKind
from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.series import PartDraft, RuleDraft, SeriesDraft
from app.models import AuditEvent, CadenceRule, JoinLink, Publication, Series
from app.services import publishing
from app.services import series as keeping
from app.services.auditing import Actor
from tests.cast import make_person, make_series, make_touchpoint, way_in

MONDAYS = SeriesDraft(
    name="Monday: research",
    short_name="Monday",
    slug="monday",
    audience=Audience.MEMBERS,
    hue="teal",
    shape="diamond",
    role_address="monday@example.org",
    description="For those who study it.",
)
SECOND_THURSDAY = RuleDraft("monthly", 4, None, (2,), time(14), 60, "Europe/Madrid", date(2027, 1, 1))
WELCOME = PartDraft(0, 1, SegmentKind.WELCOME, "Hello", 5, recorded=False, under_rule=False)
FORUM = PartDraft(1, 2, SegmentKind.FORUM, "", 40, recorded=False, under_rule=True)


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.fixture
def thursday(session, olu):
    series = make_series(session)
    session.commit()
    return series


def events(session, action):
    return session.scalars(select(AuditEvent).where(AuditEvent.action == action)).all()


def errors_of(act, *args, **kwargs):
    with pytest.raises(InvalidInput) as refused:
        act(*args, **kwargs)
    return refused.value.errors


def draft_of(series, **changes):
    names = ("name", "short_name", "slug", "audience", "hue", "shape", "role_address", "description", "ended_on")
    return SeriesDraft(**({name: getattr(series, name) for name in names} | changes))


def test_a_new_series_begins_with_the_standard_agenda_and_without_a_cadence(session, olu, now):
    made = keeping.create_series(session, MONDAYS, by=olu, now=now)

    session.expire_all()
    kept = session.scalars(select(Series)).one()
    assert kept is made
    assert draft_of(kept) == MONDAYS
    assert [part.value() for part in kept.template] == list(STANDARD_AGENDA)
    assert (kept.rules, kept.position) == ([], 0)
    assert [event.person_id for event in events(session, "series.created")] == [olu.person.id]


def test_a_later_series_stands_after_the_others(session, olu, thursday, now):
    assert keeping.create_series(session, MONDAYS, by=olu, now=now).position == thursday.position + 1


def test_a_series_with_mistakes_is_not_kept(session, olu, thursday, now):
    wrong = replace(MONDAYS, name="", slug="thursday", role_address="nobody")

    assert errors_of(keeping.create_series, session, wrong, by=olu, now=now) == {
        "name": "Give the series a name.",
        "role_address": "Give a mailbox of the series, like thursday@example.org; never a person's own.",
        "slug": "Another series has this short address.",
    }
    assert session.scalars(select(Series)).all() == [thursday]


def test_an_unreadable_address_is_said_once(session, olu, now):
    wrong = replace(MONDAYS, slug="No Way")

    assert errors_of(keeping.create_series, session, wrong, by=olu, now=now) == {
        "slug": "Use small letters, digits and single hyphens, like thursday."
    }


def test_a_new_name_is_public_at_once(session, olu, thursday, site, now):
    call = make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))
    publishing.publish_touchpoint(session, call, site=site, now=now)
    session.commit()

    keeping.save_series(session, thursday, draft_of(thursday, name="OSPOlogy"), version=1, by=olu, site=site, now=now)

    assert session.get(Publication, call.id).value["series"]["name"] == "OSPOlogy"
    assert thursday.version == 2


def test_an_address_that_people_subscribe_to_stays(session, olu, thursday, site, now):
    make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))
    session.commit()
    wrong = draft_of(thursday, slug="europe")

    assert errors_of(keeping.save_series, session, thursday, wrong, version=1, by=olu, site=site, now=now) == {
        "slug": "It stays “thursday”: calendars are subscribed to that address."
    }


def test_an_address_without_calls_may_change(session, olu, thursday, site, now):
    keeping.save_series(session, thursday, draft_of(thursday, slug="europe"), version=1, by=olu, site=site, now=now)

    assert thursday.slug == "europe"


def test_a_form_that_saw_an_older_series_changes_nothing(session, olu, thursday, site, now):
    with pytest.raises(Conflict):
        keeping.save_series(session, thursday, draft_of(thursday, name="Lost"), version=7, by=olu, site=site, now=now)

    assert thursday.name == "Europe Chapter and OSPOlogy"


def test_a_new_rule_keeps_the_one_before_it(session, olu, thursday, now):
    keeping.add_rule(session, thursday, SECOND_THURSDAY, version=1, by=olu, now=now)

    session.expire_all()
    assert [(row.valid_from, row.value().in_words) for row in thursday.rules] == [
        (date(2026, 1, 1), "Every 2nd Thursday, 14:00 Madrid"),
        (date(2027, 1, 1), "2nd Thursday, 14:00 Madrid"),
    ]
    assert thursday.version == 2
    assert [event.detail for event in events(session, "series.rule_added")] == [{"valid_from": "2027-01-01"}]


def test_a_rule_from_the_same_day_replaces_the_other(session, olu, thursday, now):
    same_day = replace(SECOND_THURSDAY, valid_from=date(2026, 1, 1), start=time(15))

    keeping.add_rule(session, thursday, same_day, version=1, by=olu, now=now)

    session.expire_all()
    assert [row.value().in_words for row in thursday.rules] == ["2nd Thursday, 15:00 Madrid"]


def test_two_organizers_do_not_overwrite_each_other_s_rule(session, olu, thursday, now):
    keeping.add_rule(session, thursday, SECOND_THURSDAY, version=1, by=olu, now=now)

    with pytest.raises(Conflict):
        keeping.add_rule(session, thursday, replace(SECOND_THURSDAY, start=time(9)), version=1, by=olu, now=now)

    assert len(session.scalars(select(CadenceRule)).all()) == 2


def test_a_rule_must_leave_time_for_the_agenda(session, olu, thursday, now):
    short = replace(SECOND_THURSDAY, minutes=45)

    assert errors_of(keeping.add_rule, session, thursday, short, version=1, by=olu, now=now) == {
        "minutes": "The agenda template takes 60 minutes: shorten it first."
    }


def test_a_start_that_the_clocks_skip_is_refused_before_it_is_kept(session, olu, thursday, now):
    in_the_gap = RuleDraft("monthly", 7, None, (5, -1), time(2, 30), 60, "Europe/Madrid", date(2027, 1, 1))

    assert errors_of(keeping.add_rule, session, thursday, in_the_gap, version=1, by=olu, now=now) == {
        "start": "02:30 does not exist on 28 March 2027 in Madrid: the clocks go forward."
    }


def test_an_exception_on_that_day_makes_the_rule_possible(session, olu, now):
    last_sunday = "FREQ=MONTHLY;BYDAY=-1SU"
    series = make_series(session, rrule=last_sunday)
    for day in (date(2027, 3, 28), date(2028, 3, 26)):
        keeping.add_exception(session, series, day=day, reason="The clocks change", by=olu, now=now)
    in_the_gap = RuleDraft("monthly", 7, None, (-1,), time(2, 30), 60, "Europe/Madrid", date(2027, 1, 1))

    row = keeping.add_rule(session, series, in_the_gap, version=series.version, by=olu, now=now)

    assert row.value().in_words == "Last Sunday, 02:30 Madrid"


def test_a_rule_that_has_not_begun_can_be_taken_back(session, olu, thursday, now):
    row = keeping.add_rule(session, thursday, SECOND_THURSDAY, version=1, by=olu, now=now)

    keeping.remove_rule(session, row, by=olu, now=now)

    session.expire_all()
    assert [rule.valid_from for rule in thursday.rules] == [date(2026, 1, 1)]
    assert len(events(session, "series.rule_removed")) == 1


def test_a_rule_that_has_begun_is_history(session, olu, thursday, now):
    with pytest.raises(RuleViolation, match="has begun"):
        keeping.remove_rule(session, thursday.rules[0], by=olu, now=now)

    assert len(thursday.rules) == 1


def test_a_date_of_the_cadence_can_be_left_out_and_given_again(session, olu, thursday, now):
    day = date(2026, 12, 3)
    keeping.add_exception(session, thursday, day=day, reason="Conference week", by=olu, now=now)
    assert [(row.date, row.reason) for row in thursday.exceptions] == [(day, "Conference week")]

    for _ in range(2):
        keeping.remove_exception(session, thursday, day=day, by=olu, now=now)

    session.expire_all()
    assert thursday.exceptions == []
    assert len(events(session, "series.exception_removed")) == 1


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (None, "Give a date of the next two years."),
        (date.min, "Give a date of the next two years."),
        (date(2026, 11, 19), "Give a date of the next two years."),
        (date.max, "Give a date of the next two years."),
        (date(2026, 12, 4), "The cadence gives no call on that day."),
        (date(2026, 12, 17), "That date is an exception already."),
        (
            date(2026, 12, 3),
            "A touchpoint stands there already. Skip it on its own page, so that everyone is told.",
        ),
    ],
)
def test_a_date_that_cannot_be_left_out_is_refused_with_the_reason(session, olu, thursday, now, day, problem):
    keeping.add_exception(session, thursday, day=date(2026, 12, 17), reason="Holidays", by=olu, now=now)
    make_touchpoint(session, thursday, datetime(2026, 12, 3, 14, 0))

    assert errors_of(keeping.add_exception, session, thursday, day=day, reason="Why not", by=olu, now=now) == {
        "day": problem
    }


def test_an_exception_needs_a_public_reason(session, olu, thursday, now):
    assert errors_of(keeping.add_exception, session, thursday, day=date(2026, 12, 3), reason="", by=olu, now=now) == {
        "reason": "Say why, in a few words: subscribers read it."
    }


def test_a_template_is_kept_in_the_order_of_its_places(session, olu, thursday, now):
    keeping.save_template(session, thursday, [FORUM, replace(WELCOME, position=3)], version=1, by=olu, now=now)

    session.expire_all()
    assert [(part.title, part.minutes) for part in thursday.template] == [("Open forum", 40), ("Hello", 5)]
    assert thursday.version == 2


def test_a_template_longer_than_the_shortest_coming_call_is_refused(session, olu, thursday, now):
    with pytest.raises(InvalidInput, match="61 minutes, the call only 60"):
        keeping.save_template(session, thursday, [replace(FORUM, minutes=61)], version=1, by=olu, now=now)


def test_a_stale_template_form_changes_nothing(session, olu, thursday, now):
    with pytest.raises(Conflict):
        keeping.save_template(session, thursday, [WELCOME], version=2, by=olu, now=now)


@pytest.mark.parametrize(
    ("rules", "minutes"),
    [
        ([], 240),
        ([(date(2026, 1, 1), 60)], 60),
        ([(date(2026, 1, 1), 60), (date(2027, 1, 1), 90)], 60),
        ([(date(2026, 1, 1), 45), (date(2026, 11, 23), 90)], 90),
        ([(date(2026, 1, 1), 90), (date(2027, 1, 1), 45)], 45),
    ],
)
def test_the_template_s_room_is_the_shortest_call_from_today_on(session, now, rules, minutes):
    series = make_series(session)
    series.rules = [
        CadenceRule(
            valid_from=day, rrule="FREQ=MONTHLY;BYDAY=1TH", start_time=time(14), minutes=length, time_zone="UTC"
        )
        for day, length in rules
    ]

    assert keeping.template_minutes(series, today=now.date()) == minutes


@pytest.mark.parametrize("of_one_call", [False, True], ids=["series", "call"])
def test_a_join_link_is_kept_apart_changed_and_taken_away(session, olu, thursday, site, now, of_one_call):
    owner = make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0)) if of_one_call else thursday

    for url in ("https://zoom.us/j/1", "https://zoom.us/j/2?pwd=x"):
        keeping.save_join_link(session, owner, way_in(url), by=olu, site=site, now=now)
    assert [link.url.reveal() for link in session.scalars(select(JoinLink))] == ["https://zoom.us/j/2?pwd=x"]

    for _ in range(2):
        keeping.save_join_link(session, owner, way_in(""), by=olu, site=site, now=now)
    assert session.scalars(select(JoinLink)).all() == []
    action = "touchpoint.join_link_saved" if of_one_call else "series.join_link_saved"
    assert [event.detail for event in events(session, action)] == [{}] * 4


def test_a_join_link_that_is_no_address_is_refused(session, olu, thursday, site, now):
    assert errors_of(keeping.save_join_link, session, thursday, way_in("room 5"), by=olu, site=site, now=now) == {
        "join_url": "Write the link whole, beginning with https://."
    }


def test_a_rule_for_tomorrow_is_still_to_begin_where_it_is_still_today(session, olu, thursday, now):
    late = now + timedelta(hours=14, minutes=30)  # 23:30 UTC: tomorrow in Madrid, today in New York
    for zone in ("America/New_York", "Europe/Madrid"):
        draft = replace(SECOND_THURSDAY, valid_from=date(2026, 11, 24), zone=zone)
        row = keeping.add_rule(session, thursday, draft, version=thursday.version, by=olu, now=late)
    with pytest.raises(RuleViolation):
        keeping.remove_rule(session, row, by=olu, now=late)
