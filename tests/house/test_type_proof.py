"""Privacy is a type: each kind of violation is planted, and refused by mypy or by import-linter in so many words."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import ROOT

VIOLATIONS = Path("tests") / "house" / "violations.py"
TOOLS = Path(sys.executable).parent
_ERROR = re.compile(rf"^{re.escape(str(VIOLATIONS))}:(\d+): error: .*\[([a-z-]+)\]$", re.MULTILINE)
_MARK = re.compile(r"# refused: ([a-z-]+)$")
FORBIDDEN = {  # by the file that a careless hand adds: what it imports, and as what import-linter sees it
    "app/feeds/planted.py": ("from app.models import Speaker", "app.feeds.planted -> app.models (l.1)"),
    "app/mail/planted.py": ("from app.models.person import Person", "app.mail.planted -> app.models.person (l.1)"),
    "app/front/planted.py": ("from app.models import Talk", "app.front.planted -> app.models (l.1)"),
    "app/web/public/planted.py": ("from app.models import Person", "app.web.public.planted -> app.models (l.1)"),
    "app/web/public/guest.py": (
        "from app.web.organizer import pool",
        "app.web.public.guest -> app.web.organizer.pool (l.1)",
    ),
    "app/web/api/planted.py": ("from app.models import Person", "app.web.api.planted -> app.models (l.1)"),
    "app/domain/planted.py": ("from sqlalchemy import select", "app.domain.planted -> sqlalchemy (l.1)"),
    "app/domain/upward.py": ("from app.models import Proposal", "app.domain.upward -> app.models (l.1)"),
}


def test_mypy_refuses_a_row_or_a_plain_string_where_public_text_is_due():
    lines = (ROOT / VIOLATIONS).read_text().splitlines()
    planted = {number: mark[1] for number, line in enumerate(lines, 1) if (mark := _MARK.search(line))}
    said = _run(TOOLS / "mypy", "--no-pretty", "--hide-error-context", "--no-error-summary", VIOLATIONS, at=ROOT)
    assert {int(number): kind for number, kind in _ERROR.findall(said)} == planted, said
    assert len(planted) > 25


@pytest.fixture
def copy(tmp_path) -> Path:
    """The application's modules in a folder of their own."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_clean_copy_keeps_every_contract(copy):
    assert "0 broken" in _run(TOOLS / "lint-imports", "--no-cache", at=copy)


def test_import_linter_refuses_a_model_on_the_way_to_the_public(copy):
    for path, (line, _) in FORBIDDEN.items():
        (copy / path).write_text(f"{line}\n")
    said = set(_imports(_run(TOOLS / "lint-imports", "--no-cache", at=copy)))
    assert {seen for _, seen in FORBIDDEN.values()} - said == set()


def _imports(said: str) -> Iterator[str]:
    for line in said.splitlines():
        if " -> " in line:
            yield line.strip().removeprefix("- ").strip()


def _run(program: Path, *arguments: object, at: Path) -> str:
    done = subprocess.run([program, *map(str, arguments)], cwd=at, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
