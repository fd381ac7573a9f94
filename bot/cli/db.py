"""`vraagbaak db`: migrations, and forgetting texts whose time is over."""

import tempfile
from datetime import timedelta

import typer

from bot.cli.output import finish, screen
from bot.core.clock import SystemClock
from bot.knowledge import service as knowledge
from bot.knowledge.load import load_faq, shipped_folder
from bot.retention.service import Retention
from bot.settings import Settings, read_settings
from bot.store import schema
from bot.store.work import Store

app = typer.Typer(help="De database. / The database.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Maak of vernieuw de tabellen en de meegeleverde FAQ. / Create or upgrade tables and FAQ."""
    finish(_upgrade(read_settings()))


async def _upgrade(settings: Settings) -> None:
    await schema.upgrade(settings.database)
    store = Store.open(settings.database)
    try:
        async with store.begin() as work:
            faq = load_faq(shipped_folder())
            plan = await knowledge.seed(work, faq, SystemClock().now())
    finally:
        await store.close()
    screen().print(
        f"The database is at {schema.head()}. FAQ: {len(plan.new)} new, {len(plan.changed)} "
        f"changed, {len(plan.proposed)} proposed, {len(plan.retired)} retired."
    )


@app.command()
def check() -> None:
    """Kijk of de migraties de tabellen maken. / Check that the migrations make the tables."""
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as scratch:
        differences = finish(_differences(f"sqlite:///{scratch}/check.db"))
    for difference in differences:
        screen(stderr=True).print(difference)
    if differences:
        raise typer.Exit(1)
    screen().print(f"The migrations make the tables; the newest is {schema.head()}.")


async def _differences(url: str) -> list[str]:
    await schema.upgrade(url)
    return await schema.differences(url)


@app.command()
def forget() -> None:
    """Vergeet teksten waarvan de tijd om is. / Forget texts whose time is over."""
    finish(_forget(read_settings()))


async def _forget(settings: Settings) -> None:
    await schema.require_current(settings.database)
    store = Store.open(settings.database)
    try:
        retention = Retention(
            begin=store.begin,
            zone=settings.zone,
            texts=timedelta(days=settings.retention_days),
            messages=timedelta(days=settings.inbox_days),
        )
        gone = await retention.run(SystemClock().now())
    finally:
        await store.close()
    screen().print(f"Forgotten: {gone.texts} texts, {gone.messages} handled messages.")
