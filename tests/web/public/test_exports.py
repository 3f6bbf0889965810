"""The agendas as Markdown: shown to be copied, downloaded, asked for again."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup

KINDS = ["2026", "newsletter", "next-calls", "calls/{key}"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_shows_the_very_text_of_the_file(client, publish, kind):
    call = publish(title="Pipes | [and] <b>tags</b>")
    path = f"/agendas/{kind.format(key=call.key)}"
    page, file = client.get(path), client.get(f"{path}.md")
    assert (page.status_code, file.status_code) == (200, 200)
    shown = BeautifulSoup(page.text, "html.parser").find("textarea", id="markdown").get_text()
    assert shown == file.text
    assert r"Pipes \| \[and\] \<b>tags\</b>" in file.text
    assert (page.headers["X-Robots-Tag"], file.headers["X-Robots-Tag"]) == ("noindex", "noindex")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_kept_and_asked_for_again(client, publish, kind):
    path = f"/agendas/{kind.format(key=publish().key)}.md"
    file, head = client.get(path), client.head(path)
    assert file.headers["Content-Type"] == "text/markdown; charset=utf-8; variant=GFM"
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    assert (file.headers["Cache-Control"], "Set-Cookie" in file.headers) == ("public, max-age=300", False)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", file.headers["ETag"])
    again = client.get(path, headers={"If-None-Match": file.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_change_is_another_etag(client, publish):
    publish()
    before = client.get("/agendas/2026.md").headers["ETag"]
    publish(datetime(2026, 12, 17, 14, 0), "Another")
    assert client.get("/agendas/2026.md", headers={"If-None-Match": before}).status_code == 200


def test_the_first_page_is_this_years_or_what_comes_next(client, publish, clock):
    assert "No calls are planned yet." in client.get("/agendas").text
    publish()
    assert "Agenda Overview (2026)" in client.get("/agendas").text
    clock.now = clock.now.replace(year=2029)
    assert "Agenda Overview (2026)" in client.get("/agendas").text


@pytest.mark.parametrize(
    "path", ["/agendas/2025", "/agendas/2025.md", "/agendas/99999999999", "/agendas/calls/none.md"]
)
def test_what_there_is_not_is_not_found(client, publish, path):
    publish()
    assert client.get(path).status_code == 404


def test_a_page_of_a_year_leads_to_the_file_of_each_call(client, publish):
    call = publish()
    page = BeautifulSoup(client.get("/agendas/2026").text, "html.parser").main
    assert page.find("a", href=f"/agendas/calls/{call.key}").get_text() == "10 December"
    assert page.find("a", href="/agendas/2026.md")
