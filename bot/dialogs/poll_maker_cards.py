"""What a poll looks like to who makes it: the list, the form, and who will get it when. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core import poll_buttons as buttons
from bot.core.ids import PollId
from bot.core.reply import Block, Button, Choose, Day, Field, Option, Reply, Say, Value, Words
from bot.core.when import on_day
from bot.dialogs import poll_form as forms
from bot.dialogs.poll_cards import Asking, shown
from bot.dialogs.poll_form import Filled
from bot.people.model import Units
from bot.polls import rules
from bot.polls.model import Asks, Breakdown, ClosedDay, Planned, Poll, PollState, Round
from bot.polls.rules import OTHER, Problem
from bot.polls.templates import Template

LIST, TEMPLATES, FORM, POLL, TRIAL = (
    "poll.list",
    "poll.templates",
    "poll.form",
    "poll.maker",
    "poll.trial",
)
MOST_TEAMS = 60
"""More in a list make the card too large; then there are the places and sectors alone."""
LONGEST_LINES = 4_000
MOST_POLLS = 12
DONE = "done"
"""A poll of which every round has been."""
_NEW = PollId(0)


@dataclass(frozen=True)
class Shown:
    """A poll with all that is told of it. `groups` are those it is split by, after merging.

    `moved` is the next round that a closed day moves, if there is one within a year.
    """

    poll: Poll
    asked: int = 0
    reached: int = 0
    groups: tuple[str, ...] = ()
    following: Planned | None = None
    closes: datetime | None = None
    moved: Planned | None = None
    open: Round | None = None
    answered: int = 0
    problems: tuple[Problem, ...] = ()
    units: Units = field(default_factory=Units)


def listed(polls: Sequence[Shown], zone: ZoneInfo) -> Reply:
    """Return the polls that there are, each to tap: what goes on first, then the newest."""
    goes_on = sorted(polls, key=lambda one: (_state(one) == DONE, -one.poll.id))
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
        moved: dict[str, Value] = {
            "from": Day(one.moved.local.date(), named=True),
            "to": Day(one.moved.opens.astimezone(zone).date(), named=True),
        }
        yield Say("poll.shown.moved", moved, "subtle")
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


@dataclass(frozen=True)
class Choices:
    """What the lists of the form offer."""

    units: Units
    days: tuple[date, ...]
    secret: bool


def form(which: PollId, said: Filled, choices: Choices, wrong: Sequence[Say] = ()) -> Reply:
    """Return all that can be changed of a poll, with what stands there."""
    blocks: tuple[Block, ...] = (
        Say("poll.form.title" if which else "poll.form.new", style="title"),
        *wrong,
        Field(Say("poll.form.name"), "title", said.title, needed=True, most=rules.LONGEST_TITLE),
        Say("poll.form.how", style="subtle"),
        Field(
            Say("poll.form.questions"),
            "questions",
            said.questions,
            lines=True,
            needed=True,
            most=LONGEST_LINES,
        ),
        _choose("roles", said.roles, forms.ROLES),
        Choose(Say("poll.form.part"), "part", tuple(_parts(said, choices.units)), said.part),
        Choose(Say("poll.form.first"), "first", tuple(_days(said, choices.days)), said.first),
        Field(Say("poll.form.at"), "at", said.at, needed=True, most=10),
        _count("every", said.every, forms.EVERY),
        _count("days", said.days, forms.OPEN_DAYS),
        *_secrecy(said, secret=choices.secret),
        _choose("remind", said.remind, (forms.YES, forms.NO)),
        _choose("breakdown", said.breakdown, (forms.NO, *filter(None, Breakdown))),
        _choose("closed_day", said.closed_day, tuple(ClosedDay)),
    )
    save = Button(Say("poll.form.save"), buttons.SavePoll(poll=which).encode(), form=True)
    back = buttons.ShowPoll(poll=which) if which else buttons.NewPoll()
    return Reply(
        FORM,
        blocks,
        (save, Button(Say("question.back"), back.encode())),
        personal=True,
        replaces=True,
    )


def _choose(name: str, value: str, values: Sequence[str]) -> Choose:
    options = tuple(Option(Say(f"poll.form.{name}.{one}"), one) for one in values)
    return Choose(Say(f"poll.form.{name}.label"), name, options, value)


def _count(name: str, value: str, values: Sequence[int]) -> Choose:
    """Return a list of numbers; one that is not in it, as a file may have, is one more."""
    known = sorted({*values, int(value)}) if value.isdecimal() else values
    options = tuple(
        Option(
            Say(f"poll.form.{name}.{one if one in _BY_NAME else 'more'}", {"count": one}), str(one)
        )
        for one in known
    )
    return Choose(Say(f"poll.form.{name}.label"), name, options, value)


_BY_NAME = (0, 1)


def _parts(said: Filled, units: Units) -> Iterator[Option]:
    yield Option(Say("poll.form.everybody"), forms.EVERYBODY)
    if said.part == forms.KEEP:
        yield Option(Say("poll.form.keep"), forms.KEEP)
    for place in units.locations:
        yield Option(Words(place.name), f"l:{place.id}")
    for sector in units.sectors:
        yield Option(Words(sector.name), f"s:{sector.id}")
    if len(units.teams) <= MOST_TEAMS:
        for team in units.teams:
            yield Option(Words(team.name), f"t:{team.id}")


def _days(said: Filled, days: Sequence[date]) -> Iterator[Option]:
    known = [one.isoformat() for one in days]
    more = [said.first] if said.first not in known and _is_date(said.first) else []
    for one in [*known, *more]:
        yield Option(Say("duty.day", {"day": Day(date.fromisoformat(one), named=True)}), one)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _secrecy(said: Filled, *, secret: bool) -> Iterator[Block]:
    if secret:
        yield _choose("secrecy", said.secrecy, (forms.SECRET, forms.NAMED))
    else:
        yield Say("poll.form.no_secret", style="subtle")
