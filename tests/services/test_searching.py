"""The archive follows what is published, in the same transaction; both engines find the same and forget the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, text

from app.domain.archive import read_asked
from app.domain.attribution import Attribution
from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.publication import Audience, PublicDetail
from app.domain.states import TalkState
from app.models import ArchiveEntry, ArchiveMark, Notes, Publication, PublishedNotes
from app.services import publishing_notes
from app.services.auditing import SYSTEM, Actor
from app.services.identities import identity_of
from app.services.publishing import publish_series, publish_touchpoint
from app.services.queries.archive import search_archive
from app.services.searching import enter_calls
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

HELD = datetime(2026, 11, 5, 14, 0)
ODD = [
    '"',
    "'",
    "ANDNOT",
    "NEAR(",
    "a* OR b*",
    "{title_words} : x",
    "-",
    "%",
    "\\",
    "x:*A & !",
    "';--",
    "ⅷ",
    "😀",
]


@pytest.fixture
def series(session):
    series = make_series(session)
    series.notes_audience = NotesAudience.PUBLIC
    return series


@pytest.fixture
def hold(session, series, site, clock):
    """A held call with one talk, published; the talk."""

    def held(title="Upstream first", abstract="How.", when=HELD, **speaker):
        speakers = (make_speaker(speaker.pop("name", "Sam Speaker"), **speaker),)
        proposal = make_proposal(session, title, speakers=speakers)
        proposal.abstract = abstract
        call = make_touchpoint(session, series, when)
        talk = make_talk(session, proposal, call, state=TalkState.CONFIRMED)
        publish_touchpoint(session, call, site=site, now=clock.now)
        session.commit()
        return talk

    return held


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))


@pytest.fixture
def find(session, clock):
    """The titles of what a search finds."""

    def find(words, **chosen):
        found = search_archive(session, read_asked({"q": words, **chosen}), now=clock.now).found
        return [str(each.talk.title) for each in found]

    return find


@pytest.fixture
def notes(session, clock):
    """Publishes these notes of a call, without the way there."""

    def notes(call, said):
        session.add(Notes(touchpoint_id=call.id, text=said, created_at=clock.now, updated_at=clock.now))
        session.add(
            PublishedNotes(
                touchpoint_id=call.id, text=said, audience=NotesAudience.PUBLIC, version=1, published_at=clock.now
            )
        )
        session.flush()
        enter_calls(session, [call.id])
        session.commit()

    return notes


def in_the_index(session, word):
    """Whether the engine's index knows the word at all, even among what it has marked as deleted."""
    if session.get_bind().dialect.name == "sqlite":
        blocks = session.scalars(text("SELECT block FROM archive_words_data")).all()
        return any(word[1:].encode() in block for block in blocks)  # neighbours share their first letters
    return bool(
        session.scalar(text("SELECT count(*) FROM archive_entry WHERE found_by::text LIKE :w"), {"w": f"%{word}%"})
    )


def test_all_words_must_be_in_one_talk_whatever_their_case_and_accents(hold, find):
    hold("Größe zählt: licences in OSPOs", "We compare café rules.")
    hold("Another one", "Nothing of that.", HELD - timedelta(days=7))
    expected = ["Größe zählt: licences in OSPOs"]
    assert [find(words) for words in ("GROSSE", "cafe licences", "Thursday licen")] == [expected] * 3
    assert [find(words) for words in ("grosse nothing", "licen rules", "ences")] == [[], [], []]


@pytest.mark.parametrize("word", ["1e5x", "2fa", "ខ្មែរ", "မြန်မာ", "हिन्दी", "日本語", "مرحبا", "𞤀𞤁𞤂"])
def test_words_of_every_script_are_found_by_themselves_and_by_their_start(hold, find, word):
    hold(f"About {word} here")
    assert [find(word), find(f"{word} here"), find(word[:-1])] == [[f"About {word} here"]] * 3


def test_one_letter_is_a_word_and_no_start_of_one(hold, find):
    hold("The C language")
    hold("Culture", when=HELD - timedelta(days=7))
    assert (find("c"), find("cu")) == (["The C language"], ["Culture"])


def test_titles_come_first_then_names_then_texts_each_the_newest_first(hold, find):
    hold("In the abstract", "About bylaws.")
    hold("In the name", when=HELD - timedelta(days=7), name="Bylaws Person")
    hold("Bylaws, older", when=HELD - timedelta(days=21))
    hold("Bylaws, newer", when=HELD - timedelta(days=14))
    assert find("bylaws") == ["Bylaws, newer", "Bylaws, older", "In the name", "In the abstract"]


@pytest.mark.parametrize("typed", ODD)
def test_signs_and_operators_are_harmless(hold, find, typed):
    hold("Upstream first")
    assert find(typed) == []
    assert find(f"upstream {typed}".replace("AND", "first").replace("x", "").replace("b", "")) in (
        ["Upstream first"],
        [],
    )


