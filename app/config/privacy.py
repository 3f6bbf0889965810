"""How long things are kept, and what the privacy notice says of the operator."""

from __future__ import annotations

from dataclasses import dataclass

from app.config.reading import Reading

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
        months, days = {"lowest": 1, "highest": _MOST_MONTHS}, {"lowest": 1, "highest": _MOST_DAYS}
        warned_first = months | {"lowest": 2}  # an account is warned a month before it goes
        read = cls(
            proposals_months=reading.number("RETENTION_PROPOSALS_MONTHS", default=12, **months),
            accounts_months=reading.number("RETENTION_ACCOUNTS_MONTHS", default=24, **warned_first),
            speakers_months=reading.number("RETENTION_SPEAKERS_MONTHS", default=12, **months),
            mail_bodies_days=reading.number("RETENTION_MAIL_BODIES_DAYS", default=30, **days),
            mails_months=reading.number("RETENTION_MAILS_MONTHS", default=24, **months),
            received_days=reading.number("RETENTION_RECEIVED_DAYS", default=90, **days),
            questions_days=reading.number("RETENTION_QUESTIONS_DAYS", default=30, **days),
            audit_months=reading.number("RETENTION_AUDIT_MONTHS", default=24, **months),
        )
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
