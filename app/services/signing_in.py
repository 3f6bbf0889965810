"""Signing in without a password: by a link and a code that are mailed to whoever reads the address."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, RuleViolation
from app.domain.signing_in import LONGEST_OPERATOR_LINK, Purpose
from app.domain.site import Site
from app.models import Person, SignIn, SignInRequest
from app.services import notifying
from app.services.addresses import normal_address, require_address
from app.services.auditing import Actor, record
from app.services.people import find_or_make_person
from app.services.proving import Question, ask_for_proof, hashed, take_by_code, take_by_link
from app.services.sign_ins import begin_sign_in


@dataclass(frozen=True)
class Browser:
    """The browser that signs in: its User-Agent, the nonce it holds, and the sign-in that the new one replaces."""

    user_agent: str
    nonce: str = field(repr=False)
    present: SignIn | None = None


@dataclass(frozen=True)
class NewSignIn:
    """A fresh sign-in: `token` is for the cookie alone, `next_path` is where the person wanted to go, or empty."""

    row: SignIn
    token: str = field(repr=False)
    next_path: str


def ask_to_sign_in(
    session: Session, address: str, *, next_path: str = "", instead_of: str = "", site: Site, now: datetime
) -> Question:
    """Mail a link and a code to `address`, whoever that is: nobody is looked up, so nothing can be learnt.

    The caller gives `nonce` to the asking browser. Raises InvalidInput (email), TooMany.
    """
    email = require_address(address)
    question = ask_for_proof(session, Purpose.SIGN_IN, email=email, next_path=next_path, instead_of=instead_of, now=now)
    link = site.url(link_path(question.token))
    notifying.notify_sign_in(session, email, link=link, code=question.code, site=site, now=now)
    session.commit()
    return question


def link_path(token: str) -> str:
    """The path of the page with the button that signs in."""
    return f"/sign-in/link/{token}"


def sign_in_by_link(session: Session, token: str, *, browser: Browser, now: datetime) -> NewSignIn:
    """Sign in with the mailed link. Raises Gone, and OtherBrowser where nobody asked for it."""
    proof = take_by_link(session, Purpose.SIGN_IN, token, nonce=browser.nonce, now=now)
    return _sign_in(session, proof, browser=browser, now=now)


def sign_in_by_code(session: Session, code: str, *, browser: Browser, now: datetime) -> NewSignIn:
    """Sign in with the mailed code. Raises InvalidInput (code) for a wrong one, Gone when it is over."""
    proof = take_by_code(session, Purpose.SIGN_IN, code, nonce=browser.nonce, now=now)
    return _sign_in(session, proof, browser=browser, now=now)


def make_sign_in_link(session: Session, address: str, *, lasts: timedelta, by: Actor, site: Site, now: datetime) -> str:
    """An address that signs its first visitor in as the known person of `address`, in any browser.

    For whoever runs the installation. Raises NotFound, and RuleViolation for more than `LONGEST_OPERATOR_LINK`.
    """
    if not timedelta() < lasts <= LONGEST_OPERATOR_LINK:
        raise RuleViolation("A sign-in link lasts for 24 hours at most.")
    email = normal_address(address)
    if session.scalar(select(Person.id).where(Person.email == email)) is None:
        raise NotFound("Nobody here has this address. Add them first: flask --app wsgi people add")
    token = secrets.token_urlsafe(32)
    row = SignInRequest(
        purpose=Purpose.SIGN_IN.value,
        email=email,
        link_hash=hashed(token),
        code_hash="",
        browser_hash="",
        created_at=now,
        expires_at=now + lasts,
    )
    session.add(row)
    record(session, "sign_in_request.made", row, by=by, now=now)
    session.commit()
    return site.url(link_path(token))


def _sign_in(session: Session, proof: SignInRequest, *, browser: Browser, now: datetime) -> NewSignIn:
    person = find_or_make_person(session, proof.email, now=now)
    row, token = begin_sign_in(session, person, user_agent=browser.user_agent, instead_of=browser.present, now=now)
    session.commit()
    return NewSignIn(row, token, proof.next_path)
