"""Measures the served application: feed (200, 304, gzip), home and schedule pages, on this machine's own loopback.

`make bench` starts the production server twice, on SQLite, and loads it with wrk for a few seconds a row. Nothing here
is a test: figures depend on the machine.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WORKERS, CONNECTIONS = 2, 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--touchpoints", type=int, nargs="*", default=[100, 1000], help="published touchpoints (100 1000)"
    )
    parser.add_argument("--seconds", type=int, default=4, help="length of each row (4)")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("The bench needs wrk: apt-get install wrk")
    for count in options.touchpoints:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), count, options.seconds)


def _measure(folder: Path, count: int, seconds: int) -> None:
    environ = _environment(folder)
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"], env=environ, cwd=ROOT, check=True)
    _seed(environ, count)
    sys.stdout.write(
        f"\n{count} published touchpoints (seeded in {time.perf_counter() - began:.1f} s), {WORKERS} workers\n"
    )
    with _served(environ) as base:
        feed = f"{base}/calendar/all.ics"
        with urllib.request.urlopen(feed, timeout=30) as answer:
            etag, size = answer.headers["ETag"], len(answer.read())
        sys.stdout.write(f"feed: {size:,} bytes\n")
        for name, url, headers in (
            ("feed 200", feed, {}),
            ("feed 200 gzip", feed, {"Accept-Encoding": "gzip"}),
            ("feed 304", feed, {"If-None-Match": etag}),
            ("schedule page", f"{base}/schedule", {}),
            ("home page", f"{base}/", {}),
            ("healthz", f"{base}/healthz", {}),
        ):
            sys.stdout.write(f"{name:>16}  {_wrk(url, headers, seconds)}\n")


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "TOUCHPOINTS_ENV": "production",
        "INSTANCE_DIR": str(folder),
        "SECRET_KEY": "only-for-this-bench-" * 2,
        "BASE_URL": "https://touchpoints.example.org",
        "MAIL_URL": "smtp://127.0.0.1:1?tls=none",
        "MAIL_FROM": "Touchpoints <touchpoints@example.org>",
    }


def _seed(environ: dict[str, str], count: int) -> None:
    """Write `count` confirmed calls, half a day apart, and publish them."""
    from app import create_app
    from app.config import Settings
    from app.extensions import db
    from app.services.publishing import publish_touchpoints

    app = create_app(Settings.from_env(environ))
    now = datetime.now(UTC).replace(microsecond=0)
    with app.app_context():
        series = _series()
        calls = [_call(series, now + timedelta(hours=12 * (number + 1)), number, now) for number in range(count)]
        db.session.add_all([series, *calls])
        publish_touchpoints(
            db.session(), [talk.touchpoint for talk in calls], site=app.extensions["touchpoints.site"], now=now
        )
        db.session.commit()


def _series():  # type: ignore[no-untyped-def]
    from app.models import CadenceRule, Series

    rule = CadenceRule(
        valid_from=date(2026, 1, 1),
        rrule="FREQ=WEEKLY;INTERVAL=1;BYDAY=TH",
        start_time=wall_time(14),
        minutes=60,
        time_zone="Europe/Madrid",
    )
    return Series(slug="bench", name="Bench", short_name="Bench", role_address="bench@example.org", rules=[rule])


def _call(series, starts_at: datetime, number: int, now: datetime):  # type: ignore[no-untyped-def]
    from app.domain.agenda import STANDARD_AGENDA
    from app.domain.attribution import Attribution
    from app.domain.localtime import in_zone
    from app.domain.people import RoleCategory
    from app.domain.states import ConfirmationState, ProposalState, TalkState
    from app.models import Confirmation, Proposal, Speaker, Talk, Touchpoint, TouchpointSegment

    zone = "Europe/Madrid"
    call = Touchpoint(
        series=series,
        local_start=in_zone(starts_at, zone).replace(tzinfo=None),
        time_zone=zone,
        minutes=60,
        starts_at=starts_at,
        created_at=now,
        segments=[
            TouchpointSegment(
                position=position,
                kind=part.kind,
                title=part.title,
                minutes=part.minutes,
                recorded=part.recorded,
                under_rule=part.under_rule,
            )
            for position, part in enumerate(STANDARD_AGENDA)
        ],
    )
    speaker = Speaker(
        position=0,
        name=f"Sam Speaker {number}",
        affiliation="Kestrel Works",
        role_category=RoleCategory.OSPO,
        attribution=Attribution.NAME_AND_AFFILIATION,
        recording_consent=True,
    )
    proposal = Proposal(
        title=f"Talk {number}: upstream first at a railway operator",
        abstract="How signalling teams learned to send a fix upstream before they ship it. " * 4,
        state=ProposalState.ACCEPTED,
        minutes=20,
        speakers=[speaker],
        created_at=now,
        updated_at=now,
    )
    answer = Confirmation(
        speaker=speaker,
        state=ConfirmationState.CONFIRMED,
        attribution=speaker.attribution,
        recording_consent=True,
    )
    return Talk(
        proposal=proposal,
        touchpoint=call,
        position=0,
        state=TalkState.CONFIRMED,
        minutes=20,
        created_at=now,
        confirmations=[answer],
    )


@contextmanager
def _served(environ: dict[str, str]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "app.serve", "--port", str(port), "--workers", str(WORKERS)],
        env={**environ, "GRANIAN_LOG_ENABLED": "false"},
        cwd=ROOT,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/healthz")
        yield base
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=_HOST), timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


_HOST = {"Host": "touchpoints.example.org"}


def _wrk(url: str, headers: dict[str, str], seconds: int) -> str:
    flags = [flag for name, value in {**_HOST, **headers}.items() for flag in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *flags, url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    median, tail = re.search(r"50%\s+(\S+)", told), re.search(r"99%\s+(\S+)", told)
    failed = "" if "Non-2xx or 3xx" not in told else "  (with errors!)"
    if not (rate and median and tail):
        return told
    return f"{float(rate[1]):>9,.0f} requests/s   p50 {median[1]:>8}   p99 {tail[1]:>8}{failed}"


if __name__ == "__main__":
    main()
