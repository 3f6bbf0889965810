"""The learning space of many years: its pages, a search in it, and what publishing one change in it costs."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from flask import Flask
from sqlalchemy import select

from app.domain.site import Site
from app.extensions import db
from app.models import Talk, Topic
from app.services.publishing import publish_touchpoints
from scripts.bench.machine import Installation, ours
from scripts.bench.pages import Browser, p50
from scripts.bench.report import Report, at_most
from scripts.bench.scenery import held_talk, inside, the_series, this_moment

TOPICS = ("Culture", "Licensing", "Security", "InnerSource", "Policy", "Metrics", "Funding", "AI", "Events", "Tooling")
SAID = ("bylaws", "forks", "maintainers", "audits", "budgets", "releases", "incidents", "contributors", "procurement")
PATHS = {
    "archive, first page": "/learning",
    "archive, last page": "/learning?page=250",
    "archive, two filters": "/learning?year=2024&topic=Security",
    "search, a rare word": "/learning?q=procurement+4999",
    "search, a word of a ninth of all": "/learning?q=incidents",
    "search, the start of a word of all": "/learning?q=up",
    "search with filters": "/learning?q=audits+security&has=recording",
}


def measure_archive(report: Report, installation: Installation, *, talks: int = 5000) -> None:
    """An archive of so many talks, a page at a time, as one person meets it."""
    with inside(installation) as app:
        _hold(app, talks)
    with ours(installation) as served:
        report.begin(f"learning space with {talks:,} talks, one request at a time")
        browser = Browser(served)
        for name, path in PATHS.items():
            report.add(f"{name}, p50", p50(lambda path=path: browser.get(path)), "ms", at_most(100))
        key = browser.get("/learning?q=procurement").split('href="/learning/')[1].split('"')[0]
        report.add("one talk's page, p50", p50(lambda: browser.get(f"/learning/{key}")), "ms", at_most(50))
    with inside(installation) as app:
        report.add("publishing a title that changed, p50", _publishing(app.extensions["touchpoints.site"]), "ms")


def _hold(app: Flask, count: int) -> None:
    now = this_moment()
    series = the_series()
    topics = [Topic(slug=name.lower(), name=name, position=place) for place, name in enumerate(TOPICS)]
    db.session.add_all([series, *topics])
    words = list(product(SAID, TOPICS))
    site = app.extensions["touchpoints.site"]
    talks = []
    for number in range(count):
        talk = held_talk(series, now - timedelta(hours=12 * (number + 1)), number, now)
        said, _ = words[number % len(words)]
        talk.proposal.abstract += f"We spoke of {said} for a while. "
        talk.proposal.topics = [topics[(number + step) % len(topics)] for step in range(1 + number % 2)]
        talk.recording_url = f"https://video.example/{number}" if number % 2 else ""
        talks.append(talk)
    db.session.add_all(talks)
    for start in range(0, count, 500):
        batch = [talk.touchpoint for talk in talks[start : start + 500] if talk.touchpoint]
        publish_touchpoints(db.session(), batch, site=site, now=now)
    db.session.commit()


def _publishing(site: Site) -> float:
    now, talks = this_moment(), iter(db.session.scalars(select(Talk).limit(40)).all())

    def change() -> None:
        talk = next(talks)
        talk.proposal.title = f"Renamed {talk.id}"
        publish_touchpoints(db.session(), [each for each in [talk.touchpoint] if each], site=site, now=now)
        db.session.commit()

    return p50(change)
