"""The Markdown files below the paths of a command, in a fixed order; whatever cannot be read with the reason."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.domain.agendas.decoding import MAX_BYTES, Unreadable, decode
from app.domain.agendas.values import Source

MAX_FILES = 5_000


def read_files(paths: Sequence[Path]) -> tuple[list[Source], list[Unreadable]]:
    """Each file once, under its path as given; of folders all that end in .md, links out of the folder left alone."""
    sources: dict[str, Source] = {}
    unreadable: dict[str, Unreadable] = {}
    for path in (file for given in paths for file in _files(given)):
        read = path if isinstance(path, Unreadable) else _read(path)
        if isinstance(read, Source):
            sources.setdefault(read.path, read)
        else:
            unreadable.setdefault(read.path, read)
        if len(sources) > MAX_FILES:
            too_many = Unreadable(
                str(paths[0]), f"has more than {MAX_FILES:,} files of Markdown: name a folder below it"
            )
            return [], [too_many]
    return list(sources.values()), sorted(unreadable.values(), key=lambda each: each.path)


def _files(given: Path) -> Iterator[Path | Unreadable]:
    if not given.is_dir():
        yield given
        return
    closed: list[OSError] = []
    for folder, folders, names in os.walk(given, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if name.lower().endswith(".md") and not _leads_out(path, given):
                yield path
    for error in closed:
        yield Unreadable(Path(str(error.filename)).as_posix(), "is a folder that this user may not read")


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether it is a link to something outside the folder; one that leads nowhere at all is read, and reported."""
    return path.is_symlink() and path.exists() and not path.resolve().is_relative_to(folder.resolve())


def _read(path: Path) -> Source | Unreadable:
    shown = path.as_posix()
    try:
        if not path.exists():
            return Unreadable(shown, "is a link that leads nowhere" if path.is_symlink() else "is not there")
        if not path.is_file():
            return Unreadable(shown, "is no file")
        with path.open("rb") as file:
            return decode(shown, file.read(MAX_BYTES + 1))
    except PermissionError:
        return Unreadable(shown, "is a file that this user may not read")
    except OSError as error:
        return Unreadable(shown, f"cannot be read: {error.strerror}")
