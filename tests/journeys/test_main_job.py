"""The main job from an empty house to a talk in public and back, by browsers and mails alone: no service is called and
no row is written by hand. Each chapter ends with the mails that it caused and with what the public may see of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, Person
from tests.journeys.founding import JOIN_LINK, Community, found_community
from tests.journeys.post import Post, kinds
from tests.journeys.reading import calendar_entry, call_file, feed, public_view
from tests.journeys.scanner import everything, open_every_link
from tests.journeys.window import Window

TITLE = "Half a person runs an OSPO"
ABSTRACT = "The talk shows how half a person looks after a thousand repositories."
NOTE = "Fridays suit us better, says our legal team."
TALK = {
    "title": TITLE,
    "abstract": ABSTRACT,
    "benefit": "Small offices learn what to leave out.",
    "topics": ["culture"],
    "preference": "either",
    "private_note": NOTE,
    "speaker-0-name": "Vera Volunteer",
    "speaker-0-affiliation": "Fjordbank",
    "speaker-0-role": "ospo",
    "speaker-0-zone": "Asia/Tokyo",
    "speaker-0-attribution": "name",
    "speaker-0-recording": "yes",
}
CO_SPEAKER = {
    "speaker-1-name": "Sam Speaker",
    "speaker-1-email": "sam@example.org",
    "speaker-1-affiliation": "Kestrel Works",
    "speaker-1-role": "independent",
    "email": "vera@example.org",
    "acknowledged": "yes",
}
BOTH = ("vera@example.org", "sam@example.org")
NEVER_PUBLIC = ("Fjordbank", "Sam Speaker", "Kestrel", NOTE, "/confirm/", JOIN_LINK, "vera@", "sam@", "olu@")
FRIDAY = datetime(2026, 12, 11, 16, 30, tzinfo=UTC)  # 17:30 in Madrid
THURSDAY = datetime(2026, 12, 17, 13, 0, tzinfo=UTC)  # 14:00 in Madrid
IN_OLUS_WORDS = "We look forward to it."


AUDIT_TRAIL = """\
visitor: proposal.sent
link: proposal.submitted
Olu Organizer: proposal.reviewed
Ines Organizer: proposal.reviewed
Olu Organizer: proposal.accepted
Olu Organizer: talk.placed
Olu Organizer: talk.moved
Olu Organizer: talk.invited
link: confirmation.confirmed
link: confirmation.confirmed
link: talk.confirmed
Olu Organizer: talk.moved
Olu Organizer: talk.asked_again
link: confirmation.confirmed
link: confirmation.confirmed
link: talk.confirmed
link: proposal.withdrawn
link: talk.withdrawn
"""


@dataclass
class Story:
    """Everybody at their browsers, and what there is to compare at the end."""

    post: Post
    community: Community
    vera: Window
    sam: Window
    nora: Window
    scanner: Window
    wait: Callable[[], object]
    founding: int
    uids: dict[str, str] = field(default_factory=dict)

    def settle(self) -> list[tuple[str, str]]:
        """Let the time for Undo pass, and say which mails leave then."""
        assert kinds(self.post.deliver()) == [], "a mail left before it could be undone"
        self.wait()
        return kinds(self.post.deliver())


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture
def story(app, post, new_window, session, clock, site):
    community = found_community(app, post, new_window)
    founding = len(session.scalars(select(AuditEvent.id)).all())
    windows = [new_window() for _ in range(4)]
    return Story(post, community, *windows, wait=lambda: clock.advance(site.settle), founding=founding)


def test_a_talk_goes_from_a_stranger_to_the_public_and_back(story, session):
    vera_proposes_without_an_account(story)
    two_organizers_vote_and_one_accepts(story)
    a_hold_is_placed_and_moved_in_silence(story)
    the_speakers_are_invited(story)
    a_scanner_changes_nothing(story, session)
    the_last_speaker_publishes(story)
    a_move_takes_it_out_of_public_view(story)
    both_confirm_the_new_date(story)
    a_withdrawal_cancels_the_call(story)
    a_scanner_changes_nothing(story, session)
    assert audit_trail(session, after=story.founding) == AUDIT_TRAIL


def vera_proposes_without_an_account(story):
    vera = story.vera.open("/propose").press("Add another speaker", TALK).press("Send proposal", CO_SPEAKER)
    assert vera.heading == "Look into your mail"
    [letter] = story.post.deliver()
    assert kinds([letter]) == [("verify", "vera@example.org")]
    assert TITLE not in story.community.olu.open("/pool").said  # nobody proposes in another's name
    vera.open(letter.link("/propose/confirm/")).press("Send to the organizers")
    assert vera.heading == TITLE
    assert kinds(story.post.deliver()) == [("received", "vera@example.org")]
    assert hidden(story)


def two_organizers_vote_and_one_accepts(story):
    olu, ines = story.community.olu, story.community.ines
    olu.open("/pool").follow(TITLE).press("Yes", {"comment": "Just what small offices ask for."}, of="#vote")
    olu.press("Preview the mail", {"message": IN_OLUS_WORDS})
    assert olu.status == 422
    assert "This needs 2 votes of yes from the 2 who may vote." in olu.said
    ines.open("/pool").follow(TITLE).press("Yes", of="#vote")
    olu.open("/pool").follow(TITLE).press("Preview the mail", {"message": IN_OLUS_WORDS})
    previewed = olu.page.select_one(".mail-text").get_text()
    olu.press("Accept and send")
    assert story.settle() == [("accepted", "vera@example.org")]
    assert story.post.last("accepted", "vera@example.org").text.strip() == previewed.strip()
    assert "Just what small offices ask for." not in previewed
    assert hidden(story)


def a_hold_is_placed_and_moved_in_silence(story):
    olu = story.community.olu
    move(olu, "17 Dec")
    assert "“Half a person runs an OSPO” is on Thu 17 Dec." in olu.said
    move(olu, "11 Dec")
    assert "“Half a person runs an OSPO” is on Fri 11 Dec." in olu.said
    assert story.settle() == []
    assert hidden(story)


def the_speakers_are_invited(story):
    story.community.olu.open("/board").press("Invite to confirm", of=".slot .card")
    assert story.settle() == [("invited", "sam@example.org"), ("invited", "vera@example.org")]
    to_vera, to_sam = (story.post.last("invited", reader).text for reader in BOTH)
    assert "Saturday 12 December 2026, 01:30–02:30 Tokyo (JST)" in to_vera
    assert "Friday 11 December 2026, 17:30–18:30 Madrid (CET)" in to_vera
    assert "Tokyo" not in to_sam
    assert hidden(story)


def a_scanner_changes_nothing(story, session):
    before = everything(session)
    answers = open_every_link(story.scanner, story.post.letters)
    assert {path.split("/")[1] for path, _ in answers} >= {"sign-in", "propose", "proposals", "confirm"}
    assert {status for _, status in answers} <= {200, 404, 410}
    assert everything(session) == before


def the_last_speaker_publishes(story):
    confirm(story, story.vera, "invited", "vera@example.org")
    assert "A speaker: not answered yet" in story.vera.said
    assert story.settle() == []
    assert hidden(story)
    confirm(story, story.sam, "invited", "sam@example.org")
    assert kinds(story.post.deliver()) == [("confirmed", "sam@example.org"), ("confirmed", "vera@example.org")]
    for reader in BOTH:
        entry = calendar_entry(story.post.last("confirmed", reader))
        assert entry[1:] == ("REQUEST", "CONFIRMED", "ACCEPTED", FRIDAY)
    [event] = feed(story.nora, "all")
    assert (event.start, event.summary, event.status, event.sequence) == (FRIDAY, f"Friday: {TITLE}", "CONFIRMED", 0)
    assert (feed(story.nora, "friday"), feed(story.nora, "thursday")) == ([event], [])
    assert "Held in part under the Chatham House Rule." in event.description
    assert "17:30–18:30 Madrid" in event.description
    # Members' calls show a title and a time: not even the name that Vera allows.
    assert TITLE in story.nora.open("/schedule").follow(TITLE).said
    assert "Vera" not in public_view(story.nora)
    assert ABSTRACT not in public_view(story.nora)
    story.uids["friday"] = event.uid


def a_move_takes_it_out_of_public_view(story):
    olu = story.community.olu
    move(olu, "17 Dec")
    assert "Awaiting speaker" in olu.said
    [gone] = feed(story.nora, "all")
    assert (gone.uid, gone.status, gone.sequence) == (story.uids["friday"], "CANCELLED", 1)
    assert hidden(story)
    assert story.settle() == [
        ("moved", "sam@example.org"),
        ("moved", "vera@example.org"),
        ("rescheduled", "ines@example.org"),
        ("rescheduled", "olu@example.org"),
    ]
    letter = story.post.last("moved", "sam@example.org")
    assert "was: Friday 11 December 2026, 17:30–18:30 Madrid (CET)" in letter.text
    assert "now: Thursday 17 December 2026, 14:00–15:00 Madrid (CET)" in letter.text
    assert calendar_entry(letter)[1:] == ("REQUEST", "TENTATIVE", "NEEDS-ACTION", THURSDAY)
    assert calendar_entry(letter).uid == calendar_entry(story.post.last("confirmed", "sam@example.org")).uid


def both_confirm_the_new_date(story):
    confirm(story, story.sam, "moved", "sam@example.org")
    assert hidden(story)
    confirm(story, story.vera, "moved", "vera@example.org")
    assert kinds(story.post.deliver()) == [("confirmed", "sam@example.org"), ("confirmed", "vera@example.org")]
    gone, event = feed(story.nora, "all")
    assert (gone.status, gone.sequence, feed(story.nora, "friday")) == ("CANCELLED", 1, [gone])
    assert (event.start, event.summary, event.status, event.sequence) == (
        THURSDAY,
        f"Thursday: {TITLE}",
        "CONFIRMED",
        0,
    )
    assert event.description.startswith("Held in part under the Chatham House Rule. You may use")
    assert "Open forum, 20 min: under the Rule, not recorded." in event.description
    assert f"{TITLE}\nVera Volunteer; An independent maintainer\nThis talk is not recorded.\n" in event.description
    page = story.nora.open("/schedule").follow(TITLE)
    for words in (TITLE, ABSTRACT, "Vera Volunteer", "An independent maintainer", "14:00", "Not recorded"):
        assert words in page.said
    assert call_file(page) == feed(story.nora, "thursday") == [event]
    assert not [word for word in NEVER_PUBLIC if word in public_view(story.nora)]
    assert JOIN_LINK in story.post.last("confirmed", "sam@example.org").text
    story.uids["thursday"] = event.uid


def a_withdrawal_cancels_the_call(story):
    own = story.post.last("received", "vera@example.org").link("/proposals/")
    story.vera.open(own).follow("Withdraw…").press("Withdraw")
    assert kinds(story.post.deliver()) == [
        ("withdrawn", f"{name}@example.org") for name in ("ines", "olu", "sam", "vera")
    ]
    for reader in BOTH:
        entry = calendar_entry(story.post.last("withdrawn", reader))
        assert entry[1:] == ("CANCEL", "CANCELLED", "NEEDS-ACTION", THURSDAY)
    _, event = feed(story.nora, "all")
    assert (event.uid, event.status, event.sequence) == (story.uids["thursday"], "CANCELLED", 1)
    assert event.summary == "Cancelled: Thursday"
    assert hidden(story)
    assert story.settle() == []


def move(organizer: Window, date: str) -> None:
    """Move the only card that can be moved to a date, by the page behind its handle."""
    organizer.open("/board")
    [handle] = {grip["href"] for grip in organizer.page.select(".grip[href]")}
    organizer.open(handle)
    [choice] = [label for label in organizer.page.select("label.choice") if date in label.get_text(" ", strip=True)]
    organizer.press("Move talk", {"to": choice.input["value"]})


def confirm(story: Story, speaker: Window, kind: str, reader: str) -> None:
    """Whoever proposed the talk finds their own choices; a co-speaker finds nothing ticked, and chooses."""
    speaker.open(story.post.last(kind, reader).link("/confirm/"))
    is_ticked = speaker.page.select("#answer [name=attribution][checked]")
    speaker.press("Confirm", {} if is_ticked else {"attribution": "role", "recording_consent": "no"})
    assert "You have confirmed." in speaker.said


def hidden(story: Story) -> bool:
    """Whether nothing of the proposal is public."""
    view = public_view(story.nora)
    return not [word for word in (TITLE, ABSTRACT, "Vera", *NEVER_PUBLIC) if word in view]


def audit_trail(session: Session, *, after: int) -> str:
    """Who did what after the first so many events, in the order in which it happened."""
    query = select(AuditEvent, Person.name).outerjoin(Person, AuditEvent.person_id == Person.id)
    events = session.execute(query.order_by(AuditEvent.id)).all()[after:]
    return "".join(f"{name or event.actor}: {event.action}\n" for event, name in events)
