"""flask mail: what a stranger types, and what they read."""

from __future__ import annotations

import pytest

from app.mail.values import Mail
from app.services import outbox


@pytest.fixture
def run(app, session):
    def typed(*arguments):
        session.commit()
        return app.test_cli_runner().invoke(args=["mail", *arguments])

    return typed


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture
def queue(session, site, now):
    def queued(name):
        mail = Mail("received", "sam@example.org", "Hello", "Hello", "Hello")
        outbox.queue_mail(session, mail, dedup=name, site=site, now=now)

    return queued


def test_sending_says_what_became_of_the_mails(queue, run, smtp_server):
    for name in "abc":
        queue(name)
    smtp_server.answer("rcpt", "451 4.2.1 Greylisted")
    smtp_server.answer("after dot", "550 5.7.1 No")
    done = run("send")
    assert (done.output, done.exit_code) == ("1 sent, 1 to be tried again, 1 given up.\n", 0)
    assert run("send").output == "0 sent, 0 to be tried again, 0 given up.\n"


def test_a_server_that_takes_nothing_is_an_error(queue, run, smtp_server):
    queue("a")
    smtp_server.answer("mail", "550 5.7.1 Not from you")
    done = run("send")
    assert done.exit_code == 1
    assert done.output == (
        "0 sent, 0 to be tried again, 0 given up.\n"
        "Error: The mail server takes nothing now, the rest waits: 550 5.7.1 Not from you\n"
    )


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_trial_mail_arrives(run, smtp_server):
    done = run("test", "olu@example.org")
    assert (done.output, done.exit_code) == (
        "The mail server has taken a mail for olu@example.org. Look whether it arrives, and in which folder.\n",
        0,
    )
    assert smtp_server.messages[0].message["Subject"] == "Mail from Touchpoints works"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_trial_mail_that_is_refused_says_why(run, smtp_server):
    smtp_server.answer("rcpt", "550 5.1.1 Nobody here")
    done = run("test", "olu@example.org")
    assert (done.output, done.exit_code) == ("Error: The mail was not sent: 550 5.1.1 Nobody here\n", 1)
