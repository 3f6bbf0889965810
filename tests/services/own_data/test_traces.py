"""By what somebody is recognised in texts and values, and what stays because it is others' too."""

from __future__ import annotations

from app.domain.mentions import Identity
from app.services.own_data.traces import Traces
from tests.cast import make_speaker

TRACES = Traces((Identity("Quillon Zarnecki", "Vexillum Dynamics", ("quillon@zarnecki.example",)),))


def test_values_lose_the_name_wherever_it_is():
    value = {
        "now": {"title": "Quillon Zarnecki speaks", "minutes": 20},
        "was": None,
        "with": ["quillon@zarnecki.example"],
    }
    taken = TRACES.taken_out_of_values(value)
    assert (taken["now"]["title"], taken["now"]["minutes"], taken["was"]) == ("A participant speaks", 20, None)
    assert "zarnecki" not in str(taken).casefold()


def test_an_affiliation_that_a_co_speaker_has_stays():
    text = "How Vexillum Dynamics does it"
    colleague, other = make_speaker("Mira", affiliation="vexillum dynamics"), make_speaker("Sam")
    assert TRACES.beside([colleague]).taken_out_of(text) == text
    assert "Vexillum" not in TRACES.beside([other]).taken_out_of(text)
    assert TRACES.without_affiliations().taken_out_of(text) == text


def test_a_replaced_text_fits_its_column():
    title = "Quillon Zarnecki " * 7
    assert len(TRACES.taken_out_of(title.strip(), limit=120)) <= 120
