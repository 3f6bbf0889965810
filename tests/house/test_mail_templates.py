"""Rules for mails: each kind has a subject, a text and HTML, and each of them is a kind that the house sends."""

from __future__ import annotations

import ast

from tests.house.sources import TEMPLATES, modules

MAILS = TEMPLATES / "emails"


def test_every_mail_has_three_parts():
    folders = [folder for folder in MAILS.iterdir() if folder.is_dir()]
    parts = {folder.name: {path.name for path in folder.iterdir()} for folder in folders}
    assert parts == {folder.name: {"subject.txt", "body.txt", "body.html"} for folder in folders}


def test_every_mail_that_is_written_has_its_folder_and_every_folder_its_mail():
    calls = [node for _, tree in modules("app/mail/messages") for node in ast.walk(tree) if isinstance(node, ast.Call)]
    rendered = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "render"]
    assert {_folder_of(call) for call in rendered} == {folder.name for folder in MAILS.iterdir() if folder.is_dir()}


def _folder_of(call: ast.Call) -> str:
    """The template that a call of `render` names, or else the kind of its mail."""
    named = next((keyword.value for keyword in call.keywords if keyword.arg == "template"), call.args[0])
    return str(ast.literal_eval(named))
