"""What the types cannot say of public text: who makes it, of what, and who reads for the public."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import get_args, get_type_hints

import pytest

from app.feeds.schedule import Schedule
from app.web.api.resource import One
from app.web.public.showing import Shown
from tests.house.sources import ROOT, modules

MAKERS = {
    "app/domain/attribution.py",
    "app/domain/disclosure.py",
    "app/domain/notes.py",  # of what a second person lets out
    "app/domain/publication.py",
    "app/domain/working_groups.py",  # of organizers' words, without whom chairs keep back
    "app/domain/searching.py",  # of public text, in pieces
    "app/domain/sister_calendars.py",  # of what other communities say in public, cleaned
    *("app/domain/wording.py", "app/domain/notice.py"),  # of organizers' words, and of what is public already
    "app/feeds/words.py",
    "app/feeds/markdown/files.py",  # of files that are made of public values alone
}
"""Who makes public text of more than a literal."""
READERS = {
    "app/services/queries/public.py": {"CadenceRule", "Publication", "Series"},
    "app/services/queries/feeds.py": {
        *("Farewell", "FeedRevision", "HiddenCall", "MemberEntry", "Publication", "PublicationTopic", "Series"),
        *("Topic", "Touchpoint"),
    },
    "app/services/queries/published_notes.py": {"PublishedNotes", "Touchpoint"},
    "app/services/queries/agendas.py": {"Publication"},
    "app/services/queries/calendar.py": {"Publication"},
    "app/services/queries/moves.py": {"Publication", "PublicChange"},
    "app/services/queries/numbers.py": {"ArchiveEntry", "ArchiveMark", "Publication", "Series"},
    "app/services/queries/archive.py": {"ArchiveEntry", "ArchiveMark", "Publication", "Series"},
    "app/services/queries/sister_calendars.py": {"SisterCalendar", "SisterOccurrence"},
    "app/services/queries/contributor_space.py": {"Publication", "PublicationGroup", "PublishedGroup"},
    "app/services/queries/open_data.py": {
        *("ArchiveEntry", "Publication", "PublicationTopic", "Series", "Topic"),
    },
    "app/services/queries/open_talks.py": {"ArchiveEntry", "ArchiveMark", "Publication", "Topic"},
    "app/services/queries/public_changes.py": {"Farewell", "Publication", "PublicChange", "Series"},
}
"""Who reads for everybody, and which tables: none has a person in it."""
NO_WORDS = {  # fields of public values that are plain strings: names of things, never words of people
    *("key", "uid", "slug", "working_group", "hue", "shape", "role_address", "time_zone", "topic"),
    "version",  # of a wording
    *("file", "picture", "changes", "plain", "apple", "google", "outlook", "office"),
    "calendar",  # of a sister community: its slug
    "title",  # of a group of calls: a month, a year
    *("site", "url"),  # of a conference schedule: addresses of ours and public ones
    *("zone", "home"),  # of time zones
    *("typed", "words", "chosen"),  # of a search: what the visitor asked for
    "word",  # of a choice: a slug, a year, a topic as it was published
    "html",  # of a listing: made by a template from public values
}
PAGES_OF_ONE_READER = {"app/web/public/asking.py", "app/web/public/subscribing.py"}
RENDERING = {"app/web/public/showing.py", "app/web/public/listing.py"}


def calls_of(name: str, tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
            yield node


def made_of_more_than_a_literal(tree: ast.Module) -> bool:
    given = (call.args[0] for call in calls_of("PublicText", tree))
    return any(not isinstance(node, ast.Constant) and not getattr(node, "id", "").isupper() for node in given)


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("shown = PublicText(speaker.name)", True),
        ("shown = attribution.PublicText(f'by {name}')", True),
        ("shown = PublicText('my talks')", False),
        ("shown = PublicText(RULE)", False),
        ("shown: PublicText = talk.title", False),
    ],
)
def test_a_maker_of_public_text_is_seen(source, refused):
    assert made_of_more_than_a_literal(ast.parse(source)) is refused


def test_public_text_is_made_in_few_places():
    assert {path for path, tree in modules("app") if made_of_more_than_a_literal(tree)} - MAKERS == set()


def test_nobody_says_of_a_string_that_it_is_public_without_making_it_so():
    """`cast` and `type: ignore` are the two ways round the types."""
    casts = {
        path
        for path, tree in modules("app")
        for call in calls_of("cast", tree)
        if call.args and re.search(r"\bPublic(?!ation)", ast.unparse(call.args[0]))
    }
    makers = [(path, None) for path in sorted(MAKERS)]
    silenced = [
        f"{path}: {line.strip()}"
        for path, _ in (*makers, *modules("app/feeds", "app/front", "app/web/public"))
        for line in (ROOT / path).read_text().splitlines()
        if "type: ignore" in line and not re.search(r"ignore\[(untyped-decorator|method-assign)\]", line)
    ]
    assert (casts, silenced) == (set(), [])


def test_the_words_of_calendars_are_made_of_public_values():
    """No function of `feeds/words.py` that makes public text takes a string, but for addresses."""
    [tree] = [tree for path, tree in modules("app/feeds") if path.endswith("words.py")]
    taken = {
        f"{node.name}({argument.arg}: {ast.unparse(argument.annotation)})"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "PublicText" in ast.unparse(node.returns or node)
        for argument in (*node.args.args, *node.args.kwonlyargs)
        if argument.annotation and re.search(r"\b(str|Any|object)\b", ast.unparse(argument.annotation))
    }
    assert {each for each in taken if not re.search(r"\((url|moved_to): str\)", each)} == set()


@pytest.mark.parametrize("path", sorted(READERS))
def test_whoever_reads_for_everybody_reads_no_table_of_people(path):
    tree = ast.parse((ROOT / path).read_text())
    read = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.models")
        for alias in node.names
    }
    assert read == READERS[path]


def test_public_pages_are_rendered_in_one_place():
    rendering = {
        path
        for path, tree in modules("app/web/public")
        for name in ("render_template", "render_template_string", "respond")
        for _ in calls_of(name, tree)
    }
    assert rendering == RENDERING | PAGES_OF_ONE_READER


def test_public_values_hold_public_text_and_names_of_things():
    """Every field of whatever a public page, the open data or a schedule is given, and of what that holds."""
    strings = {
        f"{kind.__name__}.{name}"
        for kind in _values(Shown | One | Schedule, set())
        for name in _plain_strings(kind) - NO_WORDS
    }
    assert strings == set()


def _values(hint: object, seen: set[type]) -> set[type]:
    """The dataclasses that `hint` speaks of, and those within them."""
    if isinstance(hint, type) and is_dataclass(hint) and hint not in seen:
        seen.add(hint)
        for inner in get_type_hints(hint).values():
            _values(inner, seen)
    for part in get_args(hint):
        _values(part, seen)
    return seen


def _plain_strings(kind: type) -> set[str]:
    hints = get_type_hints(kind)
    return {field.name for field in fields(kind) if _is_plain(hints[field.name])}


def _is_plain(hint: object) -> bool:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return False
    return hint is str or any(_is_plain(part) for part in get_args(hint))
