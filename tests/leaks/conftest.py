"""Fixtures of the leak suite: the scene, and who looks at it."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from app.domain.permissions import Permission, may
from app.models import Person
from tests.leaks.canaries import EVERYBODY
from tests.leaks.community import ACCOUNTS, Community
from tests.leaks.searching import Search
from tests.leaks.walking import Walker

SEARCH = Search(frozenset(str(ACCOUNTS + 1000 * who.number) for who in EVERYBODY))
"""One for all: what was read in one test is known in the next."""


@pytest.fixture
def engine_name() -> str:
    return "sqlite"  # what is shown does not depend on it


@pytest.fixture
def search() -> Search:
    return SEARCH


@pytest.fixture
def community(app, session, site, clock, caplog) -> Community:
    caplog.set_level(logging.DEBUG)
    community = Community(session, site, clock)
    community.found()
    return community


@pytest.fixture
def stranger(app, session) -> Walker:
    return Walker(app, session, SEARCH)


@pytest.fixture
def signed_in(app, session, sign_in) -> Callable[[Person], Walker]:
    """Makes walkers with the browser of somebody who is signed in."""

    def signed_in(person: Person) -> Walker:
        doors = frozenset({"public", *(each.value for each in Permission if may(person.role, each))})
        return Walker(app, session, SEARCH, sign_in(person).client, doors)

    return signed_in


@pytest.fixture
def logged(caplog) -> Callable[[], dict[str, frozenset[str]]]:
    """Reads every line of every log, what an error says of itself included. Numbers of accounts may stand there."""

    def logged() -> dict[str, frozenset[str]]:
        lines = {logging.Formatter().format(record) for record in caplog.records}
        return {f"log: {line}": SEARCH.found(line.encode()) - SEARCH.numbers for line in lines}

    return logged
