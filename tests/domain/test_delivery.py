"""When a mail is tried again, and when a worker leaves a silent server alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.delivery import LEASE, LONGEST_CONVERSATION, MOST_ATTEMPTS, Circuit, next_attempt


def minutes(attempts, now, jitter=0.5):
    return (next_attempt(attempts, now=now, jitter=jitter) - now) / timedelta(minutes=1)


def test_the_first_delays_grow_and_then_stay_at_six_hours(now):
    assert [minutes(attempts, now) for attempts in range(1, 8)] == [1, 5, 15, 60, 240, 360, 360]


def test_a_mail_is_given_up_72_hours_after_its_first_attempt(now):
    waited = sum(minutes(attempts, now) for attempts in range(1, MOST_ATTEMPTS))
    assert next_attempt(MOST_ATTEMPTS, now=now, jitter=0.5) is None
    assert 66 * 60 < waited <= 72 * 60


@pytest.mark.parametrize(("jitter", "delay"), [(0, 4), (0.5, 5), (1, 6)])
def test_mails_that_failed_together_part(now, jitter, delay):
    assert minutes(2, now, jitter) == delay


def test_a_conversation_ends_before_its_lease():
    assert LONGEST_CONVERSATION < LEASE


def test_a_silent_server_is_asked_less_and_less(now):
    circuit = Circuit()
    waits = []
    for _ in range(6):
        circuit.trip(now=now)
        waits.append((circuit.open_until - now) / timedelta(minutes=1))
    assert waits == [1, 2, 4, 8, 15, 15]
    assert circuit.is_open(now=now + timedelta(minutes=14))
    assert not circuit.is_open(now=now + timedelta(minutes=15))


def test_a_server_that_answers_is_asked_at_once_again(now):
    circuit = Circuit()
    circuit.trip(now=now)
    circuit.trip(now=now)
    circuit.close()
    assert not circuit.is_open(now=now)
    circuit.trip(now=now)
    assert circuit.open_until == now + timedelta(minutes=1)
