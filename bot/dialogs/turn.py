"""What every conversation has at hand during one turn."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ids import PersonId
from bot.core.reply import Incoming
from bot.dialogs.ports import TurnWork
from bot.knowledge.match import Asker
from bot.people.model import Person, Units


@dataclass(frozen=True)
class Turn:
    """One message of one person, inside one unit of work."""

    work: TurnWork
    incoming: Incoming
    person: Person
    now: datetime

    @property
    def me(self) -> PersonId:
        return self.person.id

    async def asker(self) -> Asker:
        """Return where the person works, by name."""
        return where(self.person, await self.work.people.units())


def where(person: Person, units: Units) -> Asker:
    """Return the names of a person's sectors (of all their teams) and location."""
    sectors = {sector.id: sector.name for sector in units.sectors}
    own = {team.sector for team in units.teams if team.id in person.teams}
    location = next((place.name for place in units.locations if place.id == person.location), "")
    return Asker(frozenset(sectors[sector] for sector in own), location)
