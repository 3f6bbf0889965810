"""What people copy from our pages to theirs: a Markdown file, a frame."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.attribution import PublicText
from app.feeds.markdown import MarkdownFile
from app.feeds.oembed import HEIGHT, WIDTH, frame_html


@dataclass(frozen=True)
class Sheet:
    """What the file says, `file`, the address that it is downloaded from, and the `year` of a year's table."""

    held: MarkdownFile
    file: str
    year: int | None = None


@dataclass(frozen=True)
class Frame:
    """The next calls for pages of others: the frame's title, `file`, its address, and whether any host may show it."""

    name: PublicText
    file: str
    is_allowed: bool

    @property
    def markup(self) -> str:
        return frame_html(self.name, self.file, width=WIDTH, height=HEIGHT)
