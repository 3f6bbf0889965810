"""Where mail to us is fetched, as one address says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

MailboxTls = Literal["implicit", "starttls"]
_SCHEMES: dict[str, tuple[MailboxTls, int]] = {"imaps": ("implicit", 993), "imap+starttls": ("starttls", 143)}


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """A folder on an IMAP server, always over TLS."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: MailboxTls
    folder: str = "INBOX"

    @classmethod
    def parse(cls, url: str) -> MailboxSettings:
        """Read `imaps://user:password@host:port/FOLDER` or `imap+starttls://…`; user and password percent-decoded.

        Raises ValueError with the reason in words that hold no part of the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("is no address") from None  # the original words may repeat the password
        if parts.scheme not in _SCHEMES:
            raise ValueError("starts with neither imaps:// nor imap+starttls://")
        if not parts.hostname or not parts.username or not parts.password:
            raise ValueError("lacks the host, the user or the password")
        if parts.query or parts.fragment:
            raise ValueError("has a query or a fragment; percent-encode ?, # and @ in the password")
        folder = unquote(parts.path.strip("/")) or "INBOX"
        if not (folder.isascii() and folder.isprintable()) or set(folder) & {'"', "\\"}:
            raise ValueError("names a folder that is not plain letters")
        tls, usual = _SCHEMES[parts.scheme]
        return cls(parts.hostname, port or usual, unquote(parts.username), unquote(parts.password), tls, folder)
