"""Files of proposals as other systems write them: made by hand, in their shapes, with nobody real in them."""

from __future__ import annotations

import json
from typing import Any

ISSUE = """### Session Title

Upstream first at a railway
Please provide more details about your proposal

### Session Description

How a railway sends every fix upstream.

### What we learned

Patience.

### Benefits to the Ecosystem

- Fewer forks

### Help us narrow down the focus a bit more. Please choose the OSPO related topic that best describes your proposal.

Compliance, Legal and Inventory, OSPO strategy

### What level of experience should the audience have to best understand your presentation?

Advanced OSPO (Advanced)

### Speaker Name

Sam Speaker (Kestrel Works) and Kim Keeper

### Speaker Bio

Sam drives trains.

### Speaker preferred pronouns

_No response_
"""


def offered(
    title: str = "Upstream first at a railway", *, email: str = "sam@example.org", **more: Any
) -> dict[str, Any]:
    """One submission as pretalx's API gives it to organizers."""
    return {
        "code": "AB12CD",
        "title": title,
        "submission_type": {"en": "Talk"},
        "track": {"en": "OSPO strategy"},
        "state": "submitted",
        "abstract": "How a railway sends every fix upstream.",
        "duration": 20,
        "created": "2026-10-01T10:00:00+02:00",
        "speakers": [{"code": "SAM234", "name": "Sam Speaker", "email": email, "biography": "Sam drives trains."}],
    } | more


def pretalx(*submissions: dict[str, Any]) -> bytes:
    """A file with these submissions."""
    return json.dumps({"count": len(submissions), "results": submissions}).encode()


def numbered(count: int) -> bytes:
    """A file with so many submissions, each by somebody else."""
    return pretalx(*(offered(f"Talk number {n}", email=f"sam{n}@example.org", code=f"CODE{n}") for n in range(count)))
