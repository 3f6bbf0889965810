"""The year 2025 of the community, replayed from its own record: ten calls held, two of them moved, ten dropped.

In its table the dropped rows vanished without a word, and one speaker stood in public for 100 days longer than wished.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.domain.agenda import SegmentKind
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.series import PartDraft, RuleDraft, SeriesDraft
from app.services import scheduling
from app.services import series as keeping
from app.services.topics import add_topic
from tests.cast import make_person
from tests.journeys.desk import Desk, address_of
from tests.journeys.post import kinds
from tests.journeys.reading import events_of
from tests.journeys.record import rows_of_2025

# "every second Thursday 12:00 PM GMT" and "Mondays 5:00 PM GMT", as written; in May both began to count anew, a week
# later. The zone is UTC: GMT means it all year, and the rows stay at 12:00 and 17:00 GMT after London's clocks changed
# on 30 March. On London's clock those calls would have been an hour earlier than announced. The table was edited back
# and forth in April: where a row says another time than its rule, the row is right and the call is moved off the rule.
SERIES = {
    "emea-apac": (4, ((date(2025, 2, 13), time(12)), (date(2025, 5, 15), time(11))), date(2025, 5, 8)),
    "amer-emea": (1, ((date(2025, 2, 10), time(17)), (date(2025, 5, 12), time(17))), date(2025, 5, 5)),
}
DISCUSSION = (
    "tp-2025-05-27"  # "Special BoF with Group Discussion, all under Chatham House Rule (40 mins)", not recorded
)
DISCUSSION_AGENDA = (
    PartDraft(0, 0, SegmentKind.WELCOME, "Welcome", 3),
    PartDraft(1, 1, SegmentKind.UPDATES, "Working-group updates", 3),
    PartDraft(2, 2, SegmentKind.TALK, "Group discussion", 40, under_rule=True),
)
UNTIL = date(2025, 6, 30)


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture
def now():
    """Two months before the first call, when the year was planned."""
    return datetime(2024, 12, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def rows():
    return rows_of_2025()


@pytest.fixture
def held(rows):
    return [row for row in rows if row.status == "held"]


@pytest.fixture
def dropped(rows):
    return [row for row in rows if row.status == "dropped"]


@pytest.fixture
def desk(session, site, clock, rows):
    organizers = tuple(make_person(session, name, role=Role.ORGANIZER) for name in ("Olu Organizer", "Ines Organizer"))
    desk = Desk(session, site, clock, organizers)
    for topic in sorted({row.topic for row in rows if row.topic}):
        add_topic(session, topic, by=desk.by, now=clock.now)
    return desk


@pytest.fixture
def calls(desk, rows):
    """The touchpoint of each row by the row's key, opened from the cadences, at the rows' own times."""
    for slug, (weekday, rules, without) in SERIES.items():
        _begin(desk, slug, weekday, rules, without)
    opened = _schedule(desk, scheduling.open_touchpoints, until=UNTIL)
    moved_to = {row.moved_to: row for row in rows if row.moved_to}
    planned = [row for row in rows if row.key not in moved_to]
    assert [(call.series.slug, call.starts_at.date()) for call in opened] == [(row.series, row.day) for row in planned]
    calls = {row.key: call for row, call in zip(planned, opened, strict=True)}
    for row in planned:
        if calls[row.key].starts_at != row.starts_at:
            _move(desk, calls[row.key], row.starts_at)
    return calls | {key: calls[row.key] for key, row in moved_to.items()}


@pytest.fixture
def published(desk, rows, held, calls, post):
    """Every held call's talk, from its proposal to its page; then the two moves, which ask the speakers again."""
    call = calls[DISCUSSION]
    _schedule(desk, scheduling.save_agenda, call, DISCUSSION_AGENDA, version=call.version)
    for row in held:
        minutes = 30 if row.key == DISCUSSION else 20
        proposal = desk.accept(row.title, row.speakers, topic=row.topic.lower(), minutes=minutes, recorded=row.recorded)
        desk.invite(proposal, calls[row.key])
    _answer(desk, post, held, calls)
    moved = {row.moved_to for row in rows if row.moved_to}
    for row in held:
        if row.key in moved:
            _move(desk, calls[row.key], row.starts_at)
    _answer(desk, post, [row for row in held if row.key in moved], calls)


def test_the_cadences_give_the_year_s_table_as_it_was_planned(rows, held, dropped, calls):
    assert (len(rows), len(held), len(dropped)) == (22, 10, 10)
    assert len(set(calls.values())) == 20
    assert sum(call.starts_at.date() != call.rule_date for call in calls.values()) == 0


