"""Rules for free text: it says nothing that a speaker withholds, unless they gave their word for the very sentence."""

from __future__ import annotations

from dataclasses import replace

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.mentions import MentionKind
from app.domain.people import RoleCategory
from app.domain.withholding import Finding, betraying, findings, hits_in, kept_words

JANE = SpeakerFacts("Jane Doe", "Acme", RoleCategory.OSPO, Attribution.ROLE, ("jane@acme.com",))
JOHN = SpeakerFacts("John Doe", "Bolt", RoleCategory.FOUNDATION, Attribution.NAME)
TEXT = "Jane Doe shows it. Acme pays."


def test_what_is_withheld_stands_in_neutral_words():
    assert kept_words(TEXT, [JANE]) == "An OSPO member shows it. Their organisation pays."
    assert kept_words(TEXT, [replace(JANE, attribution=None)]) == "A speaker shows it. Their organisation pays."
    assert (
        kept_words(TEXT, [replace(JANE, attribution=Attribution.NAME)]) == "Jane Doe shows it. Their organisation pays."
    )
    assert kept_words(TEXT, [replace(JANE, attribution=Attribution.NAME_AND_AFFILIATION)]) == TEXT


def test_the_word_of_a_speaker_holds_for_the_sentence_as_it_stood():
    agreed = replace(JANE, agreed=frozenset({"Jane Doe shows it."}))
    assert kept_words(TEXT, [agreed]) == "Jane Doe shows it. Their organisation pays."
    assert kept_words("Jane Doe shows it\nnow.", [agreed]) == "An OSPO member shows it\nnow."
    assert kept_words(TEXT, [agreed, JANE]) == "An OSPO member shows it. Their organisation pays."
    assert betraying(["By Jane", TEXT], JANE) == ["Acme pays.", "By Jane", "Jane Doe shows it."]


def test_a_part_of_a_name_that_may_be_public_is_no_hit():
    assert kept_words("John Doe and Jane", [JANE, JOHN]) == "John Doe and an OSPO member"
    assert [hit.mention.words for hit in hits_in("Doe, of Bolt", [JANE, JOHN])] == ["Doe", "Bolt"]


def test_a_finding_shows_the_words_in_their_sentence():
    long = f"{'so ' * 40}Jane {'it ' * 40}is."
    (found,) = findings(f"First. {long}", [JOHN, JANE])
    assert found.words == "Jane"
    assert found.before == f"\N{HORIZONTAL ELLIPSIS}{('so ' * 40)[-90:]}"
    assert found.after == f"{(' ' + 'it ' * 40)[:90]}\N{HORIZONTAL ELLIPSIS}"
    assert findings("By Jane.", [replace(JANE, agreed=frozenset({"By Jane."}))]) == (
        Finding(0, "Jane Doe", MentionKind.NAME, "By ", "Jane", ".", "By Jane.", agreed=True),
    )
