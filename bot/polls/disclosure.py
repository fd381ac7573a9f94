"""Which figures of an anonymous round are shown, so that nobody can be seen in them.

What can be read off the shown figures is worked out here as an attacker would: the total and the
shown groups leave, for the hidden ones, a sum; each has between none and all of its own people.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from bot.polls.model import Cell

FEWEST = 5
"""No figure of fewer respondents, in no setting."""
WIDTH = 5
"""Between the least and the most that a hidden group may have answered lies at least this."""
SMALLEST = 10
"""A group of which fewer are asked is merged with others before anyone is asked."""

HIDDEN = ""
"""The group of answers that are counted with all others only."""


def shown(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return the groups whose figures may be shown beside those of the total, in their order.

    Hidden are the smallest groups, by how many were asked, and as few of them as can be: of the
    others enough answered, and every hidden one may, for all that is shown, have none or `WIDTH`
    respondents. Going by what was answered would tell who knows the rule which hidden group is the
    small one, and how small. Nothing is shown of a round with too few respondents at all.
    """
    if sum(cell.answered for cell in cells) < FEWEST:
        return ()
    by_size = sorted(cells, key=lambda cell: (cell.asked, cell.group))
    ways = ((by_size[:most], by_size[most:]) for most in range(len(by_size) + 1))
    left = next((left for hidden, left in ways if _safe(hidden, left)), [])
    allowed = {cell.group for cell in left}
    return tuple(cell.group for cell in cells if cell.group in allowed)


def _safe(hidden: Sequence[Cell], left: Sequence[Cell]) -> bool:
    unknown = all(low == 0 and high >= WIDTH for low, high in bounds(hidden))
    return unknown and all(cell.answered >= FEWEST for cell in left)


def kept(asked: Mapping[str, int], given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the answers to one question, each with its group, as they may be stored.

    `asked` is how many people of each group were. Answers of a hidden group lose its name: who it
    was in a small group, the invitations would tell. Too few answers are dropped: what may never
    be shown need not be kept.
    """
    if len(given) < FEWEST:
        return []
    answered = Counter(group for group, _ in given)
    groups = shown([Cell(name, size, answered[name]) for name, size in asked.items()])
    return [(group if group in groups else HIDDEN, value) for group, value in given]


def bounds(hidden: Sequence[Cell]) -> list[tuple[int, int]]:
    """Return, for each hidden group, the least and the most that can have answered.

    Known are how many each was asked, and together, from the total, how many they answered.
    """
    together = sum(cell.answered for cell in hidden)
    most = sum(cell.asked for cell in hidden)
    return [(max(0, together - (most - cell.asked)), min(cell.asked, together)) for cell in hidden]


def merged(sizes: Sequence[tuple[str, int]], other: str) -> dict[str, str]:
    """Return under which group each counts, of the groups with the number of people in each.

    Those that are too small count together as `other`, with the next smallest when they are still
    too few. When that leaves one group, there is no breakdown: all count under an empty name.
    """
    by_size = sorted(sizes, key=lambda one: (one[1], one[0]))
    small = [one for one in by_size if one[1] < SMALLEST]
    large = by_size[len(small) :]
    while small and large and sum(size for _, size in small) < SMALLEST:
        small.append(large.pop(0))
    if len(large) + bool(small) <= 1:
        return {name: "" for name, _ in sizes}
    together = {name for name, _ in small}
    return {name: other if name in together else name for name, _ in sizes}


def may_count(hidden: Collection[bool]) -> bool:
    """Tell whether of each shown group may be told how many did something, such as reach a goal.

    `hidden` is who did in the hidden groups: of each of those, `WIDTH` may have done it, and not.
    """
    did = sum(hidden)
    return not hidden or min(did, len(hidden) - did) >= WIDTH


def may_add(hidden: Collection[int], least: int = 0, most: int | None = None) -> bool:
    """Tell whether of each shown group the sum of its answers may be told, and so their mean.

    `hidden` is what was answered in the hidden groups, each from `least` to `most`: their sum must
    lie `WIDTH` from both ends, at which it tells what each of them answered.
    """
    count, together = len(hidden), sum(hidden)
    below_most = most is None or together <= count * most - WIDTH
    return not hidden or (together >= count * least + WIDTH and below_most)
