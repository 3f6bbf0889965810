"""What is written into a folder that others keep files in, what is deleted there, and what is left alone."""

from __future__ import annotations

import pytest

from app.domain.attribution import PublicText
from app.feeds.markdown import MarkdownFile
from app.services.agenda_folder import LIST, FolderChanges, FolderRefused, write_folder

README, DECEMBER, NEXT = "Agenda_2026/README.md", "Agenda_2026/Dec-10.md", "Next-Calls.md"


@pytest.fixture
def engine_name():
    return "sqlite"


def files(**contents):
    return [MarkdownFile(path, PublicText(text)) for path, text in contents.items()]


def held(folder):
    """Everything in the folder but the list, by path."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def stamps(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


FIRST = files(**{README: "table", DECEMBER: "call", NEXT: "next"})


def test_a_second_run_writes_nothing(tmp_path):
    assert write_folder(tmp_path, FIRST) == FolderChanges((DECEMBER, README, NEXT), (), ())
    assert held(tmp_path) == {README: "table", DECEMBER: "call", NEXT: "next"}
    before = stamps(tmp_path)
    again = write_folder(tmp_path, FIRST)
    assert (again, bool(again), stamps(tmp_path)) == (FolderChanges((), (), ()), False, before)


def test_only_what_differs_is_written_and_what_is_no_more_goes(tmp_path):
    write_folder(tmp_path, FIRST)
    (tmp_path / "Agenda_2026" / "Notes.md").write_text("somebody's")
    changes = write_folder(tmp_path, files(**{README: "another table", NEXT: "next"}))
    assert changes == FolderChanges((README,), (DECEMBER,), ())
    assert held(tmp_path) == {README: "another table", NEXT: "next", "Agenda_2026/Notes.md": "somebody's"}


def test_an_empty_folder_goes_with_its_last_file(tmp_path):
    write_folder(tmp_path, FIRST)
    assert write_folder(tmp_path, []) == FolderChanges((), (DECEMBER, README, NEXT), ())
    assert [path.name for path in tmp_path.iterdir()] == [LIST]
    assert (tmp_path / LIST).read_text() == ""


def test_what_somebody_changed_is_not_deleted(tmp_path):
    write_folder(tmp_path, FIRST)
    (tmp_path / DECEMBER).write_text("with notes of mine")
    assert write_folder(tmp_path, files(**{README: "table", NEXT: "next"})) == FolderChanges((), (), (DECEMBER,))
    assert held(tmp_path)[DECEMBER] == "with notes of mine"


def test_what_somebody_deleted_is_no_matter(tmp_path):
    write_folder(tmp_path, FIRST)
    (tmp_path / DECEMBER).unlink()
    assert write_folder(tmp_path, files(**{README: "table", NEXT: "next"})) == FolderChanges((), (), ())


def test_files_of_others_are_overwritten_only_when_taken_over(tmp_path):
    (tmp_path / "Agenda_2026").mkdir()
    (tmp_path / README).write_text("kept by hand")
    with pytest.raises(FolderRefused, match=r"not written by Touchpoints.*Agenda_2026/README\.md"):
        write_folder(tmp_path, FIRST)
    assert held(tmp_path) == {README: "kept by hand"}
    write_folder(tmp_path, FIRST, take_over=True)
    assert held(tmp_path)[README] == "table"


def test_a_file_that_is_as_it_should_be_becomes_ours(tmp_path):
    (tmp_path / NEXT).write_text("next")
    assert write_folder(tmp_path, FIRST).written == (DECEMBER, README)
    assert write_folder(tmp_path, []).deleted == (DECEMBER, README, NEXT)


def test_one_year_leaves_the_others(tmp_path):
    write_folder(tmp_path, [*FIRST, *files(**{"Agenda_2025/README.md": "old"})])
    assert write_folder(tmp_path, files(**{README: "table"}), below="Agenda_2026").deleted == (DECEMBER,)
    assert held(tmp_path) == {README: "table", NEXT: "next", "Agenda_2025/README.md": "old"}
    assert write_folder(tmp_path, []).deleted == ("Agenda_2025/README.md", README, NEXT)


def test_looking_changes_nothing(tmp_path):
    write_folder(tmp_path, FIRST)
    before = stamps(tmp_path)
    assert write_folder(tmp_path, files(**{README: "another"}), only_look=True) == FolderChanges(
        (README,), (DECEMBER, NEXT), ()
    )
    assert stamps(tmp_path) == before


@pytest.mark.parametrize("place", ["Agenda_2026", README, LIST])
def test_nothing_is_written_through_a_link(tmp_path, place):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    (outside / "README.md").write_text("elsewhere")
    (folder / place).parent.mkdir(parents=True)
    (folder / place).symlink_to(outside if place == "Agenda_2026" else outside / "README.md")
    with pytest.raises(FolderRefused, match="symbolic link"):
        write_folder(folder, FIRST, take_over=True)
    assert (held(outside), held(folder).get(NEXT)) == ({"README.md": "elsewhere"}, None)


def test_nothing_is_deleted_through_a_link(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    folder.mkdir()
    write_folder(folder, FIRST)
    (folder / "Agenda_2026").rename(outside)
    (folder / "Agenda_2026").symlink_to(outside)
    with pytest.raises(FolderRefused, match="symbolic link"):
        write_folder(folder, [])
    assert sorted(held(outside)) == ["Dec-10.md", "README.md"]


@pytest.mark.parametrize(
    "line", ["../secret.md", "/etc/passwd", "Agenda_2026/../../secret.md", "notes.txt", ".git/x.md"]
)
def test_a_list_that_was_tampered_with_reaches_nothing(tmp_path, line):
    folder = tmp_path / "folder"
    (folder / ".git").mkdir(parents=True)
    for path in (tmp_path / "secret.md", folder / "notes.txt", folder / ".git" / "x.md"):
        path.write_text("")
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of nothing
    (folder / LIST).write_text(f"{digest}  {line}\n")
    assert write_folder(folder, []) == FolderChanges((), (), ())
    assert (tmp_path / "secret.md").exists()
    assert held(folder) == {"notes.txt": "", ".git/x.md": ""}


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    (tmp_path / NEXT).mkdir()
    with pytest.raises(FolderRefused, match="cannot be a file"):
        write_folder(tmp_path, FIRST)
    (tmp_path / NEXT).rmdir()
    (tmp_path / "Agenda_2026").write_text("a file")
    with pytest.raises(FolderRefused, match="cannot be a file"):
        write_folder(tmp_path, FIRST)


def test_a_run_that_was_cut_off_knows_its_own_files_afterwards(tmp_path):
    """The disk is full after the first file; the data change before the next run."""
    write_folder(tmp_path, FIRST)
    blocked = tmp_path / "Agenda_2026" / ".README.md.new"
    blocked.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_folder(tmp_path, files(**{DECEMBER: "call 2", "Agenda_2026/Dec-17.md": "new", README: "table 2"}))
    blocked.rmdir()
    assert held(tmp_path) == {README: "table", DECEMBER: "call 2", "Agenda_2026/Dec-17.md": "new", NEXT: "next"}
    assert write_folder(tmp_path, files(**{README: "table 3"})).deleted == (DECEMBER, "Agenda_2026/Dec-17.md", NEXT)
    assert held(tmp_path) == {README: "table 3"}
