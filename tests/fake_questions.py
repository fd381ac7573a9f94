"""Questions in memory, which pass the same contract tests as the real ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.ids import PersonId, QuestionId
from bot.core.redaction import without_contacts
from bot.routing.model import Away, Draft, Event, Offer, Question, Standing, Standings, State

HELPED = (State.ANSWERED, State.CLOSED)
ENDED = (State.CLOSED, State.WITHDRAWN)


@dataclass
class QuestionShelf:
    """All that is kept of questions. Values are frozen, so a copy of the shelf is a snapshot."""

    last_id: int = 0
    questions: dict[QuestionId, Question] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    forgotten: set[QuestionId] = field(default_factory=set)

    def snapshot(self) -> "QuestionShelf":
        return QuestionShelf(
            self.last_id,
            {**self.questions},
            [*self.events],
            [*self.offers],
            [*self.away],
            {*self.forgotten},
        )

    def merge(self, who: PersonId, is_now: PersonId) -> None:
        for which, one in self.questions.items():
            if one.draft.asker == who:
                self.questions[which] = replace(one, draft=replace(one.draft, asker=is_now))
        self.events = [replace(one, who=is_now) if one.who == who else one for one in self.events]

    def next_id(self) -> QuestionId:
        self.last_id += 1
        return QuestionId(self.last_id)


class MemoryQuestions:
    """Fulfils `bot.routing.ports.Questions` and `bot.retention.ports.Forgetful`."""

    def __init__(self, shelf: QuestionShelf) -> None:
        self._on = shelf

    async def add(self, draft: Draft, now: datetime) -> tuple[Question, bool]:
        for one in self._in_order():
            if one.draft.key == draft.key:
                return one, False
        question = Question(self._on.next_id(), draft, State.OPEN, now, due=now)
        self._on.questions[question.id] = question
        return question, True

    async def get(self, which: QuestionId) -> Question | None:
        return self._on.questions.get(which)

    async def save(self, question: Question, *, seen: int) -> bool:
        known = self._on.questions.get(question.id)
        if known is None or known.version != seen:
            return False
        self._on.questions[question.id] = question
        self._on.forgotten.discard(question.id)
        return True

    async def record(self, event: Event) -> None:
        self._on.events.append(event)

    async def events(self, which: QuestionId) -> Sequence[Event]:
        return [one for one in self._on.events if one.question == which]

    async def forget_contacts(self, which: QuestionId) -> None:
        self._on.events = [
            replace(one, text=without_contacts(one.text)) if one.question == which else one
            for one in self._on.events
        ]

    async def offer(self, offers: Sequence[Offer]) -> None:
        for one in offers:
            if not any(_same(one, known) for known in self._on.offers):
                self._on.offers.append(one)

    async def offers(self, which: QuestionId) -> Sequence[Offer]:
        asked = [one for one in self._on.offers if one.question == which]
        return sorted(asked, key=lambda one: (one.round, one.ring, one.at, one.coach))

    async def due(self, now: datetime, limit: int) -> Sequence[QuestionId]:
        late = [one for one in self._in_order() if one.due and one.due <= now]
        late.sort(key=lambda one: one.created)
        return [one.id for one in late[:limit]]

    async def next_due(self, after: datetime) -> datetime | None:
        due = [one.due for one in self._in_order() if one.due and one.due > after]
        return min(due, default=None)

    async def of_asker(self, person: PersonId, limit: int) -> Sequence[Question]:
        theirs = [one for one in self._in_order() if one.asker == person]
        return theirs[::-1][:limit]

    async def of_holder(self, person: PersonId) -> Sequence[Question]:
        return [one for one in self._in_order() if one.holder == person and one.held]

    async def offered_to(self, person: PersonId) -> Sequence[Question]:
        mine = [one for one in self._on.offers if one.coach == person and one.ring]
        asked = {(one.question, one.round) for one in mine}
        return [one for one in self._in_order() if one.unclaimed and (one.id, one.round) in asked]

    async def in_states(self, states: Collection[State], limit: int) -> Sequence[Question]:
        return [one for one in self._in_order() if one.state in states][:limit]

    async def standings(self, asker: PersonId, since: datetime) -> Standings:
        counts = [one for one in self._in_order() if _counts(one, since)]
        coaches = {one.holder for one in counts if one.holder}
        coaches |= {
            one.coach
            for one in self._on.offers
            if one.ring and (one.at >= since or self._waits(one))
        }
        return {coach: self._standing(coach, asker, since) for coach in coaches}

    async def urgent_since(self, person: PersonId, since: datetime) -> int:
        theirs = [one for one in self._in_order() if one.asker == person and one.draft.urgent]
        return sum(one.created >= since for one in theirs)

    async def leave(self, away: Away) -> None:
        self._on.away.append(away)

    async def come_back(self, person: PersonId, now: datetime) -> bool:
        mine = [one for one in await self.away(now) if one.person == person]
        self._on.away = [
            replace(one, until=now) if one in mine else one  # those of later stay as they are
            for one in self._on.away
        ]
        if mine:
            return True
        later = [one for one in self._on.away if one.person == person and one.start > now]
        self._on.away = [one for one in self._on.away if one not in later]
        return bool(later)

    async def planned(self, person: PersonId, now: datetime) -> Away | None:
        later = [one for one in self._on.away if one.person == person and one.start > now]
        return min(later, key=lambda one: one.start, default=None)

    async def away(self, now: datetime) -> Sequence[Away]:
        return [one for one in await self.leaves(now) if one.start <= now]

    async def leaves(self, now: datetime) -> Sequence[Away]:
        lasts = [
            one for one in self._on.away if one.until is None or one.until > max(now, one.start)
        ]
        return sorted(lasts, key=lambda one: (one.until is None, one.until or now))

    async def forget_texts(self, before: datetime) -> int:
        old = [
            one
            for one in self._in_order()
            if one.state in ENDED and one.closed and one.closed < before
        ]
        self._on.away = [one for one in self._on.away if not one.until or one.until >= before]
        ids = {one.id for one in old}
        self._on.events = [
            replace(one, text="") if one.question in ids else one for one in self._on.events
        ]
        for one in old:
            draft = replace(one.draft, text="", note="")
            self._on.questions[one.id] = replace(one, draft=draft, answer="")
        gone = ids - self._on.forgotten
        self._on.forgotten |= ids
        return len(gone)

    def _in_order(self) -> list[Question]:
        return [self._on.questions[which] for which in sorted(self._on.questions)]

    def _standing(self, coach: PersonId, asker: PersonId, since: datetime) -> Standing:
        held = [one for one in self._in_order() if one.holder == coach]
        lately = [one for one in held if one.created >= since]
        minutes = [one.claim_minutes for one in lately if one.claim_minutes is not None]
        offers = [one for one in self._on.offers if one.coach == coach and one.ring]
        asked = [one.at for one in offers if one.at >= since]
        return Standing(
            open=sum(one.state is State.CLAIMED for one in held),
            offered=sum(map(self._waits, offers)),
            claim_minutes=sum(minutes) / len(minutes) if minutes else None,
            helped=any(one.asker == asker and one.state in HELPED for one in lately),
            assigned=max(asked, default=None),
        )

    def _waits(self, offer: Offer) -> bool:
        question = self._on.questions[offer.question]
        return question.unclaimed and question.round == offer.round


def _counts(one: Question, since: datetime) -> bool:
    return one.state is State.CLAIMED or one.created >= since


def _same(one: Offer, other: Offer) -> bool:
    return (one.question, one.coach, one.round) == (other.question, other.coach, other.round)
