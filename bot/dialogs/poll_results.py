"""What came of a round, for who made the poll. Pure but for the loading."""

import json
from collections.abc import Iterator, Sequence
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.reply import Block, Button, Day, Reply, Say, Words
from bot.core.when import on_day
from bot.dialogs.card_parts import cut
from bot.dialogs.poll_outcome import MOST_SAID, answered, on_one_line, response
from bot.dialogs.ports import TurnWork
from bot.polls.disclosure import FEWEST
from bot.polls.figures import Figures, figures
from bot.polls.model import Poll, Round

RESULTS = "poll.results"
MOST_ROUNDS = 6
SHORT = 60
MOST_LINES = 50
ROOM, OF_A_BLOCK, OF_A_LINK, MOST_LINKS = 11_000, 200, 200, 10
"""What the figures of a card may take, of the 25,000 that a card can be, and what a block takes
beside its words, and each link in them: with as many buttons as there can be, it fits."""


async def results(work: TurnWork, closed: Round, zone: ZoneInfo, others: Sequence[Round]) -> Reply:
    """Return the card of a closed round; `others` are the closed rounds of that poll."""
    found = await _figures(work, closed)
    earlier = [one for one in others if one.closes < closed.closes]
    before = {one.asks.text: one for one in await _figures(work, earlier[-1])} if earlier else {}
    blocks: list[Block] = [
        Words(closed.form.title, "title"),
        Say("poll.result.when", {"day": Day(closed.closes.astimezone(zone).date(), named=True)}),
        *response(closed),
    ]
    read: list[Button] = []
    if closed.answered < FEWEST:
        blocks.append(Say("poll.result.too_few"))
    else:
        told = [list(answered(one, before)) for one in found]
        fit = _fitting([_size(*part) for part in told], ROOM - _size(*blocks))
        blocks += [line for part in told[:fit] for line in part]
        blocks += [Say("poll.result.no_room", style="subtle")] if fit < len(told) else []
        read = [
            _read_on(closed, number, 0, _further(one))
            for number, one in enumerate(found)
            if number >= fit or len(one.said) > MOST_SAID
        ]
    rows = tuple(
        Button(
            Say("poll.result.other", {"when": on_day(one.closes, zone)}),
            buttons.ShowPollResults(poll=one.poll, round=one.id).encode(),
            line=True,
        )
        for one in reversed(others)
        if one.id != closed.id
    )
    back = Button(Say("poll.result.poll"), buttons.ShowPoll(poll=closed.poll).encode())
    return Reply(RESULTS, tuple(blocks), (*read, *rows, back), personal=True)


async def remarks(work: TurnWork, closed: Round, question: int, first: int) -> Reply | None:
    """Return what came of one question, from the `first` line on; None when there is nothing.

    Of a question in words those are all answers, of another the figures that its card has no room
    for.
    """
    found = dict(enumerate(await _figures(work, closed))).get(question)
    if found is None or not found.enough:
        return None
    title, *figures_ = answered(found, {})
    said = [Words(f"· {on_one_line(one)}") for one in found.said] or figures_
    start = max(first, 0)
    lines, most = said[start:], MOST_SAID if found.said else MOST_LINES
    if not lines:
        return None
    end = start + max(1, _fitting([_size(one) for one in lines[:most]], ROOM))
    left = len(said) - end
    more = Say("poll.result.more", {"count": left})
    on = (_read_on(closed, question, end, more),) if left > 0 else ()
    shown = buttons.ShowPollResults(poll=closed.poll, round=closed.id)
    back = Button(Say("question.back"), shown.encode())
    blocks = (title, *said[start:end])
    return Reply(RESULTS, blocks, (*on, back), personal=True, replaces=True)


def _further(one: Figures) -> Say:
    key = "read" if one.said else "look"
    return Say(f"poll.result.{key}", {"text": cut(one.asks.text, SHORT)})


def _fitting(sizes: Sequence[int], room: int) -> int:
    """Return how many of the first fit together."""
    return sum(1 for together in accumulate(sizes) if together <= room)


def _size(*blocks: Block) -> int:
    """Estimate how large blocks are in a card: never less than it is."""
    return sum(OF_A_BLOCK + sum(map(_bytes, _texts(one))) for one in blocks)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Words(text=text):
            yield text
        case Say(data=data):
            yield from (one for one in data.values() if isinstance(one, str))
        case _:
            pass


def _bytes(text: str) -> int:
    quoted = json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")
    return len(quoted) + min(text.count("://"), MOST_LINKS) * OF_A_LINK


def _read_on(closed: Round, question: int, first: int, said: Say) -> Button:
    which = {"poll": closed.poll, "round": closed.id}
    pressed = buttons.ShowRemarks(**which, question=question, first=first)
    return Button(said, pressed.encode(), line=True)


def nothing_yet(poll: Poll) -> Reply:
    """Return that no round of a poll is closed yet."""
    back = Button(Say("question.back"), buttons.ShowPoll(poll=poll.id).encode())
    blocks = (Words(poll.form.title, "title"), Say("poll.result.nothing_yet"))
    return Reply(RESULTS, blocks, (back,), personal=True, replaces=True)


async def _figures(work: TurnWork, closed: Round) -> Sequence[Figures]:
    answers = await work.polls.answers(closed.id)
    return figures(closed, answers, await work.polls.invitations(closed.id))
