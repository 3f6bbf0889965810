"""Search engines list what is for everybody, and nothing else: found by walking all addresses."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from app.domain.agenda import SegmentKind
from app.domain.people import Role
from app.domain.publication import Audience, PublicDetail
from app.domain.states import TalkState
from app.services.publishing import publish_touchpoint
from app.web.security_headers import INDEXED
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

FOR_EVERYBODY = {
    "/",
    "/api",
    "/calendar",
    "/chatham-house-rule",
    "/numbers",
    "/learning",
    "/learning/<key>",
    "/privacy",
    "/propose",
    "/schedule",
    "/subscribe",
    "/touchpoints/<key>",
    "/working-groups",
    "/working-groups/<slug>",
}


def pages(app):
    """Each address that can be opened, by its rule; parameters are of nothing that there is."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.rule.startswith("/static"):
                yield rule, rule.build({name: some(rule._converters[name]) for name in rule.arguments})[1]


def some(converter):
    """A value that an address may hold."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


def seen(answer, path):
    """The page but for what names the address that was asked for, and the token of forms, new with each second."""
    page = re.sub(rb'(name="csrf_token" value=|"X-CSRFToken": )"[^"]*"', b"", answer.data)
    return (
        page.replace(quote(path, safe="").encode(), b"").replace(quote(path).encode(), b"").replace(path.encode(), b"")
    )


def test_what_may_be_listed_is_known(app):
    listed = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in INDEXED and "GET" in rule.methods}
    assert listed == FOR_EVERYBODY


@pytest.mark.parametrize("role", [None, Role.VOLUNTEER, Role.ORGANIZER])
def test_every_other_answer_says_noindex(app, session, client, sign_in, role):
    session.commit()
    if role is not None:
        client = sign_in(make_person(session, "Somebody", role=role))
    open_answers = []
    for rule, path in pages(app):
        answer = client.get(path)
        if "noindex" not in answer.headers.get("X-Robots-Tag", "") and not rule.rule.endswith((".ics", ".atom")):
            open_answers.append(rule.rule)
        elif answer.mimetype == "text/html" and answer.status_code == 200:
            assert '<meta name="robots" content="noindex">' in answer.text or rule.endpoint.startswith("development.")
    there_are_none = {"/learning/<key>", "/touchpoints/<key>", "/working-groups/<slug>"}
    assert sorted(open_answers) == sorted(FOR_EVERYBODY - there_are_none)


@pytest.mark.parametrize("whole", [True, False])
def test_a_call_wholly_under_the_rule_is_not_listed(session, client, site, now, whole):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    for segment in call.segments:
        segment.under_rule = whole or segment.kind is SegmentKind.FORUM
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    page, file = client.get(f"/touchpoints/{call.key}"), client.get(f"/touchpoints/{call.key}.ics")
    assert (page.headers.get("X-Robots-Tag"), 'content="noindex"' in page.text) == ("noindex" if whole else None, whole)
    assert file.headers["X-Robots-Tag"] == "noindex"


def test_a_hidden_call_answers_like_one_that_never_was(session, client, sign_in, site, now):
    hidden = make_series(session, "friday", audience=Audience.MEMBERS)
    hidden.public_detail = PublicDetail.NOTHING
    call = make_touchpoint(session, hidden, datetime(2026, 12, 11, 17, 30))
    talk = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    mira = make_person(session, "Mira", role=Role.MEMBER)
    session.commit()
    asked = {
        f"/touchpoints/{call.key}": "/touchpoints/x7k2mpq4rt",
        f"/touchpoints/{call.key}.ics": "/touchpoints/x7k2mpq4rt.ics",
        f"/touchpoints/{call.key}/questions": "/touchpoints/x7k2mpq4rt/questions",
        "/calendar/friday.ics": "/calendar/mondays.ics",
        "/calendar/friday.atom": "/calendar/mondays.atom",
        "/calendar/friday.qr.svg": "/calendar/mondays.qr.svg",
        "/schedule?series=friday": "/schedule?series=mondays",
        "/subscribe?feed=friday": "/subscribe?feed=mondays",
        f"/api/v1/touchpoints/{call.key}": "/api/v1/touchpoints/x7k2mpq4rt",
        f"/api/v1/talks/{talk.key}": "/api/v1/talks/x7k2mpq4rt",
        "/api/v1/series/friday": "/api/v1/series/mondays",
        "/schedule.xml?series=friday": "/schedule.xml?series=mondays",
    }
    client.get("/sign-in")  # which sets the cookie of the form
    for path, unknown in asked.items():
        shown, blank = client.get(path), client.get(unknown)
        assert (shown.status_code, seen(shown, path)) == (blank.status_code, seen(blank, unknown)), path
        assert shown.status_code == 404
        assert sorted(shown.headers.keys()) == sorted(blank.headers.keys())
    client = sign_in(mira)
    assert client.get(f"/touchpoints/{call.key}").headers["Location"] == f"/members/calls/{call.key}"
    page = client.get(f"/members/calls/{call.key}")
    kept = page.headers["Cache-Control"], page.headers["X-Robots-Tag"]
    assert (page.status_code, *kept) == (200, "no-store", "noindex")
