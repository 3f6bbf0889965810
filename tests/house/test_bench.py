"""The bench tells what it found, whatever became of a part of it."""

from __future__ import annotations

from scripts.bench.__main__ import _try
from scripts.bench.report import Report, at_least, at_most


def test_the_table_says_of_each_figure_on_each_engine_whether_it_holds():
    report = Report()
    for engine, rate in (("sqlite", 300.0), ("postgresql", 299.0)):
        report.engine = engine
        report.begin("schedule")
        report.add("page", rate, "/s", at_least(300))
        report.add("worker", 90.0, "MB", at_most(90), note="at rest")
        report.add("size", 1.25, "kB")
    assert [line.split() for line in report.table().splitlines()] == [
        ["sqlite", "postgresql", "bar", "verdict"],
        [],
        ["schedule"],
        ["page", "300", "299", "/s", ">=", "300", "below", "(postgresql)"],
        ["worker", "90", "90", "MB", "<=", "90", "pass"],
        ["size", "1.25", "1.25", "kB"],
    ]
    assert not report.has_failures


def test_a_part_that_fails_costs_its_own_figures_alone():
    report = Report()
    report.engine = "sqlite"

    def breaks_off():
        report.begin("mail")
        report.add("mails", 251.0, "/s", at_least(250))
        raise SystemExit("The mail sink did not start.")

    _try(report, "mail", breaks_off)
    assert report.has_failures
    assert "mails" in report.table()
    assert report.table().endswith("\nFAILED  mail (sqlite): The mail sink did not start.\n")
