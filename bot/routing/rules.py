"""Who may do what to a question from which state: one table. What comes of it is in `changes`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.ids import PersonId
from bot.proximity.model import Absence, Candidate
from bot.routing.model import (
    Absences,
    Act,
    Actor,
    Away,
    Ending,
    Presser,
    Question,
    Refusal,
    Standings,
    State,
)
from bot.worktime.worktime import WorkTime

REOPEN = timedelta(days=7)
"""How long after it closed a question can be opened again."""
URGENT_FOR = timedelta(minutes=90)
"""How long a class waits at most: two lessons. Then it is gone, whoever has the question."""
LONGEST = 3_000
"""Signs of an answer or a note: what a card can hold twice and stay under its limit."""
LONGEST_NOTE = 1_000
"""Signs of what goes along with a question: it stands beside all the rest on a coach's card."""

_UNCLAIMED = frozenset({State.OPEN, State.OFFERED})
_HELD = frozenset({State.CLAIMED, State.ANSWERED})

ALLOWED: Mapping[Act, Mapping[Actor, frozenset[State]]] = {
    Act.OFFER: {Actor.TIME: _UNCLAIMED},
    Act.EDIT: {Actor.ASKER: _UNCLAIMED},
    Act.WITHDRAW: {Actor.ASKER: _UNCLAIMED | {State.CLAIMED}},
    Act.CLAIM: {Actor.COACH: _UNCLAIMED},
    Act.RELEASE: {Actor.HOLDER: _HELD, Actor.TIME: _HELD},
    Act.HAND_OVER: {Actor.HOLDER: _HELD},
    Act.ASSIGN: {Actor.COORDINATOR: _UNCLAIMED | _HELD},
    Act.ANSWER: {Actor.HOLDER: _HELD},
    Act.ASK_BACK: {Actor.HOLDER: _HELD},
    Act.ADD: {Actor.ASKER: _UNCLAIMED | _HELD},
    Act.NOT_SOLVED: {Actor.ASKER: frozenset({State.ANSWERED})},
    Act.SOLVED: {Actor.ASKER: frozenset({State.ANSWERED})},
    Act.CLOSE: {Actor.HOLDER: _HELD, Actor.COORDINATOR: _UNCLAIMED | _HELD},
    Act.REOPEN: {Actor.ASKER: frozenset({State.CLOSED})},
    Act.RATE: {Actor.ASKER: frozenset({State.CLOSED})},
    Act.EXPIRE: {Actor.TIME: frozenset({State.ANSWERED})},
    Act.REMIND: {Actor.TIME: frozenset({State.CLAIMED})},
}
"""Everything that is not here is refused, with a reason."""

ENDINGS: Mapping[Act, tuple[Ending, ...]] = {
    Act.CLOSE: (Ending.SOLVED, Ending.ELSEWHERE, Ending.UNSOLVED, Ending.NOT_NEEDED),
    Act.SOLVED: (Ending.BY_ASKER,),
    Act.EXPIRE: (Ending.EXPIRED,),
    Act.WITHDRAW: (Ending.WITHDRAWN,),
}
"""How a question ends by what happens to it. Where there are several, one is chosen: those are the
terms of service desks (a closure code), kept to what a coach can tell without thinking."""

_BY_STATE: Mapping[State, Refusal] = {
    State.OPEN: Refusal.NOT_TAKEN,
    State.OFFERED: Refusal.NOT_TAKEN,
    State.CLAIMED: Refusal.NOT_ANSWERED,
    State.ANSWERED: Refusal.TAKEN,
    State.CLOSED: Refusal.CLOSED,
    State.WITHDRAWN: Refusal.WITHDRAWN,
}
_NEEDED: Mapping[Actor, Refusal] = {
    Actor.ASKER: Refusal.NOT_YOURS,
    Actor.COACH: Refusal.NO_COACH,
    Actor.COORDINATOR: Refusal.NOT_COORDINATOR,
    Actor.TIME: Refusal.GONE,
}


