"""The icon sprite holds what templates call for, and refuses what the icon set does not have."""

from __future__ import annotations

import re

import pytest

from scripts import vendor
from tests.house.sources import ROOT


def test_icons_are_found_in_calls_choices_and_comments(tmp_path):
    template = tmp_path / "card.html"
    template.write_text(
        """{{ icon('moon') }} {{ icon( "eye", 'big') }} {{ icon('check' if done else 'triangle-alert') }}
        {#- For the sprite: icon('ban') -#} {{ icon(chosen) }} {{ icon('name') }}"""
    )
    assert list(vendor.names_in([template])) == ["ban", "check", "eye", "moon", "triangle-alert"]


def test_an_unknown_icon_is_refused_with_the_file_that_names_it():
    with pytest.raises(vendor.UnknownIcon, match=r"no icon of this name: no-such-icon \(templates/macros/icons.html\)"):
        vendor.sprite({"no-such-icon": ROOT / "templates" / "macros" / "icons.html"})


def test_a_symbol_leaves_stroke_and_size_to_the_style_sheet():
    drawn = vendor.sprite({"moon": ROOT / "templates" / "macros" / "icons.html"})
    assert re.fullmatch(
        r'<svg xmlns="http://www.w3.org/2000/svg">\n<symbol id="moon" viewBox="0 0 24 24"><path d="[^"]+" /></symbol>\n'
        r"</svg>\n",
        drawn,
    )


def test_every_icon_in_use_is_in_the_sprite():
    drawn = (ROOT / "static" / "vendor" / "icons.svg").read_text()
    missing = set(vendor.names_in(vendor.sources())) - set(re.findall(r'<symbol id="([^"]+)"', drawn))
    assert missing == set(), "run make front-end"
