"""A `Reply` as plain text, with a number for each thing to press."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.core.reply import (
    Bar,
    Block,
    Button,
    Chart,
    Choose,
    Field,
    Language,
    Option,
    Reply,
    Say,
    Select,
    Style,
    Words,
)
from bot.i18n.text import Texts, amount


@dataclass(frozen=True)
class Line:
    """One line of text; people's words may hold line breaks."""

    text: str
    style: Style = "body"


@dataclass(frozen=True)
class Press:
    """What a number does: it sends a payload, once the fields of its form were asked for."""

    payload: Mapping[str, Any]
    fields: tuple[Field | Choose, ...] = ()
    language: Language = "nl"


@dataclass(frozen=True)
class PlainCard:
    """What is printed, and what each number presses (the first is 1)."""

    lines: tuple[Line, ...]
    pressed: tuple[Press, ...]


def render(texts: Texts, reply: Reply, shown: Sequence[Block] = (), first: int = 1) -> PlainCard:
    """Write a reply out, numbering from `first`; blocks that are `shown` already are left out."""
    lines: list[Line] = []
    pressed: list[Press] = []
    for block in reply.blocks:
        if block in shown:
            continue
        if isinstance(block, Select):
            lines.append(Line(write(texts, reply.language, block.label)))
            lines += options(texts, reply.language, block.options, first + len(pressed))
            pressed += [
                Press(block.pressed(option.value), (), reply.language) for option in block.options
            ]
        elif isinstance(block, Chart):
            lines.append(Line(write(texts, reply.language, block.title)))
            lines += bars(texts, reply.language, block)
        else:
            lines.append(_line(texts, reply.language, block))
    lines += _buttons(texts, reply, first + len(pressed))
    pressed += [_press(reply, button) for button in reply.buttons]
    return PlainCard(tuple(lines), tuple(pressed))


def options(
    texts: Texts, language: Language, listed: Sequence[Option], first: int = 1
) -> Iterator[Line]:
    """Write what can be chosen out, each with its number."""
    for number, option in enumerate(listed, start=first):
        yield Line(f"  [{number}] {write(texts, language, option.label)}")


LONGEST_BAR = 20
"""Blocks of the longest bar: a label and a number fit beside it on a line of 80."""


def bars(texts: Texts, language: Language, chart: Chart) -> Iterator[Line]:
    """Write a chart out, a line a bar, the labels below each other."""
    labels = [write(texts, language, one.label) for one in chart.bars]
    wide = max(map(len, labels), default=0)
    for label, one in zip(labels, chart.bars, strict=True):
        drawn = "█" * long(chart, one, LONGEST_BAR)
        yield Line(f"  {label:<{wide}}  {f'{drawn} {figure(texts, language, one)}'.strip()}")


def long(chart: Chart, bar: Bar, longest: int) -> int:
    """Return how many blocks a bar has; what is more than nothing is seen."""
    whole = chart.most or max((one.amount.amount for one in chart.bars if one.amount), default=0)
    part = bar.amount.amount / whole if bar.amount and whole else 0
    return max(round(part * longest), int(part > 0))


def figure(texts: Texts, language: Language, bar: Bar) -> str:
    """Return the number of a bar, or why there is none."""
    if bar.amount is None:
        return write(texts, language, bar.why) if bar.why else ""
    return amount(language, bar.amount)


def described(texts: Texts, language: Language, chart: Chart) -> str:
    """Return a chart in words, with all its figures: for who cannot see it."""
    parts = [
        f"{write(texts, language, one.label)}: {figure(texts, language, one)}" for one in chart.bars
    ]
    return f"{write(texts, language, chart.title)}. {'; '.join(parts)}."


def filled(texts: Texts, language: Language, block: Field | Choose) -> str:
    """Return what stands in a field; of a list that is the label of what is chosen."""
    if isinstance(block, Field):
        return block.value
    values = block.value.split(",") if block.many else [block.value]
    chosen = [one.label for one in block.options if one.value in values]
    return ", ".join(write(texts, language, one) for one in chosen)


def _line(texts: Texts, language: Language, block: Say | Words | Field | Choose) -> Line:
    match block:
        case Say() | Words():
            return Line(write(texts, language, block), block.style)
        case Field() | Choose():
            label = write(texts, language, block.label)
            return Line(f"{label}: {filled(texts, language, block)}".rstrip(), "subtle")
        case _:
            assert_never(block)


def _buttons(texts: Texts, reply: Reply, first: int) -> Iterator[Line]:
    for number, button in enumerate(reply.buttons, start=first):
        yield Line(f"  [{number}] {write(texts, reply.language, button.label)}")
    for link in reply.links:
        yield Line(f"  {write(texts, reply.language, link.label)}: {link.url}")


def _press(reply: Reply, button: Button) -> Press:
    asked = [block for block in reply.blocks if isinstance(block, Field | Choose)]
    fields = tuple(asked) if button.form else ()
    if button.keeps:
        stands = {one.name: one.value for one in fields}
        return Press({**button.payload, **stands}, (), reply.language)
    return Press(button.payload, fields, reply.language)


def write(texts: Texts, language: Language, said: Say | Words) -> str:
    """Return a text of the catalogue, or what people wrote as it is."""
    return said.text if isinstance(said, Words) else texts.write(language, said.key, said.data)
