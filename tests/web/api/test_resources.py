"""Each resource: what it says, what it can be asked, and that it says no more than the page beside it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

API = "/api/v1"


def get(client, path):
    answer = client.get(f"{API}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json


def keys(client, path):
    return [item["key"] for item in get(client, path)["items"]]


def test_a_call_stands_with_its_talks_in_utc_and_on_its_own_clock(client, scene):
    said = get(client, f"/touchpoints/{scene.coming.key}")
    assert (said["status"], said["title"], said["moved_from"]) == ("confirmed", "Talk of 10 December", None)
    assert (said["starts_at"], said["local_starts_at"], said["time_zone"]) == (
        "2026-12-10T13:00:00Z",
        "2026-12-10T14:00:00+01:00",
        "Europe/Madrid",
    )
    assert [part["starts_at"] for part in said["agenda"]][:2] == ["2026-12-10T13:00:00Z", "2026-12-10T13:05:00Z"]
    assert said["talks"][0]["speakers"] == ["Sam Speaker, Kestrel Works", "A speaker"]
    assert said["url"] == f"http://localhost/touchpoints/{scene.coming.key}"
    assert said["calendar_url"] == f"http://localhost/touchpoints/{scene.coming.key}.ics"
    assert (said["changed_at"], said["date"], said["day_known"]) == ("2026-11-23T09:00:00Z", "2026-12-10", True)


def test_a_talk_stands_with_its_call_and_those_who_agreed(client, scene):
    said = get(client, f"/talks/{scene.talk.key}")
    assert (said["title"], said["speakers"]) == ("Talk of 10 December", ["Sam Speaker, Kestrel Works", "A speaker"])
    assert (said["roles"], said["topics"], said["links"]) == (["ospo"], ["Upstream first"], [])
    assert (said["touchpoint"]["key"], said["series"]["slug"]) == (scene.coming.key, "thursday")
    assert said["url"] == f"http://localhost/learning/{scene.talk.key}"
    assert "Kim" not in str(said)


def test_calls_are_listed_by_their_start_cancelled_ones_too_and_hidden_ones_not(client, scene):
    found = get(client, "/touchpoints")
    assert [(item["key"], item["status"]) for item in found["items"]] == [
        (scene.held.key, "confirmed"),
        (scene.members.key, "confirmed"),
        (scene.coming.key, "confirmed"),
        (scene.cancelled.key, "cancelled"),
        (scene.planned.key, "planned"),
    ]
    assert (found["total"], found["next"]) == (5, None)
    assert client.get(f"{API}/touchpoints/{scene.hidden.key}").status_code == 404
    assert [item["slug"] for item in get(client, "/series")["items"]] == ["thursday", "friday"]


def test_a_members_only_call_stands_at_its_public_level(client, scene):
    said = get(client, f"/touchpoints/{scene.members.key}")
    assert (said["series"]["audience"], said["series"]["public_detail"]) == ("members", "title_and_time")
    assert (said["title"], said["agenda"]) == ("Talk of 4 December", [])
    assert [(talk["speakers"], talk["roles"], talk["starts_at"]) for talk in said["talks"]] == [([], [], None)]


def test_a_call_that_does_not_take_place_says_why(client, scene):
    said = get(client, f"/touchpoints/{scene.cancelled.key}")
    assert (said["status"], said["skipped"], said["reason"], said["title"], said["talks"]) == (
        "cancelled",
        True,
        "A holiday",
        None,
        [],
    )
    assert get(client, f"/touchpoints/{scene.planned.key}")["calendar_url"] is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("series=friday", ["members"]),
        ("status=cancelled", ["cancelled"]),
        ("to=2026-11-23", ["held"]),
        ("from=2026-12-17", ["cancelled", "planned"]),
        ("to=2026-12-10&from=2026-12-10", ["coming"]),  # a day counts to its end
        ("from=2026-12-10T14:00:00%2B01:00&to=2026-12-10t13:00:01z", ["coming"]),
        ("updated_since=2026-11-24", []),
        ("order=newest&limit=1", ["planned"]),
    ],
)
def test_calls_can_be_asked_for(client, scene, query, names):
    assert keys(client, f"/touchpoints?{query}") == [getattr(scene, name).key for name in names]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=10+december", ["Talk of 10 December"]),
        ("q=decem&series=friday", ["Talk of 4 December"]),
        ("topic=upstream&to=2026-11-23", ["Talk of 29 October"]),
        ("role=ospo&from=2026-12-01", ["Talk of 10 December"]),
        ("working_group=ospo-book", []),
    ],
)
def test_talks_can_be_asked_for(client, scene, query, titles):
    assert [item["title"] for item in get(client, f"/talks?{query}")["items"]] == titles


def test_a_list_is_followed_from_part_to_part(client, scene):
    path, seen = "/touchpoints?limit=2&order=oldest", []
    while path:
        answer = client.get(f"{API}{path}")
        seen += [item["key"] for item in answer.json["items"]]
        onward = answer.json["next"]
        assert answer.headers.get("Link") == (f'<{onward}>; rel="next"' if onward else None)
        path = onward and onward.removeprefix(f"http://localhost{API}")
    assert seen == keys(client, "/touchpoints")


def test_every_address_in_an_answer_leads_somewhere(client, scene):
    """Other sites' addresses are none of ours."""
    lists = [get(client, path) for path in ("/series", "/touchpoints", "/talks", "/topics", "/working-groups")]
    found = set(_addresses(lists))
    assert {urlsplit(each).path.split("/")[1] for each in found} == {
        *("api", "calendar", "learning", "schedule", "touchpoints", "working-groups")
    }
    assert {each for each in found if client.get(each.removeprefix("http://localhost")).status_code != 200} == set()


def _addresses(said):
    if isinstance(said, str) and said.startswith("http://localhost"):
        yield said
    for part in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from _addresses(part)


def test_things_are_found_by_their_name(client, scene):
    assert get(client, "/series/thursday")["rhythm"] == "Every 2nd Thursday, 14:00 Madrid"
    assert get(client, "/topics/upstream")["name"] == "Upstream first"
    group = get(client, "/working-groups/ospo-book")
    assert (group["chairs"], group["calendar"], group["channels"]) == (
        ["A chair"],
        None,
        [{"label": "List", "address": "mailto:book@lists.example.org"}],
    )


@pytest.mark.parametrize("words", ["Kim", "Hidden", "Unsaid", "kim@example.org"])
def test_nobody_is_found_by_what_they_keep_back(client, scene, words):
    assert get(client, f"/talks?q={words}")["total"] == 0
    assert get(client, "/talks?q=Sam")["total"] == 2  # who agreed is found, but on the members' call
