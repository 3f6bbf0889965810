"""Fields of the open data: each writes one public value, and says in the description what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from flask import url_for
from marshmallow import ValidationError, fields, validate
from marshmallow.utils import get_value

from app.services.queries.open_data import Position
from app.web.site import site

_POSITION = re.compile("([0-9]{1,11})-([A-Za-z0-9-]{1,64})")
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(microsecond=0, tzinfo=UTC)


class Text(fields.String):
    """Text in one language, English, without markup."""

    def __init__(self, description: str, *, example: str = "", **options: Any) -> None:
        metadata: dict[str, Any] = {"description": description, **options.pop("metadata", {})}
        if example:
            metadata["example"] = example
        super().__init__(required=True, metadata=metadata, **options)


class Given(Text):
    """Text or an address that may be absent: null, and never an empty string."""

    def __init__(self, description: str, *, format: str = "", **options: Any) -> None:  # noqa: A002 (OpenAPI's word)
        metadata = {"format": format} if format else {}
        super().__init__(description, allow_none=True, metadata=metadata, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        return super()._serialize(value or None, attr, obj, **options)


class Word(Text):
    """One of a few words. A list may grow within a version: readers pass over words that they do not know."""

    def __init__(self, words: Iterable[str], description: str, **options: Any) -> None:
        super().__init__(description, validate=validate.OneOf([str(word) for word in words]), **options)


class Flag(fields.Boolean):
    def __init__(self, description: str, **options: Any) -> None:
        super().__init__(required=True, metadata={"description": description}, **options)


class Number(fields.Integer):
    def __init__(self, description: str, *, example: int | None = None, **options: Any) -> None:
        metadata: dict[str, Any] = {"description": description, "minimum": 0}
        if example is not None:
            metadata["example"] = example
        super().__init__(required=True, metadata=metadata, **options)


class Instant(fields.String):
    """An instant in UTC, to the second; null where there is none."""

    def __init__(self, description: str, *, example: str = "2026-12-10T13:00:00Z", **options: Any) -> None:
        metadata = {"description": description, "format": "date-time", "example": example}
        super().__init__(required=True, metadata=metadata, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class CalendarDate(fields.String):
    """The day on the calendar of the call's own zone, or the month alone: as much of an ISO 8601 date as is known."""

    def __init__(self) -> None:
        said = "The day on the calendar of the series; the month alone, as 2023-06, where the day is not known."
        form = r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"
        super().__init__(required=True, metadata={"description": said, "pattern": form, "example": "2026-12-10"})


class WallClock(fields.String):
    """The same instant on the clock of the call's own zone, with its offset then: RFC 3339."""

    def __init__(self, description: str, *, example: str = "2026-12-10T14:00:00+01:00", **options: Any) -> None:
        metadata = {"description": description, "format": "date-time", "example": example}
        super().__init__(required=True, metadata=metadata, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else value.isoformat(timespec="seconds")


class Address(fields.String):
    """An address of ours, made of the route of that name and what the object says; null where `where` says no."""

    _CHECK_ATTRIBUTE = False

    def __init__(
        self, endpoint: str, description: str, *, where: Callable[[Any], bool] | None = None, **values: str
    ) -> None:
        self._endpoint, self._where, self._values = endpoint, where, values
        metadata = {"description": description, "format": "uri"}
        super().__init__(required=True, allow_none=where is not None, metadata=metadata)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        if self._where is not None and not self._where(obj):
            return None
        said = {name: get_value(obj, path) for name, path in self._values.items()}
        return site().url(url_for(self._endpoint, **said))


class Moment(fields.Field[datetime]):
    """A moment that is asked for: a day (UTC), or an instant with its offset. `ends_day`: the day counts to its end."""

    def __init__(self, description: str, *, ends_day: bool = False, **options: Any) -> None:
        self._ends_day = ends_day
        forms = [{"type": "string", "format": form} for form in ("date", "date-time")]
        super().__init__(metadata={"description": description, "anyOf": forms, "example": "2026-12-01"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> datetime:
        try:
            return self._read(str(value))
        except OverflowError:  # near the ends of the calendar, in another zone
            return _EARLIEST if value.startswith("0") else _LATEST
        except ValueError:
            raise ValidationError(
                "Write a day like 2026-12-01, or an instant like 2026-12-01T16:30:00Z (in an offset, + is %2B)."
            ) from None

    def _read(self, text: str) -> datetime:
        if len(text) == len("2026-12-01"):
            day = date.fromisoformat(text)
            return datetime.combine(day, time.max if self._ends_day else time.min, UTC)
        instant = datetime.fromisoformat(text.upper())
        if instant.tzinfo is None:
            raise ValueError("no offset")
        return instant.astimezone(UTC)


class After(fields.Field[Position]):
    """Where a list goes on, as `next` says it. What it is made of is ours to change."""

    def __init__(self) -> None:
        said = "Where the list goes on: taken from `next`, never made by hand."
        super().__init__(metadata={"type": "string", "pattern": f"^{_POSITION.pattern}$", "description": said})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Position:
        found = _POSITION.fullmatch(str(value))
        if found is None:
            raise ValidationError("Take this from `next`, as it stands there.")
        return Position(datetime.fromtimestamp(int(found[1]), UTC), found[2])


def position_in_words(position: Position) -> str:
    """The position as `After` reads it."""
    return f"{int(position.starts_at.timestamp())}-{position.name}"
