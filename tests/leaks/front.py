"""What the community's front adds to the scene: another community's calendar, a file on its way in, and calls held."""

from __future__ import annotations

from app.domain.imports.values import ImportKind
from app.domain.secret import Secret
from app.services.importing.proposal_files import ProposalFile, plan_proposals
from tests.cast import make_sister, make_sister_event
from tests.leaks.canaries import EVERYBODY
from tests.leaks.community import Community
from tests.offered import offered, pretalx


def add_sister_calendar(community: Community) -> None:
    """With an event beside the first call. Its address is marked like every column that is nobody's business."""
    address = Secret("https://calendar.example.org/private-key/basic.ics")
    calendar = make_sister(community.session, "Loom Guild", address=address)
    make_sister_event(community.session, calendar, "Guild meeting", community.calls[0].starts_at)
    community.session.commit()


def plan_an_import(community: Community) -> None:
    """A dry run in which everybody speaks, and the titles and texts say so."""
    talks = [
        offered(
            f"Looms by {each.name}",
            code=f"LOOM{each.number}",
            abstract=f"{each.name} of {each.employer} ({each.mail}) tells it.",
            speakers=[{"code": each.mark.upper(), "name": each.name, "email": each.mail, "biography": each.bio}],
        )
        for each in EVERYBODY
    ]
    file = ProposalFile(ImportKind.PRETALX, "a file", pretalx(*talks))
    plan_proposals(community.session, file, **community.organizer())


def hold_every_call(community: Community) -> None:
    """All calls are over: the talks stand in the learning space."""
    community.clock.advance(max(call.ends_at for call in community.calls) - community.clock.now)
