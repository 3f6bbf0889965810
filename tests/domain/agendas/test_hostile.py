"""Agendas that somebody wrote to keep a reader busy. Without a guard, each of these takes hours or breaks the stack."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.agendas.linting import MOST_OF_A_RULE, count_by_code, lint
from app.domain.agendas.values import Source
from app.domain.errors import InvalidInput
from app.domain.imports.issue_form import read_issue_form
from tests.agendas import HEAD

CALL = "Date: May 1\n"
WIDE = 40_000


def codes(text):
    return count_by_code(lint([Source("A_2025/a.md", text)], today=date(2026, 1, 1)))


@pytest.mark.parametrize(
    "text",
    [
        "# a" + " " * WIDE + "x",
        "# C\n" + CALL + "a" + " " * WIDE + "b",
        "|\n" + " " * WIDE + "- " + "\t" * WIDE + "x",
        CALL + "https://zoom.us/j/1 " + "a" * 4 * WIDE,
        f"{HEAD}|{'|'.join(['1:00 (' + '1:00 ' * 900] * 4)}|\n" * 9,
        CALL + "## Agenda\n" + "\n".join(" " * depth + "- a" for depth in range(500)),
    ],
    ids=["heading", "label", "divider", "secret", "clock", "depth"],
)
def test_what_is_written_to_take_long_does_not(text):
    assert codes(text).keys() <= {"TP103", "TP108", "TP203", "TP403", "TP502", "TP603", "TP604", "TP605"}


def test_of_one_rule_so_much_is_found_as_somebody_may_read():
    rows = "".join(f"| May 1 | 1 | a{number}, b{number} |\n" for number in range(2 * MOST_OF_A_RULE))
    table = f"| Date | Time | Topic | Tag |\n|-|-|-|-|\n{rows}"
    assert codes(table)["TP108"] == MOST_OF_A_RULE


def test_a_heading_of_an_issue_that_goes_on_and_on_is_no_heading_of_ours():
    with pytest.raises(InvalidInput):
        read_issue_form("### Session Title" + " #" * WIDE + "x")
