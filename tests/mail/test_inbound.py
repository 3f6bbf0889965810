"""What mail programs and mail servers send is understood; what nobody should send is read within bounds."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.received import CalendarAnswer
from app.domain.text import clean_line
from app.mail.inbound import read_attachments, read_header_lines, read_inbound
from app.mail.itip import read_reply
from app.mail.mime import MAX_PARTS, read_words, take_apart, to_text
from tests.letters import ANSWERED, FOLDER, letter
from tests.work import counted

TO = "touchpoints+answer.7.aaaaaaaaaaaaaaaa@example.org"
BOUND = 600_000  # calls of functions, for ten million bytes
"""For the worst message of 10 MB on a busy machine: without the limits it would be hours."""


def calendar(
    *lines, method="REPLY", attendee="ATTENDEE;PARTSTAT=ACCEPTED:mailto:sam@example.org", stamp="20261123T090000Z"
):
    event = ["BEGIN:VEVENT", "UID:one", f"DTSTAMP:{stamp}", attendee, *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", f"METHOD:{method}", *event, "END:VCALENDAR", ""])


@pytest.mark.parametrize(
    ("name", "answer", "stamp", "words", "proposed"),
    [
        ("gmail_reply_accepted", CalendarAnswer.ACCEPTED, (9, 4, 58), "", ""),
        ("outlook_reply_declined", CalendarAnswer.DECLINED, (9, 10, 11), "I am travelling that week, sorry.\nSam", ""),
        ("apple_reply_tentative", CalendarAnswer.TENTATIVE, (9, 15, 0), "", ""),
        (
            "outlook_counter",
            CalendarAnswer.COUNTER,
            (9, 11, 59),
            "Two hours later would do.",
            "Thursday 3 December 2026, 16:00 Romance Standard Time",
        ),
    ],
)
def test_the_answers_of_calendars_are_understood(name, answer, stamp, words, proposed):
    read = read_inbound(letter(name, answer=TO, uid="talk@example.org", sequence=3))
    reply = read.reply
    assert reply is not None
    assert (reply.answer, reply.uid, reply.attendee, reply.sequence) == (
        answer,
        "talk@example.org",
        "sam@example.org",
        3,
    )
    assert (reply.stamp, reply.words, reply.proposed) == (datetime(2026, 11, 23, *stamp, tzinfo=UTC), words, proposed)
    assert TO in read.sent_to
    assert read.report is None
    assert (read.is_automatic, read.problem) == (False, "")


def test_the_words_of_a_message_are_read_in_any_charset():
    read = read_inbound(letter("outlook_reply_declined"))
    assert read.text == "I am travelling that week, sorry. Gr\u00fc\u00dfe, Sam"
    assert read_inbound(letter("gmail_reply_accepted")).text == "Sam Speaker has accepted this invitation."
    assert read_inbound(letter("gmail_reply_accepted")).subject == "Accepted: Europe Chapter \N{EN DASH} Upstream first"


def test_html_alone_becomes_words():
    read = read_inbound(letter("plain_answer", message_id="<one@example.org>"))
    assert " ".join(read.text.split()) == "I would rather talk in January & in person."
    assert (read.sender, read.answers_to) == ("sam@example.org", ("<one@example.org>",))
    assert (read.reply, read.report) == (None, None)


def test_characters_of_html_whose_number_is_endless_are_left_out():
    html = (
        b"Content-Type: text/html\r\n\r\nHello &#83;&#x61;&#109; &#" + b"1" * 5_000 + b"; &#&#x99999999;" + b"1" * 5_000
    )
    assert read_inbound(html).text == "Hello Sam   &# " + "1" * 5_000


@pytest.mark.parametrize(
    ("name", "status", "permanent", "words"),
    [
        ("postfix_dsn", "5.1.1", True, "550 5.1.1 <sam@example.org>: Recipient address rejected: User unknown"),
        (
            "exchange_dsn",
            "5.1.10",
            True,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
        ("postfix_delayed", "4.4.1", False, ""),
    ],
)
def test_the_reports_of_mail_servers_are_understood(name, status, permanent, words):
    report = read_inbound(letter(name, message_id="<one@example.org>")).report
    assert report is not None
    assert (report.status, report.is_permanent, report.words) == (status, permanent, words)
    assert report.message_id == "<one@example.org>"


def test_a_report_without_the_mail_or_without_an_action_says_less():
    whole = letter("postfix_dsn")
    head = whole.partition(b"Content-Description: Undelivered Message")[0]
    assert read_inbound(head).report.message_id == ""
    assert read_inbound(whole.replace(b"Action:", b"Auction:")).report is None


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "X-Autorespond: x",
    ],
)
def test_machines_are_known_by_their_headers(header):
    assert read_inbound(f"From: a@example.org\r\n{header}\r\n\r\nHello".encode()).is_automatic


def test_people_are_no_machines():
    assert read_inbound(letter("exchange_out_of_office")).is_automatic
    assert not read_inbound(b"From: a@example.org\r\nAuto-Submitted: no\r\n\r\nHello").is_automatic


def test_one_message_on_two_ways_is_the_same_and_another_is_not():
    one = letter("plain_answer")
    assert read_inbound(b"Received: from x\r\n" + one).fingerprint == read_inbound(one).fingerprint
    assert read_inbound(one + b"x").fingerprint != read_inbound(one).fingerprint
    assert read_inbound(one.replace(b"CAF", b"DAF")).fingerprint != read_inbound(one).fingerprint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no calendar",
        calendar(method="REQUEST"),
        calendar(attendee=""),
        calendar(attendee="ATTENDEE:mailto:sam@example.org"),
        calendar(attendee="ATTENDEE;PARTSTAT=DELEGATED:mailto:sam@example.org"),
        calendar("ATTENDEE;PARTSTAT=ACCEPTED:mailto:nora@example.org"),
        calendar("END:VEVENT", "BEGIN:VEVENT", "UID:two"),
        calendar("SEQUENCE:many"),
        calendar(stamp="yesterday"),
        calendar(stamp="20261123T090000"),
        calendar("X" * 200_000),
        calendar(*["X-LINE:1"] * 3_000),
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c\nEND:VEVENT",
        calendar("DTSTART:never", method="COUNTER"),
        calendar(*["BEGIN:VEVENT"] * 500),
    ],
)
def test_a_broken_calendar_is_no_answer(text):
    assert read_reply(text) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("DTSTART:20261203T150000Z", "Thursday 3 December 2026, 15:00 UTC"),
        ("DTSTART;TZID=Europe/Madrid:20261203T160000", "Thursday 3 December 2026, 16:00 Europe/Madrid"),
        ("DTSTART:20261203T160000", "Thursday 3 December 2026, 16:00"),
        ("DTSTART;VALUE=DATE:20261203", "Thursday 3 December 2026"),
        ("X-OTHER:1", ""),
    ],
)
def test_a_proposed_time_is_kept_in_words(line, words):
    assert read_reply(calendar(line, method="COUNTER")).proposed == words


def test_an_answer_needs_an_address_to_be_somebodys():
    assert read_reply(calendar(attendee="ATTENDEE;PARTSTAT=ACCEPTED:http://example.org")).attendee == ""
    assert read_reply(calendar("SEQUENCE:2")).sequence == 2


def many(piece, until=9_900_000):
    return piece * (until // len(piece))


def multipart(body, boundary=b"b"):
    return b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n" + body


def nested(levels):
    return b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(levels))


HOSTILE = {
    "semicolons in a header": b"Content-Type: multipart/mixed; boundary=b" + many(b";") + b"\r\n\r\n--b\r\n\r\nx",
    "semicolons in a part": multipart(b"--b\r\nContent-Type: multipart/mixed; boundary=c" + many(b";") + b"\r\n\r\nx"),
    "folded semicolons": b"Content-Type: multipart/mixed; boundary=b" + many(b"\r\n ;;;;") + b"\r\n\r\nx",
    "ten thousand parts": multipart(many(b"--b\r\n\r\nx\r\n")),
    "empty parts": multipart(many(b"--b\r\n")),
    "deep nesting": nested(5_000),
    "deep nesting with many lines": nested(500) + many(b"\n"),
    "one long line": b"Subject: x\r\n\r\n" + many(b"x"),
    "headers without end": many(b"X-Header: value\r\n"),
    "one long header": b"Subject: " + many(b"=?utf-8?q?x?= "),
    "addresses": b"To: " + many(b'"(<,') + b"\r\n\r\nx",
    "blank lines": many(b"\r\n"),
    "open tags": b"Content-Type: text/html\r\n\r\n" + many(b"<style<"),
    "combining marks": b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + many("\u0315\u0300".encode()),
    "bad base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + many(b"A=\x00="),
    "calendar of begins": b"Content-Type: text/calendar\r\n\r\n" + many(b"BEGIN:VEVENT\r\n"),
    "calendar of one line": b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nATTENDEE" + many(b';A="')[:90_000],
    "a time zone that never rests": b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
    b"BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
    b"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n",
    "a zip": b"Content-Type: application/zip; name=bomb.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(b"PK\x03\x04" + bytes(1_000)),
    "more than is kept": many(b"x", 11_000_000),
    "nothing": b"",
    "a NUL": b"Subject: a\x00b\r\nFrom: \x00\r\n\r\n\x00",
    "a charset that is a trap": b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\N{",
    "a charset that is none": b'Content-Type: text/plain; charset="x-none"\r\nSubject: =?x-none?q?=FF?=\r\n\r\n\xff',
    "RFC 2231 in a codec that is a trap": b"Content-Type: multipart/mixed; boundary*=idna'x'%FF\r\n\r\nx",
    "RFC 2231": b"Content-Type: text/plain; charset*=zip'x'%FF; boundary*99999999999=x; a*0*=b\r\n\r\nx",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_read_with_bounded_work(data):
    with counted() as work:
        read = read_inbound(data)
    assert work.calls < BOUND
    assert read.reply is None


class Unthoughtof(bytes):
    """A message that breaks the reader in a way that nobody thought of."""

    def __getitem__(self, _):
        raise RecursionError


def test_what_nobody_thought_of_is_kept_all_the_same(caplog):
    read = read_inbound(Unthoughtof(b"From: sam@example.org"))
    assert (len(read.fingerprint), read.problem) == (64, "It could not be read; it is kept as it came.")
    assert caplog.messages == ["a message could not be read: RecursionError"]


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_the_parts_of_a_hostile_message_are_named_with_bounded_work(data):
    with counted() as work:
        names = [part.name for part in read_attachments(data)]
        lines = [line for _, line in read_header_lines(data)]
    assert work.calls < BOUND
    assert len(names) <= MAX_PARTS
    assert all(name == clean_line(name) for name in names)
    assert all(line == clean_line(line) for line in lines)


def test_what_is_left_unread_is_said():
    assert "too many" in read_inbound(HOSTILE["ten thousand parts"]).problem
    assert "too deep" in read_inbound(HOSTILE["deep nesting"]).problem
    assert "10 MB" in read_inbound(HOSTILE["more than is kept"]).problem
    assert "no headers" in read_inbound(b"").problem
    assert len(take_apart(HOSTILE["ten thousand parts"]).parts) == MAX_PARTS


def test_parts_end_where_their_boundary_says():
    taken = take_apart(multipart(b"before\r\n--b\r\n\r\none\r\n--b \r\nX: y\r\n\r\ntwo\r\n--b--\r\n--b\r\n\r\nafter"))
    assert [part.body for part in taken.parts] == [b"one", b"two"]
    assert [part.body for part in take_apart(multipart(b"--b\r\n\r\nopen end")).parts] == [b"open end"]
    assert take_apart(multipart(b"no part at all")).parts == ()


@pytest.mark.parametrize("padding", [b"", b"=", b"==", b"A"])
def test_base64_with_wrong_padding_is_read(padding):
    data = b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"Hello").rstrip(b"=") + padding
    assert take_apart(data).parts[0].text.startswith("Hello")


@pytest.mark.parametrize("order", ["name*=a; name*0=b", "name*0=b; name*=a", "name*1=b; name*; name*0*=x''%41"])
def test_parameters_in_pieces_and_whole_at_once_are_read_as_far_as_they_can_be(order):
    taken = take_apart(b"From: sam@example.org\r\nContent-Type: text/plain; %s\r\n\r\nHello" % order.encode())
    assert (taken.addresses("from"), taken.first("text/plain").text) == (("sam@example.org",), "Hello")


def test_an_address_is_the_one_in_angle_brackets():
    taken = take_apart(b'From: "nora@example.org" <Sam@Example.org>, Vera\r\nTo: olu@example.org\r\n\r\n')
    assert taken.addresses("from", "to") == ("sam@example.org", "nora@example.org", "olu@example.org")


def test_words_that_are_no_words_stay():
    assert read_words("=?utf-8?b?A?=") == "=?utf-8?b?A?="
    assert to_text(b"a\xffb", "utf-8") == "a\N{REPLACEMENT CHARACTER}b"
    assert to_text("Gr\u00fc\u00dfe".encode("cp1252"), "windows-1252") == "Gr\u00fc\u00dfe"
    assert to_text(b"abc", "iso-8859-99") == "abc"


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_message(data):
    read = read_inbound(data)
    assert len(read.fingerprint) == 64
    assert "could not be read" not in read.problem


@given(st.sampled_from(sorted(path.stem for path in FOLDER.glob("*.eml"))), st.data())
def test_a_damaged_message_is_a_message(name, data):
    whole = bytearray(letter(name))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    assert "could not be read" not in read_inbound(bytes(whole)).problem


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_calendar_is_an_answer_or_none(one, two):
    for text in (
        calendar(one, f"COMMENT:{two}", f"DTSTART:{two}", f"ATTENDEE;{one}:{two}"),
        calendar(f"COMMENT:{two}", attendee=f"ATTENDEE;PARTSTAT={one}:{two}"),
    ):
        reply = read_reply(text)
        assert reply is None or reply.answer in CalendarAnswer


def test_every_answer_is_in_the_files():
    assert {read_inbound(letter(name)).reply.answer for name in ANSWERED} == set(CalendarAnswer)
