"""Messages are values: nothing here needs a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.site import Site


@pytest.fixture
def site() -> Site:
    return Site(
        community="TODO Group",
        base_url="https://touchpoints.example.org",
        uid_domain="touchpoints.example.org",
        mail_from="Touchpoints <touchpoints@example.org>",
        reply_to="organizers@example.org",
        settle=timedelta(minutes=5),
        secret_key="only-for-tests",
    )
