"""Secrets show themselves to nobody but those who are entitled, and no text that becomes public takes one in."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from markupsafe import escape
from sqlalchemy import JSON, String, Text

from app.domain.confirming import checked_answer
from app.domain.errors import InvalidInput
from app.domain.group_forms import ChannelDraft, GroupDraft, chair_problems, group_problems
from app.domain.join_links import WHY_NOT
from app.domain.notes import check_notes
from app.domain.proposals import ProposalDraft, SpeakerDraft, content_problems
from app.domain.questions import check_question
from app.domain.secret import NO_WAY_IN, Secret, WayIn
from app.domain.series import PartDraft, SeriesDraft, read_agenda, reason_problem, series_problems
from app.domain.sister_calendars import SisterDraft, draft_problems, shown_title
from app.domain.wording import FIELDS, wording_problems
from app.domain.wording import reason_problem as wording_reason_problem
from app.models import Base, JoinLink, Topic
from app.models.types import Words
from app.services.auditing import SYSTEM
from app.services.topics import add_topic, save_topics
from tests.house.sources import ROOT, TEMPLATES

REVEALED_IN = {
    "app/domain/secret.py": "names what there is",
    "app/domain/series.py": "checks what an organizer typed",
    "app/domain/sister_calendars.py": "checks what an organizer typed, and names its host",
    "app/fetching/https.py": "asks the calendar's owner",
    "app/models/types.py": "writes it into its own table",
    "app/feeds/ical.py": "members' and speakers' own calendars",
    "app/feeds/words.py": "members' and speakers' own calendars",
    "app/services/notifying/calendars.py": "the entry that a confirmed speaker is mailed",
    "app/services/notifying/knowing.py": "a fingerprint, to mail a change of it",
    "app/services/queries/run_sheet.py": "whoever runs the call",
    "templates/emails/_parts.html": "mails to confirmed speakers",
    "templates/emails/_parts.txt": "mails to confirmed speakers",
    "templates/emails/updated/body.txt": "mails to confirmed speakers",
    "templates/pages/account/member_calls.html": "members",
    "templates/partials/account/way_in.html": "members",
    "templates/partials/series/way_in_fields.html": "organizers",
    "templates/partials/touchpoints/join_link.html": "organizers",
}
HIDDEN = "https://zoom.us/j/123?pwd=abc"
SECRET = "The talk. Passcode: 445566"
THURSDAY = SeriesDraft(name="N", short_name="S", slug="s", role_address="s@example.org")
GROUP = GroupDraft(name="Metrics", slug="metrics", scope="What counts.")
TALK = ProposalDraft(title="A talk that has a title", abstract="A.", speakers=(SpeakerDraft(0, name="Sam"),))


def test_a_secret_shows_itself_nowhere(caplog):
    secret = Secret(HIDDEN)
    way_in = WayIn(address=secret)
    row = JoinLink(series_id=1, url=secret)
    logging.getLogger("x").error("%s %r %s", secret, way_in, {"join": secret})
    shown = [str(secret), repr(secret), f"{secret:>40}", f"{way_in}", str(escape(secret)), repr([row.url]), caplog.text]
    assert [text for text in shown if "zoom" in text] == []
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps({"join": secret})
    assert secret.reveal() == HIDDEN


def test_secrets_compare_as_what_they_are():
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert (bool(Secret("")), bool(NO_WAY_IN), bool(WayIn(passcode=Secret("a")))) == (False, False, True)


def test_a_way_in_names_what_there_is():
    whole = WayIn(Secret(HIDDEN), Secret("445566"), Secret("+49 69 1"), Secret("https://zoom.us/meeting/register/x"))
    assert whole.revealed_lines() == (
        ("Join", HIDDEN),
        ("Passcode", "445566"),
        ("Dial in", "+49 69 1"),
        ("Register", "https://zoom.us/meeting/register/x"),
    )
    assert NO_WAY_IN.revealed_lines() == ()


def test_secrets_are_revealed_where_it_is_known_for_whom():
    called = re.compile(r"\.(reveal|revealed_lines)\(\)")
    files = [*(ROOT / "app").rglob("*.py"), *TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    found = {str(path.relative_to(ROOT)) for path in files if called.search(path.read_text(encoding="utf-8"))}
    assert found == set(REVEALED_IN)


def refused_by(problems: Callable[[str], dict[str, str]]) -> Callable[[str], bool]:
    return lambda text: WHY_NOT in problems(text).values()


def raised_by(check: Callable[[str], object]) -> Callable[[str], bool]:
    def refused(text: str) -> bool:
        try:
            check(text)
        except InvalidInput as error:
            return WHY_NOT in error.errors.values()
        return False

    return refused


def of_series(field: str) -> Callable[[str], bool]:
    ended = {"ended_on": datetime(2026, 12, 1, tzinfo=UTC).date()}
    return refused_by(lambda text: series_problems(replace(THURSDAY, **{field: text}, **ended), is_address=bool))


def of_talk(field: str) -> Callable[[str], bool]:
    return refused_by(lambda text: content_problems(replace(TALK, **{field: text}), is_address=bool))


def of_speaker(field: str) -> Callable[[str], bool]:
    speaker = TALK.speakers[0]
    return refused_by(
        lambda text: content_problems(replace(TALK, speakers=(replace(speaker, **{field: text}),)), is_address=bool)
    )


def of_answer(field: str) -> Callable[[str], bool]:
    words = {"title": "A talk that has a title", "abstract": "A."}
    return raised_by(lambda text: checked_answer(**words | {field: text}, attribution=None, recording_consent=None))


def of_group(field: str) -> Callable[[str], bool]:
    return refused_by(lambda text: group_problems(replace(GROUP, **{field: text}), is_address=bool))


def of_channel(label: str, address: str = "https://chat.example.org") -> bool:
    group = replace(GROUP, channels=(ChannelDraft(0, label, address),))
    return WHY_NOT in group_problems(group, is_address=bool).values()


def of_chair(field: str) -> Callable[[str], bool]:
    return refused_by(lambda text: chair_problems(**{"name": "Sam", "affiliation": "", field: text}))


def address(refused: Callable[[str], bool]) -> Callable[[str], bool]:
    """Of a field that takes web addresses alone."""
    return lambda _text: refused(HIDDEN)


def part(text: str) -> object:
    return read_agenda([PartDraft(0, title=text)], minutes=60)


REFUSED: dict[str, Callable[[str], bool]] = {
    "cadence_exception.reason": lambda text: reason_problem(text) == WHY_NOT,
    "notes.text": raised_by(check_notes),
    "notice_wording.reason": lambda text: wording_reason_problem(text) == WHY_NOT,
    "notice_wording.sentences": refused_by(lambda text: wording_problems(dict.fromkeys(FIELDS, text))),
    "proposal.abstract": lambda text: of_talk("abstract")(text) and of_answer("abstract")(text),
    "proposal.benefit": of_talk("benefit"),
    "proposal.links": address(refused_by(lambda text: content_problems(replace(TALK, links=(text,)), is_address=bool))),
    "proposal.title": lambda text: of_talk("title")(text) and of_answer("title")(text),
    "question.text": raised_by(check_question),
    "segment.title": raised_by(part),
    "segment_template.title": raised_by(part),
    "series.description": of_series("description"),
    "series.moved_to": address(of_series("moved_to")),
    "series.name": of_series("name"),
    "series.short_name": of_series("short_name"),
    "speaker.affiliation": of_speaker("affiliation"),
    "speaker.name": of_speaker("name"),
    "sister_calendar.name": refused_by(
        lambda text: draft_problems(SisterDraft(name=text or "OpenChain"), hosts=(), is_new=False)
    ),
    **{f"working_group.{field}": of_group(field) for field in ("name", "scope", "notes", "rhythm")},
    **{f"working_group.{field}": address(of_group(field)) for field in ("repository", "calendar")},
    "working_group.channels": lambda text: of_channel(text) and of_channel("Chat", HIDDEN),
    "working_group_chair.name": of_chair("name"),
    "working_group_chair.affiliation": of_chair("affiliation"),
    "sister_occurrence.title": lambda text: bool(text) and not shown_title(text),
    "touchpoint.reason": lambda text: reason_problem(text) == WHY_NOT,
}
ADDRESSES = {"series.moved_to", "proposal.links", "working_group.repository", "working_group.calendar"}
MADE_BY_US = {  # keys, hashes, slugs, words of ours, addresses of mail, and what is written from the fields above
    *("audit_event.actor", "audit_event.action", "audit_event.subject", "audit_event.detail"),
    *("announcement.key", "announcement.before", "announcement.after", "board_move.before"),
    *("cadence_rule.rrule", "cadence_rule.time_zone", "consent.wording", "farewell.uid"),
    *("hidden_call.uid", "hidden_call.series_slug", "notes_decision.place", "personal_feed.token_hash"),
    *("proposal.key", "proposal.link_key", "proposal.form_key", "proposal.away_weekdays", "proposal.import_key"),
    *("public_change.key", "publication.key", "publication.uid", "publication.series_slug", "publication.value"),
    *("publication_topic.slug", "published_notes.text", "question.key", "retraction.key", "retraction.receipt"),
    *("series.slug", "series.hue", "series.shape", "series.role_address", "series.reminder_days", "series.import_key"),
    *("sign_in.token_hash", "sign_in.browser", "sign_in_request.purpose", "sign_in_request.link_hash"),
    *("sign_in_request.code_hash", "sign_in_request.browser_hash", "sign_in_request.next_path"),
    *("speaker.link_key", "speaker.time_zone", "speaker.consent_wording", "confirmation.agreed_sentences"),
    *("subscription.key", "subscription.link_key", "subscription.series", "subscription.topics"),
    *("subscription.time_zone", "talk.key", "talk.uid", "topic.slug", "touchpoint.key", "touchpoint.uid"),
    *("sister_calendar.slug", "sister_calendar.hue", "sister_calendar.shape", "sister_calendar.problem"),
    *("sister_calendar.left_out", "sister_calendar.noted"),
    *("import_run.key", "import_run.digest", "import_run.settings", "import_run.note", "import_row.key"),
    *("import_row.place", "import_row.fingerprint", "import_row.made", "import_row.kept"),
    *("touchpoint.time_zone", "touchpoint.import_key", "person.time_zone", "confirmation.wishes"),
    *("outbox.dedup", "outbox.kind", "outbox.lease_owner", "outbox.last_error", "outbox.message_id"),
    *("archive_entry.key", "archive_entry.title_words", "archive_entry.named_words", "archive_entry.told_words"),
    *("archive_entry.noted_words", "archive_mark.word", "publication_group.slug", "published_group.slug"),
    *("published_group.value", "working_group.slug", "working_group_chair.link_key"),
    *("received.fingerprint", "calendar_reply.proposed"),
}
FOR_FEW = {  # docs/permissions.md: who reads them; never the public
    *("bouncing_address.email", "bouncing_address.words", "calendar_reply.words", "confirmation.words"),
    *("confirmation.on_behalf_note", "consent.reason", "member_entry.value", "outbox.recipient", "outbox.subject"),
    *("outbox.tells", "person.email", "person.name", "person.pronouns", "person.affiliation", "person.bio"),
    *("import_run.file_name", "import_run.source", "import_row.summary", "import_row.reason", "import_row.payload"),
    *("import_row.before",),
    *("material.none_reason", "working_group_chair.email"),
    *("personal_feed.label", "proposal.email", "proposal.private_note", "proposal.form", "proposal.decision_reason"),
    *("proposal.names_shown_reason", "received.sender", "received.subject", "received.note", "review.comment"),
    *("sister_calendar.etag", "sister_calendar.last_modified", "sister_occurrence.uid"),
    *("sign_in_request.email", "speaker.email", "speaker.pronouns", "speaker.bio", "subscription.email"),
}
ELSEWHERE = {
    "sister_occurrence.url": "tests/fetching/test_expanding.py",
    "talk.slides_url": "tests/services/test_materials.py",
    "topic.name": "test_topics_take_no_secret",
    "talk.recording_url": "only the import of past calls writes it: tests/services/importing",
}


def text_columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (String, Text, JSON)) and not isinstance(column.type, Words)
    }


def test_of_every_text_that_is_kept_it_is_known_whether_it_becomes_public():
    assert text_columns() == {*REFUSED, *MADE_BY_US, *FOR_FEW, *ELSEWHERE}


@pytest.mark.parametrize("column", sorted(REFUSED))
def test_no_text_that_becomes_public_takes_a_secret(column):
    assert REFUSED[column](SECRET)
    assert not REFUSED[column]("") or column in ADDRESSES


def test_topics_take_no_secret(session, now):
    topic = Topic(slug="law", name="Law", position=0)
    session.add(topic)
    session.flush()
    with pytest.raises(InvalidInput) as refused:
        add_topic(session, SECRET, by=SYSTEM, now=now)
    assert refused.value.errors == {"name": WHY_NOT}
    with pytest.raises(InvalidInput) as refused:
        save_topics(session, names={"law": SECRET}, places={}, by=SYSTEM, now=now)
    assert refused.value.errors == {"name-law": WHY_NOT}
