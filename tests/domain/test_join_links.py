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
        "https://zoom-lfx.platform.linuxfoundation.org/meeting/90000000000?password=0",
        "https://events.zoom.us/webinar/register/WN_x",
        "https://example.org/register?tk=abc",
        "Sign up: https://example.org/r?id=1&amp;token=abc",
        "https://example.org/call%3Fpwd%3Dx",
        "zoommtg://zoom.us/join?confno=1",
        "https://teams.microsoft.com/meet/312?p=x",
        "https://attendee.gotowebinar.com/register/123",
        "https://global.gotomeeting.com/join/123",
        "https://bbb.example.org/b/ver-abc-123",
        "https://video.example.org/rooms/abc-def-ghi-jkl/join",
        "https://jitsi.example.org/ospo",
        "https://8x8.vc/ospo/call",
        "https://meet.example.org/call?jwt=x",
        "- **Meeting ID**: 900 0000 0000",
        "Meeting ID: 90000000000",
        "**Meeting Passcode**: 000000",
        "Pass\u00adcode 1234",
        "ｐａｓｓｃｏｄｅ：1234",
        "Besprechungs-ID: 900 000 000",
        "Kennwort: abc123",
        "Mot de passe : x1y2z3",
        "ID de réunion : 900 0000 0000",
        "Contraseña: 123abc",
        "会议号：900 0000 0000",
        "密码: 123456",
        "One tap mobile",
        "Dial in: +49 69 1234 5678",
        "+16465588656,,90000000000#",
        "PIN: 123456",
        "Host key is 123456",
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
        "https://zoom.us/rec/share/abc?pwd=x",
        "https://www.youtube.com/watch?v=abc&t=90",
        "https://example.org/slides.pdf?page=3&key=intro",
        "Why a password is not a policy",
        "ISO/IEC 5230:2020 and 18974, since 2016-2020",
        "In 2024, 1,200,000 packages; 900 maintainers",
        "Call in your lawyers before 2025",
        "RFC 5545, RFC 7986, CVE-2021-44228",
        "https://todogroup.org/join",
        "Who may pin dependencies: 12 rules",
        "The meeting number two of 2025",
    ],
)
def test_other_text_is_left_alone(text):
    assert not holds_join_link(text)
