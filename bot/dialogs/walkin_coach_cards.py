"""What walk-in hours look like to the coach who holds them. Pure: values in, a view out."""

from collections.abc import Sequence
from datetime import date

from bot.core import walkin_buttons as buttons
from bot.core.ids import HourId
from bot.core.moments import WEEK
from bot.core.plural import plural
from bot.core.reply import Block, Button, Choose, Day, Field, Option, Reply, Say, Value, Weekdays
from bot.dialogs.walkin_agenda import View
from bot.dialogs.walkin_parts import date_of, said_on, said_when
from bot.walkin.hours import MINUTES, Form
from bot.walkin.model import Hour, OpenTo, Session

HOURS, SESSION, FORM = "walkin.hours", "walkin.session", "walkin.form"
MOST = 8
"""Dates in a coach's list, and as many first dates of hours that begin later."""


def hours(
    view: View,
    dates: Sequence[tuple[Session, int, int]],
    own: Sequence[Button] = (),
    *,
    soon: bool,
) -> Reply:
    """Show a coach their next dates: how many come, of how many seats; `soon`: some are near."""
    title = Say("walkin.hours.title", style="title")
    none = () if soon else (Say("walkin.hours.none"),)
    rows = tuple(
        Button(
            Say(
                plural("walkin.hours.row", seats),
                {"when": said_when(view, one.starts), "taken": taken, "seats": seats},
            ),
            buttons.ShowSession(**date_of(one)).encode(),
            line=True,
        )
        for one, taken, seats in dates
    )
    more = (
        Button(Say("walkin.hours.new"), buttons.HourForm().encode()),
        Button(Say("walkin.hours.extra"), buttons.HourForm(once=True).encode()),
    )
    return Reply(HOURS, (title, *none), (*own, *rows, *more), personal=True)


def added(view: View, hour: Hour, first: Session | None) -> Reply:
    """Say that there is an hour now, by its rule."""
    said = Say(
        "walkin.hours.added_once" if hour.once else "walkin.hours.added", _rule(hour), "title"
    )
    show = Button(Say("walkin.hours.title"), buttons.MyWalkIns().encode())
    begins = () if hour.once else _begins(view, first)
    return Reply(HOURS, (said, *begins, _slots(hour)), (show,), personal=True, replaces=True)


def ended(count: int, follows: Hour | None) -> Reply:
    """Say that an hour is over, and what follows it when it was changed from a later date on."""
    said = [Say(plural("walkin.session.is_ended", count, none=True), {"count": count})]
    show = [Button(Say("walkin.hours.title"), buttons.MyWalkIns().encode())]
    if follows:
        said.append(Say("walkin.session.goes_on", _rule(follows)))
        stop = buttons.EndHour(hour=follows.id).encode()
        show.insert(0, Button(Say("walkin.session.end_next"), stop))
    return Reply(SESSION, tuple(said), tuple(show), personal=True, replaces=True)


def _begins(view: View, first: Session | None) -> tuple[Say, ...]:
    when = {"when": said_on(view, first.starts)} if first else {}
    return (Say("walkin.hours.first", when),) if first else ()


def _rule(hour: Hour) -> dict[str, Value]:
    return {
        "day": Weekdays((WEEK[hour.weekday],)),
        "on": Day(hour.first),
        "start": f"{hour.start:%H:%M}",
        "end": f"{hour.end:%H:%M}",
    }


def _slots(hour: Hour) -> Say:
    data: dict[str, Value] = {"minutes": hour.minutes, "seats": hour.seats}
    return Say(plural("walkin.hours.rule", hour.seats), data, "subtle")


def hour_form(form: Form, *, once: bool, wrong: Sequence[Say] = ()) -> Reply:
    """Show the form for an hour, with what was typed, and above it what is wrong."""
    title = Say("walkin.form.title_once" if once else "walkin.form.title", style="title")
    on = Field(Say("walkin.form.on"), "first", form.first, needed=True, most=20)
    fields = _fields(form)
    when = (on, *fields) if once else (_weekday(form), *fields, *_span(form, "walkin.form.first"))
    send = Button(Say("walkin.form.send"), buttons.MakeHour(once=once).encode(), form=True)
    back = Button(Say("question.back"), buttons.MyWalkIns().encode())
    return Reply(FORM, (title, *wrong, *when), (send, back), personal=True)


