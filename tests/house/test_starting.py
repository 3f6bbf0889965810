"""Starting and ending: `make run` and the production server leave nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.house.sources import ROOT

RUN = [sys.executable, "scripts/run.py"]
SERVE = [sys.executable, "-m", "app.serve", "--workers", "2"]
COSTLY = {
    *("alembic", "flask_migrate", "mako", "pygments"),
    *("psycopg", "redis", "sqlalchemy.dialects.postgresql"),
    *("hypothesis", "pytest"),
}
"""What only commands, other engines or tests need: together a quarter of a worker's memory and of its start."""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def environ(tmp_path: Path, port: int) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**inherited, "INSTANCE_DIR": str(tmp_path / "instance"), "PORT": str(port), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator[Callable[[list[str]], subprocess.Popen[str]]]:
    """Start a program of the house; whatever of it lives at the end of the test, or after two minutes, is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(command: list[str]) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(program)
        return program

    def kill_what_is_left() -> None:
        for pid in processes_of(environ):
            os.kill(pid, signal.SIGKILL)

    watchdog = threading.Timer(120, kill_what_is_left)
    watchdog.start()
    yield start
    watchdog.cancel()
    kill_what_is_left()
    for program in started:
        program.stdout.close()
        program.wait()


def run(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def read_until(words: str, output: IO[str]) -> str:
    """Everything that was printed up to and with the line that holds `words`."""
    seen = []
    for line in output:
        seen.append(line)
        if words in line:
            return "".join(seen)
    raise AssertionError(f"ended without {words!r}:\n{''.join(seen)}")


def answer_of(program: subprocess.Popen[str], port: int) -> bytes:
    """What /healthz says as soon as the server listens."""
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return answer.read()
        except URLError:
            with suppress(subprocess.TimeoutExpired):
                program.wait(timeout=0.05)
                raise AssertionError(f"the server ended:\n{program.stdout.read()}") from None


def processes_of(environ: dict[str, str]) -> dict[int, list[str]]:
    """The living processes that were started with this test's instance folder, with their command lines."""
    mark = f"INSTANCE_DIR={environ['INSTANCE_DIR']}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = (folder / "cmdline").read_text().split("\0")
    return found


def test_a_taken_port_is_one_sentence_before_anything_starts(environ, port, tmp_path):
    with socket.create_server(("127.0.0.1", port)):
        ended = run(RUN, environ)
    other = f"make run PORT={port + 1}"
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"Port {port} is taken by another program: end it, or choose another: {other}\n"
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize("wrong", ["0", "65536", "http", "80 80"])
def test_a_port_that_is_none_is_one_sentence(environ, wrong):
    ended = run(RUN, environ | {"PORT": wrong})
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"PORT={wrong} is not a port")
    assert len(ended.stderr.splitlines()) == 1


def test_make_run_shows_sign_in_links_and_ends_everything_with_one_signal(start, port, environ):
    program = start(RUN)
    printed = read_until("Touchpoints is at", program.stdout)
    assert len(re.findall(rf"http://127\.0\.0\.1:{port}/\S+", printed)) >= 2
    assert answer_of(program, port) == b"ok\n"
    assert len(processes_of(environ)) >= 4  # this program, the server, its worker process, the mail worker
    program.send_signal(signal.SIGINT)
    program.stdout.read()
    assert (program.wait(timeout=20), processes_of(environ)) == (0, {})


def test_make_run_ends_as_a_whole_when_one_part_ends(start, environ):
    program = start(RUN)
    read_until("Touchpoints is at", program.stdout)
    worker = next(pid for pid, command in processes_of(environ).items() if "worker" in command)
    os.kill(worker, signal.SIGKILL)
    rest = program.stdout.read()
    assert "The mail worker ended by itself (exit -9), so everything stops." in rest
    assert (program.wait(timeout=20), processes_of(environ)) == (1, {})


def test_the_server_answers_and_stops_in_order(start, port, environ):
    program = start(SERVE)
    assert answer_of(program, port) == b"ok\n"
    program.send_signal(signal.SIGTERM)
    program.stdout.read()
    assert (program.wait(timeout=20), processes_of(environ)) == (0, {})


def test_no_setting_makes_the_server_write_down_what_was_asked_for(start, port, environ):
    """The addresses of personal calendars are keys."""
    environ["GRANIAN_LOG_ACCESS_ENABLED"] = "true"
    program = start(SERVE)
    answer_of(program, port)
    with pytest.raises(HTTPError):
        urlopen(f"http://127.0.0.1:{port}/calendar/mine/a-secret.ics", timeout=5)
    program.send_signal(signal.SIGTERM)
    said = program.stdout.read()
    assert ("Started worker" in said, "a-secret" in said, "healthz" in said) == (True, False, False)


# The main process may die at any moment: before a worker has loaded the application, or long after.
@pytest.mark.parametrize("moment", ["Spawning worker-1", "Spawning worker-2", "Started worker-2"])
def test_no_server_process_outlives_a_killed_main_process(start, moment, environ):
    program = start(SERVE)
    read_until(moment, program.stdout)
    program.send_signal(signal.SIGKILL)
    # Every process holds the other end of the pipe: it closes when the last of them is gone.
    program.stdout.read()
    assert (program.wait(timeout=20), processes_of(environ)) == (-signal.SIGKILL, {})


# What a process has loaded that has rung for the mail worker once: (the queue's address, what else it may hold).
@pytest.mark.parametrize(
    ("queue", "client"),
    [
        ("", set()),
        ("redis://127.0.0.1:1/0", {"redis"}),
        ("postgresql://touchpoints@127.0.0.1:1/touchpoints", {"psycopg"}),
    ],
)
def test_a_server_loads_nothing_that_it_does_not_need(environ, queue, client):
    program = (
        "import sys; from app.serve import application; app = application(); "
        "app.extensions['touchpoints.work'].ring(); print(*sys.modules)"
    )
    loaded = run([sys.executable, "-c", program], environ | {"QUEUE_URL": queue})
    assert loaded.returncode == 0, loaded.stderr
    assert set(loaded.stdout.split()) & COSTLY == client


def test_the_servers_main_process_loads_no_framework(environ):
    loaded = run([sys.executable, "-c", "import sys, app.serve; print(*sys.modules)"], environ)
    assert loaded.returncode == 0, loaded.stderr
    assert set(loaded.stdout.split()) & {"flask", "jinja2", "sqlalchemy", "werkzeug"} == set()