def test_a_call_that_is_still_to_come_is_not_in_the_archive_yet(hold, find, clock):
    hold("Later", when=datetime(2026, 12, 10, 14, 0))
    assert find("later") == []
    clock.now += timedelta(days=30)
    assert find("later") == ["Later"]


def test_a_name_that_is_taken_back_leaves_the_index_at_once(session, hold, find, site, clock):
    talk = hold(name="Quillon Xanthopoulos")
    hold("Another", when=HELD - timedelta(days=7))
    assert find("xanthop") == ["Upstream first"]
    assert in_the_index(session, "xanthopoulos")
    talk.confirmations[0].attribution = Attribution.ROLE
    publish_touchpoint(session, talk.touchpoint, site=site, now=clock.now)
    session.commit()
    assert find("xanthop") == []
    assert not in_the_index(session, "xanthopoulos")


def test_a_hidden_series_leaves_neither_entry_nor_word(session, series, hold, find, site, clock):
    talk = hold("Zymurgy of forks")
    series.audience, series.public_detail = Audience.MEMBERS, PublicDetail.NOTHING
    publish_series(session, series, with_past=True, site=site, now=clock.now)
    session.commit()
    assert find("zymurgy") == []
    assert session.scalars(select(ArchiveEntry)).all() == session.scalars(select(ArchiveMark)).all() == []
    assert not in_the_index(session, "zymurgy")
    assert session.get(Publication, talk.touchpoint_id) is None


def test_a_members_call_is_found_by_its_title_alone(session, series, hold, find, site, clock):
    hold("Members met", "Hidden words", name="Quillon Xanthopoulos")
    series.audience = Audience.MEMBERS
    publish_series(session, series, with_past=True, site=site, now=clock.now)
    session.commit()
    assert (find("members"), find("hidden"), find("quillon")) == (["Members met"], [], [])
    kinds = session.scalars(select(ArchiveMark.kind).order_by(ArchiveMark.kind)).all()
    assert kinds == ["series", "year"]


def test_an_entry_goes_with_its_publication_whoever_deletes_it(session, hold, find):
    talk = hold("Zymurgy of forks")
    session.execute(delete(Publication).where(Publication.touchpoint_id == talk.touchpoint_id))
    session.commit()
    assert find("zymurgy") == []
    assert session.scalars(select(ArchiveEntry)).all() == []


def test_a_talk_that_moves_keeps_its_entry(session, series, hold, find, site, clock):
    talk = hold("Upstream first")
    entry = session.scalars(select(ArchiveEntry)).one()
    number, left = entry.id, talk.touchpoint
    talk.touchpoint = make_touchpoint(session, series, HELD + timedelta(days=7))
    for call in (talk.touchpoint, left):
        publish_touchpoint(session, call, site=site, now=clock.now)
    session.commit()
    moved = session.scalars(select(ArchiveEntry)).one()
    assert (moved.id, moved.key, moved.touchpoint_id) == (number, talk.key, talk.touchpoint_id)
    assert find("upstream") == ["Upstream first"]


def test_notes_for_everybody_are_found_until_they_are_withdrawn(session, hold, find, notes, olu, clock):
    talk = hold()
    notes(talk.touchpoint, "We spoke of zymurgy.")
    assert find("zymurgy") == find("", has="notes") == ["Upstream first"]
    publishing_notes.withdraw_notes(session, talk.touchpoint, by=olu, now=clock.now)
    assert find("zymurgy") == find("", has="notes") == []
    assert not in_the_index(session, "zymurgy")


def test_notes_that_get_fewer_readers_are_found_no_more(session, series, hold, find, notes, olu, clock):
    notes(hold().touchpoint, "We spoke of zymurgy.")
    publishing_notes.choose_notes_audience(
        session, series, NotesAudience.MEMBERS, version=series.version, by=olu, now=clock.now
    )
    assert find("zymurgy") == []
    assert not in_the_index(session, "zymurgy")


def test_a_name_that_is_masked_in_notes_is_found_no_more(session, hold, find, notes, clock):
    talk = hold(name="Quillon Xanthopoulos", attribution=Attribution.NONE)
    notes(talk.touchpoint, "Quillon Xanthopoulos said so.")
    assert find("xanthopoulos") == ["Upstream first"]
    publishing_notes.mask_notes(session, [identity_of(talk.proposal.speakers[0])], by=SYSTEM, now=clock.now)
    session.commit()
    assert find("xanthopoulos") == []
    assert not in_the_index(session, "xanthopoulos")


def test_entering_nothing_asks_nothing(session):
    enter_calls(session, [])
    assert session.scalars(select(ArchiveEntry)).all() == []


def test_a_value_that_cannot_be_read_has_no_entry(session, hold):
    talk = hold()
    session.get(Publication, talk.touchpoint_id).value = {}
    enter_calls(session, [talk.touchpoint_id])
    assert session.scalars(select(ArchiveEntry)).all() == []
