"""What came of a round, for who made the poll. Pure but for the loading."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.reply import Block, Button, Day, Reply, Say, Value, Words
from bot.core.when import on_day
from bot.dialogs.card_parts import cut
from bot.dialogs.ports import TurnWork
from bot.polls.disclosure import FEWEST
from bot.polls.figures import Figures, GroupFigures, figures
from bot.polls.model import Kind, Poll, Round
from bot.polls.rules import OTHER

RESULTS = "poll.results"
MOST_ROUNDS = 6
MOST_SAID, LONGEST_SAID = 10, 300
SHORT = 60
MOST_BARS = 12


async def results(work: TurnWork, closed: Round, zone: ZoneInfo, others: Sequence[Round]) -> Reply:
    """Return the card of a closed round; `others` are the closed rounds of that poll."""
    found = await _figures(work, closed)
    earlier = [one for one in others if one.closes < closed.closes]
    before = {one.asks.text: one for one in await _figures(work, earlier[-1])} if earlier else {}
    blocks: list[Block] = [
        Words(closed.form.title, "title"),
        Say("poll.result.when", {"day": Day(closed.closes.astimezone(zone).date(), named=True)}),
        *_response(closed),
    ]
    if closed.answered < FEWEST:
        blocks.append(Say("poll.result.too_few"))
    else:
        blocks += [line for one in found for line in _question(one, before)]
    read = tuple(
        _read_on(closed, number, 0, Say("poll.result.read", {"text": cut(one.asks.text, SHORT)}))
        for number, one in enumerate(found)
        if len(one.said) > MOST_SAID
    )
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
    """Return what was answered in words to a question, from the `first` on; None when nothing."""
    found = dict(enumerate(await _figures(work, closed))).get(question)
    said = found.said[max(first, 0) :] if found else ()
    if found is None or not said:
        return None
    blocks = (Words(found.asks.text, "title"), *(Words(f"· {one}") for one in said[:MOST_SAID]))
    left = len(said) - MOST_SAID
    more = Say("poll.result.more", {"count": left})
    on = (_read_on(closed, question, max(first, 0) + MOST_SAID, more),) if left > 0 else ()
    shown = buttons.ShowPollResults(poll=closed.poll, round=closed.id)
    back = Button(Say("question.back"), shown.encode())
    return Reply(RESULTS, blocks, (*on, back), personal=True, replaces=True)


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


def _response(closed: Round) -> Iterator[Say]:
    reached = closed.asked - closed.unreachable
    data: dict[str, Value] = {
        "answered": closed.answered,
        "reached": reached,
        "share": _percent(closed.answered, reached),
    }
    yield Say("poll.result.response", data)
    if closed.unreachable:
        yield Say("poll.result.unreachable", {"count": closed.unreachable}, "subtle")
    if closed.lost:
        yield Say("poll.result.lost", style="subtle")


def _percent(part: float, whole: float) -> int:
    return round(100 * part / whole) if whole else 0


def _question(one: Figures, before: Mapping[str, Figures]) -> Iterator[Block]:
    yield Words(one.asks.text, "title")
    if not one.enough:
        yield Say("poll.result.few_here", style="subtle")
        return
    for bar in one.bars[:MOST_BARS]:
        data: dict[str, Value] = {
            "label": _label(one, bar.label),
            "count": bar.count,
            "share": _percent(bar.count, one.answered),
        }
        yield Say("poll.result.bar", data)
    if one.mean is not None:
        yield _mean("poll.result.mean", one.mean)
        last = before.get(one.asks.text)
        if last and last.mean is not None:
            yield _mean("poll.result.before", last.mean)
    yield from _goal(one)
    for group in one.groups:
        yield _group(group)
    if one.asks.kind is Kind.OPEN and not one.said:
        yield Say("poll.result.forgotten", style="subtle")
    yield from (Words(f"· {cut(text, LONGEST_SAID)}") for text in one.said[:MOST_SAID])
    if len(one.said) > MOST_SAID:
        yield Say("poll.result.more_said", {"count": len(one.said) - MOST_SAID}, "subtle")


def _label(one: Figures, label: str) -> str:
    asks = one.asks
    if asks.kind is not Kind.SCALE:
        return label
    word = {"1": asks.low, "5": asks.high}.get(label, "")
    return f"{label} · {word}" if word else label


def _mean(key: str, mean: float, **data: Value) -> Say:
    """Say a mean in tenths: each language writes them its own way."""
    whole, tenth = divmod(round(mean * 10), 10)
    return Say(key, {"whole": whole, "tenth": tenth, **data})


def _goal(one: Figures) -> Iterator[Say]:
    goal = one.asks.goal
    if goal is None:
        return
    key = "reached" if one.reached else "not_reached"
    if not goal.share:
        yield Say(f"poll.result.goal_mean.{key}", {"least": goal.least})
        return
    data: dict[str, Value] = {
        "least": goal.least,
        "aim": round(goal.share * 100),
        "share": round((one.share or 0) * 100),
    }
    yield Say(f"poll.result.goal.{key}", data)


def _group(group: GroupFigures) -> Say:
    where = "other" if group.name == OTHER else "named"
    data: dict[str, Value] = {"name": group.name, "answered": group.answered}
    if group.mean is not None:
        return _mean(f"poll.result.group.{where}", group.mean, **data)
    share: dict[str, Value] = {**data, "share": round((group.share or 0) * 100)}
    return Say(f"poll.result.group.{where}_share", share)