def actors(question: Question, presser: Presser | None) -> frozenset[Actor]:
    """Return what somebody is to a question now; nobody at all is time.

    Who lost the role holds nothing any more, and a coach is no coach to their own question.
    """
    if presser is None:
        return frozenset({Actor.TIME})
    own = presser.person == question.asker
    is_ = {
        Actor.ASKER: own,
        Actor.COACH: presser.coach and not own,
        Actor.HOLDER: presser.coach and presser.person == question.holder,
        Actor.COORDINATOR: presser.coordinator,
    }
    return frozenset(actor for actor, so in is_.items() if so)


def refusal(act: Act, question: Question, presser: Presser | None, now: datetime) -> Refusal | None:
    """Return why somebody may not do something now; None when they may."""
    allowed, may = ALLOWED[act], actors(question, presser)
    if any(question.state in states for actor, states in allowed.items() if actor in may):
        late = act is Act.REOPEN and question.closed and now - question.closed > REOPEN
        return Refusal.TOO_LATE if late else None
    if may.isdisjoint(allowed):
        return _wrong_actor(act, question, presser)
    if act is Act.CLAIM and presser and presser.person == question.holder and question.held:
        return Refusal.HAVE_IT
    if act in (Act.CLAIM, Act.EDIT, Act.WITHDRAW) and question.held:
        return Refusal.TAKEN
    return _BY_STATE[question.state]


def urgent_until(question: Question) -> datetime | None:
    """Return until when a question is urgent: not once there is an answer, or the class is gone."""
    waits = question.unclaimed or question.state is State.CLAIMED
    return question.created + URGENT_FOR if question.draft.urgent and waits else None


def is_urgent(question: Question, now: datetime) -> bool:
    """Tell whether a class still waits for a question."""
    until = urgent_until(question)
    return bool(until and now < until)


def ending(act: Act, chosen: Ending | None) -> Ending | Refusal | None:
    """Return how a question ends by an act; None when it does not, a refusal without a choice."""
    ends = ENDINGS.get(act, ())
    if len(ends) > 1:
        return chosen if chosen in ends else Refusal.NO_ENDING
    return next(iter(ends), None)


def _wrong_actor(act: Act, question: Question, presser: Presser | None) -> Refusal:
    if act is Act.CLAIM and presser and presser.coach:
        return Refusal.OWN
    if Actor.HOLDER in ALLOWED[act]:
        return _not_the_holder(question, presser)
    return _NEEDED[next(iter(ALLOWED[act]))]


def _not_the_holder(question: Question, presser: Presser | None) -> Refusal:
    if presser and not presser.coach:
        return Refusal.NO_COACH
    if question.state in (State.CLOSED, State.WITHDRAWN):
        return _BY_STATE[question.state]
    return Refusal.TAKEN if question.holder else Refusal.NOT_TAKEN


def known(candidate: Candidate, standings: Standings, absences: Absences) -> Candidate:
    """Return a coach with what stored events say of them."""
    standing = standings.get(candidate.person)
    available = replace(
        candidate.available,
        open=standing.open if standing else 0,
        offered=standing.offered if standing else 0,
        claim_minutes=standing.claim_minutes if standing else None,
        absence=absences.get(candidate.person),
    )
    return replace(
        candidate,
        available=available,
        helped=bool(standing and standing.helped),
        assigned=standing.assigned if standing else None,
    )


def absences(
    leaves: Iterable[Away], now: datetime, college: WorkTime, sees: Mapping[PersonId, datetime]
) -> Absences:
    """Return who cannot be asked, with the last day of it where that is known.

    `sees` is when each can first see something, else it is now: leave that ends before then is no
    reason not to ask, and leave that has begun by then is. Of two, the last in `leaves` is told.
    """
    return {
        one.person: _absence(one, college)
        for one in leaves
        if one.covers(sees.get(one.person, now))
    }


def _absence(away: Away, college: WorkTime) -> Absence:
    if away.until is None:
        return Absence()
    # A moment before the end: who is back at midnight is away until and with the day before.
    last = (away.until - timedelta(microseconds=1)).astimezone(college.zone).date()
    return Absence(last)
