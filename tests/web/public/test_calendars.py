"""Feeds over HTTP, as the clients of many makers ask for them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.http import http_date

from app.domain.states import TouchpointState
from app.services.publishing import publish_touchpoint
from tests.calendars import octet_problems, read_with_ical

FEEDS = ["/calendar/all.ics", "/calendar/thursday.ics"]


@pytest.fixture(autouse=True)
def touchpoint(publish):
    return publish()


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_public_cacheable_and_without_a_cookie(client, path, now, clock):
    clock.advance(timedelta(seconds=1))
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Last-Modified"] == http_date(now)
    assert answer.headers["Content-Disposition"] == f"inline; filename={path.rsplit('/')[-1]}"
    assert "Set-Cookie" not in answer.headers
    assert octet_problems(answer.data) == []
    assert [entry.summary for entry in read_with_ical(answer.data)] == ["Thursday: Upstream first"]


def test_a_cookie_of_a_visitor_changes_nothing(client):
    plain = client.get("/calendar/all.ics")
    client.get("/schedule")
    client.set_cookie("tz", "Asia/Tokyo")
    again = client.get("/calendar/all.ics")
    assert (again.data, again.headers["ETag"], again.headers["Vary"]) == (
        plain.data,
        plain.headers["ETag"],
        "Accept-Encoding",
    )


def test_every_worker_serves_the_same_octets(app, client, settings, clock):
    from app import create_app
    from tests.fixtures.application import dispose

    second = create_app(settings, clock=clock)
    other = second.test_client().get("/calendar/all.ics")
    dispose(second)
    first = client.get("/calendar/all.ics")
    assert (other.data, other.headers["ETag"]) == (first.data, first.headers["ETag"])


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"other", {0}', '"other" , W/{0} , "third"', "*"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_who_has_it_already_gets_304(client, form, encoding):
    etag = client.get("/calendar/all.ics", headers={"Accept-Encoding": encoding}).headers["ETag"]
    asked = {"Accept-Encoding": encoding, "If-None-Match": form.format(etag)}
    answer = client.get("/calendar/all.ics", headers=asked)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_who_has_another_version_gets_this_one(client, now):
    stale = {"If-None-Match": '"other"', "If-Modified-Since": http_date(now)}  # the ETag decides
    assert client.get("/calendar/all.ics", headers=stale).status_code == 200


@pytest.mark.parametrize(("step", "status"), [(timedelta(0), 304), (timedelta(1), 304), (timedelta(seconds=-1), 200)])
def test_a_date_alone_decides_too(client, now, clock, step, status):
    clock.advance(timedelta(seconds=1))
    answer = client.get("/calendar/all.ics", headers={"If-Modified-Since": http_date(now + step)})
    assert answer.status_code == status


def test_within_the_second_of_a_change_no_date_is_given_and_none_counts(client, session, touchpoint, site, now, clock):
    """Another change in that second, a name that is taken back perhaps, would have the same date."""
    assert "Last-Modified" not in client.get("/calendar/all.ics").headers
    touchpoint.state = TouchpointState.SKIPPED
    publish_touchpoint(session, touchpoint, site=site, now=now + timedelta(microseconds=1))
    session.commit()
    clock.advance(timedelta(milliseconds=999))
    answer = client.get("/calendar/all.ics", headers={"If-Modified-Since": http_date(now)})
    assert (answer.status_code, b"STATUS:CANCELLED" in answer.data) == (200, True)


def test_a_change_of_what_is_public_gives_a_new_etag(client, session, touchpoint, site, now):
    etag = client.get("/calendar/all.ics").headers["ETag"]
    touchpoint.state = TouchpointState.SKIPPED
    publish_touchpoint(session, touchpoint, site=site, now=now)
    answer = client.get("/calendar/all.ics", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.headers["ETag"] != etag) == (200, True)
    assert b"STATUS:CANCELLED" in answer.data


def test_it_is_compressed_for_those_who_ask_and_with_an_etag_of_its_own(client):
    plain = client.get("/calendar/all.ics")
    zipped = client.get("/calendar/all.ics", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert not zipped.headers["ETag"].startswith("W/")
    assert zipped.headers["Vary"] == "Accept-Encoding"
    assert client.get("/calendar/all.ics", headers={"Accept-Encoding": "gzip"}).data == zipped.data


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip;q=0", ""])
def test_it_is_not_compressed_for_others(client, encoding):
    answer = client.get("/calendar/all.ics", headers={"Accept-Encoding": encoding})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_says_the_same_without_a_body(client, encoding):
    headers = {"Accept-Encoding": encoding}
    get, head = client.get("/calendar/all.ics", headers=headers), client.head("/calendar/all.ics", headers=headers)
    assert (head.status_code, head.data) == (200, b"")
    names = ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Cache-Control", "Vary", "Content-Encoding")
    assert [head.headers.get(name) for name in names] == [get.headers.get(name) for name in names]


@pytest.mark.parametrize("path", ["/calendar/friday.ics", "/calendar/ALL.ics", "/touchpoints/unknown.ics"])
def test_an_unknown_calendar_is_a_plain_404(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text.startswith("There is no such ")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_feed_is_only_read(client, method):
    answer = getattr(client, method)("/calendar/all.ics")
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].replace(",", " ").split())


def test_an_empty_series_is_an_empty_calendar(client, session):
    from tests.cast import make_series

    make_series(session, "friday")
    answer = client.get("/calendar/friday.ics")
    assert (answer.status_code, read_with_ical(answer.data)) == (200, [])
    assert "Last-Modified" not in answer.headers


def test_the_server_sends_the_feed_unchanged_over_a_real_connection(live_server, session, touchpoint):
    from urllib.request import urlopen

    with urlopen(f"{live_server}/calendar/all.ics") as answer:
        body = answer.read()
    assert octet_problems(body) == []
    assert f"{live_server}/touchpoints/{touchpoint.key}".encode() in body.replace(b"\r\n ", b"")


def test_one_call_is_a_file_to_download(client, touchpoint):
    answer = client.get(f"/touchpoints/{touchpoint.key}.ics")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=touchpoint-{touchpoint.key}.ics"
    (entry,) = read_with_ical(answer.data)
    assert (entry.uid.split("@")[0], entry.start) == (touchpoint.uid, datetime(2026, 12, 10, 13, 0, tzinfo=UTC))


def test_a_planned_call_has_no_file(client, publish):
    planned = publish(datetime(2026, 12, 24, 14, 0), title="")
    assert client.get(f"/touchpoints/{planned.key}.ics").status_code == 404


def test_the_qr_code_is_a_picture_that_may_be_kept(client):
    answer = client.get("/calendar/thursday.qr.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.data.startswith(b"<svg")
    assert b"style=" not in answer.data
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/calendar/thursday.qr.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(("slug", "status"), [("all", 200), ("friday", 404)])
def test_there_is_a_qr_code_for_every_feed_and_no_other(client, slug, status):
    assert client.get(f"/calendar/{slug}.qr.svg").status_code == status
