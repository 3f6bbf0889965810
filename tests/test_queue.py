"""The bell rings after the commit and never before, wakes a worker, and may be broken: no click fails for it."""

from __future__ import annotations

import logging
import socket
from datetime import timedelta
from urllib.parse import quote

import pytest
from huey import PostgresHuey, RedisHuey, SqliteHuey
from sqlalchemy import select

from app.domain.imports.values import ImportKind
from app.domain.secret import Secret
from app.domain.sister_calendars import SisterDraft
from app.domain.states import ImportState, MailState, TalkState
from app.extensions import db
from app.mail.values import Mail
from app.models import OutboxMessage, ReceivedMessage, SisterCalendar, Subscription
from app.queue import BackgroundWork
from app.queue_clients import make_huey
from app.services import outbox
from app.services.auditing import SYSTEM
from app.services.importing.applying import apply_import
from app.services.importing.proposal_files import ProposalFile, plan_proposals
from app.services.publishing import publish_touchpoint
from app.services.sister_calendars import add_calendar
from tests.cast import make_proposal, make_series, make_sister, make_talk, make_touchpoint
from tests.fixtures.application import settings_for
from tests.fixtures.mailbox_server import PASSWORD, USER
from tests.offered import numbered


@pytest.fixture
def queue_url(engine_name, database_url, tmp_path):
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'queue.sqlite3'}"
    return database_url.replace("postgresql+psycopg://", "postgresql://")


@pytest.fixture
def work(app, queue_url):
    """The application's tasks on a real queue of the engine's kind."""
    app.extensions["touchpoints.work"] = work = BackgroundWork(app, url=queue_url)
    yield work
    work.tasks.huey.storage.close()


@pytest.fixture
def in_app(app):
    with app.app_context():
        yield db.session


@pytest.fixture
def sink(app):
    return app.extensions["touchpoints.transport"].sent


def queue_mail(session, site, now, name="one", *, wait=0):
    mail = Mail("received", "sam@example.org", "Hello", "Hello", "Hello")
    outbox.queue_mail(session(), mail, dedup=name, due_at=now + timedelta(minutes=wait), site=site, now=now)


def waiting(work):
    return work.tasks.huey.pending_count()


def run_all(work):
    """What the consumer does with the queue, until it is empty."""
    huey = work.tasks.huey
    while task := huey.dequeue():
        huey.execute(task)


def test_a_commit_with_mail_rings_once(work, in_app, site, now):
    queue_mail(in_app, site, now)
    queue_mail(in_app, site, now, "two")
    assert waiting(work) == 0
    in_app.commit()
    assert waiting(work) == 1
    in_app.commit()
    assert waiting(work) == 1


def test_a_rollback_does_not_ring(work, in_app, site, now):
    queue_mail(in_app, site, now)
    in_app.rollback()
    in_app.commit()
    assert waiting(work) == 0


def test_mail_that_waits_for_undo_does_not_ring(work, in_app, site, now):
    queue_mail(in_app, site, now, wait=5)
    in_app.commit()
    assert waiting(work) == 0


def test_the_bell_makes_the_worker_send(work, in_app, sink, site, now):
    queue_mail(in_app, site, now)
    in_app.commit()
    run_all(work)
    assert len(sink) == 1
    in_app.expire_all()
    assert in_app.scalars(select(OutboxMessage.state)).all() == [MailState.SENT]


def test_more_mail_than_one_run_takes_rings_again(work, in_app, sink, site, now):
    for number in range(101):
        queue_mail(in_app, site, now, str(number))
    in_app.commit()
    huey = work.tasks.huey
    huey.execute(huey.dequeue())
    assert (len(sink), waiting(work)) == (50, 1)
    run_all(work)
    assert (len(sink), waiting(work)) == (101, 0)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
class TestWithoutAServer:
    @pytest.fixture
    def mail_url(self, smtp_server):
        smtp_server.answer("mail", "550 5.7.1 Not from you")
        return smtp_server.url

    def test_the_log_says_that_mail_waits(self, work, in_app, site, now, caplog):
        queue_mail(in_app, site, now)
        in_app.commit()
        with caplog.at_level(logging.WARNING, "app.queue"):
            run_all(work)
        assert [record.message for record in caplog.records if record.name == "app.queue"] == [
            "the mail server takes nothing now, all mail waits: 550 5.7.1 Not from you"
        ]


