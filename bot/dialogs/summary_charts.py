"""The charts of a weekly summary, each by a name that stays: addresses of pictures bear it."""

from collections.abc import Callable, Iterator, Sequence

from bot.core.reply import Amount, Bar, Chart, Clauses, Say, Words
from bot.core.reply import Value as Shown
from bot.dialogs.proposal_cards import domain_label
from bot.dialogs.summary_asked import asked, counts_of
from bot.summary.figures import LEVELS, OUTCOMES, RINGS, ROLES, SOURCES, UNITS
from bot.summary.report import TOO_FEW, Figures, Row, Value

MOST_BARS = 20
"""Bars that a phone shows in a screen or two; a college of 18 coaches fits."""
SCALE = 5.0


def told(figures: Figures, name: str) -> Shown:
    """Return a figure as it stands in a text."""
    return shown(figures.values.get(name), name)


def shown(value: Value, name: str) -> Shown:
    """Return a value of a figure as it stands in a text; why there is none stands in its place."""
    found = amount(value, name)
    return found or Clauses((_why(value, name),))


def amount(value: Value, name: str) -> Amount | None:
    """Return a figure as a number with its unit; None when there is no number."""
    if value is None or isinstance(value, str):
        return None
    return Amount(float(value), UNITS[name].value)


def _why(value: Value, name: str) -> Say:
    if value != TOO_FEW:
        return Say("summary.none")
    return Say("summary.too_few_rank" if name == "rank" else "summary.too_few")


def label(name: str) -> Say:
    """Return what a figure is called."""
    return Say(f"summary.figure.{name}")


def charts(figures: Figures) -> Iterator[tuple[str, Chart]]:
    """Yield every chart that has something to show, by name."""
    for name, make in _MAKERS.items():
        bars = make(figures)
        if any(bar.amount and bar.amount.amount for bar in bars):
            most = SCALE if name.startswith("felt") else None
            yield name, Chart(Say(f"summary.chart.{name}"), tuple(bars[:MOST_BARS]), most=most)
    yield from _polls(figures)


def chart(figures: Figures, name: str) -> Chart | None:
    """Return one chart; None when there is nothing to show in it."""
    return dict(charts(figures)).get(name)


def _counted(names: Sequence[str]) -> Callable[[Figures], list[Bar]]:
    def bars(figures: Figures) -> list[Bar]:
        return [_bar(label(name), figures.values.get(name), name) for name in names]

    return bars


def _bar(said: Say | Words, value: Value, name: str) -> Bar:
    found = amount(value, name)
    return Bar(said, found, None if found else _why(value, name))


def _of(rows: Callable[[Figures], Sequence[Row]], name: str) -> Callable[[Figures], list[Bar]]:
    """Return the bars of a list, the longest first; who has nothing to show is left out."""

    def bars(figures: Figures) -> list[Bar]:
        known = [one for one in rows(figures) if one.values.get(name) is not None]
        known.sort(key=lambda one: -_number(one.values[name]))
        return [_bar(_name(one), one.values[name], name) for one in known]

    return bars


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else -1.0


def _name(row: Row) -> Say | Words:
    return Words(row.name) if row.name else Say("summary.nowhere")


def _topics(figures: Figures) -> list[Bar]:
    return [_bar(domain_label(one.name), one.values["routed"], "routed") for one in figures.topics]


def _places(figures: Figures) -> Sequence[Row]:
    """Return the locations, if there are several to compare."""
    return figures.locations if len(figures.locations) > 1 else ()


def _colleagues(figures: Figures) -> Sequence[Row]:
    """Return the coaches, if there are several: of one the text says it all."""
    return figures.coaches if len(figures.coaches) > 1 else ()


_MAKERS = {
    "outcomes": _counted(list(OUTCOMES.values())),
    "topics": _topics,
    "sources": _counted([f"routed_{one}" for one in SOURCES]),
    "rings": _counted([f"ring_{one}" for one in RINGS]),
    "locations": _of(_places, "questions"),
    "felt_locations": _of(_places, "felt"),
    "felt_teams": _of(lambda figures: figures.teams, "felt"),
    "felt_coaches": _of(lambda figures: figures.coaches, "felt"),
    "load": _of(_colleagues, "load"),
    "walkin": _counted(["seats", "booked", "walked_in", "visits_helped", "no_show"]),
    "visits": _of(_colleagues, "visits_per_fte"),
    "levels": _counted([f"level_{one}" for one in LEVELS]),
    "roles": _counted([f"role_{one}" for one in ROLES]),
}


def _polls(figures: Figures) -> Iterator[tuple[str, Chart]]:
    for place, number, one in asked(figures):
        title = Words(one.text)
        if one.counts:
            bars = [Bar(Words(option), Amount(many, "count")) for option, many in counts_of(one)]
            yield f"answers_{place}_{number}", Chart(title, tuple(bars))
        if len(one.trend) > 1:
            trend = [Bar(Words(f"{on:%d-%m}"), Amount(mean, "points")) for on, mean in one.trend]
            yield f"trend_{place}_{number}", Chart(Say("summary.chart.trend"), tuple(trend))
