"""The mail of a journey: sent by the real delivery over real SMTP, and read as the people who get it read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import OutboxMessage
from app.queue import deliver
from tests.fixtures.mail_server import ReceivedMail, ScriptedMailServer

_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Letter:
    """One mail as it arrived. `kind` is the house's own word for it."""

    kind: str
    to: str
    message: EmailMessage

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        assert body is not None, "a mail without a text"
        return str(body.get_content()).replace("\r\n", "\n")

    @property
    def links(self) -> list[str]:
        """Where its links lead, from the path on: those of the text, then those of the HTML."""
        html = self.message.get_body(("html",))
        assert html is not None, "a mail without HTML"
        anchors = BeautifulSoup(html.get_content(), "html.parser").select("a[href^=http]")
        return [urlsplit(link).path for link in (*_LINK.findall(self.text), *(str(tag["href"]) for tag in anchors))]

    def link(self, under: str) -> str:
        """The one link below the path `under`."""
        [path] = {path for path in self.links if path.startswith(under)}
        return path

    @property
    def calendar(self) -> bytes:
        """The calendar entry that came with it, or nothing."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        return parts[0].get_payload(decode=True) if parts else b""


class Post:
    """Everything that was sent so far stands in `letters`."""

    def __init__(self, app: Flask, server: ScriptedMailServer) -> None:
        self._app = app
        self._server = server
        self.letters: list[Letter] = []

    def deliver(self) -> list[Letter]:
        """Let what is due leave; returns the letters that arrived by it, in the order of their kinds and readers."""
        before = len(self._server.messages)
        with self._app.app_context():
            waiting = _kinds()  # a receipt of erasing is forgotten as soon as it has left
            done = deliver()
            arrived = self._server.messages[before:]
            kinds = waiting | _kinds()
        assert (done.retried, done.parked, done.unreachable, done.sent) == (0, 0, "", len(arrived))
        letters = [_letter(mail, kinds) for mail in arrived]
        self.letters += letters
        return sorted(letters, key=lambda letter: (letter.kind, letter.to))

    def last(self, kind: str, to: str) -> Letter:
        """The youngest letter of this kind to this reader."""
        return next(letter for letter in reversed(self.letters) if (letter.kind, letter.to) == (kind, to))


def _kinds() -> dict[str, str]:
    """The kind of each mail in the outbox, by its Message-ID."""
    with Session(db.engine) as session:
        return dict(session.execute(select(OutboxMessage.message_id, OutboxMessage.kind)).all())


def kinds(letters: list[Letter]) -> list[tuple[str, str]]:
    """(kind, reader) of each letter."""
    return [(letter.kind, letter.to) for letter in letters]


def _letter(mail: ReceivedMail, kinds: dict[str, str]) -> Letter:
    message, [recipient] = mail.message, mail.recipients
    assert message["To"].addresses[0].addr_spec == recipient
    return Letter(kinds[message["Message-ID"]], recipient, message)
