"""Pages and forms: the schedule under load; board, drag and proposal one at a time, as one person meets them."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import urlencode

from scripts.bench.load import Effort, Target, measure
from scripts.bench.machine import HOST, Installation, Served, ours, resident
from scripts.bench.report import Report, at_least, at_most
from scripts.bench.scenery import fill_pool, inside, open_calls, publish_calls, sign_in_organizer
from tests.drafts import FIELDS

_TIMES = 30
_TOKEN = re.compile(r'"X-CSRFToken": "([^"]+)"')


def measure_schedule(report: Report, installation: Installation, effort: Effort, *, calls: int = 1000) -> None:
    """The schedule of an installation with many published calls."""
    with inside(installation) as app:
        publish_calls(app, calls)
    with ours(installation) as served:
        report.begin(f"schedule with {calls:,} published touchpoints")
        _schedule(report, served, effort)
        report.add("largest worker after this load", max(map(resident, served.workers())), "MB", at_most(90))


def measure_board(report: Report, installation: Installation, *, calls: int = 26, proposals: int = 200) -> None:
    """The board and the form of an installation with half a year of open dates and a full pool."""
    with inside(installation) as app:
        open_calls(calls)
        fill_pool(proposals)
        organizer = sign_in_organizer(app)
    with ours(installation) as served:
        report.begin(f"board with {proposals} proposals, one request at a time")
        _board(report, Browser(served, organizer))
        _proposals(report, Browser(served))


def _schedule(report: Report, served: Served, effort: Effort) -> None:
    for name, headers in (("schedule page", {}), ("schedule page in a zone", {"Cookie": "tz=America/New_York"})):
        (rate,) = measure([Target(f"{served.base}/schedule", headers)], seconds=effort.seconds, rounds=effort.rounds)
        report.add(name, rate.per_second, "/s", at_least(300), note=f"p50 {rate.p50:.1f} ms, p99 {rate.p99:.1f} ms")


def _board(report: Report, browser: Browser) -> None:
    report.add("board load, p50", p50(lambda: browser.get("/board")), "ms", at_most(30))
    page = browser.get("/board")
    cards = re.findall(r'id="card-(proposal-\d+)" data-move', page)
    slots = re.findall(r'id="slot-\d+"[^>]* data-slot="(\d+)"', page)
    drags = zip(cards, slots, strict=False)  # the first on each date: it fits

    def drag() -> None:
        card, slot = next(drags)
        browser.post(f"/board/move/{card}", {"to": slot, "version": "1", "position": "0"}, htmx=True)

    report.add(
        "one drag, p50",
        p50(drag, times=len(slots) - 1),
        "ms",
        at_most(10),
        note=f"its answer is the board: {len(page) / 1000:,.0f} kB",
    )


def _proposals(report: Report, browser: Browser) -> None:
    numbers = iter(range(10_000))

    def propose() -> None:
        number = next(numbers)
        keys = {"form_key": f"one-time-key-of-the-bench-number-{number:06}", "email": f"vera{number}@example.org"}
        browser.post("/propose", {**FIELDS, **keys}, address=f"10.9.{number // 250}.{number % 250}")

    report.add("proposal POST, p50", p50(propose), "ms", at_most(10))


def p50(act: Callable[[], object], *, times: int = _TIMES) -> float:
    act()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


class Browser:
    """One person on one connection; a form is sent with the token of a page."""

    def __init__(self, served: Served, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", int(served.base.rpartition(":")[2]), timeout=60)
        self._cookie = cookie
        found = _TOKEN.search(self.get("/subscribe"))
        if found is None:
            raise SystemExit("The page has no form token.")
        self._token = found[1]

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str], *, address: str = "10.8.0.1", htmx: bool = False) -> str:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address}
        if htmx:
            headers["HX-Request"] = "true"
        return self._ask("POST", path, urlencode({**fields, "csrf_token": self._token}), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> str:
        known = {"Host": HOST, "Cookie": self._cookie, "X-Forwarded-Proto": "https"}
        self._connection.request(method, path, body, {**known, **headers})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} answered {answer.status}:\n{text}")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("__Host-touchpoints="):
                self._cookie = cookie.partition(";")[0]
        return text
