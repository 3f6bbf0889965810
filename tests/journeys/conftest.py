"""Fixtures for journeys: windows for people, and the post that reaches them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.fixtures.mail_server import ScriptedMailServer
from tests.fixtures.visitors import Visitor
from tests.journeys.post import Post
from tests.journeys.window import Window


@pytest.fixture
def new_window(new_visitor: Callable[[], Visitor]) -> Callable[[], Window]:
    """Makes windows, each with a browser of its own."""
    return lambda: Window(new_visitor())


@pytest.fixture
def post(app: Flask, smtp_server: ScriptedMailServer) -> Post:
    """What the application sends. The module says `mail_url = smtp_server.url`."""
    return Post(app, smtp_server)
