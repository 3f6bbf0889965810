"""A stranger who tries every address that the application has, with everything that could stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from flask import Flask
from sqlalchemy import String, select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

from app.extensions import db
from tests.fixtures.visitors import FIREFOX
from tests.leaks.readings import readings

_NONSENSE = "no-such-thing"
_OWN_PAGES = ("static", "development.")  # files of ours, searched on disk; and what no production server has
_OTHER_FORMS = (  # of what else is asked for
    ("/schedule", {"Accept-Encoding": "gzip"}),
    ("/calendar/all.ics", {"Accept-Encoding": "gzip"}),
    ("/schedule", {"HX-Request": "true"}),
    ("/no-such-page", {"Accept": "application/json"}),
)


@dataclass
class Stranger:
    """Nobody in particular: no cookie, no mailed link; but with every key, slug and number that there is."""

    app: Flask
    session: Session
    _read: dict[bytes, str] = field(default_factory=dict)

    def walk(self) -> dict[str, list[str]]:
        """Ask every route, with GET for everything and with POST without a form of ours; return what can be read.

        The readings of a page are those of its headers and of each of its lines: most pages share most lines.
        """
        keys = self._keys()
        pages = {}
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint.startswith(_OWN_PAGES):
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                for address in _addresses(self.app, rule, keys if method == "GET" else keys[-2:], method):
                    pages[f"{method} {address}"] = self._ask(address, method)
        return pages | {f"{address} {headers}": self._ask(address, "GET", headers) for address, headers in _OTHER_FORMS}

    def _keys(self) -> list[str]:
        """Every key and slug in any table: what a stranger may have seen, guessed or been sent."""
        columns = [
            column
            for table in db.metadata.sorted_tables
            for column in table.columns
            if column.name in {"key", "slug"} and isinstance(column.type, String)
        ]
        found = {value for column in columns for value in self.session.scalars(select(column)) if value}
        self.session.rollback()
        return [*sorted(found), _NONSENSE]

    def _ask(self, address: str, method: str, headers: dict[str, str] | None = None) -> list[str]:
        client = self.app.test_client(use_cookies=False)
        answer = client.open(address, method=method, headers={"User-Agent": FIREFOX, **(headers or {})})
        assert answer.status_code != 500, f"{answer.status} at {method} {address}"
        lines = (
            answer.data.split(b"\n")
            if answer.mimetype == "text/html" and not answer.content_encoding
            else [answer.data]
        )
        return [self._reading(line) for line in (str(answer.headers).encode(), *lines)]

    def _reading(self, data: bytes) -> str:
        if data not in self._read:
            self._read[data] = readings(data)
        return self._read[data]


def _addresses(app: Flask, rule: Rule, tried: list[str], method: str) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    names = sorted(rule.arguments)
    values = [_fitting(rule._converters[name], tried) for name in names]
    for chosen in product(*values):
        yield adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)), method=method)


def _fitting(converter: BaseConverter, tried: list[str]) -> list[object]:
    match converter:
        case IntegerConverter():
            return [1, 2, 3, 4]
        case AnyConverter():
            return sorted(converter.items)
    return list(tried)
