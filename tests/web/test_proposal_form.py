"""The form keeps what was typed, cleaned, and reads choices that are none of ours as not chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from app.domain.people import RoleCategory
from app.domain.proposals import ProposalDraft, SeriesPreference, SpeakerDraft
from app.models import Person
from app.web.proposal_changes import differences
from app.web.proposal_form import ProposalForm
from tests.drafts import FIELDS, SAM, VERA, make_draft


def sent(**changes):
    fields = MultiDict({**FIELDS, **{name.replace("__", "-"): value for name, value in changes.items()}})
    return ProposalForm.sent(fields)


def test_what_a_browser_sends_is_the_draft():
    assert sent().draft() == make_draft()


def test_a_draft_goes_into_the_form_and_comes_out_the_same():
    draft = make_draft(
        preference=SeriesPreference.ONE,
        series="thursday",
        away=("abc",),
        away_weekdays=(1, 5),
        speakers=(replace(VERA, id=4, pronouns="she/her", bio="Two\nlines"), SAM),
    )

    assert ProposalForm.of(draft).draft() == draft
    assert ProposalForm.of(ProposalDraft(speakers=(SpeakerDraft(number=0),))).draft() == ProposalDraft(
        speakers=(SpeakerDraft(number=0),)
    )


def test_controls_and_overrides_are_cleaned_away():
    form = sent(title=" Half\x00 an \u202e OSPO\r\nof ours ", abstract="One\x07\r\ntwo\u2028three ")

    assert (form.value("title"), form.value("abstract")) == ("Half an OSPO of ours", "One\ntwo\nthree")


def test_unknown_fields_are_dropped():
    form = ProposalForm.sent(MultiDict({**FIELDS, "state": "accepted", "owner_id": "1", "speaker-9-name": "Nobody"}))

    assert not {"state", "owner_id", "speaker-9-name"} & set(form.fields)


@pytest.mark.parametrize("typed", ["", "soon", "20.5", "\u0663\u0660", "1_0", "1e1", "9" * 5_000])
def test_minutes_that_are_no_number_are_kept_and_not_read(typed):
    form = sent(minutes=typed)

    assert (form.value("minutes"), form.draft().minutes) == (typed, None)


@pytest.mark.parametrize("field", ["format", "level", "preference"])
def test_a_choice_of_none_of_ours_is_not_chosen(field):
    assert getattr(sent(**{field: "nonsense"}).draft(), field) is None


def test_consent_is_what_was_ticked_and_nothing_else():
    assert sent(**{"speaker-0-recording": "no"}).draft().speakers[0].recording_consent is False
    assert sent(**{"speaker-0-recording": "maybe"}).draft().speakers[0].recording_consent is None
    assert sent(**{"speaker-0-attribution": ""}).draft().speakers[0].attribution is None
    assert sent(acknowledged="on").draft().acknowledged is False


def test_the_series_stands_in_the_preference():
    draft = sent(preference="one:friday").draft()

    assert (draft.preference, draft.series) == (SeriesPreference.ONE, "friday")


def test_links_stand_on_lines_of_their_own():
    assert sent(links="https://a.example\n\n https://b.example \nhttps://a.example").draft().links == (
        "https://a.example",
        "https://b.example",
    )


def test_weekdays_are_sorted_and_nonsense_among_them_is_seen():
    fields = MultiDict([*FIELDS.items(), ("away_weekdays", "5"), ("away_weekdays", "1"), ("away_weekdays", "x")])

    assert ProposalForm.sent(fields).draft().away_weekdays == (0, 1, 5)


def test_a_flood_is_cut_to_what_a_page_can_show():
    fields = MultiDict(FIELDS)
    fields.setlist("speaker", [str(number) for number in range(200)])
    fields["abstract"] = "x" * 100_000
    form = ProposalForm.sent(fields)

    assert (len(form.numbers), len(form.value("abstract"))) == (20, 20_000)


def test_group_numbers_are_small_whole_and_each_once():
    fields = MultiDict(FIELDS)
    fields.setlist("speaker", ["3", "1", "3", "x", "-1", "1000", ""])

    assert ProposalForm.sent(fields).numbers == [3, 1]


def test_a_speaker_more_has_a_number_that_was_never_given():
    form = sent(speaker="4").with_speaker()

    assert (form.numbers, form.value("speaker-5-zone")) == ([4, 5], "")
    assert form.without_speaker(4).numbers == [5]
    assert form.without_speaker(4).value("speaker-4-name") == ""


def test_the_last_speaker_stays_and_so_does_one_that_is_not_there():
    assert sent().without_speaker(0) == sent()
    assert sent().without_speaker(7).numbers == [0]


def test_a_form_without_groups_gets_one():
    assert ProposalForm({}).with_speaker().numbers == [0]


def test_a_fresh_form_knows_the_signed_in_person():
    person = Person(
        name="Vera Volunteer",
        email="vera@example.org",
        pronouns="",
        affiliation="Fjordbank",
        role_category=RoleCategory.OSPO,
        bio="",
        time_zone="Europe/Oslo",
    )
    known = ProposalForm.fresh(person=person, zone="Europe/Madrid").draft()

    assert known.email == "vera@example.org"
    assert known.speakers == (
        SpeakerDraft(
            number=0,
            name="Vera Volunteer",
            email="vera@example.org",
            affiliation="Fjordbank",
            role_category=RoleCategory.OSPO,
            time_zone="Europe/Oslo",
        ),
    )


def test_a_fresh_form_ticks_nothing_for_a_stranger_but_knows_their_zone():
    draft = ProposalForm.fresh(person=None, zone="Europe/Madrid").draft()

    assert draft.speakers == (SpeakerDraft(number=0, time_zone="Europe/Madrid"),)
    assert (draft.minutes, draft.preference, draft.email) == (20, SeriesPreference.EITHER, "")
    nameless = Person(
        name="", email="v@example.org", pronouns="", affiliation="", role_category=None, bio="", time_zone=""
    )
    assert ProposalForm.fresh(person=nameless, zone=None).draft().speakers[0].role_category is None


def test_two_states_of_the_form_differ_in_words():
    stored = ProposalForm.of(make_draft())
    typed = ProposalForm.of(
        make_draft(title="Another title", topics=(), speakers=(replace(VERA, affiliation="Elsewhere"), SAM))
    )

    words = {"topics": {"culture": "Culture and people"}}
    assert differences(stored, stored, words=words) == []
    changes = differences(stored, typed, words=words)
    assert changes[:3] == [
        ("Title", "Running an OSPO with half a person", "Another title"),
        ("Topics", "Culture and people", "\u2013"),
        ("Speaker 1: affiliation", "Fjordbank", "Elsewhere"),
    ]
    assert ("Speaker 2: name", "\u2013", "Sam Speaker") in changes
