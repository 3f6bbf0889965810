"""Calls by e-mail in real Chromium on a phone, with scripts and without, over pages fit for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models import Subscription
from app.services import links
from tests.cast import make_series
from tests.journeys.pages import Walk

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_subscribe_page_to_leaving(new_page, live_server, session, site, violations, scripts):
    make_series(session)
    session.commit()
    page = new_page(**PHONE)
    walk = Walk(page, violations, scripts=scripts)
    walk.open("/subscribe?feed=thursday").follow("By e-mail").arrive("Calls by e-mail")
    expect(page.get_by_label("Europe Chapter and OSPOlogy")).to_be_checked()
    page.get_by_label("Your e-mail").fill("nora at example")
    walk.click("Send me the question").arrive("Calls by e-mail")
    expect(page.get_by_role("alert")).to_contain_text("Give an e-mail address")
    page.get_by_label("Your e-mail").fill("nora@example.org")
    page.get_by_label("Once a week").check()
    page.get_by_label("Your clock").select_option(label="Tokyo")
    walk.click("Send me the question").arrive("Look into your mail")

    nora = session.scalars(select(Subscription)).one()
    confirm = links.subscribing_path(nora, site=site)
    session.rollback()
    walk.open(confirm).arrive("Calls by e-mail: is that right?")
    walk.click("Yes, write to me").arrive("Your calls by e-mail")
    expect(page.get_by_label("Your clock")).to_have_value("Asia/Tokyo")
    page.get_by_label("All calls").check()
    walk.click("Save").arrive("Your calls by e-mail")
    expect(page.get_by_label("All calls")).to_be_checked()
    walk.click("Unsubscribe").arrive("You are unsubscribed")
    session.rollback()
    assert session.scalars(select(Subscription)).all() == []
