"""What people said of whom a channel cannot say now who they are: answered once it can.

Taken for somebody new, they would be there twice once we know.
"""

import logging
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

from bot.core.clock import Clock
from bot.core.delivery import Message
from bot.core.redaction import redact
from bot.core.reply import Event, Incoming, Language, Place, Reply, Say, Sender
from bot.core.turn import Turned, Unmet
from bot.dialogs.ports import Begin, TurnWork
from bot.dialogs.root import NOT_STORED, TAKEOVER, storable
from bot.dialogs.safely import safely
from bot.outbox.model import Notice

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))
"""After which it is tried again: Teams, when it is busy, and a network that is away for a while."""
Send = Callable[[Turned], Awaitable[object]]


def next_try(tries: int, now: datetime, jitter: float) -> datetime:
    """Return when it is tried again after so many that came to nothing; jitter is from 0 to 1.

    The app comes to a whole college at once, which is when Teams lets us look up but a few.
    """
    return now + WAITS[min(tries, len(WAITS) - 1)] * (1 + jitter / 2)


def looks_since(moment: datetime, now: datetime) -> int:
    """Return how many looks a message of then has had by now, if nothing delayed them."""
    return sum(now >= moment + due for due in accumulate(WAITS))


def is_over(said: Unmet, now: datetime) -> bool:
    """Tell whether a try that came to nothing was the last: not before it was tried so often."""
    return said.tries + 1 >= len(WAITS) and now >= said.at + sum(WAITS, timedelta())


def goes_along(said: Unmet, now: datetime) -> bool:
    """Tell whether it is given up with what the same person said before.

    Such a message was looked up when it came, 5 s later and now. By itself it would be tried for as
    long again.
    """
    return now >= said.at + WAITS[-1]


@dataclass(frozen=True)
class Strangers:
    """Keeps what they say, and has it answered when it is known who they are.

    `urgent` names the danger that a message speaks of, if any: that is answered whoever says it.
    """

    begin: Begin
    reading: Begin
    clock: Clock
    on_turn: Callable[[Incoming], Awaitable[Turned]]
    language: Language
    student_number: re.Pattern[str]
    urgent: Callable[[str], str]
    jitter: Callable[[], float] = random.random

    async def wait(self, incoming: Incoming) -> Turned:
        """Store it, and return what is said about that: never raises.

        A press is not stored: its card is still there, with all that was typed in it, and a press
        that works much later surprises. Nor may an answer to an anonymous poll stand anywhere.
        """
        if incoming.button is not None:
            return self._unsaid(incoming, "error.who_pressed")
        try:
            async with self.begin() as work:
                return await self._stored(work, storable(incoming))
        except Exception as error:  # noqa: BLE001 (whatever it is, the sender is answered)
            # Not the error's own words: a library may repeat in them what was typed.
            name = type(error).__name__
            log.error("what a stranger said was not stored: %s", name)  # noqa: TRY400 (see above)
            return self._unsaid(incoming, "error.unexpected")

    def _unsaid(self, incoming: Incoming, key: str) -> Turned:
        sorry = Reply("error", (Say(key),), language=self.language)
        return Turned((Message(NOT_STORED, incoming.where, sorry),))

    async def _stored(self, work: TurnWork, incoming: Incoming) -> Turned:
        now, channel = self.clock.now(), incoming.sender.channel
        clean = redact(incoming.text, self.student_number)
        said = replace(incoming, text=clean.text)
        told = _told(incoming.message_id)
        new = await work.strangers.add(Unmet(said, now, next_try(0, now, self.jitter())))
        earlier = await work.outbox.answers(channel, told)
        if earlier or not new:
            return Turned(earlier, mine=False)
        if incoming.event is not Event.MESSAGE:
            return Turned(())
        danger = [Say(f"urgent.{kind}")] if (kind := self.urgent(clean.text)) else []
        notes = (Say(f"note.{secret}", style="subtle") for secret in sorted(clean.found))
        sorry = Reply("error", (*danger, Say("error.who"), *notes), language=self.language)
        until = now + TAKEOVER
        messages, ahead = await work.outbox.answer(
            None, incoming.where, told, [sorry], card="", at=now, takeover=until
        )
        return Turned(messages, until=until, ahead=ahead)

    async def meet(self, sender: Sender, send: Send) -> bool:
        """Answer what they said before and waits, in order; False when some of it still does.

        Never raises. Two that do so at once do no harm: each message is a turn, which happens once.
        """
        try:
            return await self._met(sender, send)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is tried again)
            # Not the error's own words, as in `wait`.
            name = type(error).__name__
            log.error("what a stranger said was not answered yet: %s", name)  # noqa: TRY400 (see above)
            return False

    async def _met(self, sender: Sender, send: Send) -> bool:
        while one := await self._first(sender):
            turned = await self.on_turn(replace(one.incoming, sender=sender))
            if not all(message.id for message in turned.messages):
                return False
            async with self.begin() as work:
                await work.strangers.drop(one.id)
            await send(turned)
        return True

    async def _first(self, sender: Sender) -> Unmet | None:
        """Return what waits the longest of what they said: not what went while they were told."""
        async with self.reading() as work:
            return next(iter(await work.strangers.of(sender.channel, sender.address)), None)

    async def leave(self, sender: Sender, place: Place) -> None:
        """Forget what somebody said in a chat that they are gone from: nobody is there to hear.

        Never raises: what is left there is given up in its time.
        """
        await safely("what a stranger said who left", self._leave(sender, place))

    async def _leave(self, sender: Sender, place: Place) -> None:
        async with self.begin() as work:
            for one in await work.strangers.of(sender.channel, sender.address):
                if one.incoming.where.conversation == place.conversation:
                    await work.strangers.drop(one.id)

    async def postpone(self, said: Unmet, now: datetime) -> None:
        """Count a try that came to nothing. Who said more since is looked up as soon for it all."""
        async with self.begin() as work:
            last = (said, *await self._theirs(work, said))[-1]
            tries = min(said.tries + 1, looks_since(last.at, now))
            await work.strangers.postpone(said, next_try(tries, now, self.jitter()))

    async def give_up(self, said: Unmet, now: datetime, *, known: bool) -> None:
        """Forget it, and say why where they asked something: once, and not once a message.

        Of whom it is still not known who they are, what they said soon after it goes along.
        """
        why = "error.unexpected" if known else "error.who_unanswered"
        async with self.begin() as work:
            if not await work.strangers.drop(said.id):
                return
            theirs = () if known else await self._theirs(work, said)
            over = [one for one in theirs if goes_along(one, now)]
            for one in over:
                await work.strangers.drop(one.id)
            log.warning("what a stranger said is given up: %s (%s)", why, 1 + len(over))
            asked = [one.incoming for one in (said, *over) if one.incoming.event is Event.MESSAGE]
            for where, incoming in {one.where: one for one in asked}.items():
                sorry = Reply("error", (Say(why),), language=self.language)
                key = f"unanswered|{where.channel}|{incoming.message_id}"
                await work.outbox.add(Notice(key, sorry, now, place=where), now)

    async def _theirs(self, work: TurnWork, said: Unmet) -> Sequence[Unmet]:
        who = said.incoming.sender
        return await work.strangers.of(who.channel, who.address)


def _told(message_id: str) -> str:
    """Return what the sentence is the answer to that is said meanwhile: the real one is to come."""
    return f"{message_id}|who"
