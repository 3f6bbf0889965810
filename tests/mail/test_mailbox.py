"""The mailbox that is polled: nothing is marked that was not taken, and nothing that was not marked is forgotten."""

from __future__ import annotations

import pytest

from app.config.mailbox import MailboxSettings
from app.domain.received import LARGEST
from app.mail.mailbox import KEYWORD, MailboxFailed, Polled, poll
from tests.fixtures.mailbox_server import PASSWORD, USER

MARKED = {r"\Seen", KEYWORD}


def settings_of(server, *, tls="implicit", **other):
    values = {"host": "127.0.0.1", "port": server.port, "user": USER, "password": PASSWORD, "tls": tls, **other}
    return MailboxSettings(**values)


@pytest.fixture
def box(mailbox_server, trusted_certificate):
    return mailbox_server


@pytest.fixture
def taken():
    return []


def test_each_message_is_taken_once_and_marked(box, taken):
    messages = [box.put(b"Subject: one\r\n\r\nHello\r\n"), box.put(b"two")]
    assert poll(settings_of(box), taken.append) == Polled(taken=2)
    assert taken == [message.data for message in messages]
    assert [message.flags for message in messages] == [MARKED, MARKED]
    assert poll(settings_of(box), taken.append) == Polled()
    assert box.commands[-1] == "LOGOUT"


def test_the_mark_comes_after_the_taking(box):
    message = box.put(b"one")
    seen = []
    poll(settings_of(box), lambda _: seen.append(set(message.flags)))
    assert seen == [set()]
    assert message.flags == MARKED


def test_what_somebody_has_read_in_the_mailbox_is_taken_all_the_same(box, taken):
    box.put(b"one").flags.add(r"\Seen")
    box.put(b"two").flags.add(r"\Deleted")
    assert poll(settings_of(box), taken.append) == Polled(taken=1)
    assert taken == [b"one"]


def test_a_server_without_keywords_marks_as_read(box, taken):
    box.keywords = False
    message = box.put(b"one")
    assert poll(settings_of(box), taken.append) == Polled(taken=1)
    assert message.flags >= {r"\Seen"}
    assert poll(settings_of(box), taken.append) == Polled()


def test_a_message_that_cannot_be_stored_stays_and_the_next_is_taken(box, taken, caplog):
    bad, good = box.put(b"bad"), box.put(b"good")

    def take(data):
        if data == b"bad":
            raise ValueError("the words of the message")
        taken.append(data)

    assert poll(settings_of(box), take) == Polled(taken=1, left=1)
    assert (taken, bad.flags, good.flags) == ([b"good"], set(), MARKED)
    assert caplog.messages == ["a message of the mailbox could not be stored, it stays there: ValueError"]
    assert poll(settings_of(box), taken.append) == Polled(taken=1)


def test_where_nothing_can_be_stored_the_run_ends_soon(box):
    for number in range(10):
        box.put(str(number).encode())
    tried = []

    def take(data):
        tried.append(data)
        raise ConnectionError

    assert poll(settings_of(box), take) == Polled(left=3)
    assert tried == [b"0", b"1", b"2"]


@pytest.mark.parametrize(
    ("at", "marked"),
    [
        ("CAPABILITY", 0),
        ("AUTHENTICATE", 0),
        ("SELECT", 0),
        ("UID SEARCH", 0),
        ("UID FETCH", 0),
        ("UID FETCH HALF", 0),
        ("UID STORE", 0),
        ("LOGOUT", 2),
    ],
)
def test_a_connection_that_drops_loses_nothing(box, taken, at, marked):
    messages = [box.put(b"one"), box.put(b"two")]
    box.drop_at.append(at)
    if at == "LOGOUT":
        assert poll(settings_of(box), taken.append) == Polled(taken=2)
    else:
        with pytest.raises(MailboxFailed) as failure:
            poll(settings_of(box), taken.append)
        assert str(failure.value) == "the connection broke off"
    assert sum(message.flags == MARKED for message in messages) == marked
    poll(settings_of(box), taken.append)
    assert (set(taken), [message.flags for message in messages]) == ({b"one", b"two"}, [MARKED, MARKED])


def test_of_a_message_that_is_too_large_the_beginning_is_fetched(box, taken):
    box.put(b"x" * (LARGEST + 1_000))
    assert poll(settings_of(box), taken.append) == Polled(taken=1)
    assert [len(data) for data in taken] == [LARGEST + 1]


def test_a_message_that_somebody_deletes_meanwhile_is_no_failure(box, taken):
    box.put(b"gone").flags.add("gone")
    box.put(b"one")
    assert poll(settings_of(box), taken.append) == Polled(taken=1)


def test_one_run_takes_so_many_and_the_next_the_rest(box, taken):
    for number in range(51):
        box.put(str(number).encode())
    assert poll(settings_of(box), taken.append) == Polled(taken=50)
    assert poll(settings_of(box), taken.append) == Polled(taken=1)


def test_a_server_that_knows_only_login_is_served(box, taken):
    box.plain, box.password = False, 'p@ss "word"\\'
    box.put(b"one")
    assert poll(settings_of(box, password=box.password), taken.append) == Polled(taken=1)
    assert "LOGIN" in box.commands


def test_starttls_comes_before_the_password(starttls_mailbox_server, trusted_certificate, taken):
    starttls_mailbox_server.put(b"one")
    assert poll(settings_of(starttls_mailbox_server, tls="starttls"), taken.append) == Polled(taken=1)
    commands = starttls_mailbox_server.commands
    assert commands.index("STARTTLS") < commands.index("AUTHENTICATE")


def test_a_certificate_that_nobody_vouches_for_is_refused(mailbox_server, starttls_mailbox_server, taken):
    for server, tls in ((mailbox_server, "implicit"), (starttls_mailbox_server, "starttls")):
        with pytest.raises(MailboxFailed, match="its certificate is not trusted"):
            poll(settings_of(server, tls=tls), taken.append)
        assert "AUTHENTICATE" not in server.commands


@pytest.mark.parametrize("other", [{"password": "guess"}, {"user": "nora"}, {"folder": "Other"}])
def test_a_refusal_says_nothing_secret(box, taken, other):
    with pytest.raises(MailboxFailed) as failure:
        poll(settings_of(box, **other), taken.append)
    assert str(failure.value) == "the server refused the sign-in or the folder"
    assert failure.value.__cause__ is None


def test_a_folder_that_cannot_be_written_is_not_read(box, taken):
    box.read_only = True
    box.put(b"one")
    with pytest.raises(MailboxFailed):
        poll(settings_of(box), taken.append)
    assert taken == []


def test_a_server_that_is_not_there_is_said(taken):
    settings = MailboxSettings("127.0.0.1", 1, USER, PASSWORD, "implicit")
    with pytest.raises(MailboxFailed) as failure:
        poll(settings, taken.append)
    assert str(failure.value) == "Connection refused"
