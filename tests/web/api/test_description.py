"""The description: what the code answers is what it says, as a file and as a page."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup


@pytest.fixture
def said(client):
    return client.get("/api/v1/openapi.json").json


def test_it_is_of_every_resource_and_of_nothing_else(app, said):
    routes = {
        re.sub("<(.+?)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")
    }
    assert (set(said["paths"]), said["openapi"]) == (routes, "3.1.0")
    assert len(routes) == 10


def test_every_part_of_it_has_its_words(said):
    operations = [path["get"] for path in said["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] and operation["tags"] for operation in operations)
    assert not any("default" in operation["responses"] for operation in operations)  # or else any answer were described
    parameters = [
        each for path in said["paths"].values() for each in (*path.get("parameters", ()), *path["get"]["parameters"])
    ]
    assert [each["name"] for each in parameters if not each.get("description")] == []
    schemas = said["components"]["schemas"]
    silent = [
        (name, field)
        for name, schema in schemas.items()
        for field, node in schema["properties"].items()
        if not node.get("description")
    ]
    assert (silent, [name for name, schema in schemas.items() if not schema.get("description")]) == ([], [])


def test_it_leads_to_this_installation(said):
    assert (said["servers"], said["info"]["version"]) == ([{"url": "http://localhost"}], "1")
    assert said["info"]["contact"] == {"email": "organizers@example.org"}


def test_the_page_says_all_of_it_without_a_script_of_others(client, said):
    page = BeautifulSoup(client.get("/api").text, "html.parser")
    written = {code.text for code in page.select(".panel > p > code")}
    assert written == {f"GET {path}" for path in said["paths"]}
    assert {heading["id"] for heading in page.select(".panel > h3[id]")} == set(said["components"]["schemas"])
    here = {each["href"][1:] for each in page.select("main a[href^='#']")}
    assert here <= {each["id"] for each in page.select("[id]")}
    assert [script["src"] for script in page.select("script[src]") if not script["src"].startswith("/static/")] == []


def test_the_entrance_leads_to_the_page(client):
    assert client.get("/api/v1").headers["Location"] == "/api"
