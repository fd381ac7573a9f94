"""A working day at a small college: several people talk with the bot, and time passes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

from bot.channels.cards import adaptive
from bot.channels.cards.plain import render
from bot.core import buttons
from bot.core.buttons import Payload
from bot.core.delivery import Message
from bot.core.ids import PersonId, QuestionId
from bot.core.jobs import Job, run_due
from bot.core.moments import WEEK
from bot.core.reply import Button, Channel, Incoming, Language, Place, Reply, Say, Sender, Words
from bot.dialogs.clockwork import Clockwork
from bot.dialogs.question_cards import FOLLOWED
from bot.outbox.model import NO_LIMITS, Result, State
from bot.people.model import Listed, Person, Role, Scope
from bot.routing.model import Event, Offer, Question
from tests import factories
from tests.chat import ANN, COORDINATOR, Chat, make_chat
from tests.clocks import ZONE, Still

DAILY = dict.fromkeys(WEEK[:5], "09:00-17:00")
BOB = factories.sender("29:bob", name="Bob", email="docent2@kerncollege.example")
AD, BEA, CAS, DEE = (
    factories.sender(f"29:{name.lower()}", name=name, email=f"coach{number}@kerncollege.example")
    for number, name in enumerate(("Ad", "Bea", "Cas", "Dee"), start=1)
)
"""Coaches: Ad is of Ann's team, Bea of her sector, Cas and Dee of another, elsewhere."""
EVERYONE = (ANN, BOB, AD, BEA, CAS, DEE, COORDINATOR)
ROOM = Place(Channel.TEAMS, "19:coaches", personal=False)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZONE)
"""Ten o'clock on a Monday on which all four coaches work."""
TEXT = "zeilboot overtuigen"


def _coach(who: Sender, **changes: Any) -> Listed:
    profile = factories.profile(pattern=DAILY, scope=changes.pop("scope", Scope.TEAM))
    return factories.listed_coach(who.email, name=who.name, coach=profile, **changes)


COACHES = (
    _coach(AD),
    _coach(BEA, teams=("Handel 2",), scope=Scope.SECTOR),
    _coach(CAS, teams=("Techniek 1",), location="Havenkade"),
    _coach(DEE, teams=("Techniek 1",), location="Havenkade"),
)


