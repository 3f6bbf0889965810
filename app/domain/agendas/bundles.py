"""Agendas as organizers hand them in: several files, an archive of them, or pasted text."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from app.domain.agendas.decoding import MAX_BYTES, Unreadable, decode
from app.domain.agendas.values import Source
from app.domain.errors import InvalidInput

MAX_FILES = 150
MAX_TOTAL = 200_000
"""Bytes of all files together: ten times a year of the community's, and read in about two seconds."""
PASTED = "Pasted.md"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def read_bundle(files: Sequence[tuple[str, bytes]], *, pasted: str = "") -> list[Source]:
    """The agendas among `files`, pairs of name and bytes, and the pasted one. Of an archive all that end in .md.

    Raises InvalidInput (files or text), in words that name the file.
    """
    named = [each for name, data in files if data for each in _unpacked(name, data)]
    if pasted.strip():
        named.append((PASTED, pasted.encode("utf-8", "replace")))
    if not named:
        raise InvalidInput({"files": "Choose the files of an agenda, or paste the text of one."})
    if len(named) > MAX_FILES:
        raise InvalidInput({"files": f"These are more than {MAX_FILES} files: choose one year at a time."})
    if sum(len(data) for _, data in named) > MAX_TOTAL:
        raise InvalidInput({"files": f"Together they have more than {MAX_TOTAL:,} bytes: choose one year at a time."})
    read = [decode(name or "Unnamed.md", data) for name, data in named]
    unreadable = [each for each in read if isinstance(each, Unreadable)]
    if unreadable:
        said = " ".join(str(each) for each in unreadable[:5])
        raise InvalidInput({"text" if unreadable[0].path == PASTED else "files": said})
    return list({each.path: each for each in read if isinstance(each, Source)}.values())


def _unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if not data.startswith(b"PK\x03\x04"):
        yield name, data
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if _is_agenda(member.filename)]
            if len(members) > MAX_FILES:
                raise InvalidInput({"files": f"{name} has more than {MAX_FILES} files of Markdown: choose one year."})
            for member in members:
                with archive.open(member) as file:
                    yield member.filename, file.read(MAX_BYTES + 1)
    except _BROKEN as error:
        raise InvalidInput({"files": f"{name} is no archive that can be opened; is it encrypted?"}) from error


def _is_agenda(name: str) -> bool:
    return name.lower().endswith(".md") and not any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
