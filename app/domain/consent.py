"""Consent: what a speaker allows for one talk, by which way it reached us, and under which wording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.attribution import Attribution, is_stricter_or_same
from app.domain.errors import Conflict

CONSENT_WORDING = "2026-2"
"""The version of the questions that speakers answer. It changes with them: naming, recording and slides apart."""


def consent_wording(notice: str) -> str:
    """What a consent is kept under: the version of the questions, and that of the notice which stood beside them."""
    return f"{CONSENT_WORDING}/{notice}"


class Channel(StrEnum):
    """The way by which a consent reached us."""

    LINK = "link"  # the speaker's own mailed link
    SIGNED_IN = "signed_in"  # the speaker, signed in
    ORGANIZER = "organizer"  # an organizer: on the speaker's behalf, or stricter
    IMPORT = "import"  # the record of the past

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Channel.LINK: "by the link in a mail",
    Channel.SIGNED_IN: "signed in",
    Channel.ORGANIZER: "by an organizer",
    Channel.IMPORT: "from the record of past calls",
}


@dataclass(frozen=True)
class Choices:
    """What a speaker allows for one talk. None is "not chosen", and silence is never consent."""

    attribution: Attribution | None
    recording: bool | None
    slides: bool | None


class ChosenSince(Conflict):
    """Other choices hold than those that the page showed, and the page would allow more than they do."""

    def __init__(self) -> None:
        super().__init__(
            "What holds for you has changed since you opened this page, in another window or by an organizer. Here it "
            "is as it stands; choose anew if you allow more."
        )


def is_taken_back(before: Choices, now: Choices) -> bool:
    """Whether something that `before` allowed is allowed no more."""
    was, level = before.attribution or Attribution.NONE, now.attribution or Attribution.NONE
    ticks = ((before.recording, now.recording), (before.slides, now.slides))
    return not is_stricter_or_same(was, than=level) or any(given and not still for given, still in ticks)


def allows_more(before: Choices, now: Choices) -> bool:
    """Whether `now` allows something that `before` did not: only the speaker may say so."""
    return is_taken_back(now, before)
