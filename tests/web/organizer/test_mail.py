"""Organizers see what mail does, what could not be sent and why, and nobody's secrets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, select

from app.domain.people import Role
from app.domain.states import MailState
from app.extensions import db
from app.mail.messages import accounts, proposals
from app.mail.values import House, Reader
from app.models import OutboxMessage
from app.services import outbox
from tests.cast import make_person

HOUSE = House("TODO Group", "http://localhost", "organizers@example.org")
SECRET = "http://localhost/proposals/WzEsImFiY2RlZmdoaWprbG1ub3AiXQ.signature"


@pytest.fixture
def olu(session, sign_in):
    return sign_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.fixture
def queue(session, site, now):
    def queued(title="Upstream first", *, state=MailState.PENDING, to="vera@example.org", error="", wait=0):
        mail = proposals.received(HOUSE, Reader(to, "Vera"), title=title, link=SECRET)
        outbox.queue_mail(session, mail, dedup=title, due_at=now + timedelta(minutes=wait), site=site, now=now)
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.dedup == title)).one()
        row.state, row.last_error, row.sent_at = state, error, now if state is MailState.SENT else None
        session.commit()
        return row

    return queued


def page(visitor, path="/mail", status=200):
    response = visitor.get(path)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def titles(html):
    return [each.get_text() for each in html.select("#mail-list .rows-title")]


def test_what_could_not_be_sent_stands_first_with_the_servers_answer(olu, queue):
    queue("Sent", state=MailState.SENT)
    queue("Waiting", wait=4)
    queue("Taken back", state=MailState.CANCELLED)
    queue("Parked", state=MailState.PARKED, error="550 5.1.1 Nobody here")
    html = page(olu)
    assert titles(html) == [f"We have your proposal: {name}" for name in ("Parked", "Waiting", "Sent", "Taken back")]
    said = [" ".join(row.get_text(" ").split()) for row in html.select("#mail-list .rows > li")]
    assert "The server said: 550 5.1.1 Nobody here" in said[0]
    assert "Send again" in said[0]
    assert "leaves in 4 min" in said[1]
    assert "Send again" not in "".join(said[1:])


def test_a_parked_mail_is_sent_again_by_a_button(olu, queue, session, now):
    row = queue("Parked", state=MailState.PARKED, error="550 5.1.1 Nobody here")
    sent = olu.post(f"/mail/{row.id}/send-again", follow_redirects=True)
    assert "The mail for vera@example.org leaves again within a minute." in sent.text
    session.expire_all()
    assert (row.state, row.due_at) == (MailState.PENDING, now)
    assert olu.post(f"/mail/{row.id}/send-again").status_code == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("box=parked", ["B"]),
        ("box=waiting", ["A"]),
        ("box=nonsense", ["B", "A"]),
        ("q=VERA", ["A"]),
        ("q=posal%3A+B", ["B"]),
        ("q=%25", []),
        ("q=vera&box=parked", []),
        ("page=7", ["B", "A"]),
        ("page=x", ["B", "A"]),
    ],
)
def test_mails_are_filtered(olu, queue, query, found):
    queue("A")
    queue("B", state=MailState.PARKED, to="sam@example.org")
    html = page(olu, f"/mail?{query}")
    assert titles(html) == [f"We have your proposal: {name}" for name in found]
    assert "1 could not be sent, 0 came back, 1 waiting, 0 sent, 0 taken back" in html.select_one(".lede").get_text()


def test_htmx_gets_the_list_alone(olu, queue):
    queue("A")
    answer = olu.get("/mail?box=waiting", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<section")
    assert answer.headers["Vary"] == "HX-Request, Cookie"


def test_fifty_stand_on_a_page(olu, queue):
    for number in range(52):
        queue(str(number))
    html = page(olu)
    assert len(titles(html)) == 50
    assert "Page 1 of 2" in html.select_one(".pagination").get_text()
    assert len(titles(page(olu, "/mail?page=2"))) == 2


def test_thirty_mails_cost_as_many_queries_as_one(app, olu, queue):
    with app.app_context():
        engine = db.engine
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    def queries():
        statements.clear()
        event.listen(engine, "before_cursor_execute", note)
        assert titles(page(olu))
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    queue("0", state=MailState.PARKED)
    one = queries()
    for number in range(1, 30):
        queue(str(number), state=MailState.PARKED)
    assert queries() == one


def test_a_mail_shows_its_text_without_its_readers_secret(olu, queue):
    row = queue(state=MailState.SENT)
    html = page(olu, f"/mail/{row.id}")
    text = html.select_one("#mail-text").get_text()
    assert "Upstream first" in text
    assert "http://localhost/proposals/\N{HORIZONTAL ELLIPSIS}" in text
    assert "signature" not in str(html)
    assert row.message_id.strip("<>") in html.select_one("main details").get_text()


@pytest.mark.parametrize("write", [accounts.sign_in, accounts.new_address])
def test_a_mail_that_is_a_key_is_not_shown(olu, session, site, now, write):
    mail = write(HOUSE, Reader("vera@example.org"), link=f"{SECRET}-2", code="042137", minutes=10)
    outbox.queue_mail(session, mail, dedup="one", site=site, now=now)
    row = session.scalars(select(OutboxMessage)).one()
    html = str(page(olu, f"/mail/{row.id}")) + str(page(olu))
    assert "It holds a key for its reader alone." in html
    assert "042137" not in html
    assert "signature" not in html


def test_a_mail_whose_text_is_gone_says_so(olu, queue, session):
    row = queue(state=MailState.SENT)
    row.message = b""
    session.commit()
    assert "Its text was removed 30 days after it left." in str(page(olu, f"/mail/{row.id}"))


def test_an_empty_outbox_says_so(olu):
    assert "No mail here" in page(olu).get_text()


@pytest.mark.parametrize("path", ["/mail/4711", "/mail/x"])
def test_there_is_no_other_mail(olu, path):
    page(olu, path, status=404)
    assert olu.post("/mail/4711/send-again").status_code == 404


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MEMBER])
def test_nobody_else_sees_mail(session, sign_in, queue, role):
    row = queue(state=MailState.PARKED)
    mira = sign_in(make_person(session, "Mira", role=role))
    for path in ("/mail", f"/mail/{row.id}"):
        page(mira, path, status=404)
    assert mira.post(f"/mail/{row.id}/send-again").status_code == 404


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/mail").headers["Location"] == "/sign-in?next=/mail"
