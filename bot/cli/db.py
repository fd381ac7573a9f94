"""`vraagbaak db`: migrations, backups, and forgetting texts whose time is over."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import finish, screen, spoken, tell, written
from bot.cli.words import Command, WrongUseError, group
from bot.core.clock import SystemClock
from bot.core.reply import Say
from bot.knowledge import service as knowledge
from bot.knowledge.load import load_faq, shipped_folder
from bot.settings import Settings, read_settings
from bot.setup import retention_of
from bot.store import backup as backups
from bot.store import schema
from bot.store.work import Store

app = group()
PgBin = Annotated[
    Path | None,
    typer.Option(
        "--pg-bin",
    ),
]


@app.command(cls=Command)
def upgrade() -> None:
    """Create or upgrade tables and FAQ."""
    finish(_upgrade(read_settings()))


async def _upgrade(settings: Settings) -> None:
    await schema.upgrade(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        faq = load_faq(shipped_folder())
        plan = await knowledge.seed(work, faq, SystemClock().now())
    tell(
        "db.upgraded",
        revision=schema.head(),
        new=len(plan.new),
        changed=len(plan.changed),
        proposed=len(plan.proposed),
        retired=len(plan.retired),
    )


@app.command(cls=Command)
def check() -> None:
    """Check that the migrations make the tables."""
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as scratch:
        differences = finish(_differences(f"sqlite:///{scratch}/check.db"))
    for difference in spoken(differences):
        screen(stderr=True).print(difference)
    if differences:
        raise typer.Exit(1)
    tell("db.checked", revision=schema.head())


async def _differences(url: str) -> list[Say]:
    await schema.upgrade(url)
    return await schema.differences(url)


@app.command(cls=Command)
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False)],
    force: Annotated[bool, typer.Option("--force")] = False,
    pg_bin: PgBin = None,
) -> None:
    """Keep all in one file."""
    url = read_settings().database
    left_out = backups.LEFT_OUT
    revision = finish(backups.backup(url, file, left_out, force=force, pg_bin=pg_bin))
    size, names = file.stat().st_size, ", ".join(left_out)
    tell("db.kept", file=str(file), size=size, revision=revision, left_out=names)


@app.command(cls=Command)
def restore(
    file: Annotated[
        Path,
        typer.Argument(dir_okay=False),
    ],
    force: Annotated[bool, typer.Option("--force")] = False,
    pg_bin: PgBin = None,
) -> None:
    """Put it back; stop the bot first."""
    if not file.exists():
        raise WrongUseError("FILE", "no_file", file=str(file))
    revision = finish(backups.restore(read_settings().database, file, force=force, pg_bin=pg_bin))
    screen().print(restored(file, revision, schema.head()))


def restored(file: Path, found: str, wanted: str) -> str:
    """Return what is said of a restored database, and what is still to do for this program."""
    said = written("db.restored", file=str(file), found=found)
    return said if found == wanted else f"{said} {written('db.upgrade', wanted=wanted)}"


@app.command(cls=Command)
def forget() -> None:
    """Forget texts whose time is over."""
    finish(_forget(read_settings()))


async def _forget(settings: Settings) -> None:
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        gone = await retention_of(settings).forget(work, SystemClock().now())
    tell("db.forgotten", texts=gone.texts, messages=gone.messages)
