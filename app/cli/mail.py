"""flask mail: send what is due, and try out the settings."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.domain.errors import HouseError
from app.queue import announce, deliver, transport
from app.services.outbox import send_trial
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
