"""The outbox: mail is a row in the transaction of the change that it tells of, and a worker sends it."""

from app.services.outbox.delivering import Delivery, claim_due, deliver_due
from app.services.outbox.keeping import hasten, oldest_delay, purge_bodies, send_again
from app.services.outbox.queueing import QUEUED, cancel_pending, queue_mail, queue_mails
from app.services.outbox.trying import send_trial

__all__ = [
    "QUEUED",
    "Delivery",
    "cancel_pending",
    "claim_due",
    "deliver_due",
    "hasten",
    "oldest_delay",
    "purge_bodies",
    "queue_mail",
    "queue_mails",
    "send_again",
    "send_trial",
]
