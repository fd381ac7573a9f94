"""What the bot says about questions on its own initiative, and every card that was posted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.ids import PersonId
from bot.core.reply import Clauses, Language, Place, Reply, Say
from bot.dialogs import card_parts, coach_cards, coordinator_cards, question_cards
from bot.dialogs.articles import Articles
from bot.dialogs.case import Case, load_case
from bot.dialogs.forgetting import forget_contacts
from bot.dialogs.nearby import Around, Near, Nearby
from bot.dialogs.notices import tell
from bot.dialogs.ports import TurnWork
from bot.outbox.model import Copy, Notice
from bot.people.model import ChannelName, Person, Role
from bot.people.rules import availability
from bot.proximity.model import Availability
from bot.routing import service as routing
from bot.routing.model import Offer, Question, RingTimes, Step
from bot.routing.rings import CHANNEL, LAST

SHARED = ("near.same_location", "near.same_team", "near.same_sector")
"""Reasons that are as true for the coach of the asker as the other way round."""


@dataclass(frozen=True)
class Desk:
    """Tells people about questions, and keeps every card that was posted as new as its question.

    `language` is the college's: that of what stands in a channel, whoever presses it.
    """

    nearby: Nearby
    times: RingTimes
    quiet_days: int
    remind_days: int
    articles: Articles
    language: Language

    @property
    def zone(self) -> ZoneInfo:
        return self.nearby.college.zone

    def quiet(self, now: datetime) -> datetime:
        """Return when an answered question closes of which nothing is heard from `now` on."""
        return self._open_days(now, self.quiet_days)

    async def works_at(self, work: TurnWork, coach: PersonId, now: datetime) -> datetime:
        """Return when a coach can see something: now if they work, else when they do again."""
        found = await work.people.coach(coach)
        available = availability(found, self.nearby.college, now) if found else Availability()
        return now if available.until else available.back or self.open_from(now)

    def _open_days(self, now: datetime, days: int) -> datetime:
        later = self.nearby.college.days_after(now, days)
        # A college that does not open within two years has no open days to count.
        return later or now + timedelta(days=days)

    async def offer(
        self, work: TurnWork, question: Question, now: datetime, shown: str = ""
    ) -> Question:
        """Offer a question to its next ring, and tell who is asked; `shown` as in `follow`."""
        asker = await work.people.by_id(question.asker)
        if asker is None:
            return question
        around = await self._around(work, asker, question, now)
        near = around.at(now)
        channel = await _channel(work, ChannelName.COACHES)
        widened = await routing.widen(
            work,
            question,
            near.ranking,
            self.nearby.college,
            self.times,
            now,
            channel=channel is not None,
        )
        if widened is None:
            return question
        before, (question, step) = question, widened
        case = await self._with_word(work, await load_case(work, question, now), around)
        await self._ask(work, case, near, step)
        if step.to_channel and channel:
            await self._post(work, case, channel)
        if step.ring == LAST:
            await self._tell_coordinators(work, case, first=step.to_coordinators)
        if before.ring:
            await self._tell_widened(work, case, step)
        await self.follow(work, case, shown)
        return question

    async def _around(
        self, work: TurnWork, asker: Person, question: Question, now: datetime
    ) -> Around:
        draft = question.draft
        return await self.nearby.around(
            work, asker, now, topic=draft.topic, role=draft.role, wanted=draft.wanted
        )

    async def promised(self, work: TurnWork, case: Case) -> Case:
        """Return a question with by when there is word of it, if nobody has it."""
        question = case.question
        if not question.unclaimed or case.word or question.ring >= LAST:
            return case
        around = await self._around(work, case.asker, question, case.now)
        return await self._with_word(work, case, around)

    async def _with_word(self, work: TurnWork, case: Case, around: Around) -> Case:
        offers = await work.questions.offers(case.question.id)
        word = around.by_when(case.question, offers, self.times, case.now)
        return replace(case, word=word)

    async def _post(self, work: TurnWork, case: Case, channel: Place) -> None:
        """Put a question in the coaches' channel: at night only what cannot wait."""
        question = case.question
        key = f"channel|{question.id}|{question.round}"
        at = case.now if question.draft.urgent else self.open_from(case.now)
        card = replace(coach_cards.channel(case), language=self.language)
        await work.outbox.add(Notice(key, card, at, place=channel), case.now)

    async def _ask(self, work: TurnWork, case: Case, near: Near, step: Step) -> None:
        for offer in step.offers:
            coach = near.coaches[offer.coach].person
            reply = coach_cards.work(case, coach.id, _why(case, near, offer))
            key = f"offer|{offer.question}|{offer.round}|{offer.coach}"
            await tell(work, key, coach, reply, offer.at, now=case.now)

    async def _tell_coordinators(self, work: TurnWork, case: Case, *, first: bool) -> None:
        """Tell the coordinators' channel, and in person only who must know: that bothers least.

        Where there is no such channel, that is at once. Else it is at the next try, if still
        nobody has it: a post in a channel is easily missed.
        """
        question, opens = case.question, self.open_from(case.now)
        room = await _channel(work, ChannelName.COORDINATORS)
        if first and room:
            card = replace(
                coordinator_cards.coordinators_channel(case, self.zone), language=self.language
            )
            key = f"coordinators|{question.id}|{question.round}"
            await work.outbox.add(Notice(key, card, opens, place=room), case.now)
        if first == bool(room):
            return
        for one in await coordinators(work):
            reply = coordinator_cards.coordinators(case, self.zone)
            key = f"open|{question.id}|{question.round}|{one.id}"
            await tell(work, key, one, reply, opens, now=case.now)

    async def _tell_widened(self, work: TurnWork, case: Case, step: Step) -> None:
        """Tell the asker that more are asked: a card of theirs that changes notifies nobody.

        At night it is not told, and in the morning it need not be true any more.
        """
        question, college = case.question, self.nearby.college
        heard = question.draft.urgent or college.is_open(case.now)
        if not case.asker.active or not heard:
            return
        if step.to_coordinators and await coordinators(work):
            said = Say("question.told.coordinator", {"code": question.code})
        elif step.ring == CHANNEL:
            said = Say("question.told.widened", {"code": question.code})
        else:
            return
        reply = Reply("question.told", (said,), personal=True, subject=question.subject)
        key = f"widened|{question.id}|{question.round}|{step.ring}"
        await tell(work, key, case.asker, reply, case.now, now=case.now)

    def open_from(self, now: datetime) -> datetime:
        """Return when the college is open: now, or when it opens."""
        return self.nearby.college.next_open(now) or now

    async def follow(self, work: TurnWork, case: Case, shown: str = "") -> None:
        """Rewrite every posted card of a question that does not say any more how it is.

        The card that shows as `shown` is left: the reply to its own press takes its place.
        """
        copies = _latest(await work.outbox.copies(case.question.subject))
        if any(one.reply.view == card_parts.MINE for one in copies):
            case = await self.promised(work, case)
        for copy in copies:
            if (
                copy.shown and copy.shown == shown
            ) or copy.reply.view not in question_cards.FOLLOWED:
                continue
            reader = await self._reader(work, case, copy)
            language = reader.language if reader else copy.reply.language
            shelved = self.articles.beside(case, reader)
            card = question_cards.card(copy.reply.view, shelved, reader, self.zone, _kept(copy))
            now_says = replace(_with_typed(card, copy.reply), language=language)
            if _content(now_says) != _content(copy.reply):
                # One that shows cannot be spared any more: that need not be tried.
                needed = bool(copy.shown) or question_cards.needed(copy.reply.view, case, reader)
                await work.outbox.rewrite(copy.id, now_says, case.now, needed=needed)
        if case.question.ended:
            await forget_contacts(work, case.question)

    async def _reader(self, work: TurnWork, case: Case, copy: Copy) -> Person | None:
        if copy.person is None:
            return None
        return case.person(copy.person) or await work.people.by_id(copy.person)

    def reminds(self, since: datetime) -> datetime:
        """Return when somebody is reminded of a question of which nothing is heard from then on."""
        return self._open_days(since, self.remind_days)


