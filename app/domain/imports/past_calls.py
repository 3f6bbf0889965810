"""Past calls as items of an import: what the record says of each, as plain JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from app.domain.agenda import Segment, SegmentKind
from app.domain.history import History, PastCall, PastSeries, PastSpeaker
from app.domain.imports.values import Item
from app.domain.publication import Audience


def items_of(history: History, *, now: datetime) -> list[Item]:
    """The record's calls, then those that cannot stand in the archive; a call that is still to come is no history."""
    held = [
        Item(
            key=call.key,
            summary=call.title,
            payload=_payload(call),
            refused="It is still to come." if call.starts_at > now else "",
            notes="; ".join(call.notes),
            place=f"{call.wall:%Y-%m-%d}",
        )
        for call in history.calls
    ]
    return held + [
        Item(key=skipped.key, summary=skipped.title, refused=f"{skipped.why}."[:1].upper() + f"{skipped.why}."[1:])
        for skipped in history.skipped
    ]


def call_of(payload: Mapping[str, Any]) -> PastCall:
    """The call that `items_of` made this payload of."""
    return PastCall(
        **{
            **payload,
            "series": PastSeries(**{**payload["series"], "audience": Audience(payload["series"]["audience"])}),
            "wall": datetime.fromisoformat(payload["wall"]),
            "segments": tuple(Segment(**{**each, "kind": SegmentKind(each["kind"])}) for each in payload["segments"]),
            "speakers": tuple(PastSpeaker(**each) for each in payload["speakers"]),
            "submitted": date.fromisoformat(payload["submitted"]) if payload["submitted"] else None,
            "notes": tuple(payload["notes"]),
        }
    )


def _payload(call: PastCall) -> dict[str, Any]:
    said = asdict(call)
    return said | {
        "series": {**said["series"], "audience": call.series.audience.value},
        "wall": call.wall.isoformat(),
        "segments": [{**segment, "kind": segment["kind"].value} for segment in said["segments"]],
        "speakers": list(said["speakers"]),
        "submitted": call.submitted.isoformat() if call.submitted else "",
        "notes": list(call.notes),
    }
