"""A chart in an Adaptive Card: Teams' own element, and for who cannot show it a picture or lines.

The element is documented on "Charts in Adaptive Cards" (learn.microsoft.com, Microsoft Teams); a
client that does not know it shows its fallback.
"""

from microsoft_teams.cards import (
    CardElement,
    HorizontalBarChart,
    HorizontalBarChartDataValue,
    Image,
    RichTextBlock,
    TextRun,
)

from bot.channels.cards.plain import described, figure, long, write
from bot.core.reply import Bar, Chart, Language
from bot.i18n.text import Texts

LONGEST = 10
"""Blocks of the longest bar: a number and a label fit beside it on a phone."""


def bars(texts: Texts, language: Language, chart: Chart) -> CardElement:
    """Return the element. One colour, and each bar bears its number: no colour tells anything."""
    element = HorizontalBarChart(
        title=described(texts, language, chart),
        color="categoricalBlue",
        data=[_bar(texts, language, one) for one in chart.bars],
        display_mode="AbsoluteNoAxis",
    )
    element.fallback = _fallback(texts, language, chart)
    return element


def _bar(texts: Texts, language: Language, bar: Bar) -> HorizontalBarChartDataValue:
    label = f"{write(texts, language, bar.label)}: {figure(texts, language, bar)}"
    return HorizontalBarChartDataValue(x=label, y=bar.amount.amount if bar.amount else 0)


def _fallback(texts: Texts, language: Language, chart: Chart) -> CardElement:
    if chart.picture:
        return Image(url=chart.picture, alt_text=described(texts, language, chart))
    shown = "\n".join(_line(texts, language, chart, one) for one in chart.bars)
    return RichTextBlock(inlines=[TextRun(text=shown, size="Small")])


def _line(texts: Texts, language: Language, chart: Chart, bar: Bar) -> str:
    """Return a bar as text: it comes first, so that all begin below each other on any screen."""
    drawn = "█" * long(chart, bar, LONGEST)
    number = figure(texts, language, bar)
    return f"{drawn} {number} · {write(texts, language, bar.label)}".strip()
