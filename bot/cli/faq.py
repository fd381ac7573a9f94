"""`vraagbaak faq`: check, import, export and measure the FAQ."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.output import AS_JSON, finish, screen, spoken, tell
from bot.cli.words import Command, WrongUseError, group
from bot.core.clock import SystemClock
from bot.core.errors import FaqFileError
from bot.knowledge import check as checks
from bot.knowledge import evaluate as measures
from bot.knowledge.calibration import Thresholds
from bot.knowledge.lexicon import shipped_synonyms
from bot.knowledge.load import dump_entries, load_faq, shipped_folder, with_shipped_topics
from bot.knowledge.match import Matcher
from bot.knowledge.meaning import WordVectors
from bot.knowledge.model import Entry
from bot.people.college_file import read_college
from bot.settings import read_settings
from bot.setup import college_fields
from bot.store import schema
from bot.store.work import Store

app = group()
FaqPath = Annotated[Path, typer.Option("--faq", show_default=False)]
HALVES = ("even", "odd")


@app.command(cls=Command)
def check(
    faq: FaqPath = shipped_folder(),
    against: Annotated[Path | None, typer.Option()] = None,
    as_json: bool = AS_JSON,
) -> None:
    """Find what would confuse."""
    settings = read_settings()
    known = (
        college_fields(read_college(settings.college_file), settings.coach_title).college
        if settings.college_file.exists()
        else {"coach_title": settings.coach_title}
    )
    loaded = load_faq(faq)
    found = checks.check(loaded, known)
    problems = list(found.problems)
    if against:
        messages = [one.query for one in measures.read_queries(against)]
        problems += checks.check_against(loaded, messages)
    if as_json:
        screen().print(json.dumps({"problems": spoken(problems), "notes": spoken(found.notes)}))
    else:
        for line in spoken((*found.notes, *problems)):
            screen().print(line)
        tell("faq.checked", entries=len(loaded.entries), problems=len(problems))
    if problems:
        raise typer.Exit(1)


@app.command("import", cls=Command)
def import_(
    folder: Annotated[Path, typer.Argument()],
    why: Annotated[str, typer.Option()] = "import",
) -> None:
    """Take your own entries over."""
    loaded = load_faq(folder)
    problems = checks.broken(loaded)
    if problems:
        raise FaqFileError(problems)
    changed = finish(_import(loaded.entries, why))
    tell("faq.imported", changed=changed, entries=len(loaded.entries))


async def _import(entries: Sequence[Entry], why: str) -> int:
    settings, changed = read_settings(), 0
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.begin() as work:
        for entry in entries:
            if await work.knowledge.entry(entry.id) != entry:
                now = SystemClock().now()
                await work.knowledge.edit(entry, who=None, why=why, at=now)
                changed += 1
    return changed


@app.command(cls=Command)
def export(
    folder: Annotated[Path, typer.Argument()],
) -> None:
    """Write all entries, a file a domain."""
    entries = finish(_stored())
    if folder.exists() and any(folder.glob("*.yaml")):
        raise WrongUseError("FOLDER", "taken", folder=str(folder), names="YAML")
    folder.mkdir(parents=True, exist_ok=True)
    for domain in sorted({entry.domain for entry in entries}):
        own = [entry for entry in entries if entry.domain == domain]
        (folder / f"{domain}.yaml").write_text(dump_entries(own), "utf-8")
    tell("faq.exported", entries=len(entries), folder=str(folder))


async def _stored() -> list[Entry]:
    settings = read_settings()
    await schema.require_current(settings.database)
    async with Store.open(settings.database) as store, store.reading() as work:
        return await work.knowledge.entries()


@app.command(cls=Command)
def evaluate(
    queries: Annotated[Path, typer.Option()],
    faq: FaqPath = shipped_folder(),
    half: Annotated[str, typer.Option()] = "",
    as_json: bool = AS_JSON,
) -> None:
    """Measure matching."""
    if half and half not in HALVES:
        raise WrongUseError("--half", "one_of", known=", ".join(HALVES))
    settings = read_settings()
    messages = measures.read_queries(queries)
    chosen = [one for one in messages if not half or measures.half_of(one.query) == half]
    vectors = WordVectors.shipped() if settings.semantic else None
    matcher = Matcher.build(with_shipped_topics(load_faq(faq)), shipped_synonyms(), vectors)
    thresholds = Thresholds(settings.answer_threshold, settings.choices_threshold)
    seen = measures.observe(matcher, chosen, thresholds)
    if as_json:
        typer.echo(json.dumps(measures.report(seen), indent=2))
    else:
        for line in _lines(measures.report(seen)):
            screen().print(line)


SHORT = {
    "in_scope": "in",
    "out_of_scope": "out",
    "top1": "top1",
    "top3": "top3",
    "answer_right": "right",
    "answer_wrong": "wrong",
    "choices_right": "choices",
    "refused": "refused",
    "false_answer": "f.answer",
    "false_choices": "f.choices",
}


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Write a line a kind; shares of in-scope messages, then of those out of scope (f.)."""
    yield "".join(f"{name:>10}" for name in ("", *SHORT.values(), "ms"))
    for kind, found in (("overall", report["overall"]), *report["kinds"].items()):
        cells = ["" if found[name] is None else str(found[name]) for name in SHORT]
        yield "".join(f"{cell:>10}" for cell in (kind, *cells, found["ms_per_query"]["median"]))
    for place in (0, 1):
        ends = [report["intervals"].get(name, ("", ""))[place] for name in list(SHORT)[2:]]
        name = ("from", "to")[place]
        yield "".join(f"{cell:>10}" for cell in (f"95% {name}", "", "", *ends))
    yield ""
    yield "".join(f"{name:>10}" for name in ("sure", "", "messages", "chance", "right"))
    for line in report["reliability"]:
        cells = [line["above"], line["below"], line["messages"], line["chance"], line["right"]]
        yield "".join(f"{'' if cell is None else cell:>10}" for cell in cells)
