"""What may be added as a sister calendar, when it is fetched, what is shown of it, and what clashes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.join_links import WHY_NOT
from app.domain.secret import Secret
from app.domain.sister_calendars import (
    NAMELESS,
    LeftOut,
    Noted,
    SisterDraft,
    SisterTime,
    address_problem,
    clashing,
    draft_problems,
    is_listed,
    is_stale,
    masked,
    next_try,
    public_calendar,
    public_event,
    read_address,
    shown_title,
    slug_from,
)
from app.domain.site import USUAL_HOSTS

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOGLE = "https://calendar.google.com/calendar/ical/abc/private-0123456789abcdef/basic.ics"
WHOLE = "Write the address whole, beginning with https:// or webcal://."
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (GOOGLE, GOOGLE),
        ("webcal://ics.teamup.com/feed/x.ics", "https://ics.teamup.com/feed/x.ics"),
        (" WEBCALS://ics.teamup.com/a ", "https://ics.teamup.com/a"),
        ("HTTPS://ics.teamup.com/a#part", "https://ics.teamup.com/a"),
        ("http://ics.teamup.com/a", "http://ics.teamup.com/a"),
        ("ics.teamup.com/a", "ics.teamup.com/a"),
        ("", ""),
    ],
)
def test_webcal_is_https(typed, kept):
    assert read_address(typed) == Secret(kept)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (GOOGLE, None),
        ("https://p42-caldav.icloud.com/published/2/x", None),
        ("https://calendar.google.com:443/x", None),
        ("", WHOLE),
        ("http://calendar.google.com/x", WHOLE),
        ("ftp://calendar.google.com/x", WHOLE),
        ("https:///x", WHOLE),
        ("https://calendar.google.com:99999/x", WHOLE),
        ("https://[::1/x", WHOLE),
        ("https://calendar.google.com/a b", WHOLE),
        ("https://evil.example\\.icloud.com/x", WHOLE),
        ("https://127.0.0.1%.icloud.com/x", WHOLE),
        ("https://[::1]/x", WHOLE),
        ("https://calendar.google.com/é", WHOLE),
        ("https://calendar.google.com/" + "x" * 1000, "At most 1000 characters; these are 1028."),
        (
            "https://me:word@calendar.google.com/x",
            "This address holds a name or a password before the @. Use the calendar's public or secret link instead.",
        ),
        (
            "https://evil.example/x",
            "evil.example is not on the list of hosts that this installation may ask. Its operator can add it.",
        ),
        (
            "https://127.0.0.1/x",
            "127.0.0.1 is not on the list of hosts that this installation may ask. Its operator can add it.",
        ),
    ],
)
def test_addresses_that_may_be_asked(address, problem):
    assert address_problem(address, hosts=USUAL_HOSTS) == problem


@pytest.mark.parametrize(
    ("host", "port", "listed"),
    [
        ("example.org", None, True),
        ("EXAMPLE.ORG.", 443, True),
        ("example.org", 8443, False),
        ("a.example.org", None, False),
        ("a.b.example.net", None, True),
        ("example.net", None, False),
        ("badexample.net", None, False),
        ("example.com", 8443, True),
        ("example.com", None, False),
    ],
)
def test_a_listed_host(host, port, listed):
    assert is_listed(host, port, hosts=("example.org", "*.example.net", "example.com:8443")) is listed


def test_a_form_is_told_field_by_field_what_to_mend():
    good = SisterDraft(name="OpenChain", address=Secret(GOOGLE))
    assert draft_problems(good, hosts=USUAL_HOSTS, is_new=True) == {}
    assert draft_problems(SisterDraft(name="OpenChain"), hosts=USUAL_HOSTS, is_new=False) == {}
    assert draft_problems(SisterDraft(hue="pink", shape="star"), hosts=USUAL_HOSTS, is_new=True) == {
        "name": "Give the calendar a name, such as OpenChain.",
        "address": WHOLE,
        "hue": "Choose a hue from the list.",
        "shape": "Choose a shape from the list.",
    }
    for name, problem in (("x" * 81, "At most 80 characters; these are 81."), ("Passcode: 445566", WHY_NOT)):
        assert draft_problems(SisterDraft(name=name), hosts=USUAL_HOSTS, is_new=False) == {"name": problem}
    moved = draft_problems(SisterDraft(name="A", address=Secret("https://x.example")), hosts=(), is_new=False)
    assert moved == {
        "address": "x.example is not on the list of hosts that this installation may ask. Its operator can add it."
    }


def test_of_an_address_organizers_see_its_host_and_an_end_that_opens_nothing():
    assert masked(Secret(GOOGLE)) == "calendar.google.com/…ic.ics"
    assert masked(Secret("https://ics.teamup.com/short-secret.ics")) == "ics.teamup.com/…"


def test_short_names_are_unlike_those_taken():
    assert slug_from("OpenChain & friends", []) == "openchain-friends"
    assert slug_from("SPDX", ["spdx", "spdx-2"]) == "spdx-3"
    assert slug_from("日本", []) == "calendar"
    assert len(slug_from("a" * 80, [])) == 32


def test_it_is_fetched_every_six_hours_and_later_and_later_while_it_fails():
    waits = [next_try(now=NOW, failures=failures, spread=0) - NOW for failures in (0, 1, 2, 3, 6, 8, 1000)]
    assert waits == [6 * HOUR, HOUR / 4, HOUR / 2, HOUR, 8 * HOUR, 24 * HOUR, 24 * HOUR]
    assert next_try(now=NOW, failures=0, spread=1) == NOW + 6.5 * HOUR
    assert next_try(now=NOW, failures=1, spread=1) == NOW + HOUR / 4 * 1.25


def test_a_copy_is_old_after_two_days():
    assert [is_stale(NOW - age, now=NOW) for age in (timedelta(days=2), timedelta(days=2, seconds=1))] == [False, True]
    assert is_stale(None, now=NOW)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Telco  call\n2", "Telco call 2"),
        ("Call https://zoom.us/j/1?pwd=x now", "Call now"),
        ("Call zoommtg://zoom.us/join?confno=1", "Call"),
        ("Meeting ID: 123 456 7890, passcode 1", ""),
        ("x" * 300, "x" * 199 + "…"),
        ("\u202egnp.exe\x00", "gnp.exe"),
    ],
)
def test_titles_of_others_are_plain_and_open_no_call(text, shown):
    assert shown_title(text) == shown


def test_what_becomes_public_is_cleaned_once_more():
    event = public_event(
        "openchain",
        title="",
        starts_at=NOW,
        ends_at=NOW + HOUR,
        all_day=False,
        url="https://zoom.us/j/1?pwd=x",
        tentative=False,
    )
    assert (event.title, event.url) == (NAMELESS, "")
    face = public_calendar("a", name=" A\n B", hue="teal", shape="circle", fetched_at=None, now=NOW)
    assert (face.name, face.is_stale) == ("A B", True)


def test_every_reason_has_words():
    assert len({word.words for word in (*LeftOut, *Noted)}) == len(LeftOut) + len(Noted)


def at(hour, *, hours=1.0, title="Telco call", calendar="OpenChain"):
    start = NOW.replace(hour=0) + hour * HOUR
    return SisterTime(calendar, title, start, start + hours * HOUR)


def clashes(*events):
    call = (NOW.replace(hour=14), NOW.replace(hour=15))
    return clashing({7: call}, sorted(events, key=lambda event: event.starts_at)).get(7, ())


@pytest.mark.parametrize(
    ("hour", "hours", "clash"),
    [(13, 1, False), (13, 1.5, True), (14.5, 0.1, True), (14, 0, True), (15, 1, False), (0, 24, True), (13, 0, False)],
)
def test_what_is_on_during_a_call_clashes(hour, hours, clash):
    assert bool(clashes(at(hour, hours=hours))) is clash


def test_a_clash_says_whose_it_is_once_and_not_too_long():
    assert clashes(at(14), at(14.1)) == ("OpenChain: Telco call",)
    assert clashes(at(14, title="The OPENCHAIN telco")) == ("The OPENCHAIN telco",)
    assert clashes(at(14, title="")) == (f"OpenChain: {NAMELESS}",)
    assert clashes(at(14, title="x" * 90))[0] == "OpenChain: " + "x" * 48 + "…"
    assert len(clashes(*(at(14, title=str(number)) for number in range(5)))) == 3


def test_calls_without_a_clash_are_not_named():
    assert clashing({1: (NOW, NOW + HOUR)}, []) == {}
