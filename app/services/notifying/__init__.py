"""Telling people: one function per mail. Each joins the caller's transaction and adds rows to the outbox."""

from app.services.notifying.accounts import notify_address_changed, notify_new_address, notify_sign_in
from app.services.notifying.answers import notify_may_not_come
from app.services.notifying.calendars import return_to_newest_entry
from app.services.notifying.crew import (
    correct_rescheduled,
    notify_call_rescheduled,
    notify_call_shifted,
    notify_rescheduled,
)
from app.services.notifying.dates import notify_thanked, notify_upcoming, notify_week
from app.services.notifying.moderators import notify_moderating, notify_moderating_soon
from app.services.notifying.proposals import (
    decision_mail,
    notify_accepted,
    notify_declined,
    notify_draft_saved,
    notify_received,
    notify_verify,
    notify_withdrawn,
)
from app.services.notifying.receipts import notify_retracted
from app.services.notifying.rewriting import NAMING, rewrite_waiting
from app.services.notifying.talks import (
    notify_cancelled,
    notify_confirmed,
    notify_declined_date,
    notify_invited,
    notify_moved,
    notify_reminded,
    notify_updated,
)

__all__ = [
    "NAMING",
    "correct_rescheduled",
    "decision_mail",
    "notify_accepted",
    "notify_address_changed",
    "notify_call_rescheduled",
    "notify_call_shifted",
    "notify_cancelled",
    "notify_confirmed",
    "notify_declined",
    "notify_declined_date",
    "notify_draft_saved",
    "notify_invited",
    "notify_may_not_come",
    "notify_moderating",
    "notify_moderating_soon",
    "notify_moved",
    "notify_new_address",
    "notify_received",
    "notify_reminded",
    "notify_rescheduled",
    "notify_retracted",
    "notify_sign_in",
    "notify_thanked",
    "notify_upcoming",
    "notify_updated",
    "notify_verify",
    "notify_week",
    "notify_withdrawn",
    "return_to_newest_entry",
    "rewrite_waiting",
]
