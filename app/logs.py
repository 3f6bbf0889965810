"""What the log may say: ids, places in the code, kinds of errors. Never names, addresses, titles, tokens or queries.

Our own lines hold ids by their making. Those of libraries, and the words of errors, may hold anything that somebody
typed: every record of the process is cleaned where it is made, before any handler sees it.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType
from typing import Any

MASK = "•••"
_TRACEBACK = "Traceback (most recent call last)"
_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT"
_NAMED = r"(?i)\b(pwd|passw(?:or)?d|passcode|secret|token|tk|authorization|cookie)([=:]\s*)\S+"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b({_METHODS}) (/[\w-]{{0,40}})[^\s\"]*"), rf"\1 \2{MASK}"),  # a request: some paths are keys
    (re.compile(rf"(/[\w-]{{0,40}})\S* \[({_METHODS})\]"), rf"\1{MASK} [\2]"),
    (re.compile(r"(?<=://)[^/\s@]{1,200}@"), f"{MASK}@"),  # postgresql://user:password@host
    (re.compile(r"(\bhttps?://[^/\s\"'<>)\]?#]{1,255})[/?#][^\s\"'<>)\]]+"), rf"\1/{MASK}"),
    (re.compile(r"[^\s\"'<>(=:,;/•]{1,100}@[^\s\"'<>),;]{1,255}"), MASK),
    (re.compile(r"\?[^\s\"'<>]+"), f"?{MASK}"),
    (re.compile(_NAMED), rf"\1\2{MASK}"),
    (re.compile(r"(?<![\w/.-])(?:(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3})(?![\w.])"), MASK),
    (re.compile(r"\b[\w-]{4,200}(?:\.[\w-]{4,200}){0,3}\.[\w-]{20,200}"), MASK),  # a signed link
    (re.compile(r"\b(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[\w-]{16,200}"), MASK),  # what only chance writes
)
_SAID = re.compile(r"^(\s*[\w.]+): .+$")
_OF_THE_CODE = frozenset(
    {
        "AttributeError",
        "ImportError",
        "ModuleNotFoundError",
        "NameError",
        "OperationalError",
        "ProgrammingError",
        "TemplateNotFound",
        "TypeError",
        "UndefinedError",
    }
)
"""Errors whose words are those of the code, or of a database that does not answer, and not of what somebody typed."""


def keep_logs_clean() -> None:
    """Clean every record of this process from now on, whichever library makes it; doing it twice changes nothing."""
    make = logging.getLogRecordFactory()
    if getattr(make, "cleans", False):
        return

    def clean(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _cleaned(make(*args, **kwargs))

    clean.cleans = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(clean)


def scrubbed(text: str) -> str:
    """`text` without what only somebody who is entitled may read: addresses, tokens, queries, words of errors."""
    lines = text.split("\n")
    if any(_TRACEBACK in line for line in lines):
        lines = [_SAID.sub(rf"\1: {MASK}", line) for line in lines]
    return "\n".join(map(_by_rules, lines))


def _by_rules(line: str) -> str:
    if line.lstrip().startswith('File "'):
        return line  # a place in the code
    for pattern, mask in _RULES:
        line = pattern.sub(mask, line)
    return line


def _cleaned(record: logging.LogRecord) -> logging.LogRecord:
    try:
        text = record.getMessage()
    except Exception:  # noqa: BLE001 (arguments that do not fit the message: it alone is ours)
        text = str(record.msg)
    record.msg, record.args = scrubbed(text), ()
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = _places(record.exc_info[1], record.exc_info[2])
        record.exc_info = None
    if record.stack_info:
        record.stack_info = scrubbed(record.stack_info)
    return record


def _places(error: BaseException | None, trace: TracebackType | None) -> str:
    """Where the error came from, and of which kind it and its causes are."""
    said: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        said.append("".join([f"{_TRACEBACK}:\n", *traceback.format_tb(trace), _kind(error)]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        trace = error.__traceback__ if error else None
    return "\n\nwhich came from:\n\n".join(said)


def _kind(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"{name}: {scrubbed(str(error))}" if kind.__name__ in _OF_THE_CODE else name
