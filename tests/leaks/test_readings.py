"""The search is not blind: a word is found in every form that an answer could hide it in, and a clean text is clean."""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import quote, quote_plus

import pytest
from icalendar import Event

from tests.leaks.canaries import CANARIES
from tests.leaks.readings import found_in, of_mail, readings

CANARY = CANARIES[0]
WORDS = [CANARY.name, CANARY.employer, CANARY.bio]
SENTENCE = f"{CANARY.name} of {CANARY.employer}: {CANARY.bio}"


def _folded(text: str) -> bytes:
    event = Event()
    event.add("DESCRIPTION", "x" * 50 + text)
    return bytes(event.to_ical())


def _numbered(text: str) -> str:
    return "".join(f"&#{ord(each)};" for each in text)


def _read(message: EmailMessage) -> str:
    sent = message_from_bytes(message.as_bytes(), policy=policy.SMTP)
    return "\n".join(map(readings, of_mail(sent)))


FORMS = {
    "plain": SENTENCE.encode(),
    "upper case": SENTENCE.upper().encode(),
    "lower case": SENTENCE.lower().encode(),
    "accents apart": SENTENCE.replace("é", "e\u0301").replace("ö", "o\u0308").encode(),
    "without accents": SENTENCE.translate(str.maketrans("éöä", "eoa")).encode(),
    "other spaces": SENTENCE.replace(" ", "\u00a0\n\t ").encode(),
    "hyphens": SENTENCE.replace(" ", "-").encode(),
    "underscores": SENTENCE.replace(" ", "_").encode(),
    "soft hyphens": "\u00ad".join(SENTENCE).encode(),
    "slug": f"/talks/{'-'.join(SENTENCE.lower().split())}.html".translate(str.maketrans("éöä", "eoa")).encode(),
    "latin-1": SENTENCE.encode("latin-1"),
    "UTF-16": SENTENCE.encode("utf-16"),
    "UTF-16 big-endian": SENTENCE.encode("utf-16-be"),
    "UTF-16 within": b"x" + SENTENCE.encode("utf-16-le") + b"\0y",
    "URL": quote(f"/find?q={SENTENCE}").encode(),
    "URL with plus": quote_plus(SENTENCE).encode(),
    "URL twice": quote(quote(SENTENCE)).encode(),
    "HTML": html.escape(SENTENCE).encode("ascii", "xmlcharrefreplace"),
    "HTML, every letter": _numbered(SENTENCE).encode(),
    "HTML elements within": f"<b>{SENTENCE[:3]}</b><i>{SENTENCE[3:9]}</i>{SENTENCE[9:]}".encode(),
    "HTML of a URL": html.escape(quote(SENTENCE)).encode(),
    "JSON": json.dumps({"speaker": SENTENCE}).encode(),
    "quoted-printable": quopri.encodestring(SENTENCE.encode()),
    "iCalendar, folded": _folded(SENTENCE),
    "gzip": gzip.compress(SENTENCE.encode()),
    "base64": base64.b64encode(SENTENCE.encode()),
    "base64, one octet before": base64.b64encode(b"x" + SENTENCE.encode()),
    "base64, two octets before": base64.b64encode(b"xy" + SENTENCE.encode()),
    "base64 after one letter": b"/a" + base64.b64encode(SENTENCE.encode()),
    "base64 after two letters": b"ab" + base64.b64encode(SENTENCE.encode()),
    "base64 after a path": b"/confirm/" + base64.urlsafe_b64encode(SENTENCE.encode()),
    "base64 in lines": base64.encodebytes(b"x" * 40 + SENTENCE.encode()),
    "base64 of UTF-16": base64.b64encode(SENTENCE.encode("utf-16-le")),
    "base64 of JSON in a URL": b"?next=" + quote(base64.b64encode(json.dumps([SENTENCE]).encode()).decode()).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_word_is_found_in_this_form(form):
    assert found_in(readings(FORMS[form]), WORDS) == WORDS


@pytest.mark.parametrize("header", ["Subject", "X-Speaker", "Message-ID"])
def test_a_word_is_found_in_a_header_of_a_mail(header):
    message = EmailMessage()
    message[header] = f"<{CANARY.mark}@x.example>" if header == "Message-ID" else SENTENCE
    message.set_content("Nothing.")
    assert found_in(_read(message), [CANARY.mark]) == [CANARY.mark]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_a_word_is_found_in_a_body_of_a_mail(encoding):
    message = EmailMessage()
    message.set_content(SENTENCE * 3, cte=encoding)
    message.add_attachment(SENTENCE.encode(), maintype="text", subtype="calendar", filename=f"{CANARY.mark}file.ics")
    assert found_in(_read(message), [*WORDS, f"{CANARY.mark}file"]) == [*WORDS, f"{CANARY.mark}file"]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_found_where_nothing_is(form):
    assert found_in(readings(FORMS[form]), CANARIES[1].never() + CANARIES[1].hidden(None)) == []
