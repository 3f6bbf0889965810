"""The outbox: mail is a row in the transaction of the change that it tells of, and a worker sends it."""

from app.services.outbox.delivering import Delivery, claim_due, deliver_due
from app.services.outbox.keeping import hasten, is_settling, oldest_delay, purge_bodies, send_again, send_now
from app.services.outbox.queueing import QUEUED, TakenBack, cancel_pending, queue_mail
from app.services.outbox.rewriting import mails_not_out, write_anew
from app.services.outbox.telling import count_taken_back, has_heard, holds_entry, last_told, newest_sequence
from app.services.outbox.trying import send_trial

__all__ = [
    "QUEUED",
    "Delivery",
    "TakenBack",
    "cancel_pending",
    "claim_due",
    "count_taken_back",
    "deliver_due",
    "has_heard",
    "hasten",
    "holds_entry",
    "is_settling",
    "last_told",
    "mails_not_out",
    "newest_sequence",
    "oldest_delay",
    "purge_bodies",
    "queue_mail",
    "send_again",
    "send_now",
    "send_trial",
    "write_anew",
]
