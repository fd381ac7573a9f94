"""A whole set of conversations on the in-memory store, with a small FAQ and college."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from bot.assembly import assemble
from bot.channels.cards.plain import render
from bot.core.buttons import Payload
from bot.core.clock import MovableClock
from bot.core.reply import Button, Incoming, Reply, Say
from bot.core.turn import Turned
from bot.dialogs.desk import Desk
from bot.dialogs.root import Root
from bot.dialogs.strangers import Strangers
from bot.i18n.text import Texts
from bot.knowledge import service as knowledge
from bot.knowledge.calibration import Calibration, Thresholds
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.live import FaqIndex
from bot.knowledge.model import AppliesTo, English, Faq, Topic
from bot.knowledge.service import CollegeFields
from bot.people import service as people
from bot.people.model import Listed, Role
from bot.proximity.model import Weights
from bot.routing.model import RingTimes
from bot.setup import Setup
from bot.walkin.links import Links
from bot.walkin.model import Terms
from bot.worktime.closures import Closures
from bot.worktime.worktime import WorkTime
from tests import factories
from tests.clocks import ZONE, Still
from tests.fakes import MemoryStore

PASSWORD = factories.entry(
    variants=(
        "wachtwoord vergeten",
        "ik kom mijn account niet meer in",
        "nieuw wachtwoord instellen",
    ),
    answer="Ga naar de wachtwoordpagina.\nBel de servicedesk op {servicedesk_phone}.",
    english=English("How do I set a new password?", "Go to the password page."),
)
SCREEN = factories.entry(
    "scherm-delen",
    title="Hoe deel ik mijn scherm?",
    variants=("scherm delen in een les", "beeldscherm laten zien aan de klas", "presentatie tonen"),
    answer="Klik op Delen.",
    tags=("presenteren",),
)
RECORDING = factories.entry(
    "les-opnemen",
    title="Hoe neem ik een les op?",
    variants=("les opnemen", "opname maken van de les", "video van mijn les bewaren"),
    answer="Klik op Opnemen.",
    tags=("recording",),
    applies_to=AppliesTo(sectors=("Techniek",)),
)
WHO = factories.entry(
    "icoach-wie",
    title="Wie is mijn {coach_title}?",
    variants=("contact met de digicoach zoeken",),
    answer="Hieronder zie je wie je helpt.",
    shows="coach",
)
PAY = Topic("salaris", "je salaris", "Vraag het bij HR.", ("wanneer krijg ik mijn loon", "salaris"))
FAQ = Faq(
    (PASSWORD, SCREEN, RECORDING, WHO),
    (PAY,),
    {"greeting": ("hallo", "hoi"), "thanks": ("bedankt",), "help": ("wat kun je",)},
    {"danger": ("er is brand",)},
)
# Of its own, so that what these tests show does not hang on the shipped figures.
CALIBRATION = Calibration(
    parts={"pieces": 1.25, "stems": 0.5},
    features={"score": 3.0, "margin": 6.0},
    bias=-0.5,
)
ANN = factories.sender(email="docent1@kerncollege.example")
COORDINATOR = factories.sender("29:cor", email="coordinator1@kerncollege.example")
OPEN_ON_WEEKDAYS = WorkTime(ZONE, closures=Closures(frozenset()))
LINKS = Links("https://bot.kerncollege.example", "a secret that only the tests know")
SETUP = Setup(
    college=OPEN_ON_WEEKDAYS,
    fields=CollegeFields({"coach_title": "mediacoach", "servicedesk_phone": "088 1"}, {}, {}),
    language="nl",
    coach_title="mediacoach",
    student_number=re.compile(r"\bs\d{7}\b"),
    thresholds=Thresholds(answer=0.5, choices=0.2),
    weights=Weights(),
    times=RingTimes(),
    urgent_a_week=3,
    quiet_days=7,
    remind_days=2,
    walkin=Terms(),
    links=LINKS,
    secrecy=None,
)


@dataclass
class Chat:
    """One person's conversation with the bot."""

    root: Root
    store: MemoryStore
    clock: MovableClock
    texts: Texts
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def desk(self) -> Desk:
        return self.root.following.asking.desk

    @property
    def today(self) -> date:
        """The date at the college."""
        return self.clock.now().astimezone(ZONE).date()

    async def say(self, text: str, who: Any = ANN, **changes: Any) -> tuple[Reply, ...]:
        return await self.send(Incoming(who, f"m{next(self.numbers)}", text, **changes))

    async def press(self, button: Payload | Button, who: Any = ANN) -> tuple[Reply, ...]:
        data = button.payload if isinstance(button, Button) else button.encode()
        return await self.send(Incoming(who, f"m{next(self.numbers)}", button=data))

    async def send(self, incoming: Incoming) -> tuple[Reply, ...]:
        replies = (await self.root.on_turn(incoming)).replies
        for reply in replies:
            render(self.texts, reply)  # every view can be written out
        return replies


def press_of(reply: Reply, key: str) -> Button:
    """Return the button that bears a text of the catalogue."""
    return next(one for one in reply.buttons if isinstance(one.label, Say) and one.label.key == key)


def keys(reply: Reply) -> list[str]:
    """Return the text keys of a reply's blocks."""
    return [block.key for block in reply.blocks if isinstance(block, Say)]


def make_root(
    store: Any,
    clock: MovableClock,
    faq: Faq = FAQ,
    index: FaqIndex | None = None,
    setup: Setup = SETUP,
) -> Root:
    index = index or FaqIndex(faq, Synonyms({}), calibration=CALIBRATION, every=timedelta())
    return assemble(store.begin, store.reading, clock, index, setup).root


def make_strangers(chat: Chat, on_turn: Callable[[Incoming], Awaitable[Turned]]) -> Strangers:
    """Return what keeps messages of people whom nobody knows; it is tried again at once."""
    return Strangers(
        *(chat.store.begin, chat.store.reading, chat.clock, on_turn),
        *("nl", SETUP.student_number, chat.root.ask.urgent, lambda: 0.0),
    )


@pytest.fixture
async def chat() -> Chat:
    return await make_chat()


async def make_chat(*more: Listed) -> Chat:
    """Return the conversations, with two teachers, a coach and a coordinator behind them."""
    store, clock = MemoryStore(), MovableClock(Still())
    college = factories.organisation(
        factories.listed(),
        factories.listed("docent2@kerncollege.example"),
        factories.listed_coach(),
        factories.listed(COORDINATOR.email, name="Coördinator Een", roles=(Role.COORDINATOR,)),
        *more,
    )
    reviewed = clock.now().astimezone(ZONE).date()
    entries = tuple(
        replace(one, reviewed_on=reviewed, review_after=reviewed + timedelta(days=180))
        for one in FAQ.entries
    )
    async with store.begin() as work:
        await work.people.apply(await people.plan_import(work, college))
        await knowledge.seed(work, replace(FAQ, entries=entries), clock.now())
    return Chat(make_root(store, clock), store, clock, Texts("mediacoach"))
