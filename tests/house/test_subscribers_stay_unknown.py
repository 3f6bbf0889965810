"""The list of those who follow the calls is on no page, in no feed, no export, no log and no answer of a command."""

from __future__ import annotations

import logging
from datetime import datetime

import pytest
from click import Context, Group
from sqlalchemy import select
from werkzeug.routing import AnyConverter, IntegerConverter

from app.domain.people import Role
from app.domain.states import MailState, TalkState
from app.mail.reading import SUBSCRIBERS_KINDS
from app.mail.values import Mail
from app.models import OutboxMessage, Subscription
from app.services import links
from app.services.outbox import queue_mail
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

NORA = "nora.follows@example.net"
ABOUT_THIS_MACHINE = {"db", "demo", "import", "limiter", "routes", "run", "shell", "worker"}


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def nora(session, site, now):
    """Follows all calls; mails of each kind to her are in every state that there is."""
    row = Subscription(email=NORA, asked_at=now, asked_since=now, confirmed_at=now, digested_at=now)
    session.add(row)
    for kind in sorted(SUBSCRIBERS_KINDS):
        for state in MailState:
            mail = Mail(kind, NORA, f"For {NORA}", NORA, NORA)
            queue_mail(session, mail, dedup=f"{kind}:{state}", site=site, now=now)
            queued = select(OutboxMessage).where(OutboxMessage.dedup == f"{kind}:{state}")
            session.scalars(queued).one().state = state
    session.commit()
    return row


@pytest.fixture
def olu(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def call(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


def addresses(app, session, call):
    """Every address that answers to GET, with whatever there is to fill it with; without those of her own links."""
    numbers = session.scalars(select(OutboxMessage.id)).all()
    fillings = {"key": call.key, "day": "2026-12-10", "year": 2026, "kind": "talk"}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods:
            continue
        named = {name: fillings.get(name, "thursday") for name in rule.arguments}
        named |= {name: min(each.items) for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
        whole = [name for name in rule.arguments if isinstance(rule._converters[name], IntegerConverter)]
        for number in numbers if whole else [0]:
            filled = named | dict.fromkeys(whole, number)
            yield adapter.build(rule.endpoint, filled, method="GET")


def test_no_page_and_no_feed_names_her(app, session, olu, visitor, nora, call, caplog):
    caplog.set_level(logging.DEBUG)
    paths = sorted(set(addresses(app, session, call)))
    assert any(path.startswith("/mail/") for path in paths)
    named = [path for browser in (olu, visitor) for path in paths if NORA.encode() in browser.get(path).data]
    searched = [f"/mail?q=nora.follows&box={box}" for box in ("", "parked", "waiting", "sent", "cancelled")]
    assert named + [path for path in searched if NORA in olu.get(path).text] == []
    assert NORA not in caplog.text


def test_a_mail_to_her_can_be_neither_opened_nor_sent_again(session, olu, nora):
    for number in session.scalars(select(OutboxMessage.id)).all():
        assert olu.get(f"/mail/{number}").status_code == 404
        assert olu.post(f"/mail/{number}/send-again").status_code == 404
    assert NORA not in olu.get("/mail").text


def test_no_command_names_her(app, session, nora, call):
    session.commit()
    runner = app.test_cli_runner()
    said = {}
    for words in _commands(app.cli):
        if words[0] not in ABOUT_THIS_MACHINE:
            said[" ".join(words)] = runner.invoke(args=[*words]).output + runner.invoke(args=[*words, "--help"]).output
    assert "people list" in said
    assert [words for words, output in said.items() if NORA in output] == []


def test_only_her_own_links_name_her(visitor, nora, site):
    paths = [path(nora, site=site) for path in (links.subscription_path, links.subscribing_path, links.leaving_path)]
    assert [NORA in visitor.get(path).text for path in paths] == [True, False, False]


def _commands(group: Group, words: tuple[str, ...] = ()):
    for name in group.list_commands(Context(group)):
        command = group.get_command(Context(group), name)
        if isinstance(command, Group):
            yield from _commands(command, (*words, name))
        else:
            yield *words, name
