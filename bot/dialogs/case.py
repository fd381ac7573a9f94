"""A question with the people around it, as its cards need them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from bot.core.ids import PersonId
from bot.core.reply import Link, Say
from bot.dialogs.ports import TurnWork
from bot.people.model import Coach, Person, Whereabouts
from bot.routing.model import Act, Offer, Question

CHAT = "https://teams.microsoft.com/l/chat/0/0"
"""Opens a chat in Teams (Microsoft's page on deep links); `users` are sign-in names."""
LONGEST_MESSAGE = 500
"""Signs of a chat's first message: an address has to stay short."""
TAKEN = (Act.CLAIM, Act.HAND_OVER, Act.ASSIGN)
"""The ways in which a question comes to somebody."""


@dataclass(frozen=True)
class Given:
    """How its holder came by a question that they did not pick up: by whom, and with what note."""

    act: Act
    by: str
    note: str


@dataclass(frozen=True)
class Case:
    """A question, who asks and from where, who has it, and who was asked in this round.

    `left` is who has it and is no coach any more.
    """

    question: Question
    asker: Person
    works: Whereabouts
    coaches: Mapping[PersonId, Coach]
    offers: Sequence[Offer]
    now: datetime
    left: Person | None = None
    given: Given | None = None

    @property
    def holder(self) -> Coach | None:
        return self.coaches.get(self.question.holder) if self.question.holder else None

    @property
    def first(self) -> Offer | None:
        """Return the first who sees the question in this round."""
        return min(self.offers, key=lambda one: one.at, default=None)

    def name(self, person: PersonId | None) -> str:
        """Return the name of a coach, or of who was one and has it; else it is empty."""
        if self.left and self.left.id == person:
            return self.left.name
        coach = self.coaches.get(person) if person else None
        return coach.person.name if coach else ""


async def load_case(work: TurnWork, question: Question, now: datetime) -> Case:
    """Return a question with all that its cards show."""
    asker = await work.people.by_id(question.asker)
    if asker is None:
        raise LookupError(question.code)
    offers = await work.questions.offers(question.id)
    coaches = {coach.person.id: coach for coach in await work.people.coaches()}
    holder = question.holder
    left = await work.people.by_id(holder) if holder and holder not in coaches else None
    return Case(
        question=question,
        asker=asker,
        works=await work.people.whereabouts(question.asker),
        coaches=coaches,
        offers=[
            one
            for one in offers
            if one.round == question.round and one.ring and one.coach in coaches
        ],
        now=now,
        left=left,
        given=await _given(work, question),
    )


async def _given(work: TurnWork, question: Question) -> Given | None:
    # Who picked it up after an offer has a time for that: then there is nothing to look for.
    if not question.held or question.claim_minutes is not None:
        return None
    taken = [one for one in await work.questions.events(question.id) if one.act in TAKEN]
    if not taken or taken[-1].act is Act.CLAIM:
        return None
    by = await work.people.by_id(taken[-1].who) if taken[-1].who else None
    return Given(taken[-1].act, by.name if by else "", taken[-1].text)


def chat_with(person: Person, text: str) -> tuple[Link, ...]:
    """Return what opens the 1:1 chat with somebody, the text filled in; nothing without address."""
    if not person.email:
        return ()
    asked = {"users": person.email, "message": text[:LONGEST_MESSAGE]}
    url = f"{CHAT}?{urlencode(asked, quote_via=quote)}"
    return (Link(Say("question.chat", {"name": person.name}), url),)
