"""What docs/access.md says of permissions is what the table in the code says."""

from __future__ import annotations

import re

from app.domain.people import Role
from app.domain.permissions import Permission, may
from tests.house.sources import ROOT


def test_the_documented_permissions_are_the_real_ones():
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (yes|no) \| (yes|no) \| (yes|no) \|", text, re.MULTILINE)
    assert rows == [
        (permission.value, *("yes" if may(role, permission) else "no" for role in Role)) for permission in Permission
    ]
