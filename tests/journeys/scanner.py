"""A mail scanner: the machine that opens every link of every mail before its reader does, and must change nothing."""

from __future__ import annotations

from collections.abc import Iterable

from bs4 import BeautifulSoup
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from tests.journeys.post import Letter
from tests.journeys.window import Window


def open_every_link(window: Window, letters: Iterable[Letter]) -> list[tuple[str, int]]:
    """Open each link of the mails and of the pages behind them; returns the mails' own, with the answers' status."""
    paths = dict.fromkeys(path for letter in letters for path in letter.links)
    answers = [(path, window.open(path).status, _linked(window.page)) for path in paths]
    for further in dict.fromkeys(path for _, _, linked in answers for path in linked):
        window.open(further)
    return [(path, status) for path, status, _ in answers]


def everything(session: Session) -> dict[str, list[str]]:
    """Every row of every table, to be compared."""
    session.rollback()
    metadata = MetaData()
    metadata.reflect(session.get_bind())
    rows = {table.name: sorted(map(repr, session.execute(table.select()))) for table in metadata.sorted_tables}
    session.rollback()
    return rows


def _linked(page: BeautifulSoup) -> list[str]:
    return [str(link["href"]) for link in page.select("main a[href^='/']")]
