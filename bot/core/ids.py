"""Names for the ids of things, so that one kind is never passed for another."""

from typing import NewType

PersonId = NewType("PersonId", int)
LocationId = NewType("LocationId", int)
SectorId = NewType("SectorId", int)
TeamId = NewType("TeamId", int)
EntryId = NewType("EntryId", str)
AskedId = NewType("AskedId", int)
MessageId = NewType("MessageId", int)
QuestionId = NewType("QuestionId", int)
ProposalId = NewType("ProposalId", int)
HourId = NewType("HourId", int)
BookingId = NewType("BookingId", int)
WaitingId = NewType("WaitingId", int)
TicketId = NewType("TicketId", int)
PollId = NewType("PollId", int)
RoundId = NewType("RoundId", int)
