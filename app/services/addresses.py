"""E-mail addresses: what we can write to, in the one spelling that the tables hold."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from app.domain.errors import InvalidInput

MAX_ADDRESS = 254
_EXAMPLE = "Give an e-mail address that we can write to, like vera@example.org."


def normal_address(text: str) -> str | None:
    """`text` in its one spelling, all in small letters, so that two spellings are one person; None if it is no address.

    Only syntax is looked at: a look-up of the domain would be a request to the network inside ours, and whether
    somebody reads there is proven by the mailed link. What stands before the @ is ASCII, as every mail server takes it.
    """
    try:
        return _normalised(text)
    except EmailNotValidError:
        return None


def is_address(text: str) -> bool:
    """Whether we can write to `text`."""
    return normal_address(text) is not None


def require_address(text: str, *, field: str = "email") -> str:
    """`text` as `normal_address` gives it. Raises InvalidInput with the reason, beside `field`."""
    try:
        return _normalised(text)
    except EmailNotValidError as error:
        raise InvalidInput({field: f"{_EXAMPLE} {error}" if "@" in text else _EXAMPLE}) from error


def _normalised(text: str) -> str:
    # One character too many is enough to be refused: nobody makes us read a megabyte.
    found = validate_email(text.strip()[: MAX_ADDRESS + 1], check_deliverability=False, allow_smtputf8=False)
    # Not casefold(): it would make strasse.example out of straße.example, which is another domain.
    return found.normalized.lower()
