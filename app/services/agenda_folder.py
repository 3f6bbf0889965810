"""Markdown files into a folder that others keep files in, too, such as a checked-out repository.

`.touchpoints` in that folder lists what was written, by digest: only that is ever deleted. Nothing is written outside
the folder, whatever links it holds. The list is written before the files, with what they were and what they will be,
and once more after them: whenever a run is cut off, the next one knows its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.domain.errors import RuleViolation
from app.feeds.markdown import MarkdownFile

LIST = ".touchpoints"
_OURS = re.compile(r"(?:Agenda_[0-9]{4}/)?[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.md")
_LINE = re.compile(rf"([0-9a-f]{{64}})  ({_OURS.pattern})")
Written = frozenset[tuple[str, str]]


class FolderRefused(RuleViolation):
    """The folder holds something that we would overwrite without having written it, or that leads out of it."""


@dataclass(frozen=True)
class FolderChanges:
    """What a run wrote and deleted; `kept` are files of ours that are due to go, and were changed by somebody."""

    written: tuple[str, ...]
    deleted: tuple[str, ...]
    kept: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.written or self.deleted)


def write_folder(
    folder: Path,
    files: Sequence[MarkdownFile],
    *,
    below: str | None = None,
    take_over: bool = False,
    only_look: bool = False,
) -> FolderChanges:
    """Bring the folder to these files: what differs is written, what was written before and is no more is deleted.

    `below` limits this to one folder in it, such as "Agenda_2026". Files that we did not write are overwritten only
    with `take_over`. With `only_look` nothing changes, and what would change is told. Raises FolderRefused before any
    change.
    """
    root = folder.resolve(strict=True)
    before = _read_list(root)
    wanted = {file.file: file.body for file in files}
    due = sorted(path for path in wanted if _content(root, path) != wanted[path])
    gone = sorted({path for _, path in before if path not in wanted and _is_below(path, below)})
    changes = _planned(root, due, gone, before)
    if not take_over:
        _refuse_others(root, due, before)
    if not only_look:
        _bring_about(root, wanted, changes, before, below)
    return changes


def _planned(root: Path, due: Sequence[str], gone: Sequence[str], before: Written) -> FolderChanges:
    there = {path: content for path in gone if (content := _content(root, path)) is not None}
    ours = {path for path, content in there.items() if (_digest(content), path) in before}
    return FolderChanges(tuple(due), tuple(sorted(ours)), tuple(sorted(there.keys() - ours)))


def _bring_about(
    root: Path, wanted: Mapping[str, bytes], changes: FolderChanges, before: Written, below: str | None
) -> None:
    after = frozenset((_digest(content), path) for path, content in wanted.items())
    others = frozenset((digest, path) for digest, path in before if not _is_below(path, below) and path not in wanted)
    if changes or before != after | others:
        _write_list(root, before | after)
    for path in changes.written:
        _write(root / path, wanted[path])
    for path in changes.deleted:
        (root / path).unlink()
        _leave_no_empty_folder(root, path)
    _write_list(root, after | others)


def _is_below(path: str, below: str | None) -> bool:
    return below is None or PurePosixPath(path).parts[0] == below


def _refuse_others(root: Path, due: Sequence[str], before: Written) -> None:
    known = {path for _, path in before}
    others = [path for path in due if path not in known and (root / path).exists()]
    if others:
        raise FolderRefused(f"not written by Touchpoints, and would be overwritten: {', '.join(others)}")


def _content(root: Path, path: str) -> bytes | None:
    """What the file holds, None where there is none. Raises FolderRefused where a link or a folder is in its place."""
    here = root
    for part in PurePosixPath(path).parts:
        here = here / part
        if here.is_symlink():
            raise FolderRefused(f"{path} is reached by a symbolic link, which could lead anywhere")
    if here.is_dir() or (here.parent.exists() and not here.parent.is_dir()):
        raise FolderRefused(f"{path} cannot be a file there")
    return here.read_bytes() if here.exists() else None


def _read_list(root: Path) -> Written:
    content = _content(root, LIST) or b""
    return frozenset(_listed(content.decode("utf-8", "replace").splitlines()))


def _listed(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A line that we would not have written names nothing of ours."""
    for line in lines:
        if found := _LINE.fullmatch(line):
            yield found[1], found[2]


def _write_list(root: Path, written: Written) -> None:
    lines = [f"{digest}  {path}\n" for digest, path in sorted(written, key=lambda pair: (pair[1], pair[0]))]
    content = "".join(lines).encode()
    if _content(root, LIST) != content:
        _write(root / LIST, content)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, for whoever reads the folder meanwhile."""
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with draft.open("xb") as file:
        file.write(content)
    draft.replace(path)


def _leave_no_empty_folder(root: Path, path: str) -> None:
    parent = (root / path).parent
    if parent != root and not any(parent.iterdir()):
        parent.rmdir()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
