"""Templates to mails: a Jinja environment of its own, two bodies and a subject for each message, styles inlined."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from app.mail import moments, words
from app.mail.values import CalendarObject, House, Mail, Reader

_TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
_LINKS_BEGIN = re.compile(r"(?<=\w)[.@](?=\w)|:(?=//)|(?<=\w):(?=\w)")
_BLANK_LINES = re.compile("\n{3,}")
# Whatever stands in the page already is all there is: nothing is fetched.
_inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def render(
    kind: str,
    *,
    template: str = "",
    house: House,
    reader: Reader,
    calendar: CalendarObject | None = None,
    also_reply_to: str = "",
    unsubscribe: str = "",
    **values: Any,
) -> Mail:
    """The message of templates/emails/<template or kind>/. A value that a template misses raises at once."""
    folder = template or kind
    context = {
        "house": house,
        "reader": reader,
        "has_entry": calendar is not None,
        "by_hand": calendar is not None and calendar.by_hand,
        "unsubscribe": unsubscribe,
        **values,
    }
    text = _environment.get_template(f"emails/{folder}/body.txt").render(context)
    html = _environment.get_template(f"emails/{folder}/body.html").render(context)
    return Mail(
        kind=kind,
        to=reader.address,
        subject=" ".join(_environment.get_template(f"emails/{folder}/subject.txt").render(context).split()),
        text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=_inliner.inline(html),
        calendar=calendar,
        also_reply_to=also_reply_to,
        unsubscribe=unsubscribe,
    )


def inert(text: str) -> Markup:
    """Words of somebody we do not know, so that no mail program makes a link of them: addresses are cut by elements."""
    parts, at = [], 0
    for found in _LINKS_BEGIN.finditer(text):
        parts += [escape(text[at : found.start()]), Markup("<span>{}</span>").format(found.group())]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])


def paragraphs(text: str) -> Markup:
    """Text with its line breaks; escaped, unless it is markup already."""
    return Markup("<br>").join(escape(text).splitlines())


_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    inert=inert,
    paragraphs=paragraphs,
    moments=moments.moments,
    moment=moments.moment,
    day=moments.day,
    changes=moments.changes,
    naming=words.naming,
    recording=words.recording,
)
