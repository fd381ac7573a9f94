"""The tables. A row is how something is kept; what the features see are their own frozen values.

Import them from here: so that all are known, whatever is looked up first.
"""

from bot.store.tables.base import Moment, Row, Sortable, metadata, replace_row, table_of
from bot.store.tables.knowledge import (
    AskedRow,
    EntryRow,
    ProposalRow,
    RatingRow,
    RevisionRow,
    SuggestionRow,
)
from bot.store.tables.messages import (
    HandledRow,
    LaneRow,
    MessageCountRow,
    OutboxRow,
    PaceRow,
    PendingRow,
    StrangerRow,
)
from bot.store.tables.people import (
    ChannelAddressRow,
    CoachProfileRow,
    LocationRow,
    MembershipRow,
    NamedChannelRow,
    PersonRow,
    SectorRow,
    TeamRow,
)
from bot.store.tables.polls import (
    PollAnswerRow,
    PollBallotRow,
    PollDeclinedRow,
    PollInvitationRow,
    PollKeyRow,
    PollRoundRow,
    PollRow,
)
from bot.store.tables.questions import AwayRow, OfferRow, QuestionEventRow, QuestionRow
from bot.store.tables.timed import OccasionRow, SummaryRow
from bot.store.tables.walkin import (
    BookingRow,
    CalendarFeedRow,
    QueueTicketRow,
    WaitlistRow,
    WalkInExceptionRow,
    WalkInHourRow,
)

__all__ = [
    "AskedRow",
    "AwayRow",
    "BookingRow",
    "CalendarFeedRow",
    "ChannelAddressRow",
    "CoachProfileRow",
    "EntryRow",
    "HandledRow",
    "LaneRow",
    "LocationRow",
    "MembershipRow",
    "MessageCountRow",
    "Moment",
    "NamedChannelRow",
    "OccasionRow",
    "OfferRow",
    "OutboxRow",
    "PaceRow",
    "PendingRow",
    "PersonRow",
    "PollAnswerRow",
    "PollBallotRow",
    "PollDeclinedRow",
    "PollInvitationRow",
    "PollKeyRow",
    "PollRoundRow",
    "PollRow",
    "ProposalRow",
    "QuestionEventRow",
    "QuestionRow",
    "QueueTicketRow",
    "RatingRow",
    "RevisionRow",
    "Row",
    "SectorRow",
    "Sortable",
    "StrangerRow",
    "SuggestionRow",
    "SummaryRow",
    "TeamRow",
    "WaitlistRow",
    "WalkInExceptionRow",
    "WalkInHourRow",
    "metadata",
    "replace_row",
    "table_of",
]
