"""The page of a chair: from the mailed link alone, harmless to open, kind to a slip."""

from __future__ import annotations

import pytest

from app.services.links import chair_path
from app.services.queries.contributor_space import list_public_groups
from app.services.working_groups.publishing import publish_groups
from tests.cast import make_chair, make_group, make_person


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def sam(session, now):
    group = make_group(session, chairs=[make_chair()])
    publish_groups(session, now=now)
    session.commit()
    return group.chairs[0]


@pytest.fixture
def path(sam, site):
    return chair_path(sam, site=site)


def chairs(session):
    session.expire_all()
    return list_public_groups(session)[0].chairs


def test_opening_it_shows_what_would_be_said_and_changes_nothing(session, sam, path, visitor):
    page = visitor.get(path).text
    for said in ("A chair", "Sam Speaker, Kestrel Works", "Someone from Kestrel Works"):
        assert f"The page says “{said}”" in page
    assert ("checked" in page, 'content="noindex"' in page, chairs(session)) == (False, True, ("A chair",))


def test_a_chair_puts_their_name_right_and_takes_it_back(session, path, visitor):
    form = {"name": " Sam  S. Speaker", "affiliation": "Kestrel", "naming": "name_and_affiliation"}
    assert visitor.post(path, form).status_code == 303
    assert chairs(session) == ("Sam S. Speaker, Kestrel",)
    assert 'value="name_and_affiliation" checked' in visitor.get(path).text
    assert visitor.post(path, {**form, "naming": "none"}).status_code == 303
    assert chairs(session) == ("A chair",)


def test_a_slip_keeps_what_was_typed(session, path, visitor):
    answer = visitor.post(path, {"name": "", "affiliation": "Fjordbank", "naming": "loud"})
    assert (answer.status_code, 'value="Fjordbank"' in answer.text) == (422, True)
    assert "Choose how you are named." in answer.text
    assert chairs(session) == ("A chair",)


def test_who_chairs_it_no_more_says_so(session, sam, path, visitor):
    answer = visitor.post(f"{path}/leave")
    assert (answer.status_code, answer.location) == (303, "/working-groups/ospo-book")
    assert (chairs(session), visitor.get(path).status_code) == ((), 404)


def test_a_link_of_another_kind_opens_nothing(visitor):
    assert visitor.get("/chair/nonsense").status_code == 404


def test_signed_in_they_find_the_groups_that_they_chair(session, path, sign_in):
    page = sign_in(make_person(session, "Sam Speaker")).get("/my/naming").text
    assert (f'href="{path}"' in page, "Its page says “A chair”" in page) == (True, True)