@dataclass
class Office:
    """Everybody's conversation with the bot. All is delivered at once, when its time has come."""

    chat: Chat
    numbers: Iterator[int] = field(default_factory=count)
    delivered: list[Message] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.chat.clock.now()

    async def say(self, text: str, who: Sender = ANN, **changes: Any) -> tuple[Reply, ...]:
        return await self._send(Incoming(who, f"o{next(self.numbers)}", text, **changes))

    async def press(
        self, button: Payload | Button, who: Sender = ANN, *, card: str = "", **filled_in: Any
    ) -> Reply:
        """Press a button; returns the first reply. `filled_in` is what stands in the form."""
        return (await self.press_all(button, who, card=card, **filled_in))[0]

    async def press_all(
        self,
        button: Payload | Button,
        who: Sender = ANN,
        *,
        card: str = "",
        place: Place | None = None,
        **filled_in: Any,
    ) -> tuple[Reply, ...]:
        data = button.payload if isinstance(button, Button) else button.encode()
        pressed = {**data, **filled_in}
        number = next(self.numbers)
        return await self._send(Incoming(who, f"o{number}", button=pressed, card=card, place=place))

    async def _send(self, incoming: Incoming) -> tuple[Reply, ...]:
        turned = await self.chat.root.on_turn(incoming)
        async with self.chat.store.begin() as work:
            await work.outbox.settle([self._shown(one) for one in turned.messages if one.id])
        for message in turned.messages:
            render(self.chat.texts, message.reply)
            adaptive.render(self.chat.texts, message.reply)
        return turned.replies

    def _shown(self, message: Message) -> Result:
        remote = message.changes or f"card-{message.id}"
        return Result(message, State.SENT, self.now, remote=remote)

    async def deliver(self) -> None:
        """Bring all that is due to who it is for."""
        limits = dict.fromkeys(Channel, NO_LIMITS)
        while True:
            async with self.chat.store.begin() as work:
                until = self.now + timedelta(seconds=30)
                leased = await work.outbox.lease(
                    "office", limits, now=self.now, until=until, most=50
                )
                for one in leased:
                    self.delivered.append(one.message)
                    await work.outbox.settle([replace(self._shown(one.message), holder="office")])
            if not leased:
                return

    async def told(self, who: Sender | Place) -> list[Reply]:
        """Return what is new since the last time that was asked here; no changes of old cards."""
        await self.deliver()
        where = who.conversation if isinstance(who, Place) else who.address
        theirs = [
            one.reply
            for one in self.delivered
            if one.place.conversation == where and not one.changes
        ]
        new = theirs[self.read.get(where, 0) :]
        self.read[where] = len(theirs)
        return new

    async def all_read(self) -> None:
        for who in EVERYONE:
            await self.told(who)
        await self.told(ROOM)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What happens at its time."""
        return (Clockwork(self.chat.store.begin, self.chat.desk),)

    async def move_to(self, moment: datetime) -> None:
        """Let time pass, from due moment to due moment, as the timetable would."""
        async for due in run_due(self.jobs, self.now, moment):
            await self.deliver()
            self.chat.clock.move_to(due)
        await self.deliver()
        self.chat.clock.move_to(moment)
        await self.look()

    async def look(self) -> None:
        """Let the timetable look once, and deliver what is due."""
        for job in self.jobs:
            await job.run(self.now)
        await self.deliver()

    async def wait(self, **span: float) -> None:
        await self.move_to(self.now + timedelta(**span))

    async def send(self, who: Sender = ANN, **filled_in: Any) -> QuestionId:
        """Ask something that the FAQ does not know, and send it to a coach."""
        asked = await self._another(filled_in.pop("text", TEXT))
        draft = buttons.SendQuestion(draft=f"card:{next(self.numbers)}")
        await self.press(draft, who, **{"text": asked, **filled_in})
        return (await self.newest()).id

    async def _another(self, text: str) -> str:
        """Return a text, or one like it: the same one, while it is open, is the same question."""
        sent = {one.draft.text for one in await self.questions() if one.unclaimed or one.held}
        return f"{text} {next(self.numbers)}" if text in sent else text

    async def claimed(self, who: Sender = AD, **filled_in: Any) -> QuestionId:
        which = await self.send(**filled_in)
        reply = await self.press(buttons.Claim(question=which), who)
        assert (await self.question(which)).held, reply
        return which

    async def answered(self, who: Sender = AD, text: str = "Zo doe je dat.") -> QuestionId:
        which = await self.claimed(who)
        await self.press(buttons.AnswerQuestion(question=which), who, text=text)
        return which

    async def newest(self) -> Question:
        return max(await self.questions(), key=lambda one: one.id)

    async def questions(self) -> list[Question]:
        return list(self.chat.store._shelves.questions.questions.values())

    async def question(self, which: QuestionId) -> Question:
        async with self.chat.store.reading() as work:
            found = await work.questions.get(which)
        assert found
        return found

    async def events(self, which: QuestionId) -> list[Event]:
        async with self.chat.store.reading() as work:
            return list(await work.questions.events(which))

    async def offers(self, which: QuestionId) -> list[Offer]:
        async with self.chat.store.reading() as work:
            return list(await work.questions.offers(which))

    async def asked(self, which: QuestionId) -> list[tuple[str, int]]:
        """Return who was asked in the round that goes on, in which ring."""
        question, names = await self.question(which), await self.names()
        return [
            (names[one.coach], one.ring)
            for one in await self.offers(which)
            if one.round == question.round and one.ring
        ]

    async def names(self) -> Mapping[PersonId, str]:
        return {one.id: one.name for one in self.chat.store._shelves.people.values()}

    async def person(self, who: Sender) -> Person:
        async with self.chat.store.reading() as work:
            found = await work.people.by_address(who.channel, who.address)
        assert found
        return found

    async def holder(self, which: QuestionId) -> str:
        holder = (await self.question(which)).holder
        return (await self.names())[holder] if holder else ""

    async def change(self, who: Sender, **changes: Any) -> None:
        """Change what is known of somebody, as an import would."""
        person = await self.person(who)
        async with self.chat.store.begin() as work:
            work.people._on.people[person.id] = replace(person, **changes)
            if Role.COACH not in changes.get("roles", {Role.COACH}):
                work.people._on.profiles.pop(person.id, None)

    async def stored(self) -> str:
        """Return all that is stored, as text: to look for what must not be in it."""
        return repr(self.chat.store._shelves)

    async def copies(self, which: QuestionId) -> dict[str, list[Reply]]:
        """Return the newest of every card about a question, by who reads it (`""`: a channel)."""
        names = await self.names()
        async with self.chat.store.reading() as work:
            found = await work.outbox.copies(f"question:{which}")
        cards: dict[str, list[Reply]] = {}
        followed = [one for one in found if one.reply.view in FOLLOWED]
        for copy in {one.shown or str(one.id): one for one in followed}.values():
            cards.setdefault(names[copy.person] if copy.person else "", []).append(copy.reply)
        return cards


def local(day: str, hour: int, minute: int = 0) -> datetime:
    """Return a moment in the week of `MONDAY`."""
    date = (MONDAY + timedelta(days=WEEK.index(day))).date()
    return datetime.combine(date, time(hour, minute), ZONE)


def words(reply: Reply) -> list[str]:
    return [block.text for block in reply.blocks if isinstance(block, Words)]


def labels(reply: Reply) -> list[str]:
    """Return the text keys of a reply's buttons."""
    return [one.label.key for one in reply.buttons if isinstance(one.label, Say)]


def lines(office: Office, reply: Reply) -> list[str]:
    """Return a reply as its reader sees it."""
    return [line.text for line in render(office.chat.texts, reply).lines]


async def make_office(*, language: Language = "nl", named: bool = True) -> Office:
    """Open the office on a Monday at ten; the bot has met everybody."""
    more = [one for one in COACHES if one.email != AD.email]
    chat = await make_chat(*more)
    async with chat.store.begin() as work:
        ad = next(one for one in await work.people.coaches() if one.person.email == AD.email)
        work.people._on.profiles[ad.person.id] = COACHES[0].coach or factories.profile()
        work.people._on.people[ad.person.id] = replace(ad.person, name=AD.name)
    chat.clock.base = Still(MONDAY.astimezone(UTC))
    office = Office(chat)
    for who in EVERYONE:
        await office.say("taal english" if language == "en" else "hoi", who)
    if named:
        await office.say("kanaal coaches", COORDINATOR, place=ROOM, room=ROOM)
    return office
