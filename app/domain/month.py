"""A month of the calendar: its name in an address, its weeks from Monday to Sunday, its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_WIDEST_ZONE = timedelta(hours=14)  # Kiritimati is this far ahead of UTC; nowhere is further behind


@dataclass(frozen=True, order=True)
class Month:
    """A month from 0002 to 9998, so that every date around it exists."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """The month that an address writes as "2026-11"; None for anything else."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found and 1 < int(found[1]) < 9999 else None

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.after(1).first - timedelta(days=1)

    @property
    def title(self) -> str:
        """ "November 2026"."""
        return f"{self.first:%B} {self.year}"

    def after(self, months: int) -> Month:
        """The month so many later; earlier for a negative number."""
        years, number = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, number + 1)

    @property
    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """Whole weeks from Monday to Sunday that hold every day of the month, with days of its neighbours."""
        monday = self.first - timedelta(days=self.first.weekday())
        count = ((self.last - monday).days // 7) + 1
        return tuple(tuple(monday + timedelta(days=7 * week + day) for day in range(7)) for week in range(count))

    def __contains__(self, day: date) -> bool:
        return Month.of(day) == self

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """From when until when it is this month anywhere on earth, in UTC."""
        begins = datetime.combine(self.first, time(), UTC) - _WIDEST_ZONE
        return begins, datetime.combine(self.after(1).first, time(), UTC) + _WIDEST_ZONE


def days_of(starts_at: datetime, ends_at: datetime) -> tuple[date, ...]:
    """The dates that something touches from `starts_at` until `ends_at`, on the clock that both carry.

    What ends at midnight does not touch the day that begins then; what has no length touches its moment's day.
    """
    last = max(starts_at, ends_at - timedelta(microseconds=1)).date()
    return tuple(starts_at.date() + timedelta(days=day) for day in range((last - starts_at.date()).days + 1))
