"""The way into a call never stands in public text."""

import pytest

from app.domain.join_links import holds_join_link


@pytest.mark.parametrize(
    "text",
    [
        "Join at https://zoom.us/j/123456789",
        "https://us02web.zoom.us/j/1?pwd=abc",
        "https://example.zoom.us/my/vera",
        "HTTPS://ZOOM.US/MEETING/REGISTER/abc",
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting",
        "https://teams.live.com/meet/93",
        "https://meet.google.com/abc-defg-hij",
        "https://example.webex.com/meet/vera",
        "https://meet.jit.si/OspoCall",
        "https://whereby.com/ospo",
        "https://meet.goto.com/123",
        "see https://example.org/call?pwd=x",
        "https://example.org/call?id=1&password=x",
        "pwd=123",
        "Passcode: 445566",
        "The pass code is 1234",
    ],
)
def test_ways_into_a_call_are_found(text):
    assert holds_join_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How we zoom in on licences",
        "https://zoom.us/recording-policy",
        "https://github.com/example/teams",
        "https://example.org/password-managers",
        "Meet Google's OSPO",
        "https://meet.google.com/",
    ],
)
def test_other_text_is_left_alone(text):
    assert not holds_join_link(text)
