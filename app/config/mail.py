"""Where mail goes, as one address says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

MailKind = Literal["smtp", "folder", "memory"]
MailTls = Literal["starttls", "implicit", "none"]
InviteMode = Literal["request", "publish"]

ROOT = Path(__file__).resolve().parent.parent.parent
SMTP_PORTS: dict[MailTls, int] = {"starttls": 587, "implicit": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where mail goes: an SMTP server, a folder of .eml files (development) or the memory of a test."""

    kind: MailKind
    host: str = ""
    port: int = 0
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: MailTls = "starttls"
    folder: Path | None = None

    @classmethod
    def parse(cls, url: str) -> MailSettings:
        """Read `smtp://user:password@host:port?tls=starttls|implicit|none`, `folder:DIR` or `memory:`.

        User and password are percent-decoded; a relative DIR starts at the project's folder; the port defaults to
        the one of its kind of TLS. Raises ValueError with the reason in words that hold no part of the password.
        """
        if url == "memory:":
            return cls(kind="memory", tls="none")
        if url.startswith("folder:"):
            directory = url.removeprefix("folder:")
            if not directory:
                raise ValueError("names no folder")
            return cls(kind="folder", tls="none", folder=ROOT / directory)
        try:
            parts = urlsplit(url)
        except ValueError:
            raise ValueError("is no address") from None  # the original words may repeat the password
        if parts.scheme != "smtp":
            raise ValueError("starts with neither smtp:// nor folder:")
        return cls._smtp(parts)

    @classmethod
    def _smtp(cls, parts: SplitResult) -> MailSettings:
        if not parts.hostname:
            raise ValueError("names no host")
        if parts.path not in ("", "/") or parts.fragment:
            raise ValueError("has a path or a fragment; percent-encode /, ?, # and @ in the password")
        port = _port_of(parts)
        tls = _tls_of(parts, default="implicit" if port == SMTP_PORTS["implicit"] else "starttls")
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        if (user is None) != (password is None):
            raise ValueError("has a user without a password, or a password without a user")
        return cls("smtp", parts.hostname, SMTP_PORTS[tls] if port is None else port, user, password, tls)


def _port_of(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("has a port that is not a number from 1 to 65535")
    return port


def _tls_of(parts: SplitResult, *, default: MailTls) -> MailTls:
    query = parse_qs(parts.query, keep_blank_values=True)
    if set(query) - {"tls"} or len(query.get("tls", [])) > 1:
        raise ValueError("has an option that is not tls")
    match query.get("tls", [default])[0]:
        case "starttls":
            return "starttls"
        case "implicit":
            return "implicit"
        case "none":
            return "none"
    raise ValueError("has a tls= that is not starttls, implicit or none")
