"""What one person at the terminal has before them: cards as they were last printed, and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.channels.cards.plain import PlainCard, Press, render
from bot.core.delivery import Message
from bot.core.reply import Block, Reply, Words
from bot.i18n.text import Texts

DIGITS = 3
"""Of a number that presses something, at most: no card has a thousand things to press."""


@dataclass(frozen=True)
class Pressable:
    """What a number presses, and on which card."""

    press: Press
    card: str


@dataclass
class Shown:
    """One person's cards, by the id of their message, and what the numbers press."""

    cards: dict[str, Reply] = field(default_factory=dict)
    pressable: dict[int, Pressable] = field(default_factory=dict)

    def show(self, texts: Texts, arrived: Mapping[str, Message]) -> list[PlainCard]:
        """Return what to print of what arrived: of a card that changed only what is new.

        Numbers press what is shown last. They keep what they press when that has no buttons, but
        for those of a card that changed.
        """
        printed: list[PlainCard] = []
        fresh: dict[int, Pressable] = {}
        for card, message in arrived.items():
            before, now = self.cards.get(card), message.reply
            self.cards[card] = now
            if before is not None and not _differs(before, now):
                continue
            plain = render(texts, now, _known(before, now), len(fresh) + 1)
            self.pressable = {
                number: one for number, one in self.pressable.items() if one.card != card
            }
            for press in plain.pressed:
                fresh[len(fresh) + 1] = Pressable(press, card)
            printed.append(plain)
        self.pressable = fresh or self.pressable
        return printed

    def find(self, line: str) -> Pressable | None:
        """Return what a line presses: the number of something that is shown."""
        number = line.strip()
        short = number.isdecimal() and len(number) <= DIGITS
        return self.pressable.get(int(number)) if short else None


def _known(before: Reply | None, now: Reply) -> Sequence[Block]:
    """Return the blocks that someone has read; what is ours they read anew in another language."""
    if before is None:
        return ()
    same = before.language == now.language
    return [block for block in before.blocks if same or isinstance(block, Words)]


def _differs(before: Reply, now: Reply) -> bool:
    known = _known(before, now)
    new = any(block not in known for block in now.blocks)
    return new or (before.buttons, before.links) != (now.buttons, now.links)
