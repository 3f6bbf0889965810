"""The proposal form between browser and service: as typed and cleaned, so that no answer loses what somebody wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.attribution import Attribution
from app.domain.people import RoleCategory
from app.domain.proposals import Level, ProposalDraft, SeriesPreference, SpeakerDraft, TalkFormat
from app.domain.text import clean_line, clean_text
from app.web.fields import read_number, read_word

Fields = dict[str, list[str]]
_LINES = ("title", "format", "minutes", "level", "preference", "working_group", "email", "acknowledged")
_TEXTS = ("abstract", "benefit", "links", "private_note")
_LISTS = ("topics", "away_weekdays", "away")
_SPEAKER_LINES = ("id", "name", "email", "pronouns", "affiliation", "role", "zone", "attribution", "recording")
_MOST_KEPT, _MOST_CHOICES, _MOST_GROUPS = 20_000, 200, 20
_START: Fields = {
    "format": [TalkFormat.PRESENTATION.value],
    "minutes": ["20"],
    "level": [Level.INTRODUCTORY.value],
    "preference": [SeriesPreference.EITHER.value],
    "speaker": ["0"],
}


class Sent(Protocol):
    """A form as Werkzeug has it."""

    def getlist(self, key: str) -> list[str]: ...


class Profile(Protocol):
    """What a signed-in person has told of themselves."""

    name: str
    email: str
    pronouns: str
    affiliation: str
    role_category: RoleCategory | None
    bio: str
    time_zone: str


@dataclass(frozen=True)
class ProposalForm:
    """The fields of the form by name. `speaker` lists the numbers of the groups of speakers, in their order."""

    fields: Mapping[str, Sequence[str]]

    @classmethod
    def sent(cls, form: Sent) -> ProposalForm:
        """What came in, cleaned and held to the form's own names and to sizes that a page can show again."""
        numbers = _numbers(form.getlist("speaker"))
        lines = [*_LINES, *(f"speaker-{number}-{name}" for number in numbers for name in _SPEAKER_LINES)]
        texts = [*_TEXTS, *(f"speaker-{number}-bio" for number in numbers)]
        fields = {name: [clean_line(value[:_MOST_KEPT]) for value in form.getlist(name)[:1]] for name in lines}
        fields |= {name: [clean_text(value[:_MOST_KEPT]) for value in form.getlist(name)[:1]] for name in texts}
        fields |= {name: [clean_line(value[:80]) for value in form.getlist(name)[:_MOST_CHOICES]] for name in _LISTS}
        fields["speaker"] = [str(number) for number in numbers]
        return cls({name: values for name, values in fields.items() if any(values)})

    @classmethod
    def fresh(cls, *, person: Profile | None, zone: str | None) -> ProposalForm:
        """A new form: one speaker, with what is known of the signed-in person and the visitor's zone."""
        known = {} if person is None else _profile_fields(person)
        return cls({**_START, "speaker-0-zone": [zone or ""], **known})

    @classmethod
    def of(cls, draft: ProposalDraft) -> ProposalForm:
        """The form that holds what a proposal says."""
        fields = _draft_fields(draft)
        for speaker in draft.speakers:
            fields |= _speaker_fields(speaker)
        return cls({**fields, "speaker": [str(speaker.number) for speaker in draft.speakers]})

    def value(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")

    def values(self, name: str) -> list[str]:
        return list(self.fields.get(name, ()))

    @property
    def numbers(self) -> list[int]:
        """The groups of speakers, in their order."""
        return _numbers(self.values("speaker"))

    def with_text(self, name: str, text: str) -> ProposalForm:
        """The form with `text` in this field."""
        return ProposalForm({**self.fields, name: [text]})

    def with_speaker(self) -> ProposalForm:
        """The form with one more empty group; a number is never given twice. Nothing says where a colleague lives."""
        number = max(self.numbers, default=-1) + 1
        return ProposalForm({**self.fields, "speaker": [*self.values("speaker"), str(number)]})

    def without_speaker(self, number: int) -> ProposalForm:
        """The form without that group; the last one stays."""
        numbers = [kept for kept in self.numbers if kept != number]
        if not numbers:
            return self
        left = {name: values for name, values in self.fields.items() if not name.startswith(f"speaker-{number}-")}
        return ProposalForm({**left, "speaker": [str(kept) for kept in numbers]})

    def draft(self) -> ProposalDraft:
        """What the form says, typed. A choice that is none of ours is None: not chosen."""
        preference, series = self._preference()
        minutes = self.value("minutes")
        return ProposalDraft(
            title=self.value("title"),
            abstract=self.value("abstract"),
            benefit=self.value("benefit"),
            format=read_word(TalkFormat, self.value("format")),
            minutes=read_number(minutes),
            level=read_word(Level, self.value("level")),
            topics=tuple(dict.fromkeys(self.values("topics"))),
            preference=preference,
            series=series,
            away_weekdays=tuple(sorted({read_number(day) or 0 for day in self.values("away_weekdays")})),
            away=tuple(dict.fromkeys(self.values("away"))),
            speakers=tuple(self._speaker(number) for number in self.numbers),
            links=tuple(dict.fromkeys(filter(None, map(clean_line, self.value("links").split("\n"))))),
            private_note=self.value("private_note"),
            working_group=self.value("working_group"),
            email=self.value("email"),
            acknowledged=self.value("acknowledged") == "yes",
        )

    def _preference(self) -> tuple[SeriesPreference | None, str]:
        """The choice "one:<slug>" names a series; "either" and "both" do not."""
        word, _, slug = self.value("preference").partition(":")
        return read_word(SeriesPreference, word), slug

    def _speaker(self, number: int) -> SpeakerDraft:
        def said(name: str) -> str:
            return self.value(f"speaker-{number}-{name}")

        return SpeakerDraft(
            number=number,
            id=read_number(said("id")),
            name=said("name"),
            email=said("email"),
            pronouns=said("pronouns"),
            affiliation=said("affiliation"),
            role_category=read_word(RoleCategory, said("role")),
            bio=said("bio"),
            time_zone=said("zone"),
            attribution=read_word(Attribution, said("attribution")),
            recording_consent={"yes": True, "no": False}.get(said("recording")),
        )


def _numbers(values: Sequence[str]) -> list[int]:
    numbers = (read_number(value) for value in values)
    return list(dict.fromkeys(number for number in numbers if number is not None and 0 <= number < 1_000))[
        :_MOST_GROUPS
    ]


def _profile_fields(person: Profile) -> Fields:
    category = person.role_category.value if person.role_category else ""
    known = {
        "email": person.email,
        "speaker-0-name": person.name,
        "speaker-0-email": person.email,
        "speaker-0-pronouns": person.pronouns,
        "speaker-0-affiliation": person.affiliation,
        "speaker-0-role": category,
        "speaker-0-bio": person.bio,
        "speaker-0-zone": person.time_zone,
    }
    return {name: [value] for name, value in known.items() if value}


def _draft_fields(draft: ProposalDraft) -> Fields:
    preference = draft.preference.value if draft.preference else ""
    return {
        "title": [draft.title],
        "abstract": [draft.abstract],
        "benefit": [draft.benefit],
        "format": [draft.format.value if draft.format else ""],
        "minutes": [str(draft.minutes or "")],
        "level": [draft.level.value if draft.level else ""],
        "topics": list(draft.topics),
        "preference": [f"{preference}:{draft.series}" if draft.series else preference],
        "away_weekdays": [str(day) for day in draft.away_weekdays],
        "away": list(draft.away),
        "links": ["\n".join(draft.links)],
        "private_note": [draft.private_note],
        "working_group": [draft.working_group],
        "email": [draft.email],
        "acknowledged": ["yes" if draft.acknowledged else ""],
    }


def _speaker_fields(speaker: SpeakerDraft) -> Fields:
    recording = "" if speaker.recording_consent is None else "yes" if speaker.recording_consent else "no"
    said = {
        "id": str(speaker.id or ""),
        "name": speaker.name,
        "email": speaker.email,
        "pronouns": speaker.pronouns,
        "affiliation": speaker.affiliation,
        "role": speaker.role_category.value if speaker.role_category else "",
        "bio": speaker.bio,
        "zone": speaker.time_zone,
        "attribution": speaker.attribution.value if speaker.attribution else "",
        "recording": recording,
    }
    return {speaker.field(name): [value] for name, value in said.items()}
