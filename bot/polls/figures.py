"""What came of a round: figures of each question, none of which lets anybody be seen. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.polls import disclosure, rules
from bot.polls.disclosure import FEWEST, HIDDEN, shown
from bot.polls.model import Answer, Asks, Cell, Goal, Invitation, Kind, Round


@dataclass(frozen=True)
class Bar:
    """How often an answer was given: by its words, or the figure itself."""

    label: str
    count: int


@dataclass(frozen=True)
class GroupFigures:
    """What one group answered; its mean, or for options the share that reaches the goal."""

    name: str
    answered: int
    mean: float | None = None
    share: float | None = None


@dataclass(frozen=True)
class Figures:
    """What came of one question. With too few answers there is nothing but how many.

    `share` is of the answers, between 0 and 1, that are at least what the goal asks; `said` are
    answers in words.
    """

    asks: Asks
    answered: int
    bars: tuple[Bar, ...] = ()
    mean: float | None = None
    share: float | None = None
    said: tuple[str, ...] = ()
    groups: tuple[GroupFigures, ...] = ()

    @property
    def enough(self) -> bool:
        return self.answered >= FEWEST

    @property
    def reached(self) -> bool:
        """Whether the goal is reached."""
        goal = self.asks.goal
        if goal is None or not self.enough:
            return False
        if goal.share:
            return (self.share or 0) >= goal.share
        return (self.mean or 0) >= goal.least


def figures(
    one: Round, answers: Sequence[Answer], invited: Sequence[Invitation]
) -> tuple[Figures, ...]:
    """Return what came of each question of a closed round, in their order."""
    asked = Counter(each.group for each in invited)
    return tuple(
        _figures(one, asks, [each for each in answers if each.question == number], asked)
        for number, asks in enumerate(one.form.questions)
    )


def _figures(one: Round, asks: Asks, given: Sequence[Answer], asked: Mapping[str, int]) -> Figures:
    if len(given) < FEWEST:
        # Of an anonymous round so few are not even kept; how many there were is not known then.
        return Figures(asks, len(given))
    values = [each.value for each in given]
    return Figures(
        asks,
        len(values),
        _bars(asks, values),
        _mean(asks, values),
        _share(asks, values),
        # Not in the order in which people stand in the list; what is forgotten is empty.
        tuple(sorted(filter(None, values), key=str.casefold)) if asks.kind is Kind.OPEN else (),
        tuple(_groups(one, asks, given, asked)),
    )


def _bars(asks: Asks, values: Sequence[str]) -> tuple[Bar, ...]:
    match asks.kind:
        case Kind.OPEN:
            return ()
        case Kind.CHOICE | Kind.CHOICES:
            chosen = Counter(part for value in values for part in value.split(",") if part)
            return tuple(Bar(text, chosen[str(at)]) for at, text in enumerate(asks.options))
        case Kind.SCALE:
            found = Counter(values)
            return tuple(Bar(str(near), found[str(near)]) for near in reversed(rules.SCALE))
        case Kind.NUMBER:
            counted = Counter(int(value) for value in values)
            return tuple(Bar(str(number), counted[number]) for number in sorted(counted))
        case _:
            assert_never(asks.kind)


def _mean(asks: Asks, values: Sequence[str]) -> float | None:
    if asks.kind not in (Kind.SCALE, Kind.NUMBER):
        return None
    return sum(map(int, values)) / len(values)


def _share(asks: Asks, values: Sequence[str]) -> float | None:
    goal = asks.goal
    if goal is None or not goal.share:
        return None
    return sum(_reaches(asks.kind, goal, value) for value in values) / len(values)


def _reaches(kind: Kind, goal: Goal, value: str) -> bool:
    if kind is Kind.CHOICES:
        return len([one for one in value.split(",") if one]) >= goal.least
    return int(value) >= goal.least


def _groups(
    one: Round, asks: Asks, given: Sequence[Answer], asked: Mapping[str, int]
) -> list[GroupFigures]:
    if asks.kind is Kind.OPEN:
        return []
    found: dict[str, list[str]] = {}
    for each in given:
        found.setdefault(each.group, []).append(each.value)
    means, shares = _told(one, asks, found.get(HIDDEN, ()))
    return [
        GroupFigures(
            name,
            len(found[name]),
            _mean(asks, found[name]) if means else None,
            _share(asks, found[name]) if shares else None,
        )
        for name in _names(one, asked, found)
        if means or shares
    ]


def _told(one: Round, asks: Asks, hidden: Sequence[str]) -> tuple[bool, bool]:
    """Tell whether of groups the mean may be shown, and the share that reaches the goal.

    Not when, of those that are hidden, something could be read off it.
    """
    means, shares = asks.kind in (Kind.SCALE, Kind.NUMBER), bool(asks.goal and asks.goal.share)
    if not one.form.anonymous:
        return means, shares
    reached = [bool(asks.goal and _reaches(asks.kind, asks.goal, value)) for value in hidden]
    ends = (min(rules.SCALE), max(rules.SCALE)) if asks.kind is Kind.SCALE else (0, None)
    return (
        means and disclosure.may_add([int(value) for value in hidden], *ends),
        shares and disclosure.may_count(reached),
    )


def _names(
    one: Round, asked: Mapping[str, int], found: Mapping[str, Sequence[str]]
) -> Sequence[str]:
    """Return the groups that may be shown beside the total."""
    if one.form.anonymous:
        # Which these are was decided when the round was counted; the others lost their name.
        return sorted(name for name in found if name != HIDDEN)
    cells = [Cell(name, size, len(found.get(name, ()))) for name, size in sorted(asked.items())]
    names = shown(cells)
    return names if len(cells) > 1 else ()
