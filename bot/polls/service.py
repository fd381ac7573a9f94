"""Use cases of polls. Each runs inside the caller's unit of work."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.core.ids import PersonId, RoundId
from bot.polls import rules
from bot.polls.model import (
    Candidate,
    Invitation,
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


Seen = Answered | Over | NotAsked | NoSecret
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


async def told(work: PollWork, which: RoundId) -> None:
    """Note that everybody's invitation was written."""
    if known := await work.polls.lock_round(which):
        await work.polls.save_round(replace(known, told=True))


async def reminded(work: PollWork, which: RoundId) -> None:
    """Note that who is to be reminded was."""
    if known := await work.polls.lock_round(which):
        await work.polls.save_round(replace(known, reminds=None))


async def close(
    work: PollWork, which: RoundId, missed: Collection[PersonId], frame: Frame
) -> Round | None:
    """Close a round whose time is over; `missed` are those who were told of it in vain.

    Returns it as it is then; None when there is nothing to close, or no secret to count it with.
    """
    known = await work.polls.lock_round(which)
    if known is None or known.state is not RoundState.OPEN or frame.now < known.closes:
        return None
    if known.form.anonymous and frame.secrecy is None:
        return None
    invited = await work.polls.invitations(which)
    closed = replace(
        known,
        state=RoundState.COUNTED if known.form.anonymous else RoundState.CLOSED,
        reminds=None,
        asked=len(invited),
        unreachable=sum(not one.answered and one.person in missed for one in invited),
        answered=sum(one.answered for one in invited),
    )
    if frame.secrecy and known.form.anonymous:
        await frame.secrecy.ballots(work).count(which)
    await work.polls.save_round(closed)
    return closed


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
    known = await work.polls.lock_round(which)
    if known is None or await work.polls.invitation(which, person) is None:
        return NotAsked()
    if known.state is not RoundState.OPEN or known.closes <= frame.now:
        return Over(known)
    box = _box(work, known, frame)
    if box is None or not await _ready(work, known, frame):
        return NoSecret()
    return Answered(known, await box.vote(which, person))


async def answer(
    work: PollWork, which: RoundId, person: PersonId, given: Given, frame: Frame
) -> AnswerOutcome:
    """Store what someone answers to one question, in the place of what they answered before."""
    found = await look(work, which, person, frame)
    if not isinstance(found, Answered):
        return found
    known, invited = found.round, await work.polls.invitation(which, person)
    box = _box(work, known, frame)
    if not rules.answers(known.form, given.question, given.value):
        return Unfit(known, given.question)
    if invited is None or box is None:  # not so: both were looked at before
        return NotAsked()
    vote = {**found.vote, given.question: given.value}
    await box.answer(which, invited, vote)
    if not invited.answered:
        await work.polls.mark_answered(which, person)
    return Answered(known, vote)


class _Box(Protocol):
    async def vote(self, which: RoundId, person: PersonId) -> Vote: ...

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None: ...


def _box(work: PollWork, known: Round, frame: Frame) -> _Box | None:
    if not known.form.anonymous:
        return work.polls
    return frame.secrecy.ballots(work) if frame.secrecy else None


async def _ready(work: PollWork, known: Round, frame: Frame) -> bool:
    if not known.form.anonymous:
        return True
    return frame.secrecy is not None and await frame.secrecy.ballots(work).ready(known.id)
