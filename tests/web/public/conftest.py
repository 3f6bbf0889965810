"""Scenery of the public pages: a series, and a way to publish calls of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.states import TalkState
from app.services.publishing import publish_touchpoint
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def publish(session, series, site, now):
    """Publish a call; without a title its agenda is open."""

    def publish(local_start=datetime(2026, 12, 10, 14, 0), title="Upstream first", *, of=None, speakers=(), **fields):
        touchpoint = make_touchpoint(session, of or series, local_start)
        for name, value in fields.items():
            setattr(touchpoint, name, value)
        if title:
            proposal = make_proposal(session, title, speakers=speakers)
            make_talk(session, proposal, touchpoint, state=TalkState.CONFIRMED)
        publish_touchpoint(session, touchpoint, site=site, now=now)
        session.commit()
        return touchpoint

    return publish
