"""Profiles are cleaned and held to their limits; a table says who may do what."""

from __future__ import annotations

import pytest

from app.domain.errors import InvalidInput
from app.domain.people import ProfileForm, Role, RoleCategory, check_name, check_profile, initials
from app.domain.permissions import PERMISSIONS, Permission, may

VERA = ProfileForm("Vera Santos", "she/her", "Kestrel Works", "ospo", "Runs an *OSPO*.", "Europe/Madrid")


def errors_of(form):
    with pytest.raises(InvalidInput) as refused:
        check_profile(form)
    return refused.value.errors


def test_a_checked_profile_shows_in_the_form_as_it_was_typed():
    profile = check_profile(VERA)
    assert profile.role_category is RoleCategory.OSPO
    assert profile.as_form() == VERA


def test_a_name_is_all_that_a_profile_needs():
    profile = check_profile(ProfileForm(name="Vera"))
    assert (profile.role_category, profile.time_zone) == (None, "")
    assert profile.as_form() == ProfileForm(name="Vera")


def test_controls_and_line_breaks_leave_a_profile():
    profile = check_profile(ProfileForm(name=" Vera\r\nBcc:\x00 x ", affiliation="A\u202eB", bio="One\r\n\x0bTwo"))
    assert (profile.name, profile.affiliation, profile.bio) == ("Vera Bcc: x", "AB", "One\n\nTwo")


def test_each_field_of_a_profile_has_its_limit_and_its_sentence():
    form = ProfileForm("n" * 121, "p" * 41, "a" * 121, "boss", "b" * 2001, "Mars/Base")
    assert errors_of(form) == {
        "name": "At most 120 characters; these are 121.",
        "pronouns": "At most 40 characters; these are 41.",
        "affiliation": "At most 120 characters; these are 121.",
        "bio": "At most 2000 characters; these are 2001.",
        "role_category": "Choose one of the categories.",
        "time_zone": "Choose a time zone from the list, such as Europe/Madrid.",
    }


def test_a_profile_at_its_limits_is_taken():
    check_profile(ProfileForm("n" * 120, "p" * 40, "a" * 120, "", "b" * 2000, "UTC"))


@pytest.mark.parametrize("name", ["", " \t\n", "\u202e\x00"])
def test_a_profile_without_a_name_is_sent_back(name):
    assert errors_of(ProfileForm(name=name)) == {"name": "Give your name, as other people should read it."}


@pytest.mark.parametrize("zone", ["CET", "Europe", "../../etc/passwd", "Europe/" + "x" * 60])
def test_what_is_no_zone_of_the_world_is_sent_back(zone):
    assert list(errors_of(ProfileForm(name="Vera", time_zone=zone))) == ["time_zone"]


def test_a_name_alone_is_cleaned_and_limited():
    assert (check_name(" Olu \n A "), check_name("")) == ("Olu A", "")
    with pytest.raises(InvalidInput, match="At most 120 characters"):
        check_name("n" * 121)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Vera Santos", "VS"), ("olu", "O"), ("Ana de la Cruz", "AC"), ("(they) Sam", "S"), ("", "?"), ("- -", "?")],
)
def test_an_avatar_has_up_to_two_letters(name, letters):
    assert initials(name) == letters


def test_every_category_and_role_has_its_words():
    categories = [(category.label, category.short_label, category.someone) for category in RoleCategory]
    assert len(set(categories)) == len(RoleCategory)
    assert [role.label for role in Role] == ["Volunteer", "Member", "Organizer"]
    assert len({role.includes for role in Role}) == 3


def test_each_role_may_do_what_the_one_before_it_may():
    volunteer, member, organizer = (PERMISSIONS[role] for role in Role)
    assert volunteer < member < organizer == set(Permission)


def test_only_organizers_manage_people():
    assert [role for role in Role if may(role, Permission.MANAGE_PEOPLE)] == [Role.ORGANIZER]
