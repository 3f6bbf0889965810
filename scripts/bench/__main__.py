"""Measures the served application on this machine's own loopback: `make bench`, or `python -m scripts.bench --help`.

Nothing here is a test: figures depend on the machine, and compare only within one run. It needs wrk, nginx and, for
the second engine, PostgreSQL; whatever it starts ends with it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.bench.feeds import measure_feeds
from scripts.bench.load import Effort
from scripts.bench.machine import Installation, postgresql
from scripts.bench.mails import measure_mails
from scripts.bench.pages import measure_board, measure_schedule
from scripts.bench.starting import measure_first_page, measure_start

ENGINES = ("sqlite", "postgresql")
PARTS = ("feed", "schedule", "board", "mail", "start")


def main() -> None:
    options = _parser().parse_args()
    _require_programs()
    effort = Effort(options.seconds, options.rounds)
    parts: dict[str, Callable[[Installation], None]] = {
        "feed": lambda installation: measure_feeds(installation, options.touchpoints, effort),
        "schedule": lambda installation: measure_schedule(installation, effort),
        "board": measure_board,
        "mail": measure_mails,
        "start": lambda installation: measure_start(installation, rounds=options.rounds),
    }
    for engine in options.engine:
        for part in options.only:
            with _installation(engine) as installation:
                parts[part](installation)
    if options.install:
        measure_first_page()


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
    parser.add_argument("--seconds", type=int, default=3, help="length of one round of one figure (3)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts (3)")
    parser.add_argument("--install", action="store_true", help="also from an empty folder to the first page")
    return parser


if __name__ == "__main__":
    main()
