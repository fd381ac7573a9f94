"""Draws a chart as a picture: for a phone, and for who cannot tell colours apart.

matplotlib is read at the first picture: it takes half a second and 40 MB, and most never need one.
"""

from io import BytesIO
from typing import Any

from bot.channels.cards.plain import figure, write
from bot.core.reply import Chart, Language
from bot.i18n.text import Texts

WIDE = 3.9
"""Inches at 100 dots each: what a card on a phone is wide, 390 pixels. Drawn twice as sharp."""
PER_BAR, MARGIN = 0.5, 0.1
SHARP = 200
BLUE, DARK, LIGHT = "#0072B2", "#1b1b1b", "#e8e8e8"
"""Blue as of Okabe and Ito, "Color Universal Design" (2008): it differs for everybody."""
LONGEST = 50
"""Signs of a label that fit on a line."""


def draw(texts: Texts, language: Language, chart: Chart) -> bytes:
    """Return a PNG: each bar under its label and with its number, so that colour tells nothing.

    The title stands above it in the card.
    """
    # Not the part of matplotlib that keeps a state for the whole process.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 (see above)
    from matplotlib.figure import Figure  # noqa: PLC0415 (see above)

    height = PER_BAR * len(chart.bars) + MARGIN
    picture = Figure(figsize=(WIDE, height), dpi=SHARP, facecolor="white")
    FigureCanvasAgg(picture)
    axes: Any = picture.add_axes((0.03, 0.0, 0.80, 1.0))
    _bars(axes, texts, language, chart)
    out = BytesIO()
    picture.savefig(out, format="png")
    return out.getvalue()


def _bars(axes: Any, texts: Texts, language: Language, chart: Chart) -> None:
    numbers = [one.amount.amount if one.amount else 0.0 for one in chart.bars]
    whole = chart.most or max(numbers, default=0.0) or 1.0
    places = [len(numbers) - place for place in range(len(numbers))]
    axes.barh(places, [whole] * len(numbers), height=0.32, color=LIGHT)
    axes.barh(places, numbers, height=0.32, color=BLUE)
    for place, one in zip(places, chart.bars, strict=True):
        label = _short(write(texts, language, one.label))
        axes.text(0, place + 0.24, label, fontsize=9, color=DARK, va="bottom")
        # Why there is no number is longer than one, and there is room where the bar would be.
        at, loud = (whole * 1.02, "bold") if one.amount else (whole * 0.02, "normal")
        shown = figure(texts, language, one)
        axes.text(at, place, shown, fontsize=9, weight=loud, color=DARK, va="center")
    axes.set_xlim(0, whole)
    axes.set_ylim(0.5, len(numbers) + 0.5 + MARGIN / PER_BAR)
    axes.axis("off")


def _short(text: str) -> str:
    """Return a label on one line; a dollar sign is no formula to matplotlib."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return line.replace("$", r"\$")
