"""A feed to choose on the subscribe panel, with every way to subscribe to it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from app.domain.attribution import PublicText
from app.domain.disclosure import organizers_words
from app.feeds.addresses import FeedAddresses, feed_addresses
from app.feeds.words import feed_title
from app.services.queries.feeds import ALL
from app.services.queries.public import SeriesCard
from app.web.site import site


@dataclass(frozen=True)
class Feed:
    """What the feed is called, where its files are, every way to subscribe to it.

    `card` is that of its series, `topic` a slug; a feed of all calls has neither.
    """

    name: PublicText
    file: str
    picture: str
    changes: str
    addresses: FeedAddresses
    card: SeriesCard | None = None
    topic: str = ""

    @property
    def series(self) -> str:
        return self.card.series.slug if self.card else ""


def feed_of(card: SeriesCard | None) -> Feed:
    """The feed of this series, or of all."""
    slug = card.series.slug if card else ALL
    file, picture = url_for("public.feed", slug=slug), url_for("public.qr_code", slug=slug)
    changes = url_for("public.changes", slug=slug)
    name = _title(card.series.name if card else None)
    return Feed(name, file, picture, changes, feed_addresses(site().url(file), name=name), card=card)


def feed_of_topic(slug: str, name: PublicText) -> Feed:
    """The feed of the topic `slug`, which has this name."""
    file, picture = url_for("public.topic_feed", slug=slug), url_for("public.topic_qr_code", slug=slug)
    title = _title(name)
    addresses = feed_addresses(site().url(file), name=title)
    return Feed(title, file, picture, url_for("public.changes", slug=ALL), addresses, topic=slug)


def _title(of: PublicText | None) -> PublicText:
    return feed_title(organizers_words(site().community), of)
