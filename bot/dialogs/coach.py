"""Who the asker's own coach is, and how near: shown wherever the FAQ ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.reply import Block, Reply, Say, Weekdays
from bot.dialogs.turn import Turn
from bot.knowledge.service import CollegeFields
from bot.people import service as people
from bot.people.model import Coach, Person


@dataclass(frozen=True)
class CoachCard:
    """Shows the nearest coach. Routing takes its place where a question can be sent."""

    fields: CollegeFields

    async def show(self, turn: Turn) -> Reply:
        return Reply("coach", tuple(await self.blocks(turn)), personal=True)

    async def blocks(self, turn: Turn) -> list[Block]:
        """Return the lines of the nearest coach, and the service desk for who is in a hurry."""
        coaches = await people.own_coaches(turn.work, turn.person)
        lines = _lines(turn.person, coaches[0]) if coaches else [Say("coach.none")]
        phone = self.fields.of(await turn.asker()).get("servicedesk_phone")
        if phone:
            lines.append(Say("coach.servicedesk", {"phone": phone}, "subtle"))
        return list(lines)


def _days(pattern: Mapping[str, str]) -> list[str]:
    """Return the days that someone works, in the week's order."""
    return [day for day in ("ma", "di", "wo", "do", "vr", "za", "zo") if day in pattern]


def _lines(person: Person, coach: Coach) -> list[Say]:
    name, profile = coach.person.name, coach.profile
    lines = [Say("coach.who", {"name": name}, "title")]
    if set(coach.person.teams) & set(person.teams):
        lines.append(Say("coach.same_team", {"name": name}))
    elif coach.location:
        same = coach.person.location == person.location
        key = "coach.same_location" if same else "coach.elsewhere"
        lines.append(Say(key, {"name": name, "location": coach.location}))
    if profile.room:
        lines.append(Say("coach.room", {"name": name, "room": profile.room}))
    if profile.pattern:
        lines.append(Say("coach.days", {"days": Weekdays(tuple(_days(profile.pattern)))}))
    if profile.phone:
        lines.append(Say("coach.phone", {"phone": profile.phone}))
    if coach.person.email:
        lines.append(Say("coach.email", {"email": coach.person.email}))
    return lines
