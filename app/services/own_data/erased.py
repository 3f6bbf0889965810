"""What becomes of each personal column when somebody is erased: the page says it in words, a house test holds it.

Whether it is so is proven by a search of every table for a person's words after they are gone.
"""

from __future__ import annotations

_ROW = "the row is deleted"
_NAMELESS = "a talk that was given keeps a nameless row, any other loses it"
_NOBODY = "the row stays, done by nobody in particular"

ERASED: dict[str, str] = {
    **dict.fromkeys(("person.email", "person.name", "person.pronouns", "person.affiliation", "person.bio"), _ROW),
    **dict.fromkeys(("sign_in.person_id", "sign_in.browser"), _ROW),
    **dict.fromkeys(("sign_in_request.email", "sign_in_request.person_id"), _ROW),
    **dict.fromkeys(("personal_feed.person_id", "subscription.email", "outbox.recipient"), _ROW),
    **dict.fromkeys(("bouncing_address.email", "bouncing_address.words", "received.sender"), _ROW),
    **dict.fromkeys(("received.confirmation_id", "calendar_reply.confirmation_id", "calendar_reply.words"), _ROW),
    **dict.fromkeys(("consent.confirmation_id", "retraction.confirmation_id"), _ROW),
    **dict.fromkeys(("working_group_chair.name", "working_group_chair.affiliation", "working_group_chair.email"), _ROW),
    **dict.fromkeys(
        ("import_row.payload", "import_row.before", "import_run.source"), "emptied, or the dry run is deleted"
    ),
    **dict.fromkeys(("board_move.organizer_id", "notes_author.person_id"), _ROW),
    **dict.fromkeys(("proposal.owner_id", "proposal.email"), "another speaker's from then on, or nobody's"),
    "proposal.private_note": "emptied",
    **dict.fromkeys(
        ("speaker.name", "speaker.email", "speaker.pronouns", "speaker.affiliation", "speaker.bio"), _NAMELESS
    ),
    **dict.fromkeys(("confirmation.speaker_id", "confirmation.words", "confirmation.on_behalf_note"), _NAMELESS),
    "review.comment": "emptied where it is theirs or about them alone, else their name is taken out",
    **dict.fromkeys(
        (
            *("audit_event.person_id", "confirmation.on_behalf_by_id", "consent.person_id"),
            "import_run.started_by_id",
            *(
                "notes_decision.person_id",
                "notice_wording.author_id",
                "proposal.decided_by_id",
                "proposal.names_shown_by_id",
            ),
            *("published_notes.published_by_id", "review.organizer_id"),
            *("touchpoint.moderator_id", "touchpoint.scribe_id", "material.owner_id"),
        ),
        _NOBODY,
    ),
}
