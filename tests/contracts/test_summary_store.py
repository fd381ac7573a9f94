"""What every store promises about summaries that were sent."""

from dataclasses import replace
from datetime import timedelta

from bot.core.ids import LocationId, PersonId
from bot.summary.model import Audience
from bot.summary.week import Week
from tests.fakes import AnyStore
from tests.summary_examples import SENT, WEEK, figures, sent

KNOWN = sent()
COACH = sent(Audience(LocationId(1), PersonId(1)))


async def test_what_was_sent_comes_back_as_it_was(store: AnyStore) -> None:
    async with store.begin() as work:
        assert await work.summaries.add(KNOWN)
        assert await work.summaries.add(COACH)
    async with store.reading() as work:
        assert await work.summaries.get(WEEK, "all") == KNOWN
        assert await work.summaries.get(WEEK, COACH.audience) == COACH
        assert await work.summaries.get(WEEK.back(), "all") is None


async def test_a_week_is_sent_once_to_an_audience(store: AnyStore) -> None:
    later = replace(KNOWN, at=SENT + timedelta(days=1), figures=figures(many=9))
    async with store.begin() as work:
        assert await work.summaries.add(KNOWN)
        assert not await work.summaries.add(later)
        assert await work.summaries.get(WEEK, "all") == KNOWN


async def test_the_newest_week_is_the_last(store: AnyStore) -> None:
    weeks = [Week(2026, 52), Week(2027, 1), Week(2026, 9)]
    async with store.begin() as work:
        assert await work.summaries.last("all") is None
        for week in weeks:
            await work.summaries.add(replace(KNOWN, week=week))
        await work.summaries.add(replace(COACH, week=Week(2027, 3)))
        last = await work.summaries.last("all")
        newest = await work.summaries.newest("all", 2)
    assert last
    assert last.week == Week(2027, 1)
    assert [one.week for one in newest] == [Week(2027, 1), Week(2026, 52)]


async def test_a_correction_stands_beside_what_was_sent(store: AnyStore) -> None:
    at, later = SENT + timedelta(days=7), figures(many=9)
    async with store.begin() as work:
        await work.summaries.add(KNOWN)
        await work.summaries.add(COACH)
        await work.summaries.correct(WEEK, "all", later, at)
        corrected = await work.summaries.get(WEEK, "all")
        assert await work.summaries.get(WEEK, COACH.audience) == COACH
    assert corrected == replace(KNOWN, corrected=later, corrected_at=at)
