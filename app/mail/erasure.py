"""What erasing somebody did, as plain values and in the words of mails and pages."""

from __future__ import annotations

from dataclasses import dataclass

from app.mail.values import Occasion


@dataclass(frozen=True)
class Ended:
    """A proposal that is over, and the dates that are free again."""

    title: str
    was: tuple[Occasion, ...] = ()


@dataclass(frozen=True)
class Erased:
    """How much of somebody's there was: talks that stay without a name, proposals that ended, ones that others go on
    with, mails that did not leave any more, and mails from them.
    """

    unnamed: int = 0
    ended: int = 0
    handed_on: int = 0
    mails_dropped: int = 0
    mails_received: int = 0


def done_lines(done: Erased) -> list[str]:
    """What an erasure did, a line for each kind of thing; what there was none of is left out."""
    lines = ["Your profile, your sign-ins, your calendar addresses and your subscription are deleted."]
    counted = (
        (done.unnamed, "{} that you gave {} now by “a speaker”.", ("talk", "is"), ("talks", "are")),
        (done.ended, "{} that only you gave {} withdrawn and deleted.", ("proposal", "is"), ("proposals", "are")),
        (done.handed_on, "{} {} without you, by the other speakers.", ("talk", "goes on"), ("talks", "go on")),
        (done.mails_dropped, "{} to you that had not left {} not leave any more.", ("mail", "does"), ("mails", "do")),
        (done.mails_received, "{} from you {} deleted.", ("mail", "is"), ("mails", "are")),
    )
    for count, sentence, one, many in counted:
        if count:
            thing, verb = one if count == 1 else many
            lines.append(sentence.format(f"{count} {thing}", verb))
    return lines
