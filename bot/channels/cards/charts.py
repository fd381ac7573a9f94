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

from bot.channels.cards.plain import bars as lines
from bot.channels.cards.plain import described, figure, write
from bot.core.reply import Bar, Chart, Language
from bot.i18n.text import Texts


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
    shown = "\n".join(line.text.strip() for line in lines(texts, language, chart))
    return RichTextBlock(inlines=[TextRun(text=shown, font_type="Monospace", size="Small")])
