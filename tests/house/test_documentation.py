"""What the documentation names exists, and what must be documented is."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tests.house.sources import ROOT, own_files, text_of

DOCUMENTS = sorted(path for path in own_files() if path.suffix == ".md")
PICTURES = sorted((ROOT / "docs" / "screenshots").glob("*.png"))
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
_LINK = re.compile(r"(?<=\]\()[^)\s]+|(?<=src=\")[^\"]+")
_OUTSIDE = ("http://", "https://", "mailto:")


def anchors(document: Path) -> set[str]:
    """The anchors that a Markdown page gives its headings."""
    headings = re.findall(r"^#+ (.*)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> list[str]:
    broken = []
    for link in _LINK.findall(text_of(document)):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        leads = link.startswith(_OUTSIDE) or (target.exists() and (not anchor or anchor in anchors(target)))
        broken += [] if leads else [link]
    return broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    assert broken_links(document) == []


def test_every_setting_is_explained():
    read = {
        name
        for path in (ROOT / "app" / "config").glob("*.py")
        for name in re.findall(r"\.(?:text|number|address|line)\(\s*\"([A-Z_]+)\"", path.read_text())
    }
    explained = set(re.findall(r"^\| `([A-Z_]+)`", OPERATIONS, re.MULTILINE))
    assert explained == read


def test_the_proxy_logs_no_key(app):
    """What follows a door in an address is a key: no signed link's address may stand whole in the proxy's log."""
    [doors] = re.findall(r"~\^\(\?<door>(.*)\)/\s", OPERATIONS)
    keys = [rule.rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert keys
    assert [key for key in keys if not re.match(rf"{doors}/<token>", key)] == []


def test_the_proxy_has_each_location_once():
    locations = re.findall(r"^\s*location (.*) {$", OPERATIONS, re.MULTILINE)
    assert sorted(locations) == sorted(set(locations))


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[str]:
    """Every command below `group`, as it is typed."""
    found = []
    for name, command in group.commands.items():
        here = (*path, name)
        found += commands(command, here) if isinstance(command, click.Group) else [" ".join(here)]
    return found


def test_every_command_of_ours_is_explained(app):
    foreign = {"db", "limiter"}
    ours = {name for name in commands(app.cli) if name.split()[0] not in foreign}
    assert {name for name in ours if f"| `{name}" not in OPERATIONS} == set()


def test_every_decision_stands_in_the_list():
    folder = ROOT / "docs" / "adr"
    titles = {path.name: text_of(path).split("\n", 1)[0].split(": ", 1)[1] for path in folder.glob("0*.md")}
    listed = re.findall(r"^\| \[\d{4}\]\(([^)]+)\) \| (.*) \|$", (folder / "README.md").read_text(), re.MULTILINE)
    assert listed == sorted(titles.items())


def test_pictures_are_small_and_shown():
    shown = "".join(text_of(document) for document in DOCUMENTS)
    assert [path.name for path in PICTURES if path.name not in shown] == []
    assert [path.name for path in PICTURES if path.stat().st_size > 250_000] == []
