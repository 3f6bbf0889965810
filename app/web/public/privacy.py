"""The privacy notice: what is kept of people, why, for how long, and what they can do about it (GDPR, Art. 13)."""

from __future__ import annotations

from dataclasses import asdict
from email.utils import parseaddr
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from app.domain.disclosure import organizers_words
from app.web.guards import public
from app.web.public import blueprint
from app.web.public.showing import show
from app.web.site import settings, site


@blueprint.get("/privacy")
@public
def privacy() -> Response:
    """In plain words, with the operator's name and the periods of this installation."""
    operator, host = settings().operator, urlsplit(site().base_url).hostname
    return show(
        "pages/public/privacy.html",
        controller=organizers_words(operator.controller or f"The organizers of {site().community}"),
        contact=organizers_words(parseaddr(operator.contact or site().reply_to)[1]),
        host=organizers_words(operator.host or f"The operator of {host}"),
        mail_relay=organizers_words(operator.mail_relay or "the operator’s own mail server"),
        authority=organizers_words(operator.authority or "the data protection authority of your country"),
        is_named=bool(operator.controller),
        has_mailbox=settings().mailbox is not None,
        **asdict(site().retention),
    )
