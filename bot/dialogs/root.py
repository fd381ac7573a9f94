"""Every message comes in here: one turn, one transaction, always a reply."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from traceback import format_tb

from bot.core import buttons, poll_buttons, walkin_buttons
from bot.core.clock import Clock
from bot.core.delivery import Message
from bot.core.errors import BotError, ConflictError, UnknownButtonError
from bot.core.ids import MessageId
from bot.core.reply import Event, Incoming, Language, Reply, Say
from bot.core.turn import Handled, Heard, Kind, Turned
from bot.dialogs import files
from bot.dialogs.asides import Asides
from bot.dialogs.ask import Ask
from bot.dialogs.channels import name_channel
from bot.dialogs.coach import CoachCard
from bot.dialogs.following import Following
from bot.dialogs.ports import Begin, TurnWork
from bot.dialogs.presses import Presses
from bot.dialogs.profile import LANGUAGE, Profile
from bot.dialogs.turn import Turn
from bot.i18n.text import commands
from bot.knowledge.live import FaqIndex, Reading
from bot.knowledge.normalise import normalise, words
from bot.people import service as people
from bot.people.model import REMOVED, ChannelName, Person

log = logging.getLogger(__name__)

TRIES = 3
TAKEOVER = timedelta(seconds=5)
"""After which the relay sends what the process that stored it did not."""
NOT_STORED = MessageId(0)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Not the tab and the ends of lines."""


@dataclass(frozen=True)
class Root:
    """Picks the conversation for a message."""

    begin: Begin
    reading: Reading
    index: FaqIndex
    clock: Clock
    language: Language
    coach_title: str
    ask: Ask
    profile: Profile
    coach: CoachCard
    following: Following
    asides: Asides
    presses: Presses

    async def on_turn(self, incoming: Incoming) -> Turned:
        """Return the replies to a message, the same ones again when it was redelivered.

        Never raises: what goes wrong is logged without the message's text, nothing of the turn is
        stored, and the sender is told what to do.
        """
        try:
            await self.index.refresh(self.reading, self.clock.now())
            return await self._committed(storable(incoming), TRIES)
        except Exception as error:  # noqa: BLE001 (whatever it is, the sender is answered)
            # Not the error's own words: a library may repeat in them what was typed.
            name, trace = type(error).__name__, "".join(format_tb(error.__traceback__))
            log.error("a turn failed: %s %s\n%s", incoming.message_id, name, trace)  # noqa: TRY400
            sorry = Reply("error", (Say("error.unexpected"),))
            return Turned((Message(NOT_STORED, incoming.where, sorry),))

    async def _committed(self, incoming: Incoming, tries: int) -> Turned:
        try:
            async with self.begin() as work:
                return await self._once(work, incoming)
        except ConflictError:
            # The same message, or the same newcomer, came in twice at once and the other was
            # first: doing it again finds what that one stored.
            if tries == 1:
                raise
            return await self._committed(incoming, tries - 1)

    async def _once(self, work: TurnWork, incoming: Incoming) -> Turned:
        channel, now = incoming.sender.channel, self.clock.now()
        met = await people.recognise(work, incoming.sender, self.language)
        person = met.person
        guess = self._heard(incoming)
        if not await work.inbox.add(Handled(channel, incoming.message_id, person.id, now, guess)):
            return Turned(await work.outbox.answers(channel, incoming.message_id), mine=False)
        if incoming.event is not Event.REMOVED and await people.arrive(
            work, incoming.sender, met, incoming.where
        ):
            await work.outbox.revive(person.id, incoming.where, now)
        turn = Turn(work, incoming, person, now, met.works)
        try:
            replies = await self._reply(turn)
        except UnknownButtonError as known:
            replies = (_error(known),)
        if guess.kind is not Kind.EVENT and turn.met.heard != guess:
            await work.inbox.was(channel, incoming.message_id, turn.met.heard)
        language = await self._language(work, person, replies)
        messages, ahead = await work.outbox.answer(
            person.id,
            incoming.where,
            incoming.message_id,
            [self._told(reply, incoming, language) for reply in replies],
            card=incoming.card,
            at=now,
            takeover=now + TAKEOVER,
        )
        return Turned(messages, until=now + TAKEOVER, ahead=ahead)

    def _heard(self, incoming: Incoming) -> Heard:
        """Guess what kind of message it is: nearly always right, so that it is stored once."""
        if incoming.event is not Event.MESSAGE:
            return Heard(Kind.EVENT)
        text = incoming.text.strip()
        if incoming.button is not None or not text:
            return Heard(Kind.COMMAND)
        known = _plain(text) in _commands(self.coach_title)
        return Heard(Kind.COMMAND if known else Kind.QUESTION)

    async def _language(
        self, work: TurnWork, person: Person, replies: tuple[Reply, ...]
    ) -> Language:
        if not replies or replies[0].view != LANGUAGE:
            return person.language
        changed = await work.people.by_id(person.id)
        return changed.language if changed else person.language

    def _told(self, reply: Reply, incoming: Incoming, language: Language) -> Reply:
        """Return a reply in its reader's language.

        What is said apart, in the 1:1 chat, is no card of the place that it was asked in: that one
        would be changed later. A card that all read is in the college's language.
        """
        apart = reply.personal and not incoming.personal
        shared = bool(reply.subject) and not reply.personal and not incoming.personal
        said = self.language if shared else language
        subject = "" if apart else reply.subject
        if (said, subject) == (reply.language, reply.subject):
            return reply
        return replace(reply, language=said, subject=subject)

    async def _reply(self, turn: Turn) -> tuple[Reply, ...]:
        if turn.incoming.button is not None:
            return await self._pressed(turn, buttons.decode(turn.incoming.button))
        match turn.incoming.event:
            case Event.INSTALLED:
                return (self.ask.help.welcome(turn),)
            case Event.ADDED:
                return ()
            case Event.REMOVED:
                return await self._removed(turn)
            case Event.MESSAGE:
                return await self._said(turn, turn.incoming.text.strip())

    async def _removed(self, turn: Turn) -> tuple[Reply, ...]:
        sender = turn.incoming.sender
        if turn.incoming.personal:
            await turn.work.addresses.lose(sender.channel, sender.address, REMOVED)
        return ()

    async def _said(self, turn: Turn, text: str) -> tuple[Reply, ...]:
        where = await _file(turn) if turn.incoming.files else None
        if where and not text:
            return (where,)
        command = _commands(self.coach_title).get(_plain(text), "") if text else ""
        if command:
            return await self._commanded(turn, command)
        if meant := await self.asides.meant(turn, text):
            return (meant,) if isinstance(meant, Reply) else await self._pressed(turn, meant)
        if known := self._at_once(turn.incoming, text):
            return (known,)
        if not turn.person.settled and turn.incoming.personal:
            return await self.profile.begin(turn)
        first, *others = [
            await self.following.heard(turn, reply, found.asked, found.text)
            for reply, found in await self.ask.asked(turn, text)
        ]
        if turn.incoming.files:
            said = where.blocks if where else (Say("note.files", style="subtle"),)
            links = (*first.links, *(where.links if where else ()))
            first = replace(first, blocks=(*said, *first.blocks), links=links)
        return (first, *others)

    def _at_once(self, incoming: Incoming, text: str) -> Reply | None:
        """Return what needs no looking up: danger, and what holds no question at all."""
        if not text:
            return Reply("error", (Say(_empty(incoming)),))
        if kind := self.ask.urgent(text):
            return Reply("urgent", (Say(f"urgent.{kind}"),))
        if not any(len(word) > 1 and not word.isdigit() for word in words(text)):
            return Reply("error", (Say("error.no_words"),))
        return None

    async def _commanded(self, turn: Turn, command: str) -> tuple[Reply, ...]:
        if pressed := _COMMANDS.get(command):
            return await self._pressed(turn, pressed)
        match command:
            case "language":
                return (Reply("error", (Say("error.no_language"),)),)
            case "coaches_channel":
                return (await name_channel(turn, ChannelName.COACHES),)
            case "coordinators_channel":
                return (await name_channel(turn, ChannelName.COORDINATORS),)
            case _:
                return (await self.coach.show(turn),)

    async def _pressed(self, turn: Turn, pressed: buttons.Payload) -> tuple[Reply, ...]:
        handler = self.presses.get(type(pressed))
        if handler is None:
            raise UnknownButtonError
        reply = await handler(turn, pressed)
        return reply if isinstance(reply, tuple) else (reply,)


