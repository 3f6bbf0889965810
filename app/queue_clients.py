"""The queue's library with one client: the one of the queue that QUEUE_URL names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from huey import Huey

_NAME = "touchpoints"
_CLIENTS = {"psycopg": ("postgresql",), "redis": ("redis", "rediss")}  # of queues, by the schemes that need them


def make_huey(url: str) -> Huey:
    """The queue at `url`, with waits so short that a click hardly notices when nobody is there."""
    from huey import PostgresHuey, RedisHuey, SqliteHuey

    if url.startswith("sqlite:///"):
        # No fsync: after a power cut the bell may be missing, and nothing else is in it.
        return SqliteHuey(_NAME, filename=url.removeprefix("sqlite:///"), results=False, fsync=False, timeout=1)
    if url.startswith("postgresql://"):
        waits = {"connect_timeout": 2, "tcp_user_timeout": 3000, "options": "-c statement_timeout=2000"}
        return PostgresHuey(_NAME, dsn=url, results=False, **waits)
    separator = "&" if "?" in url else "?"
    return RedisHuey(_NAME, url=f"{url}{separator}socket_connect_timeout=1", results=False)


@contextmanager
def only_the_client_of(url: str) -> Iterator[None]:
    """Inside, clients of queues other than the one at `url` count as not installed.

    Huey imports each that is: 16 MB and a tenth of a second for every process, and none uses two (docs/adr/0023).
    """
    scheme = urlsplit(url).scheme
    others = [name for name, schemes in _CLIENTS.items() if scheme not in schemes and name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(others))  # None stands for what cannot be imported
    try:
        yield
    finally:
        for name in others:
            del modules[name]