def test_once_an_hour_unanswered_invitations_are_reminded(work, session, in_app, site, clock):
    series = make_series(session)
    touchpoint = make_touchpoint(session, series, (clock.now + timedelta(days=40)).replace(tzinfo=None))
    talk = make_talk(session, make_proposal(session), touchpoint, state=TalkState.INVITED)
    session.commit()
    clock.advance(timedelta(days=5))
    work.tasks.remind()
    run_all(work)
    session.expire_all()
    assert talk.reminded_at == clock.now
    assert session.scalars(select(OutboxMessage.kind)).all() == ["reminded"]


def test_mails_to_many_take_turns_with_other_work(work, session, in_app, sink, site, now, clock, monkeypatch):
    monkeypatch.setattr("app.queue._BATCHES", 1)
    follow = {"asked_at": now, "asked_since": now, "confirmed_at": now, "digested_at": now}
    session.add_all(Subscription(email=f"reader{number}@example.org", **follow) for number in range(60))
    touchpoint = make_touchpoint(session, make_series(session), (now + timedelta(days=40)).replace(tzinfo=None))
    make_talk(session, make_proposal(session), touchpoint, state=TalkState.CONFIRMED)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    clock.advance(timedelta(minutes=5))
    work.tasks.announce()
    work.tasks.huey.execute(work.tasks.huey.dequeue())
    assert len(session.scalars(select(OutboxMessage.id)).all()) == 50
    session.rollback()
    assert [task.name for task in work.tasks.huey.pending()] == ["deliver_outbox", "announce"]
    run_all(work)
    assert sorted({row.recipient for row in session.scalars(select(OutboxMessage))}) == sorted(
        f"reader{number}@example.org" for number in range(60)
    )


def test_once_a_night_old_bodies_go_and_the_log_says_how_many(work, session, in_app, site, clock, caplog):
    caplog.set_level("INFO", "app.queue")
    queue_mail(in_app, site, clock.now)
    in_app.commit()
    run_all(work)
    clock.advance(timedelta(days=31))
    work.tasks.nightly()
    run_all(work)
    assert session.scalars(select(OutboxMessage.message)).all() == [b""]
    assert "forgotten tonight: mail bodies 1" in caplog.messages


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all/queue.sqlite3", "postgresql://127.0.0.1:{port}/queue", "redis://127.0.0.1:{port}/0"],
)
def test_a_queue_that_nobody_answers_fails_no_click(app, in_app, session, site, now, caplog, url):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app.extensions["touchpoints.work"] = BackgroundWork(app, url=url.format(port=port))
    queue_mail(in_app, site, now)
    with caplog.at_level(logging.WARNING, "app.queue"):
        in_app.commit()
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "the queue does not answer, mail leaves within a minute"
    ]
    assert session.scalars(select(OutboxMessage.state)).all() == [MailState.PENDING]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_commit_outside_the_application_rings_nothing(work, session, site, now):
    queue_mail(lambda: session, site, now)
    session.commit()
    assert waiting(work) == 0


@pytest.mark.parametrize(
    ("url", "kind"),
    [("sqlite:///{folder}/queue.sqlite3", SqliteHuey), ("redis://127.0.0.1:1/0?protocol=2", RedisHuey)],
)
def test_the_address_names_the_kind_of_queue(tmp_path, url, kind):
    huey = make_huey(url.format(folder=tmp_path))
    assert type(huey) is kind
    huey.storage.close()


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_queue_on_postgresql_is_one_of_postgresql(work):
    assert type(work.tasks.huey) is PostgresHuey


def test_an_organizers_second_try_rings(work, in_app, sink, site, now):
    queue_mail(in_app, site, now)
    row = in_app.scalars(select(OutboxMessage)).one()
    row.state = MailState.PARKED
    in_app.commit()
    run_all(work)
    outbox.send_again(in_app(), row, by=SYSTEM, now=now)
    assert waiting(work) == 1


