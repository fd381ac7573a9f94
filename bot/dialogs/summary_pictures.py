"""What stands behind the address of a picture: a chart of a summary that was sent."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.core.clock import Clock
from bot.core.reply import Chart, Language
from bot.dialogs.summary_charts import chart
from bot.summary.links import Links
from bot.summary.ports import SentWork


@dataclass(frozen=True)
class Pictured:
    """A chart, and the language to write it in."""

    chart: Chart
    language: Language


@dataclass(frozen=True)
class Pictures:
    """Answers who asks for an address. Nothing is all that it says when there is nothing."""

    reading: Callable[[], AbstractAsyncContextManager[SentWork]]
    links: Links
    clock: Clock

    async def chart(self, token: str) -> Pictured | None:
        key = self.links.chart_of(token, self.clock.now())
        if key is None:
            return None
        async with self.reading() as work:
            sent = await work.summaries.get(key.week, key.audience)
        found = chart(sent.current, key.name) if sent else None
        language: Language = "en" if key.language == "en" else "nl"
        return Pictured(found, language) if found else None
