"""How the open data answers: validators, compression, other sites' pages, limits, and problems in place of pages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.extensions import limiter
from app.services.publishing import publish_touchpoint
from tests.fixtures.application import dispose, settings_for

LIST, SCHEDULE = "/api/v1/touchpoints", "/schedule.xml"
BOTH = pytest.mark.parametrize("path", [LIST, SCHEDULE, "/api/v1/openapi.json"])


@BOTH
def test_whoever_has_it_is_told_so(client, scene, path):
    first = client.get(path)
    etag = first.headers["ETag"]
    for known in (etag, f'W/{etag}, "other"', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
        assert (again.headers["Cache-Control"], again.headers["Vary"]) == ("public, max-age=300", "Accept-Encoding")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@BOTH
def test_compressed_bytes_have_a_validator_of_their_own(client, scene, path):
    plain, zipped = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert (zipped.headers["Content-Encoding"], gzip.decompress(zipped.data)) == ("gzip", plain.data)
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    asked = {"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["ETag"]}
    assert client.get(path, headers=asked).status_code == 304


def test_a_change_changes_the_validator(client, session, scene, site, now):
    etag = client.get(LIST).headers["ETag"]
    scene.talk.proposal.title = "Another title"
    publish_touchpoint(session, scene.coming, site=site, now=now)
    answer = client.get(LIST, headers={"If-None-Match": etag})
    assert (answer.status_code, "Another title" in answer.text) == (200, True)


def test_one_thing_says_when_it_changed_and_a_date_alone_is_answered_whole(client, scene):
    """A list keeps its newest date when something is taken out of it, so it has none."""
    one = client.get(f"{LIST}/{scene.coming.key}")
    assert one.headers["Last-Modified"] == "Mon, 23 Nov 2026 09:00:00 GMT"
    dated = {"If-Modified-Since": one.headers["Last-Modified"]}
    assert client.get(f"{LIST}/{scene.coming.key}", headers=dated).status_code == 200
    assert "Last-Modified" not in client.get(LIST).headers


@BOTH
def test_no_cookie_is_read_or_set_and_any_site_may_read(client, scene, path):
    client.set_cookie("touchpoints", "whatever")
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert ("Set-Cookie" in answer.headers, answer.headers["Vary"]) == (False, "Accept-Encoding")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert {"ETag", "Link"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))


def test_browsers_that_ask_first_are_told_what_they_may(client):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(LIST, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match"


@BOTH
def test_head_has_the_headers_alone(client, scene, path):
    whole, head = client.get(path), client.head(path)
    assert (head.data, head.headers["ETag"], head.headers["Content-Length"]) == (
        b"",
        whole.headers["ETag"],
        str(len(whole.data)),
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/api/v1/nothing", 404, "There is nothing at this address."),
        ("GET", "/api/v1/touchpoints/none", 404, "There is no such call."),
        ("GET", "/api/v1/touchpoints/%00", 404, "There is nothing of this name."),
        ("GET", "/api/v1/touchpoints?stauts=planned", 422, "There is no such parameter here."),
        ("GET", "/api/v1/series?series=a&series=b", 422, "Ask for one of these at a time."),
        ("GET", "/api/v1/touchpoints?after=x", 422, "Take this from `next`, as it stands there."),
        ("POST", LIST, 405, "This data can only be read: use GET, HEAD or OPTIONS."),
        ("DELETE", LIST, 405, "This data can only be read: use GET, HEAD or OPTIONS."),
    ],
)
def test_what_goes_wrong_is_a_problem_and_not_a_page(client, scene, method, path, status, detail):
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (answer.json["status"], answer.json["detail"]) == (status, detail)
    assert (answer.headers["Cache-Control"], answer.headers["Access-Control-Allow-Origin"]) == ("no-store", "*")
    assert "Set-Cookie" not in answer.headers


def test_each_parameter_has_its_sentence(client):
    said = client.get(f"{LIST}?limit=0&from=2026-13-01&to=2026-12-01T10:00&status=moved").json["errors"]
    when = "Write a day like 2026-12-01, or an instant like 2026-12-01T16:30:00Z (in an offset, + is %2B)."
    assert said == {
        "from": when,
        "limit": "Must be greater than or equal to 1 and less than or equal to 100.",
        "status": "Must be one of: planned, confirmed, cancelled.",
        "to": when,
    }


def test_moments_at_the_ends_of_the_calendar_are_moments(client, scene):
    for moment in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "9999-12-31"):
        assert client.get(f"{LIST}?from={moment}&to={moment}&updated_since={moment}").json["items"] == []


@pytest.mark.parametrize(
    ("accept", "status"), [("application/json", 200), ("*/*", 200), ("text/html,*/*;q=0.8", 200), ("text/csv", 406)]
)
def test_json_is_what_there_is(client, scene, accept, status):
    answer = client.get(LIST, headers={"Accept": accept})
    assert answer.status_code == status
    assert json.loads(answer.data).get("detail") == ("This is given as JSON only." if status == 406 else None)


def test_a_schedule_that_there_is_not_says_so_in_a_line(client, scene):
    for path in ("/schedule.xml?series=secret", "/schedule.json?year=soon", "/schedule.json?year=0000"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype, answer.text.count("\n")) == (404, "text/plain", 1)


def test_schedules_are_of_a_series_or_a_year(client, scene):
    assert [client.get(f"/schedule.json{query}").json["schedule"]["conference"]["acronym"] for query in (
        "", "?series=thursday", "?year=2025"
    )] == ["touchpoints_2026", "thursday_2026", "touchpoints_2025"]  # fmt: skip
    assert client.get("/schedule.xml").mimetype == "application/xml"


def test_an_instant_with_less_than_an_offset_is_refused_in_words(client):
    assert client.get(f"{LIST}?from=2026-12-01T10:00+01:00").status_code == 422  # the + is a space by now


class TestLimits:
    @pytest.fixture
    def app(self, database_url, tmp_path, clock) -> Iterator[Flask]:
        """The application as it runs outside of tests, where limits of rate hold."""
        variables = {"TOUCHPOINTS_ENV": "development", "BASE_URL": "http://localhost"}
        application = create_app(settings_for(database_url, tmp_path / "instance", **variables), clock=clock)
        limiter.reset()
        yield application
        limiter.enabled = False
        dispose(application)

    def test_one_caller_asks_three_hundred_times_a_minute(self, client):
        statuses = {client.get("/api/v1/topics").status_code for _ in range(300)}
        refused = client.get(LIST)
        assert (statuses, refused.status_code, refused.mimetype) == ({200}, 429, "application/problem+json")
        assert refused.headers["Retry-After"].endswith(" GMT")
        assert refused.json["detail"].startswith("There were many requests from you in a short time. Try again after")
