"""`vraagbaak summary`: the figures of a week, to read, for a program, or for a spreadsheet."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bot.app import build
from bot.channels.cards import plain
from bot.cli.output import AS_JSON, finish, screen
from bot.cli.words import Command, WrongUseError, group
from bot.core.clock import SystemClock
from bot.core.errors import SettingsError
from bot.core.reply import Day, Say, Value
from bot.dialogs.summary_cards import Cards
from bot.i18n.text import Texts
from bot.settings import Settings, read_settings
from bot.store import schema
from bot.store.work import Store
from bot.summary.model import EVERYONE
from bot.summary.report import Sent
from bot.summary.table import lines, write_csv
from bot.summary.week import Week

app = group()


@app.command(cls=Command)
def show(
    week: Annotated[str, typer.Option()] = "",
    as_csv: Annotated[bool, typer.Option("--csv")] = False,
    as_json: bool = AS_JSON,
) -> None:
    """Show the figures of a week, as of now."""
    settings = read_settings()
    chosen, running = _week(settings, week), _running(settings)
    texts = Texts(settings.coach_title)
    said: dict[str, Value] = {"week": str(chosen)}
    if chosen.monday > running.monday:
        raise SettingsError([Say("summary.not_begun", said)])
    now = finish(_figures(settings, chosen))
    if as_csv:
        # Not through the terminal, which would break lines its own way.
        typer.echo(write_csv(now.week, now.audience, now.current).encode(), nl=False)
    elif as_json:
        screen().print(json.dumps(_plain(now)))
    else:
        if chosen == running:
            screen().print(texts.write(settings.language, "summary.not_over", said))
        for card in Cards(settings.zone).whole(now, settings.language):
            for line in plain.render(texts, card).lines:
                screen().print(line.text)
            screen().print()


@app.command("list", cls=Command)
def list_(
    limit: Annotated[int, typer.Option(min=1)] = 52,
    as_json: bool = AS_JSON,
) -> None:
    """Show which weeks were sent."""
    settings = read_settings()
    found = finish(_newest(settings, limit))
    if as_json:
        screen().print(json.dumps([_in_short(one) for one in found]))
        return
    texts = Texts(settings.coach_title)
    if not found:
        screen().print(texts.write(settings.language, "summary.none_yet", {}))
    for one in found:
        data: dict[str, Value] = {
            "week": str(one.week),
            "at": Day(one.at.astimezone(settings.zone).date()),
        }
        key = "summary.listed_corrected" if one.corrected else "summary.listed"
        screen().print(texts.write(settings.language, key, data))


async def _newest(settings: Settings, most: int) -> Sequence[Sent]:
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.reading() as work:
        return await work.summaries.newest(EVERYONE.key, most)


def _in_short(one: Sent) -> dict[str, Any]:
    corrected = one.corrected_at.isoformat() if one.corrected_at else None
    return {"week": str(one.week), "sent": one.at.isoformat(), "corrected": corrected}


def _running(settings: Settings) -> Week:
    return Week.of(SystemClock().now().astimezone(settings.zone).date())


def _week(settings: Settings, text: str) -> Week:
    if not text:
        return _running(settings).back()
    try:
        return Week.read(text)
    except ValueError:
        raise WrongUseError("--week", "week", text=text) from None


async def _figures(settings: Settings, week: Week) -> Sent:
    clock = SystemClock()
    async with build(settings, clock) as built:
        return await built.jobs.summary.as_now(week, EVERYONE, clock.now())


def _plain(now: Sent) -> dict[str, Any]:
    return {
        "week": str(now.week),
        "audience": now.audience,
        "figures": [
            {
                "section": one.part.value,
                "item": one.item,
                "figure": one.name,
                "value": one.value,
                "unit": one.unit.value,
            }
            for one in lines(now.current)
        ],
        "corrected": now.corrected is not None,
    }
