"""The resources of the open data, as they are written and as their description shows them."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.domain.agenda import SegmentKind
from app.domain.notice import RuleScope
from app.domain.people import RoleCategory
from app.domain.publication import Audience, PublicDetail
from app.domain.revision import PublicStatus
from app.domain.states import WorkingGroupState
from app.web.api.fields import Address, CalendarDate, Flag, Given, Instant, Number, Text, WallClock, Word


class SeriesReference(Schema):
    """Which series a call belongs to, and how much of it is public."""

    slug = Text("The series in addresses and filters.", example="thursday")
    name = Text("Its whole name.", example="Europe Chapter and OSPOlogy")
    short_name = Text("Its name where there is little room.", example="Thursday")
    audience = Word(Audience, "Whom its calls are for.", example="open")
    public_detail = Word(PublicDetail, "How much of its calls is public.", attribute="detail", example="title_and_time")


class Series(Schema):
    """A recurring call. Those that ended stay, with the calls that were held."""

    slug = Text("The series in addresses and filters.", attribute="series.slug", example="thursday")
    name = Text("Its whole name.", attribute="series.name", example="Europe Chapter and OSPOlogy")
    short_name = Text("Its name where there is little room.", attribute="series.short_name", example="Thursday")
    description = Given("What it is for.")
    audience = Word(Audience, "Whom its calls are for.", attribute="series.audience", example="open")
    public_detail = Word(PublicDetail, "How much of its calls is public.", attribute="series.detail")
    rhythm = Given("Its present cadence in words.", example="Every second Thursday, 14:00 Madrid")
    minutes = Number("How long its calls usually are; 0 without a cadence.", example=60)
    contact = Given("The mailbox of the series; never a person's.", attribute="series.role_address", format="email")
    ended_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Its last day, which may be to come."}
    )
    moved_to = Given("Where it goes on after its last day.", format="uri")
    url = Address("public.schedule", "Its calls to come, for people.", series="series.slug")
    calendar_url = Address("public.feed", "Its calendar to subscribe to (iCalendar).", slug="series.slug")
    touchpoints_url = Address("api.touchpoints", "Its calls, here.", series="series.slug")


class Segment(Schema):
    """A part of the agenda."""

    kind = Word(SegmentKind, "What kind of part it is.", example="talk")
    title = Text("What it is called.", example="Guest talk and questions")
    starts_at = Instant("When it begins; null where the day of the call is not known.", allow_none=True)
    minutes = Number("How long it is.", example=20)
    recorded = Flag("Whether it is recorded: everybody who speaks in it has agreed.")
    under_rule = Flag("Whether it is held under the Chatham House Rule.")
    working_group = Given("The slug of the working group that it belongs to.", example="ospo-book")


class Elsewhere(Schema):
    """Another call on which the same talk is held."""

    key = Text("The key of that call.", example="7kq2mzr4ab")
    series = Text("The short name of its series.", example="Friday")
    starts_at = Instant("When that call begins.")
    minutes = Number("How long that call is.", example=60)
    time_zone = Text("The IANA zone of that call.", example="Europe/Madrid")
    url = Address("api.touchpoint", "That call, here.", key="key")


class TalkOnCall(Schema):
    """A confirmed talk, as its speakers agreed to have it shown."""

    key = Text("The talk in addresses, wherever it moves.", attribute="talk.key", example="m4v9c2xk7p")
    title = Given("Its title; null where only the time of the call is public.", attribute="talk.title")
    abstract = Given("What it is about.", attribute="talk.abstract")
    speakers = fields.List(
        fields.String(),
        required=True,
        attribute="talk.speakers",
        metadata={
            "description": "Who speaks, each as they chose to be named: name, affiliation, role, or “A speaker”.",
            "example": ["Sam Speaker, Kestrel Works", "An OSPO member", "A speaker"],
        },
    )
    roles = fields.List(
        Word(RoleCategory, "A role category."),
        required=True,
        attribute="talk.roles",
        metadata={"description": "The role categories that its speakers let be known, without saying whose they are."},
    )
    topics = fields.List(
        fields.String(),
        required=True,
        attribute="talk.topics",
        metadata={"description": "The names of its topics.", "example": ["Upstream first"]},
    )
    minutes = Number("How long it is.", attribute="talk.minutes", example=20)
    starts_at = Instant("When it begins; null where it has no place in a public agenda.", allow_none=True)
    local_starts_at = WallClock("The same on the clock of the series.", allow_none=True)
    recorded = Flag("Whether it is recorded: the part allows it, and every speaker agreed.", attribute="talk.recorded")
    recording_url = Given("The recording.", attribute="talk.recording_url", format="uri")
    slides_url = Given("The slides.", attribute="talk.slides_url", format="uri")
    links = fields.List(
        fields.String(metadata={"format": "uri"}),
        required=True,
        attribute="talk.links",
        metadata={"description": "Where to read more. None where a speaker keeps back who they are."},
    )
    also = fields.List(
        fields.Nested(Elsewhere),
        required=True,
        attribute="talk.also",
        metadata={"description": "The other calls on which it is held."},
    )
    working_group = Given(
        "The slug of the working group whose work it tells of.", attribute="talk.working_group", example="ospo-book"
    )
    url = Address(
        "public.talk",
        "Its page, for people; null where the talk has no title in public.",
        where=lambda found: bool(found.talk.key and found.talk.title),
        key="talk.key",
    )


class CallReference(Schema):
    """The call of a talk."""

    key = Text("The key of the call.", attribute="call.key", example="7kq2mzr4ab")
    date = CalendarDate()
    day_known = Flag("Whether the day is known; where it is not, no instant is said.", attribute="call.day_known")
    starts_at = Instant("When the call begins; null where the day is not known.", allow_none=True)
    time_zone = Text("The IANA zone of the series.", attribute="call.time_zone", example="Europe/Madrid")
    url = Address("api.touchpoint", "The call, here.", key="call.key")


class Talk(TalkOnCall):
    """A confirmed talk, with the call on which it is held."""

    series = fields.Nested(
        SeriesReference, required=True, attribute="call.series", metadata={"description": "The series it belongs to."}
    )
    touchpoint = fields.Nested(
        CallReference, required=True, attribute="on", metadata={"description": "The call on which it is held."}
    )
    changed_at = Instant("When anything of the call last changed.")


class Touchpoint(Schema):
    """A dated call of a series: planned, confirmed or cancelled."""

    key = Text("The call in addresses. It stays when the call moves.", attribute="call.key", example="7kq2mzr4ab")
    uid = Text("The UID that calendars know it by.", attribute="call.uid")
    series = fields.Nested(
        SeriesReference, required=True, attribute="call.series", metadata={"description": "The series it belongs to."}
    )
    status = Word(
        PublicStatus,
        "planned: a date without a confirmed talk; confirmed; cancelled: it was confirmed and does not take place.",
        attribute="call.status",
        example="confirmed",
    )
    title = Given("The titles of its talks, in order.", attribute="call.title")
    date = CalendarDate()
    day_known = Flag("Whether the day is known; where it is not, no instant is said.", attribute="call.day_known")
    starts_at = Instant("When it begins; null where the day is not known.", allow_none=True)
    ends_at = Instant("When it ends; null where the day is not known.", example="2026-12-10T14:00:00Z", allow_none=True)
    minutes = Number("How long it is.", attribute="call.minutes", example=60)
    time_zone = Text("The IANA zone of its wall clock.", attribute="call.time_zone", example="Europe/Madrid")
    local_starts_at = WallClock("When it begins, on that wall clock.", allow_none=True)
    local_ends_at = WallClock("When it ends, on that wall clock.", example="2026-12-10T15:00:00+01:00", allow_none=True)
    moved_from = Instant(
        "When it was to begin before it was moved; null where it was not, or longer ago than we remember.",
        allow_none=True,
    )
    skipped = Flag("Whether organizers called this date off.", attribute="call.skipped")
    reason = Given("Why it was called off.", attribute="call.reason")
    rule_scope = Word(
        RuleScope, "Which part of it is under the Chatham House Rule.", attribute="call.rule_scope", example="parts"
    )
    notice = fields.List(
        fields.String(),
        required=True,
        attribute="call.notice.lines",
        metadata={"description": "What those who come are told of the Rule, line by line."},
    )
    agenda = fields.List(
        fields.Nested(Segment),
        required=True,
        metadata={"description": "Its parts in order; empty where they are not public, or it does not take place."},
    )
    talks = fields.List(
        fields.Nested(TalkOnCall), required=True, metadata={"description": "Its confirmed talks, in order."}
    )
    free_minutes = Number("The room that is left for talks.", attribute="call.free_minutes", example=20)
    has_notes = Flag("Whether there are notes for everybody on its page.")
    changed_at = Instant("When anything of this last changed: ask for what is newer by updated_since.")
    url = Address("public.touchpoint", "Its page, for people.", key="call.key")
    calendar_url = Address(
        "public.call_file",
        "It as a calendar file; null until it is confirmed, and where its day is not known.",
        where=lambda found: bool(found.call.in_feed),
        key="call.key",
    )


class Topic(Schema):
    """A subject of talks."""

    slug = Text("The topic in addresses and filters.", example="upstream")
    name = Text("What it is called.", example="Upstream first")
    retired = Flag("Whether it is offered no more; talks keep it.")
    calendar_url = Address("public.topic_feed", "A calendar of the calls on it (iCalendar).", slug="slug")


class Channel(Schema):
    """Where a working group talks."""

    label = Text("What it is.", example="Mailing list")
    address = Text("https or mailto.", example="https://lists.example.org/g/ospo-book")


class WorkingGroup(Schema):
    """A working group of the community."""

    slug = Text("The group in addresses and filters.", example="ospo-book")
    name = Text("What it is called.", example="OSPO Book")
    scope = Given("What it is for.")
    state = Word(WorkingGroupState, "How it is doing.", example="active")
    rhythm = Given("When it meets, in words.", example="Every second Tuesday, 16:00 Madrid")
    chairs = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Who chairs it, each as they chose to be named.", "example": ["A chair"]},
    )
    channels = fields.List(
        fields.Nested(Channel), required=True, metadata={"description": "Where it talks: lists, chats."}
    )
    repository = Given("Where its work stands.", format="uri")
    notes = Given("What it has noted.")
    notes_url = Given("Where its notes stand.", format="uri")
    calendar = Given("Its calendar.", format="uri")
    url = Address("public.working_group", "Its page, for people.", slug="slug")


ITEMS = {"description": "The things themselves."}


class Listing(Schema):
    """A part of a list."""

    total = Number("How many there are in the whole list.", example=44)
    next = Given("The address of the next part; null on the last.", format="uri")
