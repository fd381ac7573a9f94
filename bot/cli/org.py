"""`vraagbaak org`: the college's people, places and coaches, from files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import AS_JSON, finish, screen
from bot.cli.walkin_hours import bring_in
from bot.core.clock import SystemClock
from bot.core.moments import WEEK
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

app = typer.Typer(
    help="Mensen, locaties, teams en coaches. / People, places, teams and coaches.",
    no_args_is_help=True,
)
Folder = Annotated[Path, typer.Argument(help="Map met college.yaml en people.csv.")]
SHOWN = 20


@app.command()
def check(folder: Folder, as_json: bool = AS_JSON) -> None:
    """Lees de bestanden en meld elke foute regel. / Read the files, report every wrong line."""
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
        screen().print(", ".join(f"{number} {what}" for what, number in counts.items()))


@app.command("import")
def import_(
    folder: Folder,
    yes: Annotated[bool, typer.Option("--yes", help="Ook bij veel vertrekkers.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Toon alleen wat verandert.")] = False,
    as_json: bool = AS_JSON,
) -> None:
    """Neem de bestanden over; toont eerst wat verandert. / Take the files over."""
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
            screen(stderr=True).print(
                f"This deactivates {len(plan.gone)} of {plan.imported} people, more than "
                f"{rules.LARGE_SHARE:.0%}. Nothing was changed. If it is right, add --yes."
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
        more = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        listed = f": {', '.join(names[:SHOWN])}{more}" if names else ""
        screen().print(f"{what}: {len(names)}{listed}")


def _show_hours(hours: TakenOver, elsewhere: int, *, as_json: bool) -> None:
    """Say what became of walk-in hours, if anything; what clashes is no data but a warning."""
    new, changed, ended = takeover.counts(hours)
    if any((new, changed, ended)) and not as_json:
        screen().print(f"walk-in hours: {new} new, {changed} changed, {ended} ended")
    if elsewhere and not as_json:
        screen().print(f"bookings in another place, which people hear: {elsewhere}")
    for hour, clash in hours.clashes:
        screen(stderr=True).print(
            f"A walk-in hour was left out: {WEEK[hour.weekday]} {hour.start:%H:%M} is at the same "
            f"time as one of its coach that stays, for the first time on {clash.on}."
        )


@app.command()
def generate(
    name: Annotated[str, typer.Argument(help=f"{' of '.join(SHAPES)}.")],
    folder: Annotated[Path, typer.Argument(help="Lege of nieuwe map. / Empty or new folder.")],
) -> None:
    """Maak een voorbeeldcollege op ware grootte. / Make a reference college at full size."""
    if name not in SHAPES:
        raise typer.BadParameter(f"there is {' and '.join(SHAPES)}", param_hint="name")
    taken = [file for file in make(SHAPES[name]) if (folder / file).exists()]
    if taken:
        raise typer.BadParameter(f"{folder} holds {', '.join(taken)} already", param_hint="folder")
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in make(SHAPES[name]).items():
        (folder / file).write_text(text, "utf-8")
    screen().print(f"{folder}: {', '.join(make(SHAPES[name]))}")
