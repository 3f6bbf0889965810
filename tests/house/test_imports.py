"""Rules of the floors that import-linter has no words for."""

from __future__ import annotations

import ast
import sys

from tests.house.sources import imported_names, modules

# Recurrence rules and Markdown are standards with many corners: one module each wraps the library that knows them.
_OUTSIDE_THE_STANDARD_LIBRARY = {("app/domain/cadence.py", "dateutil"), ("app/domain/agendas/inline.py", "markdown_it")}
_CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def test_the_domain_imports_only_the_standard_library():
    strangers = {
        (path, name.split(".")[0])
        for path, tree in modules("app/domain")
        for name in imported_names(tree)
        if name.split(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith("app.domain.")
    }
    assert strangers <= _OUTSIDE_THE_STANDARD_LIBRARY


def test_only_one_module_reads_the_clock():
    readers = {
        path
        for path, tree in modules("app")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in _CLOCKS
    }
    assert readers <= {"app/web/clock.py"}


def test_only_one_module_knows_each_extension_of_the_web_floor():
    knowing = {
        (path, name.split(".")[0])
        for path, tree in modules("app/web", "app/cli")
        for name in imported_names(tree)
        if name.split(".")[0] in ("flask_login", "htmx_flask")
    }
    assert knowing <= {("app/web/identity.py", "flask_login"), ("app/web/htmx.py", "htmx_flask")}


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""
