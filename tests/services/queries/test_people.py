"""Organizers find people by words and role, fifty at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.domain.people import Role
from app.services.auditing import SYSTEM
from app.services.queries.people import PeopleFilter, read_everybody, read_people, read_sign_ins
from app.services.sign_ins import begin_sign_in, sign_out
from tests.cast import make_person


@pytest.fixture
def cast(session):
    people = {
        "Vera": make_person(session, "Vera Santos"),
        "Olu": make_person(session, "Olu Adeyemi", role=Role.ORGANIZER),
        "Mira": make_person(session, "mira Novak", role=Role.MEMBER, email="100%_mira@example.org"),
    }
    people["Vera"].affiliation = "Kestrel Works"
    session.commit()
    return people


def names(page):
    return [person.name for person in page.people]


def test_everybody_stands_in_the_order_of_names(session, cast):
    page = read_people(session, PeopleFilter())
    assert names(page) == ["mira Novak", "Olu Adeyemi", "Vera Santos"]
    assert (page.total, page.page, page.pages) == (3, 1, 1)
    assert page.counts == {Role.VOLUNTEER: 1, Role.MEMBER: 1, Role.ORGANIZER: 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SANTOS", ["Vera Santos"]),
        ("kestrel", ["Vera Santos"]),
        ("olu@", ["Olu Adeyemi"]),
        ("%", ["mira Novak"]),
        ("_", ["mira Novak"]),
        ("nora", []),
        ("' OR 1=1 --", []),
    ],
)
def test_words_are_looked_for_in_name_address_and_organisation(session, cast, text, found):
    page = read_people(session, PeopleFilter(text=text))
    assert (names(page), page.total) == (found, len(found))


def test_a_role_filters_and_the_counts_stay(session, cast):
    page = read_people(session, PeopleFilter(role=Role.MEMBER))
    assert names(page) == ["mira Novak"]
    assert sum(page.counts.values()) == 3


def test_a_page_has_fifty_people_and_the_last_page_is_the_end(session):
    for number in range(101):
        make_person(session, f"Person{number:03}")
    sizes = [len(read_people(session, PeopleFilter(page=page)).people) for page in (1, 2, 3, 99)]
    assert sizes == [50, 50, 1, 1]
    assert read_people(session, PeopleFilter(page=99)).page == 3


def test_thirty_people_take_as_many_queries_as_one(session):
    counts = []
    for size in (1, 30):
        for number in range(size):
            make_person(session, f"Person{size}{number}")
        session.commit()
        session.expire_all()
        statements = []
        engine = session.get_bind()

        def note(_connection, _cursor, statement, *_rest, into=statements):
            into.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        for person in read_people(session, PeopleFilter()).people:
            assert person.role_category.short_label
        event.remove(engine, "before_cursor_execute", note)
        session.commit()
        counts.append(sum(statement.startswith("SELECT") for statement in statements))
    assert counts == [4, 4]


def test_the_command_line_sees_everybody_by_address(session, cast):
    assert [person.email for person in read_everybody(session)] == [
        "100%_mira@example.org",
        "olu@example.org",
        "vera@example.org",
    ]
    assert [person.name for person in read_everybody(session, role=Role.ORGANIZER)] == ["Olu Adeyemi"]


def test_people_see_their_own_live_sign_ins_the_latest_used_first(session, cast, now):
    vera, day = cast["Vera"], timedelta(days=1)
    begun = [begin_sign_in(session, vera, user_agent=f"curl {n}", now=now - n * day)[0] for n in (6, 1, 0, 7, 2)]
    begin_sign_in(session, cast["Olu"], user_agent="", now=now)
    sign_out(session, begun[-1], by=SYSTEM, now=now)
    assert read_sign_ins(session, vera, now=now) == [begun[2], begun[1], begun[0]]
