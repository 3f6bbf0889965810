"""flask agenda: the community's Markdown agendas; each command is a module of its own beside this one."""

from __future__ import annotations

from flask.cli import AppGroup

agenda = AppGroup("agenda", help="The community's Markdown agendas: checked, taken in, written back.")

from app.cli import agendas_export, agendas_import, agendas_lint  # noqa: E402, F401 (they add their commands)
