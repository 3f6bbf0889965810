"""Background work on Huey: the bell and the clock. What must not be lost is in our own tables.

Losing a nudge costs a minute, never a mail: a worker looks into the outbox every minute anyway.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from app.config import Settings
from app.domain.delivery import LONGEST_CONVERSATION, Circuit
from app.extensions import db
from app.mail.mailbox import MailboxFailed, Polled, poll
from app.mail.transport import Transport, make_transport
from app.queue_clients import make_huey, only_the_client_of
from app.services import (
    announcing,
    clock_changes,
    digesting,
    housekeeping,
    inviting,
    organizers_week,
    outbox,
    reminding,
    sister_calendars,
    subscribing,
    telling,
)
from app.services.importing import IMPORT_WAITS
from app.services.importing.running import continue_imports
from app.services.receiving import receive_mail
from app.web.clock import now
from app.web.site import settings as present_settings
from app.web.site import site

if TYPE_CHECKING:
    from huey import Huey

log = logging.getLogger(__name__)
_BATCHES = 5  # of mails to subscribers: some seconds, then it is the turn of mail that somebody waits for
_A_RUN = 50  # mails: a worker that is told to stop does so soon


class BackgroundWork:
    """The tasks of one application on the queue that QUEUE_URL names. Nothing connects before it is needed."""

    def __init__(self, app: Flask, *, url: str) -> None:
        with only_the_client_of(url):
            import huey  # noqa: F401  now, while no thread runs yet that could import a client itself
        self._app = app
        self._url = url
        self._circuit, self._mailbox_circuit = Circuit(), Circuit()

    @cached_property
    def tasks(self) -> Tasks:
        """Connected. Raises whatever the queue's library raises when the queue cannot be reached."""
        return Tasks(make_huey(self._url), self)

    def ring(self) -> None:
        """Wake a worker. Never fails: whoever rings has committed already."""
        try:
            self.tasks.deliver_outbox()
        except Exception as error:  # noqa: BLE001 (three libraries with errors of their own, and none matters)
            log.warning("the queue does not answer, mail leaves within a minute: %s", type(error).__name__)

    def ring_for_calendars(self) -> None:
        """Wake a worker to fetch a sister calendar. Never fails: within five minutes one looks anyway."""
        try:
            self.tasks.fetch_calendars()
        except Exception as error:  # noqa: BLE001 (as for mail)
            log.warning("the queue does not answer, calendars are fetched in minutes: %s", type(error).__name__)

    def run_worker(self) -> None:
        """Work until SIGTERM, which lets a task that runs come to its end, or SIGINT. Any number may run."""
        patience = LONGEST_CONVERSATION.total_seconds() + 5
        self.tasks.huey.create_consumer(max_delay=1.0, graceful_signal="TERM", shutdown_timeout=patience).run()

    def deliver_outbox(self) -> None:
        """Send what is due, and ring again if that was more than one run takes."""
        with self._app.app_context():
            done = deliver(limit=_A_RUN, circuit=self._circuit)
        if done.unreachable:
            log.warning("the mail server takes nothing now, all mail waits: %s", done.unreachable)
        if done.sent + done.retried + done.parked >= _A_RUN:
            self.ring()

    def fetch_mail(self) -> None:
        """Take what waits in the mailbox, if there is one. One that does not answer is left alone for a while."""
        with self._app.app_context():
            if self._mailbox_circuit.is_open(now=now()):
                return
            try:
                fetch()
                self._mailbox_circuit.close()
            except MailboxFailed as failure:
                log.warning("the mailbox cannot be read: %s", failure)
                self._mailbox_circuit.trip(now=now())

    def fetch_calendars(self) -> None:
        """Fetch one sister calendar that is due, and ring for the next: in between it is the turn of mail."""
        with self._app.app_context():
            is_done = fetch_calendar()
        if is_done:
            self.ring_for_calendars()

    def ring_for_imports(self) -> None:
        """Wake a worker to go on with an import. Never fails: within a minute one looks anyway."""
        try:
            self.tasks.continue_imports()
        except Exception as error:  # noqa: BLE001 (as for mail)
            log.warning("the queue does not answer, imports go on within a minute: %s", type(error).__name__)

    def continue_imports(self) -> None:
        """Go on with imports that were begun, some rows at a time, and ring for the rest."""
        with self._app.app_context():
            is_more = continue_imports(db.session(), site=site(), clock=now, batches=_BATCHES)
        if is_more:
            self.ring_for_imports()

    def announce(self) -> None:
        """Turn what is announced, tomorrow's calls and the weekly mail into mails, some at a time."""
        with self._app.app_context():
            is_more = announce(limit=_BATCHES)
        if is_more:
            self.tasks.announce()

    def remind(self) -> None:
        """Remind those who have not answered and those who speak soon, thank, and mail the organizers' week."""
        with self._app.app_context():
            remind()

    def catch_up(self) -> None:
        """What each start sees to, and each night. A database that is away or not migrated yet keeps nobody from it."""
        with self._app.app_context():
            try:
                clock_changes.catch_up(db.session(), site=site(), now=now())
            except SQLAlchemyError:
                log.exception("changes of clocks could not be looked for")
                db.session.rollback()

    def nightly(self) -> None:
        """Forget what is over, and look for changes of clocks: a machine may run for months."""
        self.catch_up()
        with self._app.app_context():
            log.info("forgotten tonight: %s", housekeeping.forget_old(db.session(), site=site(), now=now()))


