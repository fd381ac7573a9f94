"""What use cases of polls are decided in, and where the answers of a round are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, assert_never

from bot.core.ids import PersonId, RoundId
from bot.polls.model import Invitation, Key, Round, Vote
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
class NoSecret:
    """The server has no secret to keep an anonymous round with, or lost the round's key."""


@dataclass(frozen=True)
class OtherSecret:
    """The server has another secret than the round was begun with; with that one all is there."""

    round: Round


class Box(Protocol):
    """Where answers go in, and each finds their own."""

    async def vote(self, which: RoundId, person: PersonId) -> Vote: ...

    async def answer(self, which: RoundId, invited: Invitation, vote: Vote) -> None: ...


async def box_of(work: PollWork, known: Round, frame: Frame) -> Box | NoSecret | OtherSecret:
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
