"""A `Reply` as plain text, with a number for each thing to press."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.reply import Block, Language, Reply, Say, Select, Style, Words
from bot.i18n.text import Texts


@dataclass(frozen=True)
class Line:
    """One line of text; people's words may hold line breaks."""

    text: str
    style: Style = "body"


@dataclass(frozen=True)
class PlainCard:
    """What is printed, and what each number presses (the first is 1)."""

    lines: tuple[Line, ...]
    pressed: tuple[Mapping[str, Any], ...]


def render(texts: Texts, reply: Reply, shown: Sequence[Block] = (), first: int = 1) -> PlainCard:
    """Write a reply out, numbering from `first`; blocks that are `shown` already are left out."""
    lines: list[Line] = []
    pressed: list[Mapping[str, Any]] = []
    for block in reply.blocks:
        if block in shown:
            continue
        if isinstance(block, Select):
            lines.append(Line(write(texts, reply.language, block.label)))
            for option in block.options:
                pressed.append(block.pressed(option.value))
                label = write(texts, reply.language, option.label)
                lines.append(Line(f"  [{first - 1 + len(pressed)}] {label}"))
        else:
            lines.append(Line(write(texts, reply.language, block), block.style))
    lines += _buttons(texts, reply, first + len(pressed))
    pressed += [button.payload for button in reply.buttons]
    return PlainCard(tuple(lines), tuple(pressed))


def _buttons(texts: Texts, reply: Reply, first: int) -> Iterator[Line]:
    for number, button in enumerate(reply.buttons, start=first):
        yield Line(f"  [{number}] {write(texts, reply.language, button.label)}")


def write(texts: Texts, language: Language, said: Say | Words) -> str:
    """Return a text of the catalogue, or what people wrote as it is."""
    return said.text if isinstance(said, Words) else texts.write(language, said.key, said.data)
