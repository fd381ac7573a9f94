"""What changed of a week since it was sent: which figures, and which stay as they were sent."""

import math
from collections.abc import Iterable
from dataclasses import replace

from bot.summary.report import Figures, Row, Value

_TODAYS = ("stale", "fte", "load", "visits_per_fte", "shift")
"""Figures that hang on more than their week: that they change is no correction of it."""
_FELT = ("ratings", "felt", "computed", "rank")
"""Figures that stay as they were sent: that they change would tell what one person said."""
_CLOSE = 1e-6


def changed(before: Figures, after: Figures) -> tuple[str, ...]:
    """Return the figures that are not the same any more, in order; of two places, none."""
    if before.location != after.location:
        return ()
    return tuple(
        name
        for name, value in after.values.items()
        if name not in (*_TODAYS, *_FELT) and not _same(before.values.get(name), value)
    )


def as_felt(sent: Figures, now: Figures) -> Figures:
    """Return the figures of now, with how help felt as it was sent."""
    return replace(
        now,
        values={**now.values, **{name: sent.values.get(name) for name in _FELT}},
        coaches=_as_felt(sent.coaches, now.coaches),
        teams=sent.teams,
        locations=_as_felt(sent.locations, now.locations),
    )


def _as_felt(sent: Iterable[Row], now: Iterable[Row]) -> tuple[Row, ...]:
    # Rows of before they said whose they are go by their name.
    known = {one.name if one.of is None else one.of: one for one in sent}
    return tuple(
        _row_as_felt(known.get(one.name if one.of is None else one.of) or known.get(one.name), one)
        for one in now
    )


def _row_as_felt(sent: Row | None, now: Row) -> Row:
    before = sent.values if sent else {}
    values = {
        name: before.get(name) if name in _FELT else value for name, value in now.values.items()
    }
    return replace(now, values=values)


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, abs_tol=_CLOSE)
    return one == other
