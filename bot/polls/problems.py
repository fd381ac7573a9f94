"""Decides what is wrong with a poll: what cannot be asked, or not of so few, or not then. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.polls.model import Asks, Form, Goal, Kind, Schedule
from bot.polls.rules import FEWEST_PEOPLE, LARGEST_NUMBER, SCALE

MOST_QUESTIONS = 10
OPTIONS = range(2, 11)
DAYS = range(1, 29)
WEEKS = range(53)
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_OPTION = 80, 300, 80
FARTHEST_FIRST = timedelta(days=731)


class Problem(StrEnum):
    """Why a poll cannot be as it is; the sentences stand under `poll.problem` in the catalogues."""

    TITLE = "title"
    QUESTIONS = "questions"
    TEXT = "text"
    OPTIONS = "options"
    GOAL = "goal"
    DAYS = "days"
    WEEKS = "weeks"
    OVERLAP = "overlap"
    TIME = "time"
    PAST = "past"
    FAR = "far"
    PEOPLE = "people"


def problems(form: Form, schedule: Schedule, asked: int, now: datetime) -> list[Problem]:
    """Return all that is wrong with a poll, of which so many people would be asked.

    `now` is local and without a zone.
    """
    wrong = {
        Problem.TITLE: not 0 < len(form.title.strip()) <= LONGEST_TITLE,
        Problem.QUESTIONS: not 0 < len(form.questions) <= MOST_QUESTIONS,
        Problem.DAYS: form.days not in DAYS,
        Problem.WEEKS: schedule.every not in WEEKS,
        Problem.OVERLAP: 0 < schedule.every * 7 < form.days,
        Problem.TIME: schedule.at != schedule.at.replace(second=0, microsecond=0),
        Problem.PAST: datetime.combine(schedule.first, schedule.at) <= now,
        Problem.FAR: schedule.first > now.date() + FARTHEST_FIRST,
        Problem.PEOPLE: asked < FEWEST_PEOPLE,
    }
    found = {one for one, is_so in wrong.items() if is_so}
    found.update(problem for one in form.questions for problem in _wrong(one))
    return [one for one in Problem if one in found]


def _wrong(asks: Asks) -> Iterator[Problem]:
    if not 0 < len(asks.text.strip()) <= LONGEST_QUESTION:
        yield Problem.TEXT
    chosen = asks.kind in (Kind.CHOICE, Kind.CHOICES)
    if chosen is not bool(asks.options) or (chosen and not _fit(asks.options)):
        yield Problem.OPTIONS
    if asks.goal and not _reachable(asks.goal, asks):
        yield Problem.GOAL


def _fit(options: Sequence[str]) -> bool:
    lengths = all(0 < len(one.strip()) <= LONGEST_OPTION for one in options)
    return lengths and len(options) in OPTIONS and len(set(options)) == len(options)


def _reachable(goal: Goal, asks: Asks) -> bool:
    most = {
        Kind.SCALE: max(SCALE),
        Kind.CHOICES: len(asks.options),
        Kind.NUMBER: LARGEST_NUMBER,
    }.get(asks.kind, 0)
    # A share of 0 aims at a mean, which options have not.
    aims = 0 < goal.share <= 1 or (goal.share == 0 and asks.kind is not Kind.CHOICES)
    return aims and 1 <= goal.least <= most
