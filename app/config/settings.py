"""The settings as one frozen value, and the one way to read them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path

from app.config.embedding import embed_hosts
from app.config.fetching import sister_calendar_hosts
from app.config.mail import InviteMode, MailSettings
from app.config.mailbox import MailboxSettings
from app.config.privacy import OperatorSettings, RetentionSettings
from app.config.problems import SettingsError
from app.config.reading import Environment, Reading


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
    inbound_address: str = ""
    mailbox: MailboxSettings | None = None
    queue_url: str = field(repr=False)
    uid_domain: str
    ratelimit_storage_uri: str = field(default="memory://", repr=False)
    trusted_proxies: int = 0
    settle_minutes: int = 5
    talks_per_organisation: int = 2
    invite_mode: InviteMode = "request"
    community_name: str = "Touchpoints"
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    operator: OperatorSettings = field(default_factory=OperatorSettings)
    embed_hosts: tuple[str, ...] = ()
    port: int = 8000
    sister_calendar_hosts: tuple[str, ...] | None = None  # None: the usual ones

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
        reading = Reading(environ)
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
            inbound_address=reading.inbound_address(),
            mailbox=reading.mailbox(),
            queue_url=reading.queue_url(instance),
            uid_domain=reading.uid_domain(base_url),
            ratelimit_storage_uri=reading.ratelimit_storage_uri(),
            trusted_proxies=reading.number("TRUSTED_PROXIES", default=0, lowest=0, highest=10),
            settle_minutes=reading.number("SETTLE_MINUTES", default=5, lowest=0, highest=1440),
            talks_per_organisation=reading.number("TALKS_PER_ORGANISATION", default=2, lowest=1, highest=100),
            invite_mode=reading.invite_mode(),
            community_name=reading.community_name(),
            retention=RetentionSettings.read(reading),
            operator=OperatorSettings.read(reading),
            embed_hosts=embed_hosts(reading),
            port=port,
            sister_calendar_hosts=sister_calendar_hosts(reading),
        )
        if reading.problems:
            raise SettingsError(tuple(reading.problems))
        return settings
