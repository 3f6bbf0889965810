"""Everything that we hold about somebody is in their file, and nothing of anybody else."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event

from app.domain.errors import NotFound
from app.mail.values import Mail
from app.services import outbox
from app.services.own_data import SECTIONS, gather, holder_of, holder_of_address, holder_of_number
from tests.cast import make_person, make_proposal, make_speaker
from tests.services.own_data.conftest import CANARIES, EMAIL, Life


def file_of(session, holder, site, now) -> dict:
    """The download, as a program reads it."""
    return json.loads(json.dumps(gather(session, holder, site=site, now=now).to_json(community="Ours")))


def test_the_file_has_all_that_we_know(session, life: Life, site, now):
    file = file_of(session, holder_of(session, life.person), site, now)

    assert (file["format"], file["version"], file["addresses"]) == ("touchpoints-own-data", 1, [EMAIL])
    said = json.dumps(file).casefold()
    assert [word for word in CANARIES if word not in said] == []
    counted = {key: len(records) for key, records in file["data"].items()}
    assert counted == {
        "profile": 1,
        "sign_ins": 1,
        "asked_links": 1,
        "calendars": 1,
        "subscription": 1,
        "returned_mail": 1,
        "proposals": 4,
        "speaking": 5,
        "answers": 3,
        "consents": 3,
        "retractions": 0,
        "comments_about": 3,
        "mails": 1,
        "received": 2,
        "reviews": 0,
        "duties": 3,
        "chairs": 0,
        "imports": 0,
        "audit": counted["audit"],
    }
    assert file["data"]["mails"][0]["text"] == "Dear reader, Quillon Zarnecki speaks.\n"
    assert file["data"]["answers"][0]["organizers_note"] == "tourmaline note"
    assert {event["by_you"] for event in file["data"]["audit"]} >= {True}


def test_organizers_find_what_they_wrote(session, life: Life, site, now):
    data = file_of(session, holder_of(session, life.olu), site, now)["data"]
    assert [review["comment"] for review in data["reviews"]] == ["Both are fine.", "Tourmaline!", "Tourmaline!"]
    assert (data["comments_about"], data["proposals"]) == ([], [])


def test_an_address_without_an_account_finds_its_rows_and_nobody_elses(session, life: Life, site, now):
    file = file_of(session, holder_of_address(session, "sam@example.org"), site, now)
    counted = {key: len(records) for key, records in file["data"].items() if records}
    assert counted == {"speaking": 1}
    said = json.dumps(file).casefold()
    assert [word for word in CANARIES if word in said] == []


def test_a_typed_address_proves_nothing(session, life: Life, site, now):
    """Nora begins a draft with Quillon's address in it, and so learns nothing of Quillon."""
    nora = make_person(session, "Nora Nobody")
    draft = make_proposal(session, "Mine", state="draft", owner=nora, email=EMAIL, speakers=(make_speaker("Nora"),))
    draft.submitted_at = None
    session.flush()
    assert holder_of(session, nora).addresses == ("nora@example.org",)


def test_a_former_address_counts_until_somebody_else_has_it(session, life: Life, site, now):
    life.person.email = "new@example.org"
    session.commit()
    assert holder_of(session, life.person).addresses == ("new@example.org", EMAIL)
    make_person(session, "Another Quillon", email=EMAIL)
    assert holder_of(session, life.person).addresses == ("new@example.org",)


def test_somebody_is_found_by_the_number_in_the_log(session, life: Life):
    assert holder_of_number(session, life.person.id).addresses == (EMAIL,)
    with pytest.raises(NotFound):
        holder_of_number(session, 4711)


def test_the_file_takes_no_more_queries_for_more_rows(session, life: Life, site, now):
    holder = holder_of(session, life.person)
    few = queries_of(session, holder, site, now)
    for number in range(30):
        make_proposal(
            session, f"Talk {number}", owner=life.person, email=EMAIL, speakers=(make_speaker("Q", email=EMAIL),)
        )
    session.commit()
    assert queries_of(session, holder, site, now) == few


def queries_of(session, holder, site, now) -> int:
    """How many statements one file takes."""
    session.expire_all()
    session.refresh(holder.person)
    statements: list[str] = []
    engine = session.get_bind()

    def count(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        gather(session, holder, site=site, now=now)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(statements)


def test_every_section_has_a_name_of_its_own():
    assert len({section.key for section in SECTIONS}) == len(SECTIONS)


def test_mails_that_are_a_key_have_no_text(session, life: Life, site, now):
    mail = Mail("sign_in", EMAIL, "Sign in", "The code is 123456", "The code is 123456")
    outbox.queue_mail(session, mail, dedup="key", site=site, now=now)
    mails = file_of(session, holder_of(session, life.person), site, now)["data"]["mails"]
    assert [(mail["kind"], mail["text"] == "") for mail in mails] == [("sign_in", True), ("confirmed", False)]
