"""From facts to public values: what leaves the house, and what never does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.agenda import Segment, SegmentKind
from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.disclosure import (
    CallFacts,
    TalkFacts,
    members_touchpoint,
    public_series,
    public_talk,
    public_touchpoint,
    recordable,
)
from app.domain.notice import RuleScope
from app.domain.people import RoleCategory
from app.domain.publication import MEMBERS_DETAILS, Audience, PublicDetail, PublicStatus

WELCOME = Segment(SegmentKind.WELCOME, "Welcome", 5, recorded=True, under_rule=False)
SLOT = Segment(SegmentKind.TALK, "Guest talk", 20, recorded=True, under_rule=False)
FORUM = Segment(SegmentKind.FORUM, "Open forum", 20, recorded=False, under_rule=True)
SAM = SpeakerFacts("Sam Speaker", "Kestrel Works", RoleCategory.OSPO, Attribution.NAME_AND_AFFILIATION)
SHY = replace(SAM, name="Shy Canary", affiliation="Canary Corp", attribution=Attribution.ROLE)
SERIES = public_series(
    slug="thursday",
    name="Europe Chapter",
    short_name="Thursday",
    audience=Audience.OPEN,
    hue="blue",
    shape="circle",
    role_address="thursday@example.org",
)
MEMBERS = replace(SERIES, audience=Audience.MEMBERS, detail=PublicDetail.TITLE_AND_TIME)


def talk(*speakers: SpeakerFacts, minutes: int = 15, consented: bool = True) -> TalkFacts:
    return TalkFacts(
        title="Upstream first",
        abstract="How fixes go upstream.",
        speakers=speakers or (SAM,),
        minutes=minutes,
        consented=consented,
        topics=("Upstream",),
        links=("https://git.example/canary",),
        recording_url="https://video.example/canary",
        slides_url="https://slides.example/canary",
        slides_agreed=True,
    )


def call(*talks: TalkFacts, **changes: object) -> CallFacts:
    facts = CallFacts(
        key="k234567890",
        uid="7d3c@touchpoints.example",
        series=SERIES,
        starts_at=datetime(2026, 12, 10, 13, 0, tzinfo=UTC),
        minutes=60,
        time_zone="Europe/Madrid",
        skipped=False,
        reason="",
        segments=(WELCOME, SLOT, FORUM),
        talks=talks,
    )
    return replace(facts, **changes)


def said(value: object) -> str:
    return json.dumps(value.to_json())


def test_a_talk_tells_the_role_categories_that_its_speakers_let_be_known_and_no_more():
    silent = replace(SAM, attribution=None, role_category=RoleCategory.FOUNDATION)
    nobody = replace(SAM, attribution=Attribution.NONE, role_category=RoleCategory.INDEPENDENT)
    officer = replace(SAM, attribution=Attribution.AFFILIATION, role_category=RoleCategory.STAKEHOLDER)
    shown = public_touchpoint(call(replace(talk(officer, silent, SHY, nobody, SAM), key="t1")), before=None)
    assert (shown.talks[0].key, shown.talks[0].roles) == ("t1", (RoleCategory.OSPO, RoleCategory.STAKEHOLDER))


def test_a_members_call_tells_no_role_category():
    shown = public_touchpoint(call(talk(), series=MEMBERS), before=None)
    assert shown.talks[0].roles == ()


def test_a_named_speaker_is_named_with_links_slides_and_recording():
    shown = public_touchpoint(call(talk()), before=None)
    assert shown.talks[0].speakers == ("Sam Speaker, Kestrel Works",)
    assert shown.talks[0].links == ("https://git.example/canary",)
    assert shown.talks[0].slides_url == "https://slides.example/canary"
    assert shown.talks[0].recording_url == "https://video.example/canary"
    assert shown.title == "Upstream first"


def test_links_and_slides_could_name_whoever_withholds_a_name_and_stay_inside():
    shown = public_touchpoint(call(talk(SAM, SHY)), before=None)
    assert shown.talks[0].speakers == ("Sam Speaker, Kestrel Works", "An OSPO member")
    assert (shown.talks[0].links, shown.talks[0].slides_url) == ((), "")
    assert "Canary" not in said(shown)


def test_a_talk_without_every_consent_is_not_recorded_and_shows_no_recording():
    shown = public_touchpoint(call(talk(consented=False)), before=None)
    assert (shown.talks[0].recorded, shown.talks[0].recording_url) == (False, "")
    assert [part.title for part in shown.agenda if part.recorded] == ["Welcome"]


def test_a_segment_that_may_not_be_recorded_bars_its_talk():
    shown = public_touchpoint(call(talk(), segments=(WELCOME, replace(SLOT, recorded=False))), before=None)
    assert not shown.talks[0].recorded


def test_nothing_of_a_call_that_is_under_the_rule_as_a_whole_is_recorded():
    segments = tuple(replace(part, under_rule=True) for part in (WELCOME, SLOT, FORUM))
    shown = public_touchpoint(call(talk(), segments=segments), before=None)
    assert shown.rule_scope is RuleScope.WHOLE
    assert not any(part.recorded for part in (*shown.agenda, *shown.talks))


def test_a_talk_may_be_recorded_where_its_part_may_and_the_call_is_not_under_the_rule_as_a_whole():
    quiet = replace(SLOT, recorded=False)
    assert recordable((WELCOME, SLOT, quiet, FORUM)) == (True, False)
    assert recordable((replace(SLOT, under_rule=True), WELCOME)) == (True,)
    assert recordable((replace(SLOT, under_rule=True), FORUM)) == (False,)
    assert recordable((WELCOME, FORUM)) == ()


@pytest.mark.parametrize("kind", [kind for kind in SegmentKind if kind is not SegmentKind.TALK])
def test_only_talks_under_the_rule_are_ever_recorded(kind):
    segments = (WELCOME, replace(SLOT, under_rule=True), replace(FORUM, kind=kind, recorded=True))
    shown = public_touchpoint(call(talk(), segments=segments), before=None)
    assert [part.recorded for part in shown.agenda] == [True, True, False]


def test_each_part_for_talks_is_recorded_by_the_consents_of_its_own_talks():
    two = (SLOT, replace(SLOT, title="Second talk"))
    shown = public_touchpoint(call(talk(), replace(talk(), consented=False), segments=two), before=None)
    assert [part.recorded for part in shown.agenda] == [True, False]
    assert shown.notice.parts == (
        "Guest talk, 20 min: recorded, not under the Rule.",
        "Second talk, 20 min: not recorded, not under the Rule.",
    )


def test_an_address_that_is_none_stays_inside():
    shown = public_talk(
        title="T",
        abstract="",
        speakers=[SAM],
        minutes=10,
        recorded=True,
        detail=PublicDetail.EVERYTHING,
        links=["javascript:alert(1)"],
        recording_url="//evil.example",
        slides_url="nonsense",
    )
    assert (shown.links, shown.recording_url, shown.slides_url) == ((), "", "")


def test_a_members_only_call_shows_title_and_time_and_no_more():
    shown = public_touchpoint(call(talk(SAM, SHY), series=MEMBERS), before=None)
    assert (shown.status, shown.title, shown.agenda) == (PublicStatus.CONFIRMED, "Upstream first", ())
    for hidden in ("Sam", "Kestrel", "Canary", "canary", "OSPO", "upstream.", 'Upstream"]', "Welcome"):
        assert hidden not in said(shown)
    assert str(shown.notice).startswith("Held in part under the Chatham House Rule. You may")
    assert shown.notice.parts == ()


def test_the_title_of_a_members_only_call_names_nobody_whatever_they_chose():
    named = replace(talk(), title="Upstream first, by Sam Speaker of Kestrel Works")
    [shown] = public_touchpoint(call(named, series=MEMBERS), before=None).talks
    assert "Sam" not in shown.title
    assert "Kestrel" not in shown.title
    assert public_touchpoint(call(named), before=None).talks[0].title == named.title


def test_the_agenda_has_starts_and_seats_the_talks():
    shown = public_touchpoint(call(talk(minutes=10), talk(minutes=10)), before=None)
    assert [(part.title, part.starts) for part in shown.agenda] == [
        ("Welcome", 0),
        ("Guest talk", 5),
        ("Open forum", 25),
    ]
    assert [item.starts for item in shown.talks] == [5, 15]
    assert [shown.talks_in(part) for part in shown.agenda] == [(), shown.talks, ()]
    assert shown.free_minutes == 0


def test_two_slots_hold_each_their_talks():
    shown = public_touchpoint(call(talk(), talk(), segments=(SLOT, FORUM, SLOT)), before=None)
    assert [len(shown.talks_in(part)) for part in shown.agenda] == [1, 0, 1]


def test_talks_on_an_agenda_without_a_slot_are_shown_without_a_place_and_not_recorded():
    shown = public_touchpoint(call(talk(), segments=(WELCOME,)), before=None)
    assert (shown.talks[0].starts, shown.talks[0].recorded) == (None, False)
    assert shown.talks_in(shown.agenda[0]) == ()


def test_a_slot_without_talks_is_not_said_to_be_recorded():
    shown = public_touchpoint(call(), before=None)
    assert (shown.status, shown.free_minutes) == (PublicStatus.PLANNED, 20)
    assert [part.recorded for part in shown.agenda] == [True, False, False]


def test_a_segment_without_a_title_has_the_words_of_its_kind():
    shown = public_touchpoint(call(segments=(replace(SLOT, title=" "),)), before=None)
    assert shown.agenda[0].title == "Guest talk"


def test_a_skipped_call_has_its_reason_and_nothing_else():
    shown = public_touchpoint(call(talk(), skipped=True, reason="New Year’s\nDay"), before=None)
    assert (shown.status, shown.skipped, shown.reason) == (PublicStatus.PLANNED, True, "New Year’s Day")
    assert (shown.talks, shown.agenda, shown.free_minutes) == ((), (), 0)


def test_a_cancelled_call_keeps_neither_names_nor_titles():
    shown = public_touchpoint(call(talk(), skipped=True, reason="Holiday"), before=PublicStatus.CONFIRMED)
    assert shown.status is PublicStatus.CANCELLED
    assert "Sam" not in said(shown)
    assert "Upstream" not in said(shown)
    left = public_touchpoint(call(reason="an old reason"), before=PublicStatus.CONFIRMED)
    assert (left.status, left.reason, left.agenda) == (PublicStatus.CANCELLED, "", ())


@pytest.mark.parametrize("short_name", ["", " \x00"])
def test_a_series_without_a_short_name_goes_by_its_name(short_name):
    series = public_series(
        slug="s", name="A\r\nB", short_name=short_name, audience=Audience.OPEN, hue="", shape="", role_address="a@b"
    )
    assert (series.name, series.short_name) == ("A B", "A B")


def test_what_is_recorded_is_listed_talk_by_talk():
    facts = call(talk(minutes=10), replace(talk(minutes=10, consented=False), title="Off the tape"))
    shown = public_touchpoint(facts, before=None)
    assert shown.notice.parts == (
        "Welcome, 5 min: recorded, not under the Rule.",
        "Upstream first, 10 min: recorded, not under the Rule.",
        "Off the tape, 10 min: not recorded, not under the Rule.",
        "Open forum, 20 min: under the Rule, not recorded.",
    )
    assert not shown.agenda[1].recorded


def test_the_public_sees_of_members_calls_what_their_series_shows():
    shown = {
        detail: public_touchpoint(call(talk(SAM), series=replace(MEMBERS, detail=detail)), before=None)
        for detail in (PublicDetail.TITLE_AND_TIME, PublicDetail.TIME)
    }
    assert [value.title for value in shown.values()] == ["Upstream first", ""]
    assert [value.heading for value in shown.values()] == ["Upstream first", "Members’ call"]
    assert [value.starts_at for value in shown.values()] == [call().starts_at] * 2
    assert ["Sam" in said(value) or bool(value.agenda) for value in shown.values()] == [False, False]
    with pytest.raises(ValueError, match="nothing of this call is public"):
        public_touchpoint(call(series=replace(MEMBERS, detail=PublicDetail.NOTHING)), before=None)


@pytest.mark.parametrize("detail", MEMBERS_DETAILS)
def test_members_see_a_call_whole_with_speakers_as_they_are_named_for_it(detail):
    shown = members_touchpoint(call(talk(SAM, SHY), series=replace(MEMBERS, detail=detail)), before=None)
    assert shown.talks[0].speakers == ("Sam Speaker, Kestrel Works", "An OSPO member")
    assert (shown.talks[0].abstract != "", len(shown.agenda) > 1, shown.talks[0].also) == (True, True, ())
    assert "Canary" not in said(shown)


def test_a_series_shows_everything_exactly_if_it_is_open():
    for audience, detail in ((Audience.OPEN, PublicDetail.TIME), (Audience.MEMBERS, PublicDetail.EVERYTHING)):
        with pytest.raises(ValueError, match="does not show"):
            replace(SERIES, audience=audience, detail=detail)


def test_the_address_of_a_call_is_shown_nowhere_even_if_it_was_kept():
    kept = replace(talk(SAM), links=("https://zoom.us/j/1?pwd=x", "https://example.org"))
    assert public_touchpoint(call(kept), before=None).talks[0].links == ("https://example.org",)


def test_a_topic_that_says_what_a_speaker_keeps_back_is_left_out():
    said = replace(talk(replace(SAM, attribution=Attribution.ROLE)), topics=("Upstream", "Kestrel Works"))
    assert public_touchpoint(call(said), before=None).talks[0].topics == ("Upstream",)
