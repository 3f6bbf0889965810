"""A search is no oracle: a word that is kept back finds what a word finds that nobody ever wrote."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from app.domain.attribution import Attribution
from tests.leaks.canaries import CANARIES, EVERYBODY, Canary
from tests.leaks.community import Community
from tests.leaks.front import hold_every_call, plan_an_import
from tests.leaks.readings import plain
from tests.leaks.walking import Walker

LISTED = re.compile(rb"/learning/([\w-]+)\"")
UNSAID = (Attribution.NONE, None)


@pytest.fixture
def held(community) -> Community:
    """Every call is over, its notes are published, and a file with everybody in it waits to be imported."""
    community.publish()
    community.publish_notes()
    plan_an_import(community)
    hold_every_call(community)
    return community


def found_by(stranger: Walker, **asked: str) -> set[str]:
    """The keys of the talks that the learning space and the open data find: the same ones."""
    page = stranger.ask(f"/learning?{urlencode(asked)}")
    data = json.loads(stranger.ask(f"/api/v1/talks?{urlencode(asked)}").data)
    listed = {key.decode() for key in LISTED.findall(page.data)}
    assert (page.status_code, listed) == (200, {talk["key"] for talk in data["items"]})
    assert data["total"] == len(listed)
    return listed


def oracle(community: Community, stranger: Walker) -> dict[str, set[str]]:
    """What is found by words that are kept back now; of who is named nowhere, by how all of theirs begin."""
    hidden = {word for each in EVERYBODY for word in _kept_back(each, community.levels.get(each))}
    words = {"".join(part for part in plain(word) if part.isalnum() or part == " ") for word in hidden}
    return {word: found for word in sorted(words) if (found := found_by(stranger, q=word))}


def _kept_back(who: Canary, level: Attribution | None) -> list[str]:
    return [who.first, who.mark] if level in UNSAID else [word for word in who.hidden(level) if who.mark in plain(word)]


def indexed(session) -> set[str]:
    """Every word that the index itself holds, those of deleted rows that it has not forgotten yet too."""
    session.execute(text("CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab(main, archive_words, row)"))
    return set(session.scalars(text("SELECT term FROM temp.terms")))


def test_a_word_that_is_kept_back_finds_nothing(held, stranger):
    assert found_by(stranger, q=CANARIES[0].first)
    assert oracle(held, stranger) == {}


@pytest.mark.parametrize("happening", [Community.leave_everybody_unnamed, Community.erase_everybody])
def test_a_word_that_was_taken_back_finds_nothing_and_is_in_no_index(held, session, stranger, happening):
    names = {plain(each.first) for each in CANARIES}
    assert indexed(session) & names
    happening(held)
    assert oracle(held, stranger) == {}
    assert [term for term in indexed(session) if any(each.mark in term for each in EVERYBODY)] == []


def test_nobody_is_found_by_the_role_that_they_keep_back(held, stranger):
    talks = {talk.proposal_id: talk.key for talk in held.talks() if talk.touchpoint.series is held.thursday}
    found = found_by(stranger, role="ospo")
    said = {canary: talks[held.proposals[canary].id] in found for canary in CANARIES}
    assert {canary.level for canary, is_found in said.items() if is_found} == set(Attribution) - set(UNSAID)
