"""Feeds beside nginx with the same bytes, and how soon a change shows."""

from __future__ import annotations

import http.client
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from sqlalchemy import select

from app.extensions import db
from app.models import Talk
from app.services.publishing import publish_touchpoint
from scripts.bench.load import Effort, Rate, Target, measure
from scripts.bench.machine import HOST, Installation, Served, floor, nginx, ours, resident
from scripts.bench.report import Report, at_least, at_most
from scripts.bench.scenery import inside, publish_calls, this_moment

_FEED = "/calendar/all.ics"
_CHANGES = 15
BARRED = 1000  # the size for which there are bars


def measure_feeds(report: Report, installation: Installation, counts: list[int], effort: Effort) -> None:
    """One installation grows through `counts`; each row is ours, nginx, and the empty application in turn."""
    fastest: dict[int, Rate] = {}
    published = 0
    for count in sorted(counts):
        with inside(installation) as app:
            publish_calls(app, count - published)
        published = count
        with ours(installation) as served:
            report.begin(f"feed with {count:,} published touchpoints")
            fastest[count] = _beside_nginx(report, served, count, effort)
            report.add(
                "largest worker after this load",
                max(map(resident, served.workers())),
                "MB",
                at_most(90) if count == BARRED else None,
            )
            _commit_to_bytes(report, installation, served, count)
    if len(fastest) > 1:
        few, many = min(fastest), max(fastest)
        report.add(f"p50 of 304 at {many:,} against {few:,}", fastest[many].p50 / fastest[few].p50, "x", at_most(1.5))


def _beside_nginx(report: Report, served: Served, count: int, effort: Effort) -> Rate:
    url = served.base + _FEED
    body, etag = _get(url, {})
    zipped, _ = _get(url, {"Accept-Encoding": "gzip"})
    report.add("size", len(body) / 1000, "kB", note=f"{len(zipped) / 1000:,.0f} kB compressed")
    with tempfile.TemporaryDirectory(prefix="touchpoints-nginx-") as name:
        folder = Path(name)
        (folder / "files").mkdir()
        for file, content in (
            ("files/all.ics", body),
            ("files/all.ics.gz", zipped),
            ("all.ics", body),
            ("all.gz", zipped),
        ):
            (folder / file).write_bytes(content)
        with nginx(folder) as other, floor(folder) as empty:
            theirs = f"{other.base}/all.ics"
            _, their_etag = _get(theirs, {})
            rows = (
                ("304", {"If-None-Match": etag}, {"If-None-Match": their_etag}, 0.4),
                ("200", {}, {}, 0.7),
                ("200 gzip", {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "gzip"}, 0.6),
            )
            for row, mine, other_headers, least in rows:
                targets = [Target(url, mine), Target(theirs, other_headers), Target(empty.base, mine)]
                us, them, nothing = measure(targets, seconds=effort.seconds, rounds=effort.rounds)
                report.add(row, us.per_second, "/s", note=f"p50 {us.p50:.2f} ms, p99 {us.p99:.2f} ms")
                ratio, bar = us.per_second / them.per_second, at_least(least) if count == BARRED else None
                report.add(f"{row} against nginx", ratio, "x", bar, note=f"nginx {them.per_second:,.0f}/s")
                report.add(f"{row}: an application that does nothing", nothing.per_second / them.per_second, "x")
                if row == "304":
                    polled = us
    return polled


def _get(url: str, headers: dict[str, str]) -> tuple[bytes, str]:
    request = urllib.request.Request(url, headers={"Host": HOST, **headers})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), answer.headers["ETag"]


def _commit_to_bytes(report: Report, installation: Installation, served: Served, count: int) -> None:
    """From the commit of one change until a poller that asks all the time has the whole new feed."""
    poller, waits = _Poller(served), []
    with inside(installation) as app:
        talk = db.session.scalars(select(Talk).order_by(Talk.id).limit(1)).one()
        for number in range(_CHANGES):
            talk.proposal.title = f"Another title, the {number}th"
            publish_touchpoint(
                db.session(), talk.touchpoint, site=app.extensions["touchpoints.site"], now=this_moment()
            )
            poller.poll()
            db.session.commit()
            committed = time.perf_counter()
            while not poller.poll():
                pass
            waits.append((time.perf_counter() - committed) * 1000)
    most = 25 if installation.engine == "sqlite" else 1000 + 25  # a database server is asked once a second
    bar = at_most(most) if count == BARRED else None
    report.add("commit to new bytes, p50", median(waits), "ms", bar, note=f"slowest {max(waits):,.0f} ms")


class _Poller:
    """A calendar program that never rests, on one connection."""

    def __init__(self, served: Served) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", int(served.base.rpartition(":")[2]), timeout=30)
        self._etag = ""

    def poll(self) -> bool:
        """Whether there was something new."""
        self._connection.request("GET", _FEED, headers={"Host": HOST, "If-None-Match": self._etag})
        answer = self._connection.getresponse()
        answer.read()
        self._etag = answer.headers["ETag"]
        return answer.status == 200
