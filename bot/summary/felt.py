"""How near help felt: of five people at least, and so that nobody follows from the others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean

from bot.core.ids import LocationId, PersonId
from bot.summary.measures import correlation
from bot.summary.model import Background, Rating, Said
from bot.summary.report import TOO_FEW, Value

FEWEST = 5
"""People behind a figure of how help felt; of fewer one could tell who said what."""


def felt(background: Background, at: LocationId | None) -> dict[str, Value]:
    """Return how near help felt in the week, and how that goes with what was worked out.

    At one location, or everywhere together.
    """
    week = background.ratings
    there = [one for one in week if at is None or one.location == at]
    few = at is not None and at in hidden(week)
    near = [(one.asker, one.computed) for one in there if one.computed is not None]
    return {
        "ratings": len(there),
        "felt": TOO_FEW if few else mean(there),
        "computed": TOO_FEW if few else _mean(near),
        "rank": _rank([one for one in background.compared if at is None or one.location == at]),
    }


def mean(found: Iterable[Rating]) -> Value:
    """Return the mean of what people said; TOO_FEW of too few people, however often they did."""
    return _mean([(one.asker, one.felt) for one in found])


def _mean(found: Sequence[tuple[PersonId, float]]) -> Value:
    if not found:
        return None
    people = {who for who, _ in found}
    return fmean(value for _, value in found) if len(people) >= FEWEST else TOO_FEW


def _rank(compared: Sequence[Rating]) -> Value:
    """Return how what was felt goes with what was worked out; TOO_FEW of too few people."""
    pairs = [(one.felt, one.computed) for one in compared if one.computed is not None]
    found = correlation(pairs)
    return TOO_FEW if pairs and len({one.asker for one in compared}) < FEWEST else found


def hidden(week: Sequence[Rating]) -> set[LocationId]:
    """Return the locations whose figure is not shown: those of too few people.

    What is hidden together follows from the figure of all. So the next smallest is hidden as
    well, until that is of enough people.
    """
    # Each person once: people have one location.
    many = Counter(place for _, place in {(one.asker, one.location) for one in week})
    few: set[LocationId] = set()
    people = 0
    for count, place in sorted((count, place) for place, count in many.items()):
        if count >= FEWEST and (not few or people >= FEWEST):
            break
        few.add(place)
        people += count
    return few


def by_fives(ratings: Iterable[Said]) -> Value:
    """Return how near help felt, by whole fives of people: one more rating changes nothing.

    Ratings are as they were given, in that order: a five that is full stays as it is.

    Who rates more than once counts once in a five, by the last word in it. So no two summaries
    tell together what one person said.
    """
    fives: list[float] = []
    people: dict[PersonId, int] = {}
    for one in ratings:
        people[one.asker] = one.felt
        if len(people) == FEWEST:
            fives.append(fmean(people.values()))
            people = {}
    if fives:
        return fmean(fives)
    return TOO_FEW if people else None
