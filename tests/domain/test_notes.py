"""What notes begin with, whom they name, who may read, write and publish them."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.join_links import WHY_NOT
from app.domain.mentions import Identity, MentionKind
from app.domain.notes import (
    MAX_NOTES,
    NotesAudience,
    blank_notes,
    check_notes,
    find_hits,
    may_publish_notes,
    may_write_notes,
    places_after,
    published_text,
    readers_of,
    replace_hits,
    text_to_publish,
    text_without,
    undecided,
)
from app.domain.people import Role

SAM = Identity(name="Sam Speaker", affiliation="Kestrel Works", stand_in="an OSPO member")
TEXT = "### Talk\n\nSomebody asked. Sam Speaker answered.\nKestrel Works pays for it."


def places(text, *known):
    return [hit.place for hit in find_hits(text, known)]


def test_notes_begin_with_the_notice_and_the_parts_and_name_nobody():
    blank = blank_notes("Held under the Rule.\nNothing is recorded.", ["Welcome", "Open\nforum"])
    assert blank == "> Held under the Rule. Nothing is recorded.\n\n### Welcome\n\n### Open forum"


def test_a_hit_says_where_it_stands():
    first, second = find_hits(TEXT, [SAM], announced=[Identity(name="Sam Speaker")])
    assert (first.line, first.before, first.words, first.after) == (3, "Somebody asked. ", "Sam Speaker", " answered.")
    assert (first.replacement, first.mention.kind, first.public) == ("an OSPO member", MentionKind.NAME, True)
    assert (second.line, second.before, second.words, second.after) == (4, "", "Kestrel Works", " pays for it.")
    assert second.public is False


def test_a_place_is_known_again_while_its_line_stays():
    assert places(f"More.\n{TEXT}\nAnd more.", SAM) == places(TEXT, SAM)
    assert places(TEXT.replace("answered", "laughed"), SAM)[0] != places(TEXT, SAM)[0]
    assert len(set(places("Sam Speaker met Sam Speaker.", SAM))) == 2


def test_names_go_one_by_one_or_all_at_once():
    hits = find_hits(TEXT, [SAM])
    assert replace_hits(TEXT, hits[:1]).splitlines()[2] == "Somebody asked. An OSPO member answered."
    assert find_hits(replace_hits(TEXT, hits), [SAM]) == ()


def test_decisions_stay_with_their_words_when_others_in_the_line_are_replaced():
    lin = Identity(name="Lou Linden")
    text = "Sam Speaker uses Linden."
    before = find_hits(text, [SAM, lin])
    after = find_hits(replace_hits(text, before[:1]), [SAM, lin])
    assert places_after(before, {before[0].place}, after) == {before[1].place: after[0].place}
    assert places_after(before, {before[0].place}, []) == {}


def test_text_is_published_when_everything_is_decided():
    hits = find_hits(TEXT, [SAM])
    decided = {hit.place for hit in hits}
    assert text_to_publish(TEXT, hits, decided=decided) == TEXT
    assert undecided(hits, {hits[0].place}) == hits[1:]
    with pytest.raises(RuleViolation, match="The notes name people"):
        text_to_publish(TEXT, hits, decided={hits[0].place})


def test_published_text_loses_a_name_whatever_was_decided_about_it():
    published = published_text(TEXT)
    assert text_without(published, [Identity(name="Sam Speaker", stand_in="a speaker")]) == TEXT.replace(
        "Sam Speaker", "A speaker"
    )
    assert text_without(published, [Identity(name="Vera Volunteer")]) == TEXT


def test_notes_are_cleaned_and_held_to_their_length():
    assert check_notes("One.\r\n\x00Two. ") == "One.\nTwo."
    with pytest.raises(InvalidInput) as long:
        check_notes("a" * (MAX_NOTES + 1))
    assert long.value.errors == {"text": "At most 20000 characters; these are 20001."}
    with pytest.raises(InvalidInput) as secret:
        check_notes("Join at https://zoom.us/j/123456")
    assert secret.value.errors == {"text": WHY_NOT}


@pytest.mark.parametrize(
    ("limits", "open_call", "expected"),
    [
        ((NotesAudience.PUBLIC,), True, NotesAudience.PUBLIC),
        ((NotesAudience.PUBLIC,), False, NotesAudience.MEMBERS),
        ((NotesAudience.PUBLIC, NotesAudience.MEMBERS), True, NotesAudience.MEMBERS),
        ((NotesAudience.MEMBERS, NotesAudience.PUBLIC), True, NotesAudience.MEMBERS),
        ((NotesAudience.NOBODY, NotesAudience.PUBLIC), False, NotesAudience.NOBODY),
    ],
)
def test_the_strictest_word_says_who_reads(limits, open_call, expected):
    assert readers_of(*limits, open_call=open_call) is expected


@pytest.mark.parametrize(
    ("role", "own", "writes", "publishes"),
    [
        (Role.VOLUNTEER, False, False, False),
        (Role.VOLUNTEER, True, True, True),
        (Role.MEMBER, False, False, False),
        (Role.ORGANIZER, False, True, True),
    ],
)
def test_scribes_write_moderators_publish_and_organizers_do_either(role, own, writes, publishes):
    assert may_write_notes(role, is_scribe=own) is writes
    assert may_publish_notes(role, is_moderator=own) is publishes
