"""The account pages: sign in, the code and the link, profile, address, sign-ins."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("account", __name__)

from app.web.account import address as address  # noqa: E402 (views register themselves on the blueprint above)
from app.web.account import joining as joining  # noqa: E402
from app.web.account import notes as notes  # noqa: E402
from app.web.account import own_data as own_data  # noqa: E402
from app.web.account import personal_calendar as personal_calendar  # noqa: E402
from app.web.account import profile as profile  # noqa: E402
from app.web.account import questions as questions  # noqa: E402
from app.web.account import run_sheet as run_sheet  # noqa: E402
from app.web.account import signing_in as signing_in  # noqa: E402
