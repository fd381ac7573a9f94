"""Decides who is asked in a poll, and what is an answer to a question of it. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import assert_never

from bot.core.ids import PersonId
from bot.polls.disclosure import merged
from bot.polls.model import Asks, Audience, Breakdown, Candidate, Form, Kind

FEWEST_PEOPLE = 5
"""Fewer are never asked: everybody would know who said what."""
SCALE = range(1, 6)
LARGEST_NUMBER = 9_999
LONGEST_ANSWER = 1_000
OTHER = "*"
"""The name under which groups that are too small count together."""


def in_audience(
    candidates: Collection[Candidate], audience: Audience, declined: Collection[PersonId]
) -> list[Candidate]:
    """Return who is asked, in order of person: not who declined."""
    found = [one for one in candidates if one.person not in declined and _belongs(one, audience)]
    return sorted(found, key=lambda one: one.person)


def _belongs(one: Candidate, audience: Audience) -> bool:
    return bool(
        one.roles & audience.roles
        and (not audience.locations or one.location in audience.locations)
        and (not audience.sectors or one.sectors & audience.sectors)
        and (not audience.teams or one.teams & audience.teams)
    )


def groups(asked: Collection[Candidate], breakdown: Breakdown) -> Mapping[PersonId, str]:
    """Return the group under which each counts; an empty name for all is no breakdown."""
    if breakdown is Breakdown.NONE:
        return {one.person: "" for one in asked}
    own = {one.person: one.groups.get(breakdown, "") or OTHER for one in asked}
    under = merged(sorted(Counter(own.values()).items()), OTHER)
    return {person: under[name] for person, name in own.items()}


def tidy(kind: Kind, value: str) -> str:
    """Return what was filled in as it is stored: no blanks around it, choices in order."""
    text = value.strip()
    parts = [one.strip() for one in text.split(",") if one.strip()]
    if kind is Kind.NUMBER and text.isdecimal():
        return str(int(text))
    if kind is Kind.CHOICES and all(one.isdecimal() for one in parts):
        return ",".join(str(one) for one in sorted({int(one) for one in parts}))
    return text


def answers(form: Form, question: int, value: str) -> bool:
    """Tell whether a form has the question, and what came back is an answer to it."""
    return question in range(len(form.questions)) and fits(form.questions[question], value)


def fits(asks: Asks, value: str) -> bool:
    """Tell whether what came back answers a question; an empty text answers choices alone."""
    match asks.kind:
        case Kind.SCALE:
            return value in {str(one) for one in SCALE}
        case Kind.CHOICE:
            return value in {str(one) for one in range(len(asks.options))}
        case Kind.CHOICES:
            known = [str(one) for one in range(len(asks.options))]
            chosen = value.split(",") if value else []
            return chosen == [one for one in known if one in chosen]
        case Kind.NUMBER:
            whole = value.isascii() and value.isdigit()
            return whole and str(int(value)) == value and int(value) <= LARGEST_NUMBER
        case Kind.OPEN:
            return 0 < len(value) <= LONGEST_ANSWER
        case _:
            assert_never(asks.kind)
