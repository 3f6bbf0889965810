"""From an empty database to a community that meets: two organizers, two series, dates to come. All of it over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from tests.journeys.post import Post, kinds
from tests.journeys.window import Window

JOIN_LINK = "https://meet.example.org/thursday-secret"
_SERIES = (
    {
        "name": "Europe Chapter and OSPOlogy",
        "short_name": "Thursday",
        "slug": "thursday",
        "audience": "open",
        "hue": "blue",
        "shape": "circle",
        "role_address": "thursday@example.org",
    },
    {
        "name": "General Member",
        "short_name": "Friday",
        "slug": "friday",
        "audience": "members",
        "hue": "plum",
        "shape": "square",
        "role_address": "friday@example.org",
    },
)
_RULES = {
    "thursday": {"rhythm": "weekly", "weekday": "4", "weeks": "2", "start": "14:00", "valid_from": "2026-12-03"},
    "friday": {"rhythm": "monthly", "weekday": "5", "nth": ["2", "4"], "start": "17:30", "valid_from": "2026-12-01"},
}


@dataclass
class Community:
    """The organizers at their browsers."""

    olu: Window
    ines: Window


def found_community(app: Flask, post: Post, new_window: Callable[[], Window]) -> Community:
    """Olu comes from the command line, founds both series and lets Ines in. Nobody else knows of it yet."""
    added = ["people", "add", "olu@example.org", "--name", "Olu Organizer", "--role", "organizer"]
    assert app.test_cli_runner().invoke(args=added).exit_code == 0
    olu = signed_in(new_window(), post, "olu@example.org")
    olu.open("/topics").press("Add the topic", {"name": "Culture"})
    for fields in _SERIES:
        olu.open("/series/new").press("Begin the series", fields)
        rule = {"minutes": "60", "zone": "Europe/Madrid", **_RULES[fields["slug"]]}
        olu.press("Save the rule", rule)
        assert olu.address == f"/series/{fields['slug']}", olu.said
    olu.open("/series/thursday").press("Save the join link", {"join_url": JOIN_LINK})
    olu.open("/touchpoints/new").press("Open them", {"until": "2026-12-31"})
    olu.open("/people").press("Add", {"email": "ines@example.org", "name": "Ines Organizer", "role": "organizer"})
    return Community(olu, signed_in(new_window(), post, "ines@example.org"))


def signed_in(window: Window, post: Post, address: str) -> Window:
    """The window after signing in by the mailed link."""
    window.open("/sign-in").press("Mail me a link", {"email": address})
    [letter] = post.deliver()
    assert kinds([letter]) == [("sign_in", address)]
    return window.open(letter.link("/sign-in/")).press("Sign in", of="main")
