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
            if before is not None and not _differs(before, now):
                self.cards[card] = now
                continue
            self._put_last(card, now)
            plain = render(texts, now, _known(before, now), len(fresh) + 1)
            self.pressable = {
                number: one for number, one in self.pressable.items() if one.card != card
            }
            for press in plain.pressed:
                fresh[len(fresh) + 1] = Pressable(press, card)
            printed.append(plain)
        self.pressable = fresh or self.pressable
        return printed

    def _put_last(self, card: str, now: Reply) -> None:
        """Keep cards in the order in which they stand on the screen."""
        self.cards.pop(card, None)
        self.cards[card] = now

    def older(self, texts: Texts) -> PlainCard | None:
        """Return the nearest card above that has buttons; the numbers press that one from now on.

        Above is above the card that they press now; the last of all when they press none.
        """
        pressed = {one.card for one in self.pressable.values()}
        above = list(self.cards)
        first = next((place for place, card in enumerate(above) if card in pressed), len(above))
        for card in reversed(above[:first]):
            plain = render(texts, self.cards[card])
            if plain.pressed:
                numbered = enumerate(plain.pressed, start=1)
                self.pressable = {number: Pressable(press, card) for number, press in numbered}
                return plain
        return None

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
