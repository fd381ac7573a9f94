"""Which polls and questions a summary's card shows: what would not fit, stands with the round."""

import json
from collections.abc import Iterator, Sequence

from bot.summary.report import Asked, Figures, PollRound

MOST_POLLS = 5
MOST_BARS = 12
"""Bars of a question: as many as its options, and more than a scale has."""
LONGEST_TITLE = 40
"""Signs of a title on a button."""
ROOM = 17_000
"""Bytes that the polls of a week may take in a card of 25 KB; the rest is its frame."""
_POLL, _QUESTION, _BAR = 1_200, 600, 150
"""What a poll, a question and a bar take beside their words, which stand there several times."""


def shown_polls(figures: Figures) -> Sequence[PollRound]:
    """Return the polls that are named; each has a button that opens all of it."""
    return figures.polls[:MOST_POLLS]


def asked(figures: Figures) -> Iterator[tuple[int, int, Asked]]:
    """Yield the questions of the polls that are shown, with the numbers of round and question."""
    polls = shown_polls(figures)
    room = ROOM - sum(_POLL + 2 * _size(one.title) for one in polls)
    for place, poll in enumerate(polls):
        for number, one in enumerate(poll.questions):
            room -= _needs(one)
            if room < 0:
                return
            yield place, number, one


def counts_of(one: Asked) -> Sequence[tuple[str, int]]:
    """Return the answers that are shown, in order: of many numbers those that were given most."""
    counts = one.counts or ()
    if len(counts) <= MOST_BARS:
        return counts
    most = sorted(range(len(counts)), key=lambda place: (-counts[place][1], place))
    return [counts[place] for place in sorted(most[:MOST_BARS])]


def is_cut(one: Asked) -> bool:
    """Tell whether answers are left out of a chart."""
    return len(one.counts or ()) > MOST_BARS


def _needs(one: Asked) -> int:
    bars = [label for label, _ in counts_of(one)] + ["01-01"] * len(one.trend)
    return _QUESTION + 2 * _size(one.text) + sum(_BAR + 3 * _size(label) for label in bars)


def _size(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode())
