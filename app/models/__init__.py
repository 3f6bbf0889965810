"""Tables. Importing this package maps them all."""

from app.models.archive import ArchiveEntry, ArchiveMark
from app.models.audit import AuditEvent
from app.models.base import Base
from app.models.consent import Consent, Retraction
from app.models.feed_revision import FeedRevision
from app.models.import_run import ImportRow, ImportRun
from app.models.material import Material
from app.models.notes import Notes, NotesAuthor, NotesDecision, PublishedNotes
from app.models.notice_wording import NoticeWording
from app.models.outbox import OutboxMessage
from app.models.person import Person, SignIn, SignInRequest
from app.models.personal_feed import MemberEntry, PersonalFeed
from app.models.proposal import Proposal, Speaker, Topic
from app.models.public_change import Farewell, HiddenCall, PublicationTopic, PublicChange
from app.models.publication import Publication
from app.models.question import Question
from app.models.received import BouncingAddress, CalendarReply, ReceivedMessage
from app.models.review import Review
from app.models.series import CadenceException, CadenceRule, JoinLink, SegmentTemplate, Series
from app.models.sister_calendar import SisterCalendar, SisterOccurrence
from app.models.subscription import Announcement, Subscription
from app.models.talk import BoardMove, Confirmation, Talk
from app.models.touchpoint import Touchpoint, TouchpointSegment
from app.models.working_group import Chair, PublicationGroup, PublishedGroup, WorkingGroup

__all__ = [
    "Announcement",
    "ArchiveEntry",
    "ArchiveMark",
    "AuditEvent",
    "Base",
    "BoardMove",
    "BouncingAddress",
    "CadenceException",
    "CadenceRule",
    "CalendarReply",
    "Chair",
    "Confirmation",
    "Consent",
    "Farewell",
    "FeedRevision",
    "HiddenCall",
    "ImportRow",
    "ImportRun",
    "JoinLink",
    "Material",
    "MemberEntry",
    "Notes",
    "NotesAuthor",
    "NotesDecision",
    "NoticeWording",
    "OutboxMessage",
    "Person",
    "PersonalFeed",
    "Proposal",
    "PublicChange",
    "Publication",
    "PublicationGroup",
    "PublicationTopic",
    "PublishedGroup",
    "PublishedNotes",
    "Question",
    "ReceivedMessage",
    "Retraction",
    "Review",
    "SegmentTemplate",
    "Series",
    "SignIn",
    "SignInRequest",
    "SisterCalendar",
    "SisterOccurrence",
    "Speaker",
    "Subscription",
    "Talk",
    "Topic",
    "Touchpoint",
    "TouchpointSegment",
    "WorkingGroup",
]
