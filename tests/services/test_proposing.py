"""A proposal is sent once, its address is confirmed, and it is corrected until the organizers decide."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.consent import consent_wording
from app.domain.errors import Conflict, InvalidInput, NotFound, RuleViolation, TooMany
from app.domain.people import Role
from app.domain.proposals import MAX_MAILS_A_DAY, MAX_OPEN, SeriesPreference
from app.domain.publication import Audience, PublicDetail
from app.domain.states import ProposalState
from app.domain.wording import STANDARD
from app.models import AuditEvent, OutboxMessage, Person, Proposal, Speaker, Topic
from app.services import drafting, links, proposing
from app.services.auditing import LINK, VISITOR, Actor
from app.services.proposal_content import draft_of
from tests.cast import make_person, make_proposal, make_series, make_touchpoint
from tests.drafts import FORM_KEY, SAM, TITLE, VERA, make_draft, make_topics

LATER = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _topics(session):
    make_topics(session)


@pytest.fixture
def vera(session):
    return make_person(session, "Vera Volunteer")


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


def submit(session, site, now, draft=None, *, by=VISITOR, form_key=FORM_KEY):
    return proposing.submit_proposal(session, draft or make_draft(), form_key=form_key, by=by, site=site, now=now)


def confirm(session, proposal, site, now, version=None):
    version = version or proposal.version
    proposing.confirm_address(session, proposal, version=version, by=LINK, site=site, now=now)


def edit(session, proposal, draft, site, now, *, by=LINK, version=None):
    version = version or proposal.version
    proposing.edit_proposal(session, proposal, draft, version=version, by=by, site=site, now=now)


def mails(session):
    return [(row.kind, row.recipient) for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


# Sending


def test_a_strangers_proposal_waits_for_their_address(session, site, now):
    proposal = submit(session, site, now)

    assert (proposal.state, proposal.owner, proposal.submitted_at) == (ProposalState.UNCONFIRMED, None, None)
    assert mails(session) == [("verify", "vera@example.org")]
    assert actions(session) == ["proposal.sent"]
    assert count(session, Person) == 0, "an address that nobody has confirmed is no person"


def test_every_answer_is_written(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14, 0))
    draft = make_draft(
        topics=("culture", "tooling"),
        preference=SeriesPreference.ONE,
        series="thursday",
        away_weekdays=(1, 5),
        away=(call.key,),
        speakers=(replace(VERA, pronouns="she/her", bio="Runs an OSPO."), SAM),
        links=("https://example.org/a", "https://example.org/b"),
    )

    proposal = submit(session, site, now, draft)

    session.expire_all()
    first, second = proposal.speakers
    written = replace(
        draft,
        speakers=(
            replace(draft.speakers[0], number=0, id=first.id, email="vera@example.org"),
            replace(SAM, number=1, id=second.id, attribution=None, recording_consent=None),
        ),
    )
    assert draft_of(proposal) == written
    assert (proposal.form_key, proposal.form, proposal.created_at, proposal.updated_at) == (FORM_KEY, {}, now, now)
    assert [(speaker.consent_at, speaker.consent_wording) for speaker in proposal.speakers] == [
        (now, consent_wording(STANDARD.version)),
        (None, ""),
    ]


def test_nobody_chooses_for_a_co_speaker_how_they_are_named(session, proposal, site, now):
    """Neither by sending the proposal nor by correcting it; what the co-speaker chose themselves stays."""
    vera, sam = draft_of(proposal).speakers
    assert (sam.attribution, sam.recording_consent) == (None, None)

    proposal.speakers[1].attribution = Attribution.ROLE
    looser = replace(sam, attribution=Attribution.NAME_AND_AFFILIATION, recording_consent=True)
    edit(session, proposal, corrected(proposal, speakers=(vera, looser)), site, now)

    assert (proposal.speakers[1].attribution, proposal.speakers[1].recording_consent) == (Attribution.ROLE, None)


def test_addresses_are_kept_in_one_spelling(session, site, now):
    proposal = submit(
        session, site, now, make_draft(email="Vera@EXAMPLE.org", speakers=(replace(VERA, email="VERA@example.org"),))
    )

    assert (proposal.email, proposal.speakers[0].email) == ("vera@example.org", "vera@example.org")


def test_a_signed_in_person_skips_the_confirmation_of_their_own_address(session, site, now, vera):
    proposal = submit(session, site, now, by=Actor.signed_in(vera))

    assert (proposal.state, proposal.owner, proposal.submitted_at) == (ProposalState.SUBMITTED, vera, now)
    assert mails(session) == [("received", "vera@example.org")]
    assert actions(session) == ["proposal.submitted"]


def test_a_signed_in_person_confirms_any_other_address(session, site, now, vera):
    proposal = submit(session, site, now, make_draft(email="other@example.org"), by=Actor.signed_in(vera))

    assert (proposal.state, proposal.owner) == (ProposalState.UNCONFIRMED, None)
    assert mails(session) == [("verify", "other@example.org")]


def test_a_draft_that_is_sent_is_no_draft_any_more(session, site, now):
    draft = drafting.save_draft(session, {"title": ["Half"]}, form_key=FORM_KEY, by=VISITOR, now=now)
    token = links.draft_path(draft, site=site).rpartition("/")[2]

    proposal = submit(session, site, now + LATER)

    assert (proposal.id, proposal.form, proposal.created_at) == (draft.id, {}, now)
    assert proposal.state is ProposalState.UNCONFIRMED
    assert links.draft_path(proposal, site=site).rpartition("/")[2] != token


def test_what_is_wrong_is_said_and_nothing_is_written(session, site, now):
    with pytest.raises(InvalidInput) as error:
        submit(session, site, now, make_draft(title="", email="nobody"))
    assert list(error.value.errors) == ["title", "email"]
    assert count(session, Proposal) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topics": ("culture", "nonsense")}, "topics"),
        ({"topics": ("blockchain",)}, "topics"),
        ({"preference": SeriesPreference.ONE, "series": "nonsense"}, "preference"),
        ({"preference": SeriesPreference.ONE, "series": "ended"}, "preference"),
        ({"preference": SeriesPreference.ONE, "series": "hidden"}, "preference"),
        ({"away": ("nonsense",)}, "away"),
    ],
)
def test_only_what_is_offered_can_be_chosen(session, site, now, changes, field):
    make_series(session, "ended").ended_on = date(2026, 1, 1)
    make_series(session, "hidden", audience=Audience.MEMBERS).public_detail = PublicDetail.NOTHING

    with pytest.raises(InvalidInput) as error:
        submit(session, site, now, make_draft(**changes))
    assert list(error.value.errors) == [field]


def test_the_same_form_sent_twice_makes_one_proposal_and_one_mail(session, site, now):
    first = submit(session, site, now)
    sent = (first.id, first.version)
    second = submit(session, site, now + LATER, make_draft(speakers=(replace(VERA, number=7),)))

    assert (second.id, second.version) == sent
    assert mails(session) == [("verify", "vera@example.org")]


def test_the_same_form_sent_twice_at_once_makes_one_proposal_and_one_mail(session, app, site, now):
    session.commit()
    barrier = Barrier(4)

    def send(_number):
        with Session(session.get_bind()) as own:
            barrier.wait()
            return submit(own, site, now).id

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(send, range(4)))

    assert len(ids) == 1
    assert (count(session, Proposal), count(session, Speaker)) == (1, 1)
    assert mails(session) == [("verify", "vera@example.org")]


def test_a_draft_sent_twice_at_once_makes_one_proposal_and_one_mail(session, app, site, now):
    drafting.save_draft(session, {"title": ["Half"]}, form_key=FORM_KEY, by=VISITOR, now=now)
    barrier = Barrier(4)

    def send(_number):
        with Session(session.get_bind()) as own:
            barrier.wait()
            return submit(own, site, now).id

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(send, range(4)))

    assert (len(ids), count(session, Proposal), count(session, Speaker)) == (1, 1, 1)
    assert mails(session) == [("verify", "vera@example.org")]


def test_a_form_that_saves_itself_twice_at_once_is_one_draft(session, app, now):
    session.commit()
    barrier = Barrier(4)

    def save(number):
        with Session(session.get_bind()) as own:
            barrier.wait()
            typed = {"title": [f"Draft {number}"]}
            return drafting.save_draft(own, typed, form_key=FORM_KEY, by=VISITOR, now=now).id

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(save, range(4)))

    assert (len(ids), count(session, Proposal)) == (1, 1)


def test_a_mistyped_address_is_corrected_by_sending_the_form_again(session, site, now):
    first = submit(session, site, now, make_draft(email="vrea@example.org"))
    wrong_link = links.address_path(first, site=site)

    second = submit(session, site, now + LATER)

    assert (second.id, second.email) == (first.id, "vera@example.org")
    assert mails(session) == [("verify", "vrea@example.org"), ("verify", "vera@example.org")]
    assert links.address_path(second, site=site) != wrong_link


def test_a_correction_from_the_same_address_needs_no_other_mail(session, site, now):
    submit(session, site, now)
    proposal = submit(session, site, now + LATER, make_draft(title="Running an OSPO alone"))

    assert (proposal.title, proposal.state) == ("Running an OSPO alone", ProposalState.UNCONFIRMED)
    assert mails(session) == [("verify", "vera@example.org")]


def test_a_form_that_was_submitted_is_not_written_over(session, site, now):
    proposal = submit(session, site, now)
    confirm(session, proposal, site, now)

    again = submit(session, site, now + LATER, make_draft(title="Something else altogether"))

    assert (again.id, again.title, again.state) == (proposal.id, TITLE, ProposalState.SUBMITTED)


def test_an_address_that_nobody_confirmed_gets_few_mails_a_day(session, site, now):
    for number in range(MAX_MAILS_A_DAY):
        submit(session, site, now, form_key=f"form {number}")

    with pytest.raises(TooMany):
        submit(session, site, now + LATER, form_key="one more")
    session.rollback()
    assert len(mails(session)) == MAX_MAILS_A_DAY == count(session, Proposal)
    submit(session, site, now + timedelta(days=1), form_key="tomorrow")


def test_nobody_has_more_than_ten_open_proposals(session, site, now, vera):
    for state in (ProposalState.SUBMITTED, ProposalState.ACCEPTED):
        for _ in range(MAX_OPEN // 2):
            make_proposal(session, state=state, owner=vera)
    make_proposal(session, state=ProposalState.DECLINED, owner=vera)

    with pytest.raises(RuleViolation, match="10 open proposals"):
        submit(session, site, now, by=Actor.signed_in(vera))
    session.rollback()
    assert mails(session) == []


# Confirming the address


def test_the_confirmed_address_submits_the_proposal_and_makes_its_person(session, site, now):
    proposal = submit(session, site, now)
    confirm(session, proposal, site, now + LATER)

    owner = proposal.owner
    assert (proposal.state, proposal.submitted_at) == (ProposalState.SUBMITTED, now + LATER)
    assert (owner.email, owner.name, owner.role) == ("vera@example.org", "Vera Volunteer", Role.VOLUNTEER)
    assert mails(session) == [("verify", "vera@example.org"), ("received", "vera@example.org")]
    assert actions(session) == ["proposal.sent", "proposal.submitted"]


def test_somebody_who_proposes_for_others_gets_no_name_from_them(session, site, now):
    proposal = submit(session, site, now, make_draft(email="olu@example.org", speakers=(replace(SAM, number=0),)))
    confirm(session, proposal, site, now)

    assert (proposal.owner.email, proposal.owner.name) == ("olu@example.org", "")


def test_confirming_once_is_enough(session, site, now):
    proposal = submit(session, site, now)
    version = proposal.version
    confirm(session, proposal, site, now)
    confirm(session, proposal, site, now + LATER, version=version)

    assert proposal.submitted_at == now
    assert len(mails(session)) == 2


def test_nobody_confirms_what_they_have_not_read(session, site, now):
    proposal = submit(session, site, now)
    seen = proposal.version
    submit(session, site, now, make_draft(title="Something else altogether"))

    with pytest.raises(Conflict):
        confirm(session, proposal, site, now, version=seen)
    assert proposal.state is ProposalState.UNCONFIRMED


def test_the_limit_of_open_proposals_holds_for_mailed_links_too(session, site, now, vera):
    for _ in range(MAX_OPEN):
        make_proposal(session, owner=vera)
    proposal = submit(session, site, now)

    with pytest.raises(RuleViolation, match="10 open proposals"):
        confirm(session, proposal, site, now)


def ask_again(session, site, now, email, form_key=FORM_KEY):
    return proposing.ask_to_confirm_again(session, form_key=form_key, email=email, by=VISITOR, site=site, now=now)


def test_the_mail_that_did_not_come_is_sent_again_with_the_same_link(session, site, now):
    proposal = submit(session, site, now)
    link = links.address_path(proposal, site=site)
    ask_again(session, site, now, "Vera@example.org")

    assert mails(session) == [("verify", "vera@example.org")] * 2
    assert links.address_path(proposal, site=site) == link
    assert actions(session) == ["proposal.sent", "proposal.asked_again"]


def test_a_mistyped_address_is_corrected_for_its_speaker_too(session, site, now):
    proposal = submit(session, site, now, make_draft(email="vrea@example.org", speakers=(VERA, SAM)))
    wrong_link = links.address_path(proposal, site=site)
    ask_again(session, site, now + LATER, "vera@example.org")

    assert (proposal.email, [speaker.email for speaker in proposal.speakers]) == (
        "vera@example.org",
        ["vera@example.org", "sam@example.org"],
    )
    assert links.address_path(proposal, site=site) != wrong_link
    assert mails(session)[-1] == ("verify", "vera@example.org")


def test_only_what_waits_for_an_address_asks_again(session, site, now):
    with pytest.raises(NotFound):
        ask_again(session, site, now, "vera@example.org")
    proposal = submit(session, site, now)
    with pytest.raises(InvalidInput):
        ask_again(session, site, now, "nobody")
    confirm(session, proposal, site, now)
    with pytest.raises(NotFound):
        ask_again(session, site, now, "vera@example.org")


def test_asking_again_has_an_end(session, site, now):
    submit(session, site, now)
    for _ in range(MAX_MAILS_A_DAY - 1):
        ask_again(session, site, now, "vera@example.org")
    with pytest.raises(TooMany):
        ask_again(session, site, now, "vera@example.org")


# Editing


@pytest.fixture
def proposal(session, site, now):
    sent = submit(session, site, now, make_draft(speakers=(VERA, SAM)))
    confirm(session, sent, site, now)
    return sent


def corrected(proposal, **changes):
    return replace(draft_of(proposal), email="", **changes)


def test_a_proposal_is_corrected_and_keeps_its_address(session, proposal, site, now):
    version = proposal.version
    edit(session, proposal, corrected(proposal, title="Running an OSPO alone"), site, now + LATER)

    assert (proposal.title, proposal.email, proposal.version) == (
        "Running an OSPO alone",
        "vera@example.org",
        version + 1,
    )
    assert proposal.updated_at == now + LATER
    assert actions(session)[-1] == "proposal.edited"


def test_a_change_of_a_speaker_alone_is_a_new_version_even_in_the_same_second(session, proposal, site, now):
    version = proposal.version
    vera, sam = draft_of(proposal).speakers
    edit(session, proposal, corrected(proposal, speakers=(vera, replace(sam, bio="Sails."))), site, now)

    assert proposal.version == version + 1


def test_speakers_keep_their_links_when_others_come_and_go(session, proposal, site, now):
    vera, sam = draft_of(proposal).speakers
    key = proposal.speakers[1].link_key
    mira = replace(SAM, number=9, id=None, name="Mira Member", email="mira@example.org")
    edit(session, proposal, corrected(proposal, speakers=(mira, sam)), site, now)

    session.expire_all()
    assert [speaker.name for speaker in proposal.speakers] == ["Mira Member", "Sam Speaker"]
    assert (proposal.speakers[1].id, proposal.speakers[1].link_key) == (sam.id, key)
    assert session.get(Speaker, vera.id) is None


def test_a_speaker_of_another_proposal_is_out_of_reach(session, proposal, site, now):
    foreign = make_proposal(session).speakers[0]
    forged = replace(SAM, id=foreign.id, name="Not yours", email="forged@example.org")
    edit(session, proposal, corrected(proposal, speakers=(forged,)), site, now)

    assert foreign.name == "Sam Speaker"
    assert proposal.speakers[0].id != foreign.id


def test_consent_is_dated_anew_only_when_it_changes(session, proposal, site, now):
    vera, sam = draft_of(proposal).speakers
    edit(session, proposal, corrected(proposal, speakers=(replace(vera, bio="New."), sam)), site, now + LATER)
    assert proposal.speakers[0].consent_at == now

    stricter = replace(draft_of(proposal).speakers[0], attribution=Attribution.NONE)
    edit(session, proposal, corrected(proposal, speakers=(stricter, sam)), site, now + LATER)
    assert proposal.speakers[0].consent_at == now + LATER


def test_a_retired_topic_and_an_ended_series_stay_on_a_proposal_that_has_them(session, proposal, site, now):
    proposal.preference, proposal.preferred_series = SeriesPreference.ONE, make_series(session)
    proposal.preferred_series.ended_on = date(2026, 1, 1)
    session.scalars(select(Topic).where(Topic.slug == "culture")).one().retired = True
    session.flush()

    edit(session, proposal, corrected(proposal, title="Running an OSPO alone"), site, now)

    assert ([topic.slug for topic in proposal.topics], proposal.preferred_series.slug) == (["culture"], "thursday")


def test_two_who_edit_at_once_lose_nothing(session, proposal, site, now):
    seen = proposal.version
    edit(session, proposal, corrected(proposal, title="What the first one wrote"), site, now)

    with pytest.raises(Conflict):
        edit(session, proposal, corrected(proposal, title="What the second one wrote"), site, now, version=seen)
    assert proposal.title == "What the first one wrote"


def test_a_faulty_correction_is_refused(session, proposal, site, now):
    with pytest.raises(InvalidInput) as error:
        edit(session, proposal, corrected(proposal, abstract="", links=("nonsense",)), site, now)
    assert list(error.value.errors) == ["abstract", "links"]


@pytest.mark.parametrize(
    ("state", "instead"),
    [
        (ProposalState.ACCEPTED, "the page to confirm lets you correct it"),
        (ProposalState.DECLINED, "send a new one"),
        (ProposalState.WITHDRAWN, "send a new one"),
        (ProposalState.DRAFT, "Continue it"),
    ],
)
def test_after_the_decision_the_page_says_what_to_do_instead(session, site, now, state, instead):
    proposal = make_proposal(session, state=state)

    with pytest.raises(RuleViolation, match=instead):
        edit(session, proposal, corrected(proposal), site, now)


@pytest.mark.parametrize("state", [ProposalState.ACCEPTED, ProposalState.DECLINED])
def test_a_decision_that_can_still_be_undone_is_not_given_away(session, site, now, state):
    proposal = make_proposal(session, state=state)
    proposal.decided_at = now

    with pytest.raises(RuleViolation, match="in their hands just now"):
        edit(session, proposal, corrected(proposal), site, now)
    assert proposing.decision_is_out(proposal, site=site, now=now) is False
    assert proposing.decision_is_out(proposal, site=site, now=now + site.settle) is True


def test_an_organizer_makes_naming_and_recording_stricter(session, proposal, site, now, olu):
    vera, sam = draft_of(proposal).speakers
    stricter = (replace(vera, attribution=Attribution.ROLE, recording_consent=False), sam)
    edit(session, proposal, corrected(proposal, speakers=stricter), site, now, by=Actor.signed_in(olu))

    assert [speaker.attribution for speaker in proposal.speakers] == [Attribution.ROLE, None]
    assert proposal.speakers[0].recording_consent is False


def test_an_organizer_makes_neither_looser(session, proposal, site, now, olu):
    vera, sam = draft_of(proposal).speakers
    looser = (
        replace(vera, attribution=Attribution.NAME_AND_AFFILIATION),
        replace(sam, attribution=Attribution.NAME, recording_consent=True),
    )
    with pytest.raises(InvalidInput) as error:
        edit(session, proposal, corrected(proposal, speakers=looser), site, now, by=Actor.signed_in(olu))
    assert error.value.errors == {
        "speaker-0-attribution": "Only the speaker can allow more than \u201cName only\u201d.",
        "speaker-1-attribution": "Only the speaker can allow more than \u201cNo attribution\u201d.",
        "speaker-1-recording": "Only the speaker can agree to be recorded.",
    }


def test_an_organizer_leaves_the_choices_of_a_new_speaker_open(session, proposal, site, now, olu):
    vera, sam = draft_of(proposal).speakers
    mira = replace(SAM, number=2, id=None, name="Mira", email="mira@example.org", attribution=None)
    undecided = replace(mira, recording_consent=None)
    by = Actor.signed_in(olu)
    edit(session, proposal, corrected(proposal, speakers=(vera, sam, undecided)), site, now, by=by)

    new = proposal.speakers[2]
    assert (new.attribution, new.recording_consent, new.consent_at) == (None, None, None)
    named = replace(undecided, id=new.id, attribution=Attribution.NAME)
    with pytest.raises(InvalidInput, match="No attribution"):
        edit(session, proposal, corrected(proposal, speakers=(vera, sam, named)), site, now, by=by)


def test_an_organizer_edits_a_proposal_of_their_own_like_anybody(session, site, now, olu):
    own = submit(session, site, now, make_draft(email=olu.email), by=Actor.signed_in(olu))
    named = replace(draft_of(own).speakers[0], attribution=Attribution.NAME_AND_AFFILIATION)
    edit(session, own, corrected(own, speakers=(named,)), site, now, by=Actor.signed_in(olu))

    assert own.speakers[0].attribution is Attribution.NAME_AND_AFFILIATION
