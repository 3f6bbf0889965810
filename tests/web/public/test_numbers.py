"""The public numbers: each chart says the same as the table beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup


@pytest.fixture
def engine_name():
    return "sqlite"


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def test_before_a_call_was_held_there_is_nothing_to_count(client):
    assert "Nothing to count yet" in client.get("/numbers").text


def test_each_chart_has_a_name_and_a_table_with_the_same_numbers(client, publish):
    for week in range(6):
        publish(datetime(2026, 1, 8, 14, 0) + timedelta(weeks=week))
    page = BeautifulSoup(client.get("/numbers").text, "html.parser").main
    charts = page.find_all("figure")
    assert [words(chart.figcaption) for chart in charts] == [
        "Talks by role of their speakers",
        "Calls between 8:00 and 20:00 there",
        "Europe Chapter and OSPOlogy",
    ]
    assert [chart.svg["aria-label"] for chart in charts][::2] == [
        "Talks by role of their speakers: OSPO member 6",
        "Europe Chapter and OSPOlogy: 2026 6",
    ]
    assert [[words(row) for row in chart.tbody.find_all("tr")] for chart in charts] == [
        ["OSPO member 6"],
        ["New York 100 %", "Madrid 100 %", "Bengaluru 100 %", "Tokyo 0 %"],
        ["2026 6"],
    ]
    assert not page.find(style=True)


def test_numbers_name_nobody(client, publish):
    publish(datetime(2026, 1, 8, 14, 0))
    page = client.get("/numbers").text
    assert "Sam" not in page
    assert "Kestrel" not in page
