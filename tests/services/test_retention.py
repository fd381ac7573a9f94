"""Texts are forgotten in time, figures stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.reply import Incoming
from bot.core.turn import Handled, Pending, Unmet
from bot.occasions.model import Rule
from bot.occasions.rules import next_due
from bot.outbox.model import Notice
from bot.retention import rules
from bot.retention.service import Forgotten, Retention
from bot.routing.model import State
from tests import factories
from tests.fakes import AnyStore

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 1, 6, 2, 30, tzinfo=UTC)),
        (datetime(2026, 1, 5, 2, 29, tzinfo=UTC), datetime(2026, 1, 5, 2, 30, tzinfo=UTC)),
        (datetime(2026, 1, 5, 2, 30, tzinfo=UTC), datetime(2026, 1, 6, 2, 30, tzinfo=UTC)),
        # The clock goes forward at 01:00 UTC, and back at 01:00 UTC.
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, 2, 30, tzinfo=UTC)),
    ],
)
def test_it_is_due_once_a_day_at_half_past_three_local_time(after: datetime, due: datetime) -> None:
    assert next_due(Rule(rules.AT), after, AMSTERDAM) == due


async def test_old_texts_go_and_the_rest_stays(store: AnyStore) -> None:
    retention = Retention(timedelta(days=180), timedelta(days=7))
    async with store.begin() as work:
        person = (await work.people.register(factories.sender(), "nl")).id
        ids = [
            await work.knowledge.record(person, text, "refused", None, 0.9, at)
            for text, at in (
                ("oud", NOW - timedelta(days=181)),
                ("nieuw", NOW - timedelta(days=179)),
            )
        ]
        for name, days in (("long-ago", 181), ("lately", 179)):
            told = Notice(name, factories.reply(), NOW, person=person)  # to nobody: dead at once
            at = NOW - timedelta(days=days)
            await work.outbox.add(replace(told, not_before=at), at)
        for key, days in (("long-ago", 181), ("lately", 179)):
            question, _ = await work.questions.add(factories.draft(person, key), NOW)
            closed = NOW - timedelta(days=days)
            ended = replace(question, state=State.CLOSED, closed=closed, version=2)
            await work.questions.save(ended, seen=1)
        for name, age in (("old", 8), ("new", 6)):
            at = NOW - timedelta(days=age)
            await work.inbox.add(Handled("teams", name, person, at))
            said = Incoming(factories.sender("29:new"), name, "tekst")
            await work.strangers.add(Unmet(said, at, at))
        for kind, until in (("gone", -1), ("waits", 1)):
            await work.pending.put(
                Pending(person, "teams", kind, "tekst", NOW + timedelta(days=until))
            )
    for count in (1, 0):
        async with store.begin() as work:
            gone = await retention.forget(work, NOW)
        assert gone == Forgotten(texts=3 * count, messages=2 * count, pending=count)
    async with store.reading() as work:
        assert [line.key for line in await work.outbox.lines(10)] == ["lately"]
        newest_first = await work.questions.of_asker(person, 9)
        assert [bool(one.draft.text) for one in newest_first] == [True, False]
        old, new = [await work.knowledge.asked(one) for one in ids]
        assert old is not None
        assert new is not None
        assert (old.text, old.score, new.text) == ("", 0.9, "nieuw")
        assert await work.pending.find(person, "teams", "waits")
        assert not await work.pending.find(person, "teams", "gone")
    async with store.begin() as work:
        again = [
            await work.inbox.add(Handled("teams", name, person, NOW)) for name in ("old", "new")
        ]
    assert again == [True, False]
