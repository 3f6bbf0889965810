"""The community's issue form: a Markdown body with a heading for each question; one alone, or a repository's issues."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.errors import InvalidInput
from app.domain.imports.documents import entries, is_json, parse_json, said
from app.domain.imports.offers import Offer, OfferState
from app.domain.imports.speakers import with_details, written_speakers
from app.domain.text import MAX_LINE

_HEADING = re.compile(r" {0,3}#{1,4}[ \t]+(?P<label>.+)")
_ISSUE = re.compile(r"https?://[^/\s]+/(?P<repository>[\w.-]+/[\w.-]+)/issues/(?P<number>\d{1,9})")
_PREFIX = re.compile(r"^\s*\[(cfp|proposal)\]\s*:?\s*", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(```|~~~)")
_PREFILLED = (
    "please provide more details about your proposal",
    "please provide a speaker name",
    "please a speaker bio",
    "please provide a speaker bio",
)
_NOTHING = frozenset({"", "_no response_", "no response", "none", "n/a", "-"})
_LABELS: dict[str, tuple[str, ...]] = {
    "title": ("session title", "title", "talk title", "proposal title"),
    "abstract": ("session description", "session descripton", "description", "abstract", "session abstract"),
    "benefit": ("benefits to the ecosystem", "benefit to the ecosystem", "benefits"),
    "topics": ("topic", "topics", "help us narrow down the focus"),
    "level": ("level of expertise", "level", "what level of experience"),
    "format": ("format", "session format", "session type"),
    "minutes": ("duration", "length", "session length"),
    "name": ("speaker name", "speaker names", "speakers", "speaker", "name"),
    "bio": ("speaker bio", "speaker bios", "speaker biography", "bio"),
    "pronouns": ("speaker preferred pronouns", "preferred pronouns", "pronouns"),
    "email": ("speaker e mail", "speaker email", "e mail", "email", "contact email", "email address", "e mail address"),
    "affiliation": ("speaker affiliation", "affiliation", "company", "organization", "organisation"),
    "links": ("links", "resources", "additional resources", "link"),
    "private_note": ("anything else", "additional notes", "notes", "note to the organizers"),
}
_BEGINNINGS = ("help us narrow down the focus", "what level of experience")


def read_issue_form(text: str, *, address: str = "") -> list[Offer]:
    """The offers in `text`: one body as it is pasted, or JSON of issues as GitHub's command line and API give it.

    `address` is that of a pasted body's issue; with it, the same issue is known again. Raises InvalidInput (file).
    """
    if is_json(text):
        return _read_issues(parse_json(text))
    offer = _read_body(text, title="")
    found = _ISSUE.search(address)
    return [replace(offer, id=f"{found['repository']}#{found['number']}" if found else "")]


def sections(body: str) -> dict[str, str]:
    """What stands under each known heading. A heading that the form does not have is part of an answer."""
    found: dict[str, list[str]] = {}
    present: list[str] = []
    fenced = False
    for line in body.splitlines():
        fenced ^= _FENCE.match(line) is not None
        heading = None if fenced else _HEADING.fullmatch(line)
        field = _field(heading["label"][:MAX_LINE]) if heading else None
        if field is None or field in found:
            present.append(line)
        else:
            present = found[field] = []
    return {field: _answer(lines) for field, lines in found.items()}


def _read_issues(data: object) -> list[Offer]:
    issues = list(entries(data if isinstance(data, list) else [data]))
    if not issues or not any("body" in issue for issue in issues):
        raise InvalidInput({"file": "This JSON has no issues: each is an object with a title and a body."})
    return [_read_issue(issue, number) for number, issue in enumerate(issues, start=1)]


def _read_issue(issue: Mapping[str, Any], place: int) -> Offer:
    offer = _read_body(said(issue.get("body")), title=said(issue.get("title")))
    found = _ISSUE.search(said(issue.get("html_url")) or said(issue.get("url")))
    number = said(issue.get("number"))
    own = f"{found['repository']}#{found['number']}" if found else f"#{number}" if number else ""
    state = OfferState.CLOSED if said(issue.get("state")).casefold() == "closed" else OfferState.WAITING
    if "pull_request" in issue:
        state = OfferState.NO_TALK
    created = said(issue.get("createdAt")) or said(issue.get("created_at"))
    return replace(offer, id=own, place=f"issue {own or place}", state=state, created=created)


def _read_body(body: str, *, title: str) -> Offer:
    answers = dict.fromkeys(_LABELS, "") | sections(body)
    if not title and not any(answers.values()):
        raise InvalidInput({"file": "This has none of the form's headings, such as “### Session Title”."})
    speakers, notes = written_speakers(answers["name"], emails=answers["email"], affiliations=answers["affiliation"])
    return Offer(
        title=answers["title"] or _without_prefilled(_PREFIX.sub("", title)),
        abstract=answers["abstract"],
        benefit=answers["benefit"],
        format=answers["format"],
        level=answers["level"],
        minutes=answers["minutes"],
        topics=tuple(filter(None, (line.strip("-* ") for line in answers["topics"].splitlines()))),
        links=tuple(re.findall(r"https?://[^\s<>)\]]+", answers["links"])),
        private_note=answers["private_note"],
        speakers=with_details(speakers, bio=answers["bio"], pronouns=answers["pronouns"]),
        notes=notes,
    )


def _field(label: str) -> str | None:
    words = " ".join(re.sub(r"[^\w]+", " ", label.casefold().replace("_", " ")).split())
    for field, labels in _LABELS.items():
        if words in labels or (words.startswith(_BEGINNINGS) and any(words.startswith(each) for each in labels[2:])):
            return field
    return None


def _answer(lines: list[str]) -> str:
    text = _without_prefilled("\n".join(lines)).strip()
    return "" if text.casefold() in _NOTHING else text


def _without_prefilled(text: str) -> str:
    """Without the sentences that stand in the form's fields before anybody writes."""
    for sentence in _PREFILLED:
        text = re.sub(rf"{re.escape(sentence)}\.?\s*$", "", text.strip(), flags=re.IGNORECASE)
    return text.strip()
