"""The weekly summary as it is read: three figures first, and sections that open with a tap."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core import buttons
from bot.core.reply import Block, Button, Chart, Clauses, Day, Language, Reply, Say, Words
from bot.core.reply import Value as Shown
from bot.dialogs.summary_charts import charts, label, shown, told
from bot.dialogs.summary_poll_part import polls, rounds
from bot.summary import corrections
from bot.summary.figures import COACH_HEADLINES, HEADLINES
from bot.summary.links import ChartKey, Links
from bot.summary.model import EVERYONE
from bot.summary.report import Figures, Part, Sent

VIEW = "summary"
MORE = "more"
MOST_BUTTONS = 4
MOST_CHANGES = 3
MOST_TITLES = 5
Blocks = Iterator[Block]


@dataclass(frozen=True)
class Cards:
    """Makes the cards. Without `links` a client that shows no charts gets lines in their place."""

    zone: ZoneInfo
    links: Links | None = None

    def main(self, sent: Sent, language: Language) -> Reply:
        """Return the summary: its headlines, and a button a section."""
        figures = sent.current
        blocks: list[Block] = [_title(sent), *_days(sent)]
        blocks += (
            _quiet(figures) if figures.quiet else _headlines(figures, headlines(sent.audience))
        )
        blocks += _corrected(sent, self.zone)
        first, more = self._at_hand(sent)
        opens = [self._opens(sent, part) for part in first]
        opens += [Button(Say("summary.more"), _press(sent, MORE))] if more else []
        return Reply(VIEW, tuple(blocks), tuple(opens), personal=True, language=language)

    def more(self, sent: Sent, language: Language) -> Reply:
        """Return the sections that are behind 'more'."""
        opens = [self._opens(sent, part) for part in self._at_hand(sent)[1]]
        back = Button(Say("summary.back"), _press(sent), line=True)
        return Reply(
            f"{VIEW}.{MORE}",
            (_title(sent), Say("summary.pick")),
            (*opens, back),
            replaces=True,
            personal=True,
            language=language,
        )

    def _at_hand(self, sent: Sent) -> tuple[list[Part], list[Part]]:
        """Return the sections that have a button, and those behind 'more'."""
        parts = self.parts(sent)
        many = MOST_BUTTONS if len(parts) <= MOST_BUTTONS else MOST_BUTTONS - 1
        return parts[:many], parts[many:]

    def section(self, sent: Sent, part: Part, language: Language, now: datetime) -> Reply:
        """Return one section, with the way back."""
        figures = sent.current
        known = {
            name: replace(one, picture=self._picture(sent, name, language, now))
            for name, one in charts(figures)
        }
        title = Say(f"summary.part.{part}", {}, "title")
        week = Say("summary.of_week", {"week": sent.week.number}, "subtle")
        back = Button(Say("summary.back"), _press(sent))
        opens = rounds(figures) if part is Part.POLLS else ()
        return Reply(
            f"{VIEW}.{part}",
            (title, week, *_SECTIONS[part](figures, known)),
            (*opens, back),
            replaces=True,
            personal=True,
            language=language,
        )

    def whole(self, sent: Sent, language: Language) -> Iterator[Reply]:
        """Yield the summary and then each of its sections, to read without anything to press."""
        yield replace(self.main(sent, language), buttons=())
        for part in self.parts(sent):
            card = self.section(sent, part, language, sent.at)
            yield replace(card, buttons=())

    def parts(self, sent: Sent) -> list[Part]:
        """Return the sections that have something to tell."""
        return [part for part in _SECTIONS if _has(sent.current, part)]

    def _opens(self, sent: Sent, part: Part) -> Button:
        return Button(Say(f"summary.part.{part}"), _press(sent, part.value))

    def _picture(self, sent: Sent, name: str, language: Language, now: datetime) -> str:
        if self.links is None:
            return ""
        return self.links.chart(ChartKey(sent.week, sent.audience, name, language), now)


def _press(sent: Sent, part: str = "") -> Mapping[str, Any]:
    return buttons.ShowSummary(week=str(sent.week), part=part).encode()


def headlines(audience: str) -> Sequence[str]:
    """Return the three figures that an audience reads first."""
    return HEADLINES if audience == EVERYONE.key else COACH_HEADLINES


def _title(sent: Sent) -> Say:
    return Say("summary.title", {"week": sent.week.number}, "title")


def _days(sent: Sent) -> Blocks:
    first, last = Day(sent.week.monday, named=True), Day(sent.week.sunday, named=True)
    yield Say("summary.days", {"first": first, "last": last}, "subtle")
    if sent.audience != EVERYONE.key:
        nowhere = sent.figures.location is None
        yield Say("summary.own_anywhere" if nowhere else "summary.own", style="subtle")


def _headlines(figures: Figures, names: Sequence[str]) -> Blocks:
    for name in names:
        data: dict[str, Shown] = {"figure": Clauses((label(name),)), "value": told(figures, name)}
        if figures.before.get(name) is None:
            yield Say("summary.headline", data)
        else:
            was = shown(figures.before[name], name)
            yield Say("summary.headline_was", {**data, "was": was})
    if figures.number("old"):
        yield Say("summary.old", {"old": told(figures, "old")})


def _quiet(figures: Figures) -> Blocks:
    yield Say("summary.quiet")
    if figures.number("open_end"):
        yield _line(figures, "still_open", "open_end", "old")


def _corrected(sent: Sent, zone: ZoneInfo) -> Blocks:
    if sent.corrected is None or sent.corrected_at is None:
        return
    on = Day(sent.corrected_at.astimezone(zone).date())
    yield Say("summary.corrected", {"day": on}, "subtle")
    names = corrections.changed(sent.figures, sent.corrected)
    first = [name for name in headlines(sent.audience) if name in names]
    rest = [name for name in names if name not in first]
    for name in [*first, *rest][:MOST_CHANGES]:
        yield changed(name, sent.figures, sent.corrected)


def changed(name: str, before: Figures, after: Figures) -> Say:
    """Say what a figure was when it was sent, and what it is by now."""
    data = {"was": told(before, name), "value": told(after, name)}
    return Say("summary.changed", {"figure": Clauses((label(name),)), **data}, "subtle")


_FILLED_BY: Mapping[Part, Sequence[str]] = {
    Part.ANSWERS: ("questions", "helped", "not_helped", "stale"),
    Part.ROUTING: ("routed", "open_start", "open_end", "closed"),
    Part.NEARNESS: ("ratings",),
    Part.LOAD: ("got",),
    Part.WALKIN: ("seats", "booked", "walked_in"),
    Part.MIX: ("routed",),
}
"""The figures of which one must be more than nothing for a section to tell anything."""


def _has(figures: Figures, part: Part) -> bool:
    if part is Part.POLLS:
        return bool(figures.polls)
    rows = (*figures.coaches, *figures.teams) if part is Part.NEARNESS else ()
    rated = any(row.values["ratings"] for row in rows)
    return rated or any(figures.number(name) for name in _FILLED_BY[part])


def _line(figures: Figures, key: str, *names: str) -> Say:
    return Say(f"summary.{key}", {name: told(figures, name) for name in names})


def _some(known: Mapping[str, Chart], *names: str) -> Blocks:
    yield from (known[name] for name in names if name in known)


def _answers(figures: Figures, known: Mapping[str, Chart]) -> Blocks:
    yield _line(figures, "from_faq", "from_faq", "questions")
    yield from _some(known, "outcomes")
    if figures.number("helped") + figures.number("not_helped"):
        yield _line(figures, "helped", "helped_share", "helped", "not_helped")
    yield _line(figures, "messages", "messages", "questions", "small_talk", "commands")
    yield from _some(known, "topics", "locations")
    if figures.stale:
        yield _line(figures, "stale", "stale")
        for one in figures.stale[:MOST_TITLES]:
            yield Words(one.title, "subtle")


def _routing(figures: Figures, known: Mapping[str, Chart]) -> Blocks:
    yield _line(figures, "open", "open_start", "open_end", "old")
    yield _line(figures, "flow", "routed", "reopened", "closed", "withdrawn")
    if figures.values.get("claim_median") is not None:
        yield _line(figures, "claimed", "claim_median", "claim_p90")
    if figures.values.get("answer_median") is not None:
        yield _line(figures, "answered", "answer_median", "answer_p90")
    yield _line(figures, "special", "urgent", "hand_overs")
    yield from _some(known, "sources", "rings")


def _nearness(figures: Figures, known: Mapping[str, Chart]) -> Blocks:
    yield _line(figures, "felt", "felt", "ratings")
    yield _line(figures, "computed", "computed")
    yield _line(figures, "rank", "rank")
    yield from _some(known, "felt_locations", "felt_teams", "felt_coaches")
    yield Say("summary.by_fives", style="subtle")


def _load(figures: Figures, known: Mapping[str, Chart]) -> Blocks:
    yield _line(figures, "load", "got", "fte", "load")
    yield from _some(known, "load")


def _walkin(figures: Figures, known: Mapping[str, Chart]) -> Blocks:
    yield from _some(known, "walkin")
    yield _line(figures, "visits", "visits_helped", "visits_per_fte")
    if figures.values.get("wait_median") is not None:
        yield _line(figures, "waited", "wait_median")
    yield from _some(known, "visits")


def _mix(figures: Figures, known: Mapping[str, Chart]) -> Blocks:
    shift = figures.values.get("shift")
    if isinstance(shift, int | float):
        way = "none" if round(shift, 2) == 0 else "up" if shift > 0 else "down"
        yield _line(figures, f"shift.{way}", "shift")
    yield from _some(known, "levels", "roles")


_SECTIONS: Mapping[Part, Callable[[Figures, Mapping[str, Chart]], Blocks]] = {
    Part.POLLS: polls,
    Part.ANSWERS: _answers,
    Part.ROUTING: _routing,
    Part.NEARNESS: _nearness,
    Part.WALKIN: _walkin,
    Part.LOAD: _load,
    Part.MIX: _mix,
}
"""The sections in the order of their buttons: the first are at hand."""
