"""What we write back to the community's repository has nothing in it for lint, whatever was typed here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.agenda import SegmentKind
from app.domain.agendas.linting import lint
from app.domain.agendas.values import Source
from app.domain.attribution import PublicText
from app.domain.publication import PublicSegment, PublicStatus
from app.domain.text import clean_line, clean_text
from app.feeds.markdown import agenda_files, coming_files
from tests.public_values import CALL, TALK

LONG_AFTER = date(2100, 1, 1)
CATCHES = (
    "Date:", "Time: 18:00 PM", "**Guest**:", "[x](y.md)", "[]()", "`a`", "*b *", "Monday", "February 30", "GMT", "APAC",
    "(90 mins)", "& and", ", by TBA", "Chatham House Rules", "José", "Jose", "| - [ ] |", "# Agenda", "Tags:", "2019",
    ";", "and Jane Doe", "—", "<!-- -->", "&amp;",
)  # fmt: skip
ODD = st.one_of(
    st.text("\\`*_{}[]()<>#+-.!|~&;:/@=\"'$^ ab1é字🧑‍🍳אב\u200f", min_size=1, max_size=40),
    st.text(min_size=1, max_size=40),
    st.lists(
        st.sampled_from(CATCHES),
        min_size=1,
        max_size=6,
    ).map(" ".join),
)
LINES = ODD.map(clean_line).filter(bool).map(PublicText)
ZONES = st.sampled_from(
    ["Europe/Madrid", "America/New_York", "UTC", "Asia/Kolkata", "Australia/West", "Brazil/West", "Etc/GMT+5"]
)


@st.composite
def agendas(draw, minutes):
    """Parts of a call: some of its time may be left."""
    parts, starts = [], 0
    for kind in draw(st.lists(st.sampled_from(SegmentKind), max_size=4)):
        length = draw(st.integers(1, 40))
        if starts + length > minutes:
            break
        parts.append(PublicSegment(kind, draw(LINES), starts, length, draw(st.booleans()), draw(st.booleans())))
        starts += length
    return tuple(parts)


@st.composite
def talks(draw, key):
    said = clean_text(draw(st.one_of(st.just(""), ODD, st.lists(ODD, max_size=3).map("\n\n".join))))
    return replace(
        TALK,
        key=key,
        title=draw(LINES),
        abstract=PublicText(said),
        speakers=tuple(draw(st.lists(LINES, min_size=1, max_size=3))),
        topics=tuple(draw(st.lists(LINES, max_size=2))),
        recorded=draw(st.booleans()),
        recording_url=PublicText(draw(st.sampled_from(["", "https://video.example/w?v=a_b*c&amp;d"]))),
        starts=draw(st.one_of(st.none(), st.integers(0, 50))),
    )


@st.composite
def calls(draw, number):
    minutes = draw(st.sampled_from([15, 45, 60, 240]))
    is_off = draw(st.sampled_from([False, False, False, True]))
    return replace(
        CALL,
        key=f"k{number}",
        uid=f"u{number}@example.org",
        series=replace(CALL.series, name=draw(LINES), slug=draw(st.sampled_from(["thursday", "friday"]))),
        starts_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * draw(st.integers(0, 60_000))),
        minutes=minutes,
        day_known=draw(st.sampled_from([True, True, False])),
        time_zone=draw(ZONES),
        skipped=is_off,
        status=draw(st.sampled_from(PublicStatus)),
        reason=draw(LINES) if is_off else PublicText(""),
        talks=() if is_off else tuple(draw(talks(f"t{number}-{place}")) for place in range(draw(st.integers(0, 2)))),
        agenda=() if is_off else draw(agendas(minutes)),
    )


def written(calls):
    """The files that are written of these calls, as lint reads them."""
    names = {"url": lambda call: f"https://calls.example/touchpoints/{call.key}", "community": PublicText("The Guild")}
    files = (
        *agenda_files(calls, **names),
        *coming_files(
            sorted(calls, key=lambda call: call.starts_at),
            **names,
            subscribe="https://calls.example/subscribe",
            propose="https://calls.example/propose",
        ),
    )
    return [Source(file.file, file.text) for file in files]


def complaints(calls, today=LONG_AFTER):
    found = lint(written(calls), today=today, exists=lambda _path: False)
    return [f"{each.place} {each.code} {each.message} | {each.source}" for each in found]


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 4).flatmap(lambda count: st.tuples(*(calls(number) for number in range(count)))))
def test_whatever_was_typed_lint_finds_nothing(calls):
    assert complaints(calls) == []
