"""Finds the secret of a call in text that is meant for the public: a join link, or the passcode to one."""

from __future__ import annotations

import re

WHY_NOT = (
    "This holds a join link or a passcode. Public pages would show it to everyone, so leave it out: "
    "the organizers send the link to those who may join."
)
_JOIN = (
    r"zoom(gov)?\.(us|com)/(j|my|s|w|wc|meeting|webinar)\b",
    r"teams\.(microsoft|live)\.com/(l/meetup-join|meet)\b",
    r"meet\.google\.com/\w",
    r"\.webex\.com/",
    r"meet\.jit\.si/\w",
    r"whereby\.com/\w",
    r"(gotomeet\.me|meet\.goto\.com|bluejeans\.com)/\w",
    r"[?&;](pwd|password|passcode)=",
    r"\bpwd=",
    r"\bpass[ -]?codes?\b",
)
_SECRET = re.compile("|".join(_JOIN), re.IGNORECASE)


def holds_join_link(text: str) -> bool:
    """Whether `text` names the way into a call: a Zoom, Teams, Meet or like address, `pwd=`, or a passcode."""
    return _SECRET.search(text) is not None
