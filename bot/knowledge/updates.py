"""What changed of the entries since an index of them was built, laid over that index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.core.ids import EntryId
from bot.knowledge.model import Changes, Entry
from bot.knowledge.subjects import Subject, Subjects

MOST = 32
"""Entries that changed, at most: each of them is indexed again with every later change."""
LARGEST_SHARE = 1 / 16
"""Of the subjects that changed, at most: beyond that rarity is no longer what it was."""


@dataclass(frozen=True)
class Built:
    """An index as it was built whole, the column of each entry in it, and what changed since."""

    subjects: Subjects
    columns: Mapping[EntryId, int]
    changed: Mapping[EntryId, Subject | None]
    """None: removed."""

    @classmethod
    def of(cls, subjects: Subjects, entries: Iterable[Entry]) -> "Built":
        """Name the entries, which have the first columns; the others are of topics."""
        return cls(subjects, {entry.id: place for place, entry in enumerate(entries)}, {})

    @property
    def room(self) -> int:
        """How many entries may change before it should be built whole again."""
        return int(min(MOST, LARGEST_SHARE * self.subjects.size))

    def takes(self, changes: Changes) -> bool:
        """Tell whether it stays a good index with these changes over it."""
        return len(self.changed.keys() | changes.keys()) <= self.room

    def with_changes(self, changes: Changes) -> "Built":
        """Return the same index, with more that changed."""
        new = {one: Subject.of_entry(now) if now else None for one, now in changes.items()}
        return replace(self, changed={**self.changed, **new})

    def over(self, entries: Sequence[Entry]) -> Subjects:
        """Return the subjects of all entries as they are now, in this order, and the topics."""
        said = {one: subject for one, subject in self.changed.items() if subject}
        size = self.subjects.size
        columns = {**self.columns, **{one: size + place for place, one in enumerate(said)}}
        order = [*(columns[entry.id] for entry in entries), *range(len(self.columns), size)]
        return self.subjects.with_changed([*said.values()], np.array(order, np.int64))


def changed_in(entries: Iterable[Entry], changes: Changes) -> tuple[Entry, ...]:
    """Return the entries with the changes made, in order of id."""
    now = {**{entry.id: entry for entry in entries}, **changes}
    return tuple(filter(None, map(now.__getitem__, sorted(now))))


def changes_between(before: Iterable[Entry], after: Iterable[Entry]) -> Changes:
    """Return what makes of the entries before those after."""
    old, new = ({entry.id: entry for entry in entries} for entries in (before, after))
    changed = {one: entry for one, entry in new.items() if old.get(one) != entry}
    return {**dict.fromkeys(old.keys() - new.keys()), **changed}
