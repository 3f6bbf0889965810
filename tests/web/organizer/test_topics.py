"""The topics page: one list to rename, order and retire from."""

from __future__ import annotations

import pytest

from app.domain.people import Role
from app.models import Topic
from app.services.topics import list_topics
from tests.cast import make_person


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    session.add_all(
        [Topic(slug="security", name="Security", position=0), Topic(slug="strategy", name="Strategy", position=1)]
    )
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def shown(session):
    session.expire_all()
    return [(topic.slug, topic.name, topic.retired) for topic in list_topics(session)]


def test_only_organizers_see_topics(session, sign_in, visitor):
    assert visitor.get("/topics").status_code == 303
    assert sign_in(make_person(session, "Mira Member", role=Role.MEMBER)).get("/topics").status_code == 404


def test_a_topic_is_added_and_a_second_of_that_name_is_not(session, browser):
    assert browser.post("/topics", {"name": " Culture\x00  and people "}).status_code == 303
    again = browser.post("/topics", {"name": "culture and people"})

    assert (again.status_code, "There is such a topic already." in again.text) == (422, True)
    assert shown(session)[2] == ("culture-and-people", "Culture and people", False)


def test_names_and_order_are_saved_together(session, browser):
    form = {"name-security": "Safety", "place-security": "2", "name-strategy": "Strategy", "place-strategy": "1"}

    assert browser.post("/topics/save", form).status_code == 303
    assert shown(session) == [("strategy", "Strategy", False), ("security", "Safety", False)]


def test_a_mistake_keeps_what_was_typed(session, browser):
    answer = browser.post("/topics/save", {"name-security": "", "name-strategy": "Plans", "place-security": "x"})

    assert answer.status_code == 422
    assert 'value="Plans"' in answer.text
    assert shown(session)[1] == ("strategy", "Strategy", False)


def test_a_topic_is_retired_and_offered_again(session, browser):
    assert browser.post("/topics/security/retire").status_code == 303
    assert "Offer again" in browser.get("/topics").text
    assert shown(session)[0] == ("security", "Security", True)

    assert browser.post("/topics/security/offer").status_code == 303
    assert shown(session)[0] == ("security", "Security", False)
    assert browser.post("/topics/nothing/retire").status_code == 404
