"""Who may do what: one table."""

from __future__ import annotations

from enum import StrEnum

from app.domain.people import Role


class Permission(StrEnum):
    """Something a signed-in person may do. A link in a mail carries its own right and needs none of these."""

    OWN_ACCOUNT = "own_account"
    SEE_JOIN_LINKS = "see_join_links"
    REVIEW = "review"
    SCHEDULE = "schedule"
    MANAGE_SERIES = "manage_series"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_MAIL = "manage_mail"
    IMPORT = "import"


_VOLUNTEER = frozenset({Permission.OWN_ACCOUNT})
_MEMBER = _VOLUNTEER | {Permission.SEE_JOIN_LINKS}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VOLUNTEER: _VOLUNTEER,
    Role.MEMBER: _MEMBER,
    Role.ORGANIZER: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]
