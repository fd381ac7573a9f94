"""A random history of a college, played through the real conversations on a real database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from bot.core import buttons
from bot.core.clock import MovableClock
from bot.core.ids import QuestionId
from bot.core.jobs import run_due
from bot.core.reply import Channel, Choose, Field, Incoming, Reply, Select, Sender
from bot.dialogs.clockwork import Clockwork
from bot.dialogs.root import Root
from bot.knowledge import service as knowledge
from bot.outbox.model import NO_LIMITS, Result, State
from bot.people import service as people
from bot.people.model import Role
from bot.store.work import Store
from tests import factories
from tests.chat import ANN, COORDINATOR, FAQ, make_root
from tests.clocks import Still
from tests.office import AD, BOB, CAS, COACHES, MONDAY

EVE = factories.sender("29:eve", name="Eve", email="docent3@kerncollege.example")
Step = tuple[str, int, int]
EVERYONE = (ANN, BOB, EVE, AD, CAS, COORDINATOR)
ASKERS = (ANN, BOB, EVE)
TEXTS = (
    "wachtwoord vergeten",
    "scherm opnemen",
    "wanneer krijg ik mijn loon",
    "zeilboot overtuigen",
    "Hoe deel ik mijn scherm? En hoe stel ik een nieuw wachtwoord in?",
    "hoi",
    "help",
    "mijn vragen",
    "mijn werk",
    "er is brand",
    "overzicht",
    "123",
)
LOOKED_AT = 6
"""Cards that somebody still looks at."""

LIFE: tuple[Callable[[QuestionId], buttons.Payload], ...] = (
    lambda which: buttons.Claim(question=which),
    lambda which: buttons.AnswerQuestion(question=which, text="Klik op Delen."),
    lambda which: buttons.Solved(question=which, solved=True),
    lambda which: buttons.Felt(question=which, felt=which % 5 + 1),
    lambda which: buttons.Reopen(question=which),
    lambda which: buttons.CloseQuestion(question=which, ending="solved"),
    lambda which: buttons.Solved(question=which, solved=False),
    lambda which: buttons.Release(question=which),
    lambda which: buttons.Withdraw(question=which),
)
"""What happens to a question, in about the order of a life."""

DAY = 24 * 60
A_LIFE: tuple[Step, ...] = (
    ("say", 0, 0),
    ("say", 1, 2),
    ("say", 0, 4),
    ("ask", 0, 1),
    ("wait", 0, 60),
    ("do", 1, 0),
    ("do", 1, 1),
    ("wait", 0, 60),
    ("do", 1, 2),
    ("do", 1, 3),
    ("ask", 2, 2),
    ("do", 2, 8),
    ("wait", 0, 7 * DAY - 120),
    ("do", 1, 4),
    ("ask", 2, 3),
    ("do", 3, 0),
    ("wait", 0, 7 * DAY),
    ("do", 1, 1),
    ("do", 1, 5),
    ("do", 3, 7),
)
"""Questions that are sent, picked up, answered, solved, opened again, given back, withdrawn."""
steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 5), st.integers(0, len(TEXTS) - 1)),
        st.tuples(st.just("ask"), st.integers(0, 2), st.integers(0, 99)),
        st.tuples(st.just("press"), st.integers(0, 5), st.integers(0, 30)),
        st.tuples(st.just("do"), st.integers(1, 4), st.integers(0, len(LIFE) - 1)),
        st.tuples(st.just("do"), st.integers(1, 4), st.integers(0, len(LIFE) - 1)),
        st.tuples(st.just("wait"), st.just(0), st.sampled_from([5, 60, 600, 5_000, 15_000])),
    ),
    min_size=10,
    max_size=40,
)


@dataclass
class History:
    """Everybody at once. Each remembers the cards that they were shown."""

    root: Root
    store: Store
    clock: MovableClock
    turns: list[datetime] = field(default_factory=list)
    cards: dict[str, list[Reply]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def play(self, told: Sequence[Step]) -> None:
        for kind, who, what in told:
            match kind:
                case "say":
                    await self.say(EVERYONE[who], TEXTS[what])
                case "ask":
                    await self.say(ASKERS[who], f"zeilboot {what} overtuigen")
                    await self.press(ASKERS[who], 0)
                case "press":
                    await self.press(EVERYONE[who], what)
                case "do":
                    await self.live(LIFE[what](QuestionId(who)))
                case _:
                    await self.wait(what)

    async def say(self, who: Sender, text: str) -> None:
        await self._send(who, Incoming(who, f"h{next(self.numbers)}", text))

    async def press(self, who: Sender, which: int) -> None:
        """Press one of the buttons that somebody sees, with something in each field."""
        await self.deliver()
        seen = [
            pressed
            for card in reversed(self.cards.get(who.address, [])[-LOOKED_AT:])
            for pressed in _buttons(card, next(self.numbers))
        ]
        if seen:
            button = seen[which % len(seen)]
            await self._send(who, Incoming(who, f"h{next(self.numbers)}", button=button))

    async def live(
        self, button: buttons.Payload, people: Sequence[Sender] = (AD, CAS, *ASKERS)
    ) -> None:
        """Let whoever may do something do it: they try one after the other."""
        for who in people:
            number = next(self.numbers)
            await self._send(who, Incoming(who, f"h{number}", button=button.encode()))

    async def _send(self, who: Sender, incoming: Incoming) -> None:
        turned = await self.root.on_turn(incoming)
        assert all(one.id for one in turned.messages), "a turn failed"
        self.turns.append(self.clock.now())
        async with self.store.begin() as work:
            shown = [
                Result(one, State.SENT, self.clock.now(), remote=one.changes or f"c{one.id}")
                for one in turned.messages
            ]
            await work.outbox.settle(shown)
        self.cards.setdefault(who.address, []).extend(turned.replies)

    async def wait(self, minutes: int) -> None:
        until = self.clock.now() + timedelta(minutes=minutes)
        clockwork = Clockwork(self.store.begin, self.root.following.asking.desk)
        async for due in run_due([clockwork], self.clock.now(), until):
            self.clock.move_to(due)
        self.clock.move_to(until)

    async def deliver(self) -> None:
        limits = dict.fromkeys(Channel, NO_LIMITS)
        while True:
            async with self.store.begin() as work:
                now = self.clock.now()
                leased = await work.outbox.lease(
                    "history", limits, now=now, until=now + timedelta(seconds=30), most=50
                )
                for one in leased:
                    theirs = self.cards.setdefault(one.message.place.conversation, [])
                    theirs.append(one.message.reply)
                    sent = Result(one.message, State.SENT, now, remote=f"c{one.message.id}")
                    await work.outbox.settle([replace(sent, holder="history")])
            if not leased:
                return


def _buttons(card: Reply, number: int) -> Iterator[dict[str, Any]]:
    filled: dict[str, Any] = {}
    for block in card.blocks:
        if isinstance(block, Field):
            filled[block.name] = block.value or f"zo doe je dat {number}"
        elif isinstance(block, Choose):
            filled[block.name] = block.value or block.options[-1].value
        elif isinstance(block, Select):
            yield block.pressed(block.options[-1].value)
    for button in card.buttons:
        yield {**button.payload, **(filled if button.form else {})}


async def begin_history(store: Store) -> History:
    """Open a college of three locations: one is known of nobody but a coach, one of Eve."""
    clock = MovableClock(Still(MONDAY.astimezone(UTC)))
    college = factories.organisation(
        factories.listed(),
        factories.listed("docent2@kerncollege.example"),
        factories.listed(EVE.email, teams=("Techniek 1",), location="Havenkade"),
        *(one for one in COACHES if one.email in (AD.email, CAS.email)),
        factories.listed(COORDINATOR.email, name="Coördinator Een", roles=(Role.COORDINATOR,)),
    )
    async with store.begin() as work:
        await work.people.apply(await people.plan_import(work, college))
        await knowledge.seed(work, FAQ, clock.now())
    history = History(make_root(store, clock), store, clock)
    for who in EVERYONE:
        await history.say(who, "hoi")
    return history