def test_the_ten_held_calls_stand_in_the_feed_and_every_speaker_had_their_mails(
    published, held, rows, post, new_window
):
    events = _feed(new_window())
    assert [(event.start, event.end - event.start) for event in events] == [
        (row.starts_at, timedelta(hours=1)) for row in held
    ]
    assert [event.summary for event in events] == [f"{row.series.upper()}: {row.title}" for row in held]
    assert {event.status for event in events} == {"CONFIRMED"}
    for event, row in zip(events, held, strict=True):
        named = "; ".join(", ".join(filter(None, speaker)) for speaker in row.speakers)
        recorded = "This talk is recorded." if row.recorded else "This talk is not recorded."
        assert f"{row.title}\n{named}\n{recorded}\n" in event.description
        assert f"{row.starts_at:%A %-d %B %Y, %H:%M}–" in event.description
        assert "under the Chatham House Rule" in event.description
    moved = {row.moved_to for row in rows if row.moved_to}  # public on another day before
    assert [row.key for event, row in zip(events, held, strict=True) if event.sequence] == sorted(moved)
    assert Counter(kinds(post.letters)) == Counter(_mails(held, moved))


def test_the_ten_dropped_slots_stand_as_cancelled_once_they_had_been_public(
    published, desk, calls, held, dropped, post, new_window
):
    for row in dropped:
        stand_in = (f"Speaker of {row.key}", "")
        proposal = desk.accept(
            f"A talk that was not given, {row.day}", (stand_in,), topic="business", minutes=20, recorded=True
        )
        desk.invite(proposal, calls[row.key])
    _answer(desk, post, dropped, calls)
    public = {event.uid: event for event in _feed(new_window())}
    assert (len(public), {event.status for event in public.values()}) == (20, {"CONFIRMED"})

    for row in dropped:
        call = calls[row.key]
        _schedule(desk, scheduling.skip_touchpoint, call, reason="Nobody could speak", version=call.version)

    events = _feed(new_window())
    cancelled = [event for event in events if event.status == "CANCELLED"]
    assert [event.start for event in cancelled] == [row.starts_at for row in dropped]
    assert [event.summary for event in cancelled] == [f"Cancelled: {row.series.upper()}" for row in dropped]
    assert [event.sequence for event in cancelled] == [public[event.uid].sequence + 1 for event in cancelled]
    assert not [event for event in cancelled if "not given" in event.description]
    kept = [event for event in events if event.status == "CONFIRMED"]
    assert kept == [public[event.uid] for event in kept]
    assert [event.start for event in kept] == [row.starts_at for row in held]

    desk.clock.now = datetime(2025, 12, 31, tzinfo=UTC)
    archive = [title.get_text(strip=True) for title in new_window().open("/learning").page.select("main .event-title")]
    assert archive == [row.title for row in reversed(held)]


def _begin(desk, slug, weekday, rules, without):
    name = slug.upper()
    draft = SeriesDraft(name, name, slug, Audience.OPEN, role_address=f"{slug}@example.org")
    series = keeping.create_series(desk.session, draft, by=desk.by, now=desk.clock.now)
    for valid_from, start in rules:
        rule = RuleDraft("weekly", weekday, 2, (), start, 60, "UTC", valid_from)
        keeping.add_rule(desk.session, series, rule, version=series.version, by=desk.by, now=desk.clock.now)
    saying = {"day": without, "reason": "No call in this week"}
    keeping.add_exception(desk.session, series, **saying, by=desk.by, now=desk.clock.now)


def _move(desk, call, starts_at):
    _schedule(desk, scheduling.move_touchpoint, call, to=starts_at.replace(tzinfo=None), version=call.version)


def _answer(desk, post, rows, calls):
    """The mails leave, and a day later everyone has said yes."""
    desk.clock.advance(timedelta(days=1))
    post.deliver()
    for row in rows:
        desk.answer(desk.talk_on(calls[row.key]))
    post.deliver()


def _schedule(desk, use_case, *subjects, **values):
    return use_case(desk.session, *subjects, **values, by=desk.by, site=desk.site, now=desk.clock.now)


def _mails(held, moved):
    """(kind, reader) of each mail about these calls: one story for the volunteer, one for each speaker."""
    for row in held:
        speakers = [address_of(name) for name, _ in row.speakers]
        yield from ((kind, speakers[0]) for kind in ("verify", "received", "accepted"))
        kinds_of_talk = ("invited", "confirmed", *(("moved", "confirmed") if row.key in moved else ()))
        yield from ((kind, speaker) for speaker in speakers for kind in kinds_of_talk)
        if row.key in moved:
            yield from (("rescheduled", organizer) for organizer in ("olu@example.org", "ines@example.org"))


def _feed(window):
    return events_of(window.read("/calendar/all.ics"))
