"""What is over is forgotten in time, by the settings, in batches that may be killed; what is of use stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.retention import Retention, months_before
from app.domain.states import MailState, ProposalState, TalkState
from app.mail.values import Mail
from app.models import AuditEvent, CalendarReply, OutboxMessage, Person, Proposal, Review, SignIn, Speaker, Talk
from app.services import outbox
from app.services.auditing import SYSTEM, Actor, record
from app.services.own_data import forgetting
from app.services.sign_ins import begin_sign_in
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint
from tests.services.own_data.conftest import Life

KEPT = Retention()
DAY = timedelta(days=1)


class TestProposals:
    @pytest.fixture
    def declined(self, session, now) -> Proposal:
        proposal = make_proposal(session, state=ProposalState.DECLINED)
        proposal.decided_at = months_before(now, 12) - DAY
        session.commit()
        return proposal

    def test_a_declined_one_goes_whole_after_a_year(self, session, declined, site, now):
        olu = make_person(session, "Olu", role=Role.ORGANIZER)
        vote = Review(proposal_id=declined.id, organizer_id=olu.id, vote="no", created_at=now, updated_at=now)
        session.add(vote)
        mail = Mail("declined", "vera@example.org", "Declined", "No", "No")
        outbox.queue_mail(session, mail, dedup="d", proposal=declined, site=site, now=now)
        session.scalars(select(OutboxMessage)).one().state = MailState.SENT
        session.commit()

        assert forgetting.forget_proposals(session, retention=KEPT, now=now) == 1

        left = [session.scalars(select(table)).all() for table in (Proposal, Speaker, Review, OutboxMessage)]
        assert left == [[], [], [], []]
        assert forgetting.forget_proposals(session, retention=KEPT, now=now) == 0

    def test_a_younger_one_stays_and_so_does_one_that_was_accepted(self, session, declined, now):
        declined.decided_at = months_before(now, 12)
        make_proposal(session, state=ProposalState.ACCEPTED).decided_at = months_before(now, 40)
        session.commit()
        assert forgetting.forget_proposals(session, retention=KEPT, now=now) == 0

    @pytest.mark.usefixtures("declined")
    def test_settings_say_how_long(self, session, now):
        assert forgetting.forget_proposals(session, retention=Retention(proposals_months=13), now=now) == 0

    def test_what_was_given_in_part_stays(self, session, declined, now):
        declined.state = ProposalState.WITHDRAWN
        call = make_touchpoint(session, make_series(session), datetime(2025, 6, 5, 14, 0))
        make_talk(session, declined, call, state=TalkState.CONFIRMED)
        session.commit()
        assert forgetting.forget_proposals(session, retention=KEPT, now=now) == 0

    def test_more_than_a_batch_goes_and_a_killed_run_is_continued(self, session, now, monkeypatch):
        monkeypatch.setattr(forgetting, "BATCH", 2)
        for number in range(5):
            proposal = make_proposal(session, f"Talk {number}", state=ProposalState.WITHDRAWN)
            proposal.withdrawn_at = months_before(now, 13)
        session.commit()
        assert forgetting.forget_proposals(session, retention=KEPT, now=now) == 5


class TestAccounts:
    @pytest.fixture
    def nora(self, session, now) -> Person:
        """Not here for two years."""
        nora = make_person(session, "Nora Nobody")
        nora.created_at = months_before(now, 30)
        begin_sign_in(session, nora, user_agent="", now=months_before(now, 24))
        session.commit()
        return nora

    def test_an_unused_one_is_warned_once_and_goes_after_thirty_days(self, session, nora, site, now):
        number = nora.id
        assert forgetting.warn_unused(session, site=site, now=now) == 1
        assert forgetting.warn_unused(session, site=site, now=now + DAY) == 0
        warning = session.scalars(select(OutboxMessage)).one()
        assert (warning.kind, warning.recipient) == ("unused", "nora@example.org")
        assert forgetting.forget_unused(session, retention=KEPT, now=now + 29 * DAY) == 0
        assert forgetting.forget_unused(session, retention=KEPT, now=now + 30 * DAY) == 1
        assert (session.get(Person, number), session.scalars(select(SignIn)).all()) == (None, [])
        action = select(AuditEvent.action).where(AuditEvent.subject == "person").order_by(AuditEvent.id)
        assert session.scalars(action).all() == ["person.warned", "person.forgotten"]

    def test_a_sign_in_stops_it(self, session, nora, site, now):
        forgetting.warn_unused(session, site=site, now=now)
        begin_sign_in(session, nora, user_agent="", now=now + DAY)
        session.commit()
        assert forgetting.forget_unused(session, retention=KEPT, now=now + 40 * DAY) == 0
        assert nora.warned_at is None

    def test_talks_stay_as_they_were_named(self, session, life: Life, site, now):
        person = life.person
        person.created_at = months_before(now, 60)
        session.commit()
        later = now + timedelta(days=800)
        assert forgetting.warn_unused(session, site=site, now=later) == 1
        forgetting.forget_unused(session, retention=KEPT, now=later + 30 * DAY)
        [talk] = session.scalars(select(Talk).where(Talk.id == life.given.id))
        assert [speaker.name for speaker in talk.proposal.speakers] == ["Quillon Zarnecki"]
        assert (talk.proposal.owner, talk.proposal.email) == (None, "quillon@zarnecki.example")

    @pytest.mark.parametrize("use", ["organizer", "calendar", "proposal", "talk", "moderator", "young"])
    def test_whoever_is_still_here_is_not_warned(self, session, nora, site, now, use):
        call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
        match use:
            case "organizer":
                nora.role = Role.ORGANIZER
            case "calendar":
                self.fetch(session, nora, now)
            case "proposal":
                make_proposal(session, owner=nora)
            case "talk":
                proposal = make_proposal(session, email="vera@example.org")
                proposal.speakers[0].email = nora.email
                make_talk(session, proposal, call)
            case "moderator":
                call.moderator = nora
            case "young":
                nora.created_at = now
        session.commit()
        assert forgetting.warn_unused(session, site=site, now=now) == 0

    def fetch(self, session, nora, now) -> None:
        from app.domain.personal_feeds import FeedKind
        from app.services import personal_feeds

        made = personal_feeds.make_feed(
            session, nora, kind=FeedKind.SPEAKER, label="", by=Actor.signed_in(nora), now=now
        )
        personal_feeds.note_feed_use(session, made.feed.id, day=now.date())


class TestSpeakers:
    def test_what_only_the_work_needed_goes_a_year_after_the_talk(self, session, life: Life, now):
        answer = life.given.confirmations[0]
        answer.words = "halcyonic"
        session.commit()
        later = datetime(2027, 10, 2, 14, 0, tzinfo=now.tzinfo)

        assert forgetting.forget_speakers_details(session, retention=KEPT, now=later - 2 * DAY) == 0
        assert forgetting.forget_speakers_details(session, retention=KEPT, now=later) == 1

        [speaker] = life.given.proposal.speakers
        assert (speaker.bio, speaker.pronouns, speaker.time_zone, answer.words) == ("", "", "", "")
        assert (speaker.name, speaker.email) == ("Quillon Zarnecki", "quillon@zarnecki.example")
        assert life.given.proposal.private_note == ""
        assert life.coming.proposal.private_note == "Halcyonic wishes."
        assert len(session.scalars(select(CalendarReply)).all()) == 1
        assert forgetting.forget_speakers_details(session, retention=KEPT, now=later) == 0


class TestRows:
    @pytest.mark.usefixtures("life")
    def test_mails_go_after_two_years_but_those_about_a_talk_to_come(self, session, now):
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        for row in rows:
            row.state, row.sent_at = MailState.SENT, months_before(now, 25)
        session.commit()
        kept = {row.id for row in rows if row.talk_id is not None}
        assert forgetting.forget_mails(session, retention=KEPT, now=now) == len(rows) - len(kept) > 0
        assert set(session.scalars(select(OutboxMessage.id))) == kept

    def test_the_audit_trail_is_kept_for_two_years(self, session, now):
        person = make_person(session, "Olu")
        for at in (months_before(now, 25), months_before(now, 23)):
            record(session, "person.added", person, by=SYSTEM, now=at)
        session.commit()
        assert forgetting.forget_audit(session, retention=KEPT, now=now) == 1
        assert forgetting.forget_audit(session, retention=KEPT, now=now) == 0

    def test_old_sign_ins_go_but_the_newest(self, session, now):
        person = make_person(session, "Olu")
        for days in (200, 150, 100):
            row, _ = begin_sign_in(session, person, user_agent="", now=now - days * DAY)
            row.expires_at = now - (days - 30) * DAY
        session.add_all(session.scalars(select(SignIn)).all())
        session.commit()
        before = len(session.scalars(select(SignIn)).all())
        assert forgetting.forget_sign_ins(session, now=now) == before - 1
        assert [row.id for row in session.scalars(select(SignIn))] == [row.id]


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        (datetime(2026, 11, 23), 12, datetime(2025, 11, 23)),
        (datetime(2026, 3, 31), 1, datetime(2026, 2, 28)),
        (datetime(2026, 1, 31), 13, datetime(2024, 12, 31)),
        (datetime(2024, 3, 30), 1, datetime(2024, 2, 29)),
    ],
)
def test_months_are_those_of_the_calendar(now, months, then):
    assert months_before(now, months) == then
