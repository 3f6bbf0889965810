"""One example of every message, as the cast would get it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.attribution import Attribution
from app.domain.consent import Choices as NamingChoices
from app.domain.receipts import MailsOut, Receipt, Served
from app.domain.secret import Secret, WayIn
from app.mail.erasure import Ended, Erased
from app.mail.messages import accounts, chairs, moderating, notes, organizing, own_data, proposals, subscriptions, talks
from app.mail.messages.moderating import Moderated
from app.mail.messages.organizing import Awaited, Unanswered, Week
from app.mail.messages.subscriptions import Call, Change, Ways
from app.mail.values import Appearance, CalendarObject, Choices, House, Mail, Materials, Occasion, Reader, Retracted

HOUSE = House(community="TODO Group", url="https://touchpoints.example.org", reply_to="organizers@example.org")
VERA = Reader("vera@example.org", "Vera Volunteer", "Europe/Stockholm")
SAM = Reader("sam@example.org", "Sam Speaker", "America/New_York")
OLU = Reader("olu@example.org", "Olu Organizer", "Europe/Madrid")
TITLE = "Upstream first at a railway operator"
THURSDAY = Occasion(
    "Europe Chapter and OSPOlogy", datetime(2026, 12, 3, 13, 0, tzinfo=UTC), 60, "Europe/Madrid", "thursday@example.org"
)
FRIDAY = Occasion(
    "General Member", datetime(2026, 12, 11, 16, 30, tzinfo=UTC), 60, "Europe/Madrid", "friday@example.org"
)
CHOICES = Choices("Name and affiliation", "Sam Speaker, Kestrel Works", recording=True, members_only=False)
NOTICE = (
    "Held in part under the Chatham House Rule: Open forum. You may use what you hear, but not reveal who said it, "
    "who took part, or which organisations they belong to."
)
MODERATED = Moderated(THURSDAY, NOTICE, "https://touchpoints.example.org/touchpoints/abc/run")
CALENDAR = CalendarObject("REQUEST", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")


NORA = Reader("nora@example.org", time_zone="Asia/Tokyo")


RETRACTED = Retracted(
    TITLE,
    Receipt(
        at=datetime(2029, 5, 7, 9, 0, tzinfo=UTC),
        before=NamingChoices(Attribution.NAME_AND_AFFILIATION, recording=True, slides=None),
        now=NamingChoices(Attribution.ROLE, recording=False, slides=None),
        by_organizer=False,
        calls=(
            Served(
                "abc",
                THURSDAY.series,
                THURSDAY.starts_at,
                THURSDAY.minutes,
                THURSDAY.time_zone,
                sequence=3,
                last_modified=datetime(2029, 5, 7, 9, 0, tzinfo=UTC),
                changed=True,
            ),
        ),
        rewritten=1,
        entries=2,
        to_speakers=MailsOut(2, datetime(2026, 11, 1, 9, 0, tzinfo=UTC), datetime(2026, 11, 30, 9, 0, tzinfo=UTC)),
        to_followers=MailsOut(),
    ),
)


def link(path: str) -> str:
    return f"{HOUSE.url}{path}"


def part(**changes: object) -> Appearance:
    values = {
        "title": TITLE,
        "minutes": 20,
        "with_speakers": ("Kim Co-Speaker",),
        "occasion": THURSDAY,
        "choices": CHOICES,
        "notice": NOTICE,
        "link": link("/confirm/a-secret"),
        "page_url": link("/touchpoints/abc"),
        "answer_by": datetime(2026, 11, 30, 9, 0, tzinfo=UTC),
    }
    return Appearance(**(values | changes))


def call(**changes: object) -> Call:
    values = {
        "title": TITLE,
        "speakers": ("Sam Speaker, Kestrel Works",),
        "occasion": THURSDAY,
        "notice": NOTICE,
        "page_url": link("/touchpoints/abc"),
    }
    return Call(**(values | changes))


WAYS = Ways(link("/subscribe/mine/a-secret"), link("/subscribe/off/a-secret"))


def to_subscribers() -> dict[str, Mail]:
    """The mails to people who follow the calls."""
    named = {"house": HOUSE, "reader": NORA, "ways": WAYS}
    return {
        "subscribe": subscriptions.subscribe(
            HOUSE, Reader(NORA.address), link=link("/subscribe/confirm/a-secret"), days=7
        ),
        "subscribed": subscriptions.subscribed(HOUSE, Reader(NORA.address), link=WAYS.manage),
        "call_published": subscriptions.call_published(call=call(), again=False, **named),
        "call_moved": subscriptions.call_moved(call=call(occasion=FRIDAY), was=THURSDAY, **named),
        "call_cancelled": subscriptions.call_cancelled(
            call=call(title=THURSDAY.series, speakers=(), reason="Public holiday."), instead=FRIDAY, **named
        ),
        "call_tomorrow": subscriptions.call_tomorrow(call=call(), **named),
        "digest": subscriptions.digest(
            changes=[Change("Moved", call(occasion=FRIDAY), THURSDAY), Change("New", call(title="Second talk"))],
            coming=[call(speakers=())],
            days=14,
            **named,
        ),
    }


def samples() -> dict[str, Mail]:
    """Every message by its name."""
    own = link("/proposals/a-secret")
    return to_subscribers() | {
        "verify": proposals.verify(HOUSE, Reader("vera@example.org"), link=link("/propose/confirm/a-secret")),
        "draft_saved": proposals.draft_saved(
            HOUSE, Reader("vera@example.org"), link=link("/propose/continue/a-secret")
        ),
        "received": proposals.received(HOUSE, VERA, title=TITLE, link=own),
        "accepted": proposals.accepted(HOUSE, VERA, title=TITLE, message="We loved it.\nTwo dates are free.", link=own),
        "declined": proposals.declined(HOUSE, VERA, title=TITLE, reason="We had this topic in spring.", link=own),
        "invited": talks.invited(HOUSE, SAM, part=part()),
        "reminded": talks.reminded(HOUSE, SAM, part=part()),
        "confirmed": talks.confirmed(
            HOUSE,
            SAM,
            part=part(way_in=WayIn(Secret("https://meet.example.org/secret"))),
            calendar=CALENDAR,
            role_address=THURSDAY.mailbox,
        ),
        "moved": talks.moved(
            HOUSE, SAM, part=part(occasion=FRIDAY), was=THURSDAY, calendar=CALENDAR, role_address=FRIDAY.mailbox
        ),
        "updated": talks.updated(
            HOUSE,
            SAM,
            part=part(way_in=WayIn(Secret("https://meet.example.org/secret"))),
            was=replace(THURSDAY, series="OSPOlogy"),
            old_title="Upstream first",
            new_link=True,
            calendar=CALENDAR,
            role_address=THURSDAY.mailbox,
        ),
        "cancelled": talks.cancelled(
            HOUSE, SAM, title=TITLE, was=THURSDAY, reason="Public holiday.", calendar=CALENDAR
        ),
        "withdrawn": talks.withdrawn(HOUSE, SAM, title=TITLE, was=[THURSDAY, FRIDAY], calendar=CALENDAR),
        "erased": own_data.erased(HOUSE, Reader("sam@example.org"), done=Erased(1, 2, 1, 3, 0)),
        "left": own_data.left(HOUSE, VERA, title=TITLE, is_over=False),
        "left_organizers": own_data.left_organizers(
            HOUSE,
            OLU,
            ended=[Ended(TITLE, (THURSDAY,))],
            going_on=["Two views of licences"],
            unnamed=2,
            link=link("/board"),
        ),
        "unused": own_data.unused(HOUSE, SAM, months=24, goes_at=THURSDAY.starts_at, link=link("/sign-in")),
        "withdrawn_organizer": organizing.proposal_withdrawn(
            HOUSE, OLU, title=TITLE, was=[THURSDAY], link=link("/pool/abc")
        ),
        "moderating": moderating.moderating(HOUSE, OLU, call=MODERATED),
        "moderating_soon": moderating.moderating_soon(HOUSE, OLU, call=MODERATED),
        "scribe": notes.scribe(HOUSE, VERA, occasion=THURSDAY, link=link("/touchpoints/abc/notes")),
        "notes_ready": notes.notes_ready(HOUSE, OLU, occasion=THURSDAY, link=link("/touchpoints/abc/notes")),
        "retracted": talks.retracted(HOUSE, SAM, receipts=[RETRACTED], link=link("/confirm/a-secret/naming")),
        "upcoming": talks.upcoming(
            HOUSE,
            SAM,
            part=part(
                way_in=WayIn(Secret("https://meet.example.org/secret")), choices=replace(CHOICES, recording=None)
            ),
            days=3,
            materials=Materials(link("/materials/a-secret"), "", recording=None, named=True),
        ),
        "thanked": talks.thanked(
            HOUSE,
            SAM,
            part=part(),
            materials=Materials(link("/materials/a-secret"), "", recording=True, named=True),
            may_be_recorded=True,
        ),
        "agenda": organizing.agenda(
            HOUSE,
            OLU,
            week=Week(
                empty=(FRIDAY,),
                unanswered=(Unanswered(TITLE, ("Sam Speaker",), THURSDAY, datetime(2026, 11, 30, 9, 0, tzinfo=UTC)),),
                parked=2,
                more=0,
                weeks=6,
                awaited=(Awaited("Recording", TITLE, 34, "Olu Organizer"), Awaited("Slides", TITLE, 1, "")),
            ),
            board=link("/board"),
            outbox=link("/mail?box=parked"),
            calendars=link("/sister-calendars"),
            materials=link("/materials-missing"),
        ),
        "rescheduled": organizing.rescheduled(
            HOUSE, OLU, title="", talks=[TITLE], occasion=FRIDAY, was=THURSDAY, link=link("/touchpoints/abc/manage")
        ),
        "declined_date": organizing.another_date(
            HOUSE,
            OLU,
            title=TITLE,
            speaker="Sam Speaker",
            occasion=THURSDAY,
            words="I travel that week.\nThe week after is fine.",
            wishes=[FRIDAY],
            link=link("/board"),
        ),
        "may_not_come": organizing.may_not_come(
            HOUSE,
            OLU,
            title=TITLE,
            speaker="Sam Speaker",
            occasion=THURSDAY,
            proposed="Thursday 3 December 2026, 16:00 Romance Standard Time",
            words="Two hours later would do.",
            link=link("/talks/abc"),
        ),
        "sign_in": accounts.sign_in(
            HOUSE, Reader("olu@example.org"), link=link("/sign-in/link/a-secret"), code="042137", minutes=10
        ),
        "new_address": accounts.new_address(
            HOUSE, OLU, link=link("/profile/address/link/a-secret"), code="042137", minutes=10
        ),
        "trial": accounts.trial(HOUSE, Reader("olu@example.org"), sender="touchpoints@example.org"),
        "chair_asked": chairs.chair_asked(
            HOUSE, SAM, group="OSPO Book", affiliation="Kestrel Labs", link=link("/chair/a-secret")
        ),
        "address_changed": accounts.address_changed(HOUSE, OLU, new="n\N{HORIZONTAL ELLIPSIS}@example.net"),
    }
