"""The board in real Chromium: by mouse, by finger, by keyboard, by clicks, and without JavaScript."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.people import Role
from app.domain.states import ProposalState, TalkState
from app.models import Talk, Touchpoint
from tests.browser.board_page import BoardPage
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def calls(session):
    """The ids of Thursday 10 December (full but for ten minutes), Thursday 14 January and Friday 18 December.

    Ids and not rows: a row that the test reads anew would hold SQLite's lock against the server.
    """
    thursdays = make_series(session)
    fridays = make_series(session, "friday", name="General Member", hue="plum", shape="square")
    fridays.position = 1
    days = (
        (thursdays, datetime(2026, 12, 10, 14)),
        (thursdays, datetime(2027, 1, 14, 14)),
        (fridays, datetime(2026, 12, 18, 17)),
    )
    december, january, friday = (make_touchpoint(session, series, day, talk_minutes=45) for series, day in days)
    for position, (title, minutes) in enumerate((("City code", 20), ("Metrics", 15))):
        make_talk(session, accepted(session, title, minutes), december, state=TalkState.CONFIRMED, position=position)
    return december.id, january.id, friday.id


@pytest.fixture
def upstream(session, calls):
    return accepted(session, "Upstream first", 25)


def accepted(session, title, minutes):
    speaker = make_speaker(f"{title.split()[0]} Speaker", affiliation=f"{title} Ltd")
    return make_proposal(session, title, state=ProposalState.ACCEPTED, minutes=minutes, speakers=(speaker,))


@pytest.fixture
def open_board(session, sign_in, new_page, live_server):
    """Opens the board as an organizer of that name, in a browser of their own."""

    def open_board(name="Olu Organizer", path="/board", **options):
        visitor = sign_in(make_person(session, name, role=Role.ORGANIZER))
        page = new_page(**options)
        cookie = visitor.client.get_cookie("touchpoints")
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
        board = BoardPage(page)
        if options.get("java_script_enabled", True):
            return board.open(path)
        page.goto(path)
        return board

    return open_board


def slot(touchpoint_id):
    return f"#slot-{touchpoint_id}"


def test_a_card_is_dragged_onto_a_date_with_the_mouse(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board()

    board.drag("Upstream first", slot(january))

    board.wait_for_word("“Upstream first” is on Thu 14 Jan")
    assert (board.titles("#slot-inbox"), board.titles(slot(january))) == ([], ["Upstream first"])
    assert board.focused() == "Move “Upstream first”"
    assert board.card("Upstream first").get_attribute("class") == "card just-moved"


def test_while_dragging_each_slot_says_its_verdict_and_none_moves(calls, upstream, open_board):
    december, january, friday = calls
    board = open_board()
    before = board.heights()

    board.pick_up("Upstream first", slot(january))

    assert board.verdict(slot(december)) == "15 min too long"
    assert board.verdict(slot(january)) == "Fits, 20 spare"
    assert board.verdict("#slot-inbox") == "Here now"
    assert board.heights() == before
    for place in (slot(december), slot(friday), slot(january)):
        x, y = board.page.locator(place).bounding_box()["x"], board.page.locator(place).bounding_box()["y"]
        board.page.mouse.move(x + 60, y + 60, steps=8)
        assert board.heights() == before
    board.page.wait_for_timeout(200)
    with board.page.expect_response("**/board/move/**"):
        board.drop()
    board.wait_for_word("is on Thu 14 Jan")
    assert board.verdict(slot(december)) == ""


def test_a_drop_where_it_does_not_fit_changes_nothing(calls, upstream, open_board):
    december, _, _ = calls
    board = open_board()
    asked = []
    board.page.on("request", lambda request: asked.append(request.method))

    board.pick_up("Upstream first", slot(december))
    board.drop()
    board.page.wait_for_timeout(300)

    assert "POST" not in asked
    assert board.titles("#slot-inbox") == ["Upstream first"]


def test_escape_gives_a_drag_up(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board()
    asked = []
    board.page.on("request", lambda request: asked.append(request.method))

    board.pick_up("Upstream first", slot(january))
    board.page.keyboard.press("Escape")
    assert board.page.locator("body.is-dragging").count() == 0
    board.drop()
    board.page.wait_for_timeout(300)

    assert "POST" not in asked
    assert board.titles("#slot-inbox") == ["Upstream first"]


def test_a_drop_on_the_head_of_a_slot_counts_too(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board()
    board.drag("Upstream first", f"{slot(january)} .slot-when")
    board.wait_for_word("is on Thu 14 Jan")
    assert board.titles(slot(january)) == ["Upstream first"]


def test_a_drag_does_not_open_what_it_ends_on(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board()
    board.drag("Upstream first", slot(january))
    board.wait_for_word("is on Thu 14 Jan")
    assert board.page.locator("dialog[open]").count() == 0
    assert board.page.url.endswith("/board")


def test_a_finger_presses_long_to_drag_and_swipes_to_scroll(calls, session, open_board):
    for number in range(12):
        accepted(session, f"Waiting number {number}", 10)
    december, january, _ = calls
    board = open_board(viewport={"width": 1024, "height": 700}, has_touch=True)

    board.touch_drag("Metrics", slot(january))

    board.wait_for_word("“Metrics” is on Thu 14 Jan")
    assert board.titles(slot(december)) == ["City code"]

    phone = open_board("Ines Organizer", **PHONE)
    assert phone.swipe("Waiting number 3", 250) > 100
    assert phone.page.locator("body.is-dragging").count() == 0


def test_the_keyboard_alone_orders_and_moves(calls, upstream, open_board):
    december, _, _ = calls
    board = open_board()

    board.press("Metrics", "Alt+ArrowUp")
    board.wait_for_word("“Metrics” is on Thu 10 Dec")
    assert board.titles(slot(december)) == ["Metrics", "City code"]
    assert board.focused() == "Move “Metrics”"

    board.press("Upstream first", "Alt+ArrowRight")  # passes over December, where it does not fit
    board.wait_for_word("“Upstream first” is on Thu 14 Jan")
    assert board.focused() == "Move “Upstream first”"

    board.press("Upstream first", "Alt+ArrowLeft")
    board.wait_for_word("“Upstream first” is back in the inbox")
    assert board.focused() == "Move “Upstream first”"

    board.handle("Metrics").focus()
    board.page.keyboard.press("Alt+ArrowUp")
    assert board.said() == "It is at the end of this call already."
    board.page.keyboard.press("Alt+ArrowLeft")
    board.wait_for_word("“Metrics” is back in the inbox")


def test_arrows_without_the_handle_are_left_to_the_reader(calls, upstream, open_board):
    december, _, _ = calls
    board = open_board()
    board.card("Metrics").get_by_role("link", name="Metrics", exact=True).focus()
    board.page.keyboard.press("Alt+ArrowUp")
    board.page.wait_for_timeout(300)
    assert board.titles(slot(december)) == ["City code", "Metrics"]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_handle_opens_a_dialog_that_moves_by_keys_alone(calls, upstream, open_board, key):
    _, january, friday = calls
    board = open_board()
    assert board.handle("Upstream first").get_attribute("role") == "button"
    board.handle("Upstream first").focus()
    board.page.keyboard.press(key)
    dialog = board.page.get_by_role("dialog", name="Move this talk")
    dialog.wait_for()
    assert dialog.get_by_role("radio", checked=True).get_attribute("value") == "inbox"
    assert dialog.locator(".choice.is-off").all_inner_texts() == ["10 Dec 14:00\n15 min too long"]

    # The first date that is possible has the focus: one key chooses it, another goes on.
    board.page.keyboard.press("Space")
    assert dialog.get_by_role("radio", checked=True).get_attribute("value") == str(january)
    board.page.keyboard.press("ArrowDown")
    assert dialog.get_by_role("radio", checked=True).get_attribute("value") == str(friday)
    board.page.keyboard.press("ArrowUp")
    board.page.keyboard.press("Enter")

    board.wait_for_word("“Upstream first” is on Thu 14 Jan")
    assert board.page.locator("dialog[open]").count() == 0
    assert board.titles(slot(january)) == ["Upstream first"]
    assert board.focused() == "Move “Upstream first”"


def test_the_dialog_moves_by_clicks_alone_and_closes_without_a_trace(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board()
    board.handle("Upstream first").click()
    board.page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    assert board.page.locator("dialog[open]").count() == 0
    assert board.focused() == "Move “Upstream first”"

    board.handle("Upstream first").click()
    board.page.get_by_role("dialog").locator(f".choice:has([value='{january}'])").click()
    board.page.get_by_role("button", name="Move talk").click()
    board.wait_for_word("“Upstream first” is on Thu 14 Jan")


def test_the_menu_invites_moves_and_takes_back(session, calls, upstream, open_board):
    _, january, _ = calls
    make_talk(session, accepted(session, "Half an OSPO", 15), session.get(Touchpoint, january))
    board = open_board()

    board.card("Half an OSPO").locator("summary").click()
    board.page.get_by_role("button", name="Invite to confirm").click()
    board.wait_for_word("The speakers of “Half an OSPO” are asked to confirm")
    assert "Awaiting speaker" in board.card("Half an OSPO").inner_text()

    board.card("Half an OSPO").locator("summary").click()
    board.card("Half an OSPO").get_by_role("link", name="Move to a date").click()
    board.page.get_by_role("dialog").wait_for()
    board.page.keyboard.press("Escape")

    board.card("Half an OSPO").locator("summary").click()
    board.page.get_by_role("button", name="Back to the inbox").click()
    board.wait_for_word("“Half an OSPO” is back in the inbox")


def test_undo_by_toast_and_by_keys(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board()
    board.drag("Upstream first", slot(january))
    board.wait_for_word("is on Thu 14 Jan")

    board.undo()
    board.wait_for_word("Undone: “Upstream first” is in the inbox again")
    assert board.titles("#slot-inbox") == ["Upstream first"]
    assert board.focused() == "Move “Upstream first”"

    board.press("Metrics", "Alt+ArrowRight")
    board.wait_for_word("“Metrics” is on Thu 14 Jan")
    with board.page.expect_response("**/board/undo*"):
        board.page.keyboard.press("Control+z")
    board.wait_for_word("Undone: “Metrics” is on Thu 10 Dec again")
    assert board.titles(slot(calls[0])) == ["City code", "Metrics"]


def test_ctrl_z_in_the_search_field_is_the_fields_own(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board()
    board.drag("Upstream first", slot(january))
    board.wait_for_word("is on Thu 14 Jan")
    board.page.locator("#inbox-q").press("Control+z")
    board.page.wait_for_timeout(300)
    assert board.titles(slot(january)) == ["Upstream first"]


def test_the_slower_of_two_organizers_is_told_who_did_what(calls, upstream, open_board):
    _, january, friday = calls
    olu, ines = open_board(), open_board("Ines Organizer")
    ines.press("Upstream first", "Alt+ArrowRight")
    ines.wait_for_word("is on Thu 14 Jan")

    olu.drag("Upstream first", slot(friday))

    olu.wait_for_word("Ines Organizer placed this talk")
    assert (olu.titles("#slot-inbox"), olu.titles(slot(january)), olu.titles(slot(friday))) == (
        [],
        ["Upstream first"],
        [],
    )
    assert olu.focused() != "BODY"


@pytest.mark.parametrize("way", ["drag", "keyboard", "dialog"])
def test_whoever_comes_second_to_a_call_is_told_who_filled_it(session, calls, upstream, open_board, way):
    _, january, _ = calls
    accepted(session, "Paying maintainers", 30)
    olu, ines = open_board(), open_board("Ines Organizer")
    if way == "dialog":
        olu.handle("Upstream first").click()
        olu.page.get_by_role("dialog").locator(f".choice:has([value='{january}'])").click()
    ines.drag("Paying maintainers", slot(january))
    ines.wait_for_word("is on Thu 14 Jan")

    match way:
        case "drag":
            olu.drag("Upstream first", slot(january))
        case "keyboard":
            olu.press("Upstream first", "Alt+ArrowRight")
        case "dialog":
            olu.page.get_by_role("button", name="Move talk").click()

    olu.wait_for_word("Ines Organizer changed Thu 14 Jan just now, and now: 10 min too long")
    assert (olu.titles("#slot-inbox"), olu.titles(slot(january))) == (["Upstream first"], ["Paying maintainers"])
    assert olu.focused() == "Move “Upstream first”"


def test_the_board_follows_what_others_do_but_never_during_a_drag(calls, upstream, open_board):
    _, january, _ = calls
    olu, ines = open_board(), open_board("Ines Organizer")
    olu.pick_up("Metrics", slot(january))
    ines.press("Upstream first", "Alt+ArrowRight")
    ines.wait_for_word("is on Thu 14 Jan")

    poll = "htmx.trigger('#board-poll', 'every')"
    olu.page.evaluate(poll)
    olu.page.wait_for_timeout(300)
    assert olu.titles("#slot-inbox") == ["Upstream first"]

    olu.page.keyboard.press("Escape")
    olu.drop()
    assert olu.titles(slot(january)) == []
    with olu.page.expect_response("**/board/changes*"):  # the drag ends when the browser gets to it: ask until then
        asking = olu.page.evaluate(f"setInterval(() => {poll}, 100)")
    olu.page.evaluate("asking => clearInterval(asking)", asking)
    olu.page.locator(f"{slot(january)} .card").first.wait_for()
    assert olu.titles(slot(january)) == ["Upstream first"]
    assert olu.titles("#slot-inbox") == []


def test_a_server_that_does_not_answer_leaves_the_card_where_it_was(calls, upstream, open_board, page_errors):
    _, january, _ = calls
    board = open_board()
    board.page.context.set_offline(True)
    board.pick_up("Upstream first", slot(january))
    board.drop()
    board.wait_for_word("The server did not answer. Nothing was moved.")
    assert board.titles("#slot-inbox") == ["Upstream first"]
    page_errors[:] = [error for error in page_errors if "DISCONNECTED" not in error and "Failed to fetch" not in error]


def test_everything_works_without_javascript(session, calls, upstream, open_board):
    _, january, _ = calls
    board = open_board(java_script_enabled=False)
    page = board.page

    board.handle("Upstream first").click()
    page.locator(f".choice:has([value='{january}'])").click()
    page.get_by_role("button", name="Move talk").click()

    assert "“Upstream first” is on Thu 14 Jan." in page.locator(".flashes").inner_text()
    assert board.titles(slot(january)) == ["Upstream first"]
    board.card("Upstream first").locator("summary").click()
    page.get_by_role("button", name="Invite to confirm").click()
    assert "Awaiting speaker" in board.card("Upstream first").inner_text()
    page.get_by_role("button", name="Undo", exact=True).click()
    assert "Hold" in board.card("Upstream first").inner_text()
    page.locator("#inbox-q").fill("nothing like it")
    page.get_by_role("button", name="Search").click()
    assert page.url.endswith("/board?q=nothing+like+it")
    assert session.get(Talk, 3).state is TalkState.HOLD


def test_search_answers_while_typing_and_keeps_the_cursor(session, calls, upstream, open_board):
    accepted(session, "Another thing", 10)
    board = open_board()
    board.page.locator("#inbox-q").press_sequentially("upst", delay=30)
    board.page.locator(".inbox .card", has_text="Another thing").wait_for(state="detached")
    board.page.locator("#inbox-q").press_sequentially("ream")
    assert board.page.locator("#inbox-q").input_value() == "upstream"
    board.page.wait_for_url("**/board?q=upstream")
    assert board.titles("#slot-inbox") == ["Upstream first"]


def test_a_phone_shows_one_column_at_a_time(calls, upstream, open_board):
    _, january, _ = calls
    board = open_board(**PHONE)
    page = board.page
    shown = page.locator(".board > section:visible")
    assert shown.count() == 1

    page.get_by_role("navigation", name="Board columns").get_by_role("link", name="Friday").click()
    assert shown.locator("h2").inner_text().startswith("Friday")
    page.get_by_role("navigation", name="Board columns").get_by_role("link", name="Inbox").click()
    board.handle("Upstream first").click()
    page.get_by_role("dialog").locator(f".choice:has([value='{january}'])").click()
    page.get_by_role("button", name="Move talk").click()

    board.wait_for_word("is on Thu 14 Jan")
    assert shown.locator("h2").inner_text().startswith("Thursday")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_the_board_and_its_dialog_have_no_accessibility_violations(calls, upstream, open_board, violations, look):
    board = open_board(**look)
    assert violations(board.page) == []
    board.handle("Upstream first").click()
    board.page.get_by_role("dialog").wait_for()
    assert violations(board.page) == []
