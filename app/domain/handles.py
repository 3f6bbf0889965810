"""The names that people have elsewhere, found in what they write of themselves and in the addresses they give."""

from __future__ import annotations

import re

_AT = r"(?<![\w@./])@([\w-]{2,39})"
_PROFILE = (
    r"\b(?:github|gitlab|bitbucket|codeberg|twitter|x|linkedin|bsky)\.(?:com|org|app)/(?:in/|profile/|@)?([\w-]{2,39})"
)
_HANDLE = re.compile(f"{_AT}|{_PROFILE}", re.IGNORECASE | re.ASCII)


def handles_in(text: str) -> tuple[str, ...]:
    """Each handle once, without its "@": of "@vera" and "https://github.com/vera-l/tools", vera and vera-l."""
    return tuple(dict.fromkeys(at or profile for at, profile in _HANDLE.findall(text)))
