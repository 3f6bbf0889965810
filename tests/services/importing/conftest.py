"""What the tests of imports begin with: an organizer, a topic, and the steps of an import as one word each."""

from __future__ import annotations

import pytest

from app.domain.imports.values import ImportKind
from app.domain.people import Role
from app.models import Topic
from app.services.auditing import Actor
from app.services.importing import applying
from app.services.importing.proposal_files import ProposalFile, plan_proposals
from tests.cast import make_person


@pytest.fixture
def topic(session):
    session.add(Topic(slug="ospo-strategy", name="OSPO strategy"))


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def plan(session, olu, site, now):
    def planned(data, kind=ImportKind.PRETALX, **more):
        return plan_proposals(session, ProposalFile(kind, "export.json", data, **more), by=olu, site=site, now=now)

    return planned


@pytest.fixture
def apply(session, olu, site, now):
    def applied(run, version=None):
        version = run.version if version is None else version
        applying.apply_import(session, run, version=version, by=olu, site=site, now=now)
        return run

    return applied
