"""For whom the notes of a call are."""

from __future__ import annotations

from app.domain.notes import NotesAudience, readers_of
from app.domain.publication import PublicDetail
from app.models import Touchpoint


def audience_of(touchpoint: Touchpoint, *published_for: NotesAudience) -> NotesAudience:
    """For whom notes of this call are today, or would be; never for more than those they were `published_for`."""
    series = touchpoint.series
    shown = {series.shown, touchpoint.held_as or series.shown}
    return readers_of(series.notes_audience, *published_for, open_call=shown == {PublicDetail.EVERYTHING})
