"""What every page with the proposal form shows beside the fields: choices, names, hints, the public preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.attribution import Attribution, PublicText, public_name
from app.domain.localtime import in_zone
from app.domain.people import RoleCategory
from app.domain.proposals import (
    MAX_ABSTRACT,
    MAX_LINKS,
    MAX_MINUTES,
    MAX_SPEAKERS,
    MAX_TITLE,
    MIN_MINUTES,
    Level,
    ProposalDraft,
    TalkFormat,
    hints,
)
from app.domain.publication import Audience, PublicDetail, PublicTalk
from app.domain.text import MAX_LINE, MAX_TEXT
from app.domain.withholding import Finding, findings_in, kept_words
from app.extensions import db
from app.services import publishing
from app.services.queries.proposal_choices import Choices, read_choices
from app.services.wording import present_wording
from app.web.clock import now
from app.web.proposal_form import ProposalForm

LIMITS = {
    "title": MAX_TITLE,
    "abstract": MAX_ABSTRACT,
    "text": MAX_TEXT,
    "line": MAX_LINE,
    "speakers": MAX_SPEAKERS,
    "links": MAX_LINKS,
    "from_minutes": MIN_MINUTES,
    "to_minutes": MAX_MINUTES,
}
PREVIEW = ("partials/proposal/preview.html", "partials/proposal/beside.html")
"""What htmx gets while the form is written."""
SPEAKERS = ("partials/proposal/speakers.html", *PREVIEW)
"""What htmx gets when a group of speakers comes or goes."""
_USUAL_MINUTES = 20
_A_MONDAY = date(2024, 1, 1)


def form_context(form: ProposalForm, *, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The values that `partials/proposal/fields.html` and `partials/proposal/preview.html` are made of."""
    draft = form.draft()
    choices = read_choices(db.session(), chosen=draft, now=now())
    return {
        "form": form,
        "errors": errors or {},
        "choices": choices,
        "limits": LIMITS,
        "formats": [(kind.value, kind.label) for kind in TalkFormat],
        "levels": [(level.value, level.label) for level in Level],
        "categories": [(category.value, category.label) for category in RoleCategory],
        "attributions": list(Attribution),
        **preview_context(draft, choices),
    }


def preview_of(draft: ProposalDraft) -> dict[str, Any]:
    """The values that `partials/proposal/preview.html` is made of, for a page without the form."""
    return preview_context(draft, read_choices(db.session(), chosen=draft, now=now()))


def preview_context(draft: ProposalDraft, choices: Choices) -> dict[str, Any]:
    """The public entry as `draft` would make it, each speaker's name at each level, and the hints beside the fields."""
    wording = present_wording(db.session())
    return {
        "talk": public_preview(draft, choices.detail(draft)),
        "notice": publishing.preview_notice(wording),
        "asks": wording.asks,
        "names": _names(draft),
        "hints": hints(draft),
        "findings": draft_findings(draft),
        "titles_only": _titles_only(draft, choices),
    }


def public_preview(draft: ProposalDraft, detail: PublicDetail) -> PublicTalk:
    """The talk as a calendar would show it of which `detail` is public; recorded only once every speaker said yes."""
    return publishing.preview(
        title=draft.title,
        abstract=draft.abstract,
        speakers=draft.facts(),
        minutes=draft.minutes or _USUAL_MINUTES,
        detail=detail,
        recorded=bool(draft.speakers) and all(speaker.recording_consent for speaker in draft.speakers),
    )


def draft_findings(draft: ProposalDraft) -> dict[str, tuple[Finding, ...]]:
    """What title, abstract and links say against the naming that speakers have chosen, by field."""
    texts = {"title": draft.title, "abstract": draft.abstract, "links": "\n".join(draft.links)}
    return findings_in(texts, [speaker for speaker in draft.facts() if speaker.attribution is not None])


def with_neutral_words(form: ProposalForm, field: str) -> ProposalForm:
    """The form with what its speakers keep back said in neutral words in this field, "title" or "abstract"."""
    if field not in {"title", "abstract"}:
        return form
    draft = form.draft()
    people = [speaker for speaker in draft.facts() if speaker.attribution is not None]
    return form.with_text(field, kept_words(form.value(field), people))


def choice_words(choices: Choices) -> dict[str, dict[str, str]]:
    """The values of each field of choices, as people know them."""
    series = {f"one:{each.slug}": each.name for each in choices.series}
    return {
        "format": {each.value: each.label for each in TalkFormat},
        "level": {each.value: each.label for each in Level},
        "role": {each.value: each.label for each in RoleCategory},
        "attribution": {each.value: each.label for each in Attribution},
        "recording": {"yes": "Yes", "no": "No"},
        "topics": {each.slug: each.name for each in choices.topics},
        "working_group": {each.slug: each.name for each in choices.groups},
        "preference": {**series, "either": "Either", "both": "Both"},
        "away_weekdays": {str(day): f"{_A_MONDAY + timedelta(days=day - 1):%A}s" for day in range(1, 8)},
        "away": {each.key: f"{in_zone(each.starts_at, each.time_zone):%-d %B %Y}" for each in choices.dates},
    }


def _names(draft: ProposalDraft) -> dict[int, dict[Attribution, PublicText]]:
    """Each speaker at each level, by number; while there is no name yet, words that stand for it."""
    names = {}
    for place, speaker in enumerate(draft.speakers):
        whose = "Your" if place == 0 else "Their"
        shown = (
            speaker
            if speaker.name
            else replace(speaker, name=f"{whose} name", affiliation=f"{whose.lower()} organisation")
        )
        names[speaker.number] = {level: public_name(shown.facts(level)) for level in Attribution}
    return names


def _titles_only(draft: ProposalDraft, choices: Choices) -> list[str]:
    """The members-only series that the proposal may come to stand in, where the preview shows more than they would."""
    if choices.detail(draft) is not PublicDetail.EVERYTHING:
        return []
    return [
        series.short_name
        for series in choices.series
        if series.audience is Audience.MEMBERS and draft.series in {"", series.slug}
    ]
