"""Who the nearest coach is, and why: shown wherever the FAQ ends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core import buttons
from bot.core.moments import WEEK
from bot.core.reply import Block, Button, Clauses, Reply, Say, Value, Weekdays
from bot.core.walkin_buttons import ShowWalkIns
from bot.core.when import when
from bot.dialogs.nearby import Near as Nearness
from bot.dialogs.nearby import Nearby
from bot.dialogs.turn import Turn
from bot.dialogs.walkin_grounds import next_of, place
from bot.knowledge.service import CollegeFields
from bot.people.model import Coach
from bot.proximity.model import Part, Ranked
from bot.proximity.reasons import back

HOUR, HOUR_NOW = "coach.walkin", "coach.walkin_now"
MOST_REASONS = 3
MOST_NAMES = 3
Near = tuple[Coach, Ranked]


@dataclass(frozen=True)
class CoachCard:
    """Shows the nearest coach: who that is, where, and when."""

    fields: CollegeFields
    nearby: Nearby

    async def show(self, turn: Turn) -> Reply:
        ask = Button(Say("coach.ask"), buttons.AskCoach().encode())
        blocks = tuple(await self.blocks(turn))
        held = any(isinstance(one, Say) and one.key in (HOUR, HOUR_NOW) for one in blocks)
        walkin = (walkin_button(),) if held else ()
        return Reply("coach", blocks, (ask, *walkin), personal=True)

    async def blocks(self, turn: Turn) -> list[Block]:
        """Return the lines of the nearest coach, and the service desk for who is in a hurry."""
        near = await self.nearby.to(turn.work, turn.person, turn.now, told=False)
        lines = _lines(near.all, turn.now) if near.all else _nobody(near)
        if near.all:
            lines += await self._hour(turn, near, near.all[0][0])
        phone = self.fields.of(await turn.asker()).get("servicedesk_phone")
        if phone:
            lines.append(Say("coach.servicedesk", {"phone": phone}, "subtle"))
        return list(lines)

    async def _hour(self, turn: Turn, near: Nearness, coach: Coach) -> list[Say]:
        """Return when the coach's next walk-in hour is, and where."""
        college = self.nearby.college
        coaches = tuple(near.coaches.values())
        one = await next_of(turn.work, coaches, coach.person.id, college, turn.now)
        if one is None:
            return []
        where: dict[str, Value] = {"place": place(one, coach)}
        if one.starts <= turn.now:
            ends = f"{one.ends.astimezone(college.zone):%H:%M}"
            return [Say(HOUR_NOW, {**where, "time": ends})]
        return [Say(HOUR, {**where, "when": when(one.starts, turn.now, college.zone)})]


def walkin_button() -> Button:
    """Return what shows the walk-in hours nearby."""
    return Button(Say("coach.walkin_button"), ShowWalkIns().encode())


def _nobody(near: Nearness) -> list[Say]:
    """Return why none of the coaches can be asked now; who they are is always said."""
    away = [
        Say(
            "coach.near",
            {
                "name": near.coaches[one.coach.person].person.name,
                "reasons": Clauses((one.why,)),
            },
        )
        for one in near.ranking.passed
    ]
    return away[:MOST_NAMES] or [Say("coach.none")]


def _lines(coaches: Sequence[Near], now: datetime) -> list[Say]:
    (coach, ranked), *others = coaches
    name, profile = coach.person.name, coach.profile
    lines = [Say("coach.who", {"name": name}, "title"), *_why(coach, ranked, now)]
    if profile.room:
        lines.append(Say("coach.room", {"name": name, "room": profile.room}))
    if ranked.coach.available.until is None:
        lines += _meanwhile(coach, ranked, others, now)
    if profile.pattern:
        lines.append(Say("coach.days", {"days": Weekdays(tuple(_days(profile.pattern)))}))
    if profile.phone:
        lines.append(Say("coach.phone", {"phone": profile.phone}))
    if coach.person.email:
        lines.append(Say("coach.email", {"email": coach.person.email}))
    return lines


def _why(coach: Coach, ranked: Ranked, now: datetime) -> Iterator[Say]:
    """Yield the strongest reasons in one line; when someone is back has a line of its own."""
    name, available = coach.person.name, ranked.coach.available
    later = None if available.until else back(available, now)
    reasons = tuple(reason for reason in ranked.reasons if reason != later)[:MOST_REASONS]
    if reasons:
        yield Say("coach.near", {"name": name, "reasons": Clauses(reasons)})
    if coach.location and not ranked.parts[Part.PLACE]:
        yield Say("coach.elsewhere", {"name": name, "location": coach.location})


def _meanwhile(
    coach: Coach, ranked: Ranked, others: Sequence[Near], now: datetime
) -> Iterator[Say]:
    """Yield when a coach who does not work now does again, and who else works now."""
    again = Clauses((back(ranked.coach.available, now),))
    yield Say("coach.near", {"name": coach.person.name, "reasons": again})
    working = [one.person.name for one, other in others if other.coach.available.until]
    if working:
        yield Say("coach.working_now", {"names": ", ".join(working[:MOST_NAMES])})


def _days(pattern: Mapping[str, str]) -> list[str]:
    """Return the days that someone works, in the week's order."""
    return [day for day in WEEK if day in pattern]
