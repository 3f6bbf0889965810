"""Rules for mentions: a name is found however it is written, and nowhere else."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.identity_words import addresses_in, handles_of
from app.domain.mentions import (
    Identity,
    Mention,
    MentionKind,
    find_mentions,
    hidden_identity,
    merged,
    neutral_words,
    sentence_around,
    without_mentions,
)
from app.domain.people import RoleCategory
from tests.work import counted

JANE = Identity("Jane Doe", "Acme Inc.", ("jane.doe@acme.com",), ("jdoe42",), "an OSPO member")


def words_in(text: str, *identities: Identity) -> list[str]:
    return [mention.words for mention in find_mentions(text, identities or (JANE,))]


def neutral(text: str, *identities: Identity) -> str:
    return without_mentions(text, find_mentions(text, identities or (JANE,)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jane Doe shows it", ["Jane Doe"]),
        ("JANE DOE, jane doe", ["JANE DOE, jane doe"]),
        ("by Doe, Jane", ["Doe, Jane"]),
        ("J. Doe and J Doe", ["J. Doe", "J Doe"]),
        ("Jane M. Doe", ["Jane M. Doe"]),
        ("Jane\N{NO-BREAK SPACE}Doe", ["Jane\N{NO-BREAK SPACE}Doe"]),
        ("Jane-Doe / jane_doe / jane.doe", ["Jane-Doe / jane_doe / jane.doe"]),
        ("Ja\N{SOFT HYPHEN}ne D\N{ZERO WIDTH SPACE}oe", ["Ja\N{SOFT HYPHEN}ne D\N{ZERO WIDTH SPACE}oe"]),
        ("J*an*e **Doe**", ["J*an*e **Doe"]),
        ("Jáne Döe", ["Jáne Döe"]),
        (unicodedata.normalize("NFD", "Jáne shows"), [unicodedata.normalize("NFD", "Jáne")]),
        ("J&aacute;ne", ["J&aacute;ne"]),
        ("Ｊａｎｅ\N{SUPERSCRIPT TWO}", ["Ｊａｎｅ"]),
        ("Jane's and Jane\N{RIGHT SINGLE QUOTATION MARK}s", ["Jane", "Jane"]),
        ("#JaneDoe or @janedoe or JaneDoe", ["#JaneDoe", "@janedoe", "JaneDoe"]),
        ("Doe speaks; a doe speaks", ["Doe"]),
        ("planning, Janet, Doerr, does, jdoe, doej", []),
        ("@jdoe and x.org/janed", ["@jdoe", "x.org/janed"]),
        ("jdoe42 codes", ["jdoe42"]),
        ("#TeamJane or JaneFromAcme or jane42 or janedoe7", ["#TeamJane", "JaneFromAcme", "jane42", "janedoe7"]),
        ("Janes and Acmes; Jane\N{MODIFIER LETTER APOSTROPHE}s", ["Janes", "Acmes", "Jane"]),
        ("by Jane D. and JANE D", ["Jane D", "JANE D"]),
        ("a DoeJane", ["DoeJane"]),
        ("J\N{CYRILLIC SMALL LETTER A}ne", ["J\N{CYRILLIC SMALL LETTER A}ne"]),
        ("write to jane.doe@gmail.com", ["jane.doe@gmail.com"]),
        ("write to info@acme.com", ["info@acme.com"]),
        ("jane (at) acme.com", ["jane", "acme.com"]),
        ("see https://x.org/people/Jane%20Doe.", ["https://x.org/people/Jane%20Doe"]),
        ("Acme, ACME and acme's", ["Acme", "ACME", "acme"]),
        ("Acme, Inc. is Acme GmbH & Co. KG.", ["Acme, Inc.", "Acme GmbH & Co. KG"]),
        ("Acmeism", []),
        ("", []),
    ],
)
def test_a_name_is_found_however_it_is_written(text, found):
    assert words_in(text) == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Mark Will", "It will do. Mark did! Will can; MARK MY WORDS", ["Mark", "Will"]),
        ("Grace May", "in may, by grace; Grace in May", ["Grace", "May"]),
        ("Ann Lee", "planning with Ann", ["Ann"]),
        ("Jo Li", "jo, Jo and Li; jojo", ["Jo", "Li"]),
        (
            "Dr. Ana María García-López (she/her)",
            "Ana García, Ana Lopez, García López",
            ["Ana García, Ana Lopez, García López"],
        ),
        ("Jan van der Berg", "van der Berg, van and der", ["van der Berg"]),
        ("Ben Ali", "Ben", ["Ben"]),
        ("Per Hansen", "ten per cent by Per", ["Per"]),
        ("Uwe Müller", "Müllers Vortrag, Uwe Muellers Code; Willmüller", ["Müllers", "Uwe Muellers"]),
        ("Jo Li", "LiFe by WillJo, Jos", []),
        ("Jan van", "van Jan", ["Jan"]),
        ("Søren Ærø", "Soren, Soeren, Aeroe", ["Soren, Soeren, Aeroe"]),
        ("Anne-Marie Mueller", "Annemarie, Müller", ["Annemarie, Müller"]),
        ("Pat O\N{RIGHT SINGLE QUOTATION MARK}Brien", "OBrien; O'Brien", ["OBrien", "O'Brien"]),
        ("Łukasz Straße", "lukasz strasse", ["lukasz strasse"]),
        ("山田 太郎", "講師は山田太郎さん、山本太", ["山田太郎"]),
        ("김 철수", "김철수는 김치, 철숨", ["김철수"]),
        ("Иван Петров", "ИВАН петров", ["ИВАН петров"]),
        ("Γιώργος Παπαδόπουλος", "ΓΙΩΡΓΟΣ", ["ΓΙΩΡΓΟΣ"]),
        ("J.R. Hartley", "J. R. Hartley, J.R. Hartley", ["J. R. Hartley, J.R. Hartley"]),
        ("Anonymous", "anonymous speaker", []),
        ("", "anything", []),
        ("Zaphod", "ZAPHOD", ["ZAPHOD"]),
    ],
)
def test_names_of_many_kinds(name, text, found):
    assert words_in(text, Identity(name)) == found


@pytest.mark.parametrize(
    ("affiliation", "text", "found"),
    [
        ("SAP SE", "SAP's tree of sap", ["SAP"]),
        ("IBM", "IBM and ibm", ["IBM"]),
        ("Apple", "an apple at Apple", ["Apple"]),
        ("HP", "hp by HP", ["HP"]),
        ("The Linux Foundation", "Linux at the Linux Foundation", ["Linux Foundation"]),
        ("Red Hat / Kestrel Works GmbH", "redhat, red-hat, Kestrel", ["redhat", "red-hat", "Kestrel"]),
        ("OSPO at Bosch", "our OSPO; Bosch", ["Bosch"]),
        ("Open Source Program Office", "an open source program office", []),
        ("Independent", "an independent maintainer", []),
        ("N/A", "n a", []),
        ("Global Systems", "global; Global Systems", ["Global Systems"]),
        (
            "Johnson & Johnson",
            "Johnson and Johnson; also Johnson & Johnson",
            ["Johnson and Johnson", "Johnson & Johnson"],
        ),
        ("Verein e.V.", "der Verein e.V.", ["Verein e.V"]),
        ("X", "X", []),
    ],
)
def test_organisations_of_many_kinds(affiliation, text, found):
    assert words_in(text, Identity(affiliation=affiliation)) == found


@pytest.mark.parametrize(
    ("email", "text", "found"),
    [
        ("x1@mail.acme.co.uk", "acme and acme.co.uk; mail", ["acme", "acme.co.uk"]),
        ("x1@gmail.com", "gmail.com", []),
        ("x1@open.org", "open source at open.org", ["open.org"]),
        ("info@nowhere", "info", []),
        ("zaphod@example.org", "zaphod said", ["zaphod"]),
        ("open@example.org", "open; open@other.org; @open", ["open@other.org", "@open"]),
        ("big.ideas@example.org", "big ideas; big.ideas@x.org", ["big.ideas@x.org"]),
        ("z9+talks@example.org", "@z9 z9", ["@z9"]),
    ],
)
def test_mailboxes_tell_by_either_side(email, text, found):
    assert words_in(text, Identity(emails=(email,))) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Jane Doe shows how Acme\N{RIGHT SINGLE QUOTATION MARK}s OSPO works.",
            "An OSPO member shows how their organisation\N{RIGHT SINGLE QUOTATION MARK}s OSPO works.",
        ),
        ("It works. Jane's code", "It works. An OSPO member's code"),
        ("- one\n- Jane\n", "- one\n- An OSPO member\n"),
        ("The Acme OSPO, an Acme engineer", "Their organisation OSPO, their organisation engineer"),
        ("[my page](https://jane-doe.dev/x) here", "My page here"),
        ("by [Jane](https://jane-doe.dev)", "by a web page"),
        ("by [Jane](https://ok.org)", "by [an OSPO member](https://ok.org)"),
        ("mail jane.doe@acme.com", "mail an OSPO member"),
        ("mail info@acme.com", "mail their organisation"),
        ("see acme.com or acme.com/x", "see their organisation or a web page"),
        ("nothing", "nothing"),
    ],
)
def test_the_neutral_words_read_like_a_sentence(text, said):
    assert neutral(text) == said


def test_a_name_that_ends_in_s_keeps_its_possessive():
    assert neutral("by James' hand", Identity("James Roe", stand_in="a speaker")) == "by a speaker's hand"


def test_each_mention_says_what_it_is():
    kinds = [mention.kind for mention in find_mentions("Jane of Acme, me@acme.com, jdoe42, jane@x.org", (JANE,))]
    assert kinds == [
        MentionKind.NAME, MentionKind.AFFILIATION, MentionKind.AFFILIATION, MentionKind.HANDLE, MentionKind.EMAIL,
    ]  # fmt: skip


def test_accounts_are_read_from_addresses():
    addresses = [
        "https://github.com/jdoe",
        "https://github.com/todo/ospo",
        "https://github.com/janesays/talk",
        "https://www.linkedin.com/in/jane-doe-42/",
        "https://social.example/@janed",
        "https://zaphod.github.io/",
        "https://example.org/jane",
    ]
    assert handles_of(addresses, name="Jane Doe") == ("jdoe", "janesays", "jane-doe-42", "janed", "zaphod")
    assert handles_of(addresses, name="Jane Doe", alone=False) == ("jdoe", "janesays", "jane-doe-42", "janed")
    assert addresses_in("see https://x.org/a) and (http://y.org)") == ["https://x.org/a", "http://y.org"]
    assert words_in("by jane-doe-42", Identity(handles=("jane-doe-42",))) == ["jane-doe-42"]
    assert words_in("by community", Identity(handles=("community", ""))) == []


def test_what_overlaps_is_one_mention():
    both = Identity("Jane Doe", "Doe Industries", stand_in="a speaker")
    assert words_in("Jane Doe Industries", both) == ["Jane Doe Industries"]
    one, two = Mention(0, 4, "abcd", MentionKind.NAME, "x"), Mention(2, 6, "cdef", MentionKind.NAME, "y")
    assert merged([two, one], "abcdef gh") == (Mention(0, 6, "abcdef", MentionKind.NAME, "x"),)


def test_a_mention_stands_in_a_sentence():
    text = "It is so. Here Jane speaks! And more."
    mention = find_mentions(text, (JANE,))[0]
    start, end = sentence_around(text, mention)
    assert text[start:end] == "Here Jane speaks!"
    initials = find_mentions("By J. Doe here. No", (JANE,))[0]
    assert sentence_around("By J. Doe here. No", initials) == (0, 15)
    assert sentence_around("Jane", Mention(0, 4, "Jane", MentionKind.NAME, "x")) == (0, 4)


@pytest.mark.parametrize(
    ("level", "identity"),
    [
        (Attribution.NAME_AND_AFFILIATION, Identity(stand_in="an OSPO member")),
        (Attribution.NAME, Identity(affiliation="Acme", emails=("@acme.com",), stand_in="an OSPO member")),
        (Attribution.AFFILIATION, Identity("Jane Doe", "", ("jd@",), ("jdoe",), "an OSPO member")),
        (Attribution.ROLE, Identity("Jane Doe", "Acme", ("jd@acme.com",), ("jdoe",), "an OSPO member")),
        (None, Identity("Jane Doe", "Acme", ("jd@acme.com",), ("jdoe",), "a speaker")),
    ],
)
def test_hidden_is_what_the_level_keeps_back(level, identity):
    speaker = SpeakerFacts("Jane Doe", "Acme", RoleCategory.OSPO, level, ("jd@acme.com",), ("jdoe",))
    assert hidden_identity(speaker) == identity
    assert neutral_words(speaker) == identity.stand_in


_NAMES = st.tuples(
    st.sampled_from(["Jane", "Zoë", "Søren", "Łucja", "Anne-Marie", "Иван", "Mark", "Ørjan"]),
    st.sampled_from(["Quaxley", "Ærø", "Straße", "O'Hara", "Петров", "Þórsdóttir", "van der Berg", "Will"]),
)
_SEPARATORS = st.sampled_from(
    [" ", "  ", "\N{NO-BREAK SPACE}", "-", ".", "_", "\n", "\N{NON-BREAKING HYPHEN}", " \N{EN DASH} "]
)
_AROUND = st.text(st.sampled_from("bcdfg hklm.,\n(中"), max_size=12)


_STYLES = {
    "as is": str,
    "upper": str.upper,
    "lower": str.lower,
    "decomposed": lambda word: unicodedata.normalize("NFD", word),
    "soft": lambda word: f"{word[0]}\N{SOFT HYPHEN}{word[1:]}",
    "encoded": quote,
    "wide": lambda word: "".join(
        chr(ord(char) + 0xFEE0) if char.isascii() and char.isalpha() else char for char in word
    ),
}
_A_STYLE = st.sampled_from(list(_STYLES))


@given(_NAMES, _A_STYLE, _A_STYLE, _SEPARATORS, st.booleans(), _AROUND, _AROUND)
def test_a_whole_name_is_found_in_any_spelling(name, first, last, separator, reverse, before, after):
    written = [_STYLES[first](name[0]), _STYLES[last](name[1])]
    typed = separator.join(reversed(written) if reverse else written)
    text = f"{before} {typed} {after}"
    who = Identity(" ".join(name), stand_in="a speaker")
    found = find_mentions(text, [who])
    start = len(before) + 1
    covered = {at for mention in found for at in range(mention.start, mention.end)}
    assert {at for at in range(start, start + len(typed)) if text[at].isalnum()} <= covered
    assert all(text[mention.start : mention.end] == mention.words for mention in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert find_mentions(without_mentions(text, found), [who]) == ()


@given(st.text(max_size=80))
def test_any_text_can_be_read(text):
    found = find_mentions(text, (JANE, Identity("山田 太郎", "IBM")))
    assert all(text[mention.start : mention.end] == mention.words for mention in found)
    without_mentions(text, found)


def test_thousands_of_people_are_looked_for_in_one_pass():
    people = [Identity(f"Ab{n}x Cd{n}y", f"Org{n} GmbH", (f"p{n}@org{n}.com",)) for n in range(5_000)]
    text = " ".join(f"lorem{n} ipsum dolor" for n in range(1_000))[:20_000] + " Ab77x"
    with counted() as work:
        assert [mention.words for mention in find_mentions(text, people)] == ["Ab77x"]
    assert work.calls < 1_000_000
