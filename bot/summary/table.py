"""The figures as lines of a table: for a file, and to compare with the card."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.sheet import safe, sheet
from bot.summary.figures import PARTS, UNITS
from bot.summary.report import Figures, Part, PollRound, Row, Unit, Value
from bot.summary.week import Week

HEADER = ("week", "audience", "section", "item", "figure", "value", "unit")


@dataclass(frozen=True)
class Line:
    """One figure; `item` is what it is of, such as the name of a coach, or empty: of all."""

    part: Part
    item: str
    name: str
    value: Value
    unit: Unit


def lines(figures: Figures) -> Iterator[Line]:
    """Yield every figure, in the order of the sections."""
    for one in figures.polls:
        yield from _poll(one)
    for part, units in PARTS.items():
        for name, unit in units.items():
            yield Line(part, "", name, figures.values.get(name), unit)
    for part, rows in (
        (Part.ANSWERS, figures.topics),
        (Part.LOAD, figures.coaches),
        (Part.NEARNESS, figures.teams),
        (Part.ROUTING, figures.locations),
    ):
        yield from _rows(part, rows)
    for entry in figures.stale:
        yield Line(Part.ANSWERS, entry.title, "review_after", entry.due.isoformat(), Unit.COUNT)


def _rows(part: Part, rows: tuple[Row, ...]) -> Iterator[Line]:
    for row in rows:
        for name, value in row.values.items():
            yield Line(part, row.name, name, value, UNITS[name])


def _poll(one: PollRound) -> Iterator[Line]:
    for name in ("invited", "unreachable", "answered"):
        yield Line(Part.POLLS, one.title, name, getattr(one, name), Unit.COUNT)
    yield Line(Part.POLLS, one.title, "response", one.response, Unit.SHARE)
    for asked in one.questions:
        item = f"{one.title}: {asked.text}"
        yield Line(Part.POLLS, item, "mean", asked.mean, Unit.RATIO)
        if asked.target is not None:
            yield Line(Part.POLLS, item, "target", asked.target, Unit.SHARE)
            yield Line(Part.POLLS, item, "reached", asked.reached, Unit.SHARE)
        if asked.least is not None:
            yield Line(Part.POLLS, item, "least", asked.least, Unit.RATIO)
        for option, many in asked.counts or ():
            yield Line(Part.POLLS, f"{item}: {option}", "answers", many, Unit.COUNT)


def write_csv(week: Week, audience: str, figures: Figures) -> str:
    """Return a file that a spreadsheet can open: no cell of it is taken for a formula."""
    return sheet(HEADER, (_cells(week, audience, one) for one in lines(figures)))


def _cells(week: Week, audience: str, one: Line) -> list[str]:
    said = (str(week), audience, one.part.value, one.item, one.name)
    return [*map(safe, said), _cell(one.value), one.unit.value]


def _cell(value: Value) -> str:
    """Return a figure; one that is below zero is a number, and stays one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    return str(int(value)) if float(value).is_integer() else f"{value:.4f}"
