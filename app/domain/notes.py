"""Notes of a call: what they start from, who may read them, whose names still stand in them, what the public gets."""

from __future__ import annotations

from enum import StrEnum


class NotesAudience(StrEnum):
    """For whom the published notes of a series are, from the strictest to the most open."""

    NOBODY = "nobody"
    MEMBERS = "members"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    NotesAudience.NOBODY: "Nobody yet: notes stay with those who write them",
    NotesAudience.MEMBERS: "Members and organizers",
    NotesAudience.PUBLIC: "Everyone, on the page of the call",
}
