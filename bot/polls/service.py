"""Use cases of polls and their rounds. Each runs inside the caller's unit of work."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.ids import PersonId, RoundId
from bot.polls import planning, rules
from bot.polls.frame import Frame, NoSecret, OtherSecret, box_of
from bot.polls.model import (
    Candidate,
    Invitation,
    Planned,
    Poll,
    PollState,
    Round,
    RoundState,
)
from bot.polls.ports import PollWork


@dataclass(frozen=True)
class TooFew:
    """A round did not open: there are fewer people to ask than a poll needs."""

    asked: int


Opened = Round | TooFew | NoSecret


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
    timed = planning.opening(new, plan, poll.schedule, frame.college)
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
    if isinstance(await box_of(work, known, frame), NoSecret | OtherSecret):
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
    box = await box_of(work, known, frame)
    if not isinstance(box, NoSecret):
        return box if isinstance(box, OtherSecret) else None
    await frame.secrecy.ballots(work).prepare(which)
    await work.polls.mark_unanswered(which)
    begun = planning.begun_anew(known, of.schedule, frame.now, frame.college)
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
