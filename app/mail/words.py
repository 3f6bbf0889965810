"""A speaker's choices in words, the same in the text and the HTML of a mail."""

from __future__ import annotations

from app.domain.publication import PublicDetail
from app.mail.values import Choices

KINDS = {
    "verify": "Confirm an address",
    "draft_saved": "Link to a draft",
    "received": "Proposal received",
    "accepted": "Accepted",
    "declined": "Declined",
    "invited": "Invitation",
    "reminded": "Reminder",
    "confirmed": "Confirmed",
    "moved": "Moved",
    "updated": "Changed",
    "upcoming": "Talk soon",
    "thanked": "Thank-you",
    "rescheduled": "Moved, for organizers",
    "agenda": "Weekly, for organizers",
    "cancelled": "Off a call",
    "retracted": "Receipt of naming",
    "withdrawn": "Withdrawn",
    "declined_date": "Another date",
    "may_not_come": "May not come",
    "sign_in": "Sign-in",
    "new_address": "New address",
    "address_changed": "Address changed",
    "subscribe": "Subscribe by e-mail",
    "subscribed": "Subscribed already",
    "call_published": "New call",
    "call_moved": "Call moved",
    "call_cancelled": "Call cancelled",
    "call_tomorrow": "Call tomorrow",
    "digest": "Weekly digest",
    "erased": "Receipt of erasing",
    "left": "A speaker left",
    "left_organizers": "A speaker left, for organizers",
    "unused": "Unused account",
}
"""The kinds of mail in the words of the organizers' page."""


_IN_PUBLIC = {
    PublicDetail.TITLE_AND_TIME: "Public pages show the title alone.",
    PublicDetail.TIME: "Public pages show the time alone, without the title.",
    PublicDetail.NOTHING: "Nothing of this call is public.",
}


def naming(choices: Choices) -> str:
    """How the public names the speaker."""
    if not choices.level:
        return "You choose on the page how you may be named. Until then you are not."
    if choices.members_only:
        return f"{choices.shown} ({choices.level.lower()}), for members. {_IN_PUBLIC[choices.public_detail]}"
    return f"{choices.shown} ({choices.level.lower()})"


def recording(choices: Choices) -> str:
    """What of the talk is recorded."""
    match choices.recording:
        case True:
            return "You agreed that your talk is recorded where the agenda allows it."
        case False:
            return "Your talk is not recorded."
        case _:
            return "You say on the page whether your talk may be recorded. Without your yes it is not."
