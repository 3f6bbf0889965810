"""The outbox: mail is a row in the transaction of the change that it tells of, and a worker sends it."""

from app.services.outbox.queueing import cancel_pending, queue_mail

__all__ = ["cancel_pending", "queue_mail"]
