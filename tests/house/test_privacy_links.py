"""Every form that takes something about a person links to the privacy notice (GDPR, Art. 13)."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path("templates")
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_ASKS = re.compile(r"(?:text_field|textarea_field)\(|<textarea\b|type=\"email\"|{% include \"partials/proposal/fields")
_FOR_ORGANIZERS = re.compile(
    r"pages/(?:organizer|dev)/|partials/(?:board|mail|move|notes|people|pool|received|series|slot|touchpoints)/"
)
"""They write about calls, and where they write about people they are told that the person can read it."""
_NAMELESS = {
    "pages/account/calendars.html": "a label of one's own for a device",
    "partials/confirm/stricter.html": "why an organizer makes a naming stricter",
    "partials/confirm/speaker.html": "how an organizer confirms for somebody",
    "pages/account/questions.html": "words about a question, by whoever looks after the call",
}


def forms_that_ask() -> dict[str, list[str]]:
    """The forms with fields to write in, by template; those for organizers left out."""
    found = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        forms = [form for form in _FORM.findall(path.read_text(encoding="utf-8")) if _ASKS.search(form)]
        if forms and not _FOR_ORGANIZERS.search(name) and name not in _NAMELESS:
            found[name] = forms
    return found


def test_every_form_that_takes_personal_data_links_to_the_notice():
    without = [name for name, forms in forms_that_ask().items() if any("privacy_line()" not in form for form in forms)]
    assert without == []


def test_the_search_finds_the_forms():
    assert {
        "pages/volunteer/propose.html",
        "pages/public/by_mail_form.html",
        "pages/public/ask.html",
        "pages/account/sign_in.html",
        "pages/account/profile.html",
        "partials/confirm/answer.html",
    } <= forms_that_ask().keys()


def test_every_page_has_the_notice_in_its_footer():
    assert "url_for('public.privacy')" in (TEMPLATES / "layouts/base.html").read_text(encoding="utf-8")


def test_every_mail_has_the_notice_in_its_footer():
    for name in ("emails/_layout.txt", "emails/_layout.html"):
        assert "{{ house.url }}/privacy" in (TEMPLATES / name).read_text(encoding="utf-8")


def test_organizers_are_told_that_people_read_what_is_written_about_them():
    for name in ("partials/pool/reviews.html", "partials/confirm/speaker.html", "partials/confirm/stricter.html"):
        words = (TEMPLATES / name).read_text(encoding="utf-8")
        assert "person can read this in their data" in words or "where they ask for their data" in words, name
