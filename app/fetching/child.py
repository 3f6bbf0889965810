"""`python -m app.fetching.child`: reads one calendar in a process that can do no harm when it is a bomb.

Standard input is a line of JSON, the window as two instants, and then the calendar; standard output is one JSON object.
The limits hold before a byte is read: ten seconds of CPU, 256 MB, no files written, no further process.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from datetime import datetime

CPU_SECONDS, MEMORY = 10, 256 * 1024 * 1024


def main() -> None:
    """Read, expand, answer."""
    _take_limits()
    from app.fetching.expanding import Window, expand  # noqa: PLC0415 (parsers are loaded within the limits)
    from app.fetching.failures import FetchFailed  # noqa: PLC0415

    start, end = json.loads(sys.stdin.buffer.readline())
    window = Window(datetime.fromisoformat(start), datetime.fromisoformat(end))
    try:
        answer = asdict(expand(sys.stdin.buffer.read(), window))
    except FetchFailed as failure:
        answer = {"refused": str(failure)}
    json.dump(answer, sys.stdout, default=datetime.isoformat)


def _take_limits() -> None:
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main()
