"""Rules for templates: nothing inline that the content security policy would refuse, and none that nobody uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, meta, nodes

from tests.house.sources import TEMPLATES, modules

_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_REFUSED = {
    "script without src": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "code in an htmx attribute": re.compile(r"\bhx-on\b|\bhx-(?:vals|headers)[^=]*=\s*(['\"])\s*(?:js|javascript):"),
    "filter in an htmx trigger": re.compile(r"\bhx-trigger[^=]*=\s*(['\"])[^'\"]*\["),
}
# A mail program has no content security policy, and css-inline needs the style sheet in the page.
_FOR_MAIL = ("style element", "style attribute")

_OF_ONE_REQUEST = {
    *("request", "session", "g", "config", "get_flashed_messages"),
    *("community", "theme", "zone", "now", "current_person", "nav_current"),
}


def template_names() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("fault", _REFUSED)
def test_no_template_holds(fault):
    found = [
        f"{name}: {hit.group()[:80]}"
        for name in template_names()
        if not (name.startswith("emails/") and fault in _FOR_MAIL)
        if (hit := _REFUSED[fault].search(_JINJA.sub("", (TEMPLATES / name).read_text(encoding="utf-8"))))
    ]
    assert found == []


def test_every_template_is_used():
    patterns = [re.compile(pattern) for pattern in {*_names_in_templates(), *_names_in_code()}]
    unused = [name for name in template_names() if not any(pattern.fullmatch(name) for pattern in patterns)]
    assert unused == []


def test_every_template_that_another_names_exists():
    environment = Environment(autoescape=True)
    missing = [
        f"{name} names {named}"
        for name in template_names()
        for named in meta.find_referenced_templates(environment.parse((TEMPLATES / name).read_text(encoding="utf-8")))
        if named is not None and not (TEMPLATES / named).is_file()
    ]
    assert missing == []


def test_no_kept_fragment_knows_a_visitor_or_a_moment():
    """A fragment is shown to others and later (app/web/fragments.py): what it shows is in its value, `it`."""
    kept = {name for other in template_names() for name in _fragments_in(_parsed(other))}
    assert kept == {"partials/card/card.html", "partials/slot/head.html"}
    found = [
        f"{name} names {forbidden}"
        for name in sorted(_with_what_they_include(kept))
        for forbidden in sorted(_names_from_outside(_parsed(name)) & _OF_ONE_REQUEST)
    ]
    assert found == []


def _parsed(name: str) -> nodes.Template:
    return Environment(autoescape=True).parse((TEMPLATES / name).read_text(encoding="utf-8"))


def _names_from_outside(tree: nodes.Template) -> set[str]:
    names = list(tree.find_all(nodes.Name))
    return {name.name for name in names if name.ctx == "load"} - {name.name for name in names if name.ctx != "load"}


def _fragments_in(tree: nodes.Template) -> Iterator[str]:
    for call in tree.find_all(nodes.Call):
        match call:
            case nodes.Call(node=nodes.Name(name="fragment"), args=[nodes.Const(value=str(name)), *_]):
                yield name


def _with_what_they_include(names: set[str]) -> set[str]:
    found: set[str] = set()
    while names:
        found |= names
        names = {str(name) for one in names for name in meta.find_referenced_templates(_parsed(one))} - found
    return found


def _names_in_templates() -> Iterator[str]:
    """What templates extend, include or import, as patterns: `"partials/" ~ kind ~ ".html"` matches any kind."""
    for name in template_names():
        tree = _parsed(name)
        yield from map(re.escape, _fragments_in(tree))
        for statement in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            yield from _patterns_of(statement.template)


def _patterns_of(expression: nodes.Node) -> Iterator[str]:
    match expression:
        case nodes.Const(value=str(text)):
            yield re.escape(text)
        case nodes.Concat():
            yield "".join(re.escape(part.value) if isinstance(part, nodes.Const) else ".+" for part in expression.nodes)
        case _:
            for constant in expression.find_all(nodes.Const):
                yield from _patterns_of(constant)


def _names_in_code() -> Iterator[str]:
    """Every string of the application that may name a template, as a pattern; in f-strings a value matches anything."""
    for _, tree in modules("app"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr) and "/" in ast.unparse(node):
                yield "".join(
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^/]+" for part in node.values
                )
