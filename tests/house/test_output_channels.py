"""The list of every way out of the house has every way out of the house."""

from __future__ import annotations

import re

import click
import pytest

from tests.house.sources import ROOT, TEMPLATES

LIST = (ROOT / "docs" / "output-channels.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`]+)`", LIST))
OF_FLASK = {"routes", "run", "shell"}


@pytest.fixture
def engine_name():
    return "sqlite"


def test_every_page_is_in_the_list(app):
    """By the first part of its address."""
    named = {name.split("/")[1] for name in NAMED if name.startswith("/")}
    rooms = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    assert rooms - named == set()


def test_every_kind_of_mail_is_in_the_list():
    kinds = {folder.name for folder in (TEMPLATES / "emails").iterdir() if folder.is_dir()}
    assert kinds - NAMED == set()


def test_every_command_is_in_the_list(app):
    commands = {name for name, command in app.cli.commands.items() if isinstance(command, click.Command)}
    assert commands - NAMED - OF_FLASK == set()
