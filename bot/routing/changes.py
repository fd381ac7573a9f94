"""What becomes of a question when something happens to it, and when it is silent for long."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.ids import PersonId
from bot.core.redaction import without_contacts
from bot.routing.model import (
    Act,
    Actor,
    Draft,
    Ending,
    Event,
    Question,
    State,
)

_TO: Mapping[Act, State] = {
    Act.OFFER: State.OFFERED,
    Act.WITHDRAW: State.WITHDRAWN,
    Act.CLAIM: State.CLAIMED,
    Act.RELEASE: State.OPEN,
    Act.HAND_OVER: State.CLAIMED,
    Act.ASSIGN: State.CLAIMED,
    Act.ANSWER: State.ANSWERED,
    Act.ASK_BACK: State.CLAIMED,
    Act.ADD: State.CLAIMED,
    Act.NOT_SOLVED: State.CLAIMED,
    Act.SOLVED: State.CLOSED,
    Act.CLOSE: State.CLOSED,
    Act.EXPIRE: State.CLOSED,
    Act.REOPEN: State.CLAIMED,
}
_HANDED = (
    Act.CLAIM,
    Act.HAND_OVER,
    Act.ASSIGN,
    Act.ADD,
    Act.NOT_SOLVED,
    Act.REOPEN,
    Act.ASK_BACK,
)
"""After these somebody is at turn: who has the question, but after the last one who asked it."""
_OF_NOBODY: Mapping[str, Any] = {"proximity": None, "claim_minutes": None}
"""Of who had it before: it says nothing about who gets it."""


def after(  # noqa: PLR0913, PLR0917 (the plain values of one event)
    act: Act,
    question: Question,
    who: PersonId | None,
    other: PersonId | None,
    text: str,
    now: datetime,
    end: Ending | None = None,
) -> Question:
    """Return the question once something happened to it. Whether it may is not asked here."""
    changes: Mapping[Act, Mapping[str, Any]] = {
        # From when on somebody is reminded is worked out when time passes: in open days.
        Act.CLAIM: {"holder": who, "claimed": now, "due": now},
        Act.HAND_OVER: _given(other, now),
        Act.ASSIGN: _given(other, now),
        Act.RELEASE: _anew(question, now),
        Act.ANSWER: {"answer": text, "answered": now},
        Act.EDIT: {"draft": replace(question.draft, text=text)},
        Act.NOT_SOLVED: {"due": now},
        Act.ADD: {"due": now} if question.held else {"state": question.state},
        Act.ASK_BACK: {"due": now},
        Act.SOLVED: {**_ended(question, end, now), "solved": True},
        Act.CLOSE: _ended(question, end, now),
        Act.EXPIRE: _ended(question, end, now),
        Act.WITHDRAW: _ended(question, end, now),
        Act.REOPEN: {"closed": None, "solved": None, "felt": None, "ending": None, "due": now},
    }
    to = {"state": _TO.get(act, question.state), **changes.get(act, {})}
    new = replace(question, version=question.version + 1, **to)
    # One that was closed before anybody had it has nobody to go back to.
    nobody = act is Act.REOPEN and new.holder is None
    return replace(new, state=State.OPEN, **_anew(new, now)) if nobody else new


def _given(other: PersonId | None, now: datetime) -> Mapping[str, Any]:
    """Return the changes with which a question comes to somebody who did not pick it up."""
    # How near and how quick one coach was says nothing of the next.
    return {"holder": other, "claimed": now, "due": now, **_OF_NOBODY}


def _ended(question: Question, end: Ending | None, now: datetime) -> Mapping[str, Any]:
    return {
        "closed": now,
        "due": None,
        "draft": _kept(question.draft),
        "answer": without_contacts(question.answer),
        "ending": end,
    }


def _kept(draft: Draft) -> Draft:
    """Return what stays of a question that ended: no telephone number or address of anybody."""
    text, note = without_contacts(draft.text), without_contacts(draft.note)
    return replace(draft, text=text, note=note)


def _anew(question: Question, now: datetime) -> Mapping[str, Any]:
    """Return the changes with which a question is offered from the start, in a round of its own.

    Without that round who was asked before would never be asked again.
    """
    return {
        "holder": None,
        "claimed": None,
        "ring": 0,
        "round": question.round + 1,
        "due": now,
        **_OF_NOBODY,
    }


def reopened_without_holder(question: Question, now: datetime) -> Question:
    """Return a reopened question whose coach cannot take it back: it is offered from the start."""
    version = question.version + 1
    return replace(question, state=State.OPEN, version=version, **_anew(question, now))


def silence(events: Sequence[Event]) -> tuple[datetime, Actor | None]:
    """Return since when nothing is heard of a question that is held, and who is reminded of it.

    That is its holder, and the next time a coordinator; who was asked something back is reminded
    once. Then it is nobody.
    """
    last = max(number for number, one in enumerate(events) if one.act in _HANDED)
    reminded = [one for one in events[last:] if one.act is Act.REMIND]
    asked_back = events[last].act is Act.ASK_BACK
    whom = [Actor.ASKER] if asked_back else [Actor.HOLDER, Actor.COORDINATOR]
    since = reminded[-1] if reminded else events[last]
    return since.at, next(iter(whom[len(reminded) :]), None)
