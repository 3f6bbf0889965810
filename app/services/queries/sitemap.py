"""The pages that search engines may list, with the time of their last change: calls, talks, working groups."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.notice import RuleScope
from app.domain.site import Site
from app.feeds.sitemap import SitePage
from app.models import ArchiveEntry, Publication, PublishedGroup

_FIXED = ("/subscribe", "/chatham-house-rule", "/privacy", "/propose", "/api")
_WITH_CALLS = ("/", "/schedule", "/calendar", "/learning", "/numbers")


def list_pages(session: Session, *, site: Site) -> tuple[SitePage, ...]:
    """Every page that may be listed, in an order that stays. What is held wholly under the Rule is on none."""
    newest = session.scalar(select(func.max(Publication.changed_at)))
    groups = tuple(_groups(session, site))
    latest = max((page.changed_at for page in groups if page.changed_at), default=None)
    return (
        *(SitePage(site.url(path), newest) for path in _WITH_CALLS),
        *(SitePage(site.url(path)) for path in _FIXED),
        SitePage(site.url("/working-groups"), latest),
        *_calls(session, site),
        *_talks(session, site),
        *groups,
    )


def _calls(session: Session, site: Site) -> Iterator[SitePage]:
    query = select(Publication.key, Publication.changed_at).where(_may_be_listed())
    for key, changed_at in session.execute(query.order_by(Publication.starts_at, Publication.uid)):
        yield SitePage(site.url(f"/touchpoints/{key}"), changed_at)


def _talks(session: Session, site: Site) -> Iterator[SitePage]:
    query = (
        select(ArchiveEntry.key, Publication.changed_at)
        .join(Publication, Publication.touchpoint_id == ArchiveEntry.touchpoint_id)
        .where(_may_be_listed())
    )
    for key, changed_at in session.execute(query.order_by(ArchiveEntry.starts_at, ArchiveEntry.key)):
        yield SitePage(site.url(f"/learning/{key}"), changed_at)


def _groups(session: Session, site: Site) -> Iterator[SitePage]:
    query = select(PublishedGroup.slug, PublishedGroup.last_modified)
    for slug, changed_at in session.execute(query.order_by(PublishedGroup.position, PublishedGroup.group_id)):
        yield SitePage(site.url(f"/working-groups/{slug}"), changed_at)


def _may_be_listed() -> ColumnElement[bool]:
    """The same calls whose pages say noindex are left out; an old value that says nothing of it is taken for whole."""
    scope = func.coalesce(Publication.value["rule_scope"].as_string(), RuleScope.WHOLE.value)
    return scope != RuleScope.WHOLE.value
