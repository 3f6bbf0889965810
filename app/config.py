"""Settings of one installation, read once from the environment; an unsafe or incomplete set does not start."""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

Environment = Literal["development", "production", "test"]
MailKind = Literal["smtp", "folder", "memory"]
MailTls = Literal["starttls", "implicit", "none"]

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY_LENGTH = 32
SMTP_PORTS: dict[MailTls, int] = {"starttls": 587, "implicit": 465, "none": 25}


class SettingsError(Exception):
    """The environment does not make a safe installation; `problems` holds every reason, `str()` one a line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(["Touchpoints cannot start with these settings:", *(f"- {p}" for p in problems)]))
        self.problems = problems


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

        User and password are percent-decoded; a relative DIR starts at the project's folder. Raises ValueError
        with the reason in words that hold no part of the password.
        """
        if url == "memory:":
            return cls(kind="memory", tls="none")
        if url.startswith("folder:"):
            directory = url.removeprefix("folder:")
            if not directory:
                raise ValueError("names no folder")
            return cls(kind="folder", tls="none", folder=ROOT / directory)
        parts = urlsplit(url)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between installations. Paths are absolute, addresses normalised, secrets not in repr."""

    environment: Environment
    instance_dir: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    base_url: str
    mail: MailSettings
    mail_from: str
    reply_to: str
    queue_url: str = field(repr=False)
    uid_domain: str
    ratelimit_storage_uri: str = field(default="memory://", repr=False)
    trusted_proxies: int = 0
    settle_minutes: int = 5
    community_name: str = "Touchpoints"
    port: int = 8000

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the variables of docs/operations.md, each also as NAME_FILE (the file's content, stripped).

        An empty variable counts as absent. Raises SettingsError with all problems at once. Makes the instance
        folder, and in development the secret key in it, if they do not exist.
        """
        reading = _Reading(environ)
        instance = reading.instance_dir()
        port = reading.number("PORT", default=8000, lowest=1, highest=65535)
        base_url = reading.base_url(port)
        mail_from = reading.mail_from()
        settings = cls(
            environment=reading.environment,
            instance_dir=instance,
            database_url=reading.database_url(instance),
            secret_key=reading.secret_key(instance),
            base_url=base_url,
            mail=reading.mail(instance),
            mail_from=mail_from,
            reply_to=reading.address("REPLY_TO", default=parseaddr(mail_from)[1]),
            queue_url=reading.queue_url(instance),
            uid_domain=reading.uid_domain(base_url),
            ratelimit_storage_uri=reading.ratelimit_storage_uri(),
            trusted_proxies=reading.number("TRUSTED_PROXIES", default=0, lowest=0, highest=10),
            settle_minutes=reading.number("SETTLE_MINUTES", default=5, lowest=0, highest=1440),
            community_name=reading.community_name(),
            port=port,
        )
        if reading.problems:
            raise SettingsError(tuple(reading.problems))
        return settings


class _Reading:
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

    def queue_url(self, instance: Path) -> str:
        url = self.text("QUEUE_URL") or f"sqlite:///{instance / 'queue.sqlite3'}"
        if not re.match(r"(sqlite:///|postgres(ql)?://|rediss?://).", url):
            right = "sqlite:////folder/queue.sqlite3, postgresql://user:password@host/name or redis://host:6379/0"
            self.problem("QUEUE_URL", "is no address of a queue", right)
        self._need_redis("QUEUE_URL", url)
        return re.sub(r"^postgres://", "postgresql://", url)

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


def _port_of(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ValueError("has a port that is not a number from 1 to 65535") from None


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


def _base_url_fault(url: str, *, https_only: bool) -> str | None:
    """Why `url` cannot stand before every link, or None."""
    parts = urlsplit(url)
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
    address = parseaddr(text)[1]
    return text.isprintable() and bool(re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", address))


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
