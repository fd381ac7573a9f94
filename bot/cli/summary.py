"""`vraagbaak summary`: the figures of a week, to read, for a program, or for a spreadsheet."""

import json
from typing import Annotated, Any

import typer

from bot.app import build
from bot.channels.cards import plain
from bot.cli.output import AS_JSON, finish, screen
from bot.core.clock import SystemClock
from bot.core.errors import SettingsError
from bot.dialogs.summary_cards import Cards
from bot.i18n.text import Texts
from bot.settings import Settings, read_settings
from bot.summary.model import EVERYONE, Sent, Week
from bot.summary.table import lines, write_csv

app = typer.Typer(help="Het weekoverzicht. / The weekly summary.", no_args_is_help=True)


@app.callback()
def summary() -> None:
    """Het weekoverzicht. / The weekly summary."""


@app.command()
def show(
    week: Annotated[
        str, typer.Option(help="Zoals 2026-W47; anders de vorige. / Else last week.")
    ] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Als CSV. / As CSV.")] = False,
    as_json: bool = AS_JSON,
) -> None:
    """Toon de cijfers van een week, zoals ze nu zijn. / Show the figures of a week, as of now."""
    settings = read_settings()
    now = finish(_figures(settings, _week(settings, week)))
    if as_csv:
        # Not through the terminal, which would break lines its own way.
        typer.echo(write_csv(now.week, now.audience, now.current), nl=False)
    elif as_json:
        screen().print(json.dumps(_plain(now)))
    else:
        texts = Texts(settings.coach_title)
        for card in Cards(settings.zone).whole(now, settings.language):
            for line in plain.render(texts, card).lines:
                screen().print(line.text)
            screen().print()


def _week(settings: Settings, text: str) -> Week:
    if not text:
        return Week.of(SystemClock().now().astimezone(settings.zone).date()).back()
    try:
        return Week.read(text)
    except ValueError as wrong:
        raise SettingsError([f"--week {text}: {wrong}"]) from None


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
