"""flask demo: fill an empty installation and print links to sign in with."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import with_appcontext

from app.domain.demo import ORGANIZER, VOLUNTEER, DemoPerson
from app.domain.errors import NotFound
from app.extensions import db
from app.services.auditing import COMMAND
from app.services.demo import is_empty, seed_demo
from app.services.signing_in import make_sign_in_link
from app.web.clock import now
from app.web.site import settings, site


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill an empty installation with an invented community.

    Its people, calls, talks and mails let you try everything; `make run` does this by itself. An installation that has
    people or series stays as it is. Prints links that sign you in as an organizer and as a volunteer,
    each good once, for a day. Refused in production.
    """
    if settings().is_production:
        raise click.ClickException("The demo is not for production: its people and their links would be real.")
    session = db.session()
    if is_empty(session):
        seed_demo(session, site=site(), now=now())
        click.echo("The demo is ready.")
    try:
        for person, what in ((ORGANIZER, "an organizer"), (VOLUNTEER, "a volunteer")):
            _print_link(person, what)
    except NotFound:
        click.echo("This installation has people of its own. Sign in with: flask --app wsgi people sign-in-link EMAIL")


def _print_link(person: DemoPerson, what: str) -> None:
    lasts = timedelta(hours=24)
    link = make_sign_in_link(db.session(), person.email, lasts=lasts, by=COMMAND, site=site(), now=now())
    click.echo(f"Sign in as {what} ({person.name}):\n  {link}")
