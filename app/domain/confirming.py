"""A speaker's answer to an invitation: what they may correct with it, and how it is checked."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.proposals import MAX_TITLE, MIN_TITLE
from app.domain.text import MAX_TEXT, clean_line, clean_text


@dataclass(frozen=True)
class Answer:
    """Text, attribution and the consents to recording and slides as the speaker confirms them.

    `slides_consent` None leaves open what was open, and as it was what was answered before.
    """

    title: str
    abstract: str
    attribution: Attribution
    recording_consent: bool
    slides_consent: bool | None = None


def checked_answer(
    *,
    title: str,
    abstract: str,
    attribution: Attribution | None,
    recording_consent: bool | None,
    slides_consent: bool | None = None,
) -> Answer:
    """The answer, cleaned. Raises InvalidInput for each field that is missing, too short or too long."""
    errors: dict[str, str] = {}
    title, abstract = clean_line(title), clean_text(abstract)
    if not MIN_TITLE <= len(title) <= MAX_TITLE:
        errors["title"] = f"Give the talk a title of {MIN_TITLE} to {MAX_TITLE} characters."
    if not abstract:
        errors["abstract"] = "Say what people will take away."
    elif len(abstract) > MAX_TEXT:
        errors["abstract"] = f"At most {MAX_TEXT} characters; these are {len(abstract)}."
    for name, text in (("title", title), ("abstract", abstract)):
        if holds_join_link(text):
            errors[name] = WHY_NOT
    if attribution is None:
        errors["attribution"] = "Choose how you may be named."
    if recording_consent is None:
        errors["recording_consent"] = "Choose whether your talk may be recorded."
    if errors or attribution is None or recording_consent is None:
        raise InvalidInput(errors)
    return Answer(title, abstract, attribution, recording_consent, slides_consent)
