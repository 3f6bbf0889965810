"""How long things are kept, and what the privacy notice says of the operator."""

from __future__ import annotations

from dataclasses import dataclass

from app.config.reading import Reading

_MONTHS = {  # field: (variable, default, lowest); an account is warned a month before it goes
    "proposals_months": ("RETENTION_PROPOSALS_MONTHS", 12, 1),
    "accounts_months": ("RETENTION_ACCOUNTS_MONTHS", 24, 2),
    "speakers_months": ("RETENTION_SPEAKERS_MONTHS", 12, 1),
    "mails_months": ("RETENTION_MAILS_MONTHS", 24, 1),
    "audit_months": ("RETENTION_AUDIT_MONTHS", 24, 1),
}
_DAYS = {
    "mail_bodies_days": ("RETENTION_MAIL_BODIES_DAYS", 30),
    "received_days": ("RETENTION_RECEIVED_DAYS", 90),
    "questions_days": ("RETENTION_QUESTIONS_DAYS", 30),
}
_MOST_MONTHS, _MOST_DAYS = 120, 365


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Months and days; the same fields as `domain.retention.Retention`, which explains them."""

    proposals_months: int = 12
    accounts_months: int = 24
    speakers_months: int = 12
    mail_bodies_days: int = 30
    mails_months: int = 24
    received_days: int = 90
    questions_days: int = 30
    audit_months: int = 24

    @classmethod
    def read(cls, reading: Reading) -> RetentionSettings:
        """The variables RETENTION_…, each with its default."""
        months = {
            field: reading.number(name, default=default, lowest=lowest, highest=_MOST_MONTHS)
            for field, (name, default, lowest) in _MONTHS.items()
        }
        days = {
            field: reading.number(name, default=default, lowest=1, highest=_MOST_DAYS)
            for field, (name, default) in _DAYS.items()
        }
        read = cls(**months, **days)
        if read.mail_bodies_days > read.mails_months * 28:
            right = "at least as long as RETENTION_MAIL_BODIES_DAYS: a mail's text is in its row"
            reading.problem("RETENTION_MAILS_MONTHS", "is shorter than its mails' texts are kept", right)
        return read


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """Who answers for an installation, as its privacy notice says it. Empty lines are not known."""

    controller: str = ""
    contact: str = ""
    host: str = ""
    mail_relay: str = ""
    authority: str = ""

    @classmethod
    def read(cls, reading: Reading) -> OperatorSettings:
        """The variables PRIVACY_…; none must be set, and the notice says so where one is missing."""
        return cls(
            controller=reading.line("PRIVACY_CONTROLLER", example="Example Foundation, Example Street 1, Berlin"),
            contact=reading.address("PRIVACY_CONTACT", default=""),
            host=reading.line("PRIVACY_HOST", example="Example Hosting GmbH, Germany"),
            mail_relay=reading.line("PRIVACY_MAIL_RELAY", example="Example Mail Inc., Ireland"),
            authority=reading.line("PRIVACY_AUTHORITY", example="the data protection authority of Berlin"),
        )
