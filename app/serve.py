"""The production web server: `python -m app.serve` checks the settings, then becomes granian (docs/adr/0002)."""

from __future__ import annotations

import argparse
import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.config import Settings, SettingsError

if TYPE_CHECKING:
    from flask import Flask

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PR_SET_PDEATHSIG = 1


def application() -> Flask:
    """What each worker process of granian loads. A worker ends with the main process, even if that one is killed."""
    _end_with_the_main_process()
    from wsgi import app  # noqa: PLC0415  the main process needs no application

    gc.collect()
    gc.freeze()  # what is loaded now stays: looking through it for garbage again and again took 40 ms each time
    return app


def command(host: str, port: int, *, workers: int, threads: int) -> list[str]:
    """The command line of granian; what it does not name is set by granian's own GRANIAN_* variables."""
    return [
        *(sys.executable, "-m", "granian", "app.serve:application", "--factory"),
        *("--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10"),
        "--no-access-log",  # the addresses of personal calendars are secrets (docs/adr/0050): none is ever written down
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Replace this process by the server; exits 2 with plain sentences if the settings do not allow it."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        _refuse(str(error))
    options = _parser(settings.port).parse_args(arguments)
    if not settings.is_production and options.host not in _LOOPBACK:
        _refuse("Development settings are for this machine only: set TOUCHPOINTS_ENV=production to listen to others.")
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")  # glibc would keep a heap for each thread: up to 10 MB a worker
    os.execv(sys.executable, command(options.host, options.port, workers=options.workers, threads=options.threads))


def _end_with_the_main_process() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        # The handler inherited from the main process would note the signal in a copy of that one's memory, unread.
        # granian sets the worker's own when the application is loaded.
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    main_process = multiprocessing.parent_process()
    if main_process is not None and os.getppid() != main_process.pid:
        raise SystemExit("The main process was killed while this worker started.")  # before Linux knew our wish


def _parser(port: int) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.serve", description="Serve Touchpoints over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1: behind a proxy)")
    parser.add_argument("--port", type=int, default=port, help="port to listen on (the variable PORT, else 8000)")
    parser.add_argument("--workers", type=int, default=2, help="processes; about one per core (2)")
    parser.add_argument("--threads", type=int, default=4, help="requests that one process handles at a time (4)")
    return parser


def _refuse(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(2)


if __name__ == "__main__":
    main()
