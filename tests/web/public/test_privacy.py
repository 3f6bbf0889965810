"""The privacy notice says who is responsible and how long things are kept here."""

from __future__ import annotations

import pytest

from app.domain.people import Role
from tests.cast import make_person


def test_it_has_the_periods_of_this_installation(visitor):
    page = " ".join(visitor.get("/privacy").text.split())
    assert "Declined and withdrawn proposals go after a year." in page
    assert "an account that nobody uses after 2 years" in page
    assert "The organizers of Touchpoints" in page
    assert "organizers@example.org" in page


def test_every_page_links_to_it(visitor):
    assert '<a href="/privacy">Privacy</a>' in visitor.get("/").text


@pytest.mark.parametrize(("role", "is_told"), [(Role.ORGANIZER, True), (Role.VOLUNTEER, False)])
def test_organizers_read_what_the_operator_has_not_said(sign_in, session, role, is_told):
    page = sign_in(make_person(session, "Olu", role=role)).get("/privacy").text
    assert ("PRIVACY_CONTROLLER" in page) is is_told
