"""`vraagbaak org`: the college's people, places and coaches, from files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import AS_JSON, finish, screen, tell, written
from bot.cli.walkin_hours import bring_in
from bot.cli.words import Command, WrongUseError, group
from bot.core.clock import SystemClock
from bot.core.moments import WEEK
from bot.core.reply import Amount, Day, Weekdays
from bot.people import rules, service
from bot.people.generate import SHAPES
from bot.people.generate import generate as make
from bot.people.model import ImportPlan, Organisation
from bot.people.people_file import read_organisation
from bot.settings import read_settings
from bot.store import schema
from bot.store.work import Store
from bot.walkin import takeover
from bot.walkin.outcomes import TakenOver

app = group()
Folder = Annotated[Path, typer.Argument()]
SHOWN = 20


@app.command(cls=Command)
def check(folder: Folder, as_json: bool = AS_JSON) -> None:
    """Read the files, report every wrong line."""
    organisation = read_organisation(folder)
    counts = {
        "people": len(organisation.people),
        "coaches": sum(person.coach is not None for person in organisation.people),
        "locations": len(organisation.units.locations),
        "sectors": len(organisation.units.sectors),
        "teams": len(organisation.units.teams),
    }
    if as_json:
        screen().print(json.dumps(counts))
    else:
        screen().print(written("org.read", **counts))


@app.command("import", cls=Command)
def import_(
    folder: Folder,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    as_json: bool = AS_JSON,
) -> None:
    """Take the files over."""
    organisation = read_organisation(folder)
    how = {"yes": yes, "dry_run": dry_run, "as_json": as_json}
    if not finish(_import(folder, organisation, **how)):
        raise typer.Exit(1)


async def _import(
    folder: Path, organisation: Organisation, *, yes: bool, dry_run: bool, as_json: bool
) -> bool:
    settings = read_settings()
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        plan = await service.plan_import(work, organisation)
        _show(plan, as_json=as_json)
        if dry_run:
            return True
        if rules.needs_consent(plan) and not yes:
            tell(
                "org.many_gone",
                stderr=True,
                gone=len(plan.gone),
                people=plan.imported,
                share=Amount(rules.LARGE_SHARE, "share"),
            )
            return False
        hours, told = await bring_in(work, settings, folder, plan, SystemClock().now())
        _show_hours(hours, told, as_json=as_json)
        return True


def _show(plan: ImportPlan, *, as_json: bool) -> None:
    parts = {
        "units": list(plan.new_units),
        "new": [person.email for person in plan.new],
        "changed": [person.email for person in plan.changed],
        "gone": list(plan.gone),
    }
    if as_json:
        screen().print(json.dumps(parts))
        return
    for what, names in parts.items():
        shown = names[:SHOWN]
        if len(names) > SHOWN:
            shown.append(written("org.more", count=len(names) - SHOWN))
        listed = f" ({', '.join(shown)})" if names else ""
        tell(f"org.{what}", count=len(names), names=listed)


def _show_hours(hours: TakenOver, elsewhere: int, *, as_json: bool) -> None:
    """Say what became of walk-in hours, if anything; what clashes is no data but a warning."""
    new, changed, ended = takeover.counts(hours)
    if any((new, changed, ended)) and not as_json:
        tell("org.hours", new=new, changed=changed, ended=ended)
    if elsewhere and not as_json:
        tell("org.elsewhere", count=elsewhere)
    for hour, clash in hours.clashes:
        tell(
            "org.clash",
            stderr=True,
            day=Weekdays((WEEK[hour.weekday],)),
            start=f"{hour.start:%H:%M}",
            on=Day(clash.on),
        )


@app.command(cls=Command)
def generate(
    name: Annotated[str, typer.Argument()],
    folder: Annotated[Path, typer.Argument()],
) -> None:
    """Make a reference college at full size."""
    if name not in SHAPES:
        raise WrongUseError("NAME", "one_of", known=", ".join(SHAPES))
    taken = [file for file in make(SHAPES[name]) if (folder / file).exists()]
    if taken:
        raise WrongUseError("FOLDER", "taken", folder=str(folder), names=", ".join(taken))
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in make(SHAPES[name]).items():
        (folder / file).write_text(text, "utf-8")
    tell("org.made", folder=str(folder), names=", ".join(make(SHAPES[name])))
