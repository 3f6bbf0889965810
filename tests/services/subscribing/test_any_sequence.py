"""Whatever organizers do, and wherever the worker stops: each reader's mails, in order, leave them with the truth."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.domain.revision import PublicStatus
from app.models import Announcement, Publication, Subscription
from tests.cast import NOW, make_series, make_touchpoint

ACTS = st.sampled_from(["confirm", "withdraw", "later", "earlier", "skip", "restore", "correct", "tell one", "tell"])
MINUTE = timedelta(minutes=1)
_WHEN = r"(\w+ \d+ \w+ \d{4}, \d\d:\d\d)–\d\d:\d\d Madrid \(CET\)"
_numbers = count()


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def mails_leave():
    return True


class Reader:
    """Knows of the call what the mails say: nothing, or on which date it is, and whether it takes place."""

    def __init__(self) -> None:
        self.date, self.is_on = "", False

    def read(self, letter) -> None:
        said = re.findall(_WHEN, letter.text)
        match letter.kind:
            case "call_published":
                assert not self.is_on, "it is announced already"
                self.date, self.is_on = said[0], True
            case "call_moved":
                assert (said[0], said[0] != said[1]) == (self.date, True), "it was on another date, or has not moved"
                self.date, self.is_on = said[1], True
            case "call_cancelled":
                assert (self.is_on, said[0]) == (True, self.date), "it was not on, or on another date"
                self.is_on = False


@given(acts=st.lists(ACTS, min_size=3, max_size=14))
@example(acts=["confirm", "tell one", "later", "skip", "tell", "restore"])  # two of three never heard of it
@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_reader_ends_with_the_truth(acts, session, calls, follow, tell, clock):
    for table in (Announcement, Subscription):
        session.execute(delete(table))
    clock.now = NOW
    call = make_touchpoint(session, make_series(session, f"series-{next(_numbers)}"), datetime(2027, 1, 21, 14, 0))
    readers = {follow(f"reader{number}@example.org").email: Reader() for number in range(3)}
    talks: list = []
    for act in [*acts, "tell"]:
        for letter in _do(act, calls, call, talks, tell):
            readers[letter.to].read(letter)
    public = session.scalars(select(Publication).where(Publication.touchpoint_id == call.id)).one_or_none()
    is_on = public is not None and public.status is PublicStatus.CONFIRMED
    assert [reader.is_on for reader in readers.values()] == [is_on] * 3
    if is_on:
        date = f"{call.local_start:%A %-d %B %Y, %H:%M}"
        assert [reader.date for reader in readers.values()] == [date] * 3


def _do(act, calls, call, talks, tell):
    """One act, a minute after the last; what was mailed by it."""
    match act:
        case "confirm" if len(talks) < 2:
            talks.append(calls.confirm(call, minutes=10))
        case "withdraw" if talks:
            calls.withdraw(talks.pop())
        case "later":
            calls.move(call, days=1)
        case "earlier":
            calls.move(call, days=-1)
        case "skip":
            calls.skip(call)
        case "restore":
            calls.restore(call)
        case "correct" if talks:
            talks[0].proposal.title += "!"
            calls.publish(call)
        case "tell one":
            return tell(rounds=1, batch=1)
        case "tell":
            return tell()
    return tell(after=MINUTE, rounds=0)
