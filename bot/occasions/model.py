"""When something happens again and again, and what became of each time."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class State(StrEnum):
    """What became of an occasion."""

    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Rule:
    """A time of day (whole minutes), on each of some weekdays (0 is Monday), in local time.

    `every` so many weeks, counted from the week of `first`; nothing happens before that date.
    Raises ValueError for a rule that says nothing.
    """

    at: time
    weekdays: tuple[int, ...] = tuple(range(7))
    every: int = 1
    first: date | None = None

    def __post_init__(self) -> None:
        if self.at.replace(second=0, microsecond=0, tzinfo=None) != self.at:
            raise ValueError("an occasion has a local time in whole minutes")
        if not self.weekdays or not set(self.weekdays) <= set(range(7)):
            raise ValueError("an occasion has a weekday, 0 to 6")
        if self.every < 1 or (self.every > 1 and self.first is None):
            raise ValueError("every so many weeks is counted from a first one")


@dataclass(frozen=True)
class Occasion:
    """One time that a thing happens: `local`, without a zone, is its name; `due` its moment."""

    local: datetime
    due: datetime
