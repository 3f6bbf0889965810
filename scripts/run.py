"""`make run`: prepare the database, then the server and the mail worker side by side until either ends.

`run.py check-port` only says whether the port is free. Needs nothing but Python's own library.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
SERVER = [sys.executable, "-m", "app.serve", "--workers", "1"]
WORKER = [*FLASK, "worker"]


def main() -> None:
    port = free_port()
    if sys.argv[1:] == ["check-port"]:
        return
    os.chdir(ROOT)
    os.environ.setdefault("TOUCHPOINTS_ENV", "development")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell started this in the background
    _prepare("db", "upgrade")
    links = _prepare("demo")
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        children["server"] = _start(SERVER)
        children["mail worker"] = _start(WORKER)
        _wait_for_answer(port, children["server"])
        print(f"\n{links.strip()}\n\nTouchpoints is at http://127.0.0.1:{port} (Ctrl-C ends it)\n", flush=True)
        _wait_for_an_end(children)
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
    finally:
        _end(children)


def free_port() -> int:
    """The port to use, from PORT or 8000; ends with one sentence if it is no port or another program has it."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        sys.exit(f"PORT={text} is not a port: choose a number from 1 to 65535, such as make run PORT=8001")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            sys.exit(f"Port {port} is for the system's administrator: choose another, such as make run PORT=8001")
        except OSError:
            sys.exit(f"Port {port} is taken by another program: end it, or choose another: make run PORT={port + 1}")
    return port


def _prepare(*command: str) -> str:
    """Run a flask command and return what it printed; its log is shown only if it fails."""
    done = subprocess.run([*FLASK, *command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.stdout.write(done.stdout)
        sys.stderr.write(done.stderr)
        sys.exit(done.returncode)
    return done.stdout


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this program alone, which then ends both in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    """Have Linux end this child if `make run` is killed without a chance to do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _wait_for_answer(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            if server.poll() is not None:
                _say_ended("server", server)
            time.sleep(0.1)
    sys.exit("The server does not answer.")


def _wait_for_an_end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    pid, status = os.wait()
    for name, child in children.items():
        if child.pid == pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            _say_ended(name, child)


def _say_ended(name: str, child: subprocess.Popen[bytes]) -> NoReturn:
    sys.exit(f"The {name} ended by itself (exit {child.returncode}), so everything stops.")


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave one of them behind
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(timeout=15)  # the server gives its own processes 10
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    main()
