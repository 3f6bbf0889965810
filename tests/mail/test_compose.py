"""A finished message says what was asked of it, whatever its words try."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from app.mail.compose import UnsafeMessage, ascii_address, compose, header_text
from app.mail.values import CalendarObject, Mail
from tests.mail.samples import samples

INVITE = b"BEGIN:VCALENDAR\r\nSUMMARY:Gr\xc3\xbc\xc3\x9fe\r\nEND:VCALENDAR\r\n"
HEADERS = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]
ATTACKS = [
    "A title\r\nBcc: nora@example.net",
    "A title\nBcc: nora@example.net",
    "A title\rBcc: nora@example.net",
    "A title\x0bBcc: nora@example.net",
    "A title\x0cBcc: nora@example.net",
    "A title\x85Bcc: nora@example.net",
    "A title\u2028Bcc: nora@example.net",
    "A title\x00Bcc: nora@example.net",
    "A title \N{GRINNING FACE} =?UTF-8?Q?=0A?=Bcc: nora@example.net",
    "A title =?UTF-8?Q?=0D=0A?= Bcc: nora@example.net",
    "=?UTF-8?B?DQpCY2M6IG5vcmFAZXhhbXBsZS5uZXQ=?=",
    "A title\n",
    "A lone surrogate \ud800",
]


def mail(subject="Hello", *, to="sam@example.org", text="Hello Sam.\n", html="<p>Hello Sam.</p>", **more):
    return Mail("invited", to, subject, text, html, **more)


@pytest.fixture
def composed(site, now):
    def make(*args, thread=None, **more) -> EmailMessage:
        data = compose(mail(*args, **more), message_id="<one@example.org>", thread=thread, site=site, now=now)
        assert data.isascii()
        return message_from_bytes(data, policy=policy.SMTP)

    return make


def test_the_headers_say_who_writes_to_whom_and_that_nobody_need_answer_automatically(composed):
    message = composed()
    assert {name: str(message[name]) for name in HEADERS[:8]} == {
        "Message-ID": "<one@example.org>",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "From": "Touchpoints <touchpoints@example.org>",
        "To": "sam@example.org",
        "Reply-To": "organizers@example.org",
        "Subject": "Hello",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_subject_adds_a_header_or_a_line(composed, attack):
    message = composed(attack)
    assert message.keys() == HEADERS
    assert not message["Bcc"]
    assert "\n" not in str(message["Subject"])
    assert message.get_body(("plain",)).get_content() == "Hello Sam.\r\n"


def test_a_long_subject_is_cut(composed):
    assert len(str(composed("x" * 400)["Subject"])) == 150
    assert header_text("x" * 150) == "x" * 150


def test_mails_about_one_proposal_stand_in_one_thread(composed):
    message = composed(thread="abc")
    assert message["In-Reply-To"] == message["References"] == "<proposal-abc@touchpoints.example.org>"


def test_an_address_with_a_domain_of_other_letters_is_written_in_ascii(composed):
    assert composed(to="sam@b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example")["To"] == "sam@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sam",
        "sam@",
        "@example.org",
        "s\N{LATIN SMALL LETTER A WITH DIAERESIS}m@example.org",
        "sam@example.org\r\nBcc: nora@example.net",
        "sam nora@example.org",
        "sam@example.org, nora@example.net",
        "Sam <sam@example.org>",
        '"sam nora"@example.org',
        "sam@exa mple.org",
        ".sam@example.org",
    ],
)
def test_nothing_but_one_plain_address_is_written_to(composed, address):
    with pytest.raises(UnsafeMessage):
        composed(to=address)


def test_the_address_of_a_machine_without_a_domain_is_an_address():
    assert ascii_address("touchpoints@localhost") == "touchpoints@localhost"


def test_text_and_html_are_alternatives(composed):
    message = composed(text="Gr\N{LATIN SMALL LETTER U WITH DIAERESIS}\xdfe\n")
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content() == "Gr\N{LATIN SMALL LETTER U WITH DIAERESIS}\xdfe\r\n"


def test_a_calendar_stands_in_the_alternative_and_as_a_file(composed):
    message = composed(calendar=CalendarObject("REQUEST", INVITE))
    alternative, attached = message.iter_parts()
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    inline = list(alternative.iter_parts())[-1]
    assert inline["Content-Type"].params["method"] == "REQUEST"
    assert inline["Content-Disposition"] is None
    assert inline.get_payload(decode=True) == INVITE
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert attached.get_payload(decode=True) == INVITE


def test_answers_of_calendars_find_the_mailbox_of_the_series(composed):
    assert (
        str(composed(also_reply_to="thursday@example.org")["Reply-To"])
        == "organizers@example.org, thursday@example.org"
    )
    assert str(composed(also_reply_to="organizers@example.org")["Reply-To"]) == "organizers@example.org"


def test_a_message_that_reads_differently_than_it_was_written_does_not_leave(composed, monkeypatch):
    # What a flaw in the library would do, such as CVE-2024-6923, past every cleaning of ours.
    attacked = b"To: sam@example.org\r\nBcc: nora@example.net\r\n\r\n"
    monkeypatch.setattr(EmailMessage, "as_bytes", lambda _message: attacked)
    with pytest.raises(UnsafeMessage):
        composed()


LEAVE = "https://touchpoints.example.org/subscribe/off/" + "WzEsImFiYyJd." * 9


def headers_of(data):
    return data.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_a_mail_to_subscribers_can_be_left_by_one_click_and_its_headers_are_never_folded(site, now):
    mail = replace(samples()["call_published"], unsubscribe=LEAVE)
    lines = headers_of(compose(mail, message_id="<a@example.org>", thread=None, site=site, now=now))
    assert lines.count(f"List-Unsubscribe: <{LEAVE}>".encode()) == 1
    assert lines.count(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click") == 1
    assert lines.count(b"Precedence: bulk") == lines.count(b"Auto-Submitted: auto-generated") == 1


def test_one_click_is_promised_for_https_alone(site, now):
    mail = replace(samples()["call_published"], unsubscribe="http://localhost/subscribe/off/abc")
    lines = headers_of(compose(mail, message_id="<a@example.org>", thread=None, site=site, now=now))
    assert [line for line in lines if line.startswith(b"List-")] == [
        b"List-Unsubscribe: <http://localhost/subscribe/off/abc>"
    ]


@pytest.mark.parametrize(
    "address",
    ["https://a.example/\r\nBcc: x@y.example", "https://a.example/>,<b", "mailto:a@b.example", "https://a.example/ä"],
)
def test_an_address_to_leave_that_could_add_a_header_is_refused(address, site, now):
    with pytest.raises(UnsafeMessage):
        compose(
            replace(samples()["digest"], unsubscribe=address),
            message_id="<a@example.org>",
            thread=None,
            site=site,
            now=now,
        )


def test_only_mails_to_subscribers_can_be_left():
    can_be_left = {name for name, mail in samples().items() if mail.unsubscribe}
    assert can_be_left == {"call_published", "call_moved", "call_cancelled", "call_tomorrow", "digest"}
