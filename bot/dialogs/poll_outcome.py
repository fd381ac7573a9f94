"""What came of a round, in lines: how many took part, and what was answered to a question. Pure."""

import math
from collections.abc import Iterator, Mapping

from bot.core.reply import Block, Say, Value, Words
from bot.dialogs.card_parts import cut
from bot.polls.figures import Figures, GroupFigures
from bot.polls.model import Kind, Round
from bot.polls.rules import OTHER

MOST_SAID, LONGEST_SAID = 10, 300
MOST_BARS = 12


def response(closed: Round) -> Iterator[Say]:
    """Yield how many took part of who was reached."""
    reached = closed.asked - closed.unreachable
    data: dict[str, Value] = {
        "answered": closed.answered,
        "reached": reached,
        "share": _percent(closed.answered, reached),
    }
    one = closed.answered == 1
    yield Say("poll.result.response_one" if one else "poll.result.response", data)
    if closed.unreachable:
        yield Say("poll.result.unreachable", {"count": closed.unreachable}, "subtle")
    if closed.lost:
        yield Say("poll.result.lost", style="subtle")


def answered(one: Figures, before: Mapping[str, Figures]) -> Iterator[Block]:
    """Yield what was answered to a question, beside the round `before`, by the words of each."""
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
    if higher := sum(bar.count for bar in one.bars[MOST_BARS:]):
        last_shown = one.bars[MOST_BARS - 1].label
        yield Say("poll.result.higher", {"than": last_shown, "count": higher})
    if one.mean is not None:
        missed = one.asks.goal is not None and not one.asks.goal.share and not one.reached
        # What is not reached is not rounded up to what would be.
        yield _mean("poll.result.mean", _down(one.mean, 10) if missed else one.mean)
        last = before.get(one.asks.text)
        if last and last.mean is not None:
            yield _mean("poll.result.before", last.mean)
    yield from _goal(one)
    for group in one.groups:
        yield _group(group)
    if one.asks.kind is Kind.OPEN and not one.said:
        yield Say("poll.result.forgotten", style="subtle")
    yield from (Words(f"· {cut(on_one_line(text), LONGEST_SAID)}") for text in one.said[:MOST_SAID])
    if len(one.said) > MOST_SAID:
        yield Say("poll.result.more_said", {"count": len(one.said) - MOST_SAID}, "subtle")


def _percent(part: float, whole: float) -> int:
    return round(100 * part / whole) if whole else 0


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


def _down(value: float, parts: int) -> float:
    return math.floor(value * parts + 1e-9) / parts


def _goal(one: Figures) -> Iterator[Say]:
    goal = one.asks.goal
    if goal is None:
        return
    key = "reached" if one.reached else "not_reached"
    if not goal.share:
        yield Say(f"poll.result.goal_mean.{key}", {"least": goal.least})
        return
    share = one.share or 0
    data: dict[str, Value] = {
        "least": goal.least,
        "aim": round(goal.share * 100),
        "share": round((share if one.reached else _down(share, 100)) * 100),
    }
    yield Say(f"poll.result.goal.{key}", data)


def _group(group: GroupFigures) -> Say:
    where = "other" if group.name == OTHER else "named"
    data: dict[str, Value] = {"name": group.name, "answered": group.answered}
    if group.mean is not None:
        return _mean(f"poll.result.group.{where}", group.mean, **data)
    share: dict[str, Value] = {**data, "share": round((group.share or 0) * 100)}
    return Say(f"poll.result.group.{where}_share", share)


def on_one_line(text: str) -> str:
    """Return what somebody wrote without its lines."""
    return " ".join(text.split())
