"""The pages of the main job in a real browser, as people use them: every step works with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Page, expect

TITLE = "Half a person runs an OSPO"
# Chromium leaves some texts in the light-dark() colour of the scheme it has just left: have every style computed anew.
_REPAINTED = """async () => {
    const root = document.documentElement;
    root.style.display = "none";
    root.getBoundingClientRect();
    root.style.display = "";
    for (const frame of [1, 2]) await new Promise(requestAnimationFrame);
    await Promise.allSettled(document.getAnimations().map(each => each.finished));
}"""


class Walk:
    """Somebody's way from page to page. Each page on it must be fit for everybody, in light and in dark.

    Without `scripts` no page runs any. They are allowed only to look at a page that has loaded without them, for which
    Playwright's own `java_script_enabled=False` could not be lifted.
    """

    def __init__(self, page: Page, violations: Callable[[Page], list[str]], *, scripts: bool) -> None:
        self.page = page
        self._violations = violations
        self._scripts = scripts
        self._devtools = page.context.new_cdp_session(page)
        self._allow_scripts(scripts)

    def open(self, path: str) -> Walk:
        self.page.goto(path)
        return self

    def arrive(self, heading: str) -> Walk:
        """Be on the page with this heading, and look at it with the eyes of a checker."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.page.wait_for_load_state()
        self._allow_scripts(True)
        found = {colours: self._violations_in(colours) for colours in ("light", "dark")}
        too_wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        self._allow_scripts(self._scripts)
        assert (found, too_wide) == ({"light": [], "dark": []}, False), f"{self.page.url}: {found}"
        return self

    def click(self, button: str) -> Walk:
        self.page.get_by_role("button", name=button).click()
        return self

    def follow(self, link: str) -> Walk:
        self.page.get_by_role("link", name=link, exact=True).first.click()
        return self

    def _violations_in(self, colours: Literal["light", "dark"]) -> list[str]:
        self.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        self.page.evaluate(_REPAINTED)
        return self._violations(self.page)

    def _allow_scripts(self, allowed: bool) -> None:
        self._devtools.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})


def write_proposal(walk: Walk) -> None:
    """Vera's talk, on the page of the form."""
    page = walk.page
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("What will people take away?").fill("The talk shows how half a person looks after it all.")
    page.get_by_label("How does it help the ecosystem?").fill("Small offices learn what to leave out.")
    page.get_by_label("Culture").check()
    page.get_by_label("Name", exact=True).fill("Vera Volunteer")
    page.get_by_label("Affiliation", exact=False).first.fill("Fjordbank")
    page.get_by_label("Place in the community").select_option(label="OSPO member")
    page.get_by_label("Name and affiliation").check()
    page.get_by_role("group", name="May the talk be recorded?").get_by_label("Yes").check()
    page.get_by_label("Your e-mail").fill("vera@example.org")
    page.get_by_label("Chatham House Rule").check()


def vote_and_accept(walk: Walk) -> None:
    """From the pool to the decision, whose mail is read before it is sent."""
    walk.open("/pool").arrive("Proposal pool").follow(TITLE).arrive(TITLE)
    walk.page.get_by_label("Private comment").fill("Just what small offices ask for.")
    walk.page.get_by_role("button", name="Yes", exact=True).click()
    expect(walk.page.get_by_role("heading", name="Decision")).to_be_visible()
    walk.page.get_by_label("To the volunteer").fill("We look forward to it.")
    walk.click("Preview the mail").arrive("Accept this proposal?")
    expect(walk.page.locator(".mail-text")).to_contain_text("We look forward to it.")
    walk.click("Accept and send").arrive(TITLE)


def move_by_choice(walk: Walk, date: str) -> None:
    """In the Move dialog, or on its page where there are no scripts."""
    walk.page.locator("label.choice", has_text=date).click()
    walk.click("Move talk")


def confirm_more_strictly(walk: Walk) -> None:
    """Vera keeps her employer out of it, and says yes."""
    walk.arrive(TITLE)
    expect(walk.page.locator("#public-preview")).to_contain_text("Vera Volunteer, Fjordbank")
    walk.page.get_by_label("Name only").check()
    walk.page.get_by_role("button", name="Confirm", exact=True).click()
    expect(walk.page.locator("main")).to_contain_text("You have confirmed.")
    walk.arrive(TITLE)
