"""Organizers read what came in: whole, in words, and never as a page that it wants to be."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.people import Role
from app.domain.received import CalendarAnswer, ReceivedKind
from app.domain.states import MailState, TalkState
from app.mail.values import Mail
from app.models import BouncingAddress, CalendarReply, OutboxMessage, ReceivedMessage
from app.services import outbox
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

HOSTILE = (
    b"From: Sam <sam@example.org>\r\nSubject: <script>alert(1)</script>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    b"<script>steal()</script><img src=http://tracker.example/x><p>Call me &amp; soon</p>\r\n"
    b'--b\r\nContent-Type: application/zip; name="../../<b>bomb.zip"\r\n\r\nPK\r\n--b--\r\n'
)


@pytest.fixture
def olu(session, sign_in):
    return sign_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.fixture
def put(session, now):
    def received(subject="Hello", *, data=b"From: sam@example.org\r\n\r\nHello Olu", **values):
        row = ReceivedMessage(
            fingerprint=f"{subject}{len(data)}",
            sender="sam@example.org",
            subject=subject,
            message=data,
            received_at=now,
            **{"kind": ReceivedKind.OTHER, **values},
        )
        session.add(row)
        session.commit()
        return row

    return received


def page(visitor, path="/mail/received", status=200):
    response = visitor.get(path)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def titles(html):
    return [each.get_text() for each in html.select("#received-list .rows-title")]


def test_what_waits_is_shown_and_counted_in_the_menu_until_it_is_handled(olu, put, session, now):
    row = put("Please call me")
    put("Away", kind=ReceivedKind.AUTOMATIC, settled_at=now)
    html = page(olu)
    assert titles(html) == ["Please call me"]
    assert [each.get_text() for each in html.select("nav .nav-link .count")] == ["1 waiting"]
    said = olu.post(f"/mail/received/{row.id}/settle", follow_redirects=True)
    assert "Marked as handled." in said.text
    session.expire_all()
    assert row.settled_at == now
    html = page(olu)
    assert (titles(html), html.select("nav .count")) == ([], [])
    assert "Nothing waits" in html.get_text()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["B", "Alpha"]),
        ("show=everything", ["C", "B", "Alpha"]),
        ("show=automatic", ["C"]),
        ("show=bounce", []),
        ("q=alpha", ["Alpha"]),
        ("q=SAM%40", ["B", "Alpha"]),
        ("q=%25", []),
        ("page=99", ["B", "Alpha"]),
        ("page=nonsense", ["B", "Alpha"]),
    ],
)
def test_the_list_is_filtered(olu, put, now, query, found):
    put("Alpha")
    put("B")
    put("C", kind=ReceivedKind.AUTOMATIC, settled_at=now)
    assert titles(page(olu, f"/mail/received?{query}")) == found


def test_htmx_gets_the_list_alone(olu, put):
    put("A")
    answer = olu.get("/mail/received", headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<section class="panel" id="received-list"')


def test_a_message_is_words_and_nothing_of_its_html(olu, put):
    row = put("<script>alert(1)</script>", data=HOSTILE)
    html = page(olu, f"/mail/received/{row.id}")
    assert html.select_one("h1").get_text() == "<script>alert(1)</script>"
    assert html.select_one("#mail-text").get_text() == "Call me & soon"
    assert not html.select("#mail-text *, img, main script, iframe")
    assert "../../<b>bomb.zip" in html.get_text()
    assert "tracker.example" not in str(html)


def test_the_whole_message_is_a_file_of_text(olu, put):
    row = put(data=HOSTILE)
    answer = olu.get(f"/mail/received/{row.id}/message.txt")
    assert answer.data == HOSTILE
    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="message-{row.id}.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_secrets_of_links_to_us_are_cut_short(olu, put):
    secret = b"http://localhost/confirm/WzEsImFiY2RlZmdoaWprbG1ub3AiXQ.signature"
    row = put(data=b"From: sam@example.org\r\n\r\n> " + secret)
    text = page(olu, f"/mail/received/{row.id}").select_one("#mail-text").get_text()
    assert text == "> http://localhost/confirm/…"


def test_a_message_says_what_it_is_about(olu, put, session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    talk = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    row = put(confirmation=talk.confirmations[0], note="Declined in their calendar.")
    for path in ("/mail/received", f"/mail/received/{row.id}"):
        html = page(olu, path)
        assert html.select_one(f'main a[href="/talks/{talk.key}"]').get_text() == talk.proposal.title
        assert "Declined in their calendar." in html.get_text()


def test_what_was_not_kept_says_so(olu, put, now):
    row = put(data=b"", settled_at=now)
    html = page(olu, f"/mail/received/{row.id}")
    assert "Its content is not kept." in html.get_text()
    assert "Whole message" not in html.get_text()
    assert "Mark as handled" not in html.get_text()


def test_an_address_that_takes_no_mail_is_shown_and_mail_leaves_there_again(olu, session, now):
    stopped = BouncingAddress(email="sam@example.org", bounces=2, bounced_at=now, stopped_at=now, words="It came back")
    session.add_all([stopped, BouncingAddress(email="vera@example.org", bounces=1, bounced_at=now)])
    session.commit()
    said = [" ".join(each.get_text(" ").split()) for each in page(olu).select("#bouncing li")]
    assert "2 mails came back, the last on 23 November 2026 · mail to it is stopped It came back" in said[0]
    assert "1 mail came back" in said[1]
    answer = olu.post(f"/mail/bouncing/{stopped.id}/lift", follow_redirects=True)
    assert "Mail leaves to sam@example.org again." in answer.text
    assert session.scalars(select(BouncingAddress.email)).all() == ["vera@example.org"]


def test_talk_proposal_and_person_say_what_mail_tells_of_them(olu, put, session, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    talk = make_talk(session, make_proposal(session, email="sam@example.org"), call, state=TalkState.CONFIRMED)
    (sam,) = talk.confirmations
    sam.calendar_reply = CalendarReply(
        answer=CalendarAnswer.COUNTER, sequence=0, stamp=now, received_at=now, words="", proposed="Friday, 10:00 UTC"
    )
    session.add(BouncingAddress(email="sam@example.org", bounces=1, bounced_at=now, words="It came back: 5.1.1"))
    make_person(session, "Sam")
    row = put("Another time?", confirmation=sam)
    html = page(olu, f"/talks/{talk.key}")
    said = [each.get_text() for each in html.select("main .notice")]
    assert said == [
        "Proposed another time in their calendar: Friday, 10:00 UTC",
        "Mail to sam@example.org does not arrive: It came back: 5.1.1",
    ]
    assert html.select_one(f'main a[href="/mail/received/{row.id}"]').get_text() == "Another time?"
    card = page(olu, "/board").select_one(f"#card-talk-{talk.id}").get_text()
    assert "Sam Speaker: Proposed another time in their calendar: Friday, 10:00 UTC" in card
    assert "At risk" in card
    assert page(olu, f"/pool/{talk.proposal.key}").get_text().count("Mail comes back") == 2
    assert page(olu, "/people").get_text().count("Mail comes back") == 1


def test_a_mail_that_came_back_stands_among_those_that_need_somebody(olu, session, site, now):
    mail = Mail("received", "sam@example.org", "Hello Sam", "Hello", "Hello")
    outbox.queue_mail(session, mail, dedup="one", site=site, now=now)
    row = session.scalars(select(OutboxMessage)).one()
    row.state, row.sent_at, row.last_error = MailState.BOUNCED, now, "It came back: 5.1.1 Nobody here"
    session.commit()
    html = page(olu, "/mail?box=bounced")
    (said,) = [" ".join(each.get_text(" ").split()) for each in html.select("#mail-list .rows > li")]
    assert "It came back: 5.1.1 Nobody here" in said
    assert "Came back" in said
    assert "Send again" not in said
    assert page(olu, f"/mail/{row.id}").select_one(".notice").get_text() == "It came back: 5.1.1 Nobody here"


@pytest.mark.parametrize("path", ["/mail/received/77", "/mail/received/77/message.txt", "/mail/received/99999999999"])
def test_what_is_not_there_is_not_found(olu, path):
    assert olu.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/mail/received/77/settle", "/mail/bouncing/77/lift"])
def test_what_is_not_there_cannot_be_changed(olu, path):
    assert olu.post(path).status_code == 404


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_nobody_else_reads_a_word(session, sign_in, put, visitor):
    row = put("Private")
    mira = sign_in(make_person(session, "Mira", role=Role.MEMBER))
    for path in ("/mail/received", f"/mail/received/{row.id}", f"/mail/received/{row.id}/message.txt"):
        assert mira.get(path).status_code == 404
        assert visitor.get(path).status_code == 303
    assert "Received" not in visitor.get("/").text


def test_no_report_says_who_proposed_what_is_reviewed_without_names(olu, put, session, site, now):
    make_series(session).blind_review = True
    proposal = make_proposal(session, "Secret title")
    mail = Mail("received", "sam@example.org", "We have “Secret title”", "Thanks.", "<p>Thanks.</p>")
    outbox.queue_mail(session, mail, dedup="1", proposal=proposal, site=site, now=now)
    about = session.scalars(select(OutboxMessage)).one()
    report = put("Came back", kind=ReceivedKind.BOUNCE, outbox=about)
    letter = put("Please call me", outbox=about)
    assert titles(page(olu, "/mail/received?show=everything")) == ["Please call me"]
    page(olu, f"/mail/received/{report.id}", status=404)
    page(olu, f"/mail/received/{report.id}/message.txt", status=404)
    for path in ("/mail/received", f"/mail/received/{letter.id}"):
        assert "Secret title" not in page(olu, path).get_text()
    proposal.decided_at = now
    session.commit()
    assert "Secret title" in page(olu, f"/mail/received/{report.id}").get_text()
