"""Use cases of who is asked. Each runs inside the caller's unit of work."""

from dataclasses import dataclass

from bot.core.ids import PersonId, RoundId
from bot.polls import rules
from bot.polls.frame import Box, Frame, NoSecret, OtherSecret, box_of
from bot.polls.model import Invitation, Round, RoundState, Vote
from bot.polls.ports import PollWork


@dataclass(frozen=True)
class Given:
    """What someone answers to a question, by its number."""

    question: int
    value: str


@dataclass(frozen=True)
class Answered:
    """What someone answered is stored: `vote` is all that they answered so far."""

    round: Round
    vote: Vote


@dataclass(frozen=True)
class Over:
    """The round is closed."""

    round: Round


@dataclass(frozen=True)
class NotAsked:
    """Nobody asked this person, or there is no such round."""


@dataclass(frozen=True)
class Unfit:
    """What came back is no answer to that question."""

    round: Round
    question: int


Seen = Answered | Over | NotAsked | NoSecret | OtherSecret
AnswerOutcome = Seen | Unfit


async def look(work: PollWork, which: RoundId, person: PersonId, frame: Frame) -> Seen:
    """Return what someone answered so far. Nobody else changes the round in this unit of work."""
    seat = await _seat(work, which, person, frame)
    return Answered(seat.round, seat.vote) if isinstance(seat, _Seat) else seat


async def answer(
    work: PollWork, which: RoundId, person: PersonId, given: Given, frame: Frame
) -> AnswerOutcome:
    """Store what someone answers to one question, in the place of what they answered before."""
    seat = await _seat(work, which, person, frame)
    if not isinstance(seat, _Seat):
        return seat
    if not rules.answers(seat.round.form, given.question, given.value):
        return Unfit(seat.round, given.question)
    vote = {**seat.vote, given.question: given.value}
    await seat.box.answer(which, seat.invited, vote)
    if not seat.invited.answered:
        await work.polls.mark_answered(which, person)
    return Answered(seat.round, vote)


@dataclass(frozen=True)
class _Seat:
    """Where someone answers in a round that is open to them, and what they answered so far."""

    round: Round
    invited: Invitation
    box: Box
    vote: Vote


async def _seat(
    work: PollWork, which: RoundId, person: PersonId, frame: Frame
) -> _Seat | Over | NotAsked | NoSecret | OtherSecret:
    known = await work.polls.share_round(which)
    invited = await work.polls.lock_invitation(which, person)
    if known is None or invited is None:
        return NotAsked()
    if known.state is not RoundState.OPEN or known.closes <= frame.now:
        return Over(known)
    box = await box_of(work, known, frame)
    if isinstance(box, NoSecret | OtherSecret):
        return box
    return _Seat(known, invited, box, await box.vote(which, person))