def change_form(hour: HourId, form: Form, wrong: Sequence[Say] = ()) -> Reply:
    """Show the form that changes a weekly hour, with how it is, or what was typed."""
    blocks: tuple[Block, ...] = (
        Say("walkin.change.title", style="title"),
        *(wrong or (Say("walkin.change.before", style="subtle"),)),
        _weekday(form),
        *_fields(form),
        *_span(form, "walkin.change.first"),
    )
    change = buttons.ChangeHour(hour=hour).encode()
    pressed = (
        Button(Say("walkin.change.send"), change, form=True),
        Button(Say("walkin.session.end"), buttons.EndHour(hour=hour).encode()),
        Button(Say("question.back"), buttons.MyWalkIns().encode()),
    )
    return Reply(FORM, blocks, pressed, personal=True, replaces=True)


def sure(pressed: buttons.ChangeHour, new: Hour, count: int) -> Reply:
    """Ask whether an hour changes although so many lose their moment."""
    change = pressed.model_copy(update={"sure": True}).encode()
    back = buttons.ChangeForm(**pressed.model_dump(exclude={"sure"})).encode()
    blocks = (
        Say(plural("walkin.change.question", count), {"count": count}, "title"),
        Say("walkin.change.becomes", _rule(new)),
    )
    press = (Button(Say("walkin.change.sure"), change), Button(Say("question.back"), back))
    return Reply(SESSION, blocks, press, personal=True, replaces=True)


def changed(view: View, hour: Hour, first: Session | None, kept: int, lost: int) -> Reply:
    """Say how an hour goes on, and what became of who comes."""
    blocks = [Say("walkin.change.done", _rule(hour), "title"), *_begins(view, first), _slots(hour)]
    if kept:
        blocks.append(Say(plural("walkin.change.kept", kept), {"count": kept}))
    if lost:
        blocks.append(Say(plural("walkin.change.lost", lost), {"count": lost}))
    show = Button(Say("walkin.hours.title"), buttons.MyWalkIns().encode())
    return Reply(HOURS, tuple(blocks), (show,), personal=True, replaces=True)


def _weekday(form: Form) -> Choose:
    days = tuple(Option(Say("walkin.form.day", {"day": Weekdays((day,))}), day) for day in WEEK[:5])
    return Choose(Say("walkin.form.weekday"), "weekday", days, form.weekday)


def _fields(form: Form) -> tuple[Block, ...]:
    long = tuple(Option(Say("walkin.form.long", {"minutes": one}), str(one)) for one in MINUTES)
    who = tuple(Option(Say(f"walkin.form.open.{one}"), one.value) for one in OpenTo)
    return (
        Field(Say("walkin.form.start"), "start", form.start, needed=True, most=10),
        Field(Say("walkin.form.end"), "end", form.end, needed=True, most=10),
        Choose(Say("walkin.form.minutes"), "minutes", long, form.minutes),
        Field(Say("walkin.form.seats"), "seats", form.seats, needed=True, most=3),
        Field(Say("walkin.form.place"), "place", form.place, most=100),
        Field(Say("walkin.form.link"), "link", form.link, most=400),
        Choose(Say("walkin.form.open_to"), "open_to", who, form.open_to),
    )


def _span(form: Form, first: str) -> tuple[Block, ...]:
    return (
        Field(Say(first), "first", form.first, most=20),
        Field(Say("walkin.form.last"), "last", form.last, most=20),
    )


def move_form(view: View, one: Session, days: Sequence[date], wrong: Sequence[Say] = ()) -> Reply:
    """Show the form that moves a date."""
    local = one.starts.astimezone(view.zone)
    options = tuple(
        Option(Say("duty.day", {"day": Day(day, named=True)}), day.isoformat()) for day in days
    )
    blocks: tuple[Block, ...] = (
        Say("walkin.move.title", {"when": said_when(view, one.starts)}, "title"),
        *wrong,
        Choose(Say("walkin.move.to"), "to", options, local.date().isoformat()),
        Field(Say("walkin.form.start"), "start", f"{local:%H:%M}", needed=True, most=10),
        Field(Say("walkin.form.place"), "place", one.place, most=100),
    )
    send = Button(Say("walkin.move.send"), buttons.MoveDate(**date_of(one)).encode(), form=True)
    back = Button(Say("question.back"), buttons.ShowSession(**date_of(one)).encode())
    return Reply(FORM, blocks, (send, back), personal=True, replaces=True)
