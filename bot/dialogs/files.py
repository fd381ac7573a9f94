"""A file that came with a message: the bot keeps none, and says where it can go."""

from datetime import timedelta

from bot.core.reply import Reply, Say
from bot.core.turn import Pending
from bot.dialogs.case import chat_with, load_case
from bot.dialogs.turn import Turn

FILES_FOR = timedelta(minutes=10)
"""How long after a question a file is taken to belong to it."""
FILE = "file"
"""The kind of what is remembered of a file: only that it came."""


async def came_with_file(turn: Turn) -> None:
    """Remember for a while that a file came: a question that is sent soon is about it."""
    channel, until = turn.incoming.sender.channel, turn.now + FILES_FOR
    await turn.work.pending.put(Pending(turn.me, channel, FILE, "", until))


async def came_before(turn: Turn) -> bool:
    """Tell whether a file came just before, and forget it."""
    file = await turn.work.pending.take(turn.me, turn.incoming.sender.channel, FILE)
    return file is not None and file.expires > turn.now


async def where_to(turn: Turn) -> Reply | None:
    """Say where a file can go that came with a question; None when there was no question."""
    recent = [
        one
        for one in await turn.work.questions.of_asker(turn.me, 1)
        if (one.unclaimed or one.held) and turn.now - one.created <= FILES_FOR
    ]
    if not recent:
        return None
    case = await load_case(turn.work, recent[0], turn.now)
    person = case.question.holder or (case.first.coach if case.first else None)
    coach = case.coaches.get(person) if person else None
    if coach is None:
        return None
    said = Say("question.file", {"name": coach.person.name, "code": case.question.code})
    links = chat_with(coach.person, case.question.draft.text)
    return Reply("question.file", (said,), personal=True, links=links)
