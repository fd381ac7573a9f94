"""A college with a coach and curators, and conversations that know the buttons of curation."""

from dataclasses import dataclass, field, replace

from bot.core import buttons
from bot.core.ids import ProposalId, QuestionId
from bot.core.reply import Button, Chart, Choose, Field, Incoming, Reply, Say, Select, Sender, Words
from bot.dialogs.curate import Curate
from bot.dialogs.proposal_forms import EntryDraft
from bot.dialogs.root import Root
from bot.dialogs.turn import Turn
from bot.knowledge.model import Proposal
from bot.people import service as people
from bot.people.model import Listed, Role
from tests import factories
from tests.chat import ANN, COORDINATOR, SETUP, Chat, make_chat, press_of
from tests.clocks import ZONE

COACH = factories.sender("29:coach", email="coach1@kerncollege.example")
CURATOR = factories.sender("29:curator", email="curator@kerncollege.example")
BOTH = factories.sender("29:both", email="both@kerncollege.example")
LISTED_CURATOR = factories.listed(
    CURATOR.email, name="Curator Cas", roles=(Role.CURATOR,), language="en"
)
LISTED_BOTH = factories.listed(BOTH.email, name="Beide Bo", roles=(Role.COACH, Role.CURATOR))
QUESTION = QuestionId(1)
DRAFT = EntryDraft(
    question=QUESTION,
    wording="hoe krijg ik de rookmachine in het theater aan",
    answer="Druk op de groene knop. Wacht {tijd} minuten.",
    domain="lokaal",
    level="tactisch",
    role="trainer",
)
LIKE_SCREEN = EntryDraft(
    question=QuestionId(2),
    wording="scherm delen met de hele klas",
    answer="Klik op {Delen}.",
    domain="",
    level="",
    role="x",
)


def with_curation(root: Root, drafts: dict[QuestionId, EntryDraft]) -> Root:
    """Return the conversations with `drafts` as what coaches answered; all else in earnest."""
    curate = Curate(root.index, SETUP.fields, root.ask.student_number, ZONE)

    async def propose(turn: Turn, pressed: buttons.ProposeEntry) -> Reply:
        draft = drafts[pressed.question]
        return await curate.form(turn, draft, curate.similar(draft.wording))

    async def send(turn: Turn, pressed: buttons.SendProposal) -> Reply:
        return await curate.send(turn, pressed, drafts[pressed.question])

    presses = dict(root.presses)
    presses[buttons.ProposeEntry] = propose
    presses[buttons.SendProposal] = send
    return replace(root, presses=presses)


@dataclass
class CurateChat(Chat):
    """The conversations, with what coaches and curators press.

    The questions that coaches answered are given as `drafts`; all else goes as it does in earnest.
    """

    drafts: dict[QuestionId, EntryDraft] = field(default_factory=dict)
    curate: Curate = field(init=False)

    def __post_init__(self) -> None:
        self.curate = Curate(self.root.index, SETUP.fields, self.root.ask.student_number, ZONE)
        self.root = with_curation(self.root, self.drafts)

    async def send(self, incoming: Incoming) -> tuple[Reply, ...]:
        replies = await super().send(incoming)
        for reply in replies:
            self.lines(reply)  # every text is in the catalogue
        return replies

    async def form(self, who: Sender = COACH, question: QuestionId = QUESTION) -> Reply:
        (reply,) = await self.press(buttons.ProposeEntry(question=question), who)
        return reply

    async def fill(self, reply: Reply, key: str, who: Sender, **typed: str) -> Reply:
        """Press a button of a card that takes along its fields, some of them typed anew."""
        button = press_of(reply, key)
        stands = {one.name: one.value for one in inputs(reply)} if button.form else {}
        (after,) = await self.press(
            Button(button.label, {**button.payload, **stands, **typed}), who
        )
        return after

    async def propose(self, who: Sender = COACH, **typed: str) -> Proposal:
        """Send the form, and return what is stored of it."""
        await self.fill(await self.form(who), "curate.form.send", who, **typed)
        [*_, proposal] = await self.proposals()
        return proposal

    async def proposals(self) -> list[Proposal]:
        async with self.store.reading() as work:
            return list(await work.proposals.about(QUESTION))

    async def proposal(self, which: ProposalId) -> Proposal | None:
        async with self.store.reading() as work:
            return await work.proposals.get(which)

    async def notices(self, who: Sender) -> list[Reply]:
        """Return what someone was told without asking, as it stands now."""
        async with self.store.reading() as work:
            person = await work.people.by_identity("", who.email)
        assert person is not None
        stored = self.store._shelves.outbox.stored.values()
        return [
            one.reply
            for one in sorted(stored, key=lambda one: one.id)
            if one.person == person.id and one.answers is None and one.reason != "needless"
        ]

    def lines(self, reply: Reply) -> list[str]:
        """Write a card out in its language, each text, field, option and button a line."""
        parts: list[Say | Words] = []
        for block in reply.blocks:
            if isinstance(block, Say | Words):
                parts.append(block)
            else:
                parts.append(block.title if isinstance(block, Chart) else block.label)
            if isinstance(block, Choose | Select):
                parts += [option.label for option in block.options]
        parts += [button.label for button in reply.buttons]
        return [
            part.text
            if isinstance(part, Words)
            else self.texts.write(reply.language, part.key, part.data)
            for part in parts
        ]


def inputs(reply: Reply) -> list[Field | Choose]:
    """Return what can be filled in on a card."""
    return [block for block in reply.blocks if isinstance(block, Field | Choose)]


def value_of(reply: Reply, name: str) -> str:
    return next(one.value for one in inputs(reply) if one.name == name)


async def make_curation(*more: Listed, met: bool = True) -> CurateChat:
    """Return the conversations; `met` has everybody said hello, so that they can be reached."""
    chat = await make_chat(LISTED_CURATOR, LISTED_BOTH, *more)
    drafts = {QUESTION: DRAFT, LIKE_SCREEN.question: LIKE_SCREEN}
    with_curators = CurateChat(chat.root, chat.store, chat.clock, chat.texts, drafts=drafts)
    if met:
        for who in (ANN, COACH, CURATOR, BOTH, COORDINATOR):
            await with_curators.say("hoi", who)
    return with_curators


async def import_as(chat: Chat, *listed: Listed) -> None:
    """Let the people be these from now on."""
    async with chat.store.begin() as work:
        plan = await people.plan_import(work, factories.organisation(*listed))
        await work.people.apply(plan)
