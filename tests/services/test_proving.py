"""A mailed link and code prove an address: once, for ten minutes, for one purpose, in the browser that asked."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Gone, InvalidInput, TooMany
from app.domain.signing_in import Purpose
from app.models import AuditEvent, SignInRequest
from app.services.proving import (
    OtherBrowser,
    ask_for_proof,
    end_questions,
    find_question,
    is_same_browser,
    read_link,
    take_by_code,
    take_by_link,
)

SIGN_IN, CHANGE_EMAIL = Purpose.SIGN_IN, Purpose.CHANGE_EMAIL
VERA = "vera@example.org"
OVER = "This link has been used, or its time is over."


@pytest.fixture
def ask(session, clock):
    def asked(email=VERA, purpose=SIGN_IN, **known):
        question = ask_for_proof(session, purpose, email=email, now=clock.now, **known)
        session.commit()
        return question

    return asked


def other_code(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_table_holds_no_secret(session, ask):
    question = ask(next_path="/profile")
    stored = session.execute(select(*SignInRequest.__table__.columns)).one()
    assert not {question.nonce, question.token, question.code} & {str(value) for value in stored}
    assert (stored.email, stored.purpose, stored.next_path, stored.attempts) == (VERA, "sign-in", "/profile", 0)
    assert repr(question) == f"Question(row={question.row!r})"


def test_a_code_has_six_digits(ask):
    question = ask()
    assert len(question.code) == 6
    assert question.code.isdigit()


def test_the_same_code_in_two_browsers_has_two_hashes(session, ask, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _: 7)
    assert ask().code == ask().code == "000007"
    assert session.scalar(select(func.count(SignInRequest.code_hash.distinct()))) == 2


def test_the_link_proves_the_address_once(session, ask, now):
    question = ask()
    proof = take_by_link(session, SIGN_IN, question.token, nonce=question.nonce, now=now)
    assert (proof.email, proof.used_at) == (VERA, now)
    with pytest.raises(Gone, match=OVER):
        take_by_link(session, SIGN_IN, question.token, nonce=question.nonce, now=now)


def test_the_code_proves_the_address_once(session, ask, now):
    question = ask()
    spaced = f" {question.code[:3]} {question.code[3:]} "
    assert take_by_code(session, SIGN_IN, spaced, nonce=question.nonce, now=now).email == VERA
    with pytest.raises(Gone, match="Ask for a new mail"):
        take_by_code(session, SIGN_IN, question.code, nonce=question.nonce, now=now)


def test_using_the_code_ends_the_link(session, ask, now):
    question = ask()
    take_by_code(session, SIGN_IN, question.code, nonce=question.nonce, now=now)
    with pytest.raises(Gone):
        read_link(session, SIGN_IN, question.token, now=now)


@pytest.mark.parametrize(("later", "open_"), [(timedelta(seconds=599), True), (timedelta(seconds=600), False)])
def test_a_proof_lasts_ten_minutes(session, ask, now, later, open_):
    question = ask()
    assert (find_question(session, SIGN_IN, nonce=question.nonce, now=now + later) is not None) is open_
    if open_:
        assert read_link(session, SIGN_IN, question.token, now=now + later).email == VERA
    else:
        with pytest.raises(Gone, match=OVER):
            read_link(session, SIGN_IN, question.token, now=now + later)


def test_a_link_works_only_where_it_was_asked_for(session, ask, now):
    question = ask()
    with pytest.raises(OtherBrowser, match="works in the browser that asked"):
        take_by_link(session, SIGN_IN, question.token, nonce="", now=now)
    with pytest.raises(OtherBrowser):
        take_by_link(session, SIGN_IN, question.token, nonce=ask("eve@example.org").nonce, now=now)
    assert [is_same_browser(question.row, nonce=nonce) for nonce in (question.nonce, "")] == [True, False]
    assert take_by_link(session, SIGN_IN, question.token, nonce=question.nonce, now=now).email == VERA


def test_a_code_works_only_where_it_was_asked_for(session, ask, now):
    question, eve = ask(), ask("eve@example.org")
    with pytest.raises(InvalidInput):
        take_by_code(session, SIGN_IN, question.code, nonce=eve.nonce, now=now)
    with pytest.raises(Gone):
        take_by_code(session, SIGN_IN, question.code, nonce="", now=now)


def test_a_proof_for_one_purpose_is_none_for_another(session, ask, now):
    question = ask(purpose=CHANGE_EMAIL)
    with pytest.raises(Gone):
        take_by_link(session, SIGN_IN, question.token, nonce=question.nonce, now=now)
    with pytest.raises(Gone):
        take_by_code(session, SIGN_IN, question.code, nonce=question.nonce, now=now)


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 1000])
def test_a_forged_link_is_like_a_used_one(session, now, token):
    with pytest.raises(Gone, match=OVER):
        read_link(session, SIGN_IN, token, now=now)


def test_asking_again_ends_what_the_same_browser_asked_before(session, ask, now):
    first = ask()
    second = ask(instead_of=first.nonce)
    with pytest.raises(Gone):
        read_link(session, SIGN_IN, first.token, now=now)
    assert find_question(session, SIGN_IN, nonce=second.nonce, now=now).id == second.row.id


def test_asking_does_not_end_what_another_browser_asked(session, ask, now):
    first = ask()
    ask()
    assert read_link(session, SIGN_IN, first.token, now=now).id == first.row.id


def test_a_wrong_code_is_counted_even_though_it_is_refused(session, ask, now):
    question = ask()
    for left in ("4 more tries", "3 more tries", "2 more tries", "one more try"):
        with pytest.raises(InvalidInput) as refused:
            take_by_code(session, SIGN_IN, other_code(question.code), nonce=question.nonce, now=now)
        session.rollback()
        assert refused.value.errors == {"code": f"This code is wrong. You have {left}."}
    with pytest.raises(InvalidInput, match="that was the last try"):
        take_by_code(session, SIGN_IN, "", nonce=question.nonce, now=now)
    session.rollback()
    with pytest.raises(Gone, match="too many wrong codes"):
        take_by_code(session, SIGN_IN, question.code, nonce=question.nonce, now=now)
    refused_codes = select(AuditEvent.detail).where(AuditEvent.action == "sign_in_request.code_refused")
    assert [detail["left"] for detail in session.scalars(refused_codes)] == [4, 3, 2, 1, 0]


def test_after_too_many_wrong_codes_the_link_still_works(session, ask, now):
    question = ask()
    for _ in range(5):
        with pytest.raises(InvalidInput):
            take_by_code(session, SIGN_IN, "x", nonce=question.nonce, now=now)
    assert take_by_link(session, SIGN_IN, question.token, nonce=question.nonce, now=now).email == VERA


def test_tries_at_once_do_not_share_one(app, session, ask, now):
    question, together = ask(), threading.Barrier(8)

    def guess(_):
        with Session(session.get_bind()) as own:
            together.wait(timeout=60)
            try:
                take_by_code(own, SIGN_IN, "wrong", nonce=question.nonce, now=now)
            except InvalidInput:
                return "counted"
            except Gone:
                return "refused"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(8)))
    assert sorted(outcomes) == ["counted"] * 5 + ["refused"] * 3


def test_one_link_used_twice_at_once_counts_once(session, ask, now):
    question, together = ask(), threading.Barrier(4)

    def take(_):
        with Session(session.get_bind()) as own:
            together.wait(timeout=60)
            try:
                take_by_link(own, SIGN_IN, question.token, nonce=question.nonce, now=now)
                own.commit()
            except Gone:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]


def test_a_link_that_was_used_after_it_was_read_is_refused(session, ask, now):
    question = ask()
    with Session(session.get_bind(), expire_on_commit=False) as slow:
        assert read_link(slow, SIGN_IN, question.token, now=now).used_at is None
        slow.commit()
        take_by_link(session, SIGN_IN, question.token, nonce=question.nonce, now=now)
        session.commit()
        with pytest.raises(Gone, match=OVER):
            take_by_link(slow, SIGN_IN, question.token, nonce=question.nonce, now=now)


@pytest.mark.parametrize("engine_name", ["postgresql"])  # on SQLite one of two writers waits before it reads
def test_a_link_that_is_used_between_reading_and_taking_is_refused(session, ask, now):
    question = ask()
    with Session(session.get_bind()) as slow:

        @event.listens_for(slow, "do_orm_execute")
        def somebody_is_faster(execution):
            if execution.is_update:
                take_by_link(session, SIGN_IN, question.token, nonce=question.nonce, now=now)
                session.commit()

        with pytest.raises(Gone, match=OVER):
            take_by_link(slow, SIGN_IN, question.token, nonce=question.nonce, now=now)


def test_an_address_gets_five_mails_an_hour(session, ask, clock, now):
    for _ in range(5):
        ask()
        clock.advance(timedelta(minutes=1))
    with pytest.raises(TooMany, match="We have sent 5 mails to this address within an hour") as refused:
        ask()
    assert refused.value.again_at == now + timedelta(hours=1)
    session.rollback()
    assert ask("sam@example.org").row.email == "sam@example.org"
    clock.now = refused.value.again_at
    assert ask().row.email == VERA


def test_asking_at_once_gets_no_more_mails(session, now):
    together = threading.Barrier(8)

    def ask(_):
        with Session(session.get_bind()) as own:
            together.wait(timeout=60)
            try:
                ask_for_proof(own, SIGN_IN, email=VERA, now=now)
                own.commit()
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 5


def test_questions_are_forgotten_a_month_after_their_end(session, ask, clock):
    ask()
    clock.advance(timedelta(days=30, minutes=10))
    ask("sam@example.org")
    assert session.scalar(select(func.count(SignInRequest.id))) == 2
    clock.advance(timedelta(seconds=1))
    ask("sam@example.org")
    assert session.scalars(select(SignInRequest.email)).all() == ["sam@example.org"] * 2


def test_all_questions_to_an_address_can_be_ended(session, ask, now):
    vera, sam = ask(), ask("sam@example.org")
    end_questions(session, VERA, now=now)
    with pytest.raises(Gone):
        read_link(session, SIGN_IN, vera.token, now=now)
    assert read_link(session, SIGN_IN, sam.token, now=now).id == sam.row.id
