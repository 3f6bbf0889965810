"""Starting and ending: `make run` and the production server leave nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.request import urlopen

import pytest

from tests.house.sources import ROOT

RUN = [sys.executable, "scripts/run.py"]
SERVE = [sys.executable, "-m", "app.serve", "--workers", "2"]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def environ(tmp_path: Path, port: int) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**inherited, "INSTANCE_DIR": str(tmp_path / "instance"), "PORT": str(port), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator:
    """Start a program of the house; whatever of it is alive at the end of the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(command: list[str]) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(program)
        return program

    yield start
    for program in started:
        for pid in (program.pid, *descendants(program.pid)):
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
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


def descendants(pid: int) -> list[int]:
    """The processes that `pid` started, and theirs."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return [found for child in children for found in (child, *descendants(child))]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


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


def test_make_run_shows_sign_in_links_and_ends_everything_with_one_signal(start, port):
    program = start(RUN)
    printed = read_until("Touchpoints is at", program.stdout)
    assert len(re.findall(rf"http://127\.0\.0\.1:{port}/\S+", printed)) >= 2
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
    running = descendants(program.pid)
    program.send_signal(signal.SIGINT)
    program.stdout.read()
    assert (program.wait(timeout=20), [pid for pid in running if alive(pid)]) == (0, [])
    assert len(running) >= 3


def test_make_run_ends_as_a_whole_when_one_part_ends(start):
    program = start(RUN)
    read_until("Touchpoints is at", program.stdout)
    running = descendants(program.pid)
    worker = next(pid for pid in running if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"))
    os.kill(worker, signal.SIGKILL)
    rest = program.stdout.read()
    assert "The mail worker ended by itself (exit -9), so everything stops." in rest
    assert (program.wait(timeout=20), [pid for pid in running if alive(pid)]) == (1, [])


def test_the_server_answers_and_stops_in_order(start, port):
    program = start(SERVE)
    read_until("Started worker-2", program.stdout)
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.read() == b"ok\n"
    running = descendants(program.pid)
    program.send_signal(signal.SIGTERM)
    program.stdout.read()
    assert (program.wait(timeout=20), [pid for pid in running if alive(pid)]) == (0, [])


def test_no_server_process_outlives_a_killed_main_process(start):
    program = start(SERVE)
    read_until("Started worker-2", program.stdout)
    program.send_signal(signal.SIGKILL)
    # The workers hold the other end of the pipe: it closes when the last of them is gone.
    program.stdout.read()
    assert program.wait(timeout=20) == -signal.SIGKILL
