"""Which calls stand in which year's agenda, and that the same data are the same bytes on every engine."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from app.domain.errors import NotFound
from app.domain.states import ProposalState, TalkState
from app.models import Publication
from app.services.publishing import publish_touchpoint
from app.services.queries.agendas import (
    agenda_files_of,
    all_agenda_files,
    calls_from,
    calls_of_year,
    list_years,
    read_call_file,
    read_year_file,
)
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint

FIRST, LATE, LATER = datetime(2026, 12, 10, 14), datetime(2026, 12, 31, 22), datetime(2027, 1, 14, 14)


@pytest.fixture
def calls(session, site, now):
    """Three calls of a series in New York, whose last of 2026 is in 2027 for UTC; the first has a talk."""
    series = make_series(session, zone="America/New_York")
    made = [make_touchpoint(session, series, at) for at in (FIRST, LATE, LATER)]
    for number, call in enumerate(made):
        call.key, call.uid = f"call{number}", f"uid{number}"
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), made[0], state=TalkState.CONFIRMED)
    for call in made:
        publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return made


def keys(found):
    return [call.key for call in found]


def test_a_year_is_that_of_the_series_own_calendar(session, calls):
    assert (list_years(session), calls[1].starts_at.year) == ((2027, 2026), 2027)
    assert keys(calls_of_year(session, 2026)) == ["call0", "call1"]
    assert keys(calls_of_year(session, 2027)) == ["call2"]


@pytest.mark.parametrize("year", [0, 1, 2025, 9999, 123_456])
def test_a_year_without_a_call_has_no_agenda(session, site, calls, year):
    assert agenda_files_of(session, year, site=site) == ()
    with pytest.raises(NotFound):
        read_year_file(session, year, site=site)


def test_before_any_call_there_is_no_year(session):
    assert list_years(session) == ()


def test_a_call_is_written_alone_as_in_the_folder(session, site, calls):
    folder = {file.file: file for file in agenda_files_of(session, 2026, site=site)}
    assert read_call_file(session, "call1", site=site) == folder["Agenda_2026/Dec-31.md"]
    assert read_year_file(session, 2026, site=site) == folder["Agenda_2026/README.md"]


def test_what_comes_next_counts_in_whole_days(session, calls):
    moments = [datetime(2026, 12, 10, hour, 59, tzinfo=UTC) for hour in (0, 23)]
    assert [keys(calls_from(session, at, size=2)) for at in moments] == [["call0", "call1"]] * 2
    assert keys(calls_from(session, datetime(2026, 12, 11, tzinfo=UTC))) == ["call1", "call2"]


def test_a_publication_that_cannot_be_read_is_left_out(session, site, calls):
    session.get(Publication, calls[0].id).value = {"time_zone": "UTC"}
    session.commit()
    assert keys(calls_of_year(session, 2026)) == ["call1"]


def test_the_same_data_are_the_same_bytes_on_every_engine(session, site, calls, now):
    files = all_agenda_files(session, site=site, today=now)
    assert [file.file for file in files] == [
        "Agenda_2026/README.md",
        "Agenda_2026/Dec-10.md",
        "Agenda_2026/Dec-31.md",
        "Agenda_2027/README.md",
        "Agenda_2027/Jan-14.md",
        "Newsletter.md",
        "Next-Calls.md",
    ]
    digest = hashlib.sha256(b"".join(file.body for file in files)).hexdigest()
    assert digest[:16] == "a5d71c2146f0a7fe"  # a new one for each new wording of ours
