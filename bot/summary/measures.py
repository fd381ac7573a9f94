"""What statistics are told of many figures: a share, a median, ranks, and how two go together."""

import math
from collections.abc import Sequence
from statistics import median

from bot.summary.report import TOO_FEW, Value

FEWEST_RANKED = 30
"""Pairs from which a correlation of ranks says anything."""


def share(part: float, whole: float) -> Value:
    """Return a share, 0 to 1; None of nothing."""
    return part / whole if whole else None


def middle(found: Sequence[float]) -> Value:
    """Return the median; None of nothing."""
    return median(found) if found else None


def slowest(found: Sequence[float]) -> Value:
    """Return what nine of ten stay under or at, by the nearest rank; None of nothing."""
    return sorted(found)[math.ceil(0.9 * len(found)) - 1] if found else None


def correlation(pairs: Sequence[tuple[float, float]]) -> Value:
    """Return Spearman's rank correlation, -1 to 1, of ties with their mean rank.

    TOO_FEW of fewer than `FEWEST_RANKED`; None when one side is the same everywhere.
    """
    if len(pairs) < FEWEST_RANKED:
        return TOO_FEW if pairs else None
    first, second = ranks([one for one, _ in pairs]), ranks([one for _, one in pairs])
    mean = (len(pairs) + 1) / 2
    both = sum((one - mean) * (two - mean) for one, two in zip(first, second, strict=True))
    alone = [sum((one - mean) ** 2 for one in side) for side in (first, second)]
    return both / math.sqrt(alone[0] * alone[1]) if all(alone) else None


def ranks(found: Sequence[float]) -> list[float]:
    """Return the rank of each, from 1; equal ones share the mean of theirs."""
    order = sorted(range(len(found)), key=found.__getitem__)
    result = [0.0] * len(found)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and found[order[end]] == found[order[start]]:
            end += 1
        for place in order[start:end]:
            result[place] = (start + 1 + end) / 2
        start = end
    return result
