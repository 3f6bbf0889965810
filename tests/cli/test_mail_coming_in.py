"""flask mail receive and fetch: what a mail server's pipe and an operator get."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select, text

from app.domain.received import KEPT_OF_LARGER, LARGEST
from app.models import ReceivedMessage
from tests.fixtures.application import settings_for
from tests.fixtures.mailbox_server import PASSWORD, USER
from tests.letters import letter

ROOT = Path(__file__).resolve().parent.parent.parent
MESSAGE = b"From: sam@example.org\nSubject: Hello\n\nHello Olu\n"


@pytest.fixture
def run(app, session):
    def typed(*arguments, stdin=b""):
        session.commit()
        return app.test_cli_runner().invoke(args=["mail", *arguments], input=io.BytesIO(stdin))

    return typed


def test_a_message_on_standard_input_is_stored_in_silence(run, session):
    for _ in range(2):
        done = run("receive", stdin=MESSAGE)
        assert (done.exit_code, done.output) == (os.EX_OK, "")
    assert session.scalars(select(ReceivedMessage.message)).all() == [MESSAGE]


@pytest.mark.parametrize(
    "stdin", [b"\x00\xff" * 1_000, b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 500]
)
def test_whatever_it_says_it_is_stored(run, session, stdin):
    assert run("receive", stdin=stdin).exit_code == os.EX_OK
    assert session.scalars(select(ReceivedMessage.message)).all() == [stdin]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_message_of_any_size_is_taken_and_its_beginning_kept(run, session):
    assert run("receive", stdin=b"Subject: long\n\n" + b"x" * (2 * LARGEST + 5)).exit_code == os.EX_OK
    assert [len(message) for message in session.scalars(select(ReceivedMessage.message))] == [KEPT_OF_LARGER]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_no_message_is_no_message(run):
    done = run("receive")
    assert (done.exit_code, done.output) == (os.EX_NOINPUT, "There is no message on standard input.\n")


def test_what_cannot_be_stored_now_stays_with_the_mail_server(run, session):
    session.execute(text("ALTER TABLE received RENAME TO elsewhere"))
    done = run("receive", stdin=MESSAGE)
    assert done.exit_code == os.EX_TEMPFAIL
    assert done.output.startswith("The message cannot be stored now (")
    session.execute(text("ALTER TABLE elsewhere RENAME TO received"))
    assert run("receive", stdin=MESSAGE).exit_code == os.EX_OK
    assert session.scalars(select(ReceivedMessage.message)).all() == [MESSAGE]


def test_a_real_pipe_without_a_database_is_told_to_come_again(tmp_path):
    environ = {
        **os.environ,
        "TOUCHPOINTS_ENV": "test",
        "INSTANCE_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/nothing",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "receive"]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, input=letter("plain_answer"), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (75, b"")
    assert done.stderr == b"The message cannot be stored now (OperationalError).\n"


@pytest.fixture
def mailbox_url():
    return ""


@pytest.fixture
def settings(database_url, tmp_path, mailbox_url):
    return settings_for(database_url, tmp_path / "instance", MAILBOX_URL=mailbox_url)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_without_a_mailbox_there_is_nothing_to_fetch(run):
    done = run("fetch")
    assert (done.exit_code, done.output) == (1, "Error: MAILBOX_URL is not set.\n")


@pytest.mark.usefixtures("trusted_certificate")
class TestWithAMailbox:
    @pytest.fixture
    def mailbox_url(self, mailbox_server):
        return f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{mailbox_server.port}"

    def test_what_waits_there_is_stored_and_then_marked(self, run, session, mailbox_server):
        kept = mailbox_server.put(MESSAGE)
        done = run("fetch")
        assert (done.exit_code, done.output) == (0, "1 taken, 0 left for the next time.\n")
        assert session.scalars(select(ReceivedMessage.message)).all() == [MESSAGE]
        assert r"\Seen" in kept.flags
        assert run("fetch").output == "0 taken, 0 left for the next time.\n"

    def test_what_came_by_a_pipe_too_is_one_row(self, run, session, mailbox_server):
        run("receive", stdin=MESSAGE)
        mailbox_server.put(MESSAGE.replace(b"\n", b"\r\n"))
        assert run("fetch").output == "1 taken, 0 left for the next time.\n"
        assert len(session.scalars(select(ReceivedMessage)).all()) == 1

    def test_without_a_table_nothing_is_marked(self, run, session, mailbox_server):
        kept = mailbox_server.put(MESSAGE)
        session.execute(text("ALTER TABLE received RENAME TO elsewhere"))
        assert run("fetch").output == "0 taken, 1 left for the next time.\n"
        assert kept.flags == set()

    @pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
    def test_a_mailbox_that_refuses_us_says_so(self, run, mailbox_server):
        mailbox_server.password = "another"
        done = run("fetch")
        assert (done.exit_code, done.output) == (
            1,
            "Error: The mailbox cannot be read: the server refused the sign-in or the folder.\n",
        )
