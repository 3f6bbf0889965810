"""Real workers, killed where it hurts: no mail is lost, and a double carries the same Message-ID."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.config.mail import MailSettings
from app.domain.delivery import LEASE
from app.domain.states import MailState
from app.mail.transport import make_transport
from app.mail.values import Mail
from app.models import OutboxMessage
from app.services import outbox
from tests.fixtures.mail_server import ScriptedMailServer

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Look again and again until it is so; fail after half a minute."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.02)


class StallingServer:
    """An SMTP server that stops in the middle of its first conversation, and says so in `stalled`."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.stalled, self.go_on = threading.Event(), threading.Event()
        self.taken: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listening.getsockname()[1]}?tls=none"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def stop(self) -> None:
        self.go_on.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection, suppress(OSError):
                    self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        talk = connection.makefile("rb")
        connection.sendall(b"220 mail.test\r\n")
        while line := talk.readline():
            word = line[:4].decode().strip().lower()
            if word == "data":
                connection.sendall(b"354 Go on\r\n")
                self._stall("data")
                self._take(talk)
                connection.sendall(b"250 Taken\r\n")
                continue
            self._stall(word)
            connection.sendall(b"221 Bye\r\n" if word == "quit" else b"250 OK\r\n")

    def _take(self, talk: BinaryIO) -> None:
        """Keep a message that came to its end, and only that."""
        lines = []
        while (line := talk.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError
            lines.append(line)
        self.taken.append(b"".join(lines))

    def _stall(self, at: str) -> None:
        if at == self.at and not self.stalled.is_set():
            self.stalled.set()
            self.go_on.wait(PATIENCE)


@pytest.fixture
def stalling() -> Iterator[Callable[[str], StallingServer]]:
    servers: list[StallingServer] = []

    def start(at: str) -> StallingServer:
        servers.append(StallingServer(at))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def worker(settings, database_url, tmp_path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a worker of the installation under test, as an operator would, with mail going to `mail_url`."""
    running: list[subprocess.Popen[str]] = []

    def start(mail_url: str) -> subprocess.Popen[str]:
        environ = {
            **os.environ,
            "TOUCHPOINTS_ENV": "test",
            "INSTANCE_DIR": str(settings.instance_dir),
            "DATABASE_URL": database_url,
            "SECRET_KEY": settings.secret_key,
            "MAIL_FROM": settings.mail_from,
            "MAIL_URL": mail_url,
        }
        if database_url.startswith("postgresql"):
            environ["QUEUE_URL"] = database_url.replace("+psycopg", "")
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        running.append(
            subprocess.Popen(
                command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def queue(session, site, clock):
    """Puts `count` mails into the outbox, each of `lines` lines."""

    def queued(count: int = 1, *, lines: int = 1) -> None:
        for number in range(count):
            mail = Mail("received", "sam@example.org", f"Mail {number}", "Hello Sam.\n" * lines, "Hello")
            outbox.queue_mail(session, mail, dedup=str(number), site=site, now=clock.now)
        session.commit()

    return queued


@pytest.fixture
def states(session):
    """The state of each mail, as the table has it now."""

    def read() -> list[MailState]:
        found = list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))
        session.rollback()
        return found

    return read


@pytest.fixture
def clock(clock):
    """Workers of their own process read the real time; so does whoever works with them."""
    from app.web.clock import system_clock

    clock.now = system_clock()
    return clock


@pytest.mark.parametrize(("at", "doubles"), [("mail", 1), ("data", 1), ("quit", 2)])
def test_a_worker_that_is_killed_loses_nothing(session, queue, states, worker, stalling, site, clock, at, doubles):
    # So long that the worker is still writing it when it is killed inside DATA.
    queue(lines=1_000_000 if at == "data" else 1)
    server = stalling(at)
    killed = worker(server.url)
    wait_for(server.stalled.is_set, f"the worker to reach {at}")
    assert states() == [MailState.LEASED]
    killed.kill()
    killed.wait()
    server.go_on.set()
    later = lambda: clock.now + LEASE + timedelta(minutes=1)  # noqa: E731
    sessions, transport = sessionmaker(session.get_bind()), make_transport(MailSettings.parse(server.url))
    assert outbox.deliver_due(sessions, transport, site=site, clock=later).sent == 1
    assert states() == [MailState.SENT]
    (message_id,) = session.scalars(select(OutboxMessage.message_id))
    session.rollback()
    wait_for(lambda: len(server.taken) >= doubles, "the server to have what was sent")
    assert [message.count(message_id.encode()) for message in server.taken] == [1] * doubles


def test_a_worker_that_is_asked_to_stop_ends_what_it_began(queue, states, worker, stalling):
    queue()
    server = stalling("quit")
    asked = worker(server.url)
    wait_for(server.stalled.is_set, "the worker to be in the middle of a mail")
    asked.send_signal(signal.SIGTERM)
    server.go_on.set()
    said, _ = asked.communicate(timeout=PATIENCE)
    assert (asked.returncode, said) == (0, "The mail worker runs. Ctrl-C ends it.\n")
    assert states() == [MailState.SENT]


def test_two_workers_share_the_work(queue, states, worker, smtp_server: ScriptedMailServer):
    queue(40)
    for _ in range(2):
        worker(smtp_server.url)
    wait_for(lambda: set(states()) == {MailState.SENT}, "all mails to be sent")
    names = [mail.message["Message-ID"] for mail in smtp_server.messages]
    assert len(names) == len(set(names)) == 40


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_worker_without_its_queue_says_so(settings, worker, tmp_path, monkeypatch):
    monkeypatch.setenv("QUEUE_URL", "sqlite:////nowhere/at/all/queue.sqlite3")
    process = worker("memory:")
    said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (1, "Error: The queue at QUEUE_URL cannot be used (OperationalError).\n")
