"""What organizers hand in: files, an archive, a pasted text; whatever cannot be read is said in words."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.domain.agendas.bundles import MAX_FILES, MAX_TOTAL, read_bundle
from app.domain.agendas.decoding import MAX_BYTES, Unreadable, decode
from app.domain.agendas.values import Source
from app.domain.errors import InvalidInput


def archive(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return packed.getvalue()


def refused(files, **more):
    with pytest.raises(InvalidInput) as refusal:
        read_bundle(files, **more)
    return refusal.value.errors


def test_files_an_archive_and_a_pasted_text_are_one_agenda():
    packed = archive({"2025/Feb-13.md": b"a", "2025/note.txt": b"b", "__MACOSX/x.md": b"c", ".hidden/y.md": b"d"})
    read = read_bundle([("README.md", b"\xef\xbb\xbfone\r\ntwo\x0c"), ("year.zip", packed), ("", b"")], pasted="three")
    assert read == [Source("README.md", "one\ntwo "), Source("2025/Feb-13.md", "a"), Source("Pasted.md", "three")]


def test_nothing_and_too_much_are_refused():
    assert refused([]) == {"files": "Choose the files of an agenda, or paste the text of one."}
    many = archive({f"{number}.md": b"a" for number in range(MAX_FILES + 1)})
    assert refused([("a.zip", many)]) == {"files": "a.zip has more than 150 files of Markdown: choose one year."}
    assert refused([(f"{number}.md", b"a") for number in range(MAX_FILES + 1)]) == {
        "files": "These are more than 150 files: choose one year at a time."
    }
    large = [(f"{number}.md", b"a" * MAX_BYTES) for number in range(MAX_TOTAL // MAX_BYTES + 1)]
    assert refused(large) == {"files": "Together they have more than 200,000 bytes: choose one year at a time."}


def test_an_archive_that_grows_is_read_to_a_point():
    assert refused([("a.zip", archive({"a.md": b"a" * 50_000_000}))]) == {
        "files": "a.md has more than 150,000 bytes, which no agenda has."
    }


def test_a_broken_archive_is_said_to_be_one():
    assert refused([("a.zip", archive({"a.md": b"a"})[:30])]) == {
        "files": "a.zip is no archive that can be opened; is it encrypted?"
    }


def test_what_is_no_text_is_said_with_its_line():
    said = "is not written in UTF-8: line 2 has a byte that is none. Save it as UTF-8"
    assert decode("a\\b.md", b"one\ntw\xf6") == Unreadable("a/b.md", said)
    assert refused([("b.md", b"a\0b")]) == {"files": "b.md is not text: it has zero bytes in it."}
    assert refused([], pasted="a\0") == {"text": "Pasted.md is not text: it has zero bytes in it."}
