"""What shows in everybody's chat, and whether a card says how its question is."""

from dataclasses import dataclass, field

from bench.floor.crowd import ASKER, COACHES, COACHES_CHANNEL, OFF, name_of, place
from bot.core.delivery import Message
from bot.core.reply import Reply, Say
from bot.dialogs.question_cards import FOLLOWED

CLAIM, SEND = "question.work.claim", "question.work.send"


@dataclass
class Board:
    """A service that takes everything, and keeps what shows where."""

    shown: dict[str, tuple[str, Reply]] = field(default_factory=dict)

    async def deliver(self, message: Message) -> str:
        remote = message.changes or f"remote-{message.id}"
        self.shown[remote] = (message.place.conversation, message.reply)
        return remote

    def cards(self, subject: str) -> dict[str, list[tuple[str, Reply]]]:
        """Return by conversation the cards that follow something, with their ids.

        What was told about it, once, is no such card: it stays as it was said.
        """
        found: dict[str, list[tuple[str, Reply]]] = {}
        for remote, (where, reply) in self.shown.items():
            if reply.subject == subject and reply.view in FOLLOWED:
                found.setdefault(where, []).append((remote, reply))
        return found

    def wrong(self, subject: str, winner: int) -> list[str]:
        """Return the conversations whose card does not say that the winner has the question."""
        cards = self.cards(subject)
        sent = [who for who in COACHES if who not in OFF]
        due = [COACHES_CHANNEL.conversation, *(place(who).conversation for who in (ASKER, *sent))]
        missing = [where for where in due if len(cards.get(where, [])) != 1]
        holds = place(winner).conversation
        return missing + [
            where
            for where, copies in cards.items()
            for _, reply in copies
            if not _right(reply, name_of(winner), holds=where == holds)
        ]

    def spared(self, subject: str) -> int:
        """Return how many have no card: it was not sent any more."""
        cards = self.cards(subject)
        return sum(place(who).conversation not in cards for who in OFF)

    def told(self, code: str) -> list[str]:
        """Return whom the asker was told has the question of this code, each time."""
        chat, about = place(ASKER).conversation, ("question.told.about", "code", code)
        return [
            str(name)
            for where, reply in self.shown.values()
            if where == chat and about in _says(reply)
            for key, data, name in _says(reply)
            if (key, data) == ("question.told.claimed", "name")
        ]


def _says(reply: Reply) -> set[tuple[str, str, object]]:
    """Return what a card says, by key, with each of its data."""
    said = (one for one in reply.blocks if isinstance(one, Say))
    return {(one.key, *data) for one in said for data in one.data.items()}


def _right(reply: Reply, winner: str, *, holds: bool) -> bool:
    buttons = {one.label.key for one in reply.buttons if isinstance(one.label, Say)}
    if holds:
        return SEND in buttons and CLAIM not in buttons
    taken = {(key, "name", winner) for key in ("question.work.taken", "question.mine.claimed")}
    return bool(taken & _says(reply)) and not {SEND, CLAIM} & buttons
