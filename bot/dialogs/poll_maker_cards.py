"""What a poll looks like to who makes it: the list, and who will get it when. Pure."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.ids import PollId
from bot.core.reply import Block, Button, Day, Reply, Say, Value, Words
from bot.core.when import on_day
from bot.dialogs import poll_form as forms
from bot.dialogs.poll_cards import Asking, shown
from bot.dialogs.poll_shown import Shown
from bot.polls.model import Asks, Breakdown, ClosedDay, Poll, PollState
from bot.polls.rules import OTHER
from bot.polls.templates import Template

LIST, TEMPLATES, POLL, TRIAL = "poll.list", "poll.templates", "poll.maker", "poll.trial"
MOST_POLLS = 12
DONE = "done"
"""A poll of which every round has been."""
_NEW = PollId(0)


def listed(polls: Sequence[Shown], zone: ZoneInfo) -> Reply:
    """Return the polls that there are, each to tap: what goes on first, then the newest.

    Those that are stopped are last: what came of them is to be found.
    """
    order = {DONE: 1, PollState.STOPPED.value: 2}
    goes_on = sorted(polls, key=lambda one: (order.get(_state(one), 0), -one.poll.id))
    rows = tuple(
        Button(
            Say(
                f"poll.row.{_state(one)}",
                {
                    "title": one.poll.form.title,
                    "answered": one.answered,
                    "when": on_day(one.following.opens, zone) if one.following else "",
                },
            ),
            buttons.ShowPoll(poll=one.poll.id).encode(),
            line=True,
        )
        for one in goes_on[:MOST_POLLS]
    )
    new = Button(Say("poll.list.new"), buttons.NewPoll().encode())
    title = Say("poll.list.title" if polls else "poll.list.none", style="title")
    more = (Say("poll.list.more", style="subtle"),) if len(polls) > MOST_POLLS else ()
    return Reply(LIST, (title, *more), (*rows, new), personal=True)


def _state(one: Shown) -> str:
    if one.open:
        return "open"
    if one.poll.state is PollState.ACTIVE and one.following is None:
        return DONE
    return one.poll.state.value


def templates(found: Sequence[Template]) -> Reply:
    """Return what a poll can be made from."""
    rows = [
        Button(
            Say(f"poll.template.{one.name}", {"title": one.form.title}),
            buttons.NewPoll(template=one.name).encode(),
            line=True,
        )
        for one in found
    ]
    own = Button(Say("poll.template.own"), buttons.AdjustPoll(poll=_NEW).encode(), line=True)
    blocks = (Say("poll.template.title", style="title"), Say("poll.template.hint", style="subtle"))
    return Reply(TEMPLATES, blocks, (*rows, own), personal=True)


def poll(one: Shown, zone: ZoneInfo, said: Sequence[Say] = ()) -> Reply:
    """Return a poll with who gets it, when, and what can be done with it."""
    blocks: tuple[Block, ...] = (
        *said,
        Words(one.poll.form.title, "title"),
        *(Say(f"poll.problem.{problem}") for problem in one.problems),
        *_open(one, zone),
        *(_question(number, asks) for number, asks in enumerate(one.poll.form.questions, 1)),
        _audience(one),
        *_when(one, zone),
        *_how(one),
    )
    return Reply(POLL, blocks, tuple(_acts(one)), personal=True, replaces=True)


def _open(one: Shown, zone: ZoneInfo) -> Iterator[Say]:
    if one.open:
        data: dict[str, Value] = {
            "when": on_day(one.open.closes, zone),
            "answered": one.answered,
        }
        yield Say("poll.shown.now", data)


def _question(number: int, asks: Asks) -> Say:
    options = ", ".join(asks.options)
    data: dict[str, Value] = {"number": number, "text": asks.text, "options": options}
    return Say(f"poll.shown.{asks.kind}", data, "subtle")


def _audience(one: Shown) -> Say:
    audience, units = one.poll.audience, one.units
    names = [
        *(known.name for known in units.locations if known.id in audience.locations),
        *(known.name for known in units.sectors if known.id in audience.sectors),
        *(known.name for known in units.teams if known.id in audience.teams),
    ]
    data: dict[str, Value] = {
        "names": ", ".join(names),
        "asked": one.asked,
        "reached": one.reached,
    }
    return Say("poll.shown.part" if names else "poll.shown.all", data)


def _when(one: Shown, zone: ZoneInfo) -> Iterator[Say]:
    if one.following is None or one.closes is None:
        yield Say("poll.shown.no_more")
        return
    data: dict[str, Value] = {
        "when": on_day(one.following.opens, zone),
        "until": on_day(one.closes, zone),
    }
    yield Say(
        "poll.shown.paused" if one.poll.state is PollState.PAUSED else "poll.shown.next", data
    )
    every = one.poll.schedule.every
    if every:
        yield Say("poll.shown.weekly" if every == 1 else "poll.shown.every", {"weeks": every})
    if one.poll.schedule.closed_day is ClosedDay.SKIP:
        yield Say("poll.shown.skip", style="subtle")
    elif one.moved:
        comes = one.instead or one.moved
        moved: dict[str, Value] = {
            "from": Day(one.moved.local.date(), named=True),
            "to": Day(comes.opens.astimezone(zone).date(), named=True),
        }
        yield Say("poll.shown.instead" if one.instead else "poll.shown.moved", moved, "subtle")
    else:
        yield Say("poll.shown.move", style="subtle")


def _how(one: Shown) -> Iterator[Say]:
    form = one.poll.form
    yield Say(f"poll.shown.{forms.SECRET if form.anonymous else forms.NAMED}", style="subtle")
    yield Say("poll.shown.remind" if form.remind else "poll.shown.no_remind", style="subtle")
    names = [name for name in one.groups if name not in ("", OTHER)]
    if names and OTHER in one.groups:
        yield Say("poll.shown.groups_other", {"names": ", ".join(names)}, "subtle")
    elif names:
        yield Say("poll.shown.groups", {"names": ", ".join(names)}, "subtle")
    elif form.breakdown is not Breakdown.NONE:
        yield Say("poll.shown.no_groups", style="subtle")


def _acts(one: Shown) -> Iterator[Button]:
    which, state = {"poll": one.poll.id}, one.poll.state
    adjust = Button(Say("poll.act.adjust"), buttons.AdjustPoll(**which).encode())
    trial = Button(Say("poll.act.try"), buttons.TryPoll(**which).encode())
    stop = Button(Say("poll.act.stop"), buttons.StopPoll(**which).encode())
    results = Button(Say("poll.act.results"), buttons.ShowPollResults(**which).encode())
    match state:
        case PollState.DRAFT:
            if not one.problems:
                start = buttons.StartPoll(**which, seen=one.poll.version)
                yield Button(Say("poll.act.start"), start.encode())
            yield from (trial, adjust)
            drop = buttons.StopPoll(**which, sure=True)
            yield Button(Say("poll.act.drop"), drop.encode())
        case PollState.ACTIVE:
            pause = Button(Say("poll.act.pause"), buttons.PausePoll(**which).encode())
            yield from (results, adjust, pause, stop)
        case PollState.PAUSED:
            again = buttons.PausePoll(**which, paused=False)
            yield Button(Say("poll.act.resume"), again.encode())
            yield from (results, adjust, stop)
        case PollState.STOPPED:
            yield results


def sure(one: Poll) -> Reply:
    """Ask whether a poll stops for good."""
    yes = Button(Say("poll.stop.sure"), buttons.StopPoll(poll=one.id, sure=True).encode())
    back = Button(Say("question.back"), buttons.ShowPoll(poll=one.id).encode())
    title = Say("poll.stop.question", {"title": one.form.title}, "title")
    return Reply(POLL, (title, Say("poll.stop.keeps")), (yes, back), personal=True, replaces=True)


def trial(one: Poll, which: int) -> Reply:
    """Return a card as who is asked will see it; what is pressed is stored nowhere."""
    asking = Asking(one.form, which, buttons.TryPoll(poll=one.id, question=which + 1))
    blocks, pressed = shown(asking)
    said = Say("poll.trial.said", style="subtle")
    back = Button(Say("question.back"), buttons.ShowPoll(poll=one.id).encode())
    return Reply(TRIAL, (said, *blocks), (*pressed, back), personal=True, replaces=True)


def tried(one: Poll) -> Reply:
    """Return that this was all of it."""
    back = Button(Say("poll.trial.back"), buttons.ShowPoll(poll=one.id).encode())
    blocks = (Say("poll.trial.done", style="title"), Say("poll.trial.nothing"))
    return Reply(TRIAL, blocks, (back,), personal=True, replaces=True)
