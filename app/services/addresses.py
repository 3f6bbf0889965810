"""E-mail addresses: what we can write to, in the one spelling that the tables hold."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

MAX_ADDRESS = 254


def normal_address(text: str) -> str | None:
    """`text` normalised and case-folded, so that two spellings are one person; None if it is no address.

    Only syntax is looked at: whether somebody reads there is proven by the mailed link.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.normalized.casefold() if len(found.ascii_email) <= MAX_ADDRESS else None  # type: ignore[arg-type]


def is_address(text: str) -> bool:
    """Whether we can write to `text`."""
    return normal_address(text) is not None
