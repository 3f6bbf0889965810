"""In development everybody's mail can be read as they would see it; elsewhere there is no such page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from app import create_app
from app.mail.messages.proposals import received
from app.mail.values import House, Reader
from app.services import outbox
from tests.fixtures.application import dispose, settings_for

HOUSE = House("TODO Group", "http://localhost", "organizers@example.org")


@pytest.fixture
def mail_url(tmp_path):
    return f"folder:{tmp_path / 'mail'}"


@pytest.fixture
def queue(session, site, now):
    def queued(title, *, wait=0):
        mail = received(HOUSE, Reader("vera@example.org", "Vera"), title=title, link="http://localhost/proposals/abc")
        due = now + timedelta(minutes=wait)
        outbox.queue_mail(session, mail, dedup=title, due_at=due, site=site, now=now)
        session.commit()

    return queued


def page(visitor, path="/dev/mail"):
    response = visitor.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def entries(html):
    return [" ".join(each.get_text(" ").split()) for each in html.select(".mail-list li")]


def first_mail(html):
    return html.select_one(".mail-list a")["href"]


def test_what_waits_says_when_it_leaves(visitor, queue):
    queue("Upstream first", wait=4)
    html = page(visitor)
    assert entries(html) == ["We have your proposal: Upstream first To vera@example.org · leaves in 4 min"]


def test_everything_can_be_sent_at_once(visitor, queue):
    queue("Upstream first", wait=4)
    sent = visitor.post("/dev/mail/send", follow_redirects=True)
    html = BeautifulSoup(sent.text, "html.parser")
    assert "1 sent." in html.select_one(".flashes").get_text()
    assert entries(html) == ["We have your proposal: Upstream first To vera@example.org · Mon 23 Nov, 09:00"]
    again = visitor.post("/dev/mail/send", follow_redirects=True)
    assert "Nothing was waiting." in again.text


def test_a_mail_is_shown_in_a_frame_that_can_only_be_clicked_out_of(visitor, queue):
    queue("Upstream first")
    visitor.post("/dev/mail/send")
    path = first_mail(page(visitor))
    shown = visitor.get(path)
    frame = BeautifulSoup(shown.text, "html.parser").iframe
    assert frame["sandbox"] == ["allow-top-navigation-by-user-activation"]
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    html = visitor.get(frame["src"])
    assert html.headers["Content-Security-Policy"] == (
        "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; frame-ancestors 'self'"
    )
    content = BeautifulSoup(html.text, "html.parser")
    assert content.base["target"] == "_top"
    assert content.select_one("table.act a")["href"] == "http://localhost/proposals/abc"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("text", "Thank you for offering this talk:"),
        ("headers", "Auto-Submitted: auto-generated"),
        ("calendar", ""),
        ("nonsense", "iframe"),
    ],
)
def test_a_mail_has_parts(visitor, queue, part, said):
    queue("Upstream first")
    visitor.post("/dev/mail/send")
    html = page(visitor, f"{first_mail(page(visitor))}?part={part}")
    assert said in str(html.select_one("#message"))
    assert [tab.get_text() for tab in html.select(".tabs a")] == ["As seen", "Text", "Headers"]


def test_an_empty_mailbox_says_so(visitor):
    assert entries(page(visitor)) == ["No mail yet."]


@pytest.mark.parametrize("name", ["20261123T090000-nothing", "..%2F..%2Fetc%2Fpasswd", "x"])
def test_there_is_no_other_file(visitor, name):
    assert visitor.get(f"/dev/mail/{name}").status_code == 404
    assert visitor.get(f"/dev/mail/{name}/html").status_code == 404


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
class TestWithAServer:
    @pytest.fixture
    def mail_url(self, smtp_server):
        return smtp_server.url

    def test_mail_has_really_left(self, visitor, queue, smtp_server):
        queue("Upstream first")
        assert "names a mail server" in str(page(visitor))
        visitor.post("/dev/mail/send")
        assert len(smtp_server.messages) == 1
        assert visitor.get("/dev/mail/20261123T090000-x").status_code == 404

    def test_a_server_that_takes_nothing_is_told(self, visitor, queue, smtp_server):
        queue("Upstream first")
        smtp_server.answer("mail", "550 5.7.1 Not from you")
        sent = visitor.post("/dev/mail/send", follow_redirects=True)
        assert "The mail server takes nothing now: 550 5.7.1 Not from you" in sent.text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_production_has_no_such_page(database_url, tmp_path, clock):
    settings = settings_for(
        database_url,
        tmp_path / "instance",
        TOUCHPOINTS_ENV="production",
        BASE_URL="https://touchpoints.example.org",
        MAIL_URL="smtp://mail.example.org",
    )
    application = create_app(settings, clock=clock)
    client = application.test_client()
    for path in ("/dev/mail", "/dev/styleguide"):
        assert client.get(path, base_url="https://touchpoints.example.org").status_code == 404
    dispose(application)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_style_guide_shows_every_piece(visitor):
    assert page(visitor, "/dev/styleguide").h1.get_text() == "Style guide"
