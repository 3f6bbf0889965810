"""The files that the rules of the house speak about, and where in them something stands."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.fixtures.needs import lacking

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"


@cache
def own_files() -> tuple[Path, ...]:
    """Every file of ours: what git tracks or would track; not what set-up fetched or a run made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        lacking("a git clone", install="git clone instead of an archive")
    names = listed.stdout.decode().rstrip("\0").split("\0")
    return tuple(path for path in (ROOT / name for name in sorted(set(names))) if path.is_file())


def text_of(path: Path) -> str:
    """The file's text; empty for pictures, fonts and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Each Python module below the given folders (such as "app/domain"), as its path and its tree."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def imported_names(tree: ast.Module) -> Iterator[str]:
    """Every module that is imported, in full: `from a.b import c` gives a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
