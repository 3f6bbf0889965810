"""Somebody who tries every address that the application has, with everything that could stand in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule
from werkzeug.test import TestResponse

from app.extensions import db
from app.services.queries.feeds import ALL
from tests.fixtures.visitors import FIREFOX
from tests.leaks.searching import Search

_NONSENSE = "no-such-thing"
_OWN_PAGES = ("static", "development.")  # files of ours, searched on disk; and what no production server has
FORMS = {"HX-Request": "true", "Accept": "application/json", "Accept-Encoding": "gzip"}
"""In which an answer may be another one."""
Found = dict[str, frozenset[str]]


@dataclass
class Walker:
    """Nobody in particular, or whoever has `client` as their browser; with every key, slug and number that there is.

    `doors` are the permissions that whoever is signed in has: behind the others no key is looked up. With `tokens`, the
    secret parts of mailed links, only what such links open is asked for. `seen` are the addresses that answered with
    something, and their validators.
    """

    app: Flask
    session: Session
    search: Search
    client: FlaskClient | None = None
    doors: frozenset[str] = frozenset({"public"})
    tokens: tuple[str, ...] = ()
    seen: dict[str, str] = field(default_factory=dict)

    def walk(self, *, forms: Mapping[str, str] = MappingProxyType({})) -> Found:
        """What stands where: each route asked by GET with everything, and by POST without a form of ours.

        What answers is asked for by HEAD as well where `forms` are given, and by each of these headers.
        """
        keys, found = self._keys(), {}
        for rule in self.app.url_map.iter_rules():
            if not rule.endpoint.startswith(_OWN_PAGES) and (not self.tokens or "token" in rule.arguments):
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    found |= self._ask_all(rule, method, keys, forms)
        return found

    def ask(self, address: str, method: str = "GET", /, **headers: str) -> TestResponse:
        """One answer, by whatever headers."""
        client = self.client or self.app.test_client(use_cookies=False)
        return client.open(address, method=method, headers={"User-Agent": FIREFOX, **headers})

    def read(self, address: str, method: str = "GET", /, **headers: str) -> frozenset[str]:
        """The words of one answer: its status, each header and each line."""
        answer = self.ask(address, method, **headers)
        assert answer.status_code != 500, f"{answer.status} at {method} {address}"
        if answer.status_code == 200 and method == "GET" and not headers:
            self.seen[address] = answer.headers.get("ETag", "")
        return self.read_answer(answer)

    def read_answer(self, answer: TestResponse) -> frozenset[str]:
        words = self.search.found(f"{answer.status}\n{answer.headers}".encode())
        if answer.mimetype == "text/html" and not answer.content_encoding:
            return words | self.search.found_in_page(answer.data)
        return words | self.search.found(answer.data)

    def _ask_all(self, rule: Rule, method: str, keys: list[str], forms: Mapping[str, str]) -> Found:
        found: Found = {}
        for address in _addresses(self.app, rule, self._tried(rule, method, keys)):
            found[f"{method} {address}"] = self.read(address, method)
            if forms and method == "GET" and address in self.seen:
                found |= {f"GET {name} {address}": self.read(address, **{name: forms[name]}) for name in forms}
                found[f"HEAD {address}"] = self.read(address, "HEAD")
        return found

    def _tried(self, rule: Rule, method: str, keys: list[str]) -> list[str]:
        """All keys where one could make a difference: not where a guard or the form's token refuses before any look."""
        if "token" in rule.arguments:
            return [*self.tokens, _NONSENSE]
        is_open = self.app.view_functions[rule.endpoint].__access__ in self.doors
        return keys if method == "GET" and is_open else keys[-2:]

    def _keys(self) -> list[str]:
        """Every key and slug in any table: what somebody may have seen, guessed or been sent."""
        columns = [
            column
            for table in db.metadata.sorted_tables
            for column in table.columns
            if column.name in {"key", "slug"} and isinstance(column.type, String)
        ]
        found = {value for column in columns for value in self.session.scalars(select(column)) if value}
        self.session.rollback()
        return [*sorted(found), ALL, _NONSENSE]


def _addresses(app: Flask, rule: Rule, tried: list[str]) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    names = sorted(rule.arguments)
    values = [_fitting(name, rule._converters[name], tried) for name in names]
    for chosen in product(*values):
        yield adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def _fitting(name: str, converter: BaseConverter, tried: list[str]) -> list[object]:
    match converter:
        case IntegerConverter() if name == "year":
            return [2026, 2027, 2028]
        case IntegerConverter():
            return [1, 2, 3, 4]
        case AnyConverter():
            return sorted(converter.items)
    return list(tried)
