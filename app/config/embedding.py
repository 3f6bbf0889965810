"""Which pages of others may show our next calls in a frame."""

from __future__ import annotations

import re

from app.config.reading import Reading

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SOURCE = re.compile(rf"(?:(https?)://)?((?:\*\.)?{_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}))?/?")
_MOST = 50


def embed_hosts(reading: Reading) -> tuple[str, ...]:
    """The sources of EMBED_HOSTS as a Content-Security-Policy names them: "https://www.example.org".

    A bare host means https. http is for development. "*" alone is refused: whoever lists hosts knows them.
    """
    found = []
    for word in re.split(r"[\s,]+", (reading.text("EMBED_HOSTS") or "").lower()):
        match = _SOURCE.fullmatch(word)
        if match and not (match[1] == "http" and reading.environment == "production"):
            found.append(f"{match[1] or 'https'}://{match[2]}{f':{match[3]}' if match[3] else ''}")
        elif word:
            right = "hosts with a space between, such as www.example.org *.example.com, over https in production"
            reading.problem("EMBED_HOSTS", f"has a word that is no host ({word[:60]!r})", right)
    if len(found) > _MOST:
        reading.problem("EMBED_HOSTS", f"lists more than {_MOST} hosts", "the hosts of your own pages")
    return tuple(dict.fromkeys(found))
