"""What a part of an agenda says, the same for a call and for the template of its series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from app.domain.agenda import Segment

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped

    from app.domain.agenda import SegmentKind
    from app.models.working_group import WorkingGroup


class AgendaPart:
    """Between a row of either table and its `Segment`. The columns are those of the table."""

    if TYPE_CHECKING:
        kind: Mapped[SegmentKind]
        title: Mapped[str]
        minutes: Mapped[int]
        recorded: Mapped[bool]
        under_rule: Mapped[bool]
        working_group: Mapped[WorkingGroup | None]

        def __init__(self, **columns: Any) -> None: ...

    @classmethod
    def of(cls, segment: Segment, *, position: int) -> Self:
        group = segment.working_group
        return cls(
            position=position,
            kind=segment.kind,
            title=segment.title,
            minutes=segment.minutes,
            recorded=segment.recorded,
            under_rule=segment.under_rule,
            working_group_id=group.number if group else None,
        )

    def value(self) -> Segment:
        group = self.working_group.ref() if self.working_group else None
        return Segment(self.kind, self.title, self.minutes, self.recorded, self.under_rule, group)
