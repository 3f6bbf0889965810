"""Organizers manage roles; nobody else sees that there is a page."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from app.domain.people import Role
from app.extensions import db
from app.models import Person
from tests.cast import make_person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def olu(session):
    return make_person(session, "Olu", role=Role.ORGANIZER)


@pytest.fixture
def vera(session):
    return make_person(session, "Vera")


@pytest.fixture
def desk(sign_in, olu):
    return sign_in(olu)


def fresh(session, person):
    session.expire_all()
    return person


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MEMBER])
def test_nobody_but_organizers_sees_the_page(session, vera, sign_in, role):
    mira = sign_in(make_person(session, "Mira", role=role))
    for answer in (
        mira.get("/people"),
        mira.get("/people", headers=HTMX),
        mira.post("/people", {"email": "eve@example.org", "role": "organizer"}),
        mira.post(f"/people/{vera.id}/role", {"role": "organizer", "version": vera.version}),
    ):
        assert answer.status_code == 404
        assert "vera@example.org" not in answer.text
    assert fresh(session, vera).role is Role.VOLUNTEER


def test_a_stranger_is_asked_to_sign_in(visitor, vera):
    assert visitor.get("/people?q=vera").headers["Location"] == "/sign-in?next=/people?q%3Dvera"
    swapped = visitor.get("/people", headers={**HTMX, "HX-Current-URL": "http://localhost/people?page=2"})
    assert (swapped.status_code, swapped.headers["HX-Redirect"]) == (401, "/sign-in?next=/people?page%3D2")
    assert visitor.post(f"/people/{vera.id}/role", {"role": "organizer"}).headers["Location"] == "/sign-in"


def test_the_page_shows_everybody_and_how_many_have_each_role(desk, vera):
    page = desk.get("/people").text
    assert "1 organizer, 0 members, 1 volunteer." in page
    assert "vera@example.org" in page
    assert "<title>People" in page


def test_words_and_role_filter_the_page_and_its_partial(desk, vera):
    assert "vera@example.org" not in desk.get("/people?role=organizer").text
    partial = desk.get("/people?q=vera", headers=HTMX)
    assert partial.text.lstrip().startswith('<section class="panel" id="people-list"')
    assert "HX-Request" in partial.headers["Vary"]
    assert "olu@example.org" not in partial.text


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=999999999", "role=king", "q=%00%ff%F0%9F"])
def test_an_odd_query_is_a_page_like_any(desk, query):
    assert desk.get(f"/people?{query}").status_code == 200


def test_pages_keep_the_filter(session, desk):
    for number in range(60):
        make_person(session, f"Person{number:02}")
    page = desk.get("/people?role=volunteer&q=person").text
    assert 'rel="next" href="/people?role=volunteer&amp;q=person&amp;page=2"' in page
    assert "Page 1 of 2" in page


def test_a_role_is_changed_and_the_person_signed_out(session, desk, vera, sign_in):
    veras = sign_in(vera)
    answer = desk.post(f"/people/{vera.id}/role", {"role": "member", "version": vera.version})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/people#person-{vera.id}")
    assert "Vera is member now." in desk.get("/people").text
    assert fresh(session, vera).role is Role.MEMBER
    assert veras.get("/profile").status_code == 303


def test_a_swap_brings_the_row_back_with_its_new_version(session, desk, vera):
    answer = desk.post(f"/people/{vera.id}/role", {"role": "member", "version": vera.version}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<li id="person-{vera.id}">')
    assert f'name="version" value="{fresh(session, vera).version}"' in answer.text
    assert '<option value="member" selected>' in answer.text
    assert "Vera is member now." in answer.text


def test_a_stale_change_of_role_is_refused(session, desk, vera):
    version = vera.version
    desk.post(f"/people/{vera.id}/role", {"role": "member", "version": version})
    assert desk.post(f"/people/{vera.id}/role", {"role": "organizer", "version": version}).status_code == 409
    assert fresh(session, vera).role is Role.MEMBER


def test_a_refused_swap_brings_the_row_back_as_it_stands(session, desk, olu, vera):
    desk.post(f"/people/{vera.id}/role", {"role": "member", "version": vera.version})
    stale = desk.post(f"/people/{vera.id}/role", {"role": "organizer", "version": 1}, headers=HTMX)
    last = desk.post(f"/people/{olu.id}/role", {"role": "member", "version": olu.version}, headers=HTMX)
    assert (stale.status_code, last.status_code) == (409, 422)
    assert '<option value="member" selected>' in stale.text
    assert f'name="version" value="{fresh(session, vera).version}"' in stale.text
    assert "Somebody else changed this meanwhile." in stale.text
    assert '<option value="organizer" selected>' in last.text
    assert "There must be an organizer." in last.text


@pytest.mark.parametrize("role", ["", "king", "ORGANIZER"])
def test_what_is_no_role_is_refused(session, desk, vera, role):
    answer = desk.post(f"/people/{vera.id}/role", {"role": role, "version": vera.version})
    assert (answer.status_code, "Choose a role." in answer.text) == (422, True)


def test_somebody_who_is_not_there_has_no_role(desk):
    assert desk.post("/people/999999/role", {"role": "member", "version": 1}).status_code == 404


def test_the_last_organizer_cannot_step_down(session, desk, olu):
    answer = desk.post(f"/people/{olu.id}/role", {"role": "member", "version": olu.version})
    assert (answer.status_code, "There must be an organizer." in answer.text) == (422, True)
    assert fresh(session, olu).role is Role.ORGANIZER
    assert desk.get("/people").status_code == 200


def test_an_organizer_who_steps_down_is_signed_out(session, desk, olu):
    make_person(session, "Ana", role=Role.ORGANIZER)
    answer = desk.post(f"/people/{olu.id}/role", {"role": "volunteer", "version": olu.version})
    assert answer.headers["Location"] == "/sign-in"
    assert "Olu is volunteer now. Sign in again." in desk.get("/sign-in").text
    assert desk.get("/profile").status_code == 303


def test_somebody_new_is_added(session, desk):
    answer = desk.post("/people", {"email": "Sam@Example.org", "name": "Sam", "role": "member"})
    assert answer.headers["Location"] == "/people?q=sam@example.org"
    assert "Sam is here as member. They sign in with sam@example.org." in desk.get(answer.headers["Location"]).text
    sam = session.scalars(select(Person).where(Person.email == "sam@example.org")).one()
    assert (sam.name, sam.role) == ("Sam", Role.MEMBER)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"email": "sam", "role": "member"}, "Give an e-mail address"),
        ({"email": "sam@example.org"}, "Choose a role."),
        ({"email": "olu@example.org", "role": "member"}, "olu@example.org is here already, as organizer."),
        ({"email": "sam@example.org", "name": "n" * 121, "role": "member"}, "At most 120 characters"),
    ],
)
def test_who_cannot_be_added_comes_back_with_the_input(session, desk, form, sentence):
    page = desk.post("/people", form)
    assert page.status_code == 422
    assert "<title>Error: People" in page.text
    assert page.text.count(sentence) == 2
    assert f'value="{form["email"]}"' in page.text
    session.expire_all()
    assert session.scalar(select(func.count(Person.id))) == 1


def test_thirty_people_take_as_many_queries_as_one(app, session, desk):
    with app.app_context():
        engine = db.engine
    counts = []
    for size in (1, 30):
        for number in range(size):
            make_person(session, f"Person{size}x{number}")
        session.commit()
        counts.append(selects_of(engine, lambda: desk.get("/people")))
    assert counts[0] == counts[1] <= 8


def selects_of(engine, act):
    """How many statements that begin with SELECT are sent while `act` runs."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement.startswith("SELECT"))

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return sum(seen)
