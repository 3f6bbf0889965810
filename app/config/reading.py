"""One pass over the environment: each variable's meaning, its default, and what is wrong with it."""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from app.config.mail import ROOT, InviteMode, MailSettings
from app.config.mailbox import MailboxSettings

Environment = Literal["development", "production", "test"]

SECRET_KEY_LENGTH = 32
LONGEST_LINE = 200


class Reading:
    """One pass over the environment that collects problems instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []
        self.environment: Environment = self._environment()

    def _environment(self) -> Environment:
        match self.text("TOUCHPOINTS_ENV") or "development":
            case "development":
                return "development"
            case "test":
                return "test"
            case "production":
                return "production"
        self.problem("TOUCHPOINTS_ENV", "is unknown", "development, production or test")
        return "production"

    def problem(self, name: str, wrong: str, right: str) -> None:
        self.problems.append(f"{name} {wrong}. Right: {right}")

    def text(self, name: str) -> str | None:
        """The variable's value, or the content of the file that NAME_FILE names, stripped; None if absent or empty."""
        value = self._environ.get(name, "").strip()
        path = self._environ.get(f"{name}_FILE", "").strip()
        if value and path:
            self.problem(name, f"and {name}_FILE are both set", "one of the two")
        if value or not path:
            return value or None
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            self.problem(f"{name}_FILE", f"cannot be read ({reason})", "a readable text file with the value in it")
            return None

    def number(self, name: str, *, default: int, lowest: int, highest: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if re.fullmatch(r"[0-9]{1,9}", text) and lowest <= int(text) <= highest:
            return int(text)
        self.problem(name, "is not a whole number in its range", f"{lowest} to {highest}")
        return default

    def instance_dir(self) -> Path:
        directory = ROOT / (self.text("INSTANCE_DIR") or "instance")
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.problem("INSTANCE_DIR", f"cannot be made ({error.strerror})", "a folder that this user may write")
        return directory

    def database_url(self, instance: Path) -> str:
        url = self.text("DATABASE_URL") or f"sqlite:///{instance / 'touchpoints.sqlite3'}"
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
        if not re.match(r"sqlite:///.|postgresql\+psycopg://.", url):
            right = "postgresql://user:password@host/name, or sqlite:////folder/file.sqlite3"
            self.problem("DATABASE_URL", "is no address of PostgreSQL or of an SQLite file", right)
        return url

    def secret_key(self, instance: Path) -> str:
        right = f"at least {SECRET_KEY_LENGTH} random characters, as `openssl rand -hex 32` prints them"
        key = self.text("SECRET_KEY")
        if key is not None:
            if self.environment == "production" and len(key) < SECRET_KEY_LENGTH:
                self.problem("SECRET_KEY", "is short enough to be guessed", right)
            return key
        if self.environment == "production":
            self.problem("SECRET_KEY", "is missing; it signs every cookie and link", right)
        if self.environment == "development" and instance.is_dir():
            return _kept_secret_key(instance / "secret-key")
        return secrets.token_hex(32)

    def base_url(self, port: int) -> str:
        right = "https:// and the host that people type, such as https://touchpoints.example.org"
        url = self.text("BASE_URL")
        if url is None:
            if self.environment == "production":
                self.problem("BASE_URL", "is missing; the links in mails and calendars start with it", right)
            return "http://localhost" if self.environment == "test" else f"http://127.0.0.1:{port}"
        reason = _base_url_fault(url, https_only=self.environment == "production")
        if reason:
            self.problem("BASE_URL", reason, right)
            return "http://localhost"
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.lower()}"

    def mail(self, instance: Path) -> MailSettings:
        right = "smtp://user:password@mail.example.org:587?tls=starttls"
        folder = MailSettings("folder", tls="none", folder=instance / "mail")
        url = self.text("MAIL_URL")
        if url is None:
            if self.environment == "production":
                self.problem("MAIL_URL", "is missing; without it nobody hears of anything", right)
            return MailSettings.parse("memory:") if self.environment == "test" else folder
        try:
            mail = MailSettings.parse(url)
        except ValueError as error:
            self.problem("MAIL_URL", str(error), right)
            return folder
        reason = _mail_fault(mail, self.environment)
        if reason:
            self.problem("MAIL_URL", reason, right)
        return mail

    def mail_from(self) -> str:
        right = "Touchpoints <touchpoints@example.org>"
        text = self.text("MAIL_FROM")
        if text is None:
            if self.environment == "production":
                self.problem("MAIL_FROM", "is missing; every mail needs a sender", right)
            return "Touchpoints <touchpoints@localhost>"
        if not _is_one_address(text):
            self.problem("MAIL_FROM", "is not one address", right)
        return text

    def address(self, name: str, *, default: str) -> str:
        text = self.text(name)
        if text is not None and not _is_one_address(text):
            self.problem(name, "is not one address", "organizers@example.org")
        return text or default

    def line(self, name: str, *, example: str) -> str:
        """A line that pages show as it is, or nothing."""
        text = self.text(name) or ""
        if len(text) > LONGEST_LINE or not text.isprintable():
            self.problem(name, f"is not one line of at most {LONGEST_LINE} characters", example)
            return ""
        return text

    def invite_mode(self) -> InviteMode:
        match self.text("INVITE_MODE"):
            case None | "request":
                return "request"
            case "publish":
                return "publish"
        self.problem("INVITE_MODE", "is unknown", "request or publish")
        return "request"

    def inbound_address(self) -> str:
        """The bare address of the mailbox that is read, or nothing.

        30 letters before the @ stay below the 64 of RFC 5321 with purpose, number and proof (domain/plus_addresses.py).
        """
        address = parseaddr(self.address("INBOUND_ADDRESS", default=""))[1]
        local, _, domain = address.rpartition("@")
        if "@" in address and not (re.fullmatch(r"[A-Za-z0-9._-]{1,30}", local) and domain.isascii()):
            right = "touchpoints@example.org: at most 30 plain letters before the @, since tokens are added there"
            self.problem("INBOUND_ADDRESS", "cannot be extended with a plus sign", right)
        return address.lower()

    def mailbox(self) -> MailboxSettings | None:
        url = self.text("MAILBOX_URL")
        if url is None:
            return None
        try:
            return MailboxSettings.parse(url)
        except ValueError as error:
            self.problem("MAILBOX_URL", str(error), "imaps://user:password@mail.example.org/INBOX")
            return None

    def queue_url(self, instance: Path) -> str:
        url = self.text("QUEUE_URL") or f"sqlite:///{instance / 'queue.sqlite3'}"
        if not re.match(r"(sqlite:///|postgres(ql)?(\+psycopg)?://|rediss?://).", url):
            right = "sqlite:////folder/queue.sqlite3, postgresql://user:password@host/name or redis://host:6379/0"
            self.problem("QUEUE_URL", "is no address of a queue", right)
        self._need_redis("QUEUE_URL", url)
        return re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql://", url)

    def ratelimit_storage_uri(self) -> str:
        uri = self.text("RATELIMIT_STORAGE_URI") or "memory://"
        if not re.match(r"memory://$|rediss?://.", uri):
            self.problem("RATELIMIT_STORAGE_URI", "is no place to count requests", "memory:// or redis://host:6379/1")
        self._need_redis("RATELIMIT_STORAGE_URI", uri)
        return uri

    def _need_redis(self, name: str, url: str) -> None:
        if url.startswith("redis") and importlib.util.find_spec("redis") is None:
            self.problem(name, "needs the package redis, which is not installed", "run `pip install redis` first")

    def uid_domain(self, base_url: str) -> str:
        domain = (self.text("UID_DOMAIN") or urlsplit(base_url).hostname or "").lower()
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", domain):
            self.problem("UID_DOMAIN", "is no domain name", "touchpoints.example.org; never change it later")
        return domain

    def community_name(self) -> str:
        name = self.text("COMMUNITY_NAME") or "Touchpoints"
        if len(name) > 80 or not name.isprintable():
            self.problem("COMMUNITY_NAME", "is not one line of at most 80 characters", "Touchpoints")
        return name


