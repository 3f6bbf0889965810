"""`flask db`: Flask-Migrate's commands, loaded when one is called."""

from __future__ import annotations

import click


@click.command(
    "db",
    short_help="Make or change the tables.",
    add_help_option=False,  # the commands behind it have their own
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="")
@click.pass_context
def db(context: click.Context, arguments: tuple[str, ...]) -> None:
    """Hand everything on. Alembic is a tenth of a process's memory, and only this needs it."""
    from flask_migrate.cli import db as commands  # noqa: PLC0415

    commands.main(list(arguments), prog_name="db", parent=context.parent)
