"""What only a browser can show: times on a visitor's clock, the panel that changes in place, pages without scripts."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import expect


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def visit(browser, live_server):
    """Open a page as a first-time visitor whose device stands in `zone`."""
    contexts = []

    def visit(path, *, zone="Asia/Tokyo", scripts=True):
        context = browser.new_context(
            base_url=live_server, locale="en-GB", timezone_id=zone, java_script_enabled=scripts
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()


def test_a_first_visit_is_rewritten_on_the_visitors_clock_and_the_next_comes_so(publish, visit):
    call = publish(datetime(2026, 12, 4, 17, 0))
    page = visit("/schedule")
    entry = page.locator(f"#call-{call.key}")
    expect(entry.locator("b").first).to_have_text("01:00–02:00")
    expect(entry.locator(".date")).to_have_text("Sat5")
    expect(entry.locator("[data-own]")).to_have_text("Fri 17:00 Madrid")
    expect(entry.locator("[data-own]")).to_be_visible()
    page.reload()
    assert page.locator("html").get_attribute("data-zone") == "Asia/Tokyo"
    expect(entry.locator("b").first).to_have_text("01:00–02:00")
    expect(entry.locator("[data-own]")).to_have_text("Fri 17:00 Madrid")


def test_who_shares_the_series_clock_reads_its_time_once(publish, visit):
    call = publish()
    entry = visit("/schedule", zone="Europe/Paris").locator(f"#call-{call.key}")
    expect(entry.locator("b").first).to_have_text("14:00–15:00")
    expect(entry.locator("[data-own]")).to_be_hidden()


def test_without_scripts_a_time_says_whose_it_is(publish, visit):
    call = publish()
    entry = visit("/schedule", scripts=False).locator(f"#call-{call.key}")
    expect(entry.locator(".event-when")).to_contain_text("14:00–15:00Madrid")


def test_choosing_a_feed_changes_the_panel_in_place(publish, page):
    publish()
    page.goto("/schedule")
    page.get_by_role("navigation", name="Which calls").get_by_role("link", name="Thursday").click()
    expect(page.get_by_label("Address of the feed", exact=True)).to_have_value(
        page.url.replace("/schedule", "/calendar/thursday.ics")
    )
    assert page.url.endswith("/schedule")


def test_choosing_a_feed_without_scripts_leads_to_its_page(publish, visit, live_server):
    publish()
    page = visit("/schedule", scripts=False)
    page.get_by_role("navigation", name="Which calls").get_by_role("link", name="Thursday").click()
    assert page.url == f"{live_server}/subscribe?feed=thursday"


def test_a_zone_is_chosen_without_scripts(publish, visit):
    publish()
    page = visit("/schedule", scripts=False)
    page.locator("#zone-menu summary").click()
    page.get_by_label("Show times in").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".event b").first).to_have_text("22:00–23:00")


def test_a_call_is_added_and_its_other_zones_read_by_keyboard_alone(publish, page):
    publish()
    page.goto("/schedule")
    add = page.locator("summary", has_text="Add")
    add.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Google Calendar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(add).to_be_focused()
    page.locator("summary", has_text="4 zones").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bengaluru")).to_be_visible()
