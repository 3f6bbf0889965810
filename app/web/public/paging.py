"""Which page of a list is asked for."""

from __future__ import annotations

from flask import request


def page_number() -> int:
    """The page in the address, from 1; whatever else stands there is the first."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
