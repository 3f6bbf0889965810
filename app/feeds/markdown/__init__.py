"""The community's Markdown, written back: the year's table, a file for each call, what comes next. Values in, text out.

The form is the one that the community keeps by hand: `Agenda_2026/README.md` with one row for each call, and beside it
`Dec-10.md` for the call of that day. Nothing here depends on the machine or on the time of day (docs/adr/0086).
"""

from __future__ import annotations

from app.feeds.markdown.calls import call_text
from app.feeds.markdown.coming import coming_table, newsletter
from app.feeds.markdown.files import MarkdownFile, agenda_files, coming_files, file_names
from app.feeds.markdown.years import year_text

__all__ = [
    "MarkdownFile",
    "agenda_files",
    "call_text",
    "coming_files",
    "coming_table",
    "file_names",
    "newsletter",
    "year_text",
]
