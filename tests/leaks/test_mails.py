"""A mail tells its reader of others what everybody may know, whatever kind of mail it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.services.own_data.erasing import erase
from app.services.own_data.holders import holder_of
from tests.house.sources import TEMPLATES
from tests.leaks.canaries import CANARIES, EVERYBODY, ORGANIZER
from tests.leaks.correspondence import (
    FOLLOWER,
    ask_and_withdraw,
    let_people_follow,
    read_letters,
    tell_followers,
    write_the_rest,
)

BY_HAND = {"trial"}  # goes from the command line to whoever types their own address, and is no row
OF_ONES_OWN = {  # what somebody reads of their own account and proposal, and how a speaker joins their call
    *("proposaldecisionreason", "proposalbenefit"),
    *("joinlinkurl", "joinlinkpasscode", "joinlinkdialin", "joinlinkregistration"),
}


@pytest.fixture
def letters(community, search):
    """Everything that was written while all that can happen happened; some is taken back on the way."""
    let_people_follow(community)
    session, person, begun = community.session, community.people[CANARIES[3]], community.clock.now
    days = lambda number: begun + timedelta(days=number)  # noqa: E731
    steps = [
        (community.publish, days(1)),
        (community.move_everything, days(9)),  # a weekly mail later
        (lambda: write_the_rest(community), days(10)),
        (lambda: ask_and_withdraw(community), datetime(2027, 1, 6, 16, tzinfo=UTC)),  # the day before the first call
        (community.retract, datetime(2027, 1, 6, 18, tzinfo=UTC)),
        (community.cancel_every_call, datetime(2027, 1, 6, 20, tzinfo=UTC)),
        (lambda: community.withdraw(community.proposals[CANARIES[4]]), datetime(2027, 1, 6, 21, tzinfo=UTC)),
        (
            lambda: erase(session, holder_of(session, person), **community.organizer()),
            datetime(2027, 1, 6, 22, tzinfo=UTC),
        ),
    ]
    letters = set()
    for step, then in steps:
        step()
        letters |= read_letters(community, search)
        tell_followers(community, at=then)
        letters |= read_letters(community, search)
    return letters


def test_a_mail_tells_nobody_but_its_speaker_and_the_organizers_more_than_everybody_knows(community, letters):
    kinds = {folder.name for folder in (TEMPLATES / "emails").iterdir() if folder.is_dir()}
    read = {kind for kind, _, _ in letters} | {f"{kind}_organizer" for kind, to, _ in letters if to == ORGANIZER.mail}
    assert kinds - read == BY_HAND, "there is a kind of mail that was not read"

    told = frozenset().union(*(words for _, recipient, words in letters if recipient == FOLLOWER))
    assert {word for canary in CANARIES[:2] for word in (canary.first, canary.last)} <= told, "the search is blind"

    community.levels = {each: each.level for each in CANARIES}  # as it was when the first mails were written
    former = {each.former for each in CANARIES[:2]}  # and what those who are named were called then
    readers = {each.mail: each for each in EVERYBODY}
    leaks = {
        (kind, recipient, word)
        for kind, recipient, words in letters
        if recipient != ORGANIZER.mail
        for _, word in community.leaks({kind: words}, own=filter(None, [readers.get(recipient)]))
        if word not in former and (recipient not in readers or word not in OF_ONES_OWN)
    }
    assert leaks == set()
