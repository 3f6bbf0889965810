"""My data: all that we hold about the person who is signed in, to read, to take along, to correct and to erase."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.people import ProfileForm, RoleCategory
from app.domain.permissions import Permission
from app.domain.signing_in import is_recent
from app.extensions import db
from app.services.own_data import Holder, gather, holder_of
from app.services.own_data.correcting import correct_speaker, read_speaker
from app.services.own_data.erasing import erase_oneself
from app.services.own_data.sections import Record, Section
from app.web.account import blueprint
from app.web.account.asking import page
from app.web.account.signing_in import signed_out
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.fields import read_number
from app.web.filters import local
from app.web.guards import allow
from app.web.htmx import go_to
from app.web.identity import current_actor, signed_in_here, signed_in_person
from app.web.limits import limit_code
from app.web.site import site

SHOWN = 20
"""Records of one kind on the page; the file has them all."""

_CORRECTED_AT = {
    "profile": ("account.profile", None),
    "sign_ins": ("account.profile", "sign-ins"),
    "calendars": ("account.calendars", None),
    "subscription": ("account.profile", "account-by-mail"),
    "proposals": ("volunteer.mine", None),
    "answers": ("volunteer.my_naming", None),
}


LINES = {
    "sign_ins": ("browser", "last_used_at"),
    "asked_links": ("purpose", "asked_at"),
    "calendars": ("shows", "label", "made_at"),
    "subscription": ("email", "asked_at"),
    "returned_mail": ("email", "last_at"),
    "proposals": ("title", "state", "created_at"),
    "speaking": ("talk", "name"),
    "answers": ("talk", "call_at", "state"),
    "consents": ("talk", "naming", "given_at"),
    "retractions": ("talk", "at"),
    "chairs": ("group", "name", "chosen_at"),
    "imports": ("file", "what", "read_at"),
    "comments_about": ("proposal", "vote", "written_at"),
    "mails": ("subject", "written_at"),
    "received": ("subject", "received_at"),
    "reviews": ("proposal", "vote", "written_at"),
    "duties": ("what", "at"),
    "audit": ("action", "at"),
}
"""What stands in the one line of a record while it is folded, where there are several."""


@dataclass(frozen=True)
class Entry:
    """One record in words: its line while folded, its fields as pairs, and where one corrects it (or empty)."""

    line: str
    pairs: list[tuple[str, str]]
    edit_path: str


@dataclass(frozen=True)
class Part:
    """A section as the page shows it: how many records there are, and the newest."""

    section: Section
    count: int
    entries: list[Entry]


@blueprint.get("/profile/data")
@allow(Permission.OWN_ACCOUNT)
def own_data() -> Response:
    """Everything, in words."""
    data = gather(db.session(), _holder(), site=site(), now=now())
    parts = [
        Part(section, len(records), [_entry(section, record) for record in records[:SHOWN]])
        for section, records in data.parts
    ]
    return page("own_data", parts=parts, shown=SHOWN, addresses=data.addresses)


@blueprint.get("/profile/data.json")
@allow(Permission.OWN_ACCOUNT)
def download_own_data() -> Response:
    """Everything, for a program. The file's name says nothing of whose it is."""
    data = gather(db.session(), _holder(), site=site(), now=now())
    text = json.dumps(data.to_json(community=site().community), ensure_ascii=False, indent=2)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    return response


@blueprint.get("/profile/data/speaking/<int(max=2147483647):number>")
@allow(Permission.OWN_ACCOUNT)
def own_speaking(number: int) -> Response:
    """What stands of oneself on one talk."""
    return _speaking_page(number)


@blueprint.post("/profile/data/speaking/<int(max=2147483647):number>")
@allow(Permission.OWN_ACCOUNT)
def correct_own_speaking(number: int) -> Response:
    """Correct it; pages and feeds follow."""
    form = ProfileForm(**{field.name: request.form.get(field.name, "") for field in fields(ProfileForm)})
    version, actor = read_number(request.form.get("version", "")) or 0, current_actor()
    try:
        correct_speaker(db.session(), _holder(), number, form, version=version, by=actor, site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _speaking_page(number, form=form, errors=error.errors, status=422)
    except Conflict as error:
        db.session.rollback()
        return _speaking_page(number, form=form, stale=str(error), status=409)
    flash("It is corrected, here and wherever it is public.", "good")
    return go_to(url_for("account.own_data", _anchor="speaking"))


@blueprint.get("/profile/data/erase")
@allow(Permission.OWN_ACCOUNT)
def ask_to_erase() -> Response:
    """What erasing does, and the form."""
    return _erase_page()


@blueprint.post("/profile/data/erase")
@limit_code
@allow(Permission.OWN_ACCOUNT)
def erase_own_data() -> Response:
    """Erase it all."""
    typed, actor = request.form.get("email", ""), current_actor()
    try:
        erase_oneself(db.session(), signed_in_here(), typed, by=actor, site=site(), now=now())
    except InvalidInput as error:
        db.session.rollback()
        return _erase_page(errors=error.errors, typed=typed, status=422)
    except RuleViolation as error:
        db.session.rollback()
        return _erase_page(errors={"email": str(error)}, typed=typed, status=422)
    words = "Everything that we had about you is deleted. A last mail says so, and then we forget the address, too."
    return signed_out(words, url_for("public.home"))


def _holder() -> Holder:
    return holder_of(db.session(), signed_in_person())


def _speaking_page(
    number: int,
    *,
    form: ProfileForm | None = None,
    errors: dict[str, str] | None = None,
    stale: str = "",
    status: int = 200,
) -> Response:
    own = read_speaker(db.session(), _holder(), number)
    categories = [(category.value, category.label) for category in RoleCategory]
    shown = {"own": own, "form": form or own.form, "errors": errors or {}, "stale": stale}
    return page("own_speaking", categories=categories, status=status, **shown)


def _erase_page(*, errors: dict[str, str] | None = None, typed: str = "", status: int = 200) -> Response:
    here = signed_in_here()
    shown = {"person": here.person, "is_recent": is_recent(here, now=now()), "typed": typed}
    return page("erase", errors=errors or {}, status=status, **shown)


def _entry(section: Section, record: Record) -> Entry:
    line = [words for name in LINES.get(section.key, ()) if (words := _words(record[name]))]
    return Entry(" · ".join(line), _in_words(record), _edit_path(section, record))


def _edit_path(section: Section, record: Record) -> str:
    """Where one corrects it; empty for what nobody can change afterwards."""
    if section.key == "speaking":
        return url_for("account.own_speaking", number=record["id"])
    endpoint, anchor = _CORRECTED_AT.get(section.key, ("", None))
    return url_for(endpoint, _anchor=anchor) if endpoint else ""


def _in_words(record: Record) -> list[tuple[str, str]]:
    """What the record says; fields without a word are left out here."""
    pairs = [(name.replace("_", " ").capitalize(), _words(value)) for name, value in record.items()]
    return [(name, words) for name, words in pairs if words]


def _words(value: object) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return local(value, visitor_zone() or "UTC", "%-d %b %Y, %H:%M")
        case date():
            return f"{value:%-d %b %Y}"
        case Mapping():
            return "; ".join(f"{name}: {words}" for name, each in value.items() if (words := _words(each)))
        case list() | tuple():
            return ", ".join(_words(each) for each in value)
        case _:
            return "" if value is None else str(value)
