"""One's own profile: saved with care, never more than its own fields, and every sign-in in sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role, RoleCategory
from app.models import Person, SignIn
from tests.cast import make_person

FORM = {
    "name": "Vera Santos",
    "pronouns": "she/her",
    "affiliation": "Kestrel Works",
    "role_category": "foundation",
    "bio": "Runs an *OSPO*.",
    "time_zone": "Asia/Tokyo",
}


@pytest.fixture
def vera(session):
    return make_person(session, "Vera")


@pytest.fixture
def here(sign_in, vera):
    return sign_in(vera)


def fresh(session, row):
    session.expire_all()
    return row


def test_a_profile_is_saved_and_shown(session, vera, here):
    answer = here.post("/profile", {**FORM, "version": vera.version})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile")
    person = fresh(session, vera)
    assert (person.name, person.role_category, person.time_zone) == (
        "Vera Santos",
        RoleCategory.FOUNDATION,
        "Asia/Tokyo",
    )
    page = here.get("/profile")
    assert "Your profile is saved." in page.text
    assert '<option value="Asia/Tokyo" selected>' in page.text
    assert '<option value="foundation" selected>' in page.text


def test_a_zone_from_outside_the_list_stays_chosen(session, vera, here):
    here.post("/profile", {**FORM, "time_zone": "America/Anguilla", "version": vera.version})
    assert '<option value="America/Anguilla" selected>' in here.get("/profile").text


def test_what_is_wrong_comes_back_with_the_input(session, vera, here):
    page = here.post("/profile", {**FORM, "name": "", "bio": "b" * 2001, "version": vera.version})
    assert page.status_code == 422
    assert "<title>Error: Profile" in page.text
    assert page.text.count("Give your name, as other people should read it.") == 2
    assert page.text.count("At most 2000 characters; these are 2001.") == 2
    assert 'value="she/her"' in page.text
    assert fresh(session, vera).name == "Vera"


def test_a_stale_profile_is_not_written_and_shows_both(session, vera, here):
    version = vera.version
    here.post("/profile", {**FORM, "name": "Vera at work", "version": version})
    page = here.post("/profile", {**FORM, "name": "Vera at home", "version": version})
    assert page.status_code == 409
    assert "<del>Vera at work</del>" in page.text
    assert "<ins>Vera at home</ins>" in page.text
    assert fresh(session, vera).name == "Vera at work"
    here.post("/profile", {**FORM, "name": "Vera at home", "version": vera.version})
    assert fresh(session, vera).name == "Vera at home"


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1"])
def test_a_profile_without_a_version_is_stale(session, vera, here, version):
    assert here.post("/profile", {**FORM, "version": version}).status_code == 409


def test_other_fields_in_the_form_are_nothing(session, vera, here):
    olu = make_person(session, "Olu", role=Role.ORGANIZER)
    smuggled = {"role": "organizer", "email": "eve@example.org", "id": str(olu.id), "person_id": str(olu.id)}
    here.post("/profile", {**FORM, **smuggled, "version": vera.version})
    person = fresh(session, vera)
    assert (person.name, person.role, person.email) == ("Vera Santos", Role.VOLUNTEER, "vera@example.org")
    assert olu.name == "Olu"


@pytest.mark.parametrize(
    "payload", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "${7*7}"]
)
def test_a_profile_runs_nothing(session, vera, here, sign_in, payload):
    here.post(
        "/profile",
        {**FORM, "name": payload, "affiliation": payload, "pronouns": payload, "bio": payload, "version": vera.version},
    )
    olu = sign_in(make_person(session, "Olu", role=Role.ORGANIZER))
    for page in (here.get("/profile"), olu.get("/people"), olu.get("/people", query_string={"q": payload})):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert ">49<" not in page.text


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/profile").headers["Location"] == "/sign-in?next=/profile"
    assert visitor.post("/profile", FORM).headers["Location"] == "/sign-in"


def test_the_page_lists_where_one_is_signed_in(session, vera, here, sign_in):
    sign_in(vera)
    sign_in(make_person(session, "Olu"))
    page = here.get("/profile").text
    assert page.count("<b>Firefox on Linux</b>") == 2
    assert page.count("This browser") == 1
    assert "Since 23 Nov 2026, 09:00, last used 23 Nov 2026" in page


def test_another_sign_in_can_be_ended(session, vera, here, sign_in):
    elsewhere = sign_in(vera)
    other = session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    assert here.post(f"/profile/sign-ins/{other}/end").headers["Location"] == "/profile#sign-ins"
    assert "That browser is signed out." in here.get("/profile").text
    assert elsewhere.get("/profile").status_code == 303


def test_all_others_can_be_ended_at_once(vera, here, sign_in):
    others = [sign_in(vera), sign_in(vera)]
    here.post("/profile/sign-ins/end-others")
    assert "2 other browsers are signed out." in here.get("/profile").text
    assert [other.get("/profile").status_code for other in others] == [303, 303]


def test_ending_ones_own_sign_in_is_signing_out(session, here):
    own = session.scalar(select(SignIn.id))
    answer = here.post(f"/profile/sign-ins/{own}/end")
    assert (answer.headers["Location"], answer.headers["Clear-Site-Data"]) == ("/", '"cache", "storage"')
    assert here.get("/profile").status_code == 303


def test_somebody_elses_sign_in_is_not_found(session, here, sign_in):
    olu = sign_in(make_person(session, "Olu", role=Role.ORGANIZER))
    olus = session.scalar(select(SignIn.id).join(Person).where(Person.name == "Olu"))
    assert here.post(f"/profile/sign-ins/{olus}/end").status_code == 404
    assert here.post("/profile/sign-ins/999999/end").status_code == 404
    assert olu.get("/profile").status_code == 200


def test_after_an_hour_the_page_wants_a_fresh_sign_in_for_another_address(here, clock):
    assert 'name="email"' in here.get("/profile").text
    clock.advance(timedelta(hours=1))
    page = here.get("/profile").text
    assert 'name="email"' not in page
    assert 'href="/sign-in?next=/profile"' in page
