"""What pages say of calls of which only the month is known: the month, and never a day or a time."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.models import Talk

TOLD = ("1 March", "1 Mar", "00:30", "06:30", "00:35")


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def sometime(publish):
    """A call of March 2026; wherever clocks are behind Madrid's, its instant is in February."""
    return publish(datetime(2026, 3, 1, 0, 30), day_known=False)


@pytest.fixture
def read(client):
    def read(path):
        client.set_cookie("tz", "America/New_York")
        answer = client.get(path)
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser")

    return read


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


@pytest.mark.parametrize("path", ["/touchpoints/{call}", "/learning/{talk}", "/learning"])
def test_no_page_says_a_day_or_a_time(read, session, sometime, path):
    key = session.scalars(select(Talk.key).where(Talk.touchpoint_id == sometime.id)).one()
    page = read(path.format(call=sometime.key, talk=key))
    said = f"{page.title.string} {page.find('meta', attrs={'name': 'description'})} {words(page.main)}"
    assert "Upstream first" in said
    assert "Mar" in said
    assert [text for text in TOLD if text in said] == []
    assert [each["datetime"] for each in page.main.find_all("time") if each["datetime"].startswith("2026-03-01T")] == []


def test_the_calendar_lists_it_beside_the_days_of_its_month(read, sometime):
    for view in ("/calendar", "/calendar/agenda"):
        page = read(f"{view}?month=2026-03")
        assert words(page.find(class_="cal-undated")) == "Day not known Thursday Upstream first"
        assert "1 call of ours" in words(page)
        assert "Nothing in" not in words(page)
    assert read("/calendar?month=2026-04").find(class_="cal-undated") is None


def test_there_are_no_times_and_no_file_of_it(client, sometime):
    assert client.get(f"/touchpoints/{sometime.key}/times").status_code == 404
    assert client.get(f"/touchpoints/{sometime.key}.ics").status_code == 404


def test_open_data_says_its_month(client, session, sometime):
    said = client.get(f"/api/v1/touchpoints/{sometime.key}").json
    assert (said["date"], said["day_known"], said["calendar_url"]) == ("2026-03", False, None)
    instants = ("starts_at", "ends_at", "local_starts_at", "local_ends_at")
    assert [said[name] for name in instants] == [None] * 4
    assert {part["starts_at"] for part in said["agenda"]} == {None}
    (talk,) = client.get("/api/v1/talks").json["items"]
    assert (talk["touchpoint"]["date"], talk["touchpoint"]["starts_at"], talk["starts_at"]) == ("2026-03", None, None)
