"""flask worker: send mail and remind people, until told to stop."""

from __future__ import annotations

import logging

import click
from flask.cli import with_appcontext

from app.queue import background_work


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mail and remind people, until Ctrl-C or SIGTERM.

    At least one must run beside the web server, or no mail leaves. It looks into the outbox whenever a mail is queued
    and every minute, reads the mailbox at MAILBOX_URL as often, reminds speakers every hour, and forgets what is old at
    03:30 UTC.

    Runs in the foreground. Any number of workers may run, on one machine or, with a queue on PostgreSQL or Redis, on
    several. A worker that is killed loses nothing.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("app.queue").setLevel(logging.INFO)  # what each night forgot, in numbers
    work = background_work()
    try:
        work.tasks  # noqa: B018 (connects)
    except Exception as error:
        raise click.ClickException(f"The queue at QUEUE_URL cannot be used ({type(error).__name__}).") from error
    work.catch_up()
    click.echo("The mail worker runs. Ctrl-C ends it.")
    work.run_worker()
