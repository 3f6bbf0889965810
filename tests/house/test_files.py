"""Rules for every file of ours, whatever its kind."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import ROOT, own_files, text_of

# Put together here, so that this file does not break the rule it holds.
_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("debian", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "cloudflare"),
        ("googleapis", "com"),
    )
]
_MACHINE_PATHS = ["/".join(("", *parts)) for parts in (("work", ""), ("root", ""), ("opt", "wheels"), ("opt", "pypi"))]
_ADDRESS = re.compile(rf"\b({'|'.join(re.escape(host) for host in _HOSTS)})\b")
_PATH = re.compile(rf"(?<![\w.])({'|'.join(_MACHINE_PATHS)})")
# The community itself is the TODO Group: only the marker of unfinished work is meant.
_MARKER = re.compile(r"(?:#|//|/\*|<!--|\{#-?)\s*(?:TODO|FIXME|XXX|HACK)\b|\b(?:TODO|FIXME|XXX|HACK)(?::|\()")


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        (_MARKER, "work is finished or is an issue"),
        (_ADDRESS, "packages come by name from whatever registry a machine uses, and pages load nothing from others"),
        (_PATH, "no file knows the machine it was written on"),
    ],
    ids=["unfinished", "registry", "machine"],
)
def test_no_file_of_ours_holds(pattern, rule):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in own_files()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == [], rule


def test_no_test_asserts_how_long_something_took():
    """Timings live in `make bench`; a test counts work (tests/work.py). Waiting with an end is no timing."""
    clocks = re.compile(r"\b(?:process_time|perf_counter)(?:_ns)?\b")
    tests = [path for path in own_files() if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")]
    assert [
        str(path.relative_to(ROOT)) for path in tests if path.name != "test_files.py" and clocks.search(text_of(path))
    ] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_locked_package_has_a_hash_and_no_address(lock):
    text = (ROOT / lock).read_text()
    packages = re.findall(r"^[a-z0-9-]+==", text, re.MULTILINE)
    hashed = re.findall(r"^[a-z0-9-]+==[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(packages) == len(hashed) > 0
    assert "://" not in text


def test_the_front_end_lock_holds_no_address_of_a_package():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
