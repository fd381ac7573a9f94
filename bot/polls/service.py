"""Use cases of polls. Each runs inside the caller's unit of work."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, assert_never

from bot.core.ids import PersonId, RoundId
from bot.polls import rules
from bot.polls.model import (
    Candidate,
    Invitation,
    Key,
    Planned,
    Poll,
    PollState,
    Round,
    RoundState,
    Vote,
)
from bot.polls.ports import Ballots, Eraser, PollWork
from bot.worktime.worktime import WorkTime


@dataclass(frozen=True)
class Secrecy:
    """How anonymous rounds are kept. `ballots` are those of the unit of work that it is given."""

    ballots: Callable[[PollWork], Ballots]
    eraser: Eraser


@dataclass(frozen=True)
class Frame:
    """What use cases are decided in. Without `secrecy` there are no anonymous rounds."""

    college: WorkTime
    secrecy: Secrecy | None
    now: datetime


@dataclass(frozen=True)
class Given:
    """What someone answers to a question, by its number."""

    question: int
    value: str


@dataclass(frozen=True)
class TooFew:
    """A round did not open: there are fewer people to ask than a poll needs."""

    asked: int


@dataclass(frozen=True)
class NoSecret:
    """The server has no secret to keep an anonymous round with, or lost the round's key."""


@dataclass(frozen=True)
class OtherSecret:
    """The server has another secret than the round was begun with; with that one all is there."""

    round: Round


Opened = Round | TooFew | NoSecret


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


async def keep_draft(work: PollWork, poll: Poll) -> Poll:
    """Store a new poll that has no rounds yet; an earlier draft of who makes it makes way."""
    for one in await work.polls.polls():
        if one.owner == poll.owner and one.state is PollState.DRAFT:
            await change(work, replace(one, state=PollState.STOPPED))
    return await work.polls.add(replace(poll, state=PollState.DRAFT))


async def change(work: PollWork, changed: Poll) -> Poll | None:
    """Store a poll as it was changed since its version; None when somebody else was first."""
    new = replace(changed, version=changed.version + 1)
    return new if await work.polls.save(new, seen=changed.version) else None


async def open_round(
    work: PollWork, poll: Poll, plan: Planned, candidates: Collection[Candidate], frame: Frame
) -> Opened:
    """Store a round and who is asked in it. Who is asked is decided now, not when it was made."""
    asked = rules.in_audience(candidates, poll.audience, await work.polls.declined())
    if len(asked) < rules.FEWEST_PEOPLE:
        return TooFew(len(asked))
    if poll.form.anonymous and frame.secrecy is None:
        return NoSecret()
    new = Round(RoundId(0), poll.id, plan.local, poll.form, opened=frame.now, closes=frame.now)
    timed = rules.opening(new, plan, poll.schedule, frame.college)
    group = rules.groups(asked, poll.form.breakdown)
    invited = [Invitation(new.id, one.person, group[one.person]) for one in asked]
    opened = await work.polls.open_round(timed, invited)
    if frame.secrecy and poll.form.anonymous:
        await frame.secrecy.ballots(work).prepare(opened.id)
    return opened


async def told(work: PollWork, which: RoundId, now: datetime) -> None:
    """Note that everybody's invitation was written; a reminder that is due by now is spared."""
    if known := await work.polls.lock_round(which):
        reminds = known.reminds if known.reminds and known.reminds > now else None
        await work.polls.save_round(replace(known, told=True, reminds=reminds))


async def reminded(work: PollWork, which: RoundId) -> None:
    """Note that who is to be reminded was."""
    if known := await work.polls.lock_round(which):
        await work.polls.save_round(replace(known, reminds=None))


async def close(
    work: PollWork, which: RoundId, missed: Collection[PersonId], frame: Frame
) -> Round | None:
    """Close a round whose time is over; `missed` are those who were told of it in vain.

    When its invitations were never all written, nobody can be said to have been told.
    Returns it as it is then; None when there is nothing to close, or nothing to count it with.
    """
    known = await work.polls.lock_round(which)
    if known is None or known.state is not RoundState.OPEN or frame.now < known.closes:
        return None
    if isinstance(await _box(work, known, frame), NoSecret | OtherSecret):
        return None
    invited = await work.polls.invitations(which)
    silent = [one for one in invited if not one.answered]
    closed = replace(
        known,
        state=RoundState.COUNTED if known.form.anonymous else RoundState.CLOSED,
        reminds=None,
        asked=len(invited),
        unreachable=sum(not known.told or one.person in missed for one in silent),
        answered=sum(one.answered for one in invited),
    )
    if frame.secrecy and known.form.anonymous:
        await frame.secrecy.ballots(work).count(which)
    await work.polls.save_round(closed)
    return closed


async def renew(work: PollWork, which: RoundId, frame: Frame) -> Round | OtherSecret | None:
    """Begin an open round anew that has lost its key, and with it all votes.

    So it is after a backup was put back: that holds neither. Nobody answered yet, all are to be
    told again, and there is time to answer. Returns it; None when nothing is lost. With another
    secret nothing is either: that of then can be put back.
    """
    known = await work.polls.lock_round(which)
    of = await work.polls.poll(known.poll) if known else None
    if known is None or of is None or known.state is not RoundState.OPEN or frame.secrecy is None:
        return None
    # One that is not anonymous has no key to lose.
    box = await _box(work, known, frame)
    if not isinstance(box, NoSecret):
        return box if isinstance(box, OtherSecret) else None
    await frame.secrecy.ballots(work).prepare(which)
    await work.polls.mark_unanswered(which)
    begun = rules.begun_anew(known, of.schedule, frame.now, frame.college)
    await work.polls.save_round(begun)
    return begun


async def erased(work: PollWork, which: RoundId) -> Round | None:
    """Note that a counted round's traces are gone; returns it, or None when it was so before."""
    known = await work.polls.lock_round(which)
    if known is None or known.state is not RoundState.COUNTED:
        return None
    closed = replace(known, state=RoundState.CLOSED)
    await work.polls.save_round(closed)
    return closed


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


class _Box(Protocol):
    async def vote(self, which: RoundId, person: PersonId) -> Vote: ...

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None: ...


@dataclass(frozen=True)
class _Seat:
    """Where someone answers in a round that is open to them, and what they answered so far."""

    round: Round
    invited: Invitation
    box: _Box
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
    box = await _box(work, known, frame)
    if isinstance(box, NoSecret | OtherSecret):
        return box
    return _Seat(known, invited, box, await box.vote(which, person))


async def _box(work: PollWork, known: Round, frame: Frame) -> _Box | NoSecret | OtherSecret:
    """Return where a round's answers are kept."""
    if not known.form.anonymous:
        return work.polls
    if frame.secrecy is None:
        return NoSecret()
    ballots = frame.secrecy.ballots(work)
    match key := await ballots.key(known.id):
        case Key.READY:
            return ballots
        case Key.LOST:
            return NoSecret()
        case Key.OTHER:
            return OtherSecret(known)
        case _:
            assert_never(key)
