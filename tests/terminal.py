"""A terminal on a bot that says what a test wants, in this process."""

from collections.abc import Sequence
from io import StringIO

from rich.console import Console as Screen

from bot.channels.console.mailbox import Mailbox
from bot.channels.console.terminal import Console
from bot.core.delivery import Message
from bot.core.delivery import Sender as Out
from bot.core.ids import MessageId
from bot.core.reply import Channel, Incoming, Place, Reply, Sender
from bot.core.turn import Turned
from bot.i18n.text import Texts

ANN = Sender(Channel.CONSOLE, "ann", "Ann", "ann@college.example")
BOB = Sender(Channel.CONSOLE, "bob", "Bob", "bob@college.example")


class Bot:
    """Answers with what it was given, and remembers what came in."""

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.seen = list(replies), list[Incoming]()

    async def on_turn(self, incoming: Incoming) -> Turned:
        self.seen.append(incoming)
        place = Place(Channel.CONSOLE, incoming.sender.address)
        replies = [self.replies.pop(0)] if self.replies else []
        return Turned(
            tuple(
                Message(MessageId(1), place, reply, incoming.card if reply.replaces else "")
                for reply in replies
            )
        )

    async def send(self, turned: Turned, channel: Out) -> None:
        for message in turned.messages:
            await channel.deliver(message)


class Backstage:
    async def find(self, name: str) -> Sequence[Sender]:
        return [one for one in (ANN, BOB) if name.lower() in one.name.lower()]

    async def command(self, sender: Sender, place: Place, line: str) -> str | None:
        del sender, place
        if not line.startswith("/tijd"):
            return None
        return "2026-11-24 10:00" if line == "/tijd +2d" else "/tijd +2d"

    async def deliver(self) -> None:
        """Nothing is due."""


def console(bot: Bot) -> tuple[Console, StringIO]:
    out = StringIO()
    screen = Screen(file=out, highlight=False, soft_wrap=True)
    box = Mailbox()
    return Console(Texts("i-coach"), bot, Backstage(), ANN, box, box, screen), out


async def typed(chat: Console, *lines: str) -> str:
    """Type lines; returns what the last of them prints."""
    out = chat.screen.file
    before = out.tell()
    for line in lines:
        before = out.tell()
        await chat.enter(line)
    out.seek(before)
    return out.read()


async def tell(chat: Console, sender: Sender, reply: Reply, changes: str = "") -> str:
    """Let a message arrive for someone; returns its id."""
    place = Place(Channel.CONSOLE, sender.address)
    return await chat.mailbox.deliver(Message(MessageId(1), place, reply, changes))
