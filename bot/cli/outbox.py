"""`vraagbaak outbox`: what waits to be said, what cannot arrive and why, and trying again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from bot.cli.output import AS_JSON, finish, screen
from bot.cli.words import Command, WrongUseError, group
from bot.core.clock import SystemClock
from bot.core.ids import MessageId
from bot.i18n.text import Texts
from bot.outbox import rules
from bot.outbox.model import Line, State
from bot.settings import Settings, read_settings
from bot.store import schema
from bot.store.work import Store, Work

app = group()
PIPED = 160
"""Columns of a table that goes to a file or a program."""
WRAPPED = ("to", "reason")


@dataclass(frozen=True)
class Shown:
    """One message as an administrator reads it: `to` is a name where we know one."""

    line: Line
    to: str
    todo: str

    @property
    def plain(self) -> dict[str, Any]:
        line = self.line
        return {
            "id": line.id,
            "since": line.at.isoformat(),
            "to": self.to,
            "channel": line.channel,
            "view": line.view,
            "state": line.state,
            "attempts": line.attempts,
            "next": line.not_before.isoformat() if line.state is State.WAITING else None,
            "doubtful": line.doubtful,
            "reason": line.reason,
            "todo": self.todo,
        }


@app.command("list", cls=Command)
def list_(
    limit: Annotated[int, typer.Option(min=1)] = 50,
    as_json: bool = AS_JSON,
) -> None:
    """List what waits or cannot arrive, and why."""
    settings = read_settings()
    shown = finish(_shown(settings, limit))
    if as_json:
        screen().print(json.dumps([one.plain for one in shown]))
        return
    texts = Texts(settings.coach_title)
    if not shown:
        screen().print(texts.write(settings.language, "outbox.nothing", {}))
        return
    out = screen()
    if not out.is_terminal:
        out.width = max(PIPED, out.width)
    out.print(_table(settings, texts, shown), soft_wrap=False)
    todos = {rules.reason_of(one.line.reason): one.todo for one in shown if one.todo}
    for reason, todo in sorted(todos.items()):
        out.print(f"{reason}: {todo}")


async def _shown(settings: Settings, limit: int) -> list[Shown]:
    await schema.require_current(settings.database)
    texts = Texts(settings.coach_title)
    async with Store.open(settings.database) as store, store.reading() as work:
        lines = await work.outbox.lines(limit)
        names = await _names(work, lines)
    return [
        Shown(
            line,
            names.get(line.person or 0) or line.to,
            _todo(settings, texts, line) if line.reason else "",
        )
        for line in lines
    ]


async def _names(work: Work, lines: Sequence[Line]) -> Mapping[int, str]:
    found = [await work.people.by_id(one) for one in {line.person for line in lines} if one]
    return {person.id: person.name for person in found if person}


def _todo(settings: Settings, texts: Texts, line: Line) -> str:
    key = f"outbox.todo.{rules.reason_of(line.reason)}"
    return texts.write(settings.language, key, {})


def _table(settings: Settings, texts: Texts, shown: Sequence[Shown]) -> Table:
    def local(moment: datetime) -> str:
        return f"{moment.astimezone(settings.zone):%Y-%m-%d %H:%M}"

    def said(key: str) -> str:
        return texts.write(settings.language, f"outbox.{key}", {})

    table = Table(box=None, pad_edge=False)
    for name in ("id", "since", "to", "view", "state", "tries", "next", "reason"):
        table.add_column(said(f"column.{name}"), overflow="fold", no_wrap=name not in WRAPPED)
    for one in shown:
        line = one.line
        table.add_row(
            str(line.id),
            local(line.at),
            one.to,
            line.view,
            said(f"state.{line.state}"),
            str(line.attempts),
            local(line.not_before) if line.state is State.WAITING else "",
            line.reason,
        )
    return table


@app.command(cls=Command)
def retry(
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID...")] = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
) -> None:
    """Try now again what failed."""
    if everything == bool(ids):
        raise WrongUseError("ID", "ids_or_all")
    settings = read_settings()
    which = None if everything else [MessageId(one) for one in ids or ()]
    count = finish(_retry(settings, which))
    texts = Texts(settings.coach_title)
    screen().print(texts.write(settings.language, "outbox.retried", {"count": count}))


async def _retry(settings: Settings, which: Sequence[MessageId] | None) -> int:
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        return await work.outbox.retry(which, SystemClock().now())
