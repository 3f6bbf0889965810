"""The description of the open data as a page shows it: plain values read from the specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
_OK = "200"


@dataclass(frozen=True)
class Field:
    """A parameter, or a part of an answer. `refers` names the thing that it holds, if that is described by itself."""

    name: str
    kind: str
    description: str
    example: str = ""
    refers: str = ""


@dataclass(frozen=True)
class Operation:
    """One address, what may be asked of it, and the name of what it answers."""

    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    answer: str
    errors: tuple[str, ...]

    @property
    def is_list(self) -> bool:
        """Whether a browser can just open it: no part of its address is to be chosen."""
        return "{" not in self.path


@dataclass(frozen=True)
class Room:
    """The addresses of one kind of thing."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Thing:
    """What an answer holds."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Reference:
    introduction: tuple[str, ...]
    rooms: tuple[Room, ...]
    things: tuple[Thing, ...]


def reference(specification: Node) -> Reference:
    """The specification as people read it."""
    rooms: dict[str, list[Operation]] = {tag["name"]: [] for tag in specification["tags"]}
    for path, methods in specification["paths"].items():
        operation = methods["get"]
        parameters = [*methods.get("parameters", ()), *operation["parameters"]]
        rooms[operation["tags"][0]].append(_operation(path, operation, parameters))
    return Reference(
        introduction=tuple(specification["info"]["description"].strip().split("\n\n")),
        rooms=tuple(Room(name, tuple(operations)) for name, operations in rooms.items()),
        things=tuple(_things(specification["components"]["schemas"])),
    )


def _operation(path: str, said: Node, parameters: list[Node]) -> Operation:
    answer = said["responses"][_OK]["content"]["application/json"]["schema"]
    return Operation(
        path=path,
        summary=said["summary"],
        description=said.get("description", "").replace("\n", " "),
        parameters=tuple(_field(each["name"], {**each["schema"], **each}) for each in parameters),
        answer=_name(answer),
        errors=tuple(sorted(status for status in said["responses"] if status != _OK)),
    )


def _things(schemas: Node) -> Iterator[Thing]:
    for name, said in schemas.items():
        fields = tuple(_field(each, node) for each, node in said["properties"].items())
        yield Thing(name, said.get("description", ""), fields)


def _field(name: str, node: Node) -> Field:
    held = node.get("items", node)
    example = node.get("example", held.get("example", ""))
    return Field(
        name,
        kind=_kind(node),
        description=node.get("description", ""),
        example=", ".join(example) if isinstance(example, list) else str(example),
        refers=_name(held),
    )


def _kind(node: Node) -> str:
    """What a value looks like, in words."""
    if "enum" in node:
        return "one of " + ", ".join(node["enum"])
    if "anyOf" in node:
        return " or ".join(_kind(each) for each in node["anyOf"])
    if "items" in node:
        return f"list of {_kind(node['items'])}"
    if "$ref" in node:
        return _name(node)
    kinds = node.get("type", "text")
    words = [_KINDS.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join([node.get("format", words[0]), *words[1:]])


_KINDS = {"string": "text", "boolean": "true or false", "integer": "number", "object": "words by name"}


def _name(node: Node) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]
