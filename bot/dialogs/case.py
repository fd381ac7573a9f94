"""A question with the people around it, as its cards need them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from bot.core.ids import EntryId, PersonId
from bot.core.reply import Link, Say
from bot.dialogs.ports import TurnWork
from bot.people.model import Coach, Person, Whereabouts
from bot.routing.model import Act, Event, Offer, Question, Source, State

CHAT = "https://teams.microsoft.com/l/chat/0/0"
"""Opens a chat in Teams (Microsoft's page on deep links); `users` are sign-in names."""
_SAID = (Act.ASK_BACK, Act.ADD, Act.ANSWER)
"""What asker and coach say to each other."""
LONGEST_MESSAGE = 500
"""Signs of a chat's first message: an address has to stay short."""
LONGEST_QUOTED = 1_500
"""The same in an address, where an emoji is twelve signs."""
TAKEN = (Act.CLAIM, Act.HAND_OVER, Act.ASSIGN)
"""The ways in which a question comes to somebody."""


@dataclass(frozen=True)
class Given:
    """How its holder came by a question that they did not pick up: by whom, and with what note."""

    act: Act
    by: str
    note: str


@dataclass(frozen=True)
class Article:
    """An entry of the FAQ that is like a question, with its title for who may answer with it."""

    entry: EntryId
    title: str


@dataclass(frozen=True)
class Case:
    """A question, who asks and from where, who has it, and who was asked in this round.

    `word` is by when there is word of it, while nobody has it (`Desk.promised`). `left` is who has
    it and is no coach any more, `before` who had it until just now. `in_vain` are the articles that
    did not help the asker, while somebody writes an answer; `none_of` the words to which none of
    those that the bot showed was meant.
    """

    question: Question
    asker: Person
    works: Whereabouts
    coaches: Mapping[PersonId, Coach]
    now: datetime
    left: Person | None = None
    offers: Sequence[Offer] = ()
    said: Sequence[Event] = ()
    given: Given | None = None
    before: PersonId | None = None
    away: Collection[PersonId] = frozenset()
    word: datetime | None = None
    articles: Sequence[Article] = ()
    in_vain: Collection[EntryId] = frozenset()
    none_of: str = ""

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

    def person(self, which: PersonId | None) -> Person | None:
        """Return one of the people around it, where they are known here."""
        if which == self.asker.id:
            return self.asker
        coach = self.coaches.get(which) if which else None
        return coach.person if coach else None


async def load_case(work: TurnWork, question: Question, now: datetime) -> Case:
    """Return a question with all that its cards show."""
    coaches = {coach.person.id: coach for coach in await work.people.coaches()}
    asked = [
        one
        for one in await work.questions.offers(question.id)
        if one.round == question.round and one.ring and one.coach in coaches
    ]
    events = await work.questions.events(question.id)
    case = await _case(work, question, coaches, now)
    said = [one for one in events if one.act in _SAID]
    away = {one.person for one in await work.questions.away(now)}
    given = await _given(work, question, events)
    writes = question.state is State.CLAIMED
    in_vain = await work.knowledge.not_helped(question.asker) if writes else ()
    none_of = await _none_of(work, question) if writes else ""
    found = replace(case, offers=asked, said=said, given=given, away=away)
    return replace(found, in_vain=in_vain, none_of=none_of)


async def _none_of(work: TurnWork, question: Question) -> str:
    draft = question.draft
    if draft.source is not Source.NONE_OF_THESE:
        return ""
    asked = await work.knowledge.asked(draft.asked) if draft.asked else None
    return (asked and asked.text) or draft.text


async def load_holder(work: TurnWork, question: Question, now: datetime) -> Case:
    """Return a question with its holder alone: all that the card of another coach shows.

    Of a hundred who press at once, ninety-nine need no more than that.
    """
    holder = await work.people.coach(question.holder) if question.holder else None
    return await _case(work, question, {holder.person.id: holder} if holder else {}, now)


async def _case(
    work: TurnWork, question: Question, coaches: Mapping[PersonId, Coach], now: datetime
) -> Case:
    asker, holder = await work.people.by_id(question.asker), question.holder
    if asker is None:
        raise LookupError(question.code)
    works = await work.people.whereabouts(question.asker)
    left = await work.people.by_id(holder) if holder and holder not in coaches else None
    return Case(question, asker, works, coaches, now, left)


async def _given(work: TurnWork, question: Question, events: Sequence[Event]) -> Given | None:
    taken = [one for one in events if one.act in TAKEN]
    if not question.held or not taken or taken[-1].act is Act.CLAIM:
        return None
    by = await work.people.by_id(taken[-1].who) if taken[-1].who else None
    return Given(taken[-1].act, by.name if by else "", taken[-1].text)


def chat_with(person: Person, text: str) -> tuple[Link, ...]:
    """Return what opens the 1:1 chat with somebody, the text filled in; nothing without address."""
    if not person.email:
        return ()
    message = text[:LONGEST_MESSAGE]
    while len(quote(message)) > LONGEST_QUOTED:
        message = message[: len(message) // 2]
    url = f"{CHAT}?{urlencode({'users': person.email, 'message': message}, quote_via=quote)}"
    return (Link(Say("question.chat", {"name": person.name}), url),)
