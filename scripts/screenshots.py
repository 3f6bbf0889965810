"""Makes the pictures in docs/screenshots: the demo, seen in real Chromium, on a Monday morning that never passes.

Run after `make test` has installed Playwright: `.venv/bin/python scripts/screenshots.py`, or with the names of some
pictures. The clocks of server and browser stand still, so what changes in a picture is what changed in the product.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "docs" / "screenshots"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOST = "touchpoints.example.org"
MOST_BYTES = 250_000
DESK = {"viewport": {"width": 1280, "height": 860}}
WIDE_DESK = {"viewport": {"width": 1366, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}


class Demo:
    """The demo as it stands on that Monday: who may look at it, and what has been mailed."""

    def __init__(self, app: Flask, browser: Browser) -> None:
        self.app = app
        self.browser = browser

    def visit(self, path: str, *, signed_in_as: str = "", **options: Any) -> Page:
        """A fresh visitor's page at `path`, of somebody in Madrid; of the person with that address if one is given."""
        context = self._context(**options)
        if signed_in_as:
            page = context.new_page()
            page.goto(self._sign_in_link(signed_in_as))
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda address: "/sign-in" not in address)
            page.close()
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        return page

    def mailed_link(self, recipient: str, *, holds: str) -> str:
        """The first link that holds `holds` in the last mail to `recipient` that has one."""
        from app.queue import transport

        with self.app.app_context():
            way = transport()
            mails = [message_from_bytes(way.read(name), policy=policy.default) for name in way.names()]
        for mail in mails:
            found = re.search(rf"http://\S*{holds}\S*", mail.get_body(("plain",)).get_content())
            if mail["To"] == recipient and found:
                return found[0]
        raise LookupError(f"{recipient} has no mail with a link to {holds}")

    def _context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(
            base_url=f"http://{HOST}",
            locale="en-GB",
            timezone_id="Europe/Madrid",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(10_000)
        context.clock.set_fixed_time(NOW)
        return context

    def _sign_in_link(self, email: str) -> str:
        from app.extensions import db
        from app.services.auditing import COMMAND
        from app.services.signing_in import make_sign_in_link

        with self.app.app_context():
            site = self.app.extensions["touchpoints.site"]
            return make_sign_in_link(db.session(), email, lasts=timedelta(hours=1), by=COMMAND, site=site, now=NOW)


def home(demo: Demo) -> Page:
    return demo.visit("/", **DESK)


def schedule_phone_dark(demo: Demo) -> Page:
    return demo.visit("/schedule", color_scheme="dark", **PHONE)


def learning_space(demo: Demo) -> Page:
    return demo.visit("/learning", **DESK)


def calendar_phone(demo: Demo) -> Page:
    return demo.visit("/calendar?month=2026-12", **PHONE)


def contributor_space(demo: Demo) -> Page:
    return demo.visit("/working-groups", **DESK)


def propose(demo: Demo) -> Page:
    page = demo.visit("/propose", viewport={"width": 1280, "height": 1000})
    page.get_by_label("Title").fill("Running an OSPO with half a person")
    page.get_by_label("What will people take away?").fill(
        "What to do first, what to drop, and what to write down when the open source office is **twenty hours** a week."
    )
    page.get_by_label("How does it help the ecosystem?").fill("Small organisations can take part too.")
    speaker = page.locator("fieldset.group").first
    speaker.get_by_label("Name", exact=True).fill("Priya Raghunathan")
    speaker.get_by_label("Affiliation", exact=False).first.fill("Fjordbank")
    speaker.get_by_label("Place in the community").select_option("ospo")
    speaker.get_by_label("Role only").check()
    speaker.get_by_role("radio", name=re.compile("^Yes")).check()
    expect(page.locator("#public-preview .pv-w")).to_have_text("An OSPO member")
    speaker.get_by_label("Role only").scroll_into_view_if_needed()
    return page


def board(demo: Demo) -> Page:
    return demo.visit("/board", signed_in_as="ines@example.org", **WIDE_DESK)


def move_dialog(demo: Demo) -> Page:
    page = board(demo)
    page.get_by_label("Move “InnerSource as the on-ramp to upstream”").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def confirm(demo: Demo) -> Page:
    link = demo.mailed_link("katrijn@example.org", holds="/confirm/")
    return demo.visit(link, viewport={"width": 1280, "height": 1000})


def mail(demo: Demo) -> Page:
    page = demo.visit("/dev/mail", **DESK)
    page.get_by_role("link", name="A city that publishes its code").first.click()
    page.frame_locator("iframe").get_by_role("heading").first.wait_for()
    return page


def pool(demo: Demo) -> Page:
    return demo.visit("/pool?state=any", signed_in_as="ines@example.org", **DESK)


PICTURES: dict[str, Callable[[Demo], Page]] = {
    "home": home,
    "schedule-phone-dark": schedule_phone_dark,
    "learning-space": learning_space,
    "calendar-phone": calendar_phone,
    "contributor-space": contributor_space,
    "propose": propose,
    "pool": pool,
    "board": board,
    "move-dialog": move_dialog,
    "mail": mail,
    "confirm": confirm,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(PICTURES)}")
    names = parser.parse_args().names or list(PICTURES)
    if unknown := set(names) - set(PICTURES):
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app = _demo_app(Path(folder))
        with _served(app) as port, _chromium(port) as browser:
            for name in names:
                _take(Demo(app, browser), name)


def _demo_app(instance: Path) -> Flask:
    """The application with the demo in it, its mails delivered."""
    from flask_migrate import upgrade

    from app import create_app
    from app.config import Settings
    from app.extensions import db
    from app.queue import deliver
    from app.services.demo import seed_demo

    environ = {"TOUCHPOINTS_ENV": "development", "INSTANCE_DIR": str(instance), "BASE_URL": f"http://{HOST}"}
    app = create_app(Settings.from_env(environ), clock=lambda: NOW)
    with app.app_context():
        upgrade()
        seed_demo(db.session(), site=app.extensions["touchpoints.site"], now=NOW)
        deliver()
    return app


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Say nothing of requests that went well."""


@contextmanager
def _served(app: Flask) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield port
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _chromium(port: int) -> Iterator[Browser]:
    """Debian's Chromium, for which the name in every link is this server."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(program).exists():
        raise SystemExit("The pictures need Chromium: apt-get install chromium")
    flags = ["--no-sandbox", "--force-color-profile=srgb", "--font-render-hinting=none", "--hide-scrollbars"]
    with sync_playwright() as playwright:
        rule = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{port}"
        running = playwright.chromium.launch(executable_path=program, args=[*flags, rule])
        yield running
        running.close()


def _take(demo: Demo, name: str) -> None:
    page = PICTURES[name](demo)
    page.evaluate("document.fonts.ready")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    page.context.close()
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"{name} is larger than {MOST_BYTES / 1000:.0f} kB: choose a smaller window")


if __name__ == "__main__":
    main()