class Tasks:
    """The names under which web and worker know the work. A call of one puts it into the queue."""

    def __init__(self, huey: Huey, work: BackgroundWork) -> None:
        from huey import crontab

        self.huey = huey
        self.deliver_outbox = self._task("deliver_outbox", work.deliver_outbox, crontab())
        self.fetch_mail = self._task("fetch_mail", work.fetch_mail, crontab())
        self.announce = self._task("announce", work.announce, crontab())
        self.fetch_calendars = self._task("fetch_calendars", work.fetch_calendars, crontab(minute="*/5"))
        self.continue_imports = self._task("continue_imports", work.continue_imports, crontab())
        self.remind = self._task("remind", work.remind, crontab(minute="7"))
        self.nightly = self._task("nightly", work.nightly, crontab(minute="30", hour="3"))

    def _task(self, name: str, work: Callable[[], None], when: Callable[[Any], bool]) -> Callable[[], object]:
        def run() -> None:
            work()

        return cast("Callable[[], object]", self.huey.periodic_task(when, name=name)(run))


def transport() -> Transport:
    """The present application's way to send mail."""
    return cast(Transport, current_app.extensions["touchpoints.transport"])


def background_work() -> BackgroundWork:
    """The present application's tasks."""
    return cast(BackgroundWork, current_app.extensions["touchpoints.work"])


def deliver(*, limit: int = 1000, circuit: Circuit | None = None) -> outbox.Delivery:
    """Send what is due in the present application's outbox."""
    sessions = sessionmaker(db.engine)
    return outbox.deliver_due(sessions, transport(), site=site(), clock=now, limit=limit, circuit=circuit)


def fetch() -> Polled | None:
    """Take what waits in the present application's mailbox; None where it has none. Raises MailboxFailed."""
    mailbox = present_settings().mailbox
    if mailbox is None:
        return None
    sessions = sessionmaker(db.engine)

    def take(data: bytes) -> None:
        with sessions() as session:
            receive_mail(session, data, site=site(), now=now())

    return poll(mailbox, take)


def fetch_calendar() -> bool:
    """Fetch the sister calendar of the present application that has been due longest; returns whether one was."""
    from app.fetching.reach import Reach  # web workers fetch nothing
    from app.services.sister_fetching import fetch_next

    reach = Reach(site().sister_hosts)
    return fetch_next(sessionmaker(db.engine), reach=reach, clock=now, spread=random.random)


def remind() -> None:
    """Put the mails that a date makes due into the present application's outbox. A second run adds nothing."""
    due = (
        inviting.remind_unanswered,
        reminding.remind_speakers,
        reminding.thank_speakers,
        reminding.remind_moderators,
        organizers_week.mail_organizers_week,
    )
    for mail in due:
        mail(db.session(), site=site(), now=now())


def announce(*, limit: int = 1000) -> bool:
    """Put the mails to subscribers that are due into the present application's outbox, in at most `limit` batches.

    Returns whether there may be more to do.
    """
    session, done = db.session(), 0
    subscribing.stop_refused(session, now=now())
    announcing.plan_reminders(session, now=now())
    for queue_next in (telling.tell_next, digesting.digest_next):
        while queue_next(session, site=site(), now=now()):
            done += 1
            if done >= limit:
                return True
    return False


def init_queue(app: Flask, settings: Settings) -> None:
    """Give the application its way to send mail and its tasks."""
    app.extensions["touchpoints.transport"] = make_transport(settings.mail)
    app.extensions["touchpoints.work"] = BackgroundWork(app, url=settings.queue_url)


@event.listens_for(Session, "after_commit")
def _ring_if_queued(session: Session) -> None:
    if session.info.pop(outbox.QUEUED, False) and has_app_context():
        background_work().ring()
    if session.info.pop(sister_calendars.ASKED, False) and has_app_context():
        background_work().ring_for_calendars()


@event.listens_for(Session, "after_commit")
def _ring_if_import_waits(session: Session) -> None:
    if session.info.pop(IMPORT_WAITS, False) and has_app_context():
        background_work().ring_for_imports()


@event.listens_for(Session, "after_rollback")
def _forget_queued(session: Session) -> None:
    session.info.pop(outbox.QUEUED, None)
    session.info.pop(IMPORT_WAITS, None)
    session.info.pop(sister_calendars.ASKED, None)
