"""One fact typed once shows wherever the community looks, and what is taken back is gone from each of those places."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.people import Role
from app.domain.states import ProposalState
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

SAM = "sam@example.org"
NAME = b"Sam Speaker"
TITLE = "Upstream first at a railway operator"
COMING = {
    "/",
    "/touchpoints/{call}",
    "/calendar/all.ics",
    "/calendar/agenda?month=2026-12",
    "/embed/next-calls",
    "/agendas/2026",
    "/agendas/2026.md",
    "/agendas/calls/{call}",
    "/agendas/calls/{call}.md",
    "/agendas/newsletter.md",
    "/agendas/next-calls.md",
    "/api/v1/touchpoints",
    "/api/v1/touchpoints/{call}",
    "/api/v1/talks",
    "/api/v1/talks/{talk}",
    "/schedule.json",
    "/schedule.xml",
}
HELD = (COMING - {"/", "/embed/next-calls", "/agendas/newsletter.md", "/agendas/next-calls.md"}) | {
    "/learning",
    "/learning/{talk}",
    "/learning?q=Speaker",
}
ALSO = {"/calendar?month=2026-12", "/calendar/all.atom", "/numbers", "/sitemap.xml", "/api/v1/topics"}
"""Further addresses, which name nobody."""


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture
def talk(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    proposal = make_proposal(session, TITLE, state=ProposalState.ACCEPTED, speakers=(make_speaker("Sam Speaker"),))
    talk = make_talk(session, proposal, call)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return talk


@pytest.fixture
def link(session, talk, new_window, post, clock, sign_in):
    """Sam was asked, and has said yes to name and affiliation by this link."""
    olu = sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    session.commit()
    assert olu.post(f"/board/invite/{talk.id}", {"version": str(talk.version)}).status_code == 303
    clock.advance(timedelta(minutes=15))
    post.deliver()
    link = post.last("invited", SAM).link("/confirm/")
    window = new_window().open(link)
    window.press("Confirm", {"attribution": "name_and_affiliation", "recording_consent": "no"})
    assert "You have confirmed." in window.said
    return link


def saying(window, talk, words, addresses):
    """Those of the addresses that say the words, over the folds of a calendar's lines."""
    keys = {"call": talk.touchpoint.key, "talk": talk.key}
    answers = {address: window.read(address.format(**keys)) for address in sorted(addresses)}
    return {address for address, body in answers.items() if words in body.replace(b"\r\n ", b"")}


def exported(app, folder):
    """The files of the write-back, by name."""
    folder.mkdir(exist_ok=True)
    result = app.test_cli_runner().invoke(args=["agenda", "export", str(folder)])
    assert result.exit_code == 0, result.output
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.md"))}


def test_one_confirmation_shows_in_each_place_and_one_retraction_empties_each(
    app, session, talk, link, new_window, post, clock, tmp_path
):
    stranger = new_window()
    assert saying(stranger, talk, NAME, COMING | ALSO) == COMING
    files = exported(app, tmp_path / "community")
    named = {name for name, body in files.items() if NAME in body}
    assert named == {"Agenda_2026/Dec-10.md", "Agenda_2026/README.md", "Newsletter.md", "Next-Calls.md"}

    clock.now = datetime(2026, 12, 20, 9, tzinfo=UTC)
    assert saying(stranger, talk, NAME, HELD | ALSO) == HELD

    new_window().open(f"{link}/naming").press("Save how I am named", {"attribution": "none", "recording_consent": "no"})

    assert saying(stranger, talk, NAME, COMING | HELD | ALSO) == set()
    assert b"Kestrel Works" not in b"".join(exported(app, tmp_path / "community").values())
    still = {
        "/learning",
        "/learning/{talk}",
        "/learning?q=railway",
        "/agendas/2026.md",
        "/api/v1/talks",
        "/schedule.xml",
    }
    assert saying(stranger, talk, b"Upstream first at a", still) == still
    assert b"Upstream" not in stranger.read("/learning?q=Speaker+Kestrel")