@pytest.mark.usefixtures("trusted_certificate")
class TestWithAMailbox:
    """The worker polls the mailbox, and no request ever does."""

    @pytest.fixture
    def settings(self, database_url, tmp_path, mailbox_server):
        url = f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{mailbox_server.port}"
        return settings_for(database_url, tmp_path / "instance", MAILBOX_URL=url)

    def test_each_minute_the_mailbox_is_read(self, work, session, mailbox_server):
        mailbox_server.put(b"Subject: Hello\r\n\r\nHello Olu")
        work.tasks.fetch_mail()
        assert mailbox_server.commands == []
        run_all(work)
        assert session.scalars(select(ReceivedMessage.subject)).all() == ["Hello"]

    @pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
    def test_a_mailbox_that_does_not_answer_is_left_alone_for_a_while(self, work, mailbox_server, clock, caplog):
        right, mailbox_server.password = mailbox_server.password, "another"
        for _ in range(3):
            work.fetch_mail()
        assert mailbox_server.commands.count("AUTHENTICATE") == 1
        said = "the mailbox cannot be read: the server refused the sign-in or the folder"
        assert caplog.messages == [said]
        clock.advance(timedelta(minutes=1))
        mailbox_server.password = right
        for _ in range(2):
            work.fetch_mail()
        assert mailbox_server.commands.count("AUTHENTICATE") == 3


def test_who_asks_for_a_sister_calendar_rings_for_a_worker(work, in_app, site, now):
    draft = SisterDraft(name="OpenChain", address=Secret("https://calendar.google.com/a"))
    add_calendar(in_app(), draft, by=SYSTEM, site=site, now=now)
    assert waiting(work) == 1


def test_sister_calendars_are_fetched_one_at_a_time_so_that_mail_gets_its_turn(work, session, in_app, now):
    for name in ("OpenChain", "SPDX"):
        make_sister(session, name, address=Secret("https://evil.example/x"), due_at=now)
    session.commit()
    huey = work.tasks.huey
    work.tasks.fetch_calendars()
    for _ in range(2):
        huey.execute(huey.dequeue())
        assert waiting(work) == 1
    huey.execute(huey.dequeue())
    assert waiting(work) == 0
    session.expire_all()
    refused = "It leads to an address that may not be asked: no https, or no host on this site's list."
    assert session.scalars(select(SisterCalendar.problem)).all() == [refused] * 2


def test_a_queue_that_nobody_answers_fails_no_click_for_a_calendar(app, in_app, site, now, caplog):
    app.extensions["touchpoints.work"] = BackgroundWork(app, url="redis://127.0.0.1:1/0")
    draft = SisterDraft(name="OpenChain", address=Secret("https://calendar.google.com/a"))
    add_calendar(in_app(), draft, by=SYSTEM, site=site, now=now)
    assert "calendars are fetched in minutes" in caplog.text


def test_without_a_mailbox_nothing_is_read(work, caplog):
    work.fetch_mail()
    assert caplog.messages == []


def test_a_long_import_rings_and_the_worker_writes_it_to_its_end(app, work, in_app, site, now):
    file = ProposalFile(ImportKind.PRETALX, "export.json", numbered(150))
    run = plan_proposals(in_app(), file, by=SYSTEM, site=site, now=now)
    assert waiting(work) == 0
    apply_import(in_app(), run, version=run.version, by=SYSTEM, site=site, now=now)
    assert (waiting(work), run.state) == (1, ImportState.APPLYING)
    in_app.commit()
    run_all(work)
    in_app.expire_all()
    assert (run.state, run.done) == (ImportState.APPLIED, 150)


def test_a_queue_that_is_away_keeps_no_import_from_beginning(app, in_app, site, now, caplog):
    app.extensions["touchpoints.work"] = BackgroundWork(app, url="postgresql://nobody@127.0.0.1:9/none")
    run = plan_proposals(in_app(), ProposalFile(ImportKind.PRETALX, "x", numbered(41)), by=SYSTEM, site=site, now=now)
    apply_import(in_app(), run, version=run.version, by=SYSTEM, site=site, now=now)
    assert run.state is ImportState.APPLYING
    assert "imports go on within a minute" in caplog.text
