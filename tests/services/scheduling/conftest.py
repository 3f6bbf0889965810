"""Olu keeps the calls of a series."""

from __future__ import annotations

import pytest

from app.domain.people import Role
from app.services import publishing
from app.services.auditing import Actor
from tests.cast import make_person, make_series, make_touchpoint
from tests.services.scheduling.scenery import wall


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))


@pytest.fixture
def thursday(session):
    """Every second Thursday at 14:00 in Madrid: 3, 17 and 31 December 2026."""
    return make_series(session)


@pytest.fixture
def call(session, thursday, site, now):
    touchpoint = make_touchpoint(session, thursday, wall("2026-12-17 14:00"))
    publishing.publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    return touchpoint
