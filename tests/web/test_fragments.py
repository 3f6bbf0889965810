"""Fragments: made once for each value, with the form token of whoever looks, and anew while templates are edited."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import g
from jinja2 import DictLoader

from app.web.fragments import Fragments


@dataclass(frozen=True)
class Word:
    text: str


@pytest.fixture
def templates(app, monkeypatch):
    """Templates of this test alone, by name."""
    written = {
        "word.html": "<b>{{ it.text }}</b>",
        "hole.html": "<b title='{{ said }}'>{{ it.text }}</b>",
        "form.html": "<i>{{ it.text }}</i><input value='{{ csrf_token() }}'><input value='{{ csrf_token() }}'>",
    }
    monkeypatch.setattr(app, "jinja_env", app.jinja_env.overlay(loader=DictLoader(written), cache_size=0))
    return written


def test_equal_values_are_rendered_once(app, templates):
    fragments = Fragments(app)
    assert fragments("word.html", Word("one & two")) == "<b>one &amp; two</b>"
    templates["word.html"] = "changed"
    assert fragments("word.html", Word("one & two")) == "<b>one &amp; two</b>"
    assert fragments("word.html", Word("three")) == "changed"


def test_each_visitor_gets_their_own_form_token(app, templates):
    fragments = Fragments(app)

    def seen_with(token):
        with app.test_request_context():
            g.csrf_token = token
            return fragments("form.html", Word("<hole csrf_token>"))

    expected = "<i>&lt;hole csrf_token&gt;</i><input value='{0}'><input value='{0}'>"
    assert [seen_with("Vera's"), seen_with("Olu's")] == [expected.format("Vera's"), expected.format("Olu's")]


def test_a_hole_is_filled_anew_each_time_and_escaped(app, templates):
    fragments = Fragments(app)
    filled = [fragments("hole.html", Word("one"), said=said) for said in ('"a"', "<hole said>", "")]
    assert filled == ["<b title='&#34;a&#34;'>one</b>", "<b title='&lt;hole said&gt;'>one</b>", "<b title=''>one</b>"]


def test_an_edited_template_shows_at_once_where_templates_are_watched(app, templates):
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    fragments = Fragments(app)
    assert fragments("word.html", Word("one")) == "<b>one</b>"
    templates["word.html"] = "<u>{{ it.text }}</u>"
    assert fragments("word.html", Word("one")) == "<u>one</u>"
