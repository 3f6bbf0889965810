"""The moves between states are a table, and `move_to` is their only writer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pytest

from app.domain.errors import RuleViolation
from app.domain.states import TRANSITIONS, ConfirmationState, ProposalState, TalkState, move_to


@dataclass
class Talk:
    state: StrEnum


def test_every_state_of_every_kind_has_its_own_moves():
    for kind, moves in TRANSITIONS.items():
        assert list(moves) == list(kind)
        assert all(isinstance(state, kind) for states in (moves, *moves.values()) for state in states)


def test_states_of_different_kinds_that_share_a_word_do_not_share_moves():
    assert TRANSITIONS[TalkState][TalkState.CONFIRMED] != TRANSITIONS[ConfirmationState][ConfirmationState.CONFIRMED]
    assert TRANSITIONS[TalkState][TalkState.DECLINED] != TRANSITIONS[ProposalState][ProposalState.DECLINED]


def test_an_allowed_move_is_written():
    talk = Talk(TalkState.CONFIRMED)
    move_to(talk, TalkState.RELEASED)
    assert talk.state is TalkState.RELEASED


def test_a_move_to_the_present_state_changes_nothing():
    talk = Talk(TalkState.WITHDRAWN)
    move_to(talk, TalkState.WITHDRAWN)
    assert talk.state is TalkState.WITHDRAWN


def test_an_illegal_move_is_refused_in_words():
    talk = Talk(TalkState.WITHDRAWN)
    with pytest.raises(RuleViolation, match=r"^This talk is withdrawn and cannot become hold\.$"):
        move_to(talk, TalkState.HOLD)
    assert talk.state is TalkState.WITHDRAWN