async def _file(turn: Turn) -> Reply | None:
    await files.came_with_file(turn)
    return await files.where_to(turn)


_COMMANDS: Mapping[str, buttons.Payload] = {
    "help": buttons.Help(),
    "english": buttons.SetLanguage(language="en"),
    "dutch": buttons.SetLanguage(language="nl"),
    "ask_coach": buttons.AskCoach(),
    "my_questions": buttons.MyQuestions(),
    "my_work": buttons.MyWork(),
    "overview": buttons.Overview(),
    "summary": buttons.ShowSummary(),
    "proposals": buttons.OpenProposals(),
    "not_today": buttons.NotToday(),
    "away": buttons.AwayForm(),
    "back": buttons.BackAgain(),
    "walkins": walkin_buttons.ShowWalkIns(),
    "walkin_now": walkin_buttons.WalkInNow(),
    "my_walkins": walkin_buttons.MyWalkIns(),
    "new_walkin": walkin_buttons.HourForm(),
    "calendar": walkin_buttons.ShowCalendar(),
    "polls": poll_buttons.ShowPolls(),
    "new_poll": poll_buttons.NewPoll(),
    "no_polls": poll_buttons.AskedInPolls(asked=False),
    "polls_again": poll_buttons.AskedInPolls(asked=True),
}
"""Commands that do what a button does."""


@cache
def _commands(coach_title: str) -> Mapping[str, str]:
    """Return the command that each whole message is, by its plain text."""
    return {
        _plain(text.format(coach_title=coach_title)): name
        for name, texts in commands().items()
        for text in texts
    }


def _plain(text: str) -> str:
    return normalise(text) or text


def storable(incoming: Incoming) -> Incoming:
    """Return a message without what no database or card takes."""
    if incoming.button is not None:
        filled = {
            name: _clean(value) if isinstance(value, str) else value
            for name, value in incoming.button.items()
        }
        incoming = replace(incoming, button=filled)
    name, text = _clean(incoming.sender.name), _clean(incoming.text)
    if (name, text) == (incoming.sender.name, incoming.text):
        return incoming
    return replace(incoming, sender=replace(incoming.sender, name=name), text=text)


def _clean(text: str) -> str:
    # PostgreSQL takes no NUL, other control characters are six bytes each in a card, and half an
    # emoji is no UTF-8; nobody types them on purpose.
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode()


def _empty(incoming: Incoming) -> str:
    return "error.only_files" if incoming.files else "error.empty"


def _error(known: BotError) -> Reply:
    return Reply("error", (Say(known.text_key, dict(known.data)),))
