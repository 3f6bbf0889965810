"""What search engines are told: which pages there are, and that each of them may be listed."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from app.domain.publication import Audience, PublicDetail
from app.feeds.sitemap import SITEMAPS
from app.models import Publication, PublishedGroup, WorkingGroup
from app.services.publishing import publish_touchpoint
from app.web.public import well_known
from app.web.security_headers import INDEXED
from tests.cast import NOW, make_series


@pytest.fixture
def listed(client):
    """The addresses of the list, as paths, with the times of their changes."""

    def read(path="/sitemap.xml"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "application/xml")
        root = ET.fromstring(answer.data)
        entries = [{child.tag.removeprefix(f"{{{SITEMAPS}}}"): child.text for child in entry} for entry in root]
        return {entry["loc"].removeprefix("http://localhost"): entry.get("lastmod") for entry in entries}

    return read


def test_every_page_that_is_listed_is_there_and_may_be(client, publish, listed, session):
    call = publish()
    found = listed()
    changed = session.get(Publication, call.id).changed_at
    assert found[f"/touchpoints/{call.key}"] == found["/schedule"] == f"{changed:%Y-%m-%dT%H:%M:%SZ}"
    assert any(path.startswith("/learning/") for path in found)
    for path in found:
        answer = client.get(path)
        assert (path, answer.status_code, answer.headers.get("X-Robots-Tag")) == (path, 200, None)
        assert 'content="noindex"' not in answer.text


def test_every_page_that_may_be_listed_is(app, listed):
    plain = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in INDEXED and not rule.arguments}
    assert set(listed()) == plain


def test_a_working_group_is_listed_with_its_last_change(session, listed):
    group = WorkingGroup(slug="metrics", name="Metrics", created_at=NOW)
    session.add(group)
    session.flush()
    session.add(PublishedGroup(group_id=group.id, slug="metrics", value={}, last_modified=NOW))
    session.commit()
    found = listed()
    assert found["/working-groups/metrics"] == found["/working-groups"] == f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


def test_a_call_wholly_under_the_rule_and_its_talks_are_not_listed(publish, listed, session, site, now):
    before = listed()
    call = publish()
    for segment in call.segments:
        segment.under_rule = True
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert listed().keys() == before.keys()


def test_a_hidden_call_is_not_listed(publish, listed, session):
    before = listed()
    hidden = make_series(session, "friday", audience=Audience.MEMBERS)
    hidden.public_detail = PublicDetail.NOTHING
    publish(of=hidden)
    assert listed().keys() == before.keys()


def test_more_pages_than_one_file_may_have_are_several_files(publish, listed, client, monkeypatch):
    publish()
    publish(datetime(2026, 12, 17, 14, 0))
    everything = listed()
    monkeypatch.setattr(well_known, "MOST", 5)
    files = listed()
    assert list(files) == [f"/sitemap/{number}.xml" for number in range(1, len(files) + 1)]
    assert {path: when for file in files for path, when in listed(file).items()} == everything
    assert [client.get(f"/sitemap/{number}.xml").status_code for number in (0, len(files) + 1)] == [404, 404]


def test_the_list_is_asked_for_again_by_its_etag(client, publish):
    publish()
    answer = client.get("/sitemap.xml")
    kept = {"If-None-Match": answer.headers["ETag"]}
    assert (answer.headers["Cache-Control"], client.get("/sitemap.xml", headers=kept).status_code) == (
        "public, max-age=300",
        304,
    )
    publish(datetime(2026, 12, 17, 14, 0))
    assert client.get("/sitemap.xml", headers=kept).status_code == 200


def test_robots_are_told_where_the_list_is(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert not any(line.startswith("Disallow: /calendar") for line in lines)
