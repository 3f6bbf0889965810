"""Why there is no new copy, in a sentence for an organizer."""

from __future__ import annotations


class FetchFailed(Exception):
    """Nothing was fetched, or nothing that can be used.

    `str(error)` is our own sentence: no word of the other side, and no address, since that may hold a key.
    """
