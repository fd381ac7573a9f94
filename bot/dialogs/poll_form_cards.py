"""The form of a poll: all that can be changed of it, on one card. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core import poll_buttons as buttons
from bot.core.reply import Block, Button, Choose, Day, Field, Option, Reply, Say, Words
from bot.dialogs import poll_form as forms
from bot.dialogs.poll_form import Filled
from bot.people.model import Units
from bot.polls import problems
from bot.polls.model import Breakdown, ClosedDay, Poll, PollState

FORM = "poll.form"
MOST_TEAMS = 60
"""More in a list make the card too large; then there are the places and sectors alone."""
LONGEST_LINES = 4_000


@dataclass(frozen=True)
class Choices:
    """What the lists of the form offer."""

    units: Units
    days: tuple[date, ...]
    secret: bool


def form(one: Poll, said: Filled, choices: Choices, wrong: Sequence[Say] = ()) -> Reply:
    """Return all that can be changed of a poll, with what stands there."""
    parts = tuple(_parts(choices.units))
    part = said.part if said.part in {each.value for each in parts} else forms.KEEP
    if part == forms.KEEP:
        parts = (Option(Say("poll.form.keep"), forms.KEEP), *parts)
    blocks: tuple[Block, ...] = (
        Say("poll.form.title" if one.id else "poll.form.new", style="title"),
        *wrong,
        Field(Say("poll.form.name"), "title", said.title, needed=True, most=problems.LONGEST_TITLE),
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
        Choose(Say("poll.form.part"), "part", parts, part),
        Choose(Say("poll.form.first"), "first", tuple(_days(said, choices.days)), said.first),
        Field(Say("poll.form.at"), "at", said.at, needed=True, most=10),
        _count("every", said.every, forms.EVERY),
        _count("days", said.days, forms.OPEN_DAYS),
        *_secrecy(said, secret=choices.secret),
        _choose("remind", said.remind, (forms.YES, forms.NO)),
        _choose("breakdown", said.breakdown, (forms.NO, *filter(None, Breakdown))),
        _choose("closed_day", said.closed_day, tuple(ClosedDay)),
    )
    # What runs is changed at once; a draft is looked at first.
    label = Say("poll.form.save" if one.state is PollState.DRAFT else "poll.form.store")
    save = Button(label, buttons.SavePoll(poll=one.id, seen=one.version).encode(), form=True)
    back = buttons.ShowPoll(poll=one.id) if one.id else buttons.NewPoll()
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


def _parts(units: Units) -> Iterator[Option]:
    yield Option(Say("poll.form.everybody"), forms.EVERYBODY)
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
