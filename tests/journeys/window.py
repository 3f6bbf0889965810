"""A browser without scripts that can only do what its pages offer: open addresses, follow links, send their forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.fixtures.visitors import FIREFOX, Visitor

Values = Mapping[str, str | list[str]]
_BROWSER = {"User-Agent": FIREFOX}


class Window:
    """`address` is where it is, `status` and `page` what is there. Each method leaves it on the page that follows."""

    def __init__(self, visitor: Visitor) -> None:
        self._client = visitor.client
        self.address = "/"

    def open(self, address: str) -> Window:
        """Go to an address of ours, whole or from its path on."""
        parts = urlsplit(urljoin(self.address, address))
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._show(self._client.get(path, headers=_BROWSER, follow_redirects=True))

    def follow(self, text: str) -> Window:
        """Follow the one link of the page with this text."""
        [link] = {tag["href"] for tag in self.page.select("a[href]") if _text(tag) == text}
        return self.open(link)

    def press(self, button: str, values: Values | None = None, *, of: str = "body") -> Window:
        """Fill in fields as `values` say, then press the button with this text, the only one inside `of`.

        Raises AssertionError for what a person could not do: a field that is not there, a choice that is not offered.
        """
        pressed = self._button(button, of)
        form = self._form_of(pressed)
        fields = _fill(form, values or {})
        if pressed.get("name"):
            fields.add(pressed["name"], pressed.get("value", ""))
        action = urljoin(self.address, pressed.get("formaction") or form.get("action") or self.address)
        assert form.get("method") == "post", f"“{button}” asks, it does not send"
        return self._show(self._client.post(action, data=fields, headers=_BROWSER, follow_redirects=True))

    @property
    def heading(self) -> str:
        return _text(self.page.h1)

    @property
    def said(self) -> str:
        """All the words of the page without its frame, with single spaces."""
        return _text(self.page.main)

    def read(self, address: str) -> bytes:
        """What another program of this person gets at the address; the window stays where it is."""
        answer = self._client.get(address, headers=_BROWSER)
        assert answer.status_code == 200, f"{answer.status} at {address}"
        return answer.get_data()

    def _show(self, answer: TestResponse) -> Window:
        self.status = answer.status_code
        self.address = answer.request.path
        shown = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""  # files and feeds are no pages
        self.page = BeautifulSoup(shown, "html.parser")
        return self

    def _button(self, text: str, of: str) -> Tag:
        buttons = [tag for part in self.page.select(of) for tag in part.select("button") if _text(tag) == text]
        assert len(buttons) == 1, f"{len(buttons)} buttons “{text}” inside {of} of {self.address}"
        return buttons[0]

    def _form_of(self, button: Tag) -> Tag:
        form = self.page.find("form", id=button["form"]) if button.get("form") else button.find_parent("form")
        assert isinstance(form, Tag), f"“{_text(button)}” belongs to no form"
        return form


def _fill(form: Tag, values: Values) -> MultiDict[str, str]:
    """What a browser would send for the form, with `values` in the place of what stands in it."""
    offered = list(_offered(form))
    unknown = set(values) - {name for name, _, _ in offered}
    assert not unknown, f"the form has no field {sorted(unknown)}"
    fields: MultiDict[str, str] = MultiDict()
    for name, value, is_set in offered:
        if name not in values and is_set:
            fields.add(name, value)
    for name, given in values.items():
        for value in [given] if isinstance(given, str) else given:
            choices = {choice for known, choice, _ in offered if known == name}
            assert not _is_choice(form, name) or value in choices, f"{name} offers {sorted(choices)}, not {value!r}"
            fields.add(name, value)
    return fields


def _offered(form: Tag) -> Iterator[tuple[str, str, bool]]:
    """Each value of each field: the name, the value, and whether it would be sent as the form stands."""
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.has_attr("disabled"):
            continue
        name = str(field["name"])
        if field.name == "select":
            options = field.select("option:not([disabled])")
            chosen = [option for option in options if option.has_attr("selected")] or options[:1]
            yield from ((name, str(option.get("value", _text(option))), option in chosen) for option in options)
        elif field.name == "textarea":
            yield name, field.get_text().removeprefix("\n"), True
        else:
            is_box = field.get("type") in {"radio", "checkbox"}
            yield name, str(field.get("value", "on" if is_box else "")), not is_box or field.has_attr("checked")


def _is_choice(form: Tag, name: str) -> bool:
    fields = form.select(f'[name="{name}"]')
    return any(field.name == "select" or field.get("type") in {"radio", "checkbox", "hidden"} for field in fields)


def _text(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""
