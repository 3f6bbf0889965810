"""Fixtures of the whole suite: real engines, real SMTP, a real browser, and a clock that stands still.

- `engine_name` runs a test once per engine; a folder or a test that wants one engine overrides it.
- `settings` -> `app` -> `client`, `session`, `live_server`, `page` build on each other; take the highest you need.
- `now` is the moment at which every test begins; `clock` is what the application reads, and moves only when told.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

# The same examples in every run: a release is not the day to look for new ones.
hypothesis_settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis_settings.load_profile("suite")

pytest_plugins = [
    "tests.fixtures.application",
    "tests.fixtures.visitors",
    "tests.fixtures.database",
    "tests.fixtures.mail_server",
    "tests.fixtures.secure_mail_server",
    "tests.fixtures.mailbox_server",
    "tests.fixtures.calendar_server",
    "tests.fixtures.browser",
]


def pytest_collection_finish() -> None:
    """What is loaded now stays, and each test leaves a whole application behind: look for garbage less often.

    It was a sixth of the time of page tests; a worker grows by some 50 MB.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


WALKS = ("browser", "front", "journeys", "leaks")
"""Folders whose tests walk through code that others hold line by line."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count lines where it tells something: it makes a test half as slow again.

    The rule of 100 % (`make test`) is kept by the tests of rules, of use cases, and of pages on one engine.
    """
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        varied = item.callspec.params if hasattr(item, "callspec") else {}
        if folder in WALKS or (folder == "web" and varied.get("engine_name") == "postgresql"):
            item.add_marker(pytest.mark.no_cover)


class Clock:
    """The time as the application under test sees it: aware, UTC, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta) -> datetime:
        """Let `step` pass (backwards if negative) and return the new time."""
        self.now += step
        return self.now


@pytest.fixture
def now() -> datetime:
    """A Monday morning, three weeks after the end of summer time in Europe and North America."""
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)
