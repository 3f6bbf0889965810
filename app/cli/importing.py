"""flask import: take in what was kept elsewhere."""

from __future__ import annotations

from flask.cli import AppGroup

imports = AppGroup("import", help="Take in records that were kept elsewhere.")
