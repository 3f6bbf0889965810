"""The application that every server and every `flask --app wsgi` command loads."""

import sys

from app import create_app
from app.config import Settings, SettingsError

try:
    app = create_app(Settings.from_env())
except SettingsError as error:
    print(error, file=sys.stderr)  # noqa: T201 (plain lines for the person who starts it; logging is not set up yet)
    raise SystemExit(2) from None
