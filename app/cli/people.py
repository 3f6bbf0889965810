"""flask people: add people, let one in without mail, list who is here, give out or erase somebody's data."""

from __future__ import annotations

import json
from datetime import timedelta

import click
from flask.cli import AppGroup

from app.domain.errors import HouseError
from app.domain.people import Role
from app.domain.signing_in import PROOF_LASTS
from app.extensions import db
from app.mail.erasure import done_lines
from app.services import people as services
from app.services import signing_in
from app.services.auditing import COMMAND
from app.services.own_data import gather, holder_of_address, holder_of_number
from app.services.own_data.erasing import erase
from app.services.queries.people import read_everybody
from app.web.clock import now
from app.web.site import site

people = AppGroup("people", help="Who is here, with which role.")
_ROLES = click.Choice([role.value for role in Role])


@people.command("add")
@click.argument("email")
@click.option("--name", default="", metavar="NAME", help="How others read the name; without it a known name stays.")
@click.option(
    "--role",
    type=_ROLES,
    help="organizer: everything; member: a General Member; volunteer: their own proposals. "
    "Without it a known person's role stays, and a new one is a volunteer.",
)
def add(email: str, name: str, role: str | None) -> None:
    """Make sure that a person exists, with this name and role.

    EMAIL is the address with which they sign in. Run it again to change the name or the role; a change of role signs
    the person out everywhere. Nobody is mailed. The first organizer of an installation is made by this command:

    \b
      flask --app wsgi people add olu@example.org --name "Olu Adeyemi" --role organizer
    """
    try:
        chosen = Role(role) if role else None
        added = services.add_person(db.session(), email, name=name, role=chosen, by=COMMAND, now=now())
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    said = {"added": "added", "name": "new name", "role": "new role, signed out everywhere"}
    changes = ", ".join(said[change] for change in added.changed) or "nothing to change"
    person = added.person
    click.echo(f"{person.email} ({person.name or 'no name yet'}), {person.role.value}: {changes}.")


@people.command("sign-in-link")
@click.argument("email")
@click.option("--hours", type=click.IntRange(1, 24), help="How long the link works, up to 24; else for ten minutes.")
def sign_in_link(email: str, hours: int | None) -> None:
    """Print a link that signs its first visitor in as this person.

    For whoever runs the installation: the first sign-in before mail works, or a demonstration. The link works once, in
    any browser: hand it over as carefully as a key. EMAIL must be known already (see `people add`).
    """
    lasts = timedelta(hours=hours) if hours else PROOF_LASTS
    try:
        link = signing_in.make_sign_in_link(db.session(), email, lasts=lasts, by=COMMAND, site=site(), now=now())
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    click.echo(link)


@people.command("list")
@click.option("--role", type=_ROLES, help="Only people with this role.")
def list_(role: str | None) -> None:
    """Print everybody who is here.

    One person a line: role, address and name, separated by tabs.
    """
    for person in read_everybody(db.session(), role=Role(role) if role else None):
        click.echo(f"{person.role.value}\t{person.email}\t{person.name}")


@people.command("export")
@click.argument("email")
def export(email: str) -> None:
    """Print everything that is held about whoever has this address, as JSON.

    For those who ask by letter: check first that they are who they say. It is the file that everybody can download
    under "My data"; docs/own-data.md says what is in it. Send it only to the address itself, or encrypted.
    """
    try:
        holder = holder_of_address(db.session(), email)
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    data = gather(db.session(), holder, site=site(), now=now())
    click.echo(json.dumps(data.to_json(community=site().community), ensure_ascii=False, indent=2))


@people.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_(email: str, *, yes: bool) -> None:
    """Erase whoever has this address, with an account or without one, at once and for good.

    For those who ask by letter: check first that they are who they say. It does what the page under "My data" does,
    and mails the address that it is done. EMAIL may be the number that the log gave to somebody who was erased after
    the backup that you have just restored.
    """
    try:
        session = db.session()
        holder = holder_of_number(session, int(email)) if email.isdecimal() else holder_of_address(session, email)
        if not yes:
            click.confirm(f"Erase {', '.join(holder.addresses)} for good?", abort=True)
        done = erase(db.session(), holder, by=COMMAND, site=site(), now=now())
    except HouseError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(done_lines(done)))
