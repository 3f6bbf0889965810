"""The board as a person handles it: a real mouse, a real finger, the keyboard, and what a screen reader would say."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

STEPS = 12


class BoardPage:
    """The board in a browser; every move waits for the server's answer."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, path: str = "/board") -> BoardPage:
        self.page.goto(path)
        self.page.locator(".grip[role=button]").first.wait_for()  # the script has run
        return self

    def card(self, title: str) -> Locator:
        return self.page.locator(".card", has=self.page.get_by_role("link", name=title, exact=True))

    def handle(self, title: str) -> Locator:
        return self.card(title).locator(".grip")

    def titles(self, place: str) -> list[str]:
        """The titles of the cards in "#slot-inbox" or "#slot-ID", in their order."""
        return self.page.locator(f"{place} .card-title").all_inner_texts()

    def said(self) -> str:
        """What the live region says last."""
        return self.page.locator("#toasts .toast > span").inner_text()

    def wait_for_word(self, words: str) -> None:
        self.page.locator("#toasts .toast", has_text=words).wait_for()

    def focused(self) -> str:
        """The name of what has focus."""
        script = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.tagName"
        return self.page.evaluate(script)

    def verdict(self, place: str) -> str:
        return self.page.locator(f"{place} [data-verdict]").inner_text()

    def heights(self) -> list[tuple[float, float]]:
        """Where each slot stands on the page and how tall it is."""
        script = """() => [...document.querySelectorAll('.slot')].map(slot => slot.getBoundingClientRect())
            .map(box => [box.top + scrollY, box.height])"""
        return [tuple(pair) for pair in self.page.evaluate(script)]

    def pick_up(self, title: str, over: str) -> None:
        """Press on the card and drag it over the middle of a place, in small steps, without letting go."""
        start = _middle(self.card(title).locator(".card-who"))
        end = _middle(self.page.locator(over))
        self.page.mouse.move(*start)
        self.page.mouse.down()
        for point in _path(start, end):
            self.page.mouse.move(*point)
            self.page.wait_for_timeout(10)  # a hand takes time, and SortableJS looks every few milliseconds
        self.page.wait_for_timeout(200)

    def drop(self) -> None:
        self.page.mouse.up()

    def drag(self, title: str, over: str) -> None:
        with self._answer():
            self.pick_up(title, over)
            self.drop()

    def touch_drag(self, title: str, over: str) -> None:
        """A finger that presses long on the card's text, moves over the place and lifts."""
        start = _middle(self.card(title).locator(".card-who"))
        end = _middle(self.page.locator(over))
        touches = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": x, "y": y, "id": 1} for x, y in points]
            touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        with self._answer():
            touch("touchStart", start)
            self.page.wait_for_timeout(350)
            for point in _path(start, end):
                touch("touchMove", point)
                self.page.wait_for_timeout(16)
            self.page.wait_for_timeout(200)
            touch("touchEnd")
        touches.detach()

    def swipe(self, title: str, distance: float) -> float:
        """A quick swipe upwards that starts on the card's text; returns by how much the page scrolled."""
        x, y = _middle(self.card(title).locator(".card-who"))
        touches = self.page.context.new_cdp_session(self.page)
        before = self.page.evaluate("scrollY")
        steps = [("touchStart", 0.0), *(("touchMove", distance * step / STEPS) for step in range(1, STEPS + 1))]
        for kind, moved in steps:
            point = {"x": x, "y": y - moved, "id": 1}
            touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
            self.page.wait_for_timeout(8)
        touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.wait_for_timeout(400)
        touches.detach()
        return self.page.evaluate("scrollY") - before

    def press(self, title: str, keys: str) -> None:
        """Press keys while the card's handle has focus, and wait for the answer."""
        self.handle(title).focus()
        with self._answer():
            self.page.keyboard.press(keys)

    def undo(self) -> None:
        with self._answer():
            self.page.locator("#toasts").get_by_role("button", name="Undo").click()

    def _answer(self):
        return self.page.expect_response(lambda answer: answer.request.method == "POST")


def _middle(locator: Locator) -> tuple[float, float]:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box is not None, f"{locator} is not visible"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _path(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    shares = [step / STEPS for step in range(1, STEPS + 1)]
    return [(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share) for share in shares]