def _latest(copies: Iterable[Copy]) -> list[Copy]:
    """Return the newest of the messages that show as the same card.

    Of several answers to the same question it is the last: the others stay as they were said.
    """
    latest = {copy.shown or f"#{copy.id}": copy for copy in copies}
    answers = [one for one in latest.values() if one.reply.view == card_parts.ANSWERED]
    return [one for one in latest.values() if one not in answers[:-1]]


def _kept(copy: Copy) -> Say | None:
    """Return why a coach is asked, from the card that says so: it was worked out only then."""
    said = (block for block in copy.reply.blocks if isinstance(block, Say))
    return next((one for one in said if one.key == card_parts.NEAR), None)


def _with_typed(card: Reply, before: Reply) -> Reply:
    """Return a coach's card with the answer that is begun on it: a change does not wipe that."""
    typed = coach_cards.typed_on(before) if card.view == card_parts.WORK else ""
    return coach_cards.written_on(card, typed) if typed else card


def _content(reply: Reply) -> Reply:
    return replace(reply, replaces=False)


def _why(case: Case, near: Near, offer: Offer) -> Say | None:
    """Return why a coach is asked, in what they have in common with the asker."""
    ranked = next((one for one in near.ranking.ranked if one.coach.person == offer.coach), None)
    shared = [one for one in ranked.reasons if one.key in SHARED] if ranked else []
    if not shared:
        return None
    reasons = Clauses(tuple(shared))
    return Say(card_parts.NEAR, {"name": case.asker.name, "reasons": reasons}, "subtle")


async def _channel(work: TurnWork, name: ChannelName) -> Place | None:
    named = {one.name: one.place for one in await work.addresses.named_channels()}
    return named.get(name)


async def coordinators(work: TurnWork) -> list[Person]:
    """Return all active coordinators."""
    found = await work.people.with_role(Role.COORDINATOR)
    return [one for one in found if one.active]
