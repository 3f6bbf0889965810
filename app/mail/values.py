"""What messages are made of: plain frozen values, so that no message can reach a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from app.domain.publication import PublicDetail
from app.domain.receipts import Receipt
from app.domain.secret import NO_WAY_IN, WayIn

CalendarMethod = Literal["REQUEST", "PUBLISH", "CANCEL"]


@dataclass(frozen=True)
class Occasion:
    """When and where a call is: the name of its series, an aware UTC instant, minutes, the IANA zone of the series.

    `mailbox` is the series' own: calendar entries are sent in its name. Two occasions are the same without it.
    """

    series: str
    starts_at: datetime
    minutes: int
    time_zone: str
    mailbox: str = field(default="", compare=False)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class House:
    """Who writes: the community, its public address, and the mailbox of the organizers, to which answers go."""

    community: str
    url: str
    reply_to: str


@dataclass(frozen=True)
class Reader:
    """Whom a mail is for. `name` and `time_zone` (IANA) are empty where we do not know them."""

    address: str
    name: str = ""
    time_zone: str = ""

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else ""


@dataclass(frozen=True)
class Choices:
    """How a speaker is named and recorded in one talk. `level` is empty and `recording` None while not chosen."""

    level: str
    shown: str
    recording: bool | None
    members_only: bool
    public_detail: PublicDetail = PublicDetail.TITLE_AND_TIME  # of a members-only call


@dataclass(frozen=True)
class Appearance:
    """One speaker's part in one call. `link` opens the page where they answer; `way_in` may be unknown; a call
    that is public to nobody has no `page_url`."""

    title: str
    minutes: int
    with_speakers: tuple[str, ...]
    occasion: Occasion
    choices: Choices
    notice: str
    link: str
    page_url: str
    answer_by: datetime | None = None
    way_in: WayIn = NO_WAY_IN


@dataclass(frozen=True)
class Materials:
    """What a speaker has given so far, and the `link` to the page where they give it."""

    link: str
    slides_url: str
    recording: bool | None
    named: bool


@dataclass(frozen=True)
class Retracted:
    """The receipt of what a speaker took back on the talk with this `title`."""

    title: str
    receipt: Receipt


@dataclass(frozen=True)
class CalendarObject:
    """An iTIP object (RFC 5546), its method, which must also stand in the MIME type, and its SEQUENCE.

    `by_hand`: it invites nobody, so a calendar takes it only where its owner adds it. `answers_to` is the address of
    this one entry, if it has one: stands in Reply-To, since a calendar answers to an ORGANIZER that the mail knows.
    """

    method: CalendarMethod
    data: bytes
    sequence: int = 0
    by_hand: bool = False
    answers_to: str = ""


@dataclass(frozen=True)
class Mail:
    """One finished message to one recipient. `kind` is the word that the outbox knows it by.

    `also_reply_to` is a mailbox beside the organizers', for answers that calendars send. `unsubscribe` is the address
    that ends a subscription by one POST (RFC 8058); mails about one's own affairs have none.
    """

    kind: str
    to: str
    subject: str
    text: str
    html: str
    calendar: CalendarObject | None = None
    also_reply_to: str = ""
    unsubscribe: str = ""
