"""Measures the served application on this machine's own loopback: `make bench`, or `python -m scripts.bench --help`.

Nothing here is a test: figures depend on the machine, and compare only within one run. It needs wrk, nginx and, for
the second engine, PostgreSQL; whatever it starts ends with it. Each figure is told on standard error as it comes; the
table at the end, on standard output, has whatever was found, even if a part failed or was broken off.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.bench.archive import measure_archive
from scripts.bench.feeds import measure_feeds
from scripts.bench.load import Effort
from scripts.bench.machine import Installation, postgresql
from scripts.bench.mails import measure_mails
from scripts.bench.pages import measure_board, measure_schedule
from scripts.bench.report import Report
from scripts.bench.starting import measure_first_page, measure_start

ENGINES = ("sqlite", "postgresql")
PARTS = ("feed", "schedule", "board", "archive", "mail", "start", "install")


def main() -> None:
    options = _parser().parse_args()
    _require_programs()
    report = Report()
    try:
        for engine in options.engine:
            report.engine = engine
            for part in [part for part in options.only if part != "install"]:
                _try(report, part, lambda engine=engine, part=part: _measure(report, engine, part, options))
        if "install" in options.only:
            report.engine = "sqlite"
            _try(report, "install", lambda: measure_first_page(report))
    finally:
        sys.stdout.write(report.table())
    raise SystemExit(report.has_failures)


def _measure(report: Report, engine: str, part: str, options: argparse.Namespace) -> None:
    effort = Effort(options.seconds, options.rounds)
    with _installation(engine) as installation:
        match part:
            case "feed":
                measure_feeds(report, installation, options.touchpoints, effort)
            case "schedule":
                measure_schedule(report, installation, effort)
            case "board":
                measure_board(report, installation)
            case "archive":
                measure_archive(report, installation)
            case "mail":
                measure_mails(report, installation)
            case "start":
                measure_start(report, installation, rounds=options.rounds)


def _try(report: Report, part: str, measure: Callable[[], None]) -> None:
    """A part that fails costs its own figures, and no other's."""
    try:
        measure()
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever it was: it stands in the table)
        report.fail(part, error)


def _require_programs() -> None:
    for program in ("wrk", "nginx"):
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            raise SystemExit(f"The bench needs {program}: apt-get install {program}")


@contextmanager
def _installation(engine: str) -> Iterator[Installation]:
    """A migrated installation on this engine, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="touchpoints-bench-") as name:
        folder = Path(name)
        if engine == "sqlite":
            installation = Installation(folder, f"sqlite:///{folder / 'bench.sqlite3'}")
            installation.migrate()
            yield installation
            return
        with postgresql() as server:
            server.create("bench")
            installation = Installation(folder, server.url("bench"))
            installation.migrate()
            yield installation


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, help="parts to run (all)")
    parser.add_argument("--engine", nargs="*", choices=ENGINES, default=ENGINES, help="engines (both)")
    parser.add_argument("--touchpoints", type=int, nargs="*", default=[100, 1000, 5000], help="sizes of the feed")
    parser.add_argument("--seconds", type=int, default=2, help="length of one round of one figure (2)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts (3)")
    return parser


if __name__ == "__main__":
    main()
