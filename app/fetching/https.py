"""One conditional GET over https to a server that may be asked: checked addresses, few redirects, little time."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

from app.domain.secret import Secret
from app.domain.sister_calendars import address_problem
from app.fetching.bodies import check_is_calendar, read_body
from app.fetching.failures import FetchFailed
from app.fetching.reach import Reach

CONNECT_TIMEOUT, WHOLE_TIMEOUT, MOST_REDIRECTS = 5.0, 15.0, 3
MOST_ADDRESSES = 4
_MOVED = frozenset({301, 302, 303, 307, 308})
_NO_ANSWER = "Its host does not answer."
_OUT_OF_REACH = "It leads to an address that may not be asked: no https, or no host on this site's list."
_AGENT = "Touchpoints (calendar fetcher)"


@dataclass(frozen=True)
class Limits:
    """In seconds: to connect, and for everything together."""

    connect: float = CONNECT_TIMEOUT
    whole: float = WHOLE_TIMEOUT


@dataclass(frozen=True)
class Answer:
    """What the owner said. `body` is None for "not changed"; the validators are for the next question."""

    body: bytes | None
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class _Moved:
    location: str


def fetch(
    address: Secret, *, reach: Reach, etag: str = "", last_modified: str = "", limits: Limits | None = None
) -> Answer:
    """Ask for the calendar at `address`; with validators, only for a change. Raises FetchFailed.

    No cookie, no credentials and no proxy; each redirect is checked as the address itself is.
    """
    limits = limits or Limits()
    deadline = monotonic() + limits.whole
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in conditions.items() if value}
    url = address.reveal()
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(url, headers=headers, reach=reach, limits=limits, deadline=deadline)
        if isinstance(answer, _Moved):
            url = _led_on(url, answer)
        elif answer.body is None and not headers:
            raise FetchFailed("Its host says that nothing has changed, but there is no copy yet, or an old one.")
        else:
            return answer
    raise FetchFailed("It redirects more than three times.")


def _led_on(url: str, moved: _Moved) -> str:
    try:
        return urljoin(url, moved.location)
    except ValueError as error:  # brackets around what is no address
        raise FetchFailed(_OUT_OF_REACH) from error


def _ask(url: str, *, headers: dict[str, str], reach: Reach, limits: Limits, deadline: float) -> Answer | _Moved:
    if address_problem(url, hosts=reach.hosts):
        raise FetchFailed(_OUT_OF_REACH)
    parts = urlsplit(url)
    try:
        with _connected(parts, reach=reach, limits=limits, deadline=deadline) as connection:
            connection.request("GET", _target(parts), headers=_headers(headers))
            with connection.getresponse() as response:
                answer = _read(response)
            if monotonic() < deadline:  # what was cut off may look like an end
                return answer
            raise TimeoutError
    except (FetchFailed, OSError, http.client.HTTPException, ValueError) as error:
        if monotonic() >= deadline:
            raise FetchFailed(f"It takes longer than {limits.whole:g} seconds.") from error
        if isinstance(error, FetchFailed):
            raise
        raise FetchFailed(_in_words(error)) from error


def _in_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "Its host's certificate does not hold."
    return _NO_ANSWER if isinstance(error, TimeoutError) else "Its answer breaks off."


@contextmanager
def _connected(
    parts: SplitResult, *, reach: Reach, limits: Limits, deadline: float
) -> Iterator[http.client.HTTPSConnection]:
    """A connection to a checked address: what was checked is what is asked, and it proves to be the host by name."""
    host, port = parts.hostname or "", parts.port or 443
    plain = _open(reach.addresses(host, port), port, limits=limits, deadline=deadline)
    with reach.tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) as secure:
        watchdog = threading.Timer(max(0.0, deadline - monotonic()), _cut, (secure,))
        watchdog.daemon = True
        watchdog.start()
        try:
            secure.do_handshake()
            connection = http.client.HTTPSConnection(host, port, context=reach.tls)
            connection.auto_open = 0
            connection.sock = secure
            yield connection
        finally:
            watchdog.cancel()


def _open(addresses: Sequence[str], port: int, *, limits: Limits, deadline: float) -> socket.socket:
    """Connected to the first of `addresses` that answers."""
    for address in addresses[:MOST_ADDRESSES]:
        patience = min(limits.connect, deadline - monotonic())
        if patience <= 0:
            break
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=patience)
    raise FetchFailed(_NO_ANSWER)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _headers(conditions: dict[str, str]) -> dict[str, str]:
    return {
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "User-Agent": _AGENT,
        **conditions,
    }


def _read(response: http.client.HTTPResponse) -> Answer | _Moved:
    if response.status == 304:
        return Answer(None)
    if response.status in _MOVED and (location := response.getheader("Location")):
        return _Moved(location)
    if response.status != 200:
        raise FetchFailed(_refusal(response.status))
    body = read_body(response)
    check_is_calendar(body)
    return Answer(body, _validator(response, "ETag", 500), _validator(response, "Last-Modified", 100))


def _validator(response: http.client.HTTPResponse, name: str, most: int) -> str:
    """The header, if it can be sent back as it came; otherwise the next question is without it."""
    value = response.getheader(name) or ""
    return value if len(value) <= most and value.isascii() and value.isprintable() else ""


def _refusal(status: int) -> str:
    """The sentence for a status that brings no calendar."""
    if status in {404, 410}:
        return f"There is no calendar at this address any more ({status})."
    if status in {401, 403}:
        return (
            f"Its owner does not let us read it ({status}): perhaps it is not public, or its secret link was renewed."
        )
    if status == 429 or status >= 500:
        return f"Its host is in trouble or busy ({status})."
    return f"Its host answers with something else than a calendar ({status})."


def _cut(secure: ssl.SSLSocket) -> None:
    """Ends what the other thread waits for. The TLS layer stays as it is: it is that thread's."""
    with suppress(OSError):
        socket.socket.shutdown(secure, socket.SHUT_RDWR)
