"""flask mail: send what is due, take what comes in, and try out the settings."""

from __future__ import annotations

import os
import sys

import click
from flask.cli import AppGroup

from app.domain.errors import HouseError
from app.domain.received import LARGEST
from app.extensions import db
from app.mail.mailbox import MailboxFailed
from app.queue import announce, deliver, fetch, transport
from app.services.outbox import send_trial
from app.services.receiving import receive_mail
from app.web.clock import now
from app.web.site import site

mail = AppGroup("mail", help="Mails that are waiting, and whether mail works at all.")


@mail.command("send")
def send() -> None:
    """Send what is due now, once, and say what became of it.

    The worker does this by itself; run it where no worker can run, or to see at once why mail does not leave. Mails
    that still may be undone, or that are tried again later, are not due.
    """
    announce()
    done = deliver()
    click.echo(f"{done.sent} sent, {done.retried} to be tried again, {done.parked} given up.")
    if done.unreachable:
        raise click.ClickException(f"The mail server takes nothing now, the rest waits: {done.unreachable}")


@mail.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send a trial mail to ADDRESS now.

    It goes past the outbox and shows at once whether MAIL_URL and MAIL_FROM work, and what the mail server says if not.
    """
    try:
        send_trial(transport(), address, site=site(), now=now())
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The mail server has taken a mail for {address}. Look whether it arrives, and in which folder.")


@mail.command("receive")
def receive() -> None:
    """Take one message on standard input, as a mail server's pipe hands it over.

    Says nothing when all is well. Exit codes are those of sysexits.h: 0 when the message is stored, whatever it says;
    75 when it could not be stored now, so that the mail server keeps it and comes again; 66 when there was none.
    """
    data = _whole_input()
    if not data:
        click.echo("There is no message on standard input.", err=True)
        sys.exit(os.EX_NOINPUT)
    try:
        receive_mail(db.session(), data, site=site(), now=now())
    except Exception as error:  # noqa: BLE001 (whatever it is: the mail server must keep what we could not)
        click.echo(f"The message cannot be stored now ({type(error).__name__}).", err=True)
        sys.exit(os.EX_TEMPFAIL)


@mail.command("fetch")
def fetch_now() -> None:
    """Take what waits in the mailbox at MAILBOX_URL, once, and say what became of it.

    The worker does this each minute by itself; run it to see at once why mail does not come in.
    """
    try:
        done = fetch()
    except MailboxFailed as error:
        raise click.ClickException(f"The mailbox cannot be read: {error}.") from error
    if done is None:
        raise click.ClickException("MAILBOX_URL is not set.")
    click.echo(f"{done.taken} taken, {done.left} left for the next time.")


def _whole_input() -> bytes:
    """The message, or one byte more of its beginning than is kept. The rest is read too: a pipe must not break."""
    stdin = sys.stdin.buffer
    data = stdin.read(LARGEST + 1)
    while stdin.read(LARGEST):
        pass
    return data
