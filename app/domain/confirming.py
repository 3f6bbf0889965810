"""A speaker's answer to an invitation: what they may correct with it, and how it is checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.errors import InvalidInput
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.proposals import MAX_TITLE, MIN_TITLE
from app.domain.text import MAX_TEXT, clean_line, clean_text
from app.domain.withholding import betraying, kept_words

HOW_TO_SETTLE = (
    "Your text says what you chose to keep back. Write it anew, take the neutral words, or say that it may stand."
)


@dataclass(frozen=True)
class Answer:
    """Text, attribution and the consents to recording and slides as the speaker confirms them.

    `slides_consent` None leaves open what was open, and as it was what was answered before. `words_stand`: whether
    title and abstract may say more than the naming allows. False takes neutral words, None has not been asked.
    """

    title: str
    abstract: str
    attribution: Attribution
    recording_consent: bool
    slides_consent: bool | None = None
    words_stand: bool | None = None


def checked_answer(
    *,
    title: str,
    abstract: str,
    attribution: Attribution | None,
    recording_consent: bool | None,
    slides_consent: bool | None = None,
    words_stand: bool | None = None,
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
    return Answer(title, abstract, attribution, recording_consent, slides_consent, words_stand)


def settled_words(
    answer: Answer, speaker: SpeakerFacts, others: Iterable[SpeakerFacts] = ()
) -> tuple[Answer, list[str]]:
    """The answer with the text that is left to stand, and the sentences of it that may say what `speaker` withholds.

    Publishing such a sentence takes the speaker's explicit word. Raises InvalidInput until they have said yes or no.
    """
    people, texts = (speaker, *others), (answer.title, answer.abstract)
    sentences = betraying(texts, speaker, others)
    if sentences and answer.words_stand is None:
        raise InvalidInput({"words_stand": HOW_TO_SETTLE})
    if not sentences or answer.words_stand:
        return answer, sentences
    title, abstract = (kept_words(text, people, of=speaker) for text in texts)
    if len(title) > MAX_TITLE:
        raise InvalidInput({"title": f"With the neutral words it has more than {MAX_TITLE} characters. Shorten it."})
    return replace(answer, title=title, abstract=abstract), []
