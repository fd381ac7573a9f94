"""Use cases of questions. Each runs inside the caller's unit of work.

Two that act at once are decided by the write, not by what was read: it has the version as its
condition, so one of them wins and the other is told what the question has become.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.ids import PersonId, QuestionId
from bot.proximity.model import Ranking
from bot.routing import changes, rings, rules
from bot.routing.model import (
    Act,
    Actor,
    Done,
    Draft,
    Ending,
    Event,
    Offer,
    Outcome,
    Presser,
    Question,
    Refusal,
    Refused,
    RingTimes,
    State,
    Step,
)
from bot.routing.ports import RoutingWork
from bot.worktime.worktime import WorkTime

TRIES = 3
FELT = range(1, 6)
"""How near the help felt: 1 is far away, 5 is very near."""


async def send(work: RoutingWork, draft: Draft, now: datetime) -> tuple[Question, bool]:
    """Store a question; one with the same key is that question, and nothing new."""
    question, new = await work.questions.add(draft, now)
    if new:
        event = Event(question.id, Act.SEND, now, draft.asker, draft.wanted, draft.text)
        await work.questions.record(event)
    return question, new


async def act(  # noqa: PLR0913 (the plain values of one event)
    work: RoutingWork,
    which: QuestionId,
    what: Act,
    presser: Presser | None,
    now: datetime,
    *,
    text: str = "",
    other: PersonId | None = None,
    chosen: Ending | None = None,
    felt: int | None = None,
) -> Outcome:
    """Do something to a question, if the table of the rules lets this person do it now.

    `chosen` is how it ended, where that is to be said.
    """
    before = None
    for _ in range(TRIES):
        before = await work.questions.get(which)
        if before is None:
            break
        if why := rules.refusal(what, before, presser, now):
            return Refused(why, before)
        end = rules.ending(what, chosen)
        if isinstance(end, Refusal):
            return Refused(end, before)
        who = presser.person if presser else None
        new = changes.after(what, before, who, other, text, now, end)
        if await work.questions.save(new, seen=before.version):
            await work.questions.record(Event(which, what, now, who, other, text, end, felt))
            if new.ended:
                await work.questions.forget_contacts(which)
            return Done(new, before)
    return Refused(Refusal.GONE, before)


async def claim(
    work: RoutingWork, which: QuestionId, presser: Presser, college: WorkTime, now: datetime
) -> Outcome:
    """Let a coach pick a question up; of any number at once, one does."""
    outcome = await act(work, which, Act.CLAIM, presser, now)
    if not isinstance(outcome, Done):
        return outcome
    offer = await offer_of(work, outcome.question, presser.person)
    return await _held(work, outcome, offer, college, now)


async def offer_of(work: RoutingWork, question: Question, coach: PersonId) -> Offer | None:
    """Return when a coach was asked in this round; None when they were not."""
    offers = await work.questions.offers(question.id)
    now = [one for one in offers if one.round == question.round and one.ring]
    mine = (one for one in now if one.coach == coach)
    return next(mine, None)


async def _held(
    work: RoutingWork, done: Done, offer: Offer | None, college: WorkTime, now: datetime
) -> Outcome:
    """Keep how near the coach is and how long they took, beside what the asker will feel."""
    if offer is None:
        return done
    minutes = college.minutes_between(offer.at, now)
    held = replace(done.question, proximity=offer.near, claim_minutes=minutes)
    held = replace(held, version=held.version + 1)
    await work.questions.save(held, seen=done.question.version)
    return Done(held, done.before)


async def widen(  # noqa: PLR0913, PLR0917 (what a ring depends on)
    work: RoutingWork,
    question: Question,
    ranking: Ranking,
    college: WorkTime,
    times: RingTimes,
    now: datetime,
    *,
    channel: bool,
) -> tuple[Question, Step] | None:
    """Offer a question to the next who are near; None when it has changed meanwhile."""
    if rules.refusal(Act.OFFER, question, None, now):
        return None
    offers = await work.questions.offers(question.id)
    asked = {one.coach for one in offers if one.round == question.round or not one.ring}
    step = rings.step(question, ranking, asked, college, now, times, channel=channel)
    new = replace(
        question,
        state=State.OFFERED if step.offers or step.to_channel else question.state,
        ring=step.ring,
        due=step.due,
        version=question.version + 1,
    )
    if not await work.questions.save(new, seen=question.version):
        return None
    await work.questions.offer(step.offers)
    for one in step.offers:
        await work.questions.record(Event(question.id, Act.OFFER, now, None, one.coach))
    return new, step


async def not_again(work: RoutingWork, question: Question, coach: PersonId, now: datetime) -> None:
    """Ask a coach who gave a question back or passed it on no more; ring 0 is no offer.

    It is of no round either: in a round where they were asked, that offer stays the only one.
    """
    await work.questions.offer([Offer(question.id, coach, 0, 0, now, 0.0)])


async def reopen(
    work: RoutingWork, which: QuestionId, presser: Presser, now: datetime, *, back: bool
) -> Outcome:
    """Open a closed question again; `back`: its coach can take it, else it is offered anew."""
    outcome = await act(work, which, Act.REOPEN, presser, now)
    if not isinstance(outcome, Done) or back or outcome.question.unclaimed:
        return outcome
    opened = changes.reopened_without_holder(outcome.question, now)
    await work.questions.save(opened, seen=outcome.question.version)
    return Done(opened, outcome.before)


async def rate(
    work: RoutingWork, which: QuestionId, presser: Presser, felt: int, now: datetime
) -> Outcome:
    """Store how near the help felt, 1 to 5; a later rating takes the place of an earlier one.

    Anything else is EMPTY: nothing was chosen.
    """
    if felt not in FELT:
        return Refused(Refusal.EMPTY, await work.questions.get(which))
    outcome = await act(work, which, Act.RATE, presser, now, felt=felt)
    if not isinstance(outcome, Done):
        return outcome
    rated = replace(outcome.question, felt=felt, version=outcome.question.version + 1)
    await work.questions.save(rated, seen=outcome.question.version)
    return Done(rated, outcome.before)


async def wait_for_word(
    work: RoutingWork, done: Done, now: datetime, quiet: Callable[[datetime], datetime]
) -> Question:
    """Let an answered question close by itself when nothing is heard of it until `quiet(now)`."""
    waiting = replace(done.question, due=quiet(now), version=done.question.version + 1)
    await work.questions.save(waiting, seen=done.question.version)
    return waiting


async def remind(
    work: RoutingWork,
    question: Question,
    now: datetime,
    later: Callable[[datetime], datetime],
    seen: datetime,
) -> Actor | None:
    """Let time pass over a claimed question; return who is reminded of it now, if anybody.

    Nobody is before `later` of when something was last heard of it. `seen` is when its holder can
    see a reminder: the time until the next one counts from then on. One that was urgent is due
    once more when it is not any longer, for its cards to say so.
    """
    if rules.refusal(Act.REMIND, question, None, now):
        return None
    since, whom = changes.silence(await work.questions.events(question.id))
    due: datetime | None = later(since)
    if due and due <= now:
        due = later(seen) if whom is Actor.HOLDER else None
    else:
        whom = None
        calm = rules.urgent_until(question)
        due = min(due, calm) if due and calm and now < calm else due
    new = replace(question, due=due, version=question.version + 1)
    if not await work.questions.save(new, seen=question.version):
        return None
    if whom:
        await work.questions.record(Event(question.id, Act.REMIND, now))
    return whom