def _base_url_fault(url: str, *, https_only: bool) -> str | None:
    """Why `url` cannot stand before every link, or None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "is no address"
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", parts.netloc):
        return "is not http(s):// and a host, with a port or without"
    if parts.path not in ("", "/") or "?" in url or "#" in url:
        return "has a path, a query or a fragment; the app lives at the root of its host"
    if https_only and parts.scheme != "https":
        return "is not https; sign-in links and cookies would travel in the clear"
    return None


def _mail_fault(mail: MailSettings, environment: Environment) -> str | None:
    """Why this way of sending is refused in this environment, or None."""
    if mail.kind == "memory" and environment != "test":
        return "keeps mail in memory, which is for tests only"
    if environment != "production":
        return None
    if mail.kind == "folder":
        return "writes mail into a folder, which is for development: nobody would receive it"
    if mail.tls == "none" and mail.user:
        return "would send the password unencrypted (tls=none with a user)"
    return None


def _is_one_address(text: str) -> bool:
    found = [address for _, address in getaddresses([text])]
    return text.isprintable() and len(found) == 1 and bool(re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", found[0]))


def _kept_secret_key(path: Path) -> str:
    """The development key at `path`, made on first use. Several processes may come first: one key wins, whole."""
    if not path.exists():
        descriptor, made = tempfile.mkstemp(dir=path.parent)  # mode 600
        os.write(descriptor, secrets.token_hex(32).encode("ascii"))
        os.close(descriptor)
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            Path(made).unlink()
    return path.read_text(encoding="ascii").strip()
