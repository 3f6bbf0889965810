"""What strangers send to the proposal form stays text on every page, and opening their links changes nothing."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import MetaData, select

from app.domain.people import Role
from app.models import OutboxMessage, Proposal
from app.services import links
from tests.cast import make_person, make_series
from tests.drafts import FIELDS, FORM_KEY, make_topics

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</textarea><svg onload=alert(1)>",
    "[click](javascript:alert(1)) **bold**",
    '<a href="https://example.org" data-hx-post="/x" hx-trigger="load">x</a>',
    "{{ 7 * 191 }} {% raw %} ${7*191} {0.__class__}",
    "<div hx-on:click=alert(1) hx-get=/x hx-trigger=load>x</div>",
]
TEXTS = [
    "title",
    "abstract",
    "benefit",
    "private_note",
    "speaker-0-name",
    "speaker-0-pronouns",
    "speaker-0-affiliation",
    "speaker-0-bio",
]
OTHERS = ["format", "minutes", "level", "topics", "preference", "away", "away_weekdays", "links", "email"]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture(autouse=True)
def _scenery(session):
    make_topics(session)
    make_series(session)


def suspicious(html):
    """Elements and attributes that no template of ours writes, but a payload would."""
    page = BeautifulSoup(html, "html.parser")
    found = [tag.name for tag in page.select("img, svg[onload], script:not([src])")]
    for tag in page.find_all(True):
        found += [name for name in tag.attrs if name.startswith(("on", "hx-on", "data-hx"))]
        found += [name for name in tag.attrs if name.startswith("hx-") and tag[name] == "/x"]
        if str(tag.get("href", "")).lower().startswith("javascript:"):
            found.append("javascript:")
    return found


def only_proposal(session):
    session.expire_all()
    return session.scalars(select(Proposal)).one()


def links_in(message):
    text = message_from_bytes(message, policy=policy.default).get_body(("plain",)).get_content()
    return re.findall(r"http://localhost(/[^\s]*)", text)


def everything(session):
    """Every row of every table, to be compared."""
    session.rollback()
    metadata = MetaData()
    metadata.reflect(session.get_bind())
    return {table.name: sorted(map(repr, session.execute(table.select()))) for table in metadata.sorted_tables}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_field_is_text_on_every_page(visitor, sign_in, session, site, payload):
    olu = sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    hostile = {**FIELDS, **dict.fromkeys(TEXTS, payload)}
    hostile["title"] = hostile["speaker-0-name"] = hostile["speaker-0-affiliation"] = payload[:60]
    hostile["speaker-0-pronouns"] = payload[:40]
    pages = [
        visitor.post("/propose/preview", hostile),
        visitor.post("/propose/preview", hostile, headers=HTMX),
        visitor.post("/propose/speakers", {**hostile, "add": "1"}, headers=HTMX),
        visitor.post("/propose/draft", {**hostile, "finish": "1"}),
    ]
    pages.append(visitor.get(links.draft_path(only_proposal(session), site=site)))
    assert visitor.post("/propose", hostile).status_code == 303

    address = links.address_path(only_proposal(session), site=site)
    pages.append(visitor.get(address))
    visitor.post(address, {"version": str(only_proposal(session).version)})
    own = links.proposal_path(only_proposal(session), site=site)
    key = only_proposal(session).key
    pages += [visitor.get(own), visitor.get(f"{own}/edit"), visitor.get(f"{own}/withdraw")]
    pages += [olu.get(path) for path in ("/pool", f"/pool/{key}", "/my/proposals")]

    assert [page.status_code for page in pages] == [200] * len(pages)
    assert [suspicious(page.text) for page in pages] == [[]] * len(pages)
    assert not any("1337" in page.text for page in pages), "a template ran what somebody typed"
    for row in session.scalars(select(OutboxMessage)):
        html = message_from_bytes(row.message, policy=policy.default).get_body(("html",)).get_content()
        assert suspicious(html) == []


@pytest.mark.parametrize("field", [*TEXTS, *OTHERS])
@pytest.mark.parametrize(
    "typed", [PAYLOADS[0], PAYLOADS[1], "x" * 10_000, "\x00\x07\u202e\x1b", "\ud7ff\ufffe", "=1+1", "%s%n"]
)
def test_no_field_breaks_the_form(visitor, field, typed):
    answer = visitor.post("/propose", {**FIELDS, field: typed})

    assert answer.status_code in {303, 422}
    if answer.status_code == 422:
        assert suspicious(answer.text) == []
        assert answer.text.count('id="summary"') == 1


def test_ten_thousand_characters_in_every_field_are_refused_and_kept(visitor):
    answer = visitor.post("/propose", {**FIELDS, **dict.fromkeys(TEXTS, "x" * 10_000)})
    page = BeautifulSoup(answer.text, "html.parser")

    assert answer.status_code == 422
    assert len(page.select_one("[name='abstract']").text.strip()) == 10_000
    assert len(page.select_one("[name='title']")["value"]) == 10_000
    assert "At most 90 characters; these are 10000." in answer.text


def test_two_hundred_speakers_are_too_many(visitor, session):
    numbers = [str(number) for number in range(200)]
    fields = {**FIELDS, "speaker": numbers, **{f"speaker-{number}-name": "Somebody" for number in numbers}}
    answer = visitor.post("/propose", fields)

    assert (answer.status_code, "At most 6 speakers." in answer.text) == (422, True)
    assert session.scalars(select(Proposal)).all() == []


def test_a_flood_of_fields_is_refused(visitor):
    assert visitor.post("/propose", {f"field-{number}": "x" for number in range(2_000)}).status_code == 413


def test_what_the_form_has_no_field_for_cannot_be_set(visitor, session):
    forged = {
        "state": "accepted",
        "owner_id": "1",
        "version": "9",
        "key": "chosen",
        "link_key": "x",
        "submitted_at": "x",
    }
    visitor.post("/propose", {**FIELDS, **forged})

    proposal = only_proposal(session)
    assert (proposal.state, proposal.owner_id, proposal.key == "chosen") == ("unconfirmed", None, False)


def test_a_stranger_cannot_send_their_words_to_somebody_by_our_mail(visitor, session):
    words = "Buy at https://evil.example now"
    hostile = {**FIELDS, "title": words, "abstract": words, "speaker-0-name": words, "email": "victim@example.org"}
    visitor.post("/propose/draft", {**hostile, "finish": "1"})
    visitor.post("/propose", hostile)

    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [row.kind for row in rows] == ["draft_saved", "verify"]
    assert not any("evil" in row.subject or b"evil" in row.message for row in rows)


def test_a_mail_scanner_that_follows_every_link_changes_nothing(visitor, new_visitor, session, site):
    visitor.post("/propose/draft", {**FIELDS, "finish": "1"})
    visitor.post("/propose", {**FIELDS, "form_key": f"{FORM_KEY}-2"})
    proposal = session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()
    visitor.post("/propose", {**FIELDS, "form_key": f"{FORM_KEY}-3"})
    visitor.post(links.address_path(proposal, site=site), {"version": str(proposal.version)})
    paths = [path for row in session.scalars(select(OutboxMessage)) for path in links_in(row.message)]
    assert {path.split("/")[1] for path in paths} >= {"propose", "proposals"}
    before = everything(session)

    scanner = new_visitor()
    for path in paths:
        page = BeautifulSoup(scanner.get(path).text, "html.parser")
        scanner.client.head(path)
        for link in page.select("main a[href^='/']"):
            scanner.client.get(link["href"])

    assert everything(session) == before
