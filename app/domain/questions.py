"""Questions asked before a call: what may be sent, until when, whom they name, and how long they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import InvalidInput
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.mentions import A_PARTICIPANT, Identity, Mention, MentionKind, find_mentions, without_mentions
from app.domain.text import clean_text

MAX_QUESTION = 500
MOST_WAITING = 200
"""New questions of one call, at most: what moderators can read, and no way to fill a disk."""
KEPT = timedelta(days=30)
"""After the call."""
_PERSONAL = (
    (MentionKind.EMAIL, re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    (MentionKind.HANDLE, re.compile(r"(?<![\w@.])@[\w-]{2,64}")),
)


class NamesIn(StrEnum):
    """What becomes of the names in a question, in the words of its form."""

    LEFT_OUT = "out"
    KEPT = "keep"


def check_question(text: str) -> str:
    """`text` cleaned. Raises InvalidInput (question)."""
    cleaned = clean_text(text)
    if not cleaned:
        raise InvalidInput({"question": "Write your question."})
    if len(cleaned) > MAX_QUESTION:
        raise InvalidInput({"question": f"At most {MAX_QUESTION} characters; these are {len(cleaned)}."})
    if holds_join_link(cleaned):
        raise InvalidInput({"question": WHY_NOT})
    return cleaned


def may_still_ask(starts_at: datetime, *, takes_place: bool, now: datetime) -> bool:
    """Whether questions for a call are taken: until it begins."""
    return takes_place and now < starts_at


def personal_words(text: str, announced: Iterable[Identity]) -> tuple[Mention, ...]:
    """Where a question seems to be about somebody: addresses, handles, and the call's `announced` speakers.

    Whoever asks may be anyone. A hint at people whom the public does not know of would answer who is in our tables.
    """
    found = list(find_mentions(text, announced))
    for kind, pattern in _PERSONAL:
        for match in pattern.finditer(text):
            if not any(each.start < match.end() and match.start() < each.end for each in found):
                found.append(Mention(match.start(), match.end(), match.group(), kind, A_PARTICIPANT))
    return tuple(sorted(found, key=lambda each: each.start))


def settled_question(text: str, announced: Iterable[Identity], names: NamesIn | None) -> str:
    """The question as it is kept. Raises InvalidInput (names) while it names somebody and nobody has decided."""
    found = personal_words(text, announced)
    if not found or names is NamesIn.KEPT:
        return text
    if names is NamesIn.LEFT_OUT:
        return without_mentions(text, found)
    words = ", ".join(dict.fromkeys(f"“{each.words}”" for each in found))
    raise InvalidInput({"names": f"Your question names {words}: shall it be left out?"})
