"""`vraagbaak db`: migrations, backups, and forgetting texts whose time is over."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import finish, screen
from bot.core.clock import SystemClock
from bot.knowledge import service as knowledge
from bot.knowledge.load import load_faq, shipped_folder
from bot.settings import Settings, read_settings
from bot.setup import retention_of
from bot.store import backup as backups
from bot.store import schema
from bot.store.work import Store

app = typer.Typer(help="De database. / The database.", no_args_is_help=True)
PgBin = Annotated[
    Path | None,
    typer.Option(
        "--pg-bin",
        help="Map met pg_dump en pg_restore, als ze niet op PATH staan. / Where PostgreSQL's are.",
    ),
]


@app.command()
def upgrade() -> None:
    """Maak of vernieuw de tabellen en de meegeleverde FAQ. / Create or upgrade tables and FAQ."""
    finish(_upgrade(read_settings()))


async def _upgrade(settings: Settings) -> None:
    await schema.upgrade(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        faq = load_faq(shipped_folder())
        plan = await knowledge.seed(work, faq, SystemClock().now())
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
def backup(
    file: Annotated[
        Path, typer.Argument(dir_okay=False, help="Nieuw bestand. / File that is made.")
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Ook over een bestand heen. / Also over a file.")
    ] = False,
    pg_bin: PgBin = None,
) -> None:
    """Bewaar de database in een bestand, ook terwijl de bot draait. / Keep all in one file."""
    url = read_settings().database
    left_out = backups.LEFT_OUT
    revision = finish(backups.backup(url, file, left_out, force=force, pg_bin=pg_bin))
    without = f" Left out: {', '.join(left_out)}." if left_out else ""
    screen().print(
        f"{file}: {file.stat().st_size} bytes, the database at {revision}.{without} It holds "
        "personal data: keep it where only you can read it."
    )


@app.command()
def restore(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="Van `db backup`. / Of `db backup`."),
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Ook over gegevens heen. / Also over what is there.")
    ] = False,
    pg_bin: PgBin = None,
) -> None:
    """Zet een bewaarde database terug; stop eerst de bot. / Put it back; stop the bot first."""
    revision = finish(backups.restore(read_settings().database, file, force=force, pg_bin=pg_bin))
    screen().print(restored(file, revision, schema.head()))


def restored(file: Path, found: str, wanted: str) -> str:
    """Return what is said of a restored database, and what is still to do for this program."""
    said = f"The database is what it was in {file}, at {found}."
    if found == wanted:
        return said
    return f"{said} This program needs {wanted}: run `vraagbaak db upgrade`."


@app.command()
def forget() -> None:
    """Vergeet teksten waarvan de tijd om is. / Forget texts whose time is over."""
    finish(_forget(read_settings()))


async def _forget(settings: Settings) -> None:
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        gone = await retention_of(settings).forget(work, SystemClock().now())
    screen().print(f"Forgotten: {gone.texts} texts, {gone.messages} handled messages.")
