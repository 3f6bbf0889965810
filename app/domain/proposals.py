"""What a proposal says of itself: format, level, series preference."""

from __future__ import annotations

from enum import StrEnum

MIN_MINUTES, MAX_MINUTES = 10, 30


class TalkFormat(StrEnum):
    PRESENTATION = "presentation"
    DEMO = "demo"
    DISCUSSION = "discussion"

    @property
    def label(self) -> str:
        return {"presentation": "Presentation", "demo": "Demo", "discussion": "Open discussion"}[self.value]


class Level(StrEnum):
    INTRODUCTORY = "introductory"
    ADVANCED = "advanced"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class SeriesPreference(StrEnum):
    """Which series a proposal is for. `ONE` goes with the series it names; `BOTH` is cross-shared: a talk on each."""

    ONE = "one"
    EITHER = "either"
    BOTH = "both"
