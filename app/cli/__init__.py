"""The flask commands, one module per group: each a thin call of a service."""

from __future__ import annotations

from flask import Flask

from app.cli.agendas import agenda
from app.cli.demo import demo
from app.cli.importing import imports
from app.cli.mail import mail
from app.cli.migrations import db
from app.cli.people import people
from app.cli.touchpoints import touchpoints
from app.cli.worker import worker


def init_cli(app: Flask) -> None:
    """Register every command group."""
    for command in (db, touchpoints, imports, agenda, people, demo, mail, worker):
        app.cli.add_command(command)
