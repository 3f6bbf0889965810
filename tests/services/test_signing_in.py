"""Signing in: the same mail for everybody, a person once the address is proven, and a link for the operator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app.domain.errors import Gone, InvalidInput, NotFound, RuleViolation, TooMany
from app.domain.people import Role
from app.models import AuditEvent, OutboxMessage, Person, SignInRequest
from app.services.auditing import COMMAND
from app.services.proving import OtherBrowser
from app.services.sign_ins import find_sign_in
from app.services.signing_in import Browser, ask_to_sign_in, make_sign_in_link, sign_in_by_code, sign_in_by_link
from tests.cast import make_person

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def ask(session, site, now):
    return lambda address="vera@example.org", **known: ask_to_sign_in(session, address, site=site, now=now, **known)


def mails(session):
    return session.execute(select(OutboxMessage.recipient, OutboxMessage.kind).order_by(OutboxMessage.id)).all()


def token_of(link):
    return link.rpartition("/")[2]


def test_known_and_unknown_addresses_get_the_same_mail(session, ask):
    make_person(session, "Vera")
    ask("Vera@example.org")
    ask("nora@example.org")
    assert mails(session) == [("vera@example.org", "sign_in"), ("nora@example.org", "sign_in")]
    sizes = session.scalars(select(func.length(OutboxMessage.message))).all()
    assert abs(sizes[0] - sizes[1]) < 10


def test_known_and_unknown_addresses_take_the_same_work(session, ask):
    make_person(session, "Vera")
    session.commit()
    assert statements_of(session, lambda: ask("vera@example.org")) == statements_of(
        session, lambda: ask("nora@example.org")
    )


def statements_of(session, act):
    """The statements that the database is sent while `act` runs, without their values."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    act()
    event.remove(session.get_bind(), "before_cursor_execute", note)
    return seen


def test_asking_makes_nobody(session, ask):
    ask()
    assert session.scalar(select(func.count(Person.id))) == 0


def test_the_mail_has_the_link_of_this_installation_and_the_code(session, ask, site):
    question = ask()
    message = session.scalar(select(OutboxMessage.message)).decode()
    assert f"{site.base_url}/sign-in/link/{question.token[:20]}" in message.replace("=\r\n", "")
    assert question.code in message.replace(" ", "")


def test_what_is_no_address_gets_no_mail(session, ask):
    with pytest.raises(InvalidInput, match="like vera@example"):
        ask("vera")
    assert mails(session) == []


def test_the_sixth_mail_within_an_hour_is_not_sent(session, ask):
    for _ in range(5):
        ask()
    with pytest.raises(TooMany):
        ask()
    session.rollback()
    assert len(mails(session)) == 5


def test_proving_an_unknown_address_makes_a_volunteer(session, ask, now):
    question = ask(next_path="/profile")
    new = sign_in_by_code(session, question.code, browser=Browser("curl/8", question.nonce), now=now)
    vera = session.scalars(select(Person)).one()
    assert (vera.email, vera.role, vera.name, vera.created_at) == ("vera@example.org", Role.VOLUNTEER, "", now)
    assert (new.row.person, new.next_path) == (vera, "/profile")
    assert find_sign_in(session, new.token, now=now) is new.row


def test_proving_a_known_address_signs_that_person_in(session, ask, now):
    olu = make_person(session, "Olu", role=Role.ORGANIZER)
    question = ask("OLU@example.org")
    new = sign_in_by_link(session, question.token, browser=Browser("", question.nonce), now=now)
    assert (new.row.person, olu.role) == (olu, Role.ORGANIZER)
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.person_id == olu.id)).all()
    assert actions == ["sign_in.begun"]


def test_a_link_in_another_browser_signs_nobody_in(session, ask, now):
    question = ask()
    with pytest.raises(OtherBrowser):
        sign_in_by_link(session, question.token, browser=Browser("", "another"), now=now)
    assert session.scalar(select(func.count(Person.id))) == 0


def test_the_sign_in_of_the_same_browser_is_replaced(session, ask, now):
    first = ask()
    before = sign_in_by_link(session, first.token, browser=Browser("", first.nonce), now=now)
    second = ask()
    browser = Browser("", second.nonce, present=before.row)
    after = sign_in_by_link(session, second.token, browser=browser, now=now)
    assert before.row.ended_at == now
    assert find_sign_in(session, after.token, now=now) is after.row


def test_secrets_do_not_show_in_a_log(session, ask, now):
    question = ask()
    browser = Browser("curl/8", question.nonce)
    new = sign_in_by_link(session, question.token, browser=browser, now=now)
    assert question.nonce not in repr(browser)
    assert new.token not in repr(new)


def test_an_operators_link_signs_its_first_visitor_in_anywhere(session, site, now):
    olu = make_person(session, "Olu", role=Role.ORGANIZER)
    link = make_sign_in_link(session, "olu@EXAMPLE.org", lasts=TEN_MINUTES, by=COMMAND, site=site, now=now)
    assert link.startswith(f"{site.base_url}/sign-in/link/")
    new = sign_in_by_link(session, token_of(link), browser=Browser("", ""), now=now)
    assert new.row.person == olu
    with pytest.raises(Gone):
        sign_in_by_link(session, token_of(link), browser=Browser("", ""), now=now)


def test_an_operators_link_ends_when_it_says(session, site, now):
    make_person(session, "Olu")
    link = make_sign_in_link(session, "olu@example.org", lasts=timedelta(hours=24), by=COMMAND, site=site, now=now)
    late = now + timedelta(hours=24)
    with pytest.raises(Gone):
        sign_in_by_link(session, token_of(link), browser=Browser("", ""), now=late)
    before = late - timedelta(seconds=1)
    assert sign_in_by_link(session, token_of(link), browser=Browser("", ""), now=before).row.created_at == before


def test_no_code_opens_an_operators_link(session, site, now):
    make_person(session, "Olu")
    make_sign_in_link(session, "olu@example.org", lasts=TEN_MINUTES, by=COMMAND, site=site, now=now)
    with pytest.raises(Gone):
        sign_in_by_code(session, "", browser=Browser("", ""), now=now)


def test_an_operators_links_are_not_counted_as_mails(session, site, ask, now):
    make_person(session, "Vera")
    for _ in range(6):
        make_sign_in_link(session, "vera@example.org", lasts=TEN_MINUTES, by=COMMAND, site=site, now=now)
    assert ask().row.email == "vera@example.org"
    made = select(func.count()).where(AuditEvent.action == "sign_in_request.made", AuditEvent.actor == "command")
    assert session.scalar(made) == 6


@pytest.mark.parametrize("lasts", [timedelta(hours=24, seconds=1), timedelta()])
def test_an_operators_link_lasts_a_day_at_most(session, site, now, lasts):
    make_person(session, "Olu")
    with pytest.raises(RuleViolation, match="24 hours at most"):
        make_sign_in_link(session, "olu@example.org", lasts=lasts, by=COMMAND, site=site, now=now)


@pytest.mark.parametrize("address", ["nora@example.org", "nonsense"])
def test_an_operators_link_is_for_people_who_are_here(session, site, now, address):
    with pytest.raises(NotFound, match="Nobody here has this address"):
        make_sign_in_link(session, address, lasts=TEN_MINUTES, by=COMMAND, site=site, now=now)
    assert session.scalar(select(func.count(SignInRequest.id))) == 0
