"""The receipt of what was taken back, in plain words; it names nobody and can be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.attribution import Attribution
from app.domain.consent import Choices
from app.domain.receipts import MailsOut, Receipt, Served, together

AT = datetime(2029, 5, 7, 9, tzinfo=UTC)
CALL = Served("k3y", "Europe Chapter", datetime(2026, 12, 10, 13, tzinfo=UTC), 60, "Europe/Madrid", 3, AT, changed=True)
RECEIPT = Receipt(
    at=AT,
    before=Choices(Attribution.NAME, recording=True, slides=True),
    now=Choices(Attribution.NONE, recording=False, slides=None),
    by_organizer=False,
    calls=(CALL,),
    rewritten=1,
    entries=2,
    to_speakers=MailsOut(2, AT - timedelta(days=40), AT - timedelta(days=1)),
    to_followers=MailsOut(),
)


def test_it_comes_back_from_its_stored_form():
    assert Receipt.from_json(RECEIPT.to_json()) == RECEIPT
    unchosen = replace(RECEIPT, now=Choices(None, None, None))
    assert Receipt.from_json(unchosen.to_json()) == unchosen


def test_it_says_what_changed_and_what_was_done():
    assert RECEIPT.changes == (
        "Named as: was “Name only”, is “No attribution”.",
        "Recording: was shown if there is one, is not shown.",
        "Slides: were shown if there are any, are not shown.",
    )
    assert RECEIPT.done == (
        "1 mail that had not left was written anew.",
        "2 speakers’ calendar entries follow by mail.",
    )
    assert replace(RECEIPT, rewritten=0, entries=0).done == ()
    assert RECEIPT.clean_at == AT + timedelta(minutes=5)


def test_it_says_what_nobody_can_call_back():
    reach = RECEIPT.beyond_reach
    assert "Mails to other speakers: 2 that named you as before left between 28 March 2029 and 6 May 2029." in reach
    assert reach[2] == (
        "Mails to people who follow the calls: we know of none that left and may have named you as before."
        " We keep those mails for 30 days: earlier ones cannot be counted."
    )
    one_day = replace(RECEIPT, to_speakers=MailsOut(1, AT, AT))
    assert one_day.beyond_reach[1] == "Mails to other speakers: 1 that named you as before left on 7 May 2029."


def test_where_only_the_recording_was_taken_back_no_name_is_spoken_of():
    receipt = replace(RECEIPT, now=replace(RECEIPT.before, recording=False))
    assert receipt.changes == ("Recording: was shown if there is one, is not shown.",)
    assert (receipt.takes_back_naming, len(receipt.beyond_reach)) == (False, 3)


def test_receipts_of_one_act_are_told_together():
    other = replace(RECEIPT, to_speakers=MailsOut(3, AT, AT), to_followers=MailsOut(5, AT, AT))
    recording = replace(RECEIPT, now=RECEIPT.before, to_speakers=MailsOut())
    assert together([recording, RECEIPT, other]) == replace(
        RECEIPT, to_speakers=MailsOut(5, AT - timedelta(days=40), AT), to_followers=MailsOut(5, AT, AT)
    )
    assert together([recording]) == recording
