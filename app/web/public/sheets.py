"""A Markdown file as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from app.feeds.markdown import MarkdownFile


@dataclass(frozen=True)
class Sheet:
    """What the file says, `file`, the address that it is downloaded from, and the `year` of a year's table."""

    held: MarkdownFile
    file: str
    year: int | None = None
