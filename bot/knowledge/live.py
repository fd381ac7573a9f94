"""Keeps the index as new as the database, while it is in use."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.knowledge.calibration import Calibration
from bot.knowledge.lexicon import Synonyms
from bot.knowledge.match import Matcher
from bot.knowledge.meaning import WordVectors
from bot.knowledge.model import Changes, Entry, Faq
from bot.knowledge.ports import KnowledgeWork
from bot.knowledge.updates import changed_in, changes_between

SETTLES_AFTER = timedelta(minutes=5)
"""How long changes lie over the index before it is built whole again: who edits one entry often
edits the next, and to build 10,000 takes seconds of a processor."""


class Reading(Protocol):
    """Opens a unit of work that only reads."""

    def __call__(self) -> AbstractAsyncContextManager[KnowledgeWork]: ...


class FaqIndex:
    """The matcher over the stored entries; it follows their version.

    The version is looked at once in `every`: a changed entry is live on every replica within that.
    A few changes are laid over the index at once, and later it is built whole in the background;
    after many, and at first, it is built whole.
    """

    def __init__(
        self,
        shipped: Faq,
        synonyms: Synonyms,
        vectors: WordVectors | None = None,
        calibration: Calibration | None = None,
        every: timedelta = timedelta(seconds=1),
    ) -> None:
        self._shipped, self._every = shipped, every
        self._looked: datetime | None = None
        self._changed: datetime | None = None
        self._build = partial(
            Matcher.build, synonyms=synonyms, vectors=vectors, calibration=calibration
        )
        self._version = -1
        self._reading = asyncio.Lock()
        self._settling: asyncio.Task[None] | None = None
        self.matcher = self._whole(())

    @property
    def loaded(self) -> bool:
        """Whether it holds the stored entries."""
        return self._version >= 0

    async def refresh(self, reading: Reading, now: datetime) -> None:
        """Follow what changed; in a thread, so that others are answered.

        Who comes while that goes on is answered from the index there is, if there is one.
        """
        if self.loaded and (self._reading.locked() or not self._due(now)):
            return
        async with self._reading:
            self._looked = now
            async with reading() as work:
                version = await work.knowledge.version()
                changes = await self._changes(work, version)
            if changes:
                self.matcher = await asyncio.to_thread(self._followed, changes)
                self._changed = now
            self._version = version
        if self._unsettled(now):
            self._settling = asyncio.create_task(self._settle())

    async def settled(self) -> None:
        """Wait until the index is no longer being built in the background, if it is."""
        if self._settling:
            await self._settling

    def _due(self, now: datetime) -> bool:
        return self._looked is None or now - self._looked >= self._every

    async def _changes(self, work: KnowledgeWork, version: int) -> Changes:
        if version == self._version:
            return {}
        if not self.loaded or version < self._version:  # older: a backup was put back
            return changes_between(self.matcher.entries, await work.knowledge.entries())
        return await work.knowledge.changed_since(self._version)

    def _followed(self, changes: Changes) -> Matcher:
        if self.loaded and self.matcher.built.takes(changes):
            return self.matcher.updated(changes)
        return self._whole(changed_in(self.matcher.entries, changes))

    def _whole(self, entries: tuple[Entry, ...]) -> Matcher:
        return self._build(replace(self._shipped, entries=entries))

    def _unsettled(self, now: datetime) -> bool:
        """Tell whether it is time to build whole: none came for a while, or many did."""
        built = self.matcher.built
        if not built.changed or (self._settling and not self._settling.done()):
            return False
        quiet = self._changed is None or now - self._changed >= SETTLES_AFTER
        return quiet or 2 * len(built.changed) > built.room

    async def _settle(self) -> None:
        before = self.matcher.entries
        whole = await asyncio.to_thread(self._whole, before)
        async with self._reading:  # what changed meanwhile stays
            changes = changes_between(before, self.matcher.entries)
            self.matcher = await asyncio.to_thread(whole.updated, changes) if changes else whole
